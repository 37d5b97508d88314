import type { Codes } from './entry.ts';

/** Errors of a state that can not be trusted or reached. Each error stops a run before the run reads or writes data. */
export const stateCodes = {
  'HYG-5001': {
    title: 'The state is damaged',
    meaning: 'The state of an entity is incomplete, empty, or was edited and is now invalid. hygge never guesses a watermark.',
    tryThis: [
      'Put the file (or the row) back from a backup.',
      'Or move the file or row away and run `hygge reset … --adopt`: hygge adopts the destination.',
    ],
  },
  'HYG-5002': {
    title: 'Written by a newer hygge',
    meaning: 'The state or the journal has a format that this version does not know.',
    why: 'Machines with different versions share a state folder, or hygge was downgraded.',
    tryThis: ['Upgrade hygge to the version that wrote this format, or newer.'],
  },
  'HYG-5003': {
    title: 'Not a state of hygge',
    meaning: 'The place of the state of an entity has other content.',
    tryThis: [
      'Put the file back from a backup.',
      'Or move the file or row away and run `hygge reset … --adopt`: hygge adopts the destination.',
    ],
  },
  'HYG-5004': {
    title: "Another entity's state",
    meaning:
      'The file or row names another entity as its owner. It was copied or renamed. Or only the case of the entity’s name changed, on a disk that ignores case.',
    tryThis: ['Rename the entity back to the name in the file.', 'Or move the file away and run `hygge reset … --adopt`.'],
  },
  'HYG-5005': {
    title: 'A stored object is damaged',
    meaning: 'A plan, receipt, intent or schema of hygge differs from what hygge wrote.',
    tryThis: ['Put the file back from a backup.', 'Or move it away and run again. hygge then reports how to continue without it.'],
  },
  'HYG-5006': {
    title: 'A record is missing from the state',
    meaning: 'The state of an entity refers to a missing object: a decided commit, a list of files or a schema.',
    why: 'Someone deleted files in `.hygge`, or restored only a part of it.',
    tryThis: ['Restore the object from a backup, or abandon it with `hygge reset` in the form that the message names.'],
  },
  'HYG-5007': {
    title: 'Too large for a row',
    meaning:
      'A row of Table Storage holds at most 1 MiB, and a summary on the run board 4 kB. hygge does not write larger rows or summaries.',
    why: 'A glob or query has hundreds of kilobytes, or thousands of backfill lanes never ended.',
    tryThis: ['Find the large part: `hygge state show`.', 'Shorten the paths, globs or queries of home and store that this command shows.'],
  },
  'HYG-5008': {
    title: 'The state cannot be reached',
    meaning:
      'The storage account or database of the state does not answer, or answers as another service. hygge retried before this error. Nothing was decided without the state.',
    tryThis: ['Try again in a moment.', 'Check `state:` in hygge.yml, the network and the firewall of the account: `hygge debug`.'],
  },
  'HYG-5009': {
    title: 'No right to the state',
    meaning: 'The identity, key, SAS or role of hygge may not read or write the tables or the container of the state.',
    why: 'A role is missing: Owner and Contributor of an account do not include the right to its data. Or a key was renewed.',
    tryThis: [
      'In a database: have an administrator run the SQL of `hygge generate ddl --metadata`.',
      'Give the identity Storage Table Data Contributor and Storage Blob Data Contributor on the storage account.',
      'With a connection string: check that its key was not renewed.',
    ],
  },
  'HYG-5010': {
    title: 'The storage does not keep conditional writes',
    meaning:
      'hygge tested the storage before it wrote the first state there. The storage wrote an object although the condition of the write was false. Two concurrent runs could overwrite each other’s state.',
    tryThis: [
      'Keep the state elsewhere: `state: { type: table_storage }`, or `state: { type: files }` for one machine.',
      'Or use a version of the service that supports If-Match and If-None-Match.',
    ],
  },
  'HYG-5020': {
    title: 'The database refuses a statement of the state',
    meaning: 'The database of the state reported a permanent error that is not about rights. The message has its text.',
    tryThis: ['Check the cause in the message: a full disk, a read-only database, or a table that hygge did not create in this form.'],
  },
  'HYG-5031': {
    title: 'The list of entities of a run is gone',
    meaning:
      'If a flow has `entities: "*"`, a run of the function app moves the entities that it found when it began. That list is kept with the state, and is missing now.',
    tryThis: ['Start the flow again. It lists the entities again, and first finishes decided commits.'],
  },
  'HYG-5030': {
    title: 'There is no log of that run',
    meaning:
      '`journal --run … --log` shows the log of a run. If the state is in files, logs are next to the journal on the machine that ran, and are kept as long as the journal.',
    tryThis: ['`hygge journal --run …` shows the result of the run on any machine.'],
  },
  'HYG-5021': {
    title: 'The tables of the state are missing',
    meaning: 'The state is in a database, but its tables do not exist. The role of hygge may not create them.',
    tryThis: ['Have an administrator run the SQL of `hygge generate ddl --metadata`.'],
  },
} as const satisfies Codes;
