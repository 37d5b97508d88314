import type { databaseStoreCodes } from '../database-codes.ts';
import type { storeCodes } from '../store-codes.ts';
import type { Explained } from './explained.ts';

/** Why files cannot be written, and what it looks like. */
export const storeExplained = {
  'HYG-4001': {
    why: 'An entity, a partition value or a file has a name that a file system cannot take.',
    example: {
      what: '"../orders" cannot be the path of a file: it leads upwards.',
      why: [],
      tryThis: ['Rename the entity, partition value or file that this path is made from.'],
    },
  },
  'HYG-4002': {
    why: 'The disk or the quota is used up, by hygge or by something else.',
    example: {
      what: 'The disk is full: writing /srv/lake/orders/part.parquet failed.',
      why: ['73,939,189,760 bytes are free at /.'],
      tryThis: ['Free some space there (or raise the quota), then run again.', 'Settle somewhere else: change `store.path`.'],
    },
  },
  'HYG-4003': {
    why: 'hygge runs as another user than the one who owns the folder.',
    example: {
      what: 'No permission: writing /srv/lake/orders/part.parquet was refused.',
      why: ['hygge runs as hygge.'],
      tryThis: ['Give hygge the right to read and write in /srv/lake/orders.', 'Run hygge as the user who owns that folder.'],
    },
  },
  'HYG-4004': {
    why: 'A share or a container mounts the folder for reading only.',
    example: {
      what: 'The file system is read-only: writing /srv/lake/orders/part.parquet was refused.',
      why: [],
      tryThis: ['Mount it for writing, or settle somewhere else: change `store.path`.'],
    },
  },
  'HYG-4005': {
    why: 'Something else of that name lies in the destination.',
    example: {
      what: 'A file is where a folder should be, or the other way round: writing /srv/lake/orders/part.parquet failed.',
      why: [],
      tryThis: ['Look at /srv/lake/orders/part.parquet and the folders above it, and move away what is in the way.'],
    },
  },
  'HYG-4006': {
    why: 'A disk is failing, or a network share went away.',
    example: {
      what: 'The disk failed while writing /srv/lake/orders/part.parquet (EIO).',
      why: [],
      tryThis: ["Look at the disk or mount (the system's log names it), then run again: what was settled is untouched."],
    },
  },
  'HYG-4007': {
    why: 'Many entities run at once, or the limit of the process is low.',
    example: {
      what: 'Too many files are open: writing /srv/lake/orders/part.parquet failed.',
      why: [],
      tryThis: ['Lower `concurrency`, or raise the limit (`ulimit -n`).'],
    },
  },
  'HYG-4008': {
    why: 'A deep folder and a long name together are longer than the file system takes.',
    example: {
      what: 'The path is longer than the file system takes: /srv/lake/orders/part.parquet',
      why: [],
      tryThis: ['Move the workspace or the destination into a folder with a shorter path, or shorten the name of the entity.'],
    },
  },
  'HYG-4009': {
    why: 'A hygge was suspended (Ctrl-Z, a paused container) at an unlucky moment.',
    example: {
      what: 'Another process has held data/lake/_hygge/shop/orders/.hygge-lock for more than 30 seconds.',
      why: ['The lock is held for a millisecond at a time; a process that was suspended in the middle keeps it.'],
      tryThis: ['Look for a suspended hygge process and let it go on or end it, then run again.'],
    },
  },
  'HYG-4010': {
    why: 'The file was edited, or the folder lies on a network share without locks.',
    example: {
      what: 'The lock file data/lake/_hygge/shop/orders/.hygge-lock cannot be used.',
      why: ['file is not a database'],
      tryThis: ['Remove that file while no hygge is running: it never holds anything.', 'Keep the folder on a disk of this machine.'],
    },
  },
  'HYG-4011': {
    why: 'The folder for temporary files is full, read-only or missing, as it may be in a container.',
    example: {
      what: 'The scratch folder /tmp/hygge-scratch-1122 cannot be made.',
      why: ["ENOTDIR: not a directory, mkdir '/tmp/hygge-scratch-1122'"],
      tryThis: ['Set HYGGE_SCRATCH to a folder on a local disk with some gigabytes free that hygge may write to.'],
    },
  },
  'HYG-4012': {
    why: 'A disk was mounted, or a link was put, at a folder inside the store, beside its `_hygge` folder.',
    example: {
      what: '/srv/lake/orders lies on another mount than what is staged for it: publishing /srv/lake/orders/00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet was refused.',
      why: [
        'A file gets its name by a rename, so that it is there whole or not at all, and nothing can be renamed from one mount to another.',
      ],
      tryThis: [
        'Have the whole store on one mount, its `_hygge` folder included, not a folder inside it.',
        'Or settle in a folder of one mount: change `store.path`.',
      ],
    },
  },
  'HYG-4016': {
    why: '`watermark.key` names fewer columns than it takes, or the source holds a row twice.',
    example: {
      what: 'Two different rows for erp dbo.orders have the same order_id: [17].',
      why: ['The watermark does not tell which of them is the newer one, so the key does not tell rows apart. Nothing was committed.'],
      tryThis: ['Name more columns in watermark.key, until they tell every row from all others', 'Or correct the rows in the source'],
    },
  },
  'HYG-4101': {
    why: 'The file was edited, or a disk failed.',
    example: {
      what: "data/lake/_hygge/shop/orders/current.json can't be read.",
      why: ['It is not JSON: it was torn or edited.', 'Without it nobody knows which files are settled.'],
      tryThis: ['Restore it from a backup', 'Or point the store at another folder and load everything again'],
    },
  },
  'HYG-4102': {
    why: 'A machine with a newer hygge works on the same destination.',
    example: {
      what: 'data/lake/_hygge/shop/orders/current.json was written by a newer hygge.',
      why: ['It has version 2; this hygge knows version 1.'],
      tryThis: ['Upgrade hygge here'],
    },
  },
  'HYG-4103': {
    why: 'The destination was emptied while its `_hygge` folder stayed.',
    example: {
      what: 'None of the 4 settled files is in data/lake/orders any more.',
      why: [
        'The first of them is 00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet. To go on from their watermark would leave their rows out for good.',
      ],
      tryThis: ['Put the files back where they were', 'Or load everything again: hygge reset without --adopt, then hygge go'],
    },
  },
  'HYG-4104': {
    why: '`state mv` was given a name that settled something in the same store before.',
    example: {
      what: 'data/lake/_hygge/shop/purchases/current.json is the record of other commits.',
      why: ['shop.purchases has settled data of its own there.'],
      tryThis: ['Move to a name that has never settled there'],
    },
  },
  'HYG-4105': {
    why: '`changed_files: replace` was set after rows of several files had settled together.',
    example: {
      what: "data/inbox/2026-11-02.parquet changed, and what settled from it before can't be told from the rows of other source files.",
      why: [
        'Parts in data/lake/orders, such as 00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet, hold rows of several source files.',
      ],
      tryThis: ['Load everything again once: hygge go -d -e shop.orders; from then on each source file keeps its own parts'],
    },
  },
  'HYG-4106': {
    why: 'A column is misspelt in `partition_by`, or holds floating-point numbers, lists or bytes.',
    example: {
      what: 'There is no column yaer to partition by.',
      why: [
        'The columns are id, year, amount.',
        'Folders are named by text, numbers, decimals, dates, timestamps, uuids, and true or false.',
      ],
      tryThis: ['Name other columns in partition_by, as they settle'],
    },
  },
  'HYG-4107': {
    why: 'Rows are partitioned by free text.',
    example: {
      what: 'A value of comment is too long for the name of a folder.',
      why: ['As part of a path it has 412 bytes; file systems take 255.'],
      tryThis: ['Partition by another column'],
    },
  },
  'HYG-4108': {
    why: 'Rows are partitioned by something that is nearly different in each row: a key, or an instant.',
    example: {
      what: 'Partitioned by order_id, one run would make more than 10,000 partitions.',
      why: ['Each is a folder with at least one file; readers are slow on so many small ones.'],
      tryThis: ['Partition by a column with fewer values, such as a date instead of an instant', 'Or leave partition_by out'],
    },
  },
  'HYG-4109': {
    why: '`partition_by` was set, changed or taken away after rows had settled, or the store got another `format`, or another `compression` of text files.',
    example: {
      what: 'What settled in data/lake/orders is not partitioned, and new rows would be partitioned by day.',
      why: ['Readers can not read files of both layouts together.'],
      tryThis: ['Load everything again once, in the new layout: hygge go -d -e shop.orders', 'Or set partition_by back to what it was'],
    },
  },
  'HYG-4110': {
    why: 'Somebody edited or compressed a settled file, or the destination was taken over with files of another type.',
    example: {
      what: 'data/lake/orders: orders/00000000000000000001-k3v9-00000-000-8s1c.parquet is not the file that settled.',
      why: ['It settled with 1204 bytes and has 980.', 'Without it nobody knows which rows to keep.'],
      tryThis: [
        'Put the file back as it was',
        'Or accept what is there: hygge reset shop.orders --adopt',
        'Or load everything again: hygge reset shop.orders',
      ],
    },
  },
  'HYG-4305': {
    why: 'A folder of the destination was replaced by a link, and files that hygge did not put there were taken over through it.',
    example: {
      what: 'old/2023.parquet in data/lake/orders would have to go, and it lies behind the link old, where other files stay.',
      why: ['old/2024.parquet is one of them. What a link leads to is never removed, and without the link those would be gone as well.'],
      tryThis: ['Take the link out of the destination, or put the files themselves in its place; then run again.'],
    },
  },
} as const satisfies Explained<typeof storeCodes>;

