/** Explains errors of MySQL, MariaDB and the network to people. */
import { count, counted } from '../../errors/as-argument.ts';
import { type ConnectionError, type HomeError, type HyggeError, StoreError } from '../../errors/hygge-error.ts';
import type { DatabaseError, ErrorContext } from '../engine.ts';
import { classifier, codeMatcher, type ErrorCase } from '../error-classes.ts';
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
  statementEnded,
  statementNotUnderstood,
  tableGone,
  tableMissing,
} from '../errors.ts';
import { explainWriting, fewerColumns } from '../writing-errors.ts';
import { allOfDatabase, names, quotePlainly } from './dialect.ts';

export const noSuchTable = tableMissing(
  names,
  'The name may be spelt differently in the database: names are used exactly as written. Or the account has no right to see the table.',
  'Name the database as well: table: sales.orders. Put a name with a dot in backticks: table: sales.`a.b`',
  'Allow the account to see the table: GRANT SELECT ON … TO …',
);

const unsafe = /certificate|self.signed|CERT_|ERR_TLS|ERR_SSL|HANDSHAKE_NO_SSL|SSL|altname/i;
/** Codes of a refused account, password or authentication method. */
const refuses = codeMatcher('1045 1698 1130 1251 1862 1820 9002 3118 4151');
/** Codes of a server that has too many connections or threads. */
const isFull = codeMatcher('1040 1041 1203 1226');
/** hygge’s own code of an error: the server does not update its list of transactions. */
export const stale = 'HYGGE_STALE';
/** hygge’s own code of an error: the server can’t list sessions and transactions now. */
export const unlisted = 'HYGGE_UNLISTED';
const passing: Readonly<Record<string, string>> = {
  '1205': 'Another session holds a lock on data that the statement reads.',
  '1213': 'The statement and another statement waited for each other, so this statement was stopped.',
  '1412': 'The table was altered while it was read.',
  [stale]:
    'The list of open transactions is out of date: another program reads INNODB_TRX more than ten times a second, so the server shows an old copy.',
  [unlisted]:
    'MySQL can not list the open transactions while a statement of another session has an emoji, or another character of four bytes, in its first kilobyte.',
};

export function explain(error: DatabaseError, about: ErrorContext): HyggeError {
  return about.doing === 'read' ? notRead(error, about) : notConnected(error, about);
}

function notConnected(error: DatabaseError, { place, doing }: ErrorContext): ConnectionError {
  const { code, message } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (!mayHaveEndedInHandshake(error) && (unsafe.test(code) || unsafe.test(message) || code === '3159'))
    return connectionNotSecure(of, [
      'Name the authority that signed the certificate: tls_ca_path: path/of/ca.pem. And use the host name in the certificate',
      'In a private network: tls: require (encrypted, without a check of the server) or tls: disable',
    ]);
  if (refuses(error) || /AUTH_SWITCH|cleartext|auth.*plugin/i.test(`${code} ${message}`))
    return loginRefused(of, [
      'Check user and password, and from which hosts the account may connect',
      'With Entra ID: auth: entra, and an account made by CREATE AADUSER for that identity',
    ]);
  if (code === '1049') return noSuchDatabase(of, ['Check `database`']);
  // The server sends the same code for a missing database and for a database that the account may not see.
  if (code === '1044') return noSuchDatabase(of, ['Check `database`: its name is used exactly as written', connectGrant(message)]);
  // These codes only come after the account has signed in.
  if (codeMatcher('1227 1193 1231 1238')(error))
    return sessionRefused(of, {
      doing,
      check: ['Have the administrator allow the account what the server names, or report which server this is: SELECT @@version'],
    });
  if (isFull(error)) return noConnectionToSpare(of);
  // The server ends each session if `init_connect` fails, until an administrator changes that variable.
  if (code === '1184' && message.includes('init_connect'))
    return serverUnreachable(of, {
      isPassing: false,
      check: [
        'Have the administrator check the statements that the server runs at the beginning of each session: SELECT @@global.init_connect',
      ],
    });
  // A number is a code of the server. A word such as ECONNREFUSED is a code of the network.
  if (!error.isLost && /^\d+$/.test(code)) return sessionRefused(of, { doing, isPassing: again(error) || waiting(error) });
  return serverUnreachable(of, {
    isPassing: error.isLost || code === '1053',
    check: ['Check host, port, and whether a firewall lets this machine through: hygge debug'],
  });
}

