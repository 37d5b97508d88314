/** Explains errors of SQL Server and of the network to people. */
import { ConnectionError, HomeError, type HyggeError, type StoreError } from '../../errors/hygge-error.ts';
import type { DatabaseError, ErrorContext } from '../engine.ts';
import { classifier, codeMatcher } from '../error-classes.ts';
import {
  connectionLostWhileReading,
  connectionNotSecure,
  loginRefused,
  mayHaveEndedInHandshake,
  noConnectionToSpare,
  noSuchDatabase,
  roleMayNotRead,
  sentencesOf,
  serverCannotReadNow,
  serverUnreachable,
  sessionRefused,
  statementNotUnderstood,
  tableGone,
  tableMissing,
} from '../errors.ts';
import { explainWriting, fewerColumns } from '../writing-errors.ts';
import { names } from './dialect.ts';

export const noSuchTable = tableMissing(
  names,
  'The table does not exist by that name, or the role may not see it.',
  'Name the schema as well: table: dbo.orders. Put a name with a dot in brackets: table: dbo.[a.b]',
  'Allow the role to read the table: GRANT SELECT ON … TO …',
);

/** The error for a query that does not begin with SELECT, as a subquery in FROM must. */
export function queryMustBeginWithSelect(word: string): HomeError {
  return new HomeError({
    code: 'HYG-3548',
    what: `A query of SQL Server can't begin with ${word} here.`,
    why: ['hygge puts the query inside its own SELECT, where SQL Server does not accept it.'],
    tryThis: [
      'Write the query as one SELECT, with subqueries in FROM in place of WITH',
      'Or make a view of the query, and read the view: table: dbo.the_view',
    ],
  });
}

export function hiddenRows(shown: string, policies: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3509',
    what: `A security policy of ${shown} may hide rows from the role: ${policies.join(', ')}.`,
    why: ['Hidden rows would be missing in the store, without a warning.'],
    tryThis: [
      'Let the predicate of the policy show the role all rows',
      'Or accept the rows that the policy shows: home.allow_filtered: true, and each run warns',
    ],
  });
}

export function hiddenValues(shown: string, columns: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3545',
    what: `Values of ${shown} are masked for the role: ${columns.join(', ')}.`,
    why: ['The masks would settle in place of the values.'],
    tryThis: [
      'Let the role see the values: GRANT UNMASK TO …',
      `Or leave masked columns out: home.exclude: [${columns.join(', ')}]`,
      'Or accept the masks: home.allow_filtered: true, and each run warns',
    ],
  });
}

export function encryptedColumns(shown: string, columns: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3546',
    what: `Values of ${shown} are encrypted by their owner (Always Encrypted): ${columns.join(', ')}.`,
    why: ['hygge has no key for these values: it would read ciphertext.'],
    tryThis: [`Leave encrypted columns out: home.exclude: [${columns.join(', ')}]`],
  });
}

/** The error for a secondary that does not report up to which instant it is complete. */
export function secondaryLagNotVisible(): HomeError {
  return new HomeError({
    code: 'HYG-3549',
    what: 'The delay of this readable secondary behind its primary can’t be seen.',
    why: ['The role may not see that delay, so a run would miss rows that the secondary does not have yet.'],
    tryThis: [
      'GRANT VIEW SERVER STATE TO … (Azure: GRANT VIEW DATABASE STATE TO …)',
      'Or read from the primary: application_intent: read_write',
    ],
  });
}

/** @param database the database’s name in SQL if tracking is off in the whole database; null: tracking is on in the database. */
export function notTracked(shown: string, table: string, database: string | null): HomeError {
  const ofDatabase = `ALTER DATABASE ${database} SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON);`;
  return new HomeError({
    code: 'HYG-3513',
    what: `Changes of ${shown} are not tracked.`,
    why: [
      database !== null
        ? 'Change tracking is off in the whole database.'
        : 'Change tracking is on in the database, but not for this table.',
    ],
    tryThis: [...(database !== null ? [ofDatabase] : []), `ALTER TABLE ${table} ENABLE CHANGE_TRACKING;`],
  });
}