const orders = 'postgres db.example/erp sales.orders';

/** Why rows cannot be written into a database, and what it looks like. */
export const databaseStoreExplained = {
  'HYG-4201': {
    why: 'The source holds values that the type of the column in the database does not have.',
    example: {
      what: 'Column note holds a NUL character, and PostgreSQL keeps no text with one.',
      why: ['It is row 4,322 of a piece that was about to be staged; nothing of it settles.'],
      tryThis: ['Take the character out in the source', 'Or leave the column out: exclude of the home'],
    },
  },
  'HYG-4202': {
    why: 'A trigger that returns nothing, or a rule that does something instead, takes rows away as they come.',
    example: {
      what: `${orders} kept 998 of 1,000 rows.`,
      why: [
        'A trigger or a rule of the table leaves some of them out, without an error, or somebody else wrote rows of the same keys meanwhile.',
      ],
      tryThis: ['Take the trigger or rule off the table, or let it keep every row', 'Or settle in a table of its own: store: { table: … }'],
    },
  },
  'HYG-4203': {
    why: 'Few roles may make schemas, and nobody has made them yet.',
    example: {
      what: `hygge may not make the schemas and tables that it keeps of its own beside ${orders}.`,
      why: ['It keeps in them what it stages, and what of it has settled.'],
      tryThis: [
        'Have somebody who may create schemas run what this prints: hygge generate ddl --metadata',
        'What is missing: create schema if not exists "hygge_metadata"; …',
        'And let the account use them: hygge debug prints each GRANT that is missing',
        'Or name schemas that are there: store: { staging_schema: …, metadata_schema: … }',
      ],
    },
  },
  'HYG-4204': {
    why: 'The table has a constraint, an index, a trigger or a type that the rows do not suit.',
    example: {
      what: `The database refuses what would be written to ${orders}.`,
      why: ['new row for relation "orders" violates check constraint "positive".'],
      tryThis: ['Correct the rows in the source, or change what the message names in the database', 'Then run again'],
    },
  },
  'HYG-4205': {
    why: 'The role was never given the right, or it was taken away.',
    example: {
      what: `The role that hygge writes as lacks a right for ${orders}.`,
      why: ['permission denied for table orders.'],
      tryThis: ['Have somebody who may run: grant select, insert, update, delete on orders to …', 'Then run again'],
    },
  },
  'HYG-4206': {
    why: 'The server has a limit or a failure of its own, which does not pass by itself.',
    example: {
      what: `The database could not finish writing to ${orders}.`,
      why: ['canceling statement due to statement timeout.'],
      tryThis: ['Give the role more time: alter role … set statement_timeout = 0', 'Then run again: what is decided is finished first'],
    },
  },
  'HYG-4207': {
    why: 'A long transaction, a backup or somebody’s open session holds the table.',
    example: {
      what: `A lock on ${orders} did not become free in time.`,
      why: ['canceling statement due to lock timeout.'],
      tryThis: [
        "Look for who holds it: select pid, state, query from pg_stat_activity where state <> 'idle'",
        'Run again: nothing is lost',
      ],
    },
  },
  'HYG-4208': {
    why: 'The server restarts, the network breaks, or two transactions wait for each other.',
    example: {
      what: `Writing to ${orders} was interrupted by the database.`,
      why: ['terminating connection due to administrator command.'],
      tryThis: ['Run again: what is decided is finished, and nothing of the rest is visible'],
    },
  },
  'HYG-4209': {
    why: '`table` names a view or another thing that holds no rows of its own.',
    example: {
      what: 'sales.orders is a view, and rows settle in tables.',
      why: [],
      tryThis: ['Name a table, or a name that is free: store: { table: … }'],
    },
  },
  'HYG-4210': {
    why: '`table` is written with a database before it, or is longer than 63 bytes.',
    example: {
      what: '"erp.sales.orders" is no name of a table in PostgreSQL.',
      why: ['It is a name, or a schema and a name with a dot between.'],
      tryThis: ['Write it like sales.orders, or "My Schema"."My.Table" where a dot is in a name'],
    },
  },
  'HYG-4211': {
    why: 'The config of the store changed between the decision of a commit and its end.',
    example: {
      what: 'A commit is decided in postgres db.example/erp, and the store is postgres new.example/erp now.',
      why: ['The credential of the one is not that of the other.'],
      tryThis: ['Write the store as it was, run once, and change it then'],
    },
  },
  'HYG-4230': {
    why: 'A trigger that returns nothing, as for rows that are only marked as deleted, or a rule that does something instead.',
    example: {
      what: `${orders} did not let go of 2 rows.`,
      why: ['A trigger or a rule of the table keeps rows that are deleted, without an error.'],
      tryThis: ['Take the trigger or rule off the table, or let it delete', 'Or settle in a table of its own: store: { table: … }'],
    },
  },
  'HYG-4231': {
    why: 'Between the plan and the commit somebody made a view or a trigger; after a crash that may be long.',
    example: {
      what: `Another table was to take the place of ${orders}, and trigger audit depends on it by now.`,
      why: ['It was made after the load was planned, and would be lost.'],
      tryThis: ['Run again: the load is planned anew, with it'],
    },
  },
  'HYG-4233': {
    why: 'Two entities name one table, perhaps in two spellings, and load for the first time at once; or somebody inserted rows meanwhile.',
    example: {
      what: `${orders} holds 2 rows of others by now, which were not there when the load was planned.`,
      why: ['shop.archive put them there meanwhile. Ours would have come on top.'],
      tryThis: ['Settle in a table of its own: store: { table: … }', 'Then run again'],
    },
  },
  'HYG-4234': {
    why: 'The table was made by hand, for shorter texts or coarser numbers and times than the source has, or was altered since.',
    example: {
      what: `Column note of ${orders} is character varying(20), and would not keep 3 values as they are.`,
      why: [
        'The database would cut what is too long, and round what is too fine, without a word. Blanks at the end count. Nothing of it settled.',
      ],
      tryThis: [
        'Let the column hold them: alter table "public"."orders" alter column "note" type text',
        'Or correct the rows in the source',
        'Then run again',
      ],
    },
  },
  'HYG-4235': {
    why: 'A person, or another program, altered the table between the plan of a load and its commit.',
    example: {
      what: `${orders} is not what it was when the load was planned.`,
      why: ['Its column note is character varying(50) by now.'],
      tryThis: ['Run again: the load is planned anew, with the table as it is now'],
    },
  },
  'HYG-4237': {
    why: 'The table is large, and something keeps a full load from swapping it for another.',
    example: {
      what: `The commit into ${orders} would move about 40 GB in one transaction, and no step of the app lasts as long.`,
      why: ['Rows that are deleted and inserted, or merged, take their time in the commit; a table that is swapped or new does not.'],
      tryThis: [
        'Run it once on a machine, where no step ends: hygge go',
        'Or take away what keeps the table from being swapped: a mark column, a view, write_strategy: direct_insert',
      ],
    },
  },
  'HYG-4240': {
    why: 'Somebody guards or redirects what is written to the table by a trigger or a rule.',
    example: {
      what: 'Trigger guard of sales.orders runs instead of what is written there.',
      why: ['SQL Server counts rows as written that such a trigger leaves out: nobody would notice that they are missing.'],
      tryThis: [
        'Take it off while hygge writes there: DISABLE TRIGGER [sales].[guard] ON [sales].[orders]',
        'Or settle in a table of its own, and let the trigger fill this one: store: { table: … }',
      ],
    },
  },
  'HYG-4241': {
    why: 'The store says storage: columnstore, and version, size of the database or a type of the rows does not allow one.',
    example: {
      what: 'sqlserver shop.database.windows.net/erp sales.orders can’t be made as a columnstore.',
      why: ['a database of the size S1 makes no columnstores: they take S3 or more.'],
      tryThis: ['Let hygge choose: take storage out of the store', 'Or say another one: storage: rowstore'],
    },
  },
  'HYG-4246': {
    why: 'Rows were appended before `watermark.key` was named, or somebody else wrote them a second time.',
    example: {
      what: 'postgres db.example/erp shop.orders holds 2 rows with the same id: 17.',
      why: ['A merge puts one row in the place of one. One row more than keys would have become copies. Nothing was committed.'],
      tryThis: [
        'Leave one row of each key there, and run again. All of them: select "id", count(*) from "shop"."orders" group by "id" having count(*) > 1',
        'Or name more columns in watermark.key, until they tell every row from all others',
        'Or load everything anew, each key once: hygge go -d -e shop.orders (with if_exists: replace, where others put rows there)',
      ],
    },
  },
  'HYG-4293': {
    why: 'Somebody else wrote rows with the same keys into the table, before the entity or after it.',
    example: {
      what: 'In postgres db.example/erp shop.orders, rows of others have 2 of the keys that come, such as id 17.',
      why: [
        'The column of store.mark_column says that those rows are not of shop.orders: a merge would overwrite them. Nothing was committed.',
      ],
      tryThis: [
        'Delete them, or give them other keys, and run again',
        `To make it a row of shop.orders: update "shop"."orders" set "owner" = 'shop.orders' where "id" = '17'`,
        'Or settle in a table of its own: store: { table: … }',
      ],
    },
  },
  'HYG-4292': {
    why: 'The server is not the one that its protocol promises, or something between changes what is sent.',
    example: {
      what: 'sqlserver abc.example/erp sales.orders holds other values of price than were sent: the sum is 140000000000000000000000000000000000.00, and was 7.00.',
      why: ['As many rows of decimal(12,2) were staged as were read, and they were compared before anything was decided. Nothing settled.'],
      tryThis: [
        'Run again: what something between changed once, it may not change twice',
        'Or leave the column out: home: { exclude: [price] }',
        'Look which server answers there: one that only speaks the protocol of another may read its values in another way',
      ],
    },
  },
  'HYG-4291': {
    why: 'A trigger or a rule is on a table that hygge keeps for itself, or a server between answers no counts of rows.',
    example: {
      what: '"hygge_metadata"."heads" did not take what a commit wrote there: its UPDATE changed no row.',
      why: [
        'The row was looked at in the same transaction, and again in another one. Everything was rolled back; no row settled.',
        'A trigger or a rule on that table, or a server that answers no counts of rows, does so.',
      ],
      tryThis: ['Take triggers and rules off "hygge_metadata"."heads", and run again: what is staged is published then'],
    },
  },
  'HYG-4245': {
    why: 'Two workspaces settle in one database, each with a metadata_schema of its own, and name the same table; or the key was changed.',
    example: {
      what: `${orders} holds what shop.archive settled, as hygge_other has it.`,
      why: [
        'What hygge keeps of that entity lies in another metadata_schema: neither of both would see what the other one adds or takes away.',
      ],
      tryThis: [
        'Settle in a table of its own: store: { table: … }',
        `Or, where that entity settles there no more, have its record taken away: delete from "hygge_other".heads where table_name = 'sales.orders'`,
      ],
    },
  },
  'HYG-4244': {
    why: 'An event trigger guards every table of the database, and acts on more than CREATE TABLE: on DROP TRIGGER, or on any ALTER TABLE.',
    example: {
      what: 'Trigger audit is on hygge_staging.e_1_data again, which hygge has just made, and took it off.',
      why: [
        'A trigger of DDL in the database puts it there, whatever is done to the table. It would act on rows before anybody could look at what it does.',
      ],
      tryThis: [
        "Let that trigger act on CREATE TABLE alone: create event trigger … when tag in ('CREATE TABLE')",
        'Or let it leave out what lies in the schema of staged rows: store: { staging_schema: … }',
      ],
    },
  },
  'HYG-4243': {
    why: 'A connection was kept to one place at a time, and a flow reads from and writes to its database.',
    example: {
      what: 'shop.orders reads from and writes to one database, sqlite /srv/shop/data/shop.db, over one connection.',
      why: ['It holds a connection to read while it needs another to write, and pool_size: 1 allows one.'],
      tryThis: ['Give home and store `pool_size: 2` or more, or take the key out', 'Or let one of them be another database'],
    },
  },
  'HYG-4242': {
    why: 'The store says identity_insert: true, and rows are merged by a key that the column is no part of.',
    example: {
      what: 'Column id of sqlserver shop.database.windows.net/erp sales.orders counts by itself, and rows that are merged by another key could not change it.',
      why: ['The database takes a value into such a column with a new row, and refuses to update it.'],
      tryThis: ['Make it the key, or a part of it: watermark: { key: [id] }', 'Or leave it out: home: { exclude: [id] }'],
    },
  },
  'HYG-4232': {
    why: 'Somebody truncated the table, or deleted all that the entity put there, between two runs of an incremental load.',
    example: {
      what: `Nothing of the 1,000 rows that settled in ${orders} is there any more.`,
      why: ['Somebody emptied it. Adding new rows on top would be green but wrong.'],
      tryThis: ['Put the rows back', 'Load everything again: hygge reset erp.orders, then hygge go'],
    },
  },
  'HYG-4250': {
    why: 'Somebody made the table with another engine, or the server has one by default.',
    example: {
      what: 'shop.orders is kept by MyISAM, which has no transactions.',
      why: ['A commit that fails half way could not be undone in it.'],
      tryThis: ['Have InnoDB keep it: ALTER TABLE `shop`.`orders` ENGINE = InnoDB', 'Or settle in a table of its own: store: { table: … }'],
    },
  },
  'HYG-4251': {
    why: 'A text is longer than `schema_overrides` lets the column be, or a check of the server knows the value otherwise.',
    example: {
      what: 'Column note did not arrive in `hygge_staging`.`orders_7_0_data_x` as it was sent.',
      why: [
        'The server says so of row 4322 of a piece that was staged: Data truncated (1265).',
        'It had taken the rest of the row; nothing of it settles.',
      ],
      tryThis: ['Correct the value in the source, or settle the column as another type: schema_overrides', 'Then run again'],
    },
  },
  'HYG-4252': {
    why: 'Something between hygge and the table leaves rows out.',
    example: {
      what: 'Of 1,000 rows that were sent to `hygge_staging`.`orders_7_0_data_x`, the server kept 999.',
      why: ['It did not say why. Nothing of them settles.'],
      tryThis: ['Look into the log of the server for what happened', 'Then run again'],
    },
  },
  'HYG-4260': {
    why: 'A table that is there already, a name that is misspelt, a right that the role lacks.',
    example: {
      what: 'Statement 2 of 3 failed, in line 4: create index on sales.orders (custmer_id)',
      why: ['column "custmer_id" does not exist', 'All of it was taken back: nothing is done.'],
      tryThis: ['Correct that line, and apply the file again'],
    },
  },
  'HYG-4265': {
    why: 'The table was made by hand for programs that insert without a look at what is there.',
    example: {
      what: 'A constraint of orders is declared ON CONFLICT REPLACE: rows would take the place of others without an error.',
      why: ['Rows that settle would be gone again as soon as another has the same key, and nulls would become defaults.'],
      tryThis: [
        'Declare the table without ON CONFLICT REPLACE, or name another: store: { table: … }',
        'To replace rows by their key, let hygge do it: watermark: { column: …, key: [ … ] }',
      ],
    },
  },
  'HYG-4273': {
    why: 'The file lies on a share of the network, or in a folder that a container maps from another machine.',
    example: {
      what: "sqlite /mnt/share/shop.db can't have a log (WAL) where it lies, and hygge writes to no file without one.",
      why: ['The journal mode stays delete.'],
      tryThis: [
        'Put the file on a disk of this machine: over a network neither logs nor locks of SQLite hold',
        'Or settle in a database with a server: PostgreSQL, MySQL, SQL Server',
      ],
    },
  },
  'HYG-4290': {
    why: 'A document, an image or a text of hundreds of megabytes, or several of them in one row.',
    example: {
      what: `A row for ${orders} has more bytes than PostgreSQL takes in one piece: 1 GB.`,
      why: ['invalid memory alloc request size 1200000060.'],
      tryThis: [
        'Leave the column with the large values out: home: { exclude: […] }',
        'Or let such values settle as files: store: { type: parquet, … }',
      ],
    },
  },
  'HYG-4281': {
    why: 'Old partitions of the table were moved to another server, and are read here as foreign tables.',
    example: {
      what: 'sales.orders_2019, a part of sales.orders, is on another server.',
      why: ['What is written there commits by itself, before the rest: after a crash in between rows would settle twice.'],
      tryThis: [
        'Let rows settle in a table of which all is in one database: store: { table: … }',
        'Or take the part out: alter table sales.orders detach partition sales.orders_2019',
      ],
    },
  },
  'HYG-4280': {
    why: 'Somebody dropped a column of the table that hygge fills, or gave it another name, between two increments.',
    example: {
      what: `Column note, which settled in ${orders}, is not there any more.`,
      why: ['Somebody dropped or renamed it in the table. Only new rows would have values in it: green, but wrong.'],
      tryThis: [
        'Give the column its name back, or put it back with its values',
        'Or load all of it anew: hygge go -d -e erp.orders',
        'Or do without it from now on: home: { exclude: […] }',
      ],
    },
  },
} as const satisfies Explained<typeof databaseStoreCodes>;
