/** Why a run stops because of what its config says about deleted rows. Codes: src/errors/codes/watermark.ts. */
import { asArgument, count, counted, entityName } from '../../errors/as-argument.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { DeletesComparison, EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';

const waysWithout = [
  'deletes: mark keeps the rows, and marks them in a column _deleted',
  'deletes: ignore skips the deletes, and the rows stay unchanged',
] as const;

export function deletesNotApplied(spec: EntitySpec, where: string): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `${where} cannot remove the rows that the source of ${spec.flow}.${spec.entity} reports as deleted.`,
    why: ['deletes: apply needs a store that merges and removes rows by key: a database, or a table format.'],
    tryThis: waysWithout,
    where: spec.where,
  });
}

/** The store could apply deletes, but the entity has no key. */
export function deletesWithoutKey(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `hygge cannot identify the rows of ${spec.flow}.${spec.entity} that the source reports as deleted.`,
    why: ['deletes: apply removes the row with the same key, and only a merge uses the key.'],
    tryThis: ['Set write_strategy: merge, run_type: incremental and watermark.key to the columns that identify a row', ...waysWithout],
    where: spec.where,
  });
}

/** The source shows only the key of a deleted row, but the store replaces whole rows. */
export function markedRowsWiped(spec: EntitySpec, where: string): FlowError {
  return new FlowError({
    code: 'HYG-2105',
    what: `${where} cannot mark the deleted rows of ${entityName(spec)}: they would lose all their values but the key.`,
    why: [
      'The source reports only the key of a deleted row.',
      "The store replaces whole rows by their key, and hygge can't read settled rows there.",
    ],
    tryThis: [
      'Remove the rows: deletes: apply, with write_strategy: merge',
      'Or leave the rows unchanged, without a mark: deletes: ignore',
      'Or merge into a database, where a marked row keeps its values',
    ],
    where: spec.where,
  });
}

export function deletesInBackfill(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `A backfill of ${spec.flow}.${spec.entity} could bring back rows that were deleted later.`,
    why: ['deletes: apply keeps no record of deleted rows, so a range of the past would settle again, with the deleted rows.'],
    tryThis: [
      'Load everything again, which also applies deletes: hygge go -d',
      'Or read a smaller part of the past in each run: watermark.overlap',
    ],
    where: spec.where,
  });
}

export function deletesNotTold(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2085',
    what: `deletes is set for ${spec.flow}.${spec.entity}, but its source never says which rows were deleted.`,
    why: ['A deleted row is no longer in the source, and an incremental run does not notice that a row is missing.'],
    tryThis: [
      'Remove deletes from the config',
      'Run a full load from time to time, which removes the deleted rows: hygge go -d',
      'Or compare keys, if the table merges rows by key: deletes: { compare: 1d }',
    ],
    where: spec.where,
  });
}

const rowsOf = (rows: number) => counted(rows, 'row');

/** Why keys would be compared in vain. `told`: the source itself reports its deletes. `full load`: every run loads all rows. */
export function comparedInVain(spec: EntitySpec, why: 'told' | 'full load'): FlowError {
  const isTold = why === 'told';
  return new FlowError({
    code: 'HYG-2087',
    what: `deletes: { compare } is set for ${entityName(spec)}, ${isTold ? 'whose source reports deleted rows' : 'which each run loads completely'}.`,
    why: [isTold ? 'Reported deletes need no comparison.' : 'A full load removes the rows that the source no longer has.'],
    tryThis: [
      isTold ? 'Remove the reported rows: deletes: apply' : 'Set run_type: incremental, with watermark.column and watermark.key',
      'Or remove deletes',
    ],
    where: spec.where,
  });
}

export function keyNotCompared(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `${entityName(spec)} has no key by which rows of source and destination could be compared.`,
    why: ['A row of the destination counts as deleted if the source no longer has its key.'],
    tryThis: ['Name the columns that identify a row: watermark: { column: …, key: [id] }', 'Or remove deletes'],
    where: spec.where,
  });
}

