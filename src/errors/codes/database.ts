import type { Codes } from './entry.ts';

/** Why a table of a database can not be read. */
export const databaseHomeCodes = {
  'HYG-3501': {
    title: 'No such table',
    meaning: 'No table or view has that name in the named schema, or in the schemas that the role searches.',
    tryThis: ['Check the name: it is used exactly as written.', 'Name its schema too: `table: schema.name`.'],
  },
  'HYG-3502': {
    title: 'No such column in the table',
    meaning: 'The source lacks a column that `columns`, `exclude` or `decimals` names, or no column is left to read.',
    tryThis: ['Check the spelling, upper and lower case included.'],
  },
  'HYG-3503': {
    title: 'A query with the same column twice',
    meaning: 'Two columns of the query have the same name, so the store can’t distinguish them.',
    tryThis: ['Give one of the columns another name in the query: `… AS other`.'],
  },
  'HYG-3504': {
    title: 'The table changed while it was read',
    meaning: 'The table was altered, or the snapshot that all slices share was lost. hygge plans the run once more before it stops.',
    tryThis: ['Run it again: nothing of this run is visible.'],
  },
  'HYG-3505': {
    title: 'A value that the type cannot hold',
    meaning:
      'The column contains NaN or infinity, a date outside of the years 1 to 9999, 24:00:00, or more digits than `decimals` sets. Or it contains an array of several dimensions, or bytes that are not text.',
    tryThis: ['Read special values as null: `special_values: to_null`.', 'Read the column as text, by a query.'],
  },
  'HYG-3506': {
    title: 'The connection was lost during a read',
    meaning: 'The connection broke, the server stopped, or the server stopped the statement in favour of another. hygge retries.',
    tryThis: ['Run it again: nothing of this run is visible.'],
  },
  'HYG-3507': {
    title: 'The role may not read',
    meaning: 'The role lacks the right to look into the schema or to select from the table.',
    tryThis: ['Give the role both rights: `GRANT USAGE ON SCHEMA … TO …; GRANT SELECT ON … TO …`.'],
  },
  'HYG-3508': {
    title: 'A watermark that is read as text',
    meaning: 'hygge has no type for the column and reads it as text. Texts have another order than the values of the column.',
    why: 'The column is a numeric without precision, an interval, or has a type that only the database knows.',
    tryThis: ['If the numbers have no precision, set their number of digits: `decimals`.', 'Choose another column.'],
  },
  'HYG-3595': {
    title: 'The connection of a snapshot was lost',
    meaning:
      'All slices of a table are read under one snapshot, which one connection holds. That connection was lost, or was closed in the middle of a slice because the destination failed. The run plans again with a new snapshot. It retries at least four times, and until `retry_for` has passed. This error ends the run after the last retry.',
    tryThis: [
      'Run it again: nothing of this run is visible.',
      'If it happens again, find out why connections to the database end: idle timeouts of a proxy, or a restart.',
    ],
  },
  'HYG-3594': {
    title: 'A watermark of ids that do not rise with time',
    meaning:
      'The values of the column are UUIDs of another version than 7, or digests (MD5, SHA-1, SHA-256). New values can be anywhere among the existing ones. So most new rows would be below the largest value, and no run would read them. In a database, hygge looks at the newest thousand values.',
    tryThis: [
      'Choose a column that rises: a time of change, or a number that counts up. The id can be the `watermark.key`.',
      'Or load everything at each run: `run_type: full_drop`.',
    ],
  },
  'HYG-3509': {
    title: 'A policy would hide rows',
    meaning:
      'Row-level security is on, so the role sees only some rows. The other rows would be missing without a warning, so the run stops.',
    tryThis: ['`ALTER ROLE … BYPASSRLS`, or read a view that its owner made.'],
  },
  'HYG-3510': {
    title: 'The database ended the statement',
    meaning: 'The statement exceeded a time limit of the server or the role, or someone cancelled it.',
    tryThis: ['Give the role more time: `ALTER ROLE … SET statement_timeout = 0`.', 'Read less at once.'],
  },
  'HYG-3511': {
    title: 'The database does not understand the query',
    meaning: 'The query, the condition, or a value in it is not valid in this database.',
    tryThis: ['Run the query with the client of the database.'],
  },
  'HYG-3512': {
    title: 'A standby needs a lag',
    meaning:
      'Transactions that are still open may add rows below the newest value later. On a primary, hygge waits for these transactions. A standby does not show them, so only a lag avoids missing their rows.',
    tryThis: [
      'Set `watermark.lag`, longer than the longest transaction that writes.',
      'Read from the primary: `target: primary`, or `application_intent: read_write` for SQL Server.',
    ],
  },
  'HYG-3513': {
    title: 'Changes are not tracked',
    meaning: '`watermark.changes` reads the changes that the database itself records. For this table, it records no changes.',
    tryThis: ['Run the statements that the message names, as a role that may alter the database.'],
  },
  'HYG-3514': {
    title: 'Changes are not shown to the role',
    meaning: 'Reading the changes of a table needs a right of its own, in addition to the right to read the table.',
    tryThis: ['`GRANT VIEW CHANGE TRACKING ON … TO …`.'],
  },
  'HYG-3515': {
    title: 'Not a table with a primary key',
    meaning: 'The database reports changes by the primary key of a table. Views, queries and tables without a primary key have no changes.',
    tryThis: ['Read the table itself, or add a primary key to it.', 'Or name a column in place of `changes`: `watermark.column`.'],
  },
  'HYG-3516': {
    title: 'The primary key is not read',
    meaning: 'The source reports only the primary key of a deleted row. `columns` or `exclude` leaves out a column of this key.',
    tryThis: ['Read all columns of the primary key.'],
  },
  'HYG-3517': {
    title: 'Changes since the last run are gone',
    meaning:
      'A database keeps changes for a limited time. It also loses changes when tracking is switched off, when the table is truncated or recreated, and when the database is restored. Changes and deletes since the last run are not known.',
    tryThis: [
      'Load everything again: `hygge reset flow.entity`, then `hygge go`.',
      'Run more often, or let the database keep changes longer.',
    ],
  },
  'HYG-3518': {
    title: 'A secondary does not report changes',
    meaning: 'SQL Server reports tracked changes on the primary only.',
    tryThis: ['Read from the primary: `application_intent: read_write`.'],
  },
  'HYG-3545': {
    title: 'The database masks values',
    meaning: 'Dynamic data masking hides values of a column from the role, so masks would settle in place of the values.',
    tryThis: ['`GRANT UNMASK TO …`, or leave the column out: `exclude`.', 'Accept the masks, with a warning: `allow_filtered: true`.'],
  },
  'HYG-3546': {
    title: 'Values that only their owner can read',
    meaning: 'A column is encrypted by Always Encrypted, and hygge has no key, so ciphertext would settle.',
    tryThis: ['Leave the column out: `exclude`.'],
  },
  'HYG-3547': {
    title: 'Open transactions are not shown',
    meaning:
      'Open transactions may add rows below the newest value later. hygge waits for the transactions that it can see. The role has no right to see some others, or they are in another database.',
    why: 'SQL Server and MySQL show the transactions of other roles only to a role with the right to see them. The transactions of a foreign table (in PostgreSQL, or of FEDERATED and similar engines in MySQL) are on another server. The rows of a materialized view are those of its last refresh.',
    tryThis: [
      '`GRANT VIEW SERVER STATE TO …` (Azure: `VIEW DATABASE STATE`; MySQL: `GRANT PROCESS ON *.* TO …`).',
      'Set `watermark.lag`. With SQL Server, a rowversion as the watermark works too.',
    ],
  },
  'HYG-3548': {
    title: 'A query that can’t be used in FROM',
    meaning:
      'hygge puts the query into the FROM of its own SELECT. In FROM, SQL Server accepts only a SELECT that does not begin with WITH.',
    tryThis: ['Write the query as one SELECT, or make a view of it and read the view.'],
  },
  'HYG-3549': {
    title: 'The lag of a secondary is not shown',
    meaning: 'A readable secondary lags behind its primary. The role has no right to see the time up to which the secondary has all rows.',
    tryThis: ['`GRANT VIEW SERVER STATE TO …`, or read from the primary: `application_intent: read_write`.'],
  },
  'HYG-3550': {
    title: 'A value that the SQL endpoint may have cut',
    meaning:
      'The SQL endpoint of a Lakehouse returns only the first 8,000 bytes of a text or a binary value. A value of that length may be the beginning of a longer one, so the run stops before it settles.',
    why: 'A column of the Delta table contains long texts. In the SQL endpoint, its type is always `varchar(8000)`.',
    tryThis: [
      'Read the Delta table itself: `type: onelake` with `format: delta`.',
      'Leave the column out: `exclude`.',
      'If such values in a view or a query of a Warehouse are complete, convert the column to `varchar(max)` there.',
    ],
  },
  'HYG-3565': {
    title: 'An extension of DuckDB is missing',
    meaning: 'The query needs an extension that is not part of DuckDB (httpfs, azure, postgres and others). hygge downloads none.',
    tryThis: [
      'Read remote files with a home of their own, such as `type: s3`.',
      'Install the extension by hand, once, with the shell of DuckDB.',
    ],
  },
  'HYG-3566': {
    title: 'DuckDB needs more memory',
    meaning: 'The query needs more memory than `memory_limit` allows, and cannot spill to disk.',
    why: 'The lists and texts of one row, or all groups of a query, have to fit into memory.',
    tryThis: ['Raise `memory_limit` of the connection, or lower `threads`.'],
  },
  'HYG-3568': {
    title: 'A query names files that do not exist',
    meaning: 'No file matches a path or a pattern in `query`.',
    tryThis: ['Check the paths. A relative path begins at the folder of hygge.yml.'],
  },
  'HYG-3569': {
    title: 'A file of DuckDB cannot be read from the disk',
    meaning: 'The disk fails or is full, or a part of the file is damaged, so that its checksum differs.',
    tryThis: ['Read the table with the shell of DuckDB to see its error.', 'Put the file back from a backup.'],
  },
  'HYG-3570': {
    title: 'A query names a file that exists twice',
    meaning:
      'A relative path in `query` exists in two folders: that of hygge.yml, and the folder in which hygge was started. Paths begin at the folder of hygge.yml, but DuckDB would read the other file.',
    tryThis: ['Start hygge in the folder of hygge.yml, or write the whole path.'],
  },
  'HYG-3590': {
    title: 'A SQLite column contains values of several kinds',
    meaning: 'The column has no type that SQLite knows, and its values are of several kinds, such as numbers and texts.',
    tryThis: [
      'Set the type of the column in the home: `types: { code: string }`. A string column also accepts numbers.',
      'Or cast the column in a `query`.',
    ],
  },
  'HYG-3591': {
    title: 'A SQLite watermark column contains a value of another kind',
    meaning:
      'A SQLite column may contain values of any kind. A value that is not a number, or not a time, cannot be ordered among the others.',
    why: 'A program wrote a text into a column of numbers, a time in another form, or a UUID in capitals. SQLite accepts all of them.',
    tryThis: [
      'Correct the row, or leave it out by `where`.',
      'Set the type of the column: `types` of the home.',
      'If UUIDs are in capitals, convert them with the printed `update`, or read them with the printed `query`.',
    ],
  },
  'HYG-3592': {
    title: 'A column of SQLite that can’t be a watermark',
    meaning: 'SQLite orders decimals, documents, bytes and booleans differently from hygge.',
    tryThis: ['Choose a whole number, a text, a date or a time for `watermark.column`.'],
  },
  'HYG-3593': {
    title: 'A type that hygge never reads from SQLite',
    meaning: '`types` of the home names a type that hygge never reads from SQLite, such as a list, a duration or an 8-bit number.',
    tryThis: ['Use another type: `int16`, `int64`, `float64`, `decimal(18, 2)`, `string`, `binary`, `date`, `timestamp`.'],
  },
} as const satisfies Codes;

