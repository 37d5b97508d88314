/** The errors of a home that is a Delta table. The reader of the log and the reader of the files have separate errors. */
import { asArgument } from '../../errors/as-argument.ts';
import { HomeError } from '../../errors/hygge-error.ts';

/** The effect of a commit on rows that may have settled. */
export interface ChangedRows {
  readonly version: number;
  /** The name of the operation: `UPDATE`. Null: unknown. */
  readonly operation: string | null;
}

/** Settled rows were updated or deleted, but no setting decides what happens with such changes. */
export function rowsChanged(
  place: string,
  { version, operation }: ChangedRows,
  { entity, hasFeed }: { entity: string; hasFeed: boolean },
): HomeError {
  return new HomeError({
    code: 'HYG-3902',
    what: `Version ${version} of ${place} changed or removed rows of earlier versions.`,
    why: [
      ...(operation === null ? [] : [`The operation in the log is ${operation}.`]),
      'An incremental run by the log reads new files, and changed_files is fail.',
    ],
    tryThis: [
      `changed_files: replace keeps the destination equal to the table, after a full load: hygge go -d -e ${asArgument(entity)}`,
      'changed_files: ignore skips versions that change or remove rows',
      'changed_files: append settles all rows of the files that such versions add',
      ...(hasFeed ? ['Use the change feed of the table: watermark: { changes: change_feed, key: … } settles each change'] : []),
      `Or load everything again: hygge go -d -e ${asArgument(entity)}`,
    ],
  });
}

/** Why a run can't continue from the settled version. */
export interface Interruption {
  /** The reason, as a sentence. */
  readonly why: string;
  /** Whether versions between the settled and the newest version were removed from the log. */
  readonly isCleaned?: boolean;
}

/** The table is not the table whose rows settled, or its log no longer has all versions after the settled version. */
export function cannotGoOn(place: string, entity: string, { why, isCleaned = false }: Interruption): HomeError {
  return new HomeError({
    code: 'HYG-3903',
    what: `The log of ${place} does not show what changed since the last run.`,
    why: [why],
    tryThis: [
      `Load everything again: hygge go -d -e ${asArgument(entity)}`,
      ...(isCleaned
        ? ['Run the entity more often than the log is cleaned: delta.logRetentionDuration of the table, 30 days by default']
        : []),
    ],
  });
}

/** A file that the log names does not exist. */
export function fileRemoved(
  place: string,
  file: string,
  { entity, isNewest }: { readonly entity: string; readonly isNewest: boolean },
): HomeError {
  return new HomeError({
    code: 'HYG-3904',
    what: `${file} does not exist, but the run needs it to read ${place}.`,
    why: [
      'VACUUM removes files that the newest version does not need. Earlier versions, and the changes between two versions, still need them.',
    ],
    tryThis: [
      ...(isNewest ? [] : ['Choose a version whose files are still there, or leave out version and timestamp']),
      `Load everything again: hygge go -d -e ${asArgument(entity)}`,
      'Run the entity more often than VACUUM removes files: delta.deletedFileRetentionDuration of the table, 7 days by default',
    ],
  });
}

/** The feed has no changes for a version. */
export function noFeed(place: string, version: number, entity: string): HomeError {
  return new HomeError({
    code: 'HYG-3905',
    what: `Version ${version} of ${place} has no change feed.`,
    why: ['delta.enableChangeDataFeed of the table is not true there, so updates and deletes are not recorded row by row.'],
    tryThis: [
      'Switch the change feed on in the program that writes the table: ALTER TABLE … SET TBLPROPERTIES (delta.enableChangeDataFeed = true)',
      `If the feed is on again, load everything once: hygge go -d -e ${asArgument(entity)}`,
    ],
  });
}

/** A column of the table has the name of a column that the feed adds. */
export function nameOfFeed(place: string, column: string): HomeError {
  return new HomeError({
    code: 'HYG-3906',
    what: `${place} has a column ${column}, and the rows of its change feed have another column of that name.`,
    why: ['hygge adds _change_version and _deleted to each row of a feed.'],
    tryThis: [`exclude: [${column}]`],
  });
}
