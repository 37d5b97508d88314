import type { databaseHomeCodes } from '../database-codes.ts';
import type { homeCodes } from '../home-codes.ts';
import type { Explained } from './explained.ts';

/** Why sources cannot be read, and what it looks like. */
export const homeExplained = {
  'HYG-3101': {
    why: 'Something else was given the ending .parquet, or the pattern matches more than parquet files.',
    example: {
      what: 'data/inbox/orders.parquet is not a parquet file.',
      why: [],
      tryThis: ['Look at what wrote it', 'Narrow the path or file_pattern of the home so that it matches parquet files only'],
    },
  },
  'HYG-3102': {
    why: 'The program that wrote it was interrupted, or has only just begun.',
    example: {
      what: 'data/inbox/orders.parquet is empty (0 bytes).',
      why: [],
      tryThis: ['Remove the file, or write it again', 'If it is being written right now, run again when its writer has finished'],
    },
  },
  'HYG-3103': {
    why: 'An upload or copy was cut short, or the file is still being written.',
    example: {
      what: 'data/inbox/orders.parquet is torn: it begins like a parquet file, but its footer is missing.',
      why: [],
      tryThis: ['Copy or write the file again', 'If it is being written right now, run again when its writer has finished'],
    },
  },
  'HYG-3104': {
    why: 'The file was changed after it was written: a faulty disk, a transfer in text mode, a program with a defect.',
    example: {
      what: 'data/inbox/orders.parquet has a damaged footer.',
      why: ['no row count'],
      tryThis: ['Copy the file again from where it came from', 'Write it again'],
    },
  },
  'HYG-3105': {
    why: 'A faulty disk or transfer, or the file was replaced while it was read.',
    example: {
      what: "data/inbox/orders.parquet can't be decoded.",
      why: ['parquet: File out of specification: invalid utf8'],
      tryThis: [
        'Copy the file again from where it came from',
        'Write it again',
        'If it was replaced or written while it was read, run again',
      ],
    },
  },
  'HYG-3106': {
    why: 'The file holds something that parquet or hygge has no exact type for.',
    example: {
      what: 'Column c is struct<>, which parquet can hold only with loss.',
      why: ['parquet has no struct without fields'],
      tryThis: ['Leave the column out with exclude', 'Write the file with another type for it'],
    },
  },
  'HYG-3107': {
    why: 'A column is misspelt, or this file is older or newer than the others.',
    example: {
      what: 'data/inbox/orders.parquet has no column "Id".',
      why: ['Its columns: id, placed_at, customer_id, price'],
      tryThis: ['Check the spelling, upper and lower case included'],
    },
  },
  'HYG-3108': {
    why: 'The program that wrote it was told to encrypt.',
    example: {
      what: 'data/inbox/orders.parquet is an encrypted parquet file.',
      why: [],
      tryThis: ['Write the file without parquet encryption'],
    },
  },
  'HYG-3109': {
    why: 'A query joined two tables with a column of the same name, and its result was written as it came.',
    example: {
      what: 'data/inbox/orders.parquet has two columns named "id".',
      why: [],
      tryThis: ['Write the file with distinct column names'],
    },
  },
  'HYG-3110': {
    why: 'The column holds floating-point numbers, true and false, or lists: nothing that says exactly how far a run came.',
    example: {
      what: "Column price is float64, which can't be a watermark.",
      why: ['Two systems may round or print the same float differently, so rows could be lost or read twice.'],
      tryThis: ['Choose another column for watermark.column'],
    },
  },
  'HYG-3111': {
    why: '`watermark.initial`, or the value given to `reset --watermark`, is written in another form than the column.',
    example: {
      what: '"1.5" can\'t be a value of column c (int64).',
      why: [],
      tryThis: ['Write it like 42', 'Or name another column in watermark.column'],
    },
  },
  'HYG-3112': {
    why: 'The program that writes the files changed the type of a column at some time.',
    example: {
      what: 'Column id of data/orders/2026-11.parquet is int64, not int32.',
      why: [],
      tryThis: ['Narrow the path or file_pattern so that it matches files of one kind', 'Write the file again with the type of the others'],
    },
  },
  'HYG-3201': {
    why: 'The path is misspelt, the files have not come yet, or they were moved away.',
    example: {
      what: 'There is nothing to read at data/inbox/ordrs.parquet.',
      why: ['The path exists as far as data/inbox, and there is no "ordrs.parquet" in it.'],
      tryThis: [
        'Did you mean data/inbox/orders.parquet?',
        'Check the path: relative ones are against the folder of hygge.yml',
        'A source that is meant to be empty needs one file without rows, so that its columns are known',
      ],
    },
  },
  'HYG-3202': {
    why: 'Something moves or deletes files of the source while hygge reads them.',
    example: {
      what: 'data/inbox/orders.parquet was there when the run was planned and is gone now.',
      why: [],
      tryThis: ['Run it again: nothing was settled'],
    },
  },
  'HYG-3203': {
    why: 'The source was still being written when the run began.',
    example: {
      what: 'data/inbox/orders.parquet changed while it was being read.',
      why: ['Rows of two versions of a file must not settle together.'],
      tryThis: ['Run it again when the file is complete', 'Let writers rename finished files into the folder'],
    },
  },
  'HYG-3204': {
    why: 'Files of several tables lie in one folder, or the columns changed from one day to the next.',
    example: {
      what: 'data/orders/2026-11.parquet has another schema than data/orders/2026-10.parquet.',
      why: ['column mark is gone'],
      tryThis: ['Move files of different shape in entities of their own', 'Leave differing columns out with exclude: […]'],
    },
  },
  'HYG-3205': {
    why: 'A column is misspelt, or was renamed in the source.',
    example: {
      what: 'The source has no column "discout".',
      why: ['It has: order_id, placed_at, customer_id, product, discount'],
      tryThis: ['Correct columns or exclude of the home'],
    },
  },
  'HYG-3206': {
    why: '`lag` was set for a watermark that counts instead of telling the time.',
    example: {
      what: 'watermark.lag needs a time, but order_id is int64.',
      why: ['A lag holds back rows younger than so long; this column does not tell how old a row is.'],
      tryThis: ['Take watermark.lag away', 'Or choose a column with a timestamp or date in watermark.column'],
    },
  },
  'HYG-3207': {
    why: 'A file was put beside the folders of a partitioned table, or one folder down is missing.',
    example: {
      what: 'data/sales/extra.parquet does not lie in a folder year=…, but data/sales/year=2026/part-0.parquet does.',
      why: ['Folders named key=value are read as columns, which every row then has.'],
      tryThis: [
        'Move the file into such a folder, or narrow the path of the home to files that lie alike',
        'Or let rows of other files have no year: differing_files: unify',
        'Or read no columns from folders: hive_partitions: false',
      ],
    },
  },
  'HYG-3208': {
    why: 'The program that writes the files began to keep the column of its folders in the files too.',
    example: {
      what: 'Column year is in data/sales/year=2026/part-9.parquet and in the names of folders.',
      why: ['The two may differ, and it was decided before, or is said in hive_partitions, that folders tell.'],
      tryThis: [
        'Read what the files say: leave year out of hive_partitions; if it settled from folders, hygge reset shop.orders, then hygge go',
        'Or write the files without the column year',
      ],
    },
  },
  'HYG-3209': {
    why: 'All folders had numbers or dates so far, and a new one has another text.',
    example: {
      what: 'The folder year=… of data/sales/year=unknown/part-0.parquet is no value of int64.',
      why: ['The type of a column that is read from folders stays what it was when it settled.'],
      tryThis: ['Read it as text: hive_partitions: {year: string}', 'Or decide anew: hygge reset shop.orders, then hygge go'],
    },
  },
  'HYG-3210': {
    why: 'The program that writes the records began to write another name, or wrote fractions where there were only whole numbers before.',
    example: {
      what: 'Line 4183112 of in/events.ndjson is not like the records that the columns were told from: the name "coupon" is new.',
      why: [],
      tryThis: ['Nothing: the run looks at all records now, and reads them again'],
    },
  },
  'HYG-3211': {
    why: 'Spark writes timestamps as INT96 unless it is told otherwise, and 9999-12-31 stands for "never" in many tables.',
    example: {
      what: 'Column valid_to of in/customers.parquet holds INT96 instants outside the years 1677 to 2262.',
      why: ['INT96 is read as nanoseconds, and 64 bits of them reach no further. Spark writes such a day for "never": 9999-12-31.'],
      tryThis: ['Read them as microseconds, which reach it: `home: { int96: microseconds }`', 'Leave the column out with exclude'],
    },
  },
  'HYG-3212': {
    why: 'The file was written by another program than Spark, whose timestamps have no digits below microseconds.',
    example: {
      what: 'Column at of in/ticks.parquet holds INT96 instants that are finer than microseconds.',
      why: [],
      tryThis: ['Read them as nanoseconds: take `int96` away', 'Leave the column out with exclude'],
    },
  },
  'HYG-3214': {
    why: 'A table was dropped or renamed, a folder was removed, or a right was taken away.',
    example: {
      what: 'shop.orders has settled before, and is not at the home of flow shop any more.',
      why: ['It was dropped or renamed, or may not be read any more. What settled is as it was.'],
      tryThis: [
        'Give the right back, or give it its name again, and run again',
        'Where it is gone for good: `entities: { exclude: [orders] }` in flow shop; what settled stays',
      ],
    },
  },
  'HYG-3213': {
    why: 'A column is misspelt or has another type than the condition thinks; or the condition is written in the words of another database.',
    example: {
      what: 'home.where is no condition for the rows of data/orders.',
      why: ['Polars says: not found: unable to find column "amout"; valid columns: ["id", "amount"]', 'There is: id, amount'],
      tryThis: ["Correct it: where: amount > 0 and region = 'EU'; names with other signs go into double quotes"],
    },
  },
  'HYG-3215': {
    why: 'A program began to leave the value out, or a file of another shape came into the folder.',
    example: {
      what: 'Column id is null in row 3 of in/orders.csv, and home.not_null says that it never is.',
      why: ['Rows are counted from 1, without a header.'],
      tryThis: [
        'Correct the file',
        `Or leave such rows out: home: { where: '"id" is not null' }`,
        'Or take id out of not_null of the home',
      ],
    },
  },
  'HYG-3315': {
    why: 'One flow reads what another one settles, and both run at the same time; or the other was killed in its first commit.',
    example: {
      what: 'hygge itself is about to settle rows in lake/orders.',
      why: ['A commit is half visible to whoever lists the folder, and rows would be missing, or there twice.'],
      tryThis: [
        'Run it again when the run that fills it has ended',
        'Where that was killed, run it again first: it finishes what it had decided',
      ],
    },
  },
  'HYG-3313': {
    why: 'The program that writes the files, or the database behind it, began to write its names in capitals.',
    example: {
      what: 'The source of sales.orders has a column "ID", and "id" settled: they differ only in upper and lower case.',
      why: ['As another column it would cut the rows in two: each would have half of the values.'],
      tryThis: [
        'If it is the same column, say so: migrations: [{ rename: { ID: id } }]',
        'If it is another one, take it as it is: hygge schema accept sales.orders',
      ],
    },
  },
} as const satisfies Explained<typeof homeCodes>;

