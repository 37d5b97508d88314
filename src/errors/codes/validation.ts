import type { Codes } from './entry.ts';

/** Why rules and checks of rows stop a run. */
export const validationCodes = {
  'HYG-2112': {
    title: 'Mended rows that replace no row in quarantine',
    meaning:
      '`hygge quarantine replay --file` settles mended rows in the place of rows in quarantine, which their `_id` names. A row has no `_id`, or its `_id` is not in quarantine (any more), or the file has no row. Nothing was committed.',
    why: 'The file was replayed before, a run read the rows again, or another program changed the ids.',
    tryThis: ['Write the existing rows to a new file, and mend them: `hygge quarantine show FLOW.ENTITY --to mended.csv`.'],
  },
  'HYG-2113': {
    title: 'A file of mended rows that has the wrong columns',
    meaning:
      'A file of mended rows has the settled columns of the entity, and `_id`. This file has other columns, a list or struct that is not written as JSON, or it changed while it was read. Nothing was committed.',
    tryThis: ['Write the rows to a new file, and leave its columns unchanged: `hygge quarantine show FLOW.ENTITY --to mended.csv`.'],
  },
  'HYG-2114': {
    title: 'A masked value was changed in a file',
    meaning:
      'In a column that `polish.mask` masks, a mended row has another value than the row in quarantine. The new value would settle unmasked. Nothing was committed.',
    tryThis: ['Put back the value that the column had in quarantine.', 'Mend the value in the source, and load it again.'],
  },
  'HYG-2115': {
    title: 'No such correction',
    meaning: '`hygge quarantine drop-correction` names a correction that the entity does not have. Nothing was changed.',
    tryThis: ['List the existing corrections: `hygge quarantine corrections`.'],
  },
  'HYG-2120': {
    title: 'A rule or a check does not fit the columns',
    meaning:
      'A rule of the contract, or a check, names a column that does not settle, or does not fit the type of the column. Or a rule is not a condition over one row: it uses other rows, a clock or a file, or its SQL is invalid.',
    why: 'The column was renamed or removed in the source, polish or migrations rename it, or its type changed. Names are those of the destination.',
    tryThis: ['Write the name that the column settles under: `hygge schema show FLOW.ENTITY`.', 'Correct the rule, or leave it out.'],
  },
  'HYG-2121': {
    title: 'Rows break a rule that ends the run',
    meaning:
      'The mode of the contract, or the severity of the rule, is `fail`: the first slice with such a row ends the run. Nothing was committed. The message counts the rows that were read until then, and shows the form of the values.',
    tryThis: [
      'Correct the rows in the source, and run again.',
      'Put such rows into quarantine: `severity: quarantine`, or `mode: quarantine` for all rules.',
      'Let such rows settle with a warning: `severity: warn`.',
    ],
  },
  'HYG-2122': {
    title: 'Too many rows for quarantine',
    meaning:
      'More rows than `max_quarantined` would go to quarantine, counting unreadable rows and rows that break a rule. Nothing was committed.',
    tryThis: ['Check the rules, and the rows of the source.', 'If all of them may go to quarantine, raise `max_quarantined`.'],
  },
  'HYG-2123': {
    title: 'A check of the rows failed',
    meaning:
      'Checks look at all rows of a run together, after they were read and before the commit is decided. A check failed, so nothing was committed, and the watermark is unchanged. `freshness` also fails if the newest value is more than a day in the future. A check concerns no single row, so `on_fail: quarantine` means `fail`. The exception is `uniqueness` in a database, which puts rows into quarantine.',
    tryThis: [
      'Check the rows of the source, and run again when they are right.',
      'Correct values that are in the future, or leave their rows out, such as with `where` of the home.',
      'If the data is right, change the limits of the check.',
      'Let the rows settle with a warning: `on_fail: warn`.',
    ],
  },
  'HYG-2124': {
    title: 'Keys that were hashed in two ways',
    meaning:
      'Several processes read the slices of one run, and their hashes of equal keys differ. Repeated keys would not be found. Nothing was committed.',
    tryThis: [
      'Run again: all slices are read again.',
      'Let all processes run on processors of one kind, or leave the checks of uniqueness out.',
    ],
  },
  'HYG-2137': {
    title: 'A replayed row at the watermark',
    meaning:
      '`hygge quarantine replay` would settle a row whose watermark is equal to the settled one, or larger. Later runs read those rows again and replace them by the rows of the source. Nothing was committed.',
    tryThis: ['Give the row a smaller value in the file.', 'Or correct the row in the source, and run again.'],
  },
  'HYG-2138': {
    title: 'A source without a column of the contract',
    meaning:
      'A file that a run read, or a table, lacks a column that the contract names. Its rows would have settled with null in this column. Nothing was committed.',
    tryThis: [
      'Add the column to the source, and run again.',
      'If the column may be missing, declare this in the contract: `columns: { amount: { optional: true } }`.',
      'Let such rows settle with a warning: `validation: { mode: warn }`.',
    ],
  },
  'HYG-2139': {
    title: 'Too many corrections',
    meaning:
      'A run compares each row with the rows that were mended in quarantine. More than 100,000 rows were mended. Nothing was committed.',
    tryThis: ['Correct the rows in the source.', 'Remove corrections with `hygge quarantine drop-correction`.'],
  },
  'HYG-2127': {
    title: 'A query of a check returns no number',
    meaning:
      'The query of a check of the type `sql` must return one row with one column that is a number. The query returned another result, or the queries of the entity took more than two minutes in total. The run ended before it read a row.',
    why: 'The query selects rows instead of counting them, or has to read more rows than the database can read in that time.',
    tryThis: [
      'Let the query return one number: `SELECT count(*) AS n FROM orders WHERE amount < 0`.',
      'If the query takes too long, create an index for its condition, or query the newest rows only.',
    ],
  },
} as const satisfies Codes;