export function rowsMaybeHidden(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `The source of ${entityName(spec)} may hide rows from the account that reads it, so a missing key does not prove a delete.`,
    why: ['A security policy hides rows without an error, and most accounts cannot see whether a policy exists.'],
    tryThis: [
      'Let the source report its deletes: watermark: { changes: change_tracking }, with deletes: apply',
      'Or load everything again regularly, which removes deleted rows: full_every: 7d',
    ],
    where: spec.where,
  });
}

/**
 * Why a source may lack rows that were never deleted. `files`: the home is a folder from which files are removed. `where`: the home leaves rows out.
 * `pages`: the source shows its rows page by page, often only those of the last months. `journal`: the source drops old rows by itself.
 */
export type SourceWindow = 'files' | 'where' | 'pages' | 'journal';

const windowTexts: Readonly<Record<SourceWindow, { readonly what: string; readonly why: string }>> = {
  files: {
    what: 'is a folder of files',
    why: 'The rows of a removed file would count as deleted, and so would rows that a shorter new version of a file lacks.',
  },
  where: { what: 'leaves rows out by `where`', why: 'A row that no longer meets the condition looks like a deleted one.' },
  pages: { what: 'shows its rows page by page', why: 'Many such sources show only the rows of the last months.' },
  journal: { what: 'is the journal, which drops old rows', why: 'No person deleted its old rows.' },
};

export function sourceForgets(spec: EntitySpec, window: SourceWindow): FlowError {
  const { what, why } = windowTexts[window];
  return new FlowError({
    code: 'HYG-2087',
    what: `The source of ${entityName(spec)} ${what}, so a missing key does not prove a delete.`,
    why: [why],
    tryThis: [
      ...(window === 'journal'
        ? []
        : ['If hygge should remove each settled row that the source does not show: deletes: { complete: true }']),
      ...(window === 'files' ? ['Or name the one file that has all rows in home.path'] : []),
      'Or remove deletes',
    ],
    where: spec.where,
  });
}

export function storeNotCompared(spec: EntitySpec, { where, settled }: Pick<Store, 'where' | 'settled'>): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `${where} cannot remove the rows that the source of ${entityName(spec)} no longer has.`,
    why: [
      settled === undefined
        ? "hygge compares the keys of the source with the settled keys, but it can't read the settled rows there."
        : 'deletes: { compare } works in tables that merge by key, and in folders of files.',
    ],
    tryThis: ['Load everything again regularly, which removes deleted rows: full_every: 7d', 'Or remove deletes'],
    where: spec.where,
  });
}

export function rowsNotMarked(spec: EntitySpec, where: string): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `${where} cannot mark the rows that the source of ${entityName(spec)} no longer has.`,
    why: ["hygge writes a marked row with all columns, but it can't read the settled rows there."],
    tryThis: ['Remove the rows: deletes: { then: apply }', 'Or remove deletes'],
    where: spec.where,
  });
}

export function nothingToCompare(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `No settled rows of ${entityName(spec)} exist that could be compared with its source.`,
    why: ['hygge compares keys after a run has settled rows, and only with deletes: { compare }.'],
    tryThis: [`Run it first: hygge go -e ${asArgument(entityName(spec))}`],
    where: spec.where,
  });
}

export function markNameTaken(spec: EntitySpec, column: string): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `The source of ${entityName(spec)} has a column ${column}, and hygge marks deleted rows in a column of that name.`,
    why: ['deletes: { then: mark } adds the columns _deleted and _deleted_at to all rows.'],
    tryThis: [`Leave the column out: home: { exclude: [${column}] }`, 'Or remove the rows: deletes: { then: apply }'],
    where: spec.where,
  });
}

/** A comparison takes too long for a step of a function app. @param withinMs the time of one step, in milliseconds. */
export function comparisonExceedsStep(spec: EntitySpec, withinMs: number): FlowError {
  return new FlowError({
    code: 'HYG-2090',
    what: `Comparing the keys of ${entityName(spec)} takes longer than the ${Math.round(withinMs / 60_000)} minutes of one step of a function app.`,
    why: ['A comparison cannot be divided into several steps, because half of it proves nothing. No row was removed.'],
    tryThis: [
      `Compare on a machine without this time limit, with the same state: hygge go -e ${asArgument(entityName(spec))} --compare-deletes`,
      'Shorten deletes.pause, if it is long',
      'Or load everything again regularly, which removes deleted rows: full_every: 7d',
    ],
    where: spec.where,
  });
}

