import type { backfillCodes, backfillUsageCodes, watermarkCodes } from '../watermark-codes.ts';
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
  'HYG-2063': {
    why: 'Somebody mistyped a year, or the source writes 9999-12-31 where there is no date yet; and `watermark.future` is `fail`, or the source shows its types only while it is read.',
    example: {
      what: '3 rows of shop.orders have valid_to in the future, up to 9999-12-31.',
      why: ['A watermark in the future would hide every row that comes below it, until that time has come.'],
      tryThis: [
        'Correct them in the source',
        'watermark.future: wait reads the other rows, and these when their time has come',
        'watermark.future: take reads them; rows that come later with a smaller value are then never read',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2064': {
    why: 'It settled with `watermark.future: take`, with an older hygge, or on a machine whose clock was ahead; or the clock of this one is behind.',
    example: {
      what: 'The watermark of shop.orders is in the future: valid_to 9999-12-31.',
      why: [
        'Every row that has come since with a smaller value was left out, and so would be every new one.',
        'Or the clock of this machine is behind.',
      ],
      tryThis: [
        'Look at the clock of this machine first: if that is wrong, set it and run again',
        'Correct the rows in the source, then load everything again: hygge go -d -e shop.orders',
        'Or go on from another value: hygge reset shop.orders --adopt --watermark VALUE',
        'If that value is right: watermark.future: take',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2067': {
    why: 'Somebody changed the watermark in the state file, to have rows read again or left out. There are commands for that.',
    example: {
      what: 'The state of shop.orders has another watermark than lake/orders remembers of the same commit.',
      why: [
        'The state: updated_at 2024-01-01T00:00:00.000000; the destination: updated_at 2024-01-08T09:30:00.000000. One of them was edited: rows would be left out, or settle twice.',
      ],
      tryThis: [
        'Load everything again: hygge reset shop.orders, then hygge go',
        'Go on from what the destination remembers: hygge reset shop.orders --adopt',
        'Go on strictly above the value of the state: hygge reset shop.orders --adopt --watermark 2024-01-01T00:00:00.000000',
      ],
    },
  },
  'HYG-2081': {
    why: 'The source is an API or a stream that gives pages until there are no more, and `watermark.lag` was left out: by default nothing is held back.',
    example: {
      what: 'The source of shop.orders tells its newest updated_at only by being read, and watermark.lag is not set.',
      why: ['The largest value seen would become the watermark: rows that come a little later with a smaller one would never be read.'],
      tryThis: [
        'Say how late rows may come: watermark.lag: 1h, or 2d. Rows younger than that wait for a later run',
        'Or read so much of the past again at each run: watermark.overlap: 2d (a store that can replace a range)',
        'Or load everything at each run: run_type: full_drop, without watermark',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2082': {
    why: 'The watermark of an API is an id or a page token, and the store adds rows: it can not tell a row that comes again from a new one.',
    example: {
      what: 'The source of shop.orders tells its newest id only by being read, and id is int64, no time.',
      why: [
        'No lag can say how late a row with a smaller value may come. Such rows are safe only where each is known by its key and merged.',
        'lake/orders cannot merge by key.',
      ],
      tryThis: [
        'Take a column of times as watermark.column, with watermark.lag and boundary: open',
        'Or choose a store that merges, with watermark.key',
        'Or load everything at each run: run_type: full_drop, without watermark',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2083': {
    why: 'The watermark is an id or a text of a source that is read up to the time on its clock, or `watermark.future: take` is in `defaults`.',
    example: {
      what: 'The source of shop.orders says with its clock how far it can be read, but id is int64.',
      why: ['Only a time can be compared with a clock.'],
      tryThis: [
        'Choose a column with a timestamp or date in watermark.column',
        'Or load everything at each run: run_type: full_drop, without watermark',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2084': {
    why: 'The source tells deletes, and the store only adds and replaces rows, or nothing says by which key rows are to go.',
    example: {
      what: 'lake/orders cannot remove the rows that the source of shop.orders says are deleted.',
      why: ['deletes: apply takes a store that merges by key and removes rows by it: a database, or a table format.'],
      tryThis: [
        'deletes: mark settles them, with a column _deleted that says so',
        'deletes: ignore leaves them out, and what settled before stays',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2100': {
    why: 'A backfill reads rows of the past again, and a log of changes is no past to read.',
    example: {
      what: 'erp.orders goes by change_tracking: no range of its past can be read again.',
      why: [
        'The source tells of each row its newest change only, and forgets changes after a while: what lay between two versions is gone.',
      ],
      tryThis: ['Load everything anew, deletes and all: hygge go -d -e erp.orders'],
      where: { file: 'flows/erp/flow.yml', line: 1, column: 1, text: 'home: { connection: erp }' },
    },
  },
  'HYG-2101': {
    why: 'Rows were to be merged by a column that is unique as well, or the primary key has more columns.',
    example: {
      what: 'watermark.key of erp.orders is not the primary key of its source, which is id.',
      why: ['Of a row that is deleted the source tells its primary key and nothing else: by another key it would not be found.'],
      tryThis: ['Write watermark.key: [id]', 'Or take watermark.key away: rows and deletes are then added, and none is removed'],
      where: { file: 'flows/erp/flow.yml', line: 1, column: 1, text: 'home: { connection: erp }' },
    },
  },
  'HYG-2085': {
    why: 'The key was written for another source, often in `defaults`. Files never tell which rows are gone.',
    example: {
      what: 'deletes is set for shop.orders, but its source never tells which rows were deleted.',
      why: ['A row that is gone just does not come any more: an incremental run does not see that.'],
      tryThis: ['Take deletes away', 'A full load now and then leaves out what is gone: hygge go -d'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
} as const satisfies Explained<typeof watermarkCodes>;

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
