import type { Codes } from './entry.ts';

/** Why a run by watermark stopped before it read. */
export const watermarkCodes = {
  'HYG-2061': {
    title: 'Null watermarks with an open boundary',
    meaning:
      '`watermark.nulls: include` reads rows without a watermark again at every run and replaces them, together with the rows at the watermark. `boundary: open` never replaces anything.',
    why: 'Both keys are set, often one of them in `defaults`. Rows without a watermark would settle with the first run only.',
    tryThis: ['Remove `boundary: open`, or set `nulls: exclude`.'],
  },
  'HYG-2062': {
    title: 'Rows without a watermark that may be settled already',
    meaning:
      'The destination has no group of rows that the next run could replace. The destination was taken over with `reset --adopt`, or settled with `boundary: open`. Rows without a watermark would settle twice, or never.',
    tryThis: ['Load everything again once: `hygge go -d`.', 'Or leave such rows out: `watermark.nulls: exclude`.'],
  },
  'HYG-2063': {
    title: 'Rows from the future',
    meaning:
      'The watermark of some rows is later than the clock of the source. It would become the settled watermark, and no run would read later rows below it. Dates, and times without a zone, count as future when they are in the future everywhere on Earth.',
    why: 'Someone mistyped a year, or the source writes 9999-12-31 where there is no date yet. And `watermark.future` is `fail`, or the source shows its types only while it is read.',
    tryThis: [
      'Correct such values in the source: a `9999-12-31` that means "no end", a year with a digit too many.',
      '`watermark.future: wait` reads such rows later, and `take` reads them now.',
    ],
  },
  'HYG-2064': {
    title: 'The settled watermark is in the future',
    meaning:
      'Rows from the future settled once, and their value became the watermark. Every later row is below this watermark, so it is not read.',
    tryThis: [
      'Check the clock of this machine first. If it is wrong, set it and run again.',
      'Correct the rows in the source and load everything again: `hygge go -d`.',
      'Or continue from a value that you know to be right: `hygge reset … --adopt --watermark VALUE`.',
      'If the settled watermark is right: `watermark.future: take`.',
    ],
  },
  'HYG-2067': {
    title: 'State and destination disagree about the watermark',
    meaning:
      'State and destination have the same last commit, but different watermarks. The state file, or the record of the destination, was edited by hand. A run could leave rows out or settle them twice.',
    tryThis: [
      'Continue from the last commit of the destination: `hygge reset … --adopt`.',
      'To continue from another value: `hygge reset … --adopt --watermark VALUE`. To read the past again: `hygge backfill`.',
    ],
  },
  'HYG-2081': {
    title: 'No lag, and a newest value that is known only after reading',
    meaning:
      "The source can't report its newest value, so hygge uses the largest value that was read. Later rows with a smaller value would stay below the watermark permanently. `watermark.lag` sets how late rows may appear: a run reads no younger row, and settles no later watermark.",
    tryThis: [
      'Set `watermark.lag` (or `watermark.overlap`, if the store replaces ranges).',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-2082': {
    title: 'The newest value is not known before reading',
    meaning:
      "The source can't report its newest value, and the watermark is not a time: hygge cannot know how late a row with a smaller id or token may appear. Such a watermark needs a store that merges by `watermark.key`, and your confirmation that the column only grows. A `lag` does not apply to it.",
    tryThis: [
      'Choose a column of times, with `watermark.lag`.',
      'Or a store that merges, and `watermark.key`.',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-2083': {
    title: 'The clock of the source is not a bound for this watermark',
    meaning:
      "The source is read up to the time that its clock shows, less `watermark.lag`. This needs a column of times, or of integers that the home declares as times. Rows beyond the clock can't be read early, whatever `watermark.future` is.",
    tryThis: [
      'Choose a timestamp or date in `watermark.column`.',
      'For numbers of a REST API that count seconds or milliseconds since 1970: `window.format: epoch_s` or `epoch_ms`.',
      'Remove `watermark.future: take`.',
    ],
  },
  'HYG-2084': {
    title: 'Deletes can not be applied',
    meaning:
      '`deletes: apply` removes rows that the source reports as deleted, by their key. It needs a store that merges by key, `write_strategy: merge` and `watermark.key`. Files only add and replace rows. A backfill can not apply deletes: rows that were deleted after its range would return.',
    tryThis: [
      '`deletes: mark` settles deleted rows with a column `_deleted`, and `ignore` leaves them out.',
      'If the store merges: `write_strategy: merge`, and `watermark.key`.',
      'In place of a backfill: `hygge go -d`.',
    ],
  },
  'HYG-2085': {
    title: 'The source reports no deletes',
    meaning:
      '`deletes` sets what happens to rows that the source reports as deleted. This source reports none: a deleted row is only missing. An incremental run notices a missing row only if it compares keys (`deletes: { compare }`).',
    tryThis: [
      'Remove `deletes`.',
      'Run a full load regularly, which drops deleted rows: `hygge go -d`.',
      'If the store merges rows into a table by key, compare keys instead: `deletes: { compare: 1d }`.',
    ],
  },
  'HYG-2105': {
    title: 'A mark would erase the values of deleted rows',
    meaning:
      '`deletes: mark` keeps a deleted row, with true in `_deleted`. This source reports only the key of a deleted row, and this store replaces whole rows by their key. So the marked row would lose all of its other values. Databases that merge by a key set only the mark.',
    why: 'The entity reads change tracking or delta links, and its store is a mirrored table.',
    tryThis: [
      'Remove the rows: `deletes: apply`, with `write_strategy: merge`.',
      'Leave the rows unchanged, without a mark: `deletes: ignore`.',
      'Merge into a database, where a marked row keeps its values.',
    ],
  },
  'HYG-2106': {
    title: 'A change shows only a part of its row',
    meaning:
      'Some APIs report only those fields of a record that changed. A database that merges by a key sets these fields, and leaves the others unchanged. Files and mirrored tables contain whole rows, a hash needs all of its columns, and a part of a row cannot go to quarantine. Nothing was committed.',
    tryThis: [
      'Merge into a database by `watermark.key`.',
      'If the source leaves out empty fields: `left_out: "null"`, in `home` or in `home.events`.',
      'Load everything at each run: `run_type: full_drop`, without `watermark`.',
    ],
  },
  'HYG-2087': {
    title: 'Keys can not be compared',
    meaning:
      '`deletes: { compare }` removes settled rows whose key the source no longer has. This needs an incremental load with `watermark.key`, and a source that reports no deletes and forgets no rows. The store has to merge by key or keep files in a folder, and the key must be of the same kind on both sides.',
    why: 'The destination is one file, or the entity has no key. Or the source is a folder of files, has a `where` or shows its rows page by page. Or the key is a float, a time of day, or a time of another precision. A rounded value would look like a deleted row.',
    tryThis: [
      'Load everything again regularly, which removes deleted rows: `full_every: 7d`.',
      'If the source reports its deletes: `deletes: apply`.',
      'If each settled row that the source does not show must be removed: `deletes: { complete: true }`.',
      'Or remove `deletes`.',
    ],
  },
  'HYG-2088': {
    title: 'More rows are gone than `max` allows',
    meaning:
      'A comparison of keys found more settled rows without a counterpart in the source than `deletes: { max }` allows. No row was removed. The share is of all settled rows. Without `max`, 5% of the rows may go, or 10 rows if those are more, but never more than half.',
    tryThis: [
      'Check that the source has all its rows.',
      'If the deletes are intended, raise `max` for one run, and compare again: `hygge go --compare-deletes`.',
      'Or load everything again: `hygge go -d`.',
    ],
  },
  'HYG-2089': {
    title: 'The source can not be trusted to have all its rows',
    meaning:
      'Before a comparison of keys removes a row, the source must look complete: it has rows, and some of them are settled. It has not shrunk by more than `max` since the last comparison or while it is read. Missing rows do not come back in later reads, and all rows can be read. No row was removed.',
    why: 'The source was empty or replaced when it was read, a load into it was in progress, or some of its rows can not be read.',
    tryThis: ['Check that the source has all its rows, and run again.', 'If this is intended, load everything again: `hygge go -d`.'],
  },
  'HYG-2090': {
    title: 'A comparison of keys takes too long for a function app',
    meaning:
      'In a function app a comparison of keys is one step, and a step has a time limit. The comparison was stopped before it decided anything. No row was removed.',
    tryThis: [
      'Compare on a machine without this time limit, with the same state: `hygge go --compare-deletes`.',
      'Load everything again regularly, which removes deleted rows: `full_every: 7d`.',
    ],
  },
  'HYG-2104': {
    title: 'Rows without ascending order',
    meaning:
      'The source is declared to only add rows, and to list them in ascending order of the watermark. A run read two rows in another order, or with the same value. The run stopped before its commit.',
    tryThis: [
      'Let the source sort by the watermark column, with each value once.',
      'Choose a column of times as watermark, with `watermark.lag`.',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-2100': {
    title: 'Changes can not be backfilled',
    meaning:
      'With `watermark.changes` the source reports only the newest change of each row, and for a limited time. A range of versions of the past can’t be read again.',
    tryThis: ['Load everything again: `hygge go -d`.'],
  },
  'HYG-2101': {
    title: 'Another key than that of the source',
    meaning:
      'With `watermark.changes` the source reports only the primary key of a deleted row. So rows can be merged and removed by the primary key only.',
    tryThis: ['Write the columns of the primary key in `watermark.key`, or remove it.'],
  },
} as const satisfies Codes;

/** Mistakes in the request for a backfill. */
export const backfillUsageCodes = {
  'HYG-1911': {
    title: 'Not a range',
    meaning: 'A backfill needs two values of the watermark’s type, the first below the second.',
    tryThis: ['Write values of the column’s type: `2024-01-01`, `2024-01-01T10:00:00Z`, `42`. The range ends before the second value.'],
  },
  'HYG-1912': {
    title: 'Not a chunk',
    meaning: 'The chunk of a backfill is a duration for dates and timestamps, and a number for numbers. The number of chunks has a limit.',
    tryThis: ['Write `1d`, `12h`, `2w` or `1mo` for dates and timestamps, or a number such as `100000` for numbers.'],
  },
} as const satisfies Codes;

/** Why a backfill, or a run with an overlap, stopped. */
export const backfillCodes = {
  'HYG-2031': {
    title: 'No watermark to backfill by',
    meaning:
      'A backfill replaces a range of the watermark of an incremental entity. This entity has no watermark, or loads everything at every run.',
    tryThis: ['Give the entity `run_type: incremental` and a `watermark: { column: … }`, or load everything again with `hygge go -d`.'],
  },
  'HYG-2032': {
    title: 'Nothing is settled to backfill',
    meaning: 'A backfill replaces rows below the settled watermark. No run has settled a watermark yet, or a reset has removed it.',
    tryThis: ['Run `hygge go` first.'],
  },
  'HYG-2141': {
    title: 'A backfill would remove last good versions',
    meaning:
      'The range would have fewer rows afterwards, and rows with a key are in quarantine. The removed rows may include their last good versions. A folder of files can’t keep single rows of a range. The range is unchanged.',
    tryThis: [
      '`hygge verify flow.entity --range FROM..TO --repair` makes the range match the source, and keeps last good versions.',
      'Or release the rows from quarantine first: `hygge quarantine show flow.entity`.',
    ],
  },
  'HYG-2033': {
    title: 'The backfill is above the watermark',
    meaning: 'The next live run reads the rows from the watermark on.',
    tryThis: ['Load new rows with `hygge go`. A backfill begins below the watermark.'],
  },
  'HYG-2034': {
    title: 'An overlap without a time',
    meaning: '`watermark.overlap` is a duration, and the watermark column is neither a date nor a timestamp.',
    tryThis: ['Remove `watermark.overlap`, or choose another `watermark.column`.'],
  },
  'HYG-2035': {
    title: 'A row outside of the range',
    meaning: 'The source returned a row outside of the requested range, and the row would settle twice.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-2036': {
    title: 'The rows of a rewritten part do not add up',
    meaning: 'A rewritten part must keep or replace each of its rows, else the run fails.',
    tryThis: ['Check whether someone changed the files of the destination, and run it again with `-v`.'],
  },
} as const satisfies Codes;
