import type { Codes } from './entry.ts';

/** Why a source can not be read. */
export const homeCodes = {
  'HYG-3101': {
    title: 'Not a parquet file',
    meaning: 'The file does not begin and end with the marks of a parquet file. So the file has another format than its name says.',
    tryThis: [
      'Check the program that wrote the file.',
      'Narrow the path or file_pattern of the home so that it matches parquet files only.',
    ],
  },
  'HYG-3102': {
    title: 'The file is empty',
    meaning: 'A file of 0 bytes is not a parquet file: even one without rows has a footer. Most often the writer was interrupted.',
    tryThis: ['Remove the file, or write it again.', 'If a program is still writing the file, run again when it has finished.'],
  },
  'HYG-3103': {
    title: 'The parquet file is incomplete',
    meaning: 'The file begins like a parquet file, but its end is missing.',
    tryThis: ['Copy or write the file again.', 'If a program is still writing the file, run again when it has finished.'],
  },
  'HYG-3104': {
    title: 'The parquet footer is damaged',
    meaning: 'The footer contradicts the file, so nothing in the file can be trusted.',
    why: 'A faulty disk, a transfer in text mode or a faulty program changed the file.',
    tryThis: ['Copy the file again from its source.', 'Write it again.'],
  },
  'HYG-3105': {
    title: 'Data in the parquet file is damaged',
    meaning: 'The footer is intact, but a page of data cannot be decoded.',
    tryThis: ['Copy the file again from its source.', 'Write it again.', 'If the file was replaced or written during the read, run again.'],
  },
  'HYG-3106': {
    title: 'A column type that would lose data',
    meaning: 'The file has a column whose type cannot be read without changing its values.',
    tryThis: ['Leave the column out with exclude.', 'Write the file with another type for the column.'],
  },
  'HYG-3107': {
    title: 'No such column in the file',
    meaning: 'The file does not have a column that the configuration names.',
    tryThis: ['Check the spelling, upper and lower case included.'],
  },
  'HYG-3108': {
    title: 'The parquet file is encrypted',
    meaning: 'The columns or the footer are encrypted, and hygge has no keys.',
    tryThis: ['Write the file without parquet encryption.'],
  },
  'HYG-3109': {
    title: 'Column names that cannot be distinguished',
    meaning: 'Two columns have the same name, or a name looks like a pattern, so a value could settle in the wrong column.',
    tryThis: ['Write the file with distinct column names.'],
  },
  'HYG-3110': {
    title: 'The column cannot be a watermark',
    meaning: 'A watermark needs values with an exact order and an exact text: integers, decimals, dates, timestamps, text or uuids.',
    tryThis: ['Choose another column for watermark.column.'],
  },
  'HYG-3111': {
    title: 'Not a value of the watermark column',
    meaning: 'The given value is not a value of the type of the watermark column.',
    why: '`watermark.initial`, or the value of `reset --watermark`, has another form than the values of the column.',
    tryThis: ['Write the value in the form of the type: 2024-01-01, 2024-01-01T10:00:00Z, 42.'],
  },
  'HYG-3112': {
    title: 'Files disagree about a type',
    meaning: 'The column has another type in this file than in the others that are read with it.',
    tryThis: ['Narrow the path or file_pattern so that it matches files of one kind.', 'Write the file again with the type of the others.'],
  },
  'HYG-3201': {
    title: 'Nothing to read',
    meaning:
      'The path of the home leads to no file. hygge does not treat an empty folder as an empty table, because a full load would then empty the destination.',
    tryThis: ['Check the path.'],
  },
  'HYG-3202': {
    title: 'A source file is gone',
    meaning: 'The file existed when the run was planned.',
    why: 'Something moves or deletes files of the source while hygge reads them.',
    tryThis: ['Run again: nothing was settled.'],
  },
  'HYG-3203': {
    title: 'A source file changed while it was read',
    meaning: 'The file was written while it was read, and rows of two versions must not settle together.',
    tryThis: ['Run again when the file is complete.'],
  },
  'HYG-3204': {
    title: 'Source files of different shape',
    meaning: 'The files of one entity have different columns or types.',
    tryThis: ['Give the files of each shape an entity of their own, or leave the differing columns out.'],
  },
  'HYG-3205': {
    title: 'No such column',
    meaning: '`columns` or `exclude` names a column that the source does not have.',
    tryThis: ['Correct the name.'],
  },
  'HYG-3206': {
    title: 'A lag needs a time',
    meaning:
      '`watermark.lag` leaves rows for later that are younger than a duration. But the watermark column has neither timestamps nor dates.',
    tryThis: ['Remove watermark.lag, or choose a column with a timestamp or date.'],
  },
  'HYG-3207': {
    title: 'Files in folders of different keys',
    meaning: 'Folders named key=value are read as columns, but not every file of the home is in such a folder.',
    tryThis: [
      'Move the file into a folder named key=value, or narrow the path of the home.',
      'Allow rows without these columns with `differing_files: unify`, or read no columns from folders with `hive_partitions: false`.',
    ],
  },
  'HYG-3208': {
    title: 'A column is in files and in folders',
    meaning: 'A column is both in the names of folders and in a file, and its two values may differ.',
    tryThis: ['Leave the column out of `hive_partitions`, or write the files without it.'],
  },
  'HYG-3209': {
    title: 'The name of a folder is not a value of its column',
    meaning: 'The text behind the = of a folder named key=value is not a value of the column’s type.',
    tryThis: ['Read the column as text with `hive_partitions: {column: string}`, or decide the type again with `hygge reset`.'],
  },
  'HYG-3210': {
    title: 'A record differs from the sampled ones',
    meaning:
      'Only the records of a JSON file show its columns. A run samples some records of a large file first. If another record has a new name or kind of value, the run examines all records and reads again.',
    tryThis: ['Do nothing. This is a notice, and the run continues.', 'To avoid the second read, set the types in `types`.'],
  },
  'HYG-3211': {
    title: 'INT96 timestamps beyond nanoseconds',
    meaning:
      'INT96 is the timestamp that Spark, Hive and Impala write. It covers more years than nanoseconds in 64 bits, which cover 1677 to 2262. A day such as 9999-12-31 is outside of these years.',
    tryThis: ['Read the timestamps as microseconds: `home: { int96: microseconds }`.', 'Leave the column out with exclude.'],
  },
  'HYG-3212': {
    title: 'INT96 timestamps finer than microseconds',
    meaning: 'With `int96: microseconds`, timestamps are read as microseconds. A value has finer digits, which would be lost.',
    tryThis: ['Read the timestamps as nanoseconds: remove `int96`.', 'Leave the column out with exclude.'],
  },
  'HYG-3214': {
    title: 'An entity is no longer found',
    meaning:
      'A flow with `entities: "*"` settled the entity before, and its home has nothing with that name now. The entity was dropped or renamed, or the role may no longer read it. Without this error, the settled rows would become stale unnoticed.',
    tryThis: [
      'Grant the right again, or give the table its earlier name.',
      'If the entity is gone permanently: `entities: { exclude: [NAME] }`. Settled rows stay unchanged.',
    ],
  },
  'HYG-3213': {
    title: 'A condition that does not fit the rows',
    meaning: '`home.where` of files names a missing column, compares values that cannot be compared, or is not a condition.',
    tryThis: ['Correct the condition. The message has the error of Polars and the existing columns.'],
  },
  'HYG-3215': {
    title: 'A null in a column that the home declares without nulls',
    meaning: '`home.not_null` names a column that must have a value in each row, and a row has none. Nothing was settled.',
    tryThis: [
      'Correct the file. The message names the column, row and file.',
      'Or leave such rows out with `home.where`, or remove the column from `not_null`.',
    ],
  },
  'HYG-3315': {
    title: 'The source is being filled by hygge',
    meaning:
      'The home reads a folder that another entity of hygge settles in. The first commit in the folder has not ended, or a commit followed another while the folder was listed. The list of files is then unreliable.',
    tryThis: [
      'Run it again when the run that fills the folder has ended.',
      'If the run that fills the folder was killed, run it again first.',
    ],
  },
  'HYG-3313': {
    title: 'Column names that differ only in upper and lower case',
    meaning:
      'A column is `id` in other files or in the contract, and `ID` here. It would settle as a second column, and each of the two would be null in a part of the rows.',
    tryThis: [
      'Write the files, or the contract, with the same names.',
      'If it is the same column under a new name: `migrations: [{ rename: { ID: id } }]`.',
      'If it is another column: `hygge schema accept`.',
    ],
  },
} as const satisfies Codes;