function connectGrant(message: string): string {
  const [, user = '…', host = '%', database = '…'] = /^Access denied for user '(.*)'@'(.*)' to database '(.*)'$/.exec(message) ?? [];
  return `Allow the account to see the database: GRANT SELECT ON ${allOfDatabase(database)} TO ${quotePlainly(user)}@${quotePlainly(host)}`;
}

function notRead(error: DatabaseError, { place }: ErrorContext): HomeError {
  const { code } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (error.isLost) return connectionLostWhileReading(of);
  if (passing[code] !== undefined) return serverCannotReadNow(of, passing[code]);
  if (codeMatcher('1142 1143 1227 1044 1370')(error)) return roleMayNotRead(of, 'GRANT SELECT ON … TO …, as the administrator');
  if (codeMatcher('1317 1969 3024 1028')(error))
    return statementEnded(of, 'Give the account more time: max_statement_time (MariaDB), max_execution_time (MySQL)');
  if (code === '1146') return tableGone(noSuchTable(place, []), of);
  return statementNotUnderstood(of, 'the client of the database');
}

// ---- while hygge writes

/** Codes of a lock that did not become free in time. */
const waiting = codeMatcher('1205 3572 1614');
/** Codes of errors that a retry may avoid, such as a deadlock or a server that shuts down. */
const again = codeMatcher('1213 1020 1040 1053 1203 1317 1412 1050 1927 3058 3169 4031 1615');
const rightsMissing = '1044 1045 1142 1143 1227 1370 1410 3955';
export const isDenied = codeMatcher(rightsMissing);
/** Errors about the rows, the table or the statement. A retry would fail again. */
const permanent = codeMatcher(`${rightsMissing}
  1048 1054 1059 1060 1061 1062 1063 1064 1068 1069 1071 1072 1074 1075 1091 1101 1103 1110 1117 1118 1136 1138 1146
  1153 1162 1163 1166 1170 1216 1217 1235 1242 1262 1263 1264 1265 1267 1270 1271 1292 1300 1301 1305 1354 1364
  1366 1367 1369 1406 1416 1425 1426 1427 1435 1440 1441 1451 1452 1526 1557 1586 1612 1644 1690 1701 1748 1761
  1762 1832 1833 1834 3140 3141 3144 3156 3819 3903 4025 4078 4161`);
