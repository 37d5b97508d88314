/** What SQL Server and the way to it say, for a person. */
import { ConnectionError, HomeError, type HyggeError } from '../../errors/hygge-error.ts';
import type { About, DatabaseError } from '../engine.ts';

export function noSuchTable(written: string, near: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3501',
    what: `There is no table ${written}.`,
    why: ['It is not there by that name, or we may not see it.'],
    tryThis: [
      ...(near.length > 0 ? [`There is ${near.join(', ')}: write it so`] : []),
      'Say the schema as well: table: dbo.orders; a name with a dot in it in brackets: table: dbo.[a.b]',
      'Let us read it: GRANT SELECT ON … TO …',
    ],
  });
}

/** A SELECT that stands in FROM begins with SELECT. */
export function notInFrom(word: string): HomeError {
  return new HomeError({
    code: 'HYG-3548',
    what: `A query of SQL Server can't begin with ${word} here.`,
    why: ['hygge reads it as part of a SELECT of its own, and SQL Server takes no such query inside of another one.'],
    tryThis: ['Write it as one SELECT, with what WITH names in its FROM', 'Or make a view of it, and read that: table: dbo.the_view'],
  });
}

export function hiddenRows(shown: string, policies: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3509',
    what: `A security policy of ${shown} may hide rows from us: ${policies.join(', ')}.`,
    why: ['Rows that nobody sees would be missing where they settle, without a word.'],
    tryThis: [
      'Let the predicate of the policy show us all rows',
      'Or take the rows that it shows: home.allow_filtered: true, and each run warns',
    ],
  });
}

export function hiddenValues(shown: string, columns: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3545',
    what: `Values of ${shown} are masked for us: ${columns.join(', ')}.`,
    why: ['The masks would settle in place of the values.'],
    tryThis: [
      'Let us see them: GRANT UNMASK TO …',
      `Or leave them out: home.exclude: [${columns.join(', ')}]`,
      'Or take the masks: home.allow_filtered: true, and each run warns',
    ],
  });
}

export function encryptedColumns(shown: string, columns: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3546',
    what: `Values of ${shown} are encrypted by their owner (Always Encrypted): ${columns.join(', ')}.`,
    why: ['hygge has no key to them: what comes would be ciphertext.'],
    tryThis: [`Leave them out: home.exclude: [${columns.join(', ')}]`],
  });
}

/** Of a secondary that does not say up to when it has everything. */
export function secondaryUnseen(): HomeError {
  return new HomeError({
    code: 'HYG-3549',
    what: 'How far this readable secondary is behind its primary can’t be seen.',
    why: ['The role may not see it there: rows that it does not have yet would be missed.'],
    tryThis: [
      'GRANT VIEW SERVER STATE TO … (Azure: GRANT VIEW DATABASE STATE TO …)',
      'Or read from the primary: application_intent: read_write',
    ],
  });
}

export function warehouse(place: string, edition: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6535',
    what: `${place} is ${edition === '6' ? 'a dedicated SQL pool of Azure Synapse' : 'a warehouse of Fabric, or a serverless SQL pool of Azure Synapse'}, and no SQL Server.`,
    why: ['It speaks the same protocol, and has neither the catalogue nor the transactions that hygge relies on.'],
    tryThis: [
      'Read its files where they lie: type: onelake or adls',
      'SQL Server 2016 on, Azure SQL, Managed Instance and SQL database in Fabric are read',
    ],
  });
}

export function tooOld(place: string, version: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6536',
    what: `${place} is SQL Server ${version}: hygge reads SQL Server 2016 (13.0) and later.`,
    tryThis: ['Let another program export it, or move the database to a newer server'],
  });
}

const said = ({ message, detail }: DatabaseError): readonly string[] =>
  [message, detail]
    .filter((text) => text !== undefined && text !== '')
    .map((text) => (/[.!?]$/.test(text ?? '') ? (text ?? '') : `${text}.`));

/** A database of Azure that wakes up, moves, or has too much to do; it says so, and has done nothing. */
const busy: ReadonlySet<string> = new Set([
  '40613',
  '40197',
  '40501',
  '49918',
  '49919',
  '49920',
  '10928',
  '10929',
  '4221',
  '42108',
  '42109',
]);
/** A statement that gave way to others; and pipes that broke. */
const passing: Readonly<Record<string, string>> = {
  '1205': 'It was stopped, since it and another one waited for each other.',
  '1222': 'Somebody holds a lock on what it reads.',
  '3960': 'Somebody changed what it had read.',
  '3961': 'Somebody altered the table while it was read.',
  '64': '',
  '233': '',
};

