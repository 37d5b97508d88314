import type { Codes } from './entry.ts';

/** Why a system can not be reached, or refuses hygge. */
export const connectionCodes = {
  'HYG-6001': {
    title: 'A system did not answer',
    meaning:
      'A request was sent and no answer came, so the request may or may not have been carried out. hygge checks that before it sends the request again.',
    tryThis: ['Run it again. The next run first finishes decided commits, and does nothing twice.'],
  },
  'HYG-6002': {
    title: 'The data engine is not installed',
    meaning:
      'A native library reads and writes the data. The library is missing for this Node: npm silently leaves it out under a Node older than 22.',
    tryThis: ['Use Node 22 or newer.', 'Install hygge again with that Node (docs/install.md). In a clone: `npm ci`.'],
  },
  'HYG-6010': {
    title: 'The notification could not be sent',
    meaning: 'The webhook of `notify` did not accept the message about a run. The result of the run is not affected.',
    why: 'The webhook was removed, its workflow is switched off, the network blocks the message, or the webhook accepts another form of message.',
    tryThis: [
      'Check that the webhook still exists, and that `notify.webhook` contains the whole address.',
      'If the address does not show the service, set `notify.format`.',
    ],
  },
  'HYG-6052': {
    title: 'The sign-in service did not return a token',
    meaning:
      'The service that issues tokens could not be reached, or had too many requests. It is Entra ID, the managed identity of the machine, or the token service of AWS or Google. hygge retried as often as the policy allows.',
    why: 'A connection broke, a name was not found, or the service is overloaded. The service did not check your account or its rights.',
    tryThis: ['Check the connection to the service with `hygge debug`, then run again. Nothing is done twice.'],
  },
  'HYG-6053': {
    title: 'A service refuses further requests for now',
    meaning:
      'The service works, but refused a request because it received too many (429, `SlowDown`, `ServerBusy`). Nothing was done. hygge waited for minutes, or as long as the service required.',
    why: 'hygge and other programs send more requests than the account, bucket or folder allows. hygge halves its simultaneous requests, and waits up to five minutes before it reports this error.',
    tryThis: ['Run again later. The next run first finishes decided commits, and does nothing twice.', 'Run fewer entities at once.'],
  },
  'HYG-6054': {
    title: 'No connection became free in time',
    meaning: 'A process opens a limited number of connections to a database. All of them were in use until the time limit.',
    why: 'Many slow reads or writes run at once. Or another program holds a lock that all these connections wait for.',
    tryThis: [
      'Run fewer entities at once: `options.concurrency`.',
      'Or allow more connections per process: `pool_size` of the connection.',
    ],
  },
  'HYG-6055': {
    title: 'The vault denies permission',
    meaning:
      'The vault of `secrets` knows the account that runs hygge, but the account has no right to read secrets. Or the vault allows no access from this network. Nothing was begun.',
    tryThis: [
      'Give that identity the role or permission that the message names.',
      'Or set the variables in the environment or in .env. hygge does not look up those in the vault.',
    ],
  },
  'HYG-6056': {
    title: 'The vault does not answer',
    meaning:
      'The vault of `secrets` could not be reached, took too long, had too many requests, or sent an invalid answer. hygge retried as often as the policy allows. Nothing was begun.',
    tryThis: [
      'Check the name of the vault and the network, then run again.',
      'Or set the variables in the environment or in .env. hygge does not look up those in the vault.',
    ],
  },
} as const satisfies Codes;

/** Why storage in a cloud can not be reached, or refuses hygge. */
export const lakeCodes = {
  'HYG-6401': {
    title: 'The storage denies permission',
    meaning: 'The storage knows the account that runs hygge, but the account has no right to list, read, write or remove files there.',
    why: 'The identity has no role on the account, container or bucket, or the role was given a moment ago. Or a firewall blocks this machine.',
    tryThis: [
      'Give that identity the role or permission that the message names.',
      'Check whether a firewall or a policy of the account blocks the access.',
    ],
  },
  'HYG-6402': {
    title: 'The storage does not accept the sign-in',
    meaning: 'No one is signed in, or the key, token or certificate is wrong, incomplete or expired.',
    why: 'There is no managed identity and no `az login`, a key was rotated, a SAS has expired, or a clock is wrong.',
    tryThis: ['Sign in, or set the credential that the message names.'],
  },
  'HYG-6403': {
    title: 'No such container or bucket',
    meaning: 'The account, container, filesystem or bucket in the config does not exist.',
    why: 'The name is misspelt, belongs to another account or region, or was never created.',
    tryThis: ['Check the names in the config. hygge does not create containers.'],
  },
  'HYG-6404': {
    title: 'The storage cannot be reached',
    meaning: 'A request got no answer, or an answer that reports a fault of the service or the network.',
    tryThis: ['Check the name and the network with `hygge debug`, then run again. Nothing is done twice.'],
  },
} as const satisfies Codes;

