import type { Codes } from './entry.ts';

/** Why a source can't be read. */
export const homeCodes = {
  'HYG-3101': {
    title: 'Not a parquet file',
    meaning: 'The file does not begin and end with the marks of a parquet file, so it is of another kind whatever its name says.',
    why: 'Something else was given the ending .parquet, or the pattern matches more than parquet files.',
    tryThis: ['Look at what wrote it.', 'Narrow the path or file_pattern of the home so that it matches parquet files only.'],
  },
  'HYG-3102': {
    title: 'The file is empty',
    meaning: 'A file of 0 bytes is not a parquet file without rows (that has a footer): most often its writer was interrupted.',
    why: 'The program that wrote it was interrupted, or has only just begun.',
    tryThis: ['Remove the file, or write it again.', 'If it is being written right now, run again when its writer has finished.'],
  },
  'HYG-3103': {
    title: 'The parquet file is torn',
    meaning: 'It begins like a parquet file but its end is missing: an upload or copy was cut short, or its writer is still at work.',
    why: 'An upload or copy was cut short, or the file is still being written.',
    tryThis: ['Copy or write the file again.', 'If it is being written right now, run again when its writer has finished.'],
  },
  'HYG-3104': {
    title: 'The parquet footer is damaged',
    meaning: 'The footer says things that cannot be true of the file, so nothing in it can be trusted.',
    why: 'The file was changed after it was written: a faulty disk, a transfer in text mode, a program with a defect.',
    tryThis: ['Copy the file again from where it came from.', 'Write it again.'],
  },
  'HYG-3105': {
    title: 'Data in the parquet file is damaged',
    meaning: 'The footer is fine, but a page of data cannot be decoded.',
    why: 'A faulty disk or transfer, or the file was replaced while it was read.',
    tryThis: [
      'Copy the file again from where it came from.',
      'Write it again.',
      'If it was replaced or written while it was read, run again.',
    ],
  },
  'HYG-3106': {
    title: 'A column type that would lose data',
    meaning: 'The file holds a type that cannot be carried over without changing its values.',
    why: 'The file holds something that parquet or hygge has no exact type for.',
    tryThis: ['Leave the column out with exclude.', 'Write the file with another type for it.'],
  },
  'HYG-3107': {
    title: 'No such column in the file',
    meaning: 'A column that the configuration names is not in the file.',
    why: 'A column is misspelt, or this file is older or newer than the others.',
    tryThis: ['Check the spelling, upper and lower case included.'],
  },
  'HYG-3108': {
    title: 'The parquet file is encrypted',
    meaning: 'Its columns or footer are encrypted, and hygge has no keys.',
    why: 'The program that wrote it encrypts its files.',
    tryThis: ['Write the file without parquet encryption.'],
  },
  'HYG-3109': {
    title: 'Column names that cannot be distinguished',
    meaning: 'Two columns have the same name, or a name reads like a pattern, so a value could end up under the wrong one.',
    why: 'A query joined two tables with a column of the same name, and its result was written as it came.',
    tryThis: ['Write the file with distinct column names.'],
  },
  'HYG-3110': {
    title: 'The column cannot be a watermark',
    meaning: 'A watermark needs values with an exact order and an exact text: integers, decimals, dates, timestamps, text or uuids.',
    why: 'The column holds floating-point numbers, true and false, or lists: nothing that says exactly how far a run came.',
    tryThis: ['Choose another column for watermark.column.'],
  },
  'HYG-3111': {
    title: 'Not a value of the watermark column',
    meaning: 'What is written for watermark.initial cannot be read as a value of the column’s type.',
    why: '`watermark.initial`, or the value given to `reset --watermark`, is written in another form than the column.',
    tryThis: ['Write it as the column’s type is written: 2024-01-01, 2024-01-01T10:00:00Z, 42.'],
  },
  'HYG-3112': {
    title: 'Files disagree about a type',
    meaning: 'The column has another type in this file than in the others that are read with it.',
    why: 'The program that writes the files changed the type of a column at some time.',
    tryThis: ['Narrow the path or file_pattern so that it matches files of one kind.', 'Write the file again with the type of the others.'],
  },
  'HYG-3201': {
    title: 'Nothing to read',
    meaning: 'The path of a home leads to no file. An empty folder is not taken for an empty table: that would empty the destination.',
    why: 'The path is misspelt, the files have not come yet, or they were moved away.',
    tryThis: ['Check the path.'],
  },
  'HYG-3202': {
    title: 'A source file is gone',
    meaning: 'It was there when the run was planned.',
    why: 'Something moves or deletes files of the source while hygge reads them.',
    tryThis: ['Run again: nothing was settled.'],
  },
  'HYG-3203': {
    title: 'A source file changed while it was read',
    meaning: 'Rows of two versions of a file must not settle together.',
    why: 'The source was still being written when the run began.',
    tryThis: ['Run again when the file is complete.'],
  },
  'HYG-3204': {
    title: 'Source files of different shape',
    meaning: 'The files of one entity have different columns or types.',
    why: 'Files of several tables are in one folder, or the columns changed from one day to the next.',
    tryThis: ['Move them in entities of their own, or leave the differing columns out.'],
  },
  'HYG-3205': {
    title: 'No such column',
    meaning: '`columns` or `exclude` names a column that the source does not have.',
    why: 'A column is misspelt, or was renamed in the source.',
    tryThis: ['Correct the name.'],
  },
  'HYG-3206': {
    title: 'A lag needs a time',
    meaning: '`watermark.lag` holds back rows younger than so long; the watermark column holds neither timestamps nor dates.',
    why: '`lag` was set for a watermark that counts instead of telling the time.',
    tryThis: ['Take watermark.lag away, or choose a column with a timestamp or date.'],
  },
  'HYG-3207': {
    title: 'Files in folders of different keys',
    meaning: 'Folders named key=value are read as columns, but not every file of the home is in such a folder.',
    why: 'A file was put next to the folders of a partitioned table, or one folder down is missing.',
    tryThis: [
      'Move the file into such a folder, or narrow the path of the home.',
      'Allow rows without these columns with `differing_files: unify`, or read no columns from folders with `hive_partitions: false`.',
    ],
  },
  'HYG-3208': {
    title: 'A column is in files and in folders',
    meaning: 'A column that is read from the names of folders is in a file as well, and the two may differ.',
    why: 'The program that writes the files began to keep the column of its folders in the files too.',
    tryThis: ['Leave the column out of `hive_partitions`, or write the files without it.'],
  },
  'HYG-3209': {
    title: 'The name of a folder is not a value of its column',
    meaning: 'The text behind the = of a folder named key=value is not a value of the column’s type.',
    why: 'All folders had numbers or dates so far, and a new one has another text.',
    tryThis: ['Read it as text with `hive_partitions: {column: string}`, or decide again with `hygge reset`.'],
  },
  'HYG-3210': {
    title: 'A record is not like those that were looked at',
    meaning:
      'A large file of JSON tells its columns only by its records. A run looks at some of them, spread over the file, and reads. If a record then has another name or kind of value, the run looks at all of them and reads again.',
    why: 'The program that writes the records began to write another name, or wrote fractions where there were only whole numbers before.',
    tryThis: [
      'Nothing: it is a notice, and the run continues by itself.',
      'Say the types in `types`, if you want to spare it the second look.',
    ],
  },
  'HYG-3211': {
    title: 'INT96 timestamps beyond nanoseconds',
    meaning:
      'INT96, the timestamp that Spark, Hive and Impala write, reaches further than nanoseconds in 64 bits do: 1677 to 2262. A day such as 9999-12-31 is outside.',
    why: 'Spark writes timestamps as INT96 by default, and 9999-12-31 means "never" in many tables.',
    tryThis: ['Read them as microseconds, which reach it: `home: { int96: microseconds }`.', 'Leave the column out with exclude.'],
  },
  'HYG-3212': {
    title: 'INT96 timestamps finer than microseconds',
    meaning: '`int96: microseconds` reads them as microseconds, and a value has digits below that would be lost.',
    why: 'The file was written by another program than Spark, whose timestamps have no digits below microseconds.',
    tryThis: ['Read them as nanoseconds: take `int96` away.', 'Leave the column out with exclude.'],
  },
  'HYG-3214': {
    title: 'An entity that is not found any more',
    meaning:
      'A flow with `entities: "*"` has settled it before, and its home has nothing of that name now. It was dropped or renamed, or the role may no longer read it. Continuing without it would leave what settled to grow old without a word.',
    why: 'A table was dropped or renamed, a folder was removed, or a right was taken away.',
    tryThis: [
      'Give the right back, or the table its name.',
      'If it is gone permanently: `entities: { exclude: [NAME] }`. What settled stays unchanged.',
    ],
  },
  'HYG-3213': {
    title: 'A condition that the rows do not go with',
    meaning: '`home.where` of files names a column that is not there, compares what can not be compared, or is not a condition.',
    why: 'A column is misspelt or has another type than the condition thinks; or the condition is written in the words of another database.',
    tryThis: ['Correct it; the message has the words of Polars, and the columns there are.'],
  },
  'HYG-3215': {
    title: 'A null in a column that the home declares without nulls',
    meaning: '`home.not_null` of files names a column that has a value in each row, and a row that was read has none. Nothing was settled.',
    why: 'A program began to leave the value out, or a file of another shape came into the folder.',
    tryThis: [
      'Correct the file; the message names column, row and file.',
      'Or leave such rows out with `home.where`, or take the column out of `not_null`.',
    ],
  },
  'HYG-3315': {
    title: 'The source is being filled by hygge',
    meaning:
      'The home is in a folder that an entity of hygge settles in, and its first commit has not ended, or one commit followed another while the folder was listed. Which files are there is chance then.',
    why: 'One flow reads what another one settles, and both run at the same time; or the other was killed in its first commit.',
    tryThis: ['Run it again when the run that fills the folder has ended.', 'If that run was killed, run it again first.'],
  },
  'HYG-3313': {
    title: 'Column names that differ only in upper and lower case',
    meaning:
      'What is `id` elsewhere, or in a contract, is `ID` here. It would settle as a second column, and half of the rows would be null in each.',
    why: 'The program that writes the files, or the database behind it, began to write its names in capitals.',
    tryThis: [
      'Write the files, or the contract, with the same names.',
      'If it is the same column under a new name: `migrations: [{ rename: { ID: id } }]`.',
      'If it is another column, `hygge schema accept`.',
    ],
  },
} as const satisfies Codes;