export function notShown(shown: string, grant: string): HomeError {
  return new HomeError({
    code: 'HYG-3514',
    what: `The role may not see the changes of ${shown}.`,
    why: ['To read a table by its changes, the role needs VIEW CHANGE TRACKING in addition to SELECT.'],
    tryThis: [grant],
  });
}

export function onSecondary(shown: string): HomeError {
  return new HomeError({
    code: 'HYG-3518',
    what: `Changes of ${shown} are reported by the primary only.`,
    why: ['This database is read only: a readable secondary does not report tracked changes.'],
    tryThis: ['Read from the primary: application_intent: read_write'],
  });
}

export function warehouse(place: string, edition: string): ConnectionError {
  const isDedicated = edition === '6';
  const isSynapse = isDedicated || /\.azuresynapse\./i.test(place);
  const serverless = isSynapse
    ? 'a serverless SQL pool of Azure Synapse'
    : 'a Warehouse or an SQL endpoint of Fabric, or a serverless SQL pool of Azure Synapse';
  return new ConnectionError({
    code: 'HYG-6535',
    what: `${place} is ${isDedicated ? 'a dedicated SQL pool of Azure Synapse' : serverless}, not an SQL Server.`,
    why: ['This server uses the same protocol, but has neither the catalogue nor the transactions that hygge relies on.'],
    tryThis: [
      ...(isSynapse ? [] : ['Connect to this server as a Warehouse, also if it is an SQL endpoint: type: fabric_warehouse']),
      `${isSynapse ? 'Read' : 'Or, for a pool of Synapse, read'} its files in their storage: type: adls`,
      'hygge reads SQL Server 2016 and later, Azure SQL, Managed Instance and SQL database in Fabric',
    ],
  });
}

export function babelfish(place: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6535',
    what: `${place} is Babelfish for PostgreSQL, not an SQL Server.`,
    why: ['This server uses the same protocol, but ignores requests for locks, and reads some values differently from how they were sent.'],
    tryThis: [
      'Connect to this server as PostgreSQL, at its other port: type: postgres',
      'hygge reads SQL Server 2016 and later, Azure SQL, Managed Instance and SQL database in Fabric',
    ],
  });
}

export function tooOld(place: string, version: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6536',
    what: `${place} is SQL Server ${version}: hygge reads SQL Server 2016 (13.0) and later.`,
    tryThis: ['Let another program export the database, or move the database to a newer server'],
  });
}

/** Codes of an Azure database that wakes up, moves or is too busy. In these cases the database has done nothing. */
export const isBusy = codeMatcher('40613 40197 40501 49918 49919 49920 10928 10929 4221 42108 42109');
/** Errors that a retry may avoid, by their code: a statement that was stopped in favour of others, or a broken pipe. */
const passing: Readonly<Record<string, string>> = {
  '1205': 'The statement and another statement waited for each other, so this statement was stopped.',
  '1222': 'Another session holds a lock on data that the statement reads.',
  '3960': 'Another session changed rows that the statement had read.',
  '3961': 'Another session altered the table while it was read.',
  '64': '',
  '233': '',
};

export function explain(error: DatabaseError, about: ErrorContext): HyggeError {
  return about.doing === 'read' ? notRead(error, about) : notConnected(error, about);
}

const isFirewall = codeMatcher('40615 40914 47073');
const refuses = codeMatcher('18456 18452 18486 18487 18488 40532 916');
const unverified = /certificate|self.signed|CERT_|ERR_TLS|ERR_SSL|EENCRYPT|SSL|TLS/i;

