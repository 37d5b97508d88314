/** What MySQL, MariaDB and the way to them say, for a person. */
import { ConnectionError, HomeError, type HyggeError } from '../../errors/hygge-error.ts';
import type { About, DatabaseError } from '../engine.ts';

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

const said = ({ message }: DatabaseError): readonly string[] => (message === '' ? [] : [/[.!?]$/.test(message) ? message : `${message}.`]);

const unsafe = /certificate|self.signed|CERT_|ERR_TLS|ERR_SSL|HANDSHAKE_NO_SSL|SSL|altname/i;
/** Too many of something, and a server that is going or coming. */
const full: ReadonlySet<string> = new Set(['1040', '1041', '1203', '1226']);
const passing: Readonly<Record<string, string>> = {
  '1205': 'Somebody holds a lock on what it reads.',
  '1213': 'It was stopped, since it and another one waited for each other.',
  '1412': 'The table was altered while it was read.',
};

export function explain(error: DatabaseError, about: About): HyggeError {
  return about.doing === 'connect' ? notConnected(error, about) : notRead(error, about);
}

function notConnected(error: DatabaseError, { place }: About): ConnectionError {
  const { code, message } = error;
  const why = said(error);
  const cause = error;
  if (unsafe.test(code) || unsafe.test(message) || code === '3159')
    return new ConnectionError({
      code: 'HYG-6503',
      what: `The connection to ${place} can't be made safe.`,
      why,
      tryThis: [
        'Say which authority signed its certificate: tls_ca_path: path/of/ca.pem; and use the host name that the certificate has',
        'Where the network is yours alone: tls: require (encrypted, whoever answers) or tls: disable',
      ],
      cause,
    });
  if (
    ['1045', '1044', '1698', '1130', '1251', '1862', '1820', '9002', '3118', '4151'].includes(code) ||
    /AUTH_SWITCH|cleartext|auth.*plugin/i.test(`${code} ${message}`)
  )
    return new ConnectionError({
      code: 'HYG-6502',
      what: `${place} does not let us in.`,
      why,
      tryThis: [
        'Check user and password, and from which hosts the account may come',
        'With Entra ID: auth: entra, and an account made by CREATE AADUSER for that identity',
      ],
      cause,
    });
  if (code === '1049')
    return new ConnectionError({
      code: 'HYG-6504',
      what: `${place}: there is no such database.`,
      why,
      tryThis: ['Check `database`'],
      cause,
    });
  if (full.has(code))
    return new ConnectionError({
      code: 'HYG-6506',
      what: `${place} has no connection to spare.`,
      why,
      tryThis: ['Ask for fewer at once: pool_size of the connection, times the instances of an app'],
      transient: true,
      cause,
    });
  return new ConnectionError({
    code: 'HYG-6501',
    what: `${place} can't be reached.`,
    why: why.length > 0 ? why : [`${code}.`],
    tryThis: [
      'Check host, port, and whether a firewall lets this machine through: hygge debug',
      'Then run it again: nothing is done twice',
    ],
    transient: error.isLost || code === '1053',
    cause,
  });
}

function notRead(error: DatabaseError, { place }: About): HomeError {
  const { code } = error;
  const cause = error;
  const reason = passing[code];
  const why = [...said(error), ...(reason === undefined ? [] : [reason])];
  const again = ['Run it again: nothing of this run is visible'];
  if (error.isLost)
    return new HomeError({
      code: 'HYG-3506',
      what: `The connection to ${place} was lost while it was read.`,
      why,
      tryThis: again,
      transient: true,
      cause,
    });
  if (reason !== undefined)
    return new HomeError({ code: 'HYG-3506', what: `${place} could not be read just now.`, why, tryThis: again, transient: true, cause });
  if (['1142', '1143', '1227', '1044', '1370'].includes(code))
    return new HomeError({
      code: 'HYG-3507',
      what: `The account may not read ${place}.`,
      why,
      tryThis: ['GRANT SELECT ON … TO …, as the administrator', 'Then try again: hygge debug'],
      cause,
    });
  if (['1317', '1969', '3024', '1028'].includes(code))
    return new HomeError({
      code: 'HYG-3510',
      what: `${place} ended the statement that read it.`,
      why,
      tryThis: [
        'Give the account more time: max_statement_time (MariaDB), max_execution_time (MySQL)',
        'Or read less at once: where, columns, a watermark with an index',
      ],
      cause,
    });
  if (code === '1146') return new HomeError({ ...noSuchTable(place, []).toDetails(), why, cause });
  return new HomeError({
    code: 'HYG-3511',
    what: `${place} does not understand what it is asked, or can't do it.`,
    why: [...why, `Error ${code}.`],
    tryThis: ['Look at `query`, `where` and `columns` of the home; run the query in the client of the database'],
    cause,
  });
}