/** Codes for a character that the column’s character set lacks: 1977 in MariaDB, 3854 in MySQL. */
const unwritable = codeMatcher('1977 3854');
/** The code for a table without a primary key, if the server requires primary keys. */
const keyless = codeMatcher('3750');
/** Codes for a row for which a trigger or the expression of a generated column fails. */
const senseless = codeMatcher('1172 1339 1365 1411 1424 1442');
/** Whether a table can never be made. The storage engine’s number in the message gives the reason: 185 for too many columns, 150 for a foreign key without a match. */
const neverMade = ({ code, message }: DatabaseError) => code === '1005' && /\(errno: (?:121|139|140|150|185)\b/.test(message);

export const meaning = classifier(
  [
    ['lock_timeout', waiting],
    ['missing_object', codeMatcher('1146 1049 1051')],
    ['transient', again],
    ...[permanent, unwritable, keyless, senseless, neverMade].map((is): ErrorCase => ['permanent', is]),
  ],
  'needs_action',
);

export function explainWritten(error: DatabaseError, place: string): StoreError {
  return explainWriting(error, {
    place,
    why: sentencesOf({ ...error, message: withoutValues(error.message) }),
    errorClass: meaning(error),
    holders: 'SELECT trx_mysql_thread_id, trx_started, trx_query FROM information_schema.INNODB_TRX',
    neededAction: remedyFor(error),
    grant: isDenied(error) ? grantFor(error) : undefined,
    permanentAdvice: isTooWide(error) ? fewerColumns : permanentAdvice[error.code],
  });
}

/** Whether a table is too wide. The storage engine’s number 139 means that a row is too long for a page. */
function isTooWide({ code, message }: DatabaseError): boolean {
  return code === '1117' || code === '1118' || (code === '1005' && /\(errno: (?:139|185)\b/.test(message));
}

const permanentAdvice: Readonly<Record<string, string>> = {
  // Triggers can’t move to another database. The table has triggers that the plan did not see.
  '1435': 'Allow the account to see the triggers of the table, so that rows are deleted and inserted instead: GRANT TRIGGER ON … TO …',
  '1153':
    'Let the server accept larger rows: SET GLOBAL max_allowed_packet = 1073741824, or SET GLOBAL local_infile = ON, which sends rows of any size',
};

/** Removes the values of a row from an error message. */
function withoutValues(message: string): string {
  return message
    .replace(/^(Duplicate entry) '.*' (for key)/s, '$1 $2')
    .replace(/^(Cannot convert string) '.*' (from \w+ to \w+)/s, '$1 $2')
    .replace(/^((?:Incorrect|Invalid|Truncated incorrect) [\w ]+ value)(?: in [^:]*)?: '.*'( for column .*)?$/s, '$1$2');
}

function remedyFor(error: DatabaseError): string {
  const { code } = error;
  if (codeMatcher('1290 1836 1792 3989')(error))
    return 'Write to the primary: a replica and a server that is set to read only accept no rows';
  if (codeMatcher('1021 1114 1026 3 28')(error)) return 'Free some space where the server keeps its files';
  if (codeMatcher('1969 3024 1028')(error)) return 'Give the account more time: max_statement_time (MariaDB), max_execution_time (MySQL)';
  if (code === '3750')
    return 'Add a primary key to the table, once: the server changes no table without a primary key (sql_require_primary_key)';
  if (code === '1665') return 'Let the server log rows: binlog_format = ROW or MIXED';
  return 'Look into the log of the server for what happened';
}

function grantFor({ message }: DatabaseError): string {
  const [, rights = '', on = ''] = /^(.+?) command denied to user .* for table (\S+)$/.exec(message) ?? [];
  const [, database = ''] = /^Access denied for user .* to database '(.*)'$/.exec(message) ?? [];
  if (rights !== '') return `Have an administrator run: GRANT ${rights} ON ${on} TO …`;
  if (database !== '')
    return `Have an administrator run: GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE TEMPORARY TABLES ON ${allOfDatabase(database)} TO …`;
  return 'Have an administrator grant the right that the message names';
}

/** The error for values that the server would have changed, as it reported only in a warning. */
export function valuesWarned(
  place: string,
  of: { readonly said: string; readonly code: string; readonly column: string | null; readonly row: string | null },
): StoreError {
  const { said, code, column, row } = of;
  return new StoreError({
    code: 'HYG-4251',
    what: `${column === null ? 'A value' : `Column ${column}`} did not arrive in ${place} unchanged.`,
    why: [
      `The server reports for ${row === null ? 'a row' : `row ${row}`} of a staged piece: ${said} (${code}).`,
      'The server accepted the rest of the row, but nothing of the piece settles.',
    ],
    tryThis: ['Correct the value in the source, or settle the column as another type: schema_overrides', 'Then run again'],
  });
}

export function rowsMissing(place: string, { sent, kept }: { readonly sent: number; readonly kept: number }): StoreError {
  return new StoreError({
    code: 'HYG-4252',
    what: `hygge sent ${counted(sent, 'row')} to ${place}, but the server kept ${count(kept)}.`,
    why: ['The server gave no reason. None of these rows settles.'],
    tryThis: ['Look into the log of the server for what happened', 'Then run again'],
  });
}
