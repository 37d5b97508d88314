import type { Codes } from './entry.ts';

/** State that can't be trusted or reached. A run stops on each of these before it reads or writes data. */
export const stateCodes = {
  'HYG-5001': {
    title: 'The state is damaged',
    meaning: 'The state of an entity is torn, empty, or was edited into something that cannot be. hygge never guesses a watermark.',
    why: 'The file was edited, or restored only in part.',
    tryThis: [
      'Put the file (or the row) back from a backup.',
      'Or move it away and run `hygge reset … --adopt`: hygge adopts the destination.',
    ],
  },
  'HYG-5002': {
    title: 'Written by a newer hygge',
    meaning: 'State or journal have a format that this version does not know.',
    why: 'Machines with different versions share a state folder, or hygge was downgraded.',
    tryThis: ['Upgrade hygge to the version that wrote it, or newer.'],
  },
  'HYG-5003': {
    title: 'Not a state of hygge',
    meaning: 'Something else lies where the state of an entity belongs.',
    why: 'A file of that name was put there by something else, or was damaged beyond recognition.',
    tryThis: ['Put the file back from a backup.', 'Or move it away and run `hygge reset … --adopt`: hygge adopts the destination.'],
  },
  'HYG-5004': {
    title: "Another entity's state",
    meaning:
      'The file or row says that it belongs to another entity: it was copied or renamed, or the entity was renamed only in case on a disk that ignores case.',
    tryThis: ['Rename the entity back to what the file says.', 'Or move the file away and run `hygge reset … --adopt`.'],
  },
  'HYG-5005': {
    title: 'A stored object is damaged',
    meaning: 'A plan, receipt, intent or schema that hygge stored is not what was written.',
    why: 'A faulty disk, or something else wrote into `.hygge/objects`.',
    tryThis: ['Put the file back from a backup.', 'Or move it away and run again: hygge then says how to continue without it.'],
  },
  'HYG-5006': {
    title: 'A record is missing from the state',
    meaning: 'The state of an entity points at a stored object (a decided commit, a list of files, a schema) that is gone.',
    why: 'Someone tidied up in `.hygge`, or restored only a part of it.',
    tryThis: ['Restore it from a backup, or abandon it with `hygge reset` in the form that the message names.'],
  },
  'HYG-5007': {
    title: 'Too large for a row',
    meaning: 'Table Storage takes 1 MiB in a row, and the run board 4 kB of summary. What would be larger is not written.',
    why: 'A glob or query of hundreds of kilobytes, or thousands of backfill lanes that never ended.',
    tryThis: ['See what makes it so large: `hygge state show`.', 'Shorten the paths, globs or queries of home and store that it names.'],
  },
  'HYG-5008': {
    title: 'The state cannot be reached',
    meaning:
      'The storage account or database that holds the state does not answer, or not as one. Runs try again by themselves first; nothing was decided without it.',
    why: 'No network, a firewall that drops what it does not know, or a misspelt account.',
    tryThis: ['Try again in a moment.', 'Check `state:` in hygge.yml, the network and the firewall of the account: `hygge debug`.'],
  },
  'HYG-5009': {
    title: 'No right to the state',
    meaning: 'The identity, key, SAS or role that hygge came with may not read or write the tables or the container of the state.',
    why: 'A role is missing: Owner and Contributor of an account do not include the right to its data. Or a key was renewed.',
    tryThis: [
      'In a database: have someone run what `hygge generate ddl --metadata` prints.',
      'Give the identity Storage Table Data Contributor and Storage Blob Data Contributor on the storage account.',
      'With a connection string: see that its key was not renewed.',
    ],
  },
  'HYG-5010': {
    title: 'The storage does not keep conditional writes',
    meaning:
      'A storage next to the data was tried before the first state went there, and it wrote although the condition of the write did not hold. Two runs at once could not be distinguished.',
    why: 'Some S3-compatible services, and old versions of others, accept the condition of a write and ignore it.',
    tryThis: [
      'Keep the state elsewhere: `state: { type: table_storage }`, or `state: { type: files }` for one machine.',
      'Or use a version of the service that looks at If-Match and If-None-Match.',
    ],
  },
  'HYG-5020': {
    title: 'The database refuses what the state needs',
    meaning: 'The database that keeps the state answered with an error that does not concern rights and does not pass: its text says more.',
    why: 'A disk ran full, the server became a standby, or someone altered or made the tables by hand.',
    tryThis: ['Look what the message names: a full disk, a database set to read only, a table that is not as hygge made it.'],
  },
  'HYG-5031': {
    title: 'What was found for a run is gone',
    meaning:
      'A run of the function app whose flow says `entities: "*"` moves the entities that it found when it began. That list is kept with the state, and is missing now.',
    tryThis: ['Start the flow again: it looks again, and finishes first what was decided.'],
  },
  'HYG-5030': {
    title: 'There is no log of that run',
    meaning:
      '`journal --run … --log` shows what a run said. If the state is in files, logs are next to the journal on the machine that ran, and are kept as long as the journal.',
    why: 'The run was one of the function app or of another machine, or of a version that kept no logs.',
    tryThis: ['`hygge journal --run …` says what came of the run, wherever it was.'],
  },
  'HYG-5021': {
    title: 'The tables of the state are missing',
    meaning: 'State is to live in a database where its tables are not there, and the role that hygge comes with may not make them.',
    why: 'Few roles may create schemas, and no one has made them for hygge.',
    tryThis: ['Have an administrator who may create schemas run what `hygge generate ddl --metadata` prints.'],
  },
} as const satisfies Codes;
