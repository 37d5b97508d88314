import type { Codes } from './entry.ts';

/** A system can't be reached or refuses us. */
export const connectionCodes = {
  'HYG-6001': {
    title: 'A system did not answer',
    meaning:
      'A request was sent and no answer came: it may have been carried out or not. hygge checks that before it sends the request again.',
    why: 'A connection broke, or a system is overloaded.',
    tryThis: ['Run it again: what was decided is finished first, and nothing is done twice.'],
  },
  'HYG-6002': {
    title: 'The data engine is not installed',
    meaning:
      'Data is read and written by a native library. It is missing for this Node: installing under a Node older than 22 leaves it out without a word.',
    tryThis: ['Use Node 22 or newer.', 'Install hygge again with that Node (docs/install.md); in a clone, `npm ci`.'],
  },
  'HYG-6010': {
    title: 'The notification could not be sent',
    meaning: 'The webhook of `notify` did not accept the message about a run. The result of the run is not affected.',
    why: 'The webhook was removed or its workflow switched off, the network does not let the message out, or it takes messages of another form.',
    tryThis: [
      'Check that the webhook still exists, and that `notify.webhook` holds its whole address.',
      'Say what the webhook takes, if its address does not tell: `notify.format`.',
    ],
  },
  'HYG-6052': {
    title: 'The sign-in service did not give a token',
    meaning:
      'The service that issues tokens (Entra ID, the managed identity of the machine, the token service of AWS or Google) could not be reached, or required fewer requests. hygge retried as often as the policy allows. It is not a verdict on your account.',
    why: 'A connection broke, a name was not found, or the service is overloaded. Your account and its rights were not checked at all.',
    tryThis: ['Check the way to it with `hygge debug`, then run again: nothing is done twice.'],
  },
  'HYG-6053': {
    title: 'A service has too many requests',
    meaning:
      'The service works, and refused because it has too many requests (429, `SlowDown`, `ServerBusy`). Nothing was done. It was waited for minutes, and longer where it asked for it.',
    why: 'More requests come than the account, bucket or folder bears. hygge halves what it sends at once and waits up to five minutes before it says so.',
    tryThis: ['Run again later: what was decided is finished first, and nothing is done twice.', 'Run fewer entities at once.'],
  },
  'HYG-6054': {
    title: 'No connection became free in time',
    meaning: 'A process opens only so many connections to a database. All of them were in use until the time limit for a free one.',
    why: 'Many slow reads or writes at once, or someone else holds a lock that all of them wait for.',
    tryThis: ['Let fewer entities run at once: `options.concurrency`.', 'Or let a process open more: `pool_size` of the connection.'],
  },
  'HYG-6055': {
    title: 'The vault denies permission',
    meaning:
      'The account that runs hygge is known to the vault of `secrets` and has no right to read its secrets, or asks from where no one may. Nothing was begun.',
    why: 'The role was never given, or was given on another vault; or a firewall of the vault does not know this machine.',
    tryThis: [
      'Give that identity the role or permission that the message names.',
      'Or set the variables in the environment or in .env: what is set is not looked up.',
    ],
  },
  'HYG-6056': {
    title: 'The vault returns no answer',
    meaning:
      'The vault of `secrets` could not be reached, took too long, had too many requests, or sent an answer that is not valid. hygge retried as often as the policy allows. Nothing was begun.',
    why: 'The name of the vault is misspelt, the network is down or keeps this machine from it, or others ask it too much.',
    tryThis: [
      'Check its name and the network, then run again.',
      'Or set the variables in the environment or in .env: what is set is not looked up.',
    ],
  },
} as const satisfies Codes;

/** Why storage in a cloud can't be reached or refuses us. */
export const lakeCodes = {
  'HYG-6401': {
    title: 'The storage denies permission',
    meaning: 'The account that runs hygge is known to the storage and lacks the right to list, read, write or remove there.',
    why: 'The identity has no role on the account, container or bucket, the role was given a moment ago, or a firewall lets this machine not in.',
    tryThis: [
      'Give that identity the role or permission that the message names.',
      'See whether a firewall or policy of the account is in the way.',
    ],
  },
  'HYG-6402': {
    title: 'The storage does not know who we are',
    meaning: 'No one is signed in, or the key, token or certificate that was shown is wrong, incomplete or over.',
    why: 'No managed identity, no `az login`, a key that was rotated, a SAS that is over, or a clock that is wrong.',
    tryThis: ['Sign in, or give the credential that the message names.'],
  },
  'HYG-6403': {
    title: 'No such container or bucket',
    meaning: 'The account, container, filesystem or bucket that the config names is not there.',
    why: 'A typing mistake, another account or region, or it was never made.',
    tryThis: ['Check the names in the config; hygge makes no containers.'],
  },
  'HYG-6404': {
    title: 'The storage cannot be reached',
    meaning: 'A request got no answer, or one that says only that something is wrong with the service or the way to it.',
    why: 'A wrong name, a network without a way there, or a service that is busy or down.',
    tryThis: ['Check the name and the network with `hygge debug`, then try again: nothing is done twice.'],
  },
} as const satisfies Codes;

