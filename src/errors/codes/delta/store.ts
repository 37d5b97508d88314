import type { Codes } from '../entry.ts';

/** Errors of stores that are Delta tables. */
export const deltaStoreCodes = {
  'HYG-3921': {
    title: 'hygge cannot write to this Delta table',
    meaning:
      'The protocol or a property of the table requires something that hygge does not do. Examples are computed or tested values, row tracking, and rows that are never removed. Nothing was written.',
    tryThis: ['Settle in a table of its own: another `path` in the store.'],
  },
  'HYG-3922': {
    title: 'A Delta table changed during a commit',
    meaning:
      'After the run had read the table, another program changed the columns. Or it changed or compacted files that this commit would have replaced. The commit was given up, and nothing of it is visible.',
    tryThis: ['Run it again: `hygge go`. The next run reads the newest version of the table.'],
  },
  'HYG-3923': {
    title: 'Settled rows can not be found again in a Delta table',
    meaning:
      'Another program changed the table, and hygge no longer knows which rows of the table this entity settled. Nothing was written.',
    why: 'The table was restored to an earlier version, overwritten or made again, or rows of several writers were put into one file.',
    tryThis: [
      'Load everything again: `hygge go -d -e FLOW.ENTITY`.',
      'With `if_exists: append`, which removes no rows, reset the entity first: `hygge reset FLOW.ENTITY`, then `hygge go`.',
    ],
  },
  'HYG-3925': {
    title: 'The rows at the last watermark were changed by another program',
    meaning:
      'A run replaces the rows at the last watermark when it reads more rows with that watermark. At this watermark, the table has other rows than settled, or another number of rows. Nothing was written.',
    tryThis: [
      'Run it again, if the table changed during the run: `hygge go`.',
      'Or load everything again once: `hygge go -d -e FLOW.ENTITY`.',
    ],
  },
  'HYG-3924': {
    title: 'A value that a Delta table cannot store',
    meaning:
      'The table cannot store the value. Delta reads an empty text in a column of `partition_by` as a missing value. Nothing was written.',
    tryThis: ['Leave the column out of `partition_by`.'],
  },
  'HYG-3926': {
    title: 'A folder of files is not a Delta table',
    meaning:
      'The store should be a Delta table, but its folder has files and no log. Readers of the table would not find the rows of these files. Readers of the folder would find the rows of the table and of the files.',
    why: 'The entity settled there as plain files before, or the files are from another program.',
    tryThis: ['Settle in a folder of its own: another `path` in the store.', 'Or move the files away.'],
  },
  'HYG-3927': {
    title: 'A folder of plain files is a Delta table',
    meaning:
      'The store should contain plain files, but its folder has the log of a Delta table. Readers of the table would not find new files, and would fail after hygge removes files. Nothing was written.',
    why: 'The entity settled there as a Delta table before, or another program made the table.',
    tryThis: ['Write `format: delta` in the store.', 'Or settle in a folder of its own: another `path` in the store.'],
  },
  'HYG-3928': {
    title: 'A file of another program does not fit into its Delta table',
    meaning:
      'Another program put rows of the entity into a file. A column of the file has another type than in the table, or lacks values that the table requires. The run, or the comparison, would have to read the file. Nothing was written.',
    why: 'A program compacted files without regard to the schema of the table. For example, it wrote texts as bytes.',
    tryThis: [
      'Load everything again: `hygge go -d -e FLOW.ENTITY`.',
      'Or let the other program write the file again with the types of the table.',
    ],
  },
  'HYG-3929': {
    title: 'A Delta table of another program allows no deletion vectors',
    meaning:
      'A merge by key marks rows in deletion vectors. Programs that read the table may not support them, so the owner of the table decides. The table has no `delta.enableDeletionVectors`, and hygge did not make it. Nothing was written.',
    tryThis: [
      "Let the owner switch them on: `ALTER TABLE … SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')`.",
      'Or let hygge rewrite files instead of marking rows: `merge: copy_on_write` in the store.',
      'Or settle in a table of its own: another `path` in the store.',
    ],
  },
} as const satisfies Codes;
