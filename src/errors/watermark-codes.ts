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
} as const satisfies Codes;