/** Why a state in Table Storage can't be opened as it is configured. */
export const stateAccountCodes = {
  'HYG-1075': {
    title: 'No storage account for the state',
    meaning: '`state:` says Table Storage, but neither it nor the environment (AzureWebJobsStorage) says in which account.',
    why: 'The app has its account in AzureWebJobsStorage, but the laptop has no such variable; or its name is misspelt.',
  },
  'HYG-1076': {
    title: 'Not a connection string',
    meaning: 'The connection string of the state is not one of a storage account: a part is missing or was cut off.',
    why: 'A shell cut the string off at its first `;`, or only the account key was copied.',
  },
  'HYG-1077': {
    title: 'State in files in a function app',
    meaning: 'A function app has no disk that stays, and several machines: state in files would be lost, and different on each.',
    why: 'A workspace that ran on a laptop was pushed unchanged.',
  },
} as const satisfies Codes;

/** Why a database can't be reached or refuses us. */
export const databaseConnectionCodes = {
  'HYG-6501': {
    title: 'The database cannot be reached',
    meaning: 'No one answers at that host and port in time, the name is unknown, or the server is just starting or stopping.',
    why: 'A host is misspelt, a firewall is in the way, or the server is down.',
    tryThis: ['Check host, port and firewall with `hygge debug`, then run again: nothing is done twice.'],
  },
  'HYG-6576': {
    title: 'The database answers, and refuses to begin',
    meaning:
      'The server was reached, and refused to open the session or to begin a transaction for a reason that hygge does not know: a revoked right, a limit, a setting. The message has the words and the code of the server.',
    why: 'The right to run a function of the catalogue was revoked, a limit of memory for sessions is too small, or a trigger of logins refuses this one.',
    tryThis: ['Look up the code in the manual of the database; `hygge go -v` shows the statement that was refused.'],
  },
  'HYG-6502': {
    title: 'The database refused the login',
    meaning: 'The server answered, and refuses the role, its password, its token, or where we come from.',
    why: 'A password was changed, a variable holds another one, or the server lets the role in only from elsewhere.',
    tryThis: ['Check `user` and `password`, or who the token is for; and what `pg_hba.conf` of the server says.'],
  },
  'HYG-6503': {
    title: 'The connection to the database cannot be made safe',
    meaning: 'The server has no TLS, or its certificate is not of this host, or of no authority that is known here.',
    why: 'The authority of the company signed the certificate and hygge does not know that authority, or the connection uses an address instead of the name of the server.',
    tryThis: ['Name the authority: `tls_ca_path`.', 'Use the host name that is in the certificate.'],
  },
  'HYG-6504': {
    title: 'No such database',
    meaning: 'The server accepts the login, and has no database of that name.',
    why: 'Its name is misspelt, or has capital letters that count.',
    tryThis: ['Check `database`: its name is used exactly as written.'],
  },
  'HYG-6505': {
    title: 'No server of the wanted kind',
    meaning: '`target` says primary or standby, and none of the hosts is one now.',
    why: 'After a failover the old primary is a standby, and the new one is not among the hosts.',
    tryThis: ['Name all servers of the cluster in `host`, or take any: `target: any`.'],
  },
  'HYG-6506': {
    title: 'The database has no connection to spare',
    meaning: 'The server, the role or the database has as many connections as it may have. It is tried again.',
    why: 'Every instance of an app has a pool of its own, and together they are more than the server allows.',
    tryThis: ['Ask for fewer at once: `pool_size`, times the instances of an app.', 'Put a pooler in front of the server.'],
  },
  'HYG-6535': {
    title: 'A warehouse in the place of SQL Server',
    meaning:
      'What answers is a warehouse of Fabric, a pool of Synapse or Babelfish for PostgreSQL: they speak the protocol of SQL Server, and are other engines.',
    why: 'The connection string of a warehouse looks like that of a database.',
    tryThis: [
      'Enter a Warehouse of Fabric, and the SQL endpoint of a Lakehouse or a mirrored database, as `type: fabric_warehouse`.',
      'Read the files of a pool of Synapse where they lie: `type: adls`.',
      'Enter Babelfish as PostgreSQL: `type: postgres`.',
    ],
  },
  'HYG-6536': {
    title: 'SQL Server is too old',
    meaning: 'It is older than SQL Server 2016, which is the oldest that hygge reads.',
    why: 'It runs on a server that Microsoft does not support any more.',
    tryThis: ['Move the database to a newer server, or let another program export it.'],
  },
  'HYG-6537': {
    title: 'The database wakes up, moves, or is too busy',
    meaning:
      'A serverless database was paused and resumes, a database of Azure moves to another machine, or has as much to do as it may. It is waited for, some minutes.',
    why: 'A serverless database pauses when no one asks it anything, and the first who comes wakes it up, which takes about a minute.',
    tryThis: ['Wait: it is tried again.', 'Add units, or use fewer connections: `pool_size`.'],
  },
  'HYG-6538': {
    title: 'No Warehouse or SQL endpoint of Fabric',
    meaning: '`type: fabric_warehouse` names an SQL Server or a pool of Azure Synapse.',
    why: 'All of them speak the same protocol, and a connection string does not say which one it is for.',
    tryThis: ['Enter SQL Server, Azure SQL and SQL database in Fabric as `type: sqlserver`.'],
  },
  'HYG-6539': {
    title: 'The capacity of Fabric is paused',
    meaning:
      'Fabric lets no one in while the capacity of the workspace is paused. No run waits for it: only a person or a schedule resumes a capacity.',
    why: 'A capacity is paused to save its costs, by hand or by a schedule.',
    tryThis: ['Resume the capacity in the Azure portal, or let flows run at hours at which it does.'],
  },
  'HYG-6520': {
    title: 'The file of the database cannot be opened',
    meaning: 'The file of SQLite is not there, is a folder, or may not be read and written by the account that runs hygge.',
    why: 'A path is misspelt, or the file belongs to someone else.',
    tryThis: ['Check `path` of the connection: a relative one is against the folder of hygge.yml.'],
  },
  'HYG-6521': {
    title: 'The file of the database is locked',
    meaning: 'Another program wrote to the file of SQLite for longer than `busy_timeout`, and did not end its transaction.',
    why: 'A shell or an editor of databases has begun a transaction, and no one ended it.',
    tryThis: ['See who has the file open, or wait longer: `busy_timeout`.'],
  },
  'HYG-6522': {
    title: 'No database of SQLite',
    meaning: 'The file that a connection names is something else, or is damaged.',
    why: 'A path names another file, or a copy broke off.',
    tryThis: ['Check `path` of the connection, or put the file back from a backup.'],
  },
  'HYG-6565': {
    title: 'Another program has the file open',
    meaning:
      'A file of DuckDB is written by one process at a time, and while it is, no one else reads it. The message names the program and its number. It is tried again.',
    why: 'A notebook or the shell of DuckDB still has the file open, or another hygge writes into it.',
    tryThis: ['Close the file there, then run again.', 'Programs that only read should open it read-only.'],
  },
  'HYG-6566': {
    title: 'No such file of DuckDB',
    meaning: 'A home reads from a file that is not there. Only a store makes one.',
    why: 'The path is misspelt, or the flow that makes the file has not run yet.',
    tryThis: ['Check `path`: a relative one is against the folder of hygge.yml.'],
  },
  'HYG-6567': {
    title: 'No database that this DuckDB reads',
    meaning: 'The file is something else, is damaged, or was written by a newer DuckDB.',
    why: 'A file of another kind has that name, or someone opened the database with a newer DuckDB, which writes what older ones do not know.',
    tryThis: ['Check `path`.', 'Export it with the newer DuckDB (`EXPORT DATABASE`), and import it with version 1.5.'],
  },
  'HYG-6568': {
    title: 'The file of DuckDB cannot be opened',
    meaning: 'The path is a folder, a right is missing, or the disk fails.',
    why: 'The account that runs hygge may not read the file, or may not write into its folder.',
    tryThis: ['Let the account that runs hygge read the file; and write it and its folder, where a flow settles in it.'],
  },
  'HYG-6569': {
    title: 'MotherDuck cannot be reached',
    meaning: 'DuckDB could not load its extension for MotherDuck, or MotherDuck refuses the token.',
    why: 'The token is missing or has expired, or a firewall keeps DuckDB from its extensions.',
    tryThis: ['Give a token: `token`, or `MOTHERDUCK_TOKEN`.', 'Let the machine reach extensions.duckdb.org and api.motherduck.com.'],
  },
  'HYG-6575': {
    title: 'There is no such file of SQLite',
    meaning: 'A home makes no file. A flow that settles in one, and state, make it with their first run.',
    why: 'The path is misspelt, or the program that makes the file has not run yet.',
    tryThis: ['Check `path` of the connection: a relative one is against the folder of hygge.yml.'],
  },
  'HYG-6570': {
    title: 'DuckDB is not installed',
    meaning: 'The native part of DuckDB is not there. A packed function app does not hold it: a file of DuckDB is on one machine.',
    why: 'A flow with a home in DuckDB was packed into a function app, or hygge was installed from its package, which leaves DuckDB to those who need it.',
    tryThis: [
      'Install it next to hygge (docs/install.md); in a clone, `npm ci`.',
      'Run flows with DuckDB by `hygge go`, not in a function app.',
    ],
  },
} as const satisfies Codes;