/** Why rows can not be written into a table of a database. */
export const databaseStoreCodes = {
  'HYG-4201': {
    title: 'A value that the database cannot store',
    meaning:
      'The database cannot store a value unchanged. Examples are a text with a NUL character, a time outside of its range, and a text in a column of UUIDs.',
    tryThis: ['Correct the value in the source, or settle the column as another type: `migrations: [{ cast: … }]`.'],
  },
  'HYG-4202': {
    title: 'The table stores fewer rows than were written',
    meaning: 'A trigger or a rule of the destination’s table leaves rows out without an error. The commit was undone.',
    tryThis: ['Remove the trigger or rule from the table, or settle in a table of its own.'],
  },
  'HYG-4203': {
    title: 'hygge’s own tables do not exist',
    meaning:
      'hygge stages rows in one schema and records commits in another. These schemas or their tables do not exist, and the role may not create them.',
    tryThis: [
      'Let an administrator run the statements in the message, once.',
      'Or name existing schemas: `staging_schema`, `metadata_schema`.',
    ],
  },
  'HYG-4204': {
    title: 'The database refuses the rows',
    meaning:
      'A constraint, a unique index, a trigger, a type or the shape of the table refuses the rows. The commit was undone, and settled rows are unchanged.',
    tryThis: ['Correct the rows in the source, or change in the database what the message names, and run again.'],
  },
  'HYG-4205': {
    title: 'The role may not write rows',
    meaning: 'The role that the connection uses lacks a right on the table, its schema or the database.',
    tryThis: ['Grant the rights that the message names; `hygge debug` tests each right.'],
  },
  'HYG-4206': {
    title: 'The database could not finish',
    meaning:
      'The database is full or read only, a statement exceeded its time limit, or the server has an internal error. The next run finishes a decided commit.',
    tryThis: ['Do what the message names, then run again.'],
  },
  'HYG-4207': {
    title: 'A lock that is not released',
    meaning:
      'Another session holds a lock on the table. hygge waits at most 30 seconds at a time, so that readers do not queue behind hygge.',
    why: 'A long transaction, a backup or an open session locks the table.',
    tryThis: ['Find the session that holds the lock, or run again later. Nothing is lost.'],
  },
  'HYG-4208': {
    title: 'Writing was interrupted',
    meaning: 'The connection broke, the server stopped, or the server cancelled the transaction in favour of another. hygge retries.',
    tryThis: ['Run again: the next run finishes a decided commit. No other rows are visible.'],
  },
  'HYG-4209': {
    title: 'Not a table',
    meaning: 'The name of the destination belongs to a view, a foreign table, a sequence or another object that is not a table.',
    tryThis: ['Name a table, or an unused name: `store.table`.'],
  },
  'HYG-4210': {
    title: 'Not a valid table name',
    meaning: 'The name has too many parts. Or a part is too long, so the database would cut it.',
    tryThis: ['Write `name` or `schema.name`. Quote a part that contains a dot.'],
  },
  'HYG-4211': {
    title: 'A commit waits in another database',
    meaning: 'A commit was decided in the database of the earlier store, and the config names another database now.',
    tryThis: ['Restore the earlier store and run once. Then change the store.'],
  },
  'HYG-4230': {
    title: 'The table keeps rows that hygge deletes',
    meaning:
      'A trigger or a rule of the destination’s table keeps rows that hygge replaces or deletes, without an error. The commit was undone.',
    why: 'A trigger returns nothing, for example to mark rows as deleted instead. Or a rule runs another statement instead of the delete.',
    tryThis: ['Remove the trigger or rule from the table, or settle in a table of its own.'],
  },
  'HYG-4231': {
    title: 'Other objects depend on the table',
    meaning:
      'The commit swaps the table for a new one. During the run, someone created a view, a trigger or a similar object on the table. The swap would lose this object. The commit was undone.',
    tryThis: ['Run again: the load is planned again.'],
  },
  'HYG-4233': {
    title: 'Other programs wrote rows first',
    meaning:
      'When the first load was planned, the table had no rows, or no rows of another entity. At the commit, this was no longer true. The commit was undone.',
    why: 'Two entities name the same table, perhaps in two spellings, and load for the first time at once. Or someone inserted rows during the run.',
    tryThis: ['Settle in a table of its own: `store.table`. Then run again.'],
  },
  'HYG-4232': {
    title: 'The table was emptied',
    meaning: 'None of the settled rows of the entity is in the table any more, and the run would add only new rows.',
    tryThis: ['Put the rows back, or load everything again: `hygge reset FLOW.ENTITY`, then `hygge go`.'],
  },
  'HYG-4234': {
    title: 'A column that would change values',
    meaning:
      'A column of the destination is shorter or coarser than its new values. The database would cut or round them without an error: a text with too many blanks at its end, for example. Nothing of the run settled.',
    tryThis: ['Widen the column with the statement of the message, or correct the rows in the source.', 'Then run again.'],
  },
  'HYG-4235': {
    title: 'The table was altered while it was loaded',
    meaning:
      'The run planned to alter a column of the destination. Someone altered, removed or added this column during the run. Nothing of the run settled.',
    tryThis: ['Run again: the load is planned again, with the present table.'],
  },
  'HYG-4237': {
    title: 'A commit that exceeds the time limit of a step',
    meaning: 'A full load writes in one transaction. hygge estimates that the transaction takes longer than one step of the app.',
    tryThis: ['Run the load once on a machine: `hygge go`.', 'Or allow the swap: remove the objects that are bound to the table.'],
  },
  'HYG-4240': {
    title: 'A trigger or a rule that runs instead of what is written',
    meaning:
      'A trigger of the table is declared INSTEAD OF, or a rule of PostgreSQL is DO INSTEAD without a condition. The trigger or rule decides which rows are written, but the database counts all rows as written. Rows could be missing without a warning, so hygge writes nothing.',
    tryThis: ['Disable the trigger or rule while hygge writes to the table.', 'Or settle in a table of its own.'],
  },
  'HYG-4241': {
    title: 'A table that can’t be a columnstore',
    meaning: 'The store requests a columnstore, but the database supports none, or none with these columns. Nothing was read.',
    tryThis: ['Remove `storage` from the store. hygge then chooses, and the plan shows the reason.', 'Or write `storage: rowstore`.'],
  },
  'HYG-4246': {
    title: 'A key that several rows of the table have',
    meaning:
      'Rows are merged by `watermark.key`, and the table has several rows with the same key. A merge would give all of them the same values. Nothing was committed.',
    why: 'Rows were appended before `watermark.key` was set, or another program wrote them a second time.',
    tryThis: [
      'Delete the duplicate rows so that each key has one row, and run again. The message has the query that finds the duplicates.',
      'Or name more columns in `watermark.key`.',
      'Or load everything again, each key once: `hygge go -d`, with `if_exists: replace` if other programs wrote rows to the table.',
    ],
  },
  'HYG-4247': {
    title: 'The destination is in an SQL endpoint of Fabric, which is read only',
    meaning: 'The SQL endpoint of a Lakehouse or of a mirrored database shows tables that are in OneLake. It accepts no rows.',
    tryThis: [
      'Name a Warehouse as the `database` of the store.',
      'Or settle in the Lakehouse itself: `type: onelake` with `format: delta`.',
    ],
  },
  'HYG-4293': {
    title: 'A key of a row that hygge did not write',
    meaning:
      'Rows are merged by `watermark.key`, and `store.mark_column` marks the rows of the entity. A new row has the key of a row that hygge did not write: a merge would overwrite that row. Nothing was committed.',
    tryThis: [
      'Delete the other rows that have those keys, or change their keys, and run again.',
      'Or make those rows part of the entity, with the statement in the message.',
      'Or settle in a table of its own.',
    ],
  },
  'HYG-4245': {
    title: 'A table of an entity with another `metadata_schema`',
    meaning:
      'Another entity, perhaps of another workspace, settles in the same table, but with another `metadata_schema`. Neither entity would see the rows that the other one adds or removes. Nothing was read.',
    why: 'Two workspaces write to the same table, each with a `metadata_schema` of its own. Or `metadata_schema` was changed.',
    tryThis: [
      'Settle in a table of its own: `store.table`.',
      'Or, if the other entity no longer settles there, delete its record with the statement of the message.',
    ],
  },
  'HYG-4244': {
    title: 'An event trigger that adds a trigger to new tables',
    meaning:
      'A DDL trigger (in PostgreSQL an event trigger) adds a trigger or a rule to each table that hygge creates. When hygge removes the added trigger or rule, the DDL trigger adds it again. The added trigger would fire on staged rows before hygge can report it. Nothing settled.',
    tryThis: ['Limit the DDL trigger to `CREATE TABLE`.', 'Or exclude the schema of staged rows from the trigger: `staging_schema`.'],
  },
  'HYG-4243': {
    title: 'A source and a store over one connection',
    meaning:
      'Home and store are in one database, and `pool_size: 1` allows one connection to it. A run needs one connection to read and another to write, so it would wait forever. Nothing settled.',
    tryThis: ['Write `pool_size: 2` or more, or remove the key.'],
  },
  'HYG-4242': {
    title: 'An identity column that a merge cannot update',
    meaning:
      'An identity column, which numbers rows by itself, is not part of the key that rows are merged by. A merge could not update its value. Nothing was read.',
    why: 'The column is `generated always as identity` in PostgreSQL, or an identity in SQL Server with `identity_insert: true`. Rows are merged by a key that does not include the column.',
    tryThis: ['Make the column the key, or a part of the key.', 'Or leave the column out: `exclude` of the home.'],
  },
  'HYG-4260': {
    title: 'A statement of a file of SQL failed',
    meaning:
      'The database refused a statement that `hygge apply` ran. If the database can roll back definitions, nothing of the file takes effect. Otherwise the statements before the error take effect.',
    tryThis: ['Correct the line that the message names, and apply the file again.'],
  },
  'HYG-4265': {
    title: 'A table whose rows replace each other',
    meaning:
      'A key or a column of a table in SQLite is declared ON CONFLICT REPLACE. A row would replace another row with the same key, and a null would become a default, without an error. Nothing was read.',
    tryThis: ['Create the table without that clause, or settle in another table.', 'To replace rows by their key: `watermark.key`.'],
  },
  'HYG-4273': {
    title: 'A SQLite file that cannot have a log',
    meaning:
      'hygge writes to SQLite files with a log (`PRAGMA journal_mode = WAL`), so that readers and writers do not wait for each other. SQLite refuses the log on a network drive, where processes cannot share memory. Nothing was read or written.',
    tryThis: ['Put the file on a disk of this machine.', 'Or settle in a database with a server.'],
  },
  'HYG-4290': {
    title: 'A row of more than a gigabyte',
    meaning:
      'A value, or all values of a row together, exceed the largest size that the database accepts. The database reports this as a lack of memory. Nothing of the run settled.',
    tryThis: ['Leave the column with the large values out: `home: { exclude: […] }`.', 'Or let such values settle as files.'],
  },
  'HYG-4291': {
    title: 'The record of a commit could not be changed',
    meaning:
      'A commit ends with an UPDATE of its row in `heads`, which hygge keeps in `metadata_schema`. The database changed no row, twice, because a trigger, a rule or a proxy suppresses the statement. The whole commit was rolled back. Its rows stay staged, and the next run publishes them.',
    tryThis: ['Remove triggers and rules from the tables in `metadata_schema`, and run again.'],
  },
  'HYG-4292': {
    title: 'The database contains other values than were sent',
    meaning:
      'After rows are staged, hygge queries figures of each column and compares them with what it sent. These are the number of nulls, the sum of numbers or times, and the bytes of texts. If there is no exact sum, they are the smallest and largest value. The figures differ, so a value was changed on its way or by the server. Nothing settled.',
    tryThis: [
      'Run again. A damaged connection may transfer the values correctly the second time.',
      'Check which server answers. A server that imitates the protocol of another one may read values differently.',
      'Or leave the column out: `exclude` of the home.',
    ],
  },
  'HYG-4281': {
    title: 'A part of the table is on another server',
    meaning:
      'A partition or child of the destination in PostgreSQL is a foreign table. Rows written to a foreign table are committed separately, before the others. After a crash in between, these rows would settle twice. Nothing was read.',
    tryThis: ['Settle in a table that is in one database as a whole: `store.table`.', 'Or detach the foreign table.'],
  },
  'HYG-4280': {
    title: 'A column that settled is gone',
    meaning:
      'A column of the destination was dropped or renamed after rows of the entity settled in it. An increment would add the column again, with null in the earlier rows. Nothing of the run settled.',
    tryThis: [
      'Give the column its previous name, or restore it with its values, and run again.',
      'Or load everything again: `hygge go -d`. Or leave the column out of the home: `exclude`.',
    ],
  },
  'HYG-4250': {
    title: 'A table of an engine without transactions',
    meaning: 'The table uses MyISAM, Aria or another MySQL engine that can’t roll back a commit.',
    tryThis: ['`ALTER TABLE … ENGINE = InnoDB`, or settle in a table of its own.'],
  },
  'HYG-4251': {
    title: 'A value did not arrive unchanged',
    meaning: 'In a bulk load MySQL changes a value that does not fit, and only warns. hygge discards the whole piece of the load.',
    why: 'A text is longer than the column that `schema_overrides` defines, or the server reads the value differently.',
    tryThis: ['Correct the value in the source, or settle the column as another type: `schema_overrides`.'],
  },
  'HYG-4252': {
    title: 'The server kept fewer rows than were sent',
    meaning: 'The server reports another number of rows than hygge sent. None of these rows settles.',
    tryThis: ['Read the log of the server, then run again.'],
  },
} as const satisfies Codes;

export const databaseConfigCodes = {
  'HYG-1140': {
    title: 'A password ends the URL of a database early',
    meaning:
      'The password or the user in the URL has a `/`, a `?`, a `#` or an `@`, and is not percent-encoded. Or there is no host behind the password. Programs that read the URL end the password there, and would show the rest of the password.',
  },
} as const satisfies Codes;
