import type { Codes } from '../entry.ts';

/** Why the rows of a Delta table can not be read, although its log is readable. */
export const deltaValueCodes = {
  'HYG-3801': {
    title: 'A Delta table has a column of a type that hygge does not read',
    meaning:
      'The schema in the log names a type that no column of hygge can contain without loss. It is variant, geometry, geography, or a type that the protocol does not know.',
    tryThis: [
      'Leave the column out: `exclude` of the home.',
      'Or write a table for hygge in which the column has another type, such as the text of a variant.',
    ],
  },
  'HYG-3802': {
    title: 'The schema of a Delta table contradicts itself',
    meaning:
      'The schema, the partition columns and the column mapping of the log do not fit together. hygge could mistake one column for another, so it reads no row.',
    why: 'A program violated the published protocol when it wrote the table, or the log was edited.',
    tryThis: ['Read the table with the program that wrote it.', 'Or read an older version of the table, from before the schema changed.'],
  },
  'HYG-3803': {
    title: 'A partition value of a Delta table is not a value of its type',
    meaning:
      'The log writes the values of partition columns as text. This text is not a value of the type of the column. Some readers read null instead, but hygge stops.',
    why: 'A program wrote the value wrongly (some versions of delta-rs do so with negative decimals), or the log was edited.',
    tryThis: ['Write the rows of the partition again.', 'Or leave the column out: `exclude` of the home.'],
  },
  'HYG-3804': {
    title: 'A deletion vector of a Delta table is damaged',
    meaning:
      'A deletion vector lists the deleted rows of a file. Its bytes do not fit its checksum, its size, its number of rows or its file, so hygge can’t know which rows are deleted.',
    tryThis: [
      'Restore the file of the vector from a copy.',
      'Or read an older version of the table, from before the vector.',
      'Or let the owner restore the table to a version before the vector.',
    ],
  },
  'HYG-3805': {
    title: 'A deletion vector of a Delta table is missing',
    meaning:
      'The log names a file that lists the deleted rows of a data file, but this file is missing. Without this file, deleted rows would be read.',
    why: 'The file was deleted by hand or by a clean-up that ran too early, or the table was copied without it.',
    tryThis: ['Restore the file from a copy.', 'Run again: a newer version of the table may not need the file.'],
  },
  'HYG-3806': {
    title: 'A data file of a Delta table differs from the log',
    meaning:
      'The size of the file, or its number of rows, is not the one in the log. So the rows of the file are not the rows of the table.',
    why: 'The file was written over after its commit, or copied incompletely. Files of a Delta table never change.',
    tryThis: ['Restore the file from a copy.', 'Or let the owner of the table write the rows again.'],
  },
  'HYG-3807': {
    title: 'A data file of a Delta table has another type than the table',
    meaning: 'A column of the file has a type, or a value, that the type of the table cannot contain exactly.',
    tryThis: ['Leave the column out: `exclude` of the home.', 'Or write the rows of the file again.'],
  },
  'HYG-3808': {
    title: 'A data file of a Delta table has no field ids',
    meaning: 'The table maps its columns by id, and the file has no ids. All of its values would be read as nulls.',
    tryThis: ['Write the rows of the file again with a program that writes field ids, such as Spark.'],
  },
  'HYG-3809': {
    title: 'A data file of a Delta table lacks a column that is NOT NULL',
    meaning: 'The table requires a value of the column in each row, but the file, or its entry in the log, has none.',
    tryThis: ['Leave the column out: `exclude` of the home.', 'Or write the rows of the file again.'],
  },
} satisfies Codes;