/** Why tables can't be read, and what it looks like. */
export const databaseHomeExplained = {
  'HYG-3501': {
    why: 'The name is misspelt, or it has capital letters that count, or lies in a schema that the role does not look in.',
    example: {
      what: 'There is no table Orders.',
      why: ['Names are taken exactly as they are written, capital letters and all; or the role may not look into its schema.'],
      tryThis: ['There is public.orders: write it so'],
    },
  },
  'HYG-3502': {
    why: 'A column was renamed or dropped, or is misspelt.',
    example: {
      what: 'There is no column updatedat in public.orders. Did you mean updated_at?',
      why: ['Names of columns are taken exactly as they are written, capital letters and all.'],
      tryThis: ['Its columns are id, updated_at, total'],
    },
  },
  'HYG-3503': {
    why: 'A query joins two tables and takes all columns of both.',
    example: {
      what: 'Two columns of the query are called id.',
      why: ['Nothing would tell them apart where they settle.'],
      tryThis: ['Name one of them in the query: … AS id_2'],
    },
  },
  'HYG-3504': {
    why: 'Somebody altered the table, or the server was restarted, between the plan of a run and its last slice.',
    example: {
      what: 'postgres db.example/erp orders is not any more as it was when the run was planned.',
      why: ['Its columns were altered meanwhile.'],
      tryThis: ['Run it again: nothing of this run is visible'],
    },
  },
  'HYG-3505': {
    why: 'The database has values that parquet, and most destinations, have no place for.',
    example: {
      what: 'Column price of postgres db.example/erp orders holds NaN, which has no place in the type that it is read as.',
      why: [],
      tryThis: ['Read such values as null: home.special_values: to_null', 'Or leave it out: home.exclude: [price]'],
    },
  },
  'HYG-3506': {
    why: 'The server was restarted or failed over, or the network in between gave up.',
    example: {
      what: 'The connection to postgres db.example/erp orders was lost while it was read.',
      why: ['terminating connection due to administrator command.'],
      tryThis: ['Run it again: nothing of this run is visible'],
    },
  },
  'HYG-3507': {
    why: 'The table is new, and nobody gave the role a right to it.',
    example: {
      what: 'The role may not read postgres db.example/erp orders.',
      why: ['permission denied for table orders.'],
      tryThis: ['GRANT SELECT ON orders TO the role', 'Then try again: hygge debug'],
    },
  },
  'HYG-3508': {
    why: 'The column is a numeric without precision, an interval, or of a type that only the database knows.',
    example: {
      what: "Column version of postgres db.example/erp orders is numeric, which is read as text: it can't be a watermark.",
      why: ['The order of its values is not that of their texts, so rows would be lost.'],
      tryThis: [
        'Say how many digits it has: home.decimals: { version: "decimal(38, 10)" }, 10 of them behind the point; "decimal(38, 0)" is for whole numbers',
        'Choose another column for watermark.column',
      ],
    },
  },
  'HYG-3595': {
    why: 'A proxy ended the connection again and again while a large table was read.',
    example: {
      what: 'The connection that held the snapshot of postgres db.example/erp orders was lost.',
      why: ['All slices of a plan are read under one snapshot, which ends with its connection.'],
      tryThis: ['Run it again: nothing of this run is visible'],
    },
  },
  'HYG-3594': {
    why: 'The id of the rows was named in `watermark.column`, and it is random.',
    example: {
      what: 'The watermark of shop.orders has ids that do not rise with time: id "fe03c0d4-5f3f-4b8e-9a33-0d3c9f0c3a11".',
      why: [
        'Rows that are new would have ids below the largest one, and never be read. Of UUIDs only those of version 7 begin with a time.',
      ],
      tryThis: [
        'Choose a column that rises: watermark.column, a time of change or a number that counts up',
        'Rows may be merged by the id: watermark: { column: …, key: [id] }',
        'Or load everything at each run: run_type: full_drop',
      ],
    },
  },
  'HYG-3509': {
    why: 'The table has policies, and the role is neither its owner nor above them.',
    example: {
      what: 'A policy of postgres db.example/erp orders would hide rows from us.',
      why: ['query would be affected by row-level security policy for table "orders".'],
      tryThis: ['Let the role see all rows: ALTER ROLE … BYPASSRLS', 'Or read a view that its owner made over the rows that are meant'],
    },
  },
  'HYG-3510': {
    why: 'statement_timeout is set for the role or the database, and reading the table takes longer.',
    example: {
      what: 'postgres db.example/erp orders ended the statement that read it.',
      why: ['canceling statement due to statement timeout.'],
      tryThis: ['Give the role more time: ALTER ROLE … SET statement_timeout = 0'],
    },
  },
  'HYG-3511': {
    why: 'A query or condition was written for another database, or has a mistake.',
    example: {
      what: 'postgres db.example/erp orders does not understand what it is asked.',
      why: ['column "is_actve" does not exist.'],
      tryThis: ['Look at `query`, `where` and `columns` of the home; run the query in psql'],
    },
  },
  'HYG-3512': {
    why: 'A standby shows what is committed, and nothing of what is still open on the primary.',
    example: {
      what: 'postgres replica.example/erp orders is a standby: whether a row may still come below the newest changed_at can’t be seen there.',
      why: ['Transactions that are open on the primary are not shown on a standby.'],
      tryThis: [
        'Say how late a row may come: watermark.lag: 5m (longer than the longest transaction that writes)',
        'Or read from the primary: target: primary',
      ],
    },
  },
  'HYG-3513': {
    why: 'Nobody has switched change tracking on yet, or it was switched off.',
    example: {
      what: 'Changes of dbo.orders are not tracked.',
      why: ['Change tracking is off in the whole database.'],
      tryThis: [
        'ALTER DATABASE [erp] SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON);',
        'ALTER TABLE [dbo].[orders] ENABLE CHANGE_TRACKING;',
      ],
    },
  },
  'HYG-3514': {
    why: 'SELECT alone does not show what change tracking keeps.',
    example: {
      what: 'The role may not see the changes of dbo.orders.',
      why: ['To read a table by its changes takes VIEW CHANGE TRACKING beside SELECT.'],
      tryThis: ['GRANT VIEW CHANGE TRACKING ON [dbo].[orders] TO [loader];'],
    },
  },
  'HYG-3515': {
    why: 'A view was named, or a table that nobody gave a primary key.',
    example: {
      what: 'Changes of dbo.log are not told.',
      why: ['It has no primary key, which is what changes are told by.'],
      tryThis: ['Read a table with a primary key: home.table', 'Or name a column in place of changes: watermark: { column: updated_at }'],
    },
  },
  'HYG-3516': {
    why: 'Columns were chosen for what is looked at later, and the key is not among them.',
    example: {
      what: 'id is part of the primary key of dbo.orders, and is not read.',
      why: ['Of a row that is deleted only the primary key is told.'],
      tryThis: ['Let it be read: put id into home.columns, or take it out of home.exclude'],
    },
  },
  'HYG-3517': {
    why: 'Runs came less often than changes are kept, or the table was truncated, made anew or restored since the last one.',
    example: {
      what: 'Not every change of sqlserver db.example/erp dbo.orders since the last run is told any more.',
      why: [
        'Changes after version 4711 are not kept any more, only those after 5208.',
        'Rows that were changed or deleted meanwhile would stay as they were where they settled.',
      ],
      tryThis: ['Load everything anew: hygge reset erp.orders, then hygge go -e erp.orders'],
    },
  },
  'HYG-3518': {
    why: 'application_intent is read_only, and a readable secondary answered.',
    example: {
      what: 'Changes of dbo.orders are told by the primary only.',
      why: ['This database is read only: a readable secondary does not answer for change tracking.'],
      tryThis: ['Read from the primary: application_intent: read_write'],
    },
  },
  'HYG-3545': {
    why: 'The owner of the table masks a column, and the role of hygge was given SELECT and not UNMASK.',
    example: {
      what: 'Values of dbo.customers are masked for us: email.',
      why: ['The masks would settle in place of the values.'],
      tryThis: ['Let us see them: GRANT UNMASK TO …', 'Or leave them out: home.exclude: [email]'],
    },
  },
  'HYG-3546': {
    why: 'The owner of the table encrypts a column in their own programs, before the server ever sees it.',
    example: {
      what: 'Values of dbo.patients are encrypted by their owner (Always Encrypted): ssn.',
      why: ['hygge has no key to them: what comes would be ciphertext.'],
      tryThis: ['Leave them out: home.exclude: [ssn]'],
    },
  },
  'HYG-3547': {
    why: 'SQL Server and MySQL show the transactions of others only to whoever has a right of its own for that. Of a foreign table of PostgreSQL, or a table of FEDERATED and its like in MySQL, they are those of another server, and of a materialized view those of the moment when it was refreshed.',
    example: {
      what: "Whether a row of sqlserver db.example/erp dbo.orders may still come below the newest changed_at can't be seen.",
      why: [
        'Without VIEW SERVER STATE nobody sees which transactions are open, and rows of transactions that are open come below it later.',
      ],
      tryThis: [
        'GRANT VIEW SERVER STATE TO [loader], in master',
        'Or say how late a row may come: watermark.lag: 5m (longer than the longest transaction that writes)',
      ],
    },
  },
  'HYG-3548': {
    why: 'The query names parts of itself in a WITH, which SQL Server takes at the beginning of a statement only.',
    example: {
      what: "A query of SQL Server can't begin with WITH here.",
      why: ['hygge reads it as part of a SELECT of its own, and SQL Server takes no such query inside of another one.'],
      tryThis: ['Write it as one SELECT, with what WITH names in its FROM', 'Or make a view of it, and read that: table: dbo.the_view'],
    },
  },
  'HYG-3549': {
    why: 'application_intent is read_only, and the role may not look at the state of the replica that answers.',
    example: {
      what: 'How far this readable secondary is behind its primary can’t be seen.',
      why: ['The role may not see it there: rows that it does not have yet would be missed.'],
      tryThis: ['Or read from the primary: application_intent: read_write'],
    },
  },
  'HYG-3565': {
    why: 'DuckDB reads http, s3 and other databases by extensions that it downloads when it meets one; hygge lets it download nothing.',
    example: {
      what: 'duckdb :memory: query 0f3a needs an extension that this DuckDB does not have.',
      why: ["An error occurred while trying to automatically install the required extension 'httpfs':"],
      tryThis: ['Read files of a network by a home of their own: type: s3, adls, azure_blob, gcs or onelake'],
    },
  },
  'HYG-3566': {
    why: 'Lists and texts of one row, or what is grouped, have to be in memory whole.',
    example: {
      what: 'duckdb data/sales.duckdb query 0f3a needs more memory than memory_limit allows.',
      why: ['failed to allocate data of size 128.0 MiB (172.1 MiB/190.7 MiB used).'],
      tryThis: ['Give it more: memory_limit: 1GB of the connection', 'Or let it do less at once: threads: 1'],
    },
  },
  'HYG-3568': {
    why: 'A path is misspelt, or the files have not come yet.',
    example: {
      what: 'duckdb :memory: query 0f3a names files that are not there.',
      why: ['No files found that match the pattern "in/*.csv".'],
      tryThis: ['Check the paths in `query`: relative ones are against the folder of hygge.yml'],
    },
  },
  'HYG-3569': {
    why: 'The machine lost power while somebody copied the file, or the disk is worn out.',
    example: {
      what: "duckdb data/sales.duckdb orders can't be read from the disk.",
      why: ['Corrupt database file: computed checksum 7011 does not match stored checksum 1711 in block at location 12288.'],
      tryThis: ['See whether the disk is full or the file is damaged: duckdb -readonly FILE -c "FROM …"'],
    },
  },
  'HYG-3570': {
    why: 'hygge was started with -C, or in a folder below that of hygge.yml, and that folder has a file of the same name.',
    example: {
      what: 'The query names the file in/a.csv, and hygge was started in a folder that has one of that name.',
      why: [
        'Paths are meant from the folder of hygge.yml (/srv/sales); DuckDB would read the one of the folder that hygge was started in.',
      ],
      tryThis: ['Start hygge in /srv/sales', 'Or write the whole path in the query'],
    },
  },
  'HYG-3590': {
    why: 'Whoever made the table gave the column no type, and several programs write to it.',
    example: {
      what: "What column code of items is can't be told: it holds whole numbers and texts.",
      why: ['It has no type.'],
      tryThis: ['Say what it is: home.types: { code: string }, which takes numbers as well'],
    },
  },
  'HYG-3591': {
    why: 'A program wrote a text into a column of numbers, or a time in a form of its own: SQLite takes both.',
    example: {
      what: "Column updated_at of orders is timestamp(us), and holds '1 Jan', in the row with rowid 7.",
      why: [
        'A value of another kind, or of another form, has no place in the order of a watermark: its row would never be read, or all others never again.',
      ],
      tryThis: ['Correct the row, or leave it out: home.where: typeof(updated_at) = …'],
    },
  },
  'HYG-3592': {
    why: 'A price, or a flag, is not what tells new rows from old ones.',
    example: {
      what: "Column amount of orders is decimal(9, 2): it can't be a watermark in SQLite.",
      why: ['Its values are not ordered there as they are read.'],
      tryThis: ['Choose a whole number, a text, a date or a time for watermark.column'],
    },
  },
  'HYG-3593': {
    why: 'types was copied from a home of files, which has more of them.',
    example: {
      what: 'No value of SQLite is read as int8, which types says of column level of orders.',
      why: [],
      tryThis: ['Say another type: home.types: { level: int16 }'],
    },
  },
} as const satisfies Explained<typeof databaseHomeCodes>;
