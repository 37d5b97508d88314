import type { watermarkCodes } from '../watermark-codes.ts';
import type { Explained } from './explained.ts';

/** Why runs by watermark stop, and what it looks like. */
export const watermarkExplained = {
  'HYG-2061': {
    why: 'Both keys were written, often one of them in `defaults`: rows without a watermark would settle with the first run and never again.',
    example: {
      what: "shop.orders has nulls: include together with boundary: open, and incremental runs can't do both.",
      why: [
        'Rows without a watermark are read again and replaced together with the rows at the watermark, which an open boundary never does.',
      ],
      tryThis: [
        'Take watermark.boundary: open away; rows without a watermark are then read at every run',
        'Or leave such rows out: watermark.nulls: exclude',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2062': {
    why: 'The destination was taken over from a given watermark, or `boundary: open` was taken away from an entity that had settled with it.',
    example: {
      what: '12 rows of shop.orders have no updated_at, and nothing tells which of them are settled already.',
      why: [
        'Rows without a watermark are replaced together with the rows at the watermark, and what is settled has no such group: it was taken over with --adopt, or settled with boundary: open.',
      ],
      tryThis: ['Load everything again once: hygge go -d -e shop.orders', 'Or leave such rows out: watermark.nulls: exclude'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
} as const satisfies Explained<typeof watermarkCodes>;
