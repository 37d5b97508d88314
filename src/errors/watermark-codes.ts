import type { Codes } from './codes.ts';

/** Why a run by watermark stopped before it read. */
export const watermarkCodes = {
  'HYG-2061': {
    title: 'Null watermarks with an open boundary',
    meaning:
      '`watermark.nulls: include` reads rows without a watermark again at every run and replaces them, together with the rows at the watermark. `boundary: open` never replaces anything.',
    tryThis: ['Take `boundary: open` away, or set `nulls: exclude`.'],
  },
  'HYG-2062': {
    title: 'Null watermarks that may be settled already',
    meaning:
      'The destination has no group of rows that the next run could replace: it was taken over with `reset --adopt`, or settled with `boundary: open`. Rows without a watermark would be there twice, or never.',
    tryThis: ['Load everything again once: `hygge go -d`.', 'Or leave such rows out: `watermark.nulls: exclude`.'],
  },
  'HYG-2063': {
    title: 'Rows from the future',
    meaning:
      'The watermark of some rows is later than the clock of the source. It would become the watermark that is settled, and every row that comes below it would never be read. Dates, and times without a zone, are in the future when they are so everywhere on Earth.',
    tryThis: [
      'Correct them in the source: `9999-12-31` for "no end", years with a digit too many.',
      '`watermark.future: wait` leaves them for later, `take` reads them all the same.',
    ],
  },
  'HYG-2064': {
    title: 'The settled watermark is in the future',
    meaning: 'Rows from the future settled once, and their value became the watermark: every later row lies below it and is not read.',
    tryThis: [
      'Correct the rows in the source and load everything again: `hygge go -d`.',
      'Or go on from a value that you know to be right: `hygge reset … --adopt --watermark VALUE`.',
      'If that value is right: `watermark.future: take`.',
    ],
  },
  'HYG-2067': {
    title: 'State and destination disagree about the watermark',
    meaning:
      'Both remember the same commit, and with it another watermark: the state file, or the record of the destination, was edited by hand. Going on would leave rows out or settle them twice.',
    tryThis: [
      'Go on from what the destination remembers: `hygge reset … --adopt`.',
      'To go on from another value: `hygge reset … --adopt --watermark VALUE`; to read the past again: `hygge backfill`.',
    ],
  },
  'HYG-2081': {
    title: 'No lag, and a newest value that only reading tells',
    meaning:
      "The source can't be asked for its newest value: it is the largest that was read. Rows that come later with a smaller one would lie below the watermark for good. `watermark.lag` says how late they may come: a run takes no row that is younger, and settles no later watermark.",
    tryThis: [
      'Set `watermark.lag` (or `watermark.overlap`, where the store replaces ranges).',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-2082': {
    title: 'An id whose newest value only reading tells',
    meaning:
      "The source can't be asked for its newest value, and the watermark is no time: nothing says how late a row with a smaller id or token may come. It is taken only where a store merges by `watermark.key`, and on your word that the column only grows. A `lag` means nothing for it.",
    tryThis: [
      'Take a column of times, with `watermark.lag`.',
      'Or a store that merges, and `watermark.key`.',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-2083': {
    title: 'The clock of the source is no bound for this watermark',
    meaning:
      "The source is read up to the time that its clock shows, less `watermark.lag`. That takes a column of times; and rows beyond the clock can't be taken early, whatever `watermark.future` says.",
    tryThis: ['Choose a timestamp or date in `watermark.column`.', 'Take `watermark.future: take` away.'],
  },
  'HYG-2084': {
    title: 'Deletes can not be applied',
    meaning:
      '`deletes: apply` removes the rows that the source says are deleted, by their key. That takes a store that merges by key; no store of this version does it.',
    tryThis: ['`deletes: mark` settles them with a column `_deleted`; `ignore` leaves them out.'],
  },
  'HYG-2085': {
    title: 'The source tells no deletes',
    meaning:
      '`deletes` says what becomes of rows that the source says are deleted. This one never says so: a row that is gone just does not come any more, which an incremental run does not see.',
    tryThis: ['Take `deletes` away.', 'A full load now and then leaves out what is gone: `hygge go -d`.'],
  },
} as const satisfies Codes;
