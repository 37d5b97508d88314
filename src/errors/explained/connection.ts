import type { connectionCodes, lakeCodes, stateAccountCodes } from '../connection-codes.ts';
import type { databaseConnectionCodes } from '../database-codes.ts';
import type { Explained } from './explained.ts';

/** Why systems cannot be reached, and what it looks like. */
export const connectionExplained = {
  'HYG-6001': {
    why: 'A connection broke, or a system is overloaded.',
    example: {
      what: 'A system did not answer.',
      why: ['put data/lake/_hygge/shop/orders/current.json: no answer'],
      tryThis: ['Run it again: what was decided is finished first, nothing is done twice'],
    },
  },
  'HYG-6002': {
    why: 'npm ran under a Node older than 22, which leaves native parts out without a word, or `node_modules` came from another kind of machine.',
    example: {
      what: 'The data engine (Polars) is not installed for this Node.',
      why: ['this is Node 20.18.0', 'Installing under a Node older than 22 leaves the native part out without a word.'],
      tryThis: [
        'Use Node 22 or newer',
        'Install hygge again with that Node, as docs/install.md says: npm install --global ./hygge-<version>.tgz',
        'In a clone of hygge: npm ci',
      ],
    },
  },
  'HYG-6010': {
    why: 'The webhook was removed or its workflow switched off, the network does not let the message out, or it takes messages of another form.',
    example: {
      what: 'The webhook of flow crm did not take the message about this run.',
      why: ['It answered 503. It was tried 3 times.'],
      tryThis: [
        'Check that the webhook still exists, and that notify.webhook holds its whole address',
        'If it is neither Teams nor Slack, say what it takes: notify.format: teams, slack or json',
      ],
    },
  },
  'HYG-6052': {
    why: 'A connection broke, a name was not found, or the service has too much to do. Who is signed in, and with what rights, was not even asked.',
    example: {
      what: 'Signing in failed: login.microsoftonline.com did not give a token.',
      why: ['ENOTFOUND.'],
      tryThis: ['Check whether this machine may reach it: hygge debug lists the hosts.', 'Then run it again: nothing is done twice.'],
    },
  },
  'HYG-6053': {
    why: 'More requests come than the account, bucket or folder bears. hygge halves what it sends at once and waits up to five minutes before it says so.',
    example: {
      what: 's3://lake/raw has too many requests, and let us write no more.',
      why: ['It answered 503 SlowDown for as long as was waited.'],
      tryThis: [
        'Run it again later: what was decided is finished first, nothing is done twice.',
        'Run fewer entities at once: concurrency in hygge.yml; and see who else uses the account.',
      ],
    },
  },
  'HYG-6055': {
    why: 'The role was never given, or was given on another vault; or a firewall of the vault does not know this machine.',
    example: {
      what: 'The vault https://northwind.vault.azure.net does not let us read its secrets.',
      why: ['It answered 403 ForbiddenByRbac: who runs this is known there and has no right to.'],
      tryThis: [
        'Give whoever runs this the role Key Vault Secrets User on northwind.vault.azure.net; it may take some minutes to arrive.',
        'Or set the variables here, in the environment or in .env: what is set is not looked up.',
      ],
    },
  },
  'HYG-6056': {
    why: 'The name of the vault is misspelt, the network is down or keeps this machine from it, or others ask it too much.',
    example: {
      what: 'The vault https://northwind.vault.azure.net cannot be reached.',
      why: ['ENOTFOUND.'],
      tryThis: [
        'Check its name in `secrets` of hygge.yml, and whether this machine may reach it.',
        'Then run it again: nothing was begun. What is set in the environment or in .env is not looked up.',
      ],
    },
  },
  'HYG-6054': {
    why: 'Many slow reads or writes at once, or somebody else holds a lock that all of them wait for.',
    example: {
      what: 'No connection to postgres db.example/erp became free within 60 s.',
      why: [
        'This process opens at most 3, and all of them are in use.',
        'In use: hygge shop.orders, to read (2, for 74 s); hygge shop.customers, to write (for 61 s).',
      ],
      tryThis: [
        'Let fewer entities run at once: options.concurrency',
        'Or let it open more: pool_size of the connection',
        'Or see in the database what those that are in use wait for',
      ],
    },
  },
} as const satisfies Explained<typeof connectionCodes>;