function notConnected(error: DatabaseError, { place, doing }: ErrorContext): ConnectionError {
  const { code, message } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (isBusy(error))
    return new ConnectionError({
      code: 'HYG-6537',
      what:
        code === '40613'
          ? `${place} is not available yet: it is paused and wakes up, or it moves.`
          : `${place} is too busy to accept the login.`,
      why: of.why,
      tryThis: ['Wait: hygge tries again', 'A database that is too busy needs more units, or fewer connections: pool_size'],
      transient: true,
      cause: error,
    });
  if (refuses(error) || isFirewall(error))
    return loginRefused(of, [
      ...(isFirewall(error) ? ['Let this address through the firewall of the server, or connect through its private endpoint'] : []),
      'With Entra ID: CREATE USER [name of the identity] FROM EXTERNAL PROVIDER, in that database (docs/sqlserver.md)',
      'With a login: check user and password. Kerberos and NTLM are not supported',
    ]);
  if (code === '4060' || code === '911')
    return noSuchDatabase(of, ['Check `database`', 'Or create a user for this login there: CREATE USER … in that database']);
  if (!mayHaveEndedInHandshake(error) && (unverified.test(code) || unverified.test(message)))
    return connectionNotSecure(of, [
      'Name the authority that signed the certificate: tls_ca_path: path/of/ca.pem',
      'Use the host name in the certificate',
      'In a private network: trust_server_certificate: true (the server is not checked, and each run warns)',
    ]);
  if (code === '17809' || code === '17810') return noConnectionToSpare(of);
  // A code that is a number comes from the server, unless the code is for a broken pipe.
  if (!error.isLost && /^\d+$/.test(code) && passing[code] !== '') return sessionRefused(of, { doing, isPassing: code in passing });
  return serverUnreachable(of, {
    isPassing: error.isLost || code in passing,
    check: [
      'Check server and port, and whether a firewall lets this machine through: hygge debug',
      'An instance is found by the SQL Server Browser (UDP 1434): if that port is closed, name the port of the instance: host,1433',
    ],
  });
}

function notRead(error: DatabaseError, { place }: ErrorContext): HomeError {
  const { code } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (isBusy(error) || code in passing) return serverCannotReadNow(of, passing[code] || null);
  if (error.isLost) return connectionLostWhileReading(of);
  if (codeMatcher('229 230 262 297 300 916')(error)) return roleMayNotRead(of, 'GRANT SELECT ON … TO …, as the administrator');
  if (code === '208') return tableGone(noSuchTable(place, []), of);
  return statementNotUnderstood(of, 'SQL Server Management Studio');
}

// ---- while hygge writes

/** What a person has to do, by the code of the error: the server is full, read-only or out of resources. */
const told: Readonly<Record<string, string>> = {
  '1105': 'Free some space in the file group, or let its file grow',
  '1101': 'Free some space in the file group, or let its file grow',
  '9002': 'Free the transaction log: back it up, or let it grow. The reason why it is kept is in sys.databases.log_reuse_wait_desc',
  '3906': 'Write to the primary: a secondary and a database that is read only accept no rows',
  '40544': 'Give the database a larger maximum size',
  '40552': 'Load less in one transaction: the size of its log is limited here',
  '701': 'The server is out of memory: run again when it has less to do',
  '8645': 'The server is out of memory: run again when it has less to do',
};
const isDenied = codeMatcher('229 230 262 297 300 916 1088 2760 15151 15247 15225 4712 5011');

/** Some `told` errors also end the connection, and a retry would end the next connection. */
export const meaning = classifier(
  [
    ['lock_timeout', codeMatcher('1222')],
    ['missing_object', codeMatcher('208 2760 4902 3701 4701')],
    ['needs_action', ({ code }) => code in told],
    ['transient', (error) => isBusy(error) || error.code in passing],
  ],
  'permanent',
);

export function explainWritten(error: DatabaseError, place: string): StoreError {
  const { code } = error;
  return explainWriting(error, {
    place,
    why: sentencesOf({ ...error, message: withoutValues(error) }),
    errorClass: meaning(error),
    holders: 'SELECT request_session_id, resource_type, request_mode FROM sys.dm_tran_locks WHERE resource_database_id = DB_ID()',
    neededAction: told[code] ?? 'Look into the error log of the server for what happened',
    permanentAdvice: ['511', '1701', '1702'].includes(code) ? fewerColumns : undefined,
    grant: isDenied(error)
      ? 'Have an administrator grant the right that the message names. hygge debug prints every right that is missing'
      : undefined,
  });
}

/** The error message without values of the failed row. */
function withoutValues({ code, message }: DatabaseError): string {
  if (code === '2627' || code === '2601') return message.replace(/ The duplicate key value is \([\s\S]*\)\.?$/, '');
  return code === '2628' ? message.replace(/ Truncated value: '[\s\S]*'\.?$/, '') : message;
}
