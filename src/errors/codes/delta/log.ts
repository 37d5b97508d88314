import type { Codes } from '../entry.ts';

/** Why the log of a Delta table can not be read. */
export const deltaLogCodes = {
  'HYG-3701': {
    title: 'Not a Delta table',
    meaning: 'The folder has no `_delta_log` with a commit or a checkpoint, so hygge cannot know which files belong to a table.',
    tryThis: ['Set `path` to the folder that contains `_delta_log`.', 'Read plain files with `format: parquet`.'],
  },
  'HYG-3702': {
    title: 'The Delta log has a gap',
    meaning: 'A commit is missing, and no later checkpoint contains its changes. The changes of the missing commit are not known.',
    tryThis: ['Restore the missing file, or copy the whole table again.', 'Write the table again from its source.'],
  },
  'HYG-3703': {
    title: 'The Delta version was cleaned up',
    meaning: 'The log does not reach back to this version, because its writers remove old commits after the retention time of the log.',
    tryThis: ['Choose a newer version or time.', 'Raise delta.logRetentionDuration, so that later versions stay longer.'],
  },
  'HYG-3704': {
    title: 'The Delta table has no such version',
    meaning: 'The version is newer than the newest one, or the time is before the first version or in the future.',
    tryThis: ['Choose a version or a time of the table’s history.', 'Leave out `version` and `timestamp` to read the newest version.'],
  },
  'HYG-3705': {
    title: 'A commit of the Delta log can’t be read',
    meaning:
      'A file of `_delta_log` does not have one JSON object per line, or is cut short. Or an action in the file lacks a value that the protocol requires.',
    tryThis: ['Run again when the writer has finished.', 'If the table is a copy, restore the file from the original.'],
  },
  'HYG-3706': {
    title: 'A checkpoint of the Delta log can’t be read',
    meaning: 'A checkpoint is damaged or incomplete, and some of the commits that could replace it are missing.',
    tryThis: ['Restore the file, or copy the whole table again.', 'Let a writer of the table make a new checkpoint.'],
  },
  'HYG-3707': {
    title: 'The Delta log contradicts itself',
    meaning:
      'Two statements in the log can’t both be true, so it is not certain which rows the table has. Other readers disagree about such a log.',
    why: 'A program with a defect wrote the commit, or a person edited the log.',
    tryThis: ['Read an older version with `version`.', 'Restore the table to an older version with its writer, such as RESTORE in Spark.'],
  },
  'HYG-3708': {
    title: 'The Delta table needs a feature that hygge lacks',
    meaning: 'The table’s protocol requires a feature of its readers that hygge does not have. Without it, rows could be missing or wrong.',
    tryThis: [
      'Remove the feature from the table: ALTER TABLE … DROP FEATURE … in Spark.',
      'Read the table through another engine, such as SQL.',
    ],
  },
  'HYG-3709': {
    title: 'The metadata of the Delta table can’t be read',
    meaning:
      'The log’s description of the table (its schema, its partition columns, the format of its files) does not follow the protocol.',
    why: 'A program with a defect wrote this description, or a person edited the log.',
    tryThis: ['Read an older version with `version`.', 'Write the table again from its source.'],
  },
  'HYG-3710': {
    title: 'A file of the Delta table is elsewhere',
    meaning:
      'The log names a file outside of the table’s account and container, or by an unusable address. hygge sends its credentials to no other host.',
    why: 'The table is a shallow clone of a table elsewhere, or the log was edited by hand.',
    tryThis: ['Make a deep clone of the table: CREATE TABLE … CLONE in Spark.', 'Check which program wrote the path into the log.'],
  },
  'HYG-3711': {
    title: 'The Delta log does not show the time of a version',
    meaning: 'The table keeps the time of each version in its commits, but a commit lacks its time. So a version can’t be found by time.',
    why: 'A program that does not know in-commit timestamps wrote the commit.',
    tryThis: ['Choose the version by its number: `version`.'],
  },
  'HYG-3712': {
    title: 'The Delta log changed while it was read',
    meaning: 'Several times in a row, files of `_delta_log` existed when hygge listed the log, but not when hygge read them.',
    why: 'The log is being cleaned up, or the table was dropped or made again.',
    tryThis: ['Run again.'],
  },
} as const satisfies Codes;
