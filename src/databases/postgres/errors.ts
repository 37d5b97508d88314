/** Explains errors of PostgreSQL and of the network to people. */
import { type ConnectionError, HomeError, type HyggeError } from '../../errors/hygge-error.ts';
import type { DatabaseError, ErrorContext } from '../engine.ts';
import {
  connectionLostWhileReading,
  connectionNotSecure,
  loginRefused,
  noConnectionToSpare,
  noSuchDatabase,
  roleMayNotRead,
  sentencesOf,
  serverCannotReadNow,
  serverUnreachable,
  sessionRefused,
  statementEnded,
  statementNotUnderstood,
  tableGone,
  tableMissing,
} from '../errors.ts';
import { names } from './dialect.ts';

export const noSuchTable = tableMissing(
  names,
  'The name may be spelt differently in the database: names are used exactly as written, capital letters included. Or the role has no right to look into its schema.',
  'Name the schema as well: table: schema.name. Put a name with a dot in quotes: table: \'schema."a.b"\'',
  'Allow the role to look into the schema: GRANT USAGE ON SCHEMA … TO …',
);

/** Whether a value or a row is too large for PostgreSQL to keep in one piece. PostgreSQL reports a lack of memory, or no reason. */
export function isTooLarge({ code, message, detail = '' }: DatabaseError): boolean {
  return (
    (code === '54000' || code === 'XX000') &&
    /^(invalid memory alloc request size|cannot enlarge string buffer)/i.test(code === '54000' ? detail || message : message)
  );
}

/** Codes of errors about TLS certificates. */
const unverified =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w+|ERR_OSSL_\w+|HOSTNAME_MISMATCH)$/;

export function explain(error: DatabaseError, about: ErrorContext): HyggeError {
  return about.doing === 'read' ? notRead(error, about) : notConnected(error, about);
}

function notConnected(error: DatabaseError, { place, doing }: ErrorContext): ConnectionError {
  const { code, message } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (/^28/.test(code) || /password|SASL|SCRAM/i.test(message))
    return loginRefused(of, [
      'Check user and password (or PGUSER, PGPASSWORD, ~/.pgpass)',
      'With Entra ID: auth: entra, and a role made by pgaadauth_create_principal for that identity',
      'Check pg_hba.conf of the server: it says who may connect from where, and how',
    ]);
  if (unverified.test(code) || /does not support SSL|certificate|SSL connection/i.test(message))
    return connectionNotSecure(of, [
      ...(/does not support SSL/i.test(message)
        ? ['Turn TLS on in the server: ssl = on']
        : ['Name the authority that signed the certificate: tls_ca_path: path/of/ca.pem', 'Use the host name in the certificate']),
      'In a private network: tls: require (encrypted, without a check of the server) or tls: disable',
    ]);
  if (code === '3D000') return noSuchDatabase(of, ['Check `database`: its name is used exactly as written']);
  if (code === '53300' || code === '53400') return noConnectionToSpare(of, ['Or put a pooler in front: PgBouncer, in transaction mode']);
  // Errors of the server itself, except errors while the server starts, stops or closes a connection.
  const isAnswer = !error.isLost && /^[0-9A-Z]{5}$/.test(code);
  if (isAnswer && !/^(57P0|08|58)/.test(code))
    return sessionRefused(of, { doing, isPassing: isPassing(error), ...(code === '42501' ? { check: [beginningGrant(message)] } : {}) });
  return serverUnreachable(of, {
    isPassing: isPassing(error),
    check: ['Check host, port, and whether a firewall lets this machine through: hygge debug'],
  });
}

/** Whether a retry may help, because the server is starting, stopping or unreachable at the moment. */
function isPassing({ code, isLost }: DatabaseError): boolean {
  return isLost || /^(57P0|08|53|40|55P03|58)/.test(code);
}

/** The grant that a session needs to begin. A session runs functions of the catalogue, which all roles may run by default. */
function beginningGrant(message: string): string {
  const [, name] = /^permission denied for function (\w+)$/.exec(message) ?? [];
  const signature = name === undefined ? undefined : (ownFunctions[name] ?? '');
  return signature === undefined
    ? 'Have someone grant the role the right that the message names'
    : `Have an administrator run: grant execute on function pg_catalog.${name}${signature} to …`;
}

/** Functions of the catalogue that hygge calls, with their parameters. */
const ownFunctions: Readonly<Record<string, string>> = {
  pg_advisory_xact_lock_shared: '(int, int)',
  pg_is_in_recovery: '()',
  pg_export_snapshot: '()',
};

/** The grant that is missing, if the server’s message names it. */
function missingGrant(message: string): string {
  const [, kind, name] = /permission denied for (schema|[a-z ]+) (\S+)$/.exec(message) ?? [];
  if (kind === 'function' && name !== undefined && name in ownFunctions)
    return `GRANT EXECUTE ON FUNCTION pg_catalog.${name}${ownFunctions[name]} TO the role`;
  if (kind === undefined || name === undefined) return 'GRANT USAGE ON SCHEMA … TO …; GRANT SELECT ON … TO …';
  return kind === 'schema'
    ? `GRANT USAGE ON SCHEMA ${name} TO the role, and SELECT on the tables and views in it`
    : `GRANT SELECT ON ${name} TO the role`;
}

const passing: Readonly<Record<string, string>> = {
  '40001': 'The statement was stopped in favour of another statement, or by the recovery of a standby.',
  '40P01': 'The statement and another statement waited for each other, so this statement was stopped.',
  '55P03': 'Another session holds a lock on the table.',
};

function notRead(error: DatabaseError, { place }: ErrorContext): HyggeError {
  const { code, message } = error;
  const why = sentencesOf(error);
  const of = { place, why, cause: error };
  if (error.isLost || /^(57P0|08)/.test(code)) return connectionLostWhileReading(of);
  if (code in passing || /^(53|58)/.test(code)) return serverCannotReadNow(of, passing[code] ?? null);
  if (/row-level security/i.test(message))
    return new HomeError({
      code: 'HYG-3509',
      what: `A policy of ${place} would hide rows from the role.`,
      why: [...why, 'Hidden rows would be missing in the store, without a warning.'],
      tryThis: ['Let the role see all rows: ALTER ROLE … BYPASSRLS', 'Or read a view that its owner made over those rows'],
      cause: error,
    });
  if (code === '42501') return roleMayNotRead(of, missingGrant(message));
  if (code === '57014') return statementEnded(of, 'Give the role more time: ALTER ROLE … SET statement_timeout = 0');
  if (/^(42P01|3F000)/.test(code)) return tableGone(noSuchTable(place, []), of);
  if (isTooLarge(error))
    return new HomeError({
      ...{ code: 'HYG-3511', what: `A row of ${place} has more bytes than PostgreSQL can send at once: 1 GB.`, why, cause: error },
      tryThis: [
        'Leave the column with the large values out: home: { exclude: […] }',
        'Or let a `query` read the large values separately, or in pieces',
      ],
    });
  return statementNotUnderstood(of, 'psql');
}
