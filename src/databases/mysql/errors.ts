/** What MySQL, MariaDB and the way to them say, for a person. */
import { type ConnectionError, HomeError, type HyggeError } from '../../errors/hygge-error.ts';
import type { About, DatabaseError } from '../engine.ts';
import {
  mayNotRead,
  noConnectionToSpare,
  noSuchDatabase,
  notLetIn,
  notReached,
  notReadNow,
  notSafe,
  notUnderstood,
  sentencesOf,
  statementEnded,
} from '../errors.ts';

export function noSuchTable(written: string, near: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3501',
    what: `There is no table ${written}.`,
    why: ['Names are taken exactly as they are written; or the account may not see it.'],
    tryThis: [
      ...(near.length > 0 ? [`There is ${near.join(', ')}: write it so`] : []),
      'Say the database as well: table: sales.orders; a name with a dot in it in backticks: table: sales.`a.b`',
      'Let the account see it: GRANT SELECT ON … TO …',
    ],
  });
}

const unsafe = /certificate|self.signed|CERT_|ERR_TLS|ERR_SSL|HANDSHAKE_NO_SSL|SSL|altname/i;
/** Of accounts, passwords and the ways to prove them. */
const refusals: ReadonlySet<string> = new Set(['1045', '1044', '1698', '1130', '1251', '1862', '1820', '9002', '3118', '4151']);
/** Too many of something, and a server that is going or coming. */
const full: ReadonlySet<string> = new Set(['1040', '1041', '1203', '1226']);
/** Of hygge's own: the server does not bring its list of transactions up to date. */
export const stale = 'HYGGE_STALE';
const passing: Readonly<Record<string, string>> = {
  '1205': 'Somebody holds a lock on what it reads.',
  '1213': 'It was stopped, since it and another one waited for each other.',
  '1412': 'The table was altered while it was read.',
  [stale]:
    'Which transactions are open is shown as it was a while ago: another program looks into INNODB_TRX more than ten times a second, and keeps it so.',
};

export function explain(error: DatabaseError, about: About): HyggeError {
  return about.doing === 'connect' ? notConnected(error, about) : notRead(error, about);
}

function notConnected(error: DatabaseError, { place }: About): ConnectionError {
  const { code, message } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (unsafe.test(code) || unsafe.test(message) || code === '3159')
    return notSafe(of, [
      'Say which authority signed its certificate: tls_ca_path: path/of/ca.pem; and use the host name that the certificate has',
      'Where the network is yours alone: tls: require (encrypted, whoever answers) or tls: disable',
    ]);
  if (refusals.has(code) || /AUTH_SWITCH|cleartext|auth.*plugin/i.test(`${code} ${message}`))
    return notLetIn(of, [
      'Check user and password, and from which hosts the account may come',
      'With Entra ID: auth: entra, and an account made by CREATE AADUSER for that identity',
    ]);
  if (code === '1049') return noSuchDatabase(of, ['Check `database`']);
  if (full.has(code)) return noConnectionToSpare(of);
  return notReached(of, {
    isPassing: error.isLost || code === '1053',
    check: ['Check host, port, and whether a firewall lets this machine through: hygge debug'],
  });
}

function notRead(error: DatabaseError, { place }: About): HomeError {
  const { code } = error;
  const of = { place, why: sentencesOf(error), cause: error };
  if (error.isLost) return notReadNow(of);
  if (passing[code] !== undefined) return notReadNow(of, passing[code]);
  if (['1142', '1143', '1227', '1044', '1370'].includes(code)) return mayNotRead(of, 'GRANT SELECT ON … TO …, as the administrator');
  if (['1317', '1969', '3024', '1028'].includes(code))
    return statementEnded(of, 'Give the account more time: max_statement_time (MariaDB), max_execution_time (MySQL)');
  if (code === '1146') return new HomeError({ ...noSuchTable(place, []).toDetails(), why: of.why, cause: error });
  return notUnderstood(of, 'the client of the database');
}
