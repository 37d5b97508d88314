import type { Codes } from './entry.ts';

/** Files that can't be written or read, on whatever file system. */
export const storeCodes = {
  'HYG-4001': {
    title: 'Not a usable path',
    meaning:
      'A path that hygge would write or read is absolute, leads upwards, holds control characters or has a name longer than 255 bytes.',
    why: 'An entity, a partition value or a file has a name that a file system cannot take.',
    tryThis: ['Rename the entity, partition value or file that the path is made from.'],
  },
  'HYG-4002': {
    title: 'The disk is full',
    meaning: 'There is no room (or no quota) left. What was settled before is untouched; the unfinished parts are removed by the next run.',
    why: 'The disk or the quota is used up, by hygge or by something else.',
    tryThis: ['Free some space or raise the quota, then run again.', 'Settle somewhere else: change `store.path`.'],
  },
  'HYG-4003': {
    title: 'No permission',
    meaning: 'The operating system refused to let hygge read or write there.',
    why: 'hygge runs as another user than the one who owns the folder.',
    tryThis: ['Give the user that runs hygge the right to read and write in that folder.', 'Run hygge as the user who owns it.'],
  },
  'HYG-4004': {
    title: 'Read-only file system',
    meaning: 'The destination is mounted for reading only.',
    why: 'A share or a container mounts the folder for reading only.',
    tryThis: ['Mount it for writing, or settle somewhere else: change `store.path`.'],
  },
  'HYG-4005': {
    title: 'A file is in the way of a folder',
    meaning: 'A path needs a folder where a file is, or a file where a folder is.',
    why: 'Something else of that name is in the destination.',
    tryThis: ['Move away what is in the way; the message names the path.'],
  },
  'HYG-4006': {
    title: 'The disk failed',
    meaning: 'The operating system reported an error of the disk or mount itself.',
    why: 'A disk is failing, or a network share went away.',
    tryThis: ["Look at the disk or mount in the system's log, then run again."],
  },
  'HYG-4007': {
    title: 'Too many open files',
    meaning: 'The limit of open files of the process or the machine is reached.',
    why: 'Many entities run at once, or the limit of the process is low.',
    tryThis: ['Lower `concurrency`, or raise the limit (`ulimit -n`).'],
  },
  'HYG-4008': {
    title: 'The path is too long',
    meaning: 'The whole path is longer than the file system takes.',
    why: 'A deep folder and a long name together are longer than the file system takes.',
    tryThis: ['Move the workspace or the destination into a folder with a shorter path, or shorten the name of the entity.'],
  },
  'HYG-4009': {
    title: 'A lock is held for too long',
    meaning: 'A small file is swapped under a lock that is held for a millisecond at a time. Someone holds it for half a minute.',
    why: 'A hygge was suspended (Ctrl-Z, a paused container) at an unlucky moment.',
    tryThis: ['Look for a suspended hygge process and let it continue or end it, then run again.'],
  },
  'HYG-4010': {
    title: 'A lock file cannot be used',
    meaning: 'The file `.hygge-lock` of a folder is damaged, or its file system has no locks.',
    why: 'The file was edited, or the folder is on a network share without locks.',
    tryThis: ['Remove that file while no hygge is running: it never holds anything.', 'Keep the folder on a disk of this machine.'],
  },
  'HYG-4011': {
    title: 'No scratch folder',
    meaning: 'hygge needs a folder for passing files while it converts data, and cannot make one.',
    why: 'The folder for temporary files is full, read-only or missing, as it may be in a container.',
    tryThis: ['Set HYGGE_SCRATCH to a folder on a local disk with some gigabytes free that hygge may write to.'],
  },
  'HYG-4012': {
    title: 'A store on two mounts',
    meaning:
      'What is staged is on another mount than the folder that it is to be published in. Found before anything is decided: nothing was published.',
    why: 'A disk was mounted, or a link was put, at a folder inside the store, next to its `_hygge` folder.',
    tryThis: [
      'Have the whole store on one mount, its `_hygge` folder included, not a folder inside it.',
      'Or settle in a folder of one mount: change `store.path`.',
    ],
  },
  'HYG-4016': {
    title: 'A key that occurs twice',
    meaning: 'Two different rows of the source have the same `watermark.key` and the same watermark: nothing says which of them counts.',
    why: '`watermark.key` names fewer columns than it takes, or the source holds a row twice.',
    tryThis: ['Name more columns in `watermark.key`, or correct the rows in the source.'],
  },
  'HYG-4101': {
    title: 'The record of settled files cannot be read',
    meaning: 'current.json of a destination is damaged: no one knows which files are settled.',
    why: 'The file was edited, or a disk failed.',
    tryThis: ['Restore it from a backup, or settle in another folder.'],
  },
  'HYG-4102': {
    title: 'The destination was written by a newer hygge',
    meaning: 'Its record has a version that this hygge does not know.',
    why: 'A machine with a newer hygge works on the same destination.',
    tryThis: ['Upgrade hygge.'],
  },
  'HYG-4103': {
    title: 'Nothing settled is left',
    meaning: 'None of the files that the last commit lists is there any more, so there is nothing to take over.',
    why: 'The destination was emptied while its `_hygge` folder stayed.',
    tryThis: ['Put the files back, or load everything again with `hygge reset`.'],
  },
  'HYG-4104': {
    title: 'The place belongs to other commits',
    meaning: 'An entity was to take over the record of another, but has one of its own.',
    why: '`state mv` was given a name that settled something in the same store before.',
    tryThis: ['Move to a name that has never settled there.'],
  },
  'HYG-4105': {
    title: 'Rows of a changed file lie among those of others',
    meaning:
      'With `changed_files: replace` the earlier rows of a changed source file have to go. They share files with the rows of other source files, because they settled before that setting.',
    why: '`changed_files: replace` was set after rows of several files had settled together.',
    tryThis: ['Load everything again once with `hygge go -d -e <flow>.<entity>`: from then on each source file keeps its own parts.'],
  },
  'HYG-4106': {
    title: 'Not a column to partition by',
    meaning:
      'A column of `partition_by` is not there as data settles, has values that folders can not be named by, or leaves nothing for the files.',
    why: 'A column is misspelt in `partition_by`, or holds floating-point numbers, lists or bytes.',
    tryThis: ['Name other columns in `partition_by`.'],
  },
  'HYG-4107': {
    title: 'A value too long for a folder',
    meaning: 'A value of a column of `partition_by` would name a folder, but has more bytes than file systems take for a name.',
    why: 'Rows are partitioned by free text.',
    tryThis: ['Partition by another column.'],
  },
  'HYG-4108': {
    title: 'Too many partitions',
    meaning: 'One run would make more than 10,000 partitions, each a folder with files of its own.',
    why: 'Rows are partitioned by something that is nearly different in each row: a key, or an instant.',
    tryThis: ['Partition by a column with fewer values, such as a date instead of an instant, or leave `partition_by` out.'],
  },
  'HYG-4109': {
    title: 'Another layout than what settled',
    meaning:
      '`partition_by`, or the format of the files, changed, so the new files would have another form than the existing ones, and readers could not read both together.',
    why: '`partition_by` was set, changed or taken away after rows had settled, or the store got another `format`, or another `compression` of text files.',
    tryThis: [
      'Load everything again once with `hygge go -d -e <flow>.<entity>`, or set `partition_by`, `format` or `compression` back to what it was.',
    ],
  },
  'HYG-4110': {
    title: 'A settled file cannot be taken apart',
    meaning:
      'A range of rows is replaced, and a file that holds some of them has changed since it settled, or its rows can not be distinguished.',
    why: 'Someone edited or compressed a settled file, or the destination was taken over with files of another type.',
    tryThis: ['Restore the earlier file, or load everything again: `hygge reset …`, then `hygge go`.'],
  },
  'HYG-4111': {
    title: 'A number of the landing zone has other content',
    meaning: 'A file in the landing zone of a mirrored table has a number that hygge did not assign, or its name is not a number.',
    why: 'Another publisher writes to the same table, or a file was put there by hand.',
    tryThis: ['Stop the other publisher, and give the entity a table of its own.'],
  },
  'HYG-4112': {
    title: 'A number of the landing zone is missing',
    meaning:
      'A numbered file in the landing zone of a mirrored table is gone before Fabric took it, or the folder was deleted, so that Fabric waits for it.',
    why: 'The file was deleted or renamed by hand.',
    tryThis: ['Restore the earlier file, or load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4113': {
    title: 'Other metadata in the landing zone',
    meaning: 'The `_metadata.json` of a mirrored table names other keys, or another way to detect files, than the entity has.',
    why: 'The keys of the entity changed, or another publisher made the table. Fabric never lets the keys of a table change.',
    tryThis: ['Set the keys back, or load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4114': {
    title: 'Rows of a mirrored table cannot be replaced',
    meaning: 'A published file of a landing zone is final: Fabric may have applied its rows.',
    why: 'A full load of a table that is mirrored already was started where hygge can not ask Fabric whether the table is gone.',
    tryThis: [
      'Delete the folder of the table, wait until the table is gone from the mirrored database, then `hygge reset FLOW.ENTITY`, then `hygge go`.',
    ],
  },
  'HYG-4115': {
    title: 'Two keys for a mirrored table',
    meaning: '`key_columns` or `row_marker` of the store and the key of the entity do not mean the same.',
    why: '`key_columns` or `row_marker` came over from another config, and `watermark.key` is missing or names other columns. Fabric never lets the keys of a table change.',
    tryThis: ['Write the key in `watermark.key`, and leave `key_columns` and `row_marker` out.'],
  },
  'HYG-4116': {
    title: 'A column of a mirrored table has another type',
    meaning: 'A column of the source has a type whose values the column of the mirrored table does not hold. Nothing was published.',
    tryThis: [
      'Settle the new values in a column of their own with `schema_evolution: { type_changes: new_column }`, or load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.',
    ],
  },
  'HYG-4117': {
    title: 'Files rewritten have other rows',
    meaning:
      'A compaction read back what it had written, and the rows were not those of the settled files. Nothing was committed, and the settled files stay unchanged.',
    why: 'A defect of hygge, or memory or a disk that changes what is written.',
    tryThis: ['Check the settled files with `hygge verify --settled`, and report the error with the columns and their types.'],
  },
  'HYG-4119': {
    title: 'Fabric is not ready for new rows of a mirrored table',
    meaning: 'A mirrored table is loaded again, or was, and Fabric does not let go of the old one or does not make the new one.',
    why: 'The replication is stopped or paused, another writer made the folder of the table again, or Fabric takes longer than six hours.',
    tryThis: ['Do what the message says in Fabric, then `hygge go`: it continues from where it was.'],
  },
  'HYG-4120': {
    title: 'The keys of a mirrored table are not known',
    meaning:
      '`deletes: { compare }` compares the keys of the source with those that hygge published to a mirrored table, and keys of some rows are not known. No row was removed.',
    tryThis: ['Load the table again once, which keeps the keys of all rows: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4121': {
    title: 'A commit of a mirrored table was published in part, or may have been',
    meaning:
      'Some files of a decided commit are in the mirrored table, or may be, and the other files can not be published. A number never gets a second content, so the table has to be made again.',
    why: 'A run was killed while it published, and no run came for more than six days, after which Fabric removes what it took; or staged files were deleted by hand.',
    tryThis: ['Give the commit up with `hygge reset FLOW.ENTITY --discard`. The next `hygge go` makes the table again.'],
  },
  'HYG-4122': {
    title: 'A mirrored table has other columns',
    meaning:
      'The Delta table that Fabric made of the published files has columns that hygge has not settled, or columns of another type. It can not be compared with the source.',
    why: 'Another program writes to the landing zone or to the table, or the table in this place is another one.',
    tryThis: ['Look which program writes to it, then load the table again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4305': {
    title: 'A file behind a link would have to go',
    meaning:
      'A file is to be replaced that is behind a linked folder. What a link leads to is never removed, and the link can not go because other files behind it stay.',
    why: 'A folder of the destination was replaced by a link, and files that hygge did not put there were taken over through it.',
    tryThis: ['Take the link out of the destination, or put the files themselves in its place; then run again.'],
  },
} as const satisfies Codes;