export const isBusy = ({ code }: DatabaseError): boolean => busy.has(code);

export function explain(error: DatabaseError, about: About): HyggeError {
  return about.doing === 'connect' ? notConnected(error, about) : notRead(error, about);
}

const unverified = /certificate|self.signed|CERT_|ERR_TLS|ERR_SSL|EENCRYPT|SSL|TLS/i;

function notConnected(error: DatabaseError, { place }: About): ConnectionError {
  const { code, message } = error;
  const why = said(error);
  const cause = error;
  if (busy.has(code))
    return new ConnectionError({
      code: 'HYG-6537',
      what:
        code === '40613' ? `${place} is not available yet: it is paused and wakes up, or it moves.` : `${place} is too busy to let us in.`,
      why,
      tryThis: ['Wait: it is tried again', 'A database that is too busy needs more units, or fewer connections: pool_size'],
      transient: true,
      cause,
    });
  if (['18456', '18452', '18486', '18487', '18488', '40615', '40532', '40914', '47073', '916'].includes(code))
    return new ConnectionError({
      code: 'HYG-6502',
      what: `${place} does not let us in.`,
      why,
      tryThis: [
        ...(code === '40615' || code === '40914' || code === '47073'
          ? ['Let this address through its firewall, or come by its private endpoint']
          : []),
        'With Entra ID: CREATE USER [name of the identity] FROM EXTERNAL PROVIDER, in that database (docs/sqlserver.md)',
        'With a login: check user and password. Kerberos and NTLM are not spoken',
      ],
      cause,
    });
  if (code === '4060' || code === '911')
    return new ConnectionError({
      code: 'HYG-6504',
      what: `${place}: there is no such database, or we may not use it.`,
      why,
      tryThis: ['Check `database`', 'Let us in: CREATE USER … in that database'],
      cause,
    });
  if (unverified.test(code) || unverified.test(message))
    return new ConnectionError({
      code: 'HYG-6503',
      what: `The connection to ${place} can't be made safe.`,
      why,
      tryThis: [
        'Say which authority signed its certificate: tls_ca_path: path/of/ca.pem',
        'Use the host name that the certificate has',
        'Where the network is yours alone: trust_server_certificate: true (whoever answers is believed, and each run warns)',
      ],
      cause,
    });
  if (code === '17809' || code === '17810')
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
      'Check server and port, and whether a firewall lets this machine through: hygge debug',
      'An instance is found by the SQL Server Browser (UDP 1434): where that is closed, say its port: host,1433',
      'Then run it again: nothing is done twice',
    ],
    transient: error.isLost || code in passing,
    cause,
  });
}

function notRead(error: DatabaseError, { place }: About): HomeError {
  const { code } = error;
  const why = said(error);
  const cause = error;
  const again = ['Run it again: nothing of this run is visible'];
  if (busy.has(code) || code in passing)
    return new HomeError({
      code: 'HYG-3506',
      what: `${place} could not be read just now.`,
      why: [...why, ...(passing[code] ? [passing[code]] : [])],
      tryThis: again,
      transient: true,
      cause,
    });
  if (error.isLost)
    return new HomeError({
      code: 'HYG-3506',
      what: `The connection to ${place} was lost while it was read.`,
      why,
      tryThis: again,
      transient: true,
      cause,
    });
  if (['229', '230', '262', '297', '300', '916'].includes(code))
    return new HomeError({
      code: 'HYG-3507',
      what: `We may not read ${place}.`,
      why,
      tryThis: ['GRANT SELECT ON … TO …, as the administrator', 'Then try again: hygge debug'],
      cause,
    });
  if (code === '208') return new HomeError({ ...noSuchTable(place, []).toDetails(), why, cause });
  return new HomeError({
    code: 'HYG-3511',
    what: `${place} does not understand what it is asked, or can't do it.`,
    why: [...why, `Error ${code}.`],
    tryThis: ['Look at `query`, `where` and `columns` of the home; run the query in SQL Server Management Studio'],
    cause,
  });
}
