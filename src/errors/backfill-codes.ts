import type { Codes } from './codes.ts';

/** Why a backfill can't be started as it was asked for. */
export const backfillUsageCodes = {
  'HYG-1911': {
    title: 'Not a range',
    meaning: 'A backfill needs two values of the watermark’s type, the first below the second.',
    tryThis: ['Write the values as the column has them: `2024-01-01`, `2024-01-01T10:00:00Z`, `42`; the second one is not in the range.'],
  },
  'HYG-1912': {
    title: 'Not a chunk',
    meaning:
      'The chunk of a backfill is a stretch of time along dates and timestamps, a number along numbers, and there is a limit to how many there may be.',
    tryThis: ['`1d`, `12h`, `2w` or `1mo` for dates and timestamps; a number such as `100000` for numbers.'],
  },
} as const satisfies Codes;

/** Why a backfill, or a run with an overlap, stopped. */
export const backfillCodes = {
  'HYG-2031': {
    title: 'Nothing to backfill by',
    meaning: 'A backfill replaces a range of the watermark of an incremental entity; this one has none, or loads everything at every run.',
    tryThis: ['Give the entity `run_type: incremental` and a `watermark: { column: … }`, or load everything again with `hygge go -d`.'],
  },
  'HYG-2032': {
    title: 'Nothing is settled to backfill',
    meaning: 'A backfill replaces rows below the watermark, and no run has left one yet, or a reset has taken it away.',
    tryThis: ['`hygge go` first; then there is something to replace.'],
  },
  'HYG-2033': {
    title: 'The backfill lies above the watermark',
    meaning: 'Rows from the watermark on belong to live runs: they are read again, or for the first time, by the next one.',
    tryThis: ['`hygge go` brings in what is new; a backfill begins below the watermark.'],
  },
  'HYG-2034': {
    title: 'An overlap without a time',
    meaning: '`watermark.overlap` is a stretch of time, and the watermark column is neither a date nor a timestamp.',
    tryThis: ['Take `watermark.overlap` away, or choose another `watermark.column`.'],
  },
  'HYG-2035': {
    title: 'A row outside of the range',
    meaning: 'A guard rail: the source gave a row that was not asked for, which would be there twice.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-2036': {
    title: 'The rows of a rewritten part do not add up',
    meaning: 'A guard rail: a part that is written anew must keep or replace every one of its rows.',
    tryThis: ['Check whether somebody changed the files of the destination, and run it again with `-v`.'],
  },
} as const satisfies Codes;
