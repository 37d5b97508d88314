/** The errors of a store that is a Delta table. A log that can't be read has its own errors. */
import { counted } from '../../errors/as-argument.ts';
import { deltaStoreCodes } from '../../errors/codes/delta/store.ts';
import { DefectError, type HyggeError, StoreError } from '../../errors/hygge-error.ts';

export type DeltaStoreCode = keyof typeof deltaStoreCodes;

interface More {
  readonly why: readonly string[];
  readonly tryThis?: readonly string[];
  readonly cause?: unknown;
}

/** A StoreError about a table. Without `tryThis`, the next step comes from the catalogue of codes, as a line that can be pasted. */
export function tableError(code: DeltaStoreCode, what: string, details: More): StoreError {
  const tryThis = deltaStoreCodes[code].tryThis.map((line) => line.replaceAll('`', '').replace(/\.$/, ''));
  return new StoreError({ code, what, tryThis, ...details });
}

/** The table can’t be written. @param because the reason, from `writeLimits`. */
export function notWritable(where: string, because: string): StoreError {
  return tableError('HYG-3921', `${where} has ${because}, but hygge does not write such tables.`, {
    why: ['A writer must follow all rules of the table, and hygge does not support this one.'],
  });
}

/** The commit would remove rows, and the table accepts only new rows. */
export function takesNewRowsAlone(where: string, because: string): StoreError {
  return tableError('HYG-3921', `${where} accepts only new rows because of ${because}, but the commit would remove rows.`, {
    why: ['The property forbids removing rows.'],
    tryThis: ['Use a separate table: another path of the store', 'Or let the owner of the table switch the property off, and run again'],
  });
}

/** The table has a change feed, and the commit would write rows that stay into other files. */
export function feedHasWholeChanges(where: string): StoreError {
  return tableError('HYG-3921', `${where} has a change feed, but the commit would move unchanged rows into other files.`, {
    why: ['The feed would show these rows as deleted and inserted, although they did not change.'],
    tryThis: [
      'Run a full load, which the feed supports: hygge go -d -e FLOW.ENTITY',
      'Or remove watermark.overlap, if the flow has it',
      'Or let the owner of the table switch the feed off, and run again',
    ],
  });
}

/** The table has a change feed, and a column has a name that readers of the feed add. */
export function nameOfFeed(where: string, name: string): StoreError {
  return tableError('HYG-3921', `${where} has a change feed, and ${name} is a column name of the feed.`, {
    why: [
      'Readers of the feed add the columns _change_type, _commit_version and _commit_timestamp, and refuse a table that has one of them.',
    ],
    tryThis: [
      `Leave the column out, if the home supports that: home: { …, exclude: [${name}] }`,
      'Or let the owner of the table switch the feed off, and run again',
    ],
  });
}

/** The table and the rows have columns or partitions that do not match. */
export function notForThisTable(where: string, why: string): StoreError {
  return tableError('HYG-3921', `The rows do not fit into the table ${where}.`, {
    why: [why],
    tryThis: ['Use a separate table: another path of the store', 'Or set the keys of the store to match the table, such as partition_by'],
  });
}

/** A row has a text that is too long for a column of another program's table. */
export function textTooLong(
  where: string,
  { column, type, characters }: { readonly column: string; readonly type: string; readonly characters: number },
): StoreError {
  return tableError(
    'HYG-3921',
    `Column ${column} of ${where} is ${type}, but a row has a text of ${characters.toLocaleString('en-US')} characters there.`,
    {
      why: ['Spark refuses such a row, and readers of the table may rely on the length. Nothing of the run settled.'],
      tryThis: [
        `Let the owner of the table widen the column: ALTER TABLE … ALTER COLUMN ${column} TYPE VARCHAR(${characters})`,
        'Or correct the rows in the source, and run again',
      ],
    },
  );
}

/** Another program changed the table after the plan, and the planned commit would be wrong. */
export function changedUnder(where: string, why: string): StoreError {
  return tableError('HYG-3922', `${where} was changed by another program after this run was planned.`, { why: [why] });
}

