import type { Codes } from '../entry.ts';

/** Errors of homes that are Delta tables. */
export const deltaHomeCodes = {
  'HYG-3901': {
    title: 'The folder is a Delta table',
    meaning:
      'A home of plain files names a folder that is a Delta table. The folder also contains files of earlier versions and of deleted rows. Only the log shows which files are current.',
    tryThis: ['Write `format: delta` in the home, and one home for each table.'],
  },
  'HYG-3902': {
    title: 'Settled rows changed in a Delta table',
    meaning:
      'A version of the table updated or deleted rows that an earlier run settled. An incremental run by the log reads only new files. It stops here because `changed_files` is `fail`.',
    tryThis: [
      '`changed_files: replace` keeps the destination equal to the table, file by file.',
      'With a change feed: `watermark: { changes: change_feed, key: … }`.',
      'Or load everything again: `hygge go -d -e …`.',
    ],
  },
  'HYG-3903': {
    title: 'A Delta table cannot be read from the settled version on',
    meaning:
      'The versions between the settled one and the newest one are missing, or another table has taken the place of the earlier table. hygge does not load everything again by itself.',
    tryThis: ['Load everything again: `hygge go -d -e …`.', 'Run the flow more often than the log of the table is cleaned.'],
  },
  'HYG-3904': {
    title: 'A file of a Delta table was removed',
    meaning: 'The log names a file that does not exist. VACUUM removes files that the newest version does not need.',
    why: 'VACUUM ran after the version was planned, the flow reads an old version, or a file was deleted by hand.',
    tryThis: ['Run it again: a run reads the newest version.', 'Keep files longer, for runs that read older versions.'],
  },
  'HYG-3905': {
    title: 'A version has no change feed',
    meaning: 'The flow reads the change feed of a Delta table, but a version of the table did not record its changes.',
    tryThis: [
      'Switch the feed on where the table is written: `delta.enableChangeDataFeed`.',
      'Then load everything again: `hygge go -d -e …`.',
    ],
  },
  'HYG-3906': {
    title: 'A column has a name of the change feed',
    meaning:
      'The flow reads the change feed of a Delta table, and the table has a column of its own that is called `_change_version` or `_deleted`.',
    tryThis: ['Leave the column out: `exclude: [_deleted]` in the home.'],
  },
} satisfies Codes;
