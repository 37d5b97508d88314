/** Explains errors of Fabric and of the network to people. */
import { ConnectionError, HomeError, type HyggeError, type StoreError } from '../../../errors/hygge-error.ts';
import type { DatabaseError, ErrorContext } from '../../engine.ts';
import { classifier, codeMatcher } from '../../error-classes.ts';
import {
  connectionNotSecure,
  loginRefused,
  mayHaveEndedInHandshake,
  noSuchDatabase,
  roleMayNotRead,
  sentencesOf,
  serverCannotReadNow,
  serverUnreachable,
  statementNotUnderstood,
  tableGone,
  tableMissing,
} from '../../errors.ts';
import { explainWriting, fewerColumns } from '../../writing-errors.ts';
import { explain as explainSqlServer, isBusy as isBusySqlServer } from '../errors.ts';
import { names } from './dialect.ts';

export const noSuchTable = tableMissing(
  names,
  'The table does not exist by that name, or the role may not see it.',
  'Name the schema as well: table: dbo.orders. Put a name with a dot in brackets: table: dbo.[a.b]',
  'A new table of a Lakehouse appears in its SQL endpoint when Fabric has brought its metadata up to date: open the endpoint in Fabric, and choose Refresh',
);

export function notFabric(place: string, is: 'SQL Server' | 'Synapse'): ConnectionError {
  const what = is === 'Synapse' ? 'a pool of Azure Synapse' : 'an SQL Server';
  return new ConnectionError({
    code: 'HYG-6538',
    what: `${place} is ${what}, not a Warehouse or SQL endpoint of Fabric.`,
    tryThis:
      is === 'Synapse'
        ? ['Read the files of the pool in their storage: type: adls']
        : ['SQL Server, Azure SQL and SQL database in Fabric are read by another type: type: sqlserver'],
  });
}

function paused({ place, error }: { readonly place: string; readonly error: DatabaseError }): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6539',
    what: `The capacity of ${place} is paused.`,
    why: sentencesOf(error),
    tryThis: ['Resume the capacity: Azure portal, the Fabric capacity, Resume', 'Or run flows only while the capacity runs: schedule'],
    cause: error,
  });
}

/** The error for a value with the maximum size: the SQL endpoint of a Lakehouse returns no longer text or binary value. Such a value may be cut. */
export function valueMayBeCut(place: string, column: string, bytes: number): HomeError {
  return new HomeError({
    code: 'HYG-3550',
    what: `A value of column ${column} of ${place} has ${bytes} bytes, and may be cut.`,
    why: ['The SQL endpoint of a Lakehouse returns only the first 8,000 bytes of a value, without a warning.'],
    tryThis: [
      'Read the table itself, where values are whole: home: { type: onelake, workspace: …, item: ….Lakehouse, path: Tables/dbo/{entity}, format: delta }',
      `Or leave the column out: home.exclude: [${column}]`,
      `Or, if the values are known to be whole: home.query: SELECT …, CONVERT(varchar(max), ${column}) AS ${column} FROM …`,
    ],
  });
}

const isThrottled = codeMatcher('24801');
const isPaused = codeMatcher('24800 24802');

/** Whether the capacity is too busy, or the server wakes up or moves. In these cases the server has done nothing. */
export const isBusy = (error: DatabaseError): boolean => isThrottled(error) || isBusySqlServer(error);

/** Another transaction changed a table that this transaction also changes, so this transaction is undone. */
const conflicts = codeMatcher('24556 24706');
const refuses = codeMatcher('18456 18452 916');
const isDenied = codeMatcher('229 230 262 297 300 916 1088 2557 2760 15151 15247 4712 5011');
const unverified = /certificate|self.signed|CERT_|ERR_TLS|ERR_SSL|EENCRYPT|SSL|TLS/i;

export function explain(error: DatabaseError, about: ErrorContext): HyggeError {
  const { place, doing } = about;
  const { code } = error;
  if (isPaused(error)) return paused({ place, error });
  const of = { place, why: sentencesOf(error), cause: error };
  if (doing !== 'read') return notConnected(error, about);
  if (isThrottled(error)) return serverCannotReadNow(of, 'The capacity has more work than it may do.');
  if (conflicts(error)) return serverCannotReadNow(of, 'Another transaction changed the table.');
  if (isDenied(error))
    return roleMayNotRead(of, 'GRANT SELECT ON … TO …, by someone with the role Contributor in the workspace; or the role Viewer there');
  if (code === '208') return tableGone(noSuchTable(place, []), of);
  const explained = explainSqlServer(error, about);
  return explained.code === 'HYG-3511' ? statementNotUnderstood(of, 'the SQL query editor of Fabric') : explained;
}

function notConnected(error: DatabaseError, about: ErrorContext): ConnectionError {
  const { place } = about;
  const { code, message } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (isThrottled(error))
    return new ConnectionError({
      code: 'HYG-6537',
      what: `${place} is too busy to accept the login.`,
      why: of.why,
      tryThis: ['Wait: hygge tries again', 'A capacity that is throttled needs more units, or fewer connections: pool_size'],
      transient: true,
      cause: error,
    });
  if (refuses(error))
    return loginRefused(of, [
      'Give the identity the role Viewer in the workspace, or share the item with it (permission Read)',
      'For an app or a service principal, allow it to use Fabric: the tenant setting "Service principals can use Fabric APIs"',
      'Check server and database: both are in the SQL connection string of the item',
    ]);
  if (code === '4060' || code === '911')
    return noSuchDatabase(of, ['Check `database`: the name of the Warehouse, the Lakehouse or the mirrored database, as Fabric shows it']);
  if (!mayHaveEndedInHandshake(error) && (unverified.test(code) || unverified.test(message)))
    return connectionNotSecure(of, ['Name the authority that signed the certificate: tls_ca_path: path/of/ca.pem']);
  const explained = explainSqlServer(error, about);
  if (explained.code !== 'HYG-6501') return explained as ConnectionError;
  return serverUnreachable(of, {
    isPassing: explained.transient,
    check: ['Check server, and whether a firewall lets this machine through to port 1433: hygge debug'],
  });
}

// ---- while hygge writes

/** Another commit has just made the table that this commit wants to make. */
const isThereByNow = codeMatcher('2714');

/** A deadlock: transactions that make tables wait for each other when they read the catalogue. */
const isVictim = codeMatcher('1205');

/** Whether another transaction was first, so that this transaction is undone. A retry sees the changes of the other transaction. */
export const isConflict = (error: DatabaseError): boolean => conflicts(error) || isThereByNow(error) || isVictim(error);

export const meaning = classifier(
  [
    ['missing_object', codeMatcher('208 2760 4902 3701 4701')],
    ['needs_action', isPaused],
    ['transient', (error) => isConflict(error) || isBusy(error) || codeMatcher('1222 3960 3961')(error)],
  ],
  'permanent',
);

export function explainWritten(error: DatabaseError, place: string): StoreError {
  const { code } = error;
  return explainWriting(error, {
    ...{ place, why: sentencesOf(error), errorClass: meaning(error) },
    neededAction: 'Resume the capacity: Azure portal, the Fabric capacity, Resume',
    permanentAdvice: ['511', '1701', '1702'].includes(code) ? fewerColumns : undefined,
    grant: isDenied(error)
      ? 'Give the identity the role Contributor in the workspace, or the rights that the message names. hygge debug prints these rights'
      : undefined,
  });
}