/** Why the table does not continue from the entity's last commit. */
export interface Lost {
  readonly error: StoreError;
  /** Files of other writers may have rows of the entity. If a load kept these files, rows of the entity in them would settle a second time. */
  readonly isMixed: boolean;
}

/** Commits of other programs removed rows that the entity settled, and no other file has these rows. */
export function notFoundAgain(where: string, why: string): Lost {
  return { error: tableError('HYG-3923', `The settled rows of ${where} can't be found again.`, { why: [why] }), isMixed: false };
}

/** Like `notFoundAgain`, but files of other writers may have the rows. */
export function mixedWithOthers(where: string, why: string): Lost {
  const tryThis = [
    'Use a separate table: another path in the store, then hygge reset FLOW.ENTITY and hygge go',
    'Or let the owner restore the table to the version before, and run again',
    'Or, if no other flow writes to the table, replace all its rows, including those of other programs: if_exists: replace, then hygge go -d -e FLOW.ENTITY',
  ];
  return { error: tableError('HYG-3923', `The settled rows of ${where} can't be found again.`, { why: [why], tryThis }), isMixed: true };
}

/** Delta reads an empty text of a partition as a missing value. */
export function emptyPartition(where: string, column: string): StoreError {
  return tableError('HYG-3924', `${where} can't have rows whose ${column} is an empty text.`, {
    why: [`The store is partitioned by ${column}, and Delta reads an empty text there as a missing value.`],
  });
}

/** The commit would restore rows that another program has marked as deleted. */
export function markedByOthers(where: string, name: string): StoreError {
  return tableError('HYG-3923', `${where} has files in which another program marked rows as deleted, such as ${name}.`, {
    why: ['hygge does not rewrite files with marked rows yet, and does not read them for a comparison: the marked rows would return.'],
    tryThis: ['Let that program rewrite the files: REORG TABLE … APPLY (PURGE)', 'Or load everything again: hygge go -d -e FLOW.ENTITY'],
  });
}

/** A file of another program has other columns or values than the table defines. The first parameter is the error from the reader of tables, which names the file and the column. */
export function notAsInTable({ what, why, cause }: Pick<HyggeError, 'what' | 'why' | 'cause'>): StoreError {
  return tableError('HYG-3928', what, {
    why: [...why, 'Another program wrote the file, and hygge would have to change values to read it.'],
    cause,
  });
}

/** The table has no vectors. Readers of a table that hygge did not make may not support vectors, so its owner must switch vectors on. */
export function takesNoVectors(where: string): StoreError {
  return tableError('HYG-3929', `${where} does not allow deletion vectors, but a merge by key marks rows in them.`, {
    why: ['hygge did not make the table, and delta.enableDeletionVectors is not true there.'],
  });
}

/** The table does not accept wall-clock times. Wall-clock times need a feature. If hygge did not make the table, its readers may not support this feature. */
export function takesNoWallClock(where: string, column: string): StoreError {
  return tableError('HYG-3921', `${where} does not allow wall-clock times, but ${column} contains them.`, {
    why: ['hygge did not make the table, so it does not add the feature timestampNtz: some readers of the table may not support it.'],
    tryThis: [
      'Write these times in UTC: wall_clock: utc below store',
      "Or let the owner add the feature: ALTER TABLE … SET TBLPROPERTIES ('delta.feature.timestampNtz' = 'supported')",
    ],
  });
}

/** A file has more rows than a merge can number. */
export function hasTooManyRows(where: string, { name, rows }: { readonly name: string; readonly rows: number }): StoreError {
  return notForThisTable(where, `${name} has ${counted(rows, 'row')}, but a merge can mark rows only in files with fewer than 2^31 rows.`);
}

/** Two processes that finish the same commit found different rows at one version. */
export function otherVectors(path: string): DefectError {
  return new DefectError({
    code: 'HYG-9002',
    what: `${path} has the vectors of another commit.`,
    tryThis: ['Report this: two finishers of one commit must find the same rows'],
  });
}

export function noTableThere(where: string, first: string): StoreError {
  return tableError('HYG-3926', `${where} contains files, but is not a Delta table.`, {
    why: [`The first file is ${first}, and the folder has no _delta_log.`],
  });
}