/** Why a state in Table Storage can not be opened with its config. */
export const stateAccountCodes = {
  'HYG-1075': {
    title: 'No storage account for the state',
    meaning: '`state:` selects Table Storage, but neither `state:` nor the environment (AzureWebJobsStorage) names the storage account.',
  },
  'HYG-1076': {
    title: 'Invalid connection string',
    meaning: 'The connection string of the state does not belong to a storage account: a part is missing or was cut off.',
    why: 'A shell cut the string off at its first `;`, or only the account key was copied.',
  },
  'HYG-1077': {
    title: 'The state of a function app is in files',
    meaning:
      'A function app runs on several machines without a permanent disk. State in files would be lost, and would differ between the machines.',
  },
} as const satisfies Codes;

/** Why a database can not be reached, or refuses hygge. */
export const databaseConnectionCodes = {
  'HYG-6501': {
    title: 'The database cannot be reached',
    meaning: 'No server answers in time at that host and port, the name is unknown, or the server is starting or stopping.',
    tryThis: ['Check the host, port and firewall with `hygge debug`, then run again. Nothing is done twice.'],
  },
  'HYG-6576': {
    title: 'The database refuses to begin a session',
    meaning:
      'The server answered, and refused to open the session or to begin a transaction for a reason that hygge does not know. The message contains the text and the code of the server.',
    why: 'The right to run a function of the catalogue was revoked, or the memory limit for sessions is too small. Or a logon trigger refuses this session.',
    tryThis: ['Look up the code in the manual of the database.', 'See the statement that was refused: `hygge go -v`.'],
  },
  'HYG-6502': {
    title: 'The database refused the login',
    meaning: 'The server answered, and refuses the role, its password, its token, or the address of this machine.',
    tryThis: ['Check `user` and `password`, or the account of the token.', 'Check `pg_hba.conf` of the server.'],
  },
  'HYG-6503': {
    title: 'The connection to the database cannot be encrypted or verified',
    meaning: 'The server has no TLS. Or its certificate is for another host, or from an authority that this machine does not trust.',
    why: 'The certificate comes from your company’s own authority, which hygge does not know. Or the connection uses an IP address instead of the name of the server.',
    tryThis: ['Name the file of the authority’s certificate: `tls_ca_path`.', 'Use the host name that is in the certificate.'],
  },
  'HYG-6504': {
    title: 'No such database',
    meaning: 'The server accepts the login, but has no database of that name.',
    tryThis: ['Check `database`. Upper and lower case must match.'],
  },
  'HYG-6505': {
    title: 'No primary or no standby among the hosts',
    meaning: '`target` requires a primary or a standby, and none of the hosts is one now.',
    tryThis: ['Name all servers of the cluster in `host`.', 'Or accept any of the hosts: `target: any`.'],
  },
  'HYG-6506': {
    title: 'The database has no free connection',
    meaning: 'The server, the role or the database has reached its limit of connections. hygge retries.',
    tryThis: [
      'Use fewer connections. Their number is `pool_size`, times the instances of the app.',
      'Put a pooler in front of the server.',
    ],
  },
  'HYG-6535': {
    title: 'Not SQL Server, but another engine with its protocol',
    meaning:
      'The server is a Fabric Warehouse, a Synapse pool or Babelfish for PostgreSQL. All three use the protocol of SQL Server, but are other engines.',
    tryThis: [
      'For a Fabric Warehouse, or the SQL endpoint of a Lakehouse or a mirrored database: `type: fabric_warehouse`.',
      'For a Synapse pool, read its files in the storage account: `type: adls`.',
      'For Babelfish, use PostgreSQL: `type: postgres`.',
    ],
  },
  'HYG-6536': {
    title: 'SQL Server is too old',
    meaning: 'The server is older than SQL Server 2016, the oldest version that hygge reads.',
    tryThis: ['Move the database to a newer server.', 'Or let another program export the data.'],
  },
  'HYG-6537': {
    title: 'The database resumes, moves, or is too busy',
    meaning:
      'A paused serverless database resumes, or an Azure database moves to another machine or has reached a limit. hygge waits for some minutes.',
    why: 'A serverless database pauses when it is not used. The first connection resumes the database, which takes about a minute.',
    tryThis: ['Wait, because hygge retries.', 'Add units, or use fewer connections: `pool_size`.'],
  },
  'HYG-6538': {
    title: 'No Warehouse or SQL endpoint of Fabric',
    meaning: '`type: fabric_warehouse` names an SQL Server or a pool of Azure Synapse.',
    tryThis: ['For SQL Server, Azure SQL and SQL database in Fabric: `type: sqlserver`.'],
  },
  'HYG-6539': {
    title: 'The capacity of Fabric is paused',
    meaning:
      'Fabric refuses all access while the capacity of the workspace is paused. No run waits for the capacity, because only a person or a schedule resumes it.',
    tryThis: ['Resume the capacity in the Azure portal, or let flows run at hours at which the capacity runs.'],
  },
  'HYG-6520': {
    title: 'The SQLite file cannot be opened',
    meaning: 'The SQLite file does not exist, is a folder, or the account that runs hygge cannot read and write it.',
    tryThis: ['Check `path` of the connection. A relative path begins at the folder of hygge.yml.'],
  },
  'HYG-6521': {
    title: 'The SQLite file is locked',
    meaning: 'Another program has written to the SQLite file for longer than `busy_timeout`, and has not ended its transaction.',
    tryThis: ['Check which program has the file open.', 'Or wait longer: `busy_timeout`.'],
  },
  'HYG-6522': {
    title: 'Not a SQLite database',
    meaning: 'The file in the connection is not a SQLite file, or is damaged.',
    tryThis: ['Check `path` of the connection.', 'Or restore the file from a backup.'],
  },
  'HYG-6565': {
    title: 'Another program has the file open',
    meaning:
      'Only one process at a time can write to a DuckDB file. During that time, no other process can read the file. The message names the program and its process number. hygge retries.',
    why: 'A notebook or the DuckDB shell still has the file open, or another hygge process writes to it.',
    tryThis: ['Close the file in that program, then run again.', 'Programs that only read should open the file read-only.'],
  },
  'HYG-6566': {
    title: 'The DuckDB file does not exist',
    meaning: 'A home reads from a file that does not exist. Only a store creates the file.',
    why: 'The path is misspelt, or the flow that creates the file has not run yet.',
    tryThis: ['Check `path`. A relative path begins at the folder of hygge.yml.'],
  },
  'HYG-6567': {
    title: 'Not a database that this DuckDB can read',
    meaning: 'The file is not a DuckDB file, is damaged, or was written by a newer version of DuckDB.',
    tryThis: ['Check `path`.', 'Export the database with the newer DuckDB (`EXPORT DATABASE`), and import it with version 1.5.'],
  },
  'HYG-6568': {
    title: 'The DuckDB file cannot be opened',
    meaning: 'The path is a folder, hygge has no right to the file, or the disk fails.',
    tryThis: [
      'The account that runs hygge must have the right to read the file.',
      'For a store, this account also needs the right to write the file and its folder.',
    ],
  },
  'HYG-6569': {
    title: 'MotherDuck cannot be reached',
    meaning: 'DuckDB could not load its extension for MotherDuck, or MotherDuck refuses the token.',
    tryThis: ['Set a token: `token`, or `MOTHERDUCK_TOKEN`.', 'Let the machine reach extensions.duckdb.org and api.motherduck.com.'],
  },
  'HYG-6575': {
    title: 'The SQLite file does not exist',
    meaning: 'A home does not create its file. A store and the state create it in their first run.',
    why: 'The path is misspelt, or the program that creates the file has not run yet.',
    tryThis: ['Check `path` of the connection. A relative path begins at the folder of hygge.yml.'],
  },
  'HYG-6570': {
    title: 'DuckDB is not installed',
    meaning:
      'The native library of DuckDB is missing. A packed function app does not contain DuckDB, because a DuckDB file is on one machine.',
    why: 'A flow that uses DuckDB was packed into a function app. Or hygge was installed from its package, which does not include DuckDB.',
    tryThis: [
      'Install DuckDB next to hygge (docs/install.md). In a clone, run `npm ci`.',
      'Run flows with DuckDB by `hygge go`, not in a function app.',
    ],
  },
} as const satisfies Codes;
