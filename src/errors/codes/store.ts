import type { Codes } from './entry.ts';

/** Errors of files that can not be written or read, on all file systems. */
export const storeCodes = {
  'HYG-4001': {
    title: 'Not a usable path',
    meaning:
      'A path that hygge would write or read is absolute, leads upwards, contains control characters or has a name longer than 255 bytes.',
    tryThis: ['Rename the entity, partition value or file that the path is made from.'],
  },
  'HYG-4002': {
    title: 'The disk is full',
    meaning: 'The disk or the quota is full. Settled rows are unchanged, and the next run removes unfinished parts.',
    tryThis: ['Free some space or raise the quota, then run again.', 'Settle somewhere else: change `store.path`.'],
  },
  'HYG-4003': {
    title: 'No permission',
    meaning: 'The operating system does not allow hygge to read or write this path.',
    tryThis: ['Give the user that runs hygge the right to read and write in that folder.', 'Run hygge as the user who owns the folder.'],
  },
  'HYG-4004': {
    title: 'Read-only file system',
    meaning: 'The destination is mounted for reading only.',
    tryThis: ['Mount it for writing, or settle somewhere else: change `store.path`.'],
  },
  'HYG-4005': {
    title: 'A file and a folder have the same path',
    meaning: 'A path needs a folder where a file exists, or a file where a folder exists.',
    tryThis: ['Move the existing file or folder away. The message names its path.'],
  },
  'HYG-4006': {
    title: 'The disk failed',
    meaning: 'The operating system reported an error of the disk or mount itself.',
    why: 'A disk fails, or a network share is no longer available.',
    tryThis: ["Look at the disk or mount in the system's log, then run again."],
  },
  'HYG-4007': {
    title: 'Too many open files',
    meaning: 'The limit of open files of the process or the machine is reached.',
    tryThis: ['Lower `concurrency`, or raise the limit (`ulimit -n`).'],
  },
  'HYG-4008': {
    title: 'The path is too long',
    meaning: 'The whole path is longer than the file system allows.',
    tryThis: ['Move the workspace or the destination into a folder with a shorter path, or shorten the name of the entity.'],
  },
  'HYG-4009': {
    title: 'A lock is not released',
    meaning: 'A small file is swapped under a lock that normally lasts a millisecond. Another process holds the lock for half a minute.',
    tryThis: ['Find the suspended hygge process, and continue or end it. Then run again.'],
  },
  'HYG-4010': {
    title: 'A lock file cannot be used',
    meaning: 'The file `.hygge-lock` of a folder is damaged, or its file system has no locks.',
    tryThis: ['Remove the file while no hygge process runs. The file never has any content.', 'Keep the folder on a disk of this machine.'],
  },
  'HYG-4011': {
    title: 'No scratch folder',
    meaning: 'hygge needs a folder for temporary files while it converts data, and cannot create it.',
    why: 'The folder for temporary files is full, read-only or missing, as it may be in a container.',
    tryThis: ['Set HYGGE_SCRATCH to a folder on a local disk with some gigabytes free that hygge may write to.'],
  },
  'HYG-4012': {
    title: 'A store on two mounts',
    meaning:
      'Staged files are on another mount than the folder in which they are published. hygge found this before the commit was decided, so nothing was published.',
    why: 'A folder inside the store, next to its `_hygge` folder, is a mounted disk or a link.',
    tryThis: [
      'Keep the whole store on one mount, including its `_hygge` folder.',
      'Or settle in a folder of one mount: change `store.path`.',
    ],
  },
  'HYG-4016': {
    title: 'A key that occurs twice',
    meaning:
      'Two different rows of the source have the same `watermark.key` and the same watermark. hygge cannot know which of them is current.',
    tryThis: ['Name more columns in `watermark.key`, or correct the rows in the source.'],
  },
  'HYG-4101': {
    title: 'The record of settled files cannot be read',
    meaning: '`current.json` of the destination is damaged, so hygge does not know which files are settled.',
    tryThis: ['Restore the file from a backup, or settle in another folder.'],
  },
  'HYG-4102': {
    title: 'The destination was written by a newer hygge',
    meaning: 'The record of the destination has a version that this hygge does not know.',
    tryThis: ['Upgrade hygge.'],
  },
  'HYG-4103': {
    title: 'Nothing settled is left',
    meaning: 'All files of the last commit are gone, so there is nothing to take over.',
    tryThis: ['Put the files back, or load everything again with `hygge reset`.'],
  },
  'HYG-4104': {
    title: 'The new name has commits of its own',
    meaning: 'An entity cannot take over the record of another one, because it has a record of its own.',
    tryThis: ['Move to a name that has never settled in this destination.'],
  },
  'HYG-4105': {
    title: 'Rows of a changed file share files with other rows',
    meaning:
      'With `changed_files: replace` a run removes the earlier rows of a changed source file. These rows share files with rows of other source files, because they settled before that setting.',
    tryThis: ['Load everything again once with `hygge go -d -e <flow>.<entity>`. From then on, each source file keeps its own parts.'],
  },
  'HYG-4106': {
    title: 'Not a column to partition by',
    meaning:
      'A column of `partition_by` does not settle, or its values cannot be names of folders. Or no other column is left for the files.',
    tryThis: ['Name other columns in `partition_by`.'],
  },
  'HYG-4107': {
    title: 'A value too long for a folder',
    meaning: 'A value of a column of `partition_by` would name a folder, but has more bytes than file systems allow in a name.',
    tryThis: ['Partition by another column.'],
  },
  'HYG-4108': {
    title: 'Too many partitions',
    meaning: 'One run would create more than 10,000 partitions, each a folder with its own files.',
    tryThis: ['Partition by a column with fewer values, such as a date instead of an instant, or leave `partition_by` out.'],
  },
  'HYG-4109': {
    title: 'Another layout than what settled',
    meaning:
      '`partition_by`, `format` or the `compression` of text files changed after rows had settled. New files would have another form than the existing ones, and readers could not read both together.',
    tryThis: [
      'Load everything again once with `hygge go -d -e <flow>.<entity>`, or set `partition_by`, `format` or `compression` back to the earlier value.',
    ],
  },
  'HYG-4110': {
    title: 'Rows of a settled file cannot be separated',
    meaning:
      'A run replaces a range of rows. A file with some of these rows has changed since it settled, or its rows cannot be distinguished.',
    why: 'Someone edited or compressed a settled file, or the destination was taken over with files of another type.',
    tryThis: ['Restore the earlier file, or load everything again: `hygge reset …`, then `hygge go`.'],
  },
  'HYG-4111': {
    title: 'A file of the landing zone has an unexpected number',
    meaning: 'A file in the landing zone of a mirrored table has a number that hygge did not assign, or its name is not a number.',
    tryThis: ['Stop the other publisher, and give the entity a table of its own.'],
  },
  'HYG-4112': {
    title: 'A numbered file of the landing zone is missing',
    meaning:
      'A numbered file in the landing zone of a mirrored table disappeared before Fabric read it, or the folder was deleted. Fabric waits for this file.',
    tryThis: ['Restore the earlier file, or load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4113': {
    title: 'Other metadata in the landing zone',
    meaning:
      'The `_metadata.json` of a mirrored table names other keys, or another way to detect files, than the entity has. In Fabric, the keys of a table can never change.',
    tryThis: ['Set the keys back, or load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4114': {
    title: 'Rows of a mirrored table cannot be replaced',
    meaning: 'A published file of a landing zone is final: Fabric may have applied its rows.',
    tryThis: [
      'Delete the folder of the table, wait until the table is gone from the mirrored database, then `hygge reset FLOW.ENTITY`, then `hygge go`.',
    ],
  },
  'HYG-4115': {
    title: 'Different keys for a mirrored table',
    meaning: '`key_columns` or `row_marker` of the store contradicts the key of the entity.',
    tryThis: ['Write the key in `watermark.key`, and leave `key_columns` and `row_marker` out.'],
  },
  'HYG-4116': {
    title: 'A column of a mirrored table has another type',
    meaning: 'A column of the source has a type that does not fit into the column of the mirrored table. Nothing was published.',
    tryThis: [
      'Settle the new values in a separate column with `schema_evolution: { type_changes: new_column }`, or load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.',
    ],
  },
  'HYG-4117': {
    title: 'Rewritten files have other rows',
    meaning:
      'A compaction read its new files, and their rows differ from those of the settled files. Nothing was committed, and the settled files are unchanged.',
    why: 'hygge has a defect, or the memory or the disk changed the written data.',
    tryThis: ['Check the settled files with `hygge verify --settled`, and report the error with the columns and their types.'],
  },
  'HYG-4119': {
    title: 'Fabric is not ready for new rows of a mirrored table',
    meaning: 'A mirrored table is loaded again. Fabric has not removed the old table yet, or has not created the new one.',
    why: 'The replication is stopped or paused, another writer made the folder of the table again, or Fabric takes longer than six hours.',
    tryThis: ['In Fabric, do what the message says. Then run `hygge go`, which continues from where it was.'],
  },
  'HYG-4120': {
    title: 'The keys of a mirrored table are not known',
    meaning:
      '`deletes: { compare }` compares the keys of the source with the keys that hygge published to a mirrored table. hygge does not know the keys of some rows. No row was removed.',
    tryThis: ['Load the table again once, which keeps the keys of all rows: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4121': {
    title: 'A commit of a mirrored table may be published only in part',
    meaning:
      'Some files of a decided commit may be in the mirrored table, and the others cannot be published. A file number is never used twice, so the table has to be created again.',
    why: 'A run was killed while it published, and no run followed for more than six days. Fabric then removes the files that it has read. Or staged files were deleted by hand.',
    tryThis: ['Give the commit up with `hygge reset FLOW.ENTITY --discard`. The next `hygge go` makes the table again.'],
  },
  'HYG-4122': {
    title: 'A mirrored table has other columns',
    meaning:
      'The Delta table that Fabric made of the published files has columns that hygge has not settled, or columns of another type. So the table cannot be compared with the source.',
    tryThis: ['Check which program writes to the Delta table, then load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4305': {
    title: 'A file behind a link cannot be removed',
    meaning:
      'A run replaces a file that is behind a linked folder. hygge never removes files behind a link, and it cannot remove the link while other files behind it stay.',
    tryThis: ['Remove the link from the destination, or put the files in its place. Then run again.'],
  },
} as const satisfies Codes;