/** Why storage in a cloud can't be reached or refuses us, and what it looks like. */
export const lakeExplained = {
  'HYG-6401': {
    why: 'The identity has no role on the account, container or bucket, the role was given a moment ago, or a firewall lets this machine not in.',
    example: {
      what: 's3://lake/raw does not let us write.',
      why: ['It answered 403 AccessDenied: who runs this is known there and has no right to.'],
      tryThis: ['Give whoever runs this s3:PutObject on arn:aws:s3:::lake/*; it may take some minutes to arrive.'],
    },
  },
  'HYG-6402': {
    why: 'No managed identity, no `az login`, a key that was rotated, a SAS that is over, or a clock that is wrong.',
    example: {
      what: 's3://lake/raw does not know who we are.',
      why: ['403 InvalidAccessKeyId.'],
      tryThis: ['Check access_key_id and secret_access_key: the key is unknown there.'],
    },
  },
  'HYG-6403': {
    why: 'A typing mistake, another account or region, or it was never made.',
    example: {
      what: 'There is no bucket lake: s3://lake/raw.',
      why: ['It answered 404 NoSuchBucket.'],
      tryThis: ['Check its name, and that of the account.', 'hygge makes no containers: create it once, by hand or as code.'],
    },
  },
  'HYG-6404': {
    why: 'A wrong name, a network without a way there, or a service that is busy or down.',
    example: {
      what: 's3://lake/raw cannot be reached.',
      why: ['ENOTFOUND.'],
      tryThis: [
        'Check the name of the account, and whether this machine may reach it: hygge debug.',
        'Then try again: nothing is done twice.',
      ],
    },
  },
} as const satisfies Explained<typeof lakeCodes>;

/** How it comes that a state in Table Storage can't be opened. */
export const stateAccountExplained = {
  'HYG-1075': {
    why: 'The app has its account in AzureWebJobsStorage, but the laptop has no such variable; or its name is misspelt.',
    example: {
      what: 'State is to live in Table Storage, but nothing says in which storage account.',
      why: ['`state:` has neither `connection_string` nor `account_url`, and the environment no AzureWebJobsStorage.'],
      tryThis: [
        'By identity: state: { type: table_storage, account_url: "https://<account>.table.core.windows.net" }, and az login',
        `By a connection string in a variable: state: { type: table_storage, connection_string: "\${STATE_CONNECTION}" }`,
        'State on this machine instead: state: { type: files }',
      ],
    },
  },
  'HYG-1077': {
    why: 'A workspace that ran on a laptop was pushed as it is.',
    example: {
      what: 'hygge.yml keeps its state in files, and a function app has no disk that stays.',
      why: ['State in files would be lost with the machine, and every machine of the app would have another.'],
      tryThis: [
        'state: { type: table_storage } keeps it in the storage account of the app',
        'Or leave `state:` out: an app then does so by itself',
        'Or beside the data: state: { type: object, path: "s3://lake/northwind" }',
      ],
    },
  },
  'HYG-1076': {
    why: 'A shell cut the string off at its first `;`, or only the account key was copied.',
    example: {
      what: 'The connection string of the state is not one of a storage account.',
      why: ['It needs an AccountName with an AccountKey, or a TableEndpoint and a BlobEndpoint with a SharedAccessSignature.'],
      tryThis: ['Copy it anew from the portal: storage account, Access keys, Connection string', 'See that the whole of it is quoted'],
    },
  },
} as const satisfies Explained<typeof stateAccountCodes>;

