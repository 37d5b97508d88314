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
} as const satisfies Codes;
