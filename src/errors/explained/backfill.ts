import type { backfillCodes, backfillUsageCodes } from '../backfill-codes.ts';
import type { Explained } from './explained.ts';

/** Why backfills stop, and what it looks like. */
export const backfillExplained = {
  'HYG-1911': {
    why: 'The values were mixed up, or one of them is written in a way that the column’s type does not have.',
    example: {
      what: '--from 2024-02-01 is not below --to 2024-01-01.',
      why: ['A backfill of shop.orders goes from a value of its watermark up to, not including, another.'],
      tryThis: ['Swap them: --from 2024-01-01 --to 2024-02-01'],
    },
  },
  'HYG-1912': {
    why: 'A number was given along a date, hours along a date, or chunks so short that there would be tens of thousands.',
    example: {
      what: '--chunk 6h is no step along updated_at (date).',
      why: ['Dates go by days, weeks and months.'],
      tryThis: ['Write it like 1d, 2w or 1mo'],
    },
  },
  'HYG-2031': {
    why: 'The entity is a full load, whose every run brings the past up to date as well.',
    example: {
      what: 'shop.orders cannot be backfilled: it has no watermark.',
      why: ['A backfill replaces the rows whose watermark lies between two values.'],
      tryThis: ['Give it run_type: incremental and watermark: { column: … }', 'Or load everything again: hygge go -d -e shop.orders'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2032': {
    why: 'The backfill came before the first run, or right after a reset.',
    example: {
      what: 'Nothing is settled for shop.orders that a backfill could replace.',
      why: ['A backfill works below the watermark of a run that has settled; no run has left one.'],
      tryThis: ['Load it first: hygge go -e shop.orders'],
    },
  },
  'HYG-2033': {
    why: 'Rows that are missing at the end are not yet loaded, rather than loaded wrongly.',
    example: {
      what: 'A backfill of shop.orders from 2025-01-01 has nothing below the watermark to replace.',
      why: ['Its watermark is 2024-12-31 (date): rows from there on are read by the next run, and would be there twice.'],
      tryThis: ['Bring in what is new: hygge go -e shop.orders', 'Or begin the backfill earlier: --from'],
    },
  },
  'HYG-2034': {
    why: 'The watermark is a number that counts rows, not a time.',
    example: {
      what: 'watermark.overlap needs a time, but id of shop.orders is int64.',
      why: ['An overlap is a stretch of time before the watermark; this column does not tell how old a row is.'],
      tryThis: ['Take watermark.overlap away', 'Or choose a column with a timestamp or date in watermark.column'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2035': {
    why: 'A connector that says that it reads ranges gave more.',
    example: {
      what: 'The source of shop.orders gave a row at 2024-02-01, which is not from 2024-01-01 to below 2024-02-01.',
      why: ['It would be there twice: only the rows of that range are replaced. The run was stopped before anything became visible.'],
      tryThis: ['Run it again with -v and report what it prints: this is a fault in the connector'],
    },
  },
  'HYG-2036': {
    why: 'A settled file was edited, or cut off, after hygge wrote it.',
    example: {
      what: 'A settled part of shop.orders has 1,000 rows, but 600 were kept and 300 are in the range.',
      why: ['Every row of a part that is written anew must be kept or replaced. The run was stopped before anything became visible.'],
      tryThis: [
        'Check whether somebody changed the files of the destination by hand',
        'Otherwise run it again with -v and report what it prints: this is a fault in hygge',
      ],
    },
  },
} as const satisfies Explained<typeof backfillCodes & typeof backfillUsageCodes>;