/** Why databases can't be reached, and what it looks like. */
export const databaseConnectionExplained = {
  'HYG-6501': {
    why: 'A host is misspelt, a firewall is in the way, or the server is down.',
    example: {
      what: "postgres db.example/erp can't be reached.",
      why: ['connect ECONNREFUSED 10.0.0.4:5432.'],
      tryThis: [
        'Check host, port, and whether a firewall lets this machine through: hygge debug',
        'Then run it again: nothing is done twice',
      ],
    },
  },
  'HYG-6576': {
    why: 'The right to run a function of the catalogue was revoked, a limit of memory for sessions is too small, or a trigger of logins refuses this one.',
    example: {
      what: 'postgres db.example/erp answers, and refused a statement that begins a transaction.',
      why: ['permission denied for function pg_advisory_xact_lock_shared.', 'Its code is 42501.'],
      tryThis: [
        'Have somebody who may run: grant execute on function pg_catalog.pg_advisory_xact_lock_shared(int, int) to …',
        'To see the statement: hygge go -v',
      ],
    },
  },
  'HYG-6502': {
    why: 'A password was changed, a variable holds another one, or the server lets the role in only from elsewhere.',
    example: {
      what: 'postgres db.example/erp does not let us in.',
      why: ['password authentication failed for user "loader".'],
      tryThis: [
        'Check user and password (or PGUSER, PGPASSWORD, ~/.pgpass)',
        'pg_hba.conf of the server says who may come from where, and how',
      ],
    },
  },
  'HYG-6503': {
    why: 'The authority of the company signed the certificate and nobody told hygge of it; or the server is asked by an address instead of its name.',
    example: {
      what: "The connection to postgres db.example/erp can't be made safe.",
      why: ['self-signed certificate.'],
      tryThis: ['Say which authority signed its certificate: tls_ca_path: path/of/ca.pem', 'Use the host name that the certificate has'],
    },
  },
  'HYG-6504': {
    why: 'Its name is misspelt, or has capital letters that count.',
    example: {
      what: 'postgres db.example/ERP: there is no such database.',
      why: ['database "ERP" does not exist.'],
      tryThis: ['Check `database`: its name is taken exactly as it is written'],
    },
  },
  'HYG-6505': {
    why: 'After a failover the old primary is a standby, and the new one is not among the hosts.',
    example: {
      what: 'postgres db.example/erp is not a primary.',
      why: ['A server may have been promoted, or have become a standby.'],
      tryThis: ['Name all servers of the cluster in `host`', 'Or take what answers: target: any'],
    },
  },
  'HYG-6506': {
    why: 'Every instance of an app has a pool of its own, and together they are more than the server allows.',
    example: {
      what: 'postgres db.example/erp has no connection to spare.',
      why: ['sorry, too many clients already.'],
      tryThis: ['Ask for fewer at once: pool_size of the connection, times the instances of an app'],
    },
  },
  'HYG-6535': {
    why: 'The connection string of a warehouse looks like that of a database.',
    example: {
      what: 'sqlserver abc.datawarehouse.fabric.microsoft.com/erp is a warehouse of Fabric, or a serverless SQL pool of Azure Synapse, and no SQL Server.',
      why: ['It speaks the same protocol, and has neither the catalogue nor the transactions that hygge relies on.'],
      tryThis: ['Read its files where they lie: type: onelake or adls'],
    },
  },
  'HYG-6536': {
    why: 'It runs on a server that Microsoft does not support any more.',
    example: {
      what: 'sqlserver db.example/erp is SQL Server 12.0.6024.0: hygge reads SQL Server 2016 (13.0) and later.',
      why: [],
      tryThis: ['Let another program export it, or move the database to a newer server'],
    },
  },
  'HYG-6537': {
    why: 'A serverless database pauses when nobody asks it anything, and the first who comes wakes it up, which takes about a minute.',
    example: {
      what: 'sqlserver shop.database.windows.net/erp is not available yet: it is paused and wakes up, or it moves.',
      why: ["Database 'erp' on server 'shop' is not currently available."],
      tryThis: ['Wait: it is tried again', 'A database that is too busy needs more units, or fewer connections: pool_size'],
    },
  },
  'HYG-6520': {
    why: 'A path is misspelt, or the file belongs to somebody else.',
    example: {
      what: "sqlite /srv/northwind/kept/state.db can't be opened.",
      why: ['unable to open database file.'],
      tryThis: [
        'Check `path` of the connection: a relative one is against the folder of hygge.yml',
        'Let whoever runs hygge read and write the file and its folder, where SQLite keeps its log beside it',
      ],
    },
  },
  'HYG-6521': {
    why: 'A shell or an editor of databases has begun a transaction, and nobody ended it.',
    example: {
      what: 'Another program kept sqlite /srv/northwind/kept/state.db locked for too long.',
      why: ['database is locked.'],
      tryThis: [
        'See who has the file open: a shell or an editor of databases with a transaction that was not ended',
        'Or wait longer: busy_timeout of the connection, in seconds',
      ],
    },
  },
  'HYG-6522': {
    why: 'A path names another file, or a copy broke off.',
    example: {
      what: 'sqlite /srv/northwind/kept/state.db is no database of SQLite, or is damaged.',
      why: ['file is not a database.'],
      tryThis: ['Check `path` of the connection', 'Put the file back from a backup'],
    },
  },
  'HYG-6565': {
    why: 'A notebook or the shell of DuckDB still has the file open, or another hygge writes into it.',
    example: {
      what: 'Another program has duckdb data/sales.duckdb open.',
      why: ['It is /usr/bin/duckdb, process 4711. A file of DuckDB is written by one process at a time, and then nobody else reads it.'],
      tryThis: [
        'Close it there, then run again; to see what it is: ps -p 4711',
        'Who only reads should open it read-only: duckdb -readonly',
      ],
    },
  },
  'HYG-6566': {
    why: 'The path is misspelt, or the flow that makes the file has not run yet.',
    example: {
      what: 'There is no duckdb data/sale.duckdb.',
      why: ['Cannot open database "/srv/data/sale.duckdb" in read-only mode: database does not exist.'],
      tryThis: ['Check `path` of the connection: a relative one is against the folder of hygge.yml'],
    },
  },
  'HYG-6567': {
    why: 'A file of another kind has that name, or somebody opened the database with a newer DuckDB, which writes what older ones do not know.',
    example: {
      what: 'duckdb data/sales.csv is no database that this DuckDB reads.',
      why: ['The file "/srv/data/sales.csv" exists, but it is not a valid DuckDB database file!'],
      tryThis: ['Check `path` of the connection'],
    },
  },
  'HYG-6568': {
    why: 'Whoever runs hygge may not read the file, or may not write into its folder.',
    example: {
      what: "duckdb data/sales.duckdb can't be opened.",
      why: ['Cannot open file "/srv/data/sales.duckdb": Permission denied.'],
      tryThis: ['Let whoever runs hygge read the file, and write it and its folder where a flow settles in it'],
    },
  },
  'HYG-6569': {
    why: 'The token is missing or has expired, or a firewall keeps DuckDB from its extensions.',
    example: {
      what: "duckdb md:sales can't be reached.",
      why: ['Request failed: Your request is not authenticated. Please check your MotherDuck token.'],
      tryThis: ['Give a token: `token` of the connection, or MOTHERDUCK_TOKEN'],
    },
  },
  'HYG-6575': {
    why: 'The path is misspelt, or the program that makes the file has not run yet.',
    example: {
      what: 'There is no file /srv/sales/data/orders.db.',
      why: ["ENOENT: no such file or directory, stat '/srv/sales/data/orders.db'."],
      tryThis: ['Check `path` of the connection: a relative one is against the folder of hygge.yml'],
    },
  },
  'HYG-6570': {
    why: 'A flow with a home in DuckDB was packed into a function app, or hygge was installed from its package, which leaves DuckDB to those who need it.',
    example: {
      what: 'DuckDB is not installed here.',
      why: ["Cannot find package '@duckdb/node-api' imported from app.mjs.", 'A packed function app does not hold it.'],
      tryThis: [
        'Install it beside hygge: npm install --global @duckdb/node-api@1.5.6-r.1',
        'In a clone of hygge: npm ci',
        'In the cloud: run flows with DuckDB on a machine of your own: hygge go',
      ],
    },
  },
} as const satisfies Explained<typeof databaseConnectionCodes>;
