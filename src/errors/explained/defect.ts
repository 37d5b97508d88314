import type { defectCodes } from '../defect-codes.ts';
import type { Explained } from './explained.ts';

/** What should not be possible, and what it would look like. */
export const defectExplained = {
  'HYG-9001': {
    why: 'A fault in hygge, or in something it relies on.',
    example: {
      what: 'hygge met something that it did not expect: Cannot read properties of undefined',
      why: ['This is a fault in hygge, not in your workspace. What had settled is settled; nothing half-done is visible.'],
      tryThis: ['Run it again with -v, and report what it prints'],
    },
  },
  'HYG-9002': {
    why: 'A fault in hygge, or a `_hygge` folder that was put together by hand from two.',
    example: {
      what: 'data/lake/_hygge/shop/orders/commits/00000000000000000003-01M7WBCT8NPS10X98J6TEFZ1KD.json is the record of another commit (01M7WBE5XMWP261V749PYE13C7).',
      why: [],
      tryThis: ['Report this: two commits must never share a name'],
    },
  },
  'HYG-9401': {
    why: 'A fault in hygge, or a file that was put into the destination under a name of hygge.',
    example: {
      what: 'A file named orders/00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet is there already, with other content.',
      why: ['Every name is used once; a second use would overwrite what a commit relies on.'],
      tryThis: ['Report it with what `-v` prints; nothing was overwritten.'],
    },
  },
  'HYG-9402': {
    why: 'A fault in hygge.',
    example: { what: 'A line to append holds a newline.', why: [], tryThis: ['Run it again with `-v` and report what it prints.'] },
  },
  'HYG-9403': {
    why: 'A fault in hygge.',
    example: {
      what: 'The state of crm.Account would not be readable again; it was not written.',
      why: ['protocol.epoch: Invalid input: expected number, received NaN'],
      tryThis: ['Run it again with `-v` and report what it prints.'],
    },
  },
} as const satisfies Explained<typeof defectCodes>;