/** @param of the types of the key’s column on both sides, for people. */
export function keyUnlike(spec: EntitySpec, column: string, of: { readonly source: string; readonly settled: string }): FlowError {
  return new FlowError({
    code: 'HYG-2087',
    what: `Key column ${column} of ${entityName(spec)} is ${of.source === of.settled ? of.source : `${of.source} on one side and ${of.settled} on the other`}, so keys can't be compared.`,
    why: ['The key must have the same value on both sides. With a rounded time or number, the row would look like a deleted one.'],
    tryThis: ['Let the column settle in the type of the source, and load everything again once: hygge go -d', 'Or remove deletes'],
    where: spec.where,
  });
}

export function tooManyGone(
  spec: EntitySpec,
  {
    gone,
    settled,
    most,
    comparison: { mostPercent, mostRows = 0 },
  }: { readonly gone: number; readonly settled: number; readonly most: number; readonly comparison: DeletesComparison },
): FlowError {
  const percent = (gone / settled) * 100;
  const share = mostRows > 0 ? `${mostPercent}%, or ${mostRows} rows and at most half of them` : `${mostPercent}%`;
  return new FlowError({
    code: 'HYG-2088',
    what: `The source of ${entityName(spec)} no longer has ${rowsOf(gone)} of ${count(settled)} (${Math.round(percent * 100) / 100}%), but deletes.max allows ${count(most)} (${share}).`,
    why: ['The usual cause of so many missing rows is a broken source, a moved table or a condition that hides rows. Nothing was removed.'],
    tryThis: [
      'Check that the source has all its rows',
      `If these deletes are intended, allow that many once: deletes: { max: ${Math.min(100, Math.ceil(percent * 10) / 10)}% }`,
      `Or load everything again: hygge go -d -e ${asArgument(entityName(spec))}`,
    ],
    where: spec.where,
  });
}

export type SourceDoubt =
  /** The source has no rows. `settled`: how many rows the destination has. */
  | { readonly is: 'empty'; readonly settled: number }
  /** The source has rows, but none with a settled key. `settled`: how many rows the destination has. */
  | { readonly is: 'nothing in common'; readonly settled: number }
  /** While it was read, the source lost more rows than `max` allows. */
  | { readonly is: 'shrank'; readonly from: number; readonly to: number }
  /** Since the last comparison, the source lost more rows than `max` allows. */
  | { readonly is: 'fewer'; readonly before: number; readonly now: number }
  /** Most of the missing rows came back between the two reads, so the source is being filled. */
  | { readonly is: 'refilled'; readonly back: number; readonly of: number }
  /** The source has rows that can’t be read, so the keys of these rows are unknown. */
  | { readonly is: 'unreadable'; readonly rows: number };

export function sourceDoubtful(spec: EntitySpec, doubt: SourceDoubt): FlowError {
  return new FlowError({
    code: 'HYG-2089',
    what: `The source of ${entityName(spec)} ${doubtText(doubt)}.`,
    why: ['A row that hygge does not see would count as deleted. No row was removed.'],
    tryThis: [
      'Check that the source has all its rows, and run again',
      `If the source is as intended, load everything again: hygge go -d -e ${asArgument(entityName(spec))}`,
    ],
    where: spec.where,
  });
}

function doubtText(doubt: SourceDoubt): string {
  switch (doubt.is) {
    case 'empty':
      return `has no rows, and ${rowsOf(doubt.settled)} ${doubt.settled === 1 ? 'is' : 'are'} settled`;
    case 'nothing in common':
      return `has none of the ${rowsOf(doubt.settled)} that are settled`;
    case 'shrank':
      return `shrank from ${count(doubt.from)} to ${rowsOf(doubt.to)} while its keys were compared`;
    case 'fewer':
      return `has ${rowsOf(doubt.now)}, and had ${count(doubt.before)} at the last comparison of keys`;
    case 'refilled':
      return `is being filled: ${count(doubt.back)} of the ${rowsOf(doubt.of)} that it lacked came back while keys were compared`;
    case 'unreadable':
      return `has ${rowsOf(doubt.rows)} or more that can't be read, so keys can't be compared`;
  }
}
