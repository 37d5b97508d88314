import type { Codes } from './entry.ts';

/** Why a table of a database can't be read. */
export const databaseHomeCodes = {
  'HYG-3501': {
    title: 'No such table',
    meaning: 'There is no table or view of that name, in that schema or in those that the role looks in.',
    tryThis: ['Check the name: it is used exactly as written.', 'Say its schema: `table: schema.name`.'],
  },
  'HYG-3502': {
    title: 'No such column in the table',
    meaning: 'A column that `columns`, `exclude` or `decimals` names is not there, or none is left.',
    why: 'A column was renamed or dropped, or is misspelt.',
    tryThis: ['Check the spelling, upper and lower case included.'],
  },
  'HYG-3503': {
    title: 'A query with the same column twice',
    meaning: 'Two columns of the query have one name, so nothing distinguishes them where they settle.',
    why: 'A query joins two tables and takes all columns of both.',
    tryThis: ['Give one of them another name in the query: `… AS other`.'],
  },
  'HYG-3504': {
    title: 'The table changed while it was read',
    meaning: 'It was altered, or the snapshot that all slices share was lost. The run is planned once more by itself before it gives up.',
    why: 'Someone altered the table, or the server was restarted, between the plan of a run and its last slice.',
    tryThis: ['Run it again: nothing of this run is visible.'],
  },
  'HYG-3505': {
    title: 'A value that the type cannot hold',
    meaning:
      'NaN or infinity, a date outside of the years 1 to 9999, 24:00:00, more digits than `decimals` says, an array of several dimensions, or bytes that are not text.',
    why: 'The database has values that parquet, and most destinations, have no place for.',
    tryThis: ['Read special values as null: `special_values: to_null`.', 'Read the column as text, by a query.'],
  },
  'HYG-3506': {
    title: 'The database was lost while it was read',
    meaning: 'The connection broke, the server stopped, or it stopped the statement in favour of another. It is tried again.',
    why: 'The server was restarted or failed over, or the network in between gave up.',
    tryThis: ['Run it again: nothing of this run is visible.'],
  },
  'HYG-3507': {
    title: 'The role may not read',
    meaning: 'The role lacks the right to look into the schema or to select from the table.',
    why: 'The table is new, and no one gave the role a right to it.',
    tryThis: ['Give it both: `GRANT USAGE ON SCHEMA … TO …; GRANT SELECT ON … TO …`.'],
  },
  'HYG-3508': {
    title: 'A watermark that is read as text',
    meaning: 'No type of hygge holds the column, so it is read as text, and the order of texts is not that of its values.',
    why: 'The column is a numeric without precision, an interval, or of a type that only the database knows.',
    tryThis: ['Of numbers without a precision say how many digits they have: `decimals`.', 'Choose another column.'],
  },
  'HYG-3595': {
    title: 'The connection of a snapshot was lost',
    meaning:
      'All slices of a table are read under one snapshot, and a connection holds it. The connection was lost, or it was closed in the middle of a slice since the destination failed. The run plans again with a new snapshot. It retries at least four times, and until `retry_for` has passed. This error ends it where that did not help.',
    why: 'A proxy ended the connection again and again while a large table was read.',
    tryThis: [
      'Run it again: nothing of this run is visible.',
      'If it happens again, find out why connections to the database end: idle timeouts of a proxy, or a restart.',
    ],
  },
  'HYG-3594': {
    title: 'A watermark of ids that do not rise with time',
    meaning:
      'The values of the column are UUIDs of another version than 7, or digests (MD5, SHA-1, SHA-256). New values are anywhere among the existing ones, so most new rows would be below the largest and never be read. In a database hygge looks at the newest thousand values.',
    why: 'The id of the rows was named in `watermark.column`, and it is random.',
    tryThis: [
      'Choose a column that rises: a time of change, or a number that counts up; such an id is good for `watermark.key`.',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-3509': {
    title: 'A policy would hide rows',
    meaning: 'Row-level security is on, and the role would see only some rows. They would be missing without a word, so it is an error.',
    why: 'The table has policies, and the role is neither its owner nor above them.',
    tryThis: ['`ALTER ROLE … BYPASSRLS`, or read a view that its owner made.'],
  },
  'HYG-3510': {
    title: 'The database ended the statement',
    meaning: 'A time limit of the server or the role was over, or someone cancelled it.',
    why: 'statement_timeout is set for the role or the database, and reading the table takes longer.',
    tryThis: ['Give the role more time: `ALTER ROLE … SET statement_timeout = 0`.', 'Read less at once.'],
  },
  'HYG-3511': {
    title: 'The database does not understand the query',
    meaning: 'The query or the condition is not valid there, or a value in it is not.',
    why: 'A query or condition was written for another database, or has a mistake.',
    tryThis: ['Run it with the client of the database.'],
  },
  'HYG-3512': {
    title: 'A standby needs a lag',
    meaning:
      'Rows of transactions that are still open come below the newest value later. On a primary they are waited for; a standby does not show them, so only a lag keeps clear of them.',
    tryThis: [
      'Set `watermark.lag`, longer than the longest transaction that writes.',
      'Read from the primary: `target: primary`, of SQL Server `application_intent: read_write`.',
    ],
  },
  'HYG-3513': {
    title: 'Changes are not tracked',
    meaning: '`watermark.changes` reads what the database itself keeps of the changes of a table, and it keeps nothing of this one.',
    why: 'No one has switched change tracking on yet, or it was switched off.',
    tryThis: ['Run the statements that the message names, as a role that may alter the database.'],
  },
  'HYG-3514': {
    title: 'Changes are not shown to the role',
    meaning: 'To read a table by its changes takes a right of its own next to that to read the table.',
    why: 'SELECT alone does not show what change tracking keeps.',
    tryThis: ['`GRANT VIEW CHANGE TRACKING ON … TO …`.'],
  },
  'HYG-3515': {
    title: 'Not a table with a primary key',
    meaning: 'Changes are reported for tables, row by row, by their primary key. Views, queries and tables without one have none.',
    why: 'A view was named, or a table that no one gave a primary key.',
    tryThis: ['Read the table itself, or add a primary key to it.', 'Or name a column in place of `changes`: `watermark.column`.'],
  },
  'HYG-3516': {
    title: 'The primary key is not read',
    meaning: 'Only the primary key of a deleted row is reported; `columns` or `exclude` leaves a column of it out.',
    why: 'Columns were chosen for what is looked at later, and the key is not among them.',
    tryThis: ['Let all columns of the primary key be read.'],
  },
  'HYG-3517': {
    title: 'Changes since the last run are gone',
    meaning:
      'A database keeps changes for a while only, and forgets them when tracking is switched off, when the table is truncated or recreated, and when it is restored. Changes and deletes since then are no longer known.',
    why: 'Runs came less often than changes are kept, or the table was truncated, recreated or restored since the last one.',
    tryThis: ['Load everything again: `hygge reset flow.entity`, then `hygge go`.', 'Let runs come more often, or changes be kept longer.'],
  },
  'HYG-3518': {
    title: 'A secondary does not tell changes',
    meaning: 'SQL Server answers for change tracking on the primary only.',
    tryThis: ['Read from the primary: `application_intent: read_write`.'],
  },
  'HYG-3545': {
    title: 'The database masks values',
    meaning: 'Dynamic data masking hides values of a column from the role, so that masks would settle in their place.',
    why: 'The owner of the table masks a column, and the role of hygge was given SELECT and not UNMASK.',
    tryThis: ['`GRANT UNMASK TO …`, or leave the column out: `exclude`.', 'Take the masks, with a warning: `allow_filtered: true`.'],
  },
  'HYG-3546': {
    title: 'Values that only their owner can read',
    meaning: 'A column is encrypted by Always Encrypted, and hygge has no key: ciphertext would settle.',
    why: 'The owner of the table encrypts a column in their own programs, before the server ever sees it.',
    tryThis: ['Leave the column out: `exclude`.'],
  },
  'HYG-3547': {
    title: 'Open transactions are not shown',
    meaning:
      'Rows of transactions that are open come below the newest value later. They are waited for, where they can be seen; the role may not, or they are not in this database.',
    why: 'SQL Server and MySQL show the transactions of others only to anyone who has a right of its own for that. The transactions of a foreign table (in PostgreSQL, or of FEDERATED and similar engines in MySQL) are on another server. The rows of a materialized view are those of its last refresh.',
    tryThis: [
      '`GRANT VIEW SERVER STATE TO …` (Azure: `VIEW DATABASE STATE`; MySQL: `GRANT PROCESS ON *.* TO …`).',
      'Set `watermark.lag`; of SQL Server, or take a rowversion as watermark.',
    ],
  },
  'HYG-3548': {
    title: 'A query that can’t be used in FROM',
    meaning:
      'hygge reads a query as part of a SELECT of its own. SQL Server takes none there that begins with WITH, or that is not a SELECT.',
    why: 'The query names parts of itself in a WITH, which SQL Server takes at the beginning of a statement only.',
    tryThis: ['Write it as one SELECT, or make a view of it and read that.'],
  },
  'HYG-3549': {
    title: 'How far a secondary is behind can’t be seen',
    meaning: 'A readable secondary does not have the newest rows of its primary yet, and the role may not see up to when it has all.',
    why: 'application_intent is read_only, and the role may not look at the state of the replica that answers.',
    tryThis: ['`GRANT VIEW SERVER STATE TO …`, or read from the primary: `application_intent: read_write`.'],
  },
  'HYG-3550': {
    title: 'A value that the SQL endpoint may have cut',
    meaning:
      'The SQL endpoint of a Lakehouse gives the first 8,000 bytes of a text or a binary value. A value of that length may be the beginning of a longer one, so the run stops before it settles.',
    why: 'A column of the Delta table holds long texts. Its type in the SQL endpoint is `varchar(8000)`, whatever the values are.',
    tryThis: [
      'Read the Delta table itself: `type: onelake` with `format: delta`.',
      'Leave the column out: `exclude`.',
      'If a view or a query of a Warehouse has such values and they are whole, convert the column to `varchar(max)` there.',
    ],
  },
  'HYG-3565': {
    title: 'An extension of DuckDB is missing',
    meaning: 'The query needs an extension that is not part of DuckDB (httpfs, azure, postgres and others). hygge downloads none.',
    why: 'DuckDB reads http, s3 and other databases by extensions that it downloads when it meets one; hygge lets it download nothing.',
    tryThis: [
      'Read files of a network by a home of their own, such as `type: s3`.',
      'Install the extension by hand, once, with the shell of DuckDB.',
    ],
  },
  'HYG-3566': {
    title: 'DuckDB needs more memory',
    meaning: '`memory_limit` is too little for what the query does, and it can not be put onto the disk.',
    why: 'Lists and texts of one row, or what is grouped, have to be in memory whole.',
    tryThis: ['Raise `memory_limit` of the connection, or lower `threads`.'],
  },
  'HYG-3568': {
    title: 'A query names files that are not there',
    meaning: 'No file matches a path or a pattern in `query`.',
    why: 'A path is misspelt, or the files have not come yet.',
    tryThis: ['Check the paths: relative ones are against the folder of hygge.yml.'],
  },
  'HYG-3569': {
    title: 'A file of DuckDB cannot be read from the disk',
    meaning: 'The disk fails or is full, or a part of the file is damaged: its checksum is not that of its content.',
    why: 'The machine lost power while someone copied the file, or the disk is worn out.',
    tryThis: ['Read the table with the shell of DuckDB to see what it says.', 'Put the file back from a backup.'],
  },
  'HYG-3570': {
    title: 'A query names a file that is there twice',
    meaning:
      'A relative path in `query` is one of the folder that hygge was started in as well. DuckDB would read that one; paths begin at the folder of hygge.yml.',
    tryThis: ['Start hygge in the folder of hygge.yml, or write the whole path.'],
  },
  'HYG-3590': {
    title: 'A column of SQLite is of several kinds',
    meaning: 'The column has no type, or one that says nothing to SQLite, and its values are of several kinds: numbers and texts.',
    why: 'The owner of the table gave the column no type, and several programs write to it.',
    tryThis: ['Say what it is: `types: { code: string }` in the home; string takes numbers as well.', 'Or cast it in a `query`.'],
  },
  'HYG-3591': {
    title: 'A watermark of SQLite holds a value of another kind',
    meaning:
      'In SQLite any value may be in any column. A value that is not a number, or not a time, has no place in the order of the others.',
    why: 'A program wrote a text into a column of numbers, a time in a form of its own, or a uuid in capitals: SQLite accepts them all.',
    tryThis: [
      'Correct the row, or leave it out by `where`.',
      'Say what the column is: `types` of the home.',
      'Of uuids in capitals: make them small by the `update` that the message prints, or read small letters by its `query`.',
    ],
  },
  'HYG-3592': {
    title: 'A column of SQLite that can’t be a watermark',
    meaning: 'SQLite orders its values otherwise than hygge: decimals, documents, bytes, true and false.',
    why: 'A price, or a flag, is not what tells new rows from old ones.',
    tryThis: ['Choose a whole number, a text, a date or a time for `watermark.column`.'],
  },
  'HYG-3593': {
    title: 'A type that no value of SQLite is read as',
    meaning: '`types` of the home says a type that values of SQLite are never made into: a list, a duration, a number of 8 bits.',
    why: 'types was copied from a home of files, which has more of them.',
    tryThis: ['Say another one: `int16`, `int64`, `float64`, `decimal(18, 2)`, `string`, `binary`, `date`, `timestamp`.'],
  },
} as const satisfies Codes;

/** Why rows can't be written into a table of a database. */
export const databaseStoreCodes = {
  'HYG-4201': {
    title: 'A value that the database has none for',
    meaning:
      'A value can not be kept unchanged: a text with a NUL character, a time that the database can’t hold, a text in a column of UUIDs.',
    why: 'The source holds values that the type of the column in the database does not have.',
    tryThis: ['Correct the value in the source, or settle the column as another type: `migrations: [{ cast: … }]`.'],
  },
  'HYG-4202': {
    title: 'The table keeps fewer rows than it is given',
    meaning: 'A trigger or a rule of the destination’s table leaves rows out without an error. The commit was undone.',
    why: 'A trigger that returns nothing, or a rule that does something instead, takes rows away as they come.',
    tryThis: ['Take the trigger or rule off the table, or settle in a table of its own.'],
  },
  'HYG-4203': {
    title: 'hygge’s own tables are not there',
    meaning: 'hygge stages rows in one schema and keeps what settled in another, and the role may not make them.',
    why: 'Few roles may make schemas, and no one has made them yet.',
    tryThis: [
      'Have an administrator run the statements of the message, once.',
      'Or name schemas that are there: `staging_schema`, `metadata_schema`.',
    ],
  },
  'HYG-4204': {
    title: 'The database refuses the rows',
    meaning:
      'A constraint, a unique index, a trigger, a type or the shape of the table refuses what would be written. It was undone; what settled before is untouched.',
    why: 'The table has a constraint, an index, a trigger or a type that the rows do not suit.',
    tryThis: ['Correct the rows in the source, or change in the database what the message names, and run again.'],
  },
  'HYG-4205': {
    title: 'The role may not write there',
    meaning: 'The role that the connection uses lacks a right on the table, its schema or the database.',
    why: 'The role was never given the right, or it was taken away.',
    tryThis: ['Grant what the message names; `hygge debug` tries each right.'],
  },
  'HYG-4206': {
    title: 'The database could not finish',
    meaning:
      'The database is full, read only, out of time for a statement, or failed in itself. What is decided waits and is finished by the next run.',
    why: 'The server has a limit or a failure of its own, which does not pass by itself.',
    tryThis: ['Do what the message names, then run again.'],
  },
  'HYG-4207': {
    title: 'A lock that does not become free',
    meaning: 'Someone else holds a lock on the table. hygge waits for 30 seconds at a time, so that readers do not queue up behind it.',
    why: 'A long transaction, a backup or someone’s open session holds the table.',
    tryThis: ['Look for who holds it, or run again later: nothing is lost.'],
  },
  'HYG-4208': {
    title: 'Writing was interrupted',
    meaning: 'The connection broke, the server went away, or the transaction had to give way to another. It is tried again.',
    why: 'The server restarts, the network breaks, or two transactions wait for each other.',
    tryThis: ['Run again: what is decided is finished, and nothing of the rest is visible.'],
  },
  'HYG-4209': {
    title: 'Not a table',
    meaning: 'Something else than a table has the name that rows are to settle under: a view, a foreign table, a sequence.',
    why: '`table` names a view or another thing that holds no rows of its own.',
    tryThis: ['Name a table, or a name that is free: `store.table`.'],
  },
  'HYG-4210': {
    title: 'Not a name of a table',
    meaning: 'The name has too many parts, or a part that is longer than the database takes and would be cut.',
    why: '`table` is written with a database before it, or is longer than 63 bytes.',
    tryThis: ['Write a name, or a schema and a name with a dot between; quote a part that has a dot in it.'],
  },
  'HYG-4211': {
    title: 'A commit waits in another database',
    meaning: 'A commit is decided in the database that the store was, and the store is another one now.',
    why: 'The config of the store changed between the decision of a commit and its end.',
    tryThis: ['Restore the earlier store, run once, and change it then.'],
  },
  'HYG-4230': {
    title: 'The table keeps rows that are deleted',
    meaning:
      'A trigger or a rule of the destination’s table keeps rows that are replaced or deleted, without an error. The commit was undone.',
    why: 'A trigger that returns nothing, as for rows that are only marked as deleted, or a rule that does something instead.',
    tryThis: ['Take the trigger or rule off the table, or settle in a table of its own.'],
  },
  'HYG-4231': {
    title: 'Something depends on the table by now',
    meaning:
      'Another table was to take its place. During the run someone made a view, a trigger or a similar object that would be lost. The commit was undone.',
    why: 'Between the plan and the commit someone made a view or a trigger; after a crash that may be long.',
    tryThis: ['Run again: the load is planned again.'],
  },
  'HYG-4233': {
    title: 'Others put rows there first',
    meaning:
      'When the first load was planned the table had no rows, or none of another entity, and it held some when the load was to be committed. The commit was undone.',
    why: 'Two entities name one table, perhaps in two spellings, and load for the first time at once; or someone inserted rows during the run.',
    tryThis: ['Settle in a table of its own: `store.table`. Then run again.'],
  },
  'HYG-4232': {
    title: 'The table was emptied',
    meaning: 'Rows of the entity settled in the table, none of them is there any more, and the run would add only what is new.',
    why: 'Someone truncated the table, or deleted all that the entity put there, between two runs of an incremental load.',
    tryThis: ['Put the rows back, or load everything again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4234': {
    title: 'A column that would change values',
    meaning:
      'A column of the destination is shorter or coarser than its new values. The database would cut or round them without an error: a text with too many blanks at its end, for example. Nothing of the run settled.',
    why: 'The table was made by hand, for shorter texts or coarser numbers and times than the source has, or was altered since.',
    tryThis: ['Let the column hold the values, by the statement of the message, or correct the rows in the source.', 'Then run again.'],
  },
  'HYG-4235': {
    title: 'The table was altered while it was loaded',
    meaning:
      'The plan was to alter a column of the destination, and someone has altered, removed or added it during the run. Nothing of the run settled.',
    why: 'A person, or another program, altered the table between the plan of a load and its commit.',
    tryThis: ['Run again: the load is planned again, with the present table.'],
  },
  'HYG-4237': {
    title: 'A commit that no step of the app lasts for',
    meaning:
      'A full load would delete, insert or merge so much in one transaction that, by estimate, the step of the app ends before it does.',
    why: 'The table is large, and something keeps a full load from swapping it for another.',
    tryThis: ['Run it once on a machine: `hygge go`.', 'Or let the table be swapped: take away what it is bound to.'],
  },
  'HYG-4240': {
    title: 'A trigger or a rule that runs instead of what is written',
    meaning:
      'A trigger of the table is declared INSTEAD OF, or a rule of PostgreSQL DO INSTEAD without a condition. It decides which rows are written, and the database counts all of them as written. Rows could be missing without a word, so nothing is written.',
    why: 'Someone guards or redirects what is written to the table by a trigger or a rule.',
    tryThis: ['Disable the trigger or rule while hygge writes there.', 'Or settle in a table of its own.'],
  },
  'HYG-4241': {
    title: 'A table that can’t be a columnstore',
    meaning: 'The store asks for a columnstore where the database makes none, or none of such columns. Nothing was read.',
    why: 'The store says storage: columnstore, and version, size of the database or a type of the rows does not allow one.',
    tryThis: ['Take `storage` out of the store: hygge chooses, and the plan says why.', 'Or write `storage: rowstore`.'],
  },
  'HYG-4246': {
    title: 'A key that several rows of the table have',
    meaning:
      'Rows are merged by `watermark.key`, and the table holds several rows with one of these keys: they came there before the key was named, or from others. All of them would take over the same values. Nothing was committed.',
    why: 'Rows were appended before `watermark.key` was named, or someone else wrote them a second time.',
    tryThis: [
      'Delete the duplicate rows so that each key has one row, and run again. The message has the query that finds the duplicates.',
      'Or name more columns in `watermark.key`.',
      'Or load everything again, each key once: `hygge go -d`, with `if_exists: replace` where others put rows there.',
    ],
  },
  'HYG-4247': {
    title: 'The destination is in an SQL endpoint of Fabric, which is read only',
    meaning: 'The SQL endpoint of a Lakehouse or of a mirrored database shows tables that are in OneLake. It takes no rows.',
    why: 'The database of the connection is a Lakehouse or a mirrored database, and no Warehouse.',
    tryThis: [
      'Name a Warehouse as the `database` of the store.',
      'Or settle in the Lakehouse itself: `type: onelake` with `format: delta`.',
    ],
  },
  'HYG-4293': {
    title: 'A key of a row that hygge did not write',
    meaning:
      'Rows are merged by `watermark.key`, and `store.mark_column` says whose rows are whose. A new row has the key of a row that hygge did not write: a merge would overwrite that row. Nothing was committed.',
    why: 'Someone else wrote rows with the same keys into the table, before the entity or after it.',
    tryThis: [
      'Delete the other rows that have those keys, or change their keys, and run again.',
      'Or make them rows of the entity: the message has the statement.',
      'Or settle in a table of its own.',
    ],
  },
  'HYG-4245': {
    title: 'A table of an entity with another `metadata_schema`',
    meaning:
      'An entity, perhaps of another workspace, settles in the table, and what hygge keeps of it is in another schema of the database. Neither would see what the other one adds or takes away. Nothing was read.',
    why: 'Two workspaces settle in one database, each with a metadata_schema of its own, and name the same table; or the key was changed.',
    tryThis: [
      'Settle in a table of its own: `store.table`.',
      'Or take away the record of the other one, by the statement of the message, where it settles there no more.',
    ],
  },
  'HYG-4244': {
    title: 'A trigger that is put back on new tables',
    meaning:
      'A trigger of DDL (an event trigger of PostgreSQL) puts a trigger or a rule on tables that hygge makes, and puts it there again when it is taken off. It would fire on staged rows, before hygge can detect and report it. Nothing settled.',
    why: 'An event trigger guards every table of the database, and acts on more than CREATE TABLE: on DROP TRIGGER, or on any ALTER TABLE.',
    tryThis: ['Let the trigger of DDL act on `CREATE TABLE` alone.', 'Or let it leave out the schema of staged rows: `staging_schema`.'],
  },
  'HYG-4243': {
    title: 'A source and a store over one connection',
    meaning:
      'Home and store are in one database, and `pool_size: 1` allows one connection to it. The run holds one to read while it needs another to write: it would wait for itself. Nothing settled.',
    why: 'A connection was kept to one place at a time, and a flow reads from and writes to its database.',
    tryThis: ['Write `pool_size: 2` or more, or take the key out.'],
  },
  'HYG-4242': {
    title: 'An identity that a merge could not change',
    meaning:
      'Rows are merged by a key that a column which counts by itself is not part of: its value could not be updated. Nothing was read.',
    why: 'The column is `generated always as identity` in PostgreSQL, or an identity in SQL Server with `identity_insert: true`, and rows are merged by a key that does not include it.',
    tryThis: ['Make it the key, or a part of it.', 'Or leave the column out: `exclude` of the home.'],
  },
  'HYG-4260': {
    title: 'A statement of a file of SQL failed',
    meaning:
      'The database refused a statement that `hygge apply` ran. If the database can undo definitions, nothing of the file takes effect; else the statements before the error do.',
    why: 'A table that is there already, a name that is misspelt, a right that the role lacks.',
    tryThis: ['Correct the line that is named, and apply the file again.'],
  },
  'HYG-4265': {
    title: 'A table whose rows replace each other',
    meaning:
      'A key or a column of a table in SQLite is declared ON CONFLICT REPLACE. A row with the key of another would take its place, and a null would become a default, without an error. Nothing was read.',
    why: 'The table was made by hand for programs that insert without a look at existing rows.',
    tryThis: ['Declare the table without it, or settle in another one.', 'To replace rows by their key: `watermark.key`.'],
  },
  'HYG-4273': {
    title: 'A file of SQLite that can have no log',
    meaning:
      'hygge writes to files of SQLite with a log (`PRAGMA journal_mode = WAL`), so that readers of one neither wait nor are waited for. SQLite refuses the log where processes share no memory over the file: on a drive of the network. Nothing was read or written.',
    why: 'The file is on a share of the network, or in a folder that a container maps from another machine.',
    tryThis: ['Put the file on a disk of this machine.', 'Or settle in a database with a server.'],
  },
  'HYG-4290': {
    title: 'A row of more than a gigabyte',
    meaning:
      'A value, or all values of a row together, are larger than the database takes in one piece. It tells so as a lack of memory, which it is not. Nothing of the run settled.',
    why: 'A document, an image or a text of hundreds of megabytes, or several of them in one row.',
    tryThis: ['Leave the column with the large values out: `home: { exclude: […] }`.', 'Or let such values settle as files.'],
  },
  'HYG-4291': {
    title: 'The record of a commit that did not change',
    meaning:
      'A commit ends with an UPDATE of its row in `heads`, which hygge keeps in `metadata_schema`. The database changed no row, twice: a trigger, a rule or a proxy suppresses the statement. All of the commit was rolled back. Its rows stay staged, and the next run publishes them.',
    tryThis: ['Take triggers and rules off the tables in `metadata_schema`, and run again.'],
  },
  'HYG-4292': {
    title: 'The database holds other values than were sent',
    meaning:
      'After rows are staged, hygge queries figures of each column and compares them with what it sent. These are the number of nulls, the sum of numbers or times, and the bytes of texts; if there is no exact sum, the smallest and largest value. They differ: a value was changed on its way or by the server. Nothing settled.',
    why: 'The server does not follow its protocol, or a proxy in between changes what is sent.',
    tryThis: [
      'Run again. What a damaged connection changed once may come whole the second time.',
      'Check which server answers: one that only speaks the protocol of another one may read its values differently.',
      'Or leave the column out: `exclude` of the home.',
    ],
  },
  'HYG-4281': {
    title: 'A part of the table is on another server',
    meaning:
      'A partition or child of the destination in PostgreSQL is a foreign table. What is written there commits by itself, before the rest: a crash in between would leave rows that no one knows of, and they would settle twice. Nothing was read.',
    why: 'Old partitions of the table were moved to another server, and are read here as foreign tables.',
    tryThis: ['Let rows settle in a table of which all is in one database: `store.table`.', 'Or detach the part that is elsewhere.'],
  },
  'HYG-4280': {
    title: 'A column that settled is gone',
    meaning:
      'A column of the destination that rows of the entity settled in is not there any more: dropped, or renamed. An increment would add it again, and the rows that settled before would have null there. Nothing of the run settled.',
    why: 'Someone dropped a column of the table that hygge fills, or gave it another name, between two increments.',
    tryThis: [
      'Give the column its name back, or put it back with its values, and run again.',
      'Or load all of it again: `hygge go -d`. Or leave the column out of the home: `exclude`.',
    ],
  },
  'HYG-4250': {
    title: 'A table of an engine without transactions',
    meaning: 'The table is kept by MyISAM, Aria or another engine of MySQL that can’t undo half of a commit.',
    why: 'Someone made the table with another engine, or the server has one by default.',
    tryThis: ['`ALTER TABLE … ENGINE = InnoDB`, or settle in a table of its own.'],
  },
  'HYG-4251': {
    title: 'A value did not arrive unchanged',
    meaning: 'MySQL takes rows that come in bulk even where a value does not fit, changes it, and only warns. hygge drops the whole piece.',
    why: 'A text is longer than `schema_overrides` lets the column be, or a check of the server knows the value otherwise.',
    tryThis: ['Correct the value in the source, or settle the column as another type: `schema_overrides`.'],
  },
  'HYG-4252': {
    title: 'The server kept fewer rows than were sent',
    meaning: 'The number of rows that the server says it took is not the number that was sent. Nothing of them settles.',
    why: 'Something between hygge and the table leaves rows out.',
    tryThis: ['Look into the log of the server, and run again.'],
  },
} as const satisfies Codes;

export const databaseConfigCodes = {
  'HYG-1140': {
    title: 'A password ends the URL of a database early',
    meaning:
      'The password or the user in the URL has a `/`, a `?`, a `#` or an `@`, and is not percent-encoded, or there is no host behind the password. Programs that read the URL end the password there, and would show the rest of it.',
    why: 'Generated passwords have such characters, and they mean something else in a URL.',
    tryThis: [
      'Percent-encode the password: `%2F` in place of `/`, `%3F` in place of `?`, `%23` in place of `#`, `%40` in place of `@`.',
      'Let Node do it: `node -p "encodeURIComponent(\'<password>\')"`.',
    ],
  },
} as const satisfies Codes;
