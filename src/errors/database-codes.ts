import type { Codes } from './codes.ts';

/** Why a database can't be reached or refuses us. */
export const databaseConnectionCodes = {
  'HYG-6501': {
    title: 'The database cannot be reached',
    meaning: 'Nobody answers at that host and port in time, the name is unknown, or the server is just starting or stopping.',
    tryThis: ['Check host, port and firewall with `hygge debug`, then run again: nothing is done twice.'],
  },
  'HYG-6502': {
    title: 'The database does not let us in',
    meaning: 'The server answered, and refuses the role, its password, its token, or where we come from.',
    tryThis: ['Check `user` and `password`, or who the token is for; and what `pg_hba.conf` of the server says.'],
  },
  'HYG-6503': {
    title: 'The connection to the database cannot be made safe',
    meaning: 'The server has no TLS, or its certificate is not of this host, or of no authority that is known here.',
    tryThis: ['Name the authority: `tls_ca_path`.', 'Use the host name that stands in the certificate.'],
  },
  'HYG-6504': {
    title: 'No such database',
    meaning: 'The server lets us in, and has no database of that name.',
    tryThis: ['Check `database`: its name is taken exactly as it is written.'],
  },
  'HYG-6505': {
    title: 'No server of the wanted kind',
    meaning: '`target` says primary or standby, and none of the hosts is one now.',
    tryThis: ['Name all servers of the cluster in `host`, or take any: `target: any`.'],
  },
  'HYG-6506': {
    title: 'The database has no connection to spare',
    meaning: 'The server, the role or the database has as many connections as it may have. It is tried again.',
    tryThis: ['Ask for fewer at once: `pool_size`, times the instances of an app.', 'Put a pooler in front of the server.'],
  },
} as const satisfies Codes;

/** Why a table of a database can't be read. */
export const databaseHomeCodes = {
  'HYG-3501': {
    title: 'No such table',
    meaning: 'There is no table or view of that name, in that schema or in those that the role looks in.',
    tryThis: ['Check the name: it is taken exactly as it is written.', 'Say its schema: `table: schema.name`.'],
  },
  'HYG-3502': {
    title: 'No such column in the table',
    meaning: 'A column that `columns`, `exclude` or `decimals` names is not there, or none is left.',
    tryThis: ['Check the spelling, upper and lower case included.'],
  },
  'HYG-3503': {
    title: 'A query with the same column twice',
    meaning: 'Two columns of the query have one name, so nothing tells them apart where they settle.',
    tryThis: ['Give one of them another name in the query: `… AS other`.'],
  },
  'HYG-3504': {
    title: 'The table changed while it was read',
    meaning: 'It was altered, or the snapshot that all slices share was lost. The run is planned once more by itself before it gives up.',
    tryThis: ['Run it again: nothing of this run is visible.'],
  },
  'HYG-3505': {
    title: 'A value that the type cannot hold',
    meaning:
      'NaN or infinity, a date outside of the years 1 to 9999, 24:00:00, more digits than `decimals` says, an array of several dimensions, or bytes that are no text.',
    tryThis: ['Read special values as null: `special_values: to_null`.', 'Read the column as text, by a query.'],
  },
  'HYG-3506': {
    title: 'The database was lost while it was read',
    meaning: 'The connection broke, the server stopped, or it stopped the statement in favour of another. It is tried again.',
    tryThis: ['Run it again: nothing of this run is visible.'],
  },
  'HYG-3507': {
    title: 'The role may not read',
    meaning: 'The role lacks the right to look into the schema or to select from the table.',
    tryThis: ['Give it both: `GRANT USAGE ON SCHEMA … TO …; GRANT SELECT ON … TO …`.'],
  },
  'HYG-3508': {
    title: 'A watermark that is read as text',
    meaning: 'No type of ours holds the column, so it is read as text, and the order of texts is not that of its values.',
    tryThis: ['Of numbers without a precision say how many digits they have: `decimals`.', 'Choose another column.'],
  },
  'HYG-3509': {
    title: 'A policy would hide rows',
    meaning: 'Row-level security is on, and the role would see only some rows. They would be missing without a word, so it is an error.',
    tryThis: ['`ALTER ROLE … BYPASSRLS`, or read a view that its owner made.'],
  },
  'HYG-3510': {
    title: 'The database ended the statement',
    meaning: 'A time limit of the server or the role was over, or somebody cancelled it.',
    tryThis: ['Give the role more time: `ALTER ROLE … SET statement_timeout = 0`.', 'Read less at once.'],
  },
  'HYG-3511': {
    title: 'The database does not understand what it is asked',
    meaning: 'The query or the condition is not valid there, or a value in it is not.',
    tryThis: ['Run it with the client of the database.'],
  },
  'HYG-3512': {
    title: 'A standby needs a lag',
    meaning:
      'Rows of transactions that are still open come below the newest value later. On a primary they are waited for; a standby does not show them, so only a lag keeps clear of them.',
    tryThis: ['Set `watermark.lag`, longer than the longest transaction that writes.', 'Read from the primary: `target: primary`.'],
  },
} as const satisfies Codes;
