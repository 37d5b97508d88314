import { resolve } from 'node:path';
import { kindOf, realPath } from '../../adapters/disk-places.ts';
import { visible } from '../../narrate/text/visible.ts';
import { Secret } from '../../ports/secret.ts';
import { decodedPart } from '../../ports/values.ts';
import { connectors } from '../../registry.ts';
import { slashed } from '../../workspace/read/find.ts';
import { fixedPart, fromFileUrl, isGlob, isUrl } from '../../workspace/sides/paths.ts';
import { everyConnector, typeOfUrl } from '../../workspace/sides/side-type.ts';
import { hasNonNumericPort, hasPassword, secretKeysIn, withoutCredentials } from './credentials.ts';
import { misplacedPassword, noPassword, noWebAddress, slashesMissing, unknownScheme } from './errors.ts';

/** FROM or TO of a copy, after parsing. */
export type Place =
  /** Files of this machine. `path`: the absolute path, with links in its existing part resolved. */
  | {
      readonly kind: 'local';
      readonly path: string;
      /** Whether the path ends with a slash. */
      readonly folder: boolean;
      /** Whether the stars and brackets in the path are a pattern, and not part of an existing name. */
      readonly pattern: boolean;
      readonly shown: string;
      readonly piped?: true;
    }
  /** Files of a lake or bucket. */
  | { readonly kind: 'remote'; readonly type: string; readonly url: string; readonly shown: string; readonly secret?: Password }
  | {
      readonly kind: 'database';
      readonly type: string;
      /** The key `url` with an address, or the key `path` with a file of this machine. */
      readonly address: { readonly key: 'url' | 'path'; readonly value: string };
      /** The table, as it is written after the `#`. Null: the address names no table. */
      readonly table: string | null;
      readonly shown: string;
      readonly secret?: Password;
    }
  | { readonly kind: 'pipe'; readonly shown: string };

/** The source of a password. No other member of a `Place` contains a secret. */
export interface Password {
  /** The key of the connector that gets the password. */
  readonly key: 'password' | 'sas_token';
  readonly from:
    | { readonly by: 'variable'; readonly name: string }
    /** The password is in the URL, or the person has typed it. */
    | { readonly by: 'text' | 'typed'; readonly text: Secret }
    /** The person must type the password, as for `user:@host`. */
    | { readonly by: 'asking' };
}

/** Whether a place is FROM or TO, and the destination of its rows. */
interface As {
  readonly which: 'FROM' | 'TO';
  readonly to: string;
}

const asFrom: As = { which: 'FROM', to: 'TO' };

/** @param directory the absolute folder that relative paths begin at. */
export async function readPlace(written: string, directory: string, as: As = asFrom): Promise<Place> {
  if (written === '-') return { kind: 'pipe', shown: '-' };
  const [, inCloud, ofCloud = ''] = /^((?:md|motherduck):[^#]*)(?:#(.*))?$/is.exec(written) ?? [];
  if (inCloud !== undefined && (hasPassword(written) || secretKeysIn(written, false).length > 0))
    throw misplacedPassword(withoutCredentials(written), 'MotherDuck reads its token from a variable: MOTHERDUCK_TOKEN.');
  if (inCloud !== undefined)
    return {
      kind: 'database',
      type: 'duckdb',
      address: { key: 'path', value: inCloud },
      table: ofCloud === '' ? null : ofCloud,
      shown: written,
    };
  const file = ofDatabaseFile(written);
  const isLocal = !isUrl(written) || /^file:/i.test(written);
  if (file === undefined && isLocal) await mustHaveNoScheme(written);
  if (file !== undefined || isLocal) await mustHaveNoCredentials(written, file?.address.value ?? written, directory);
  if (file !== undefined)
    return { ...file, address: { ...file.address, value: (await settled(resolve(directory, file.address.value))).path } };
  if (isLocal) {
    const path = fromFileUrl(written);
    return { kind: 'local', ...(await settled(resolve(directory, path))), folder: /[/\\]$/.test(path), shown: written };
  }
  const known = await everyConnector(connectors);
  const type = typeOfUrl(hostFirst(written), known) ?? '';
  const connector = known.find(({ id }) => id === type);
  if (connector?.family === 'databases') return ofServer(written, type);
  const { url, secret } = withoutSignature(written);
  if (hasPassword(url) || hasNonNumericPort(url.replace(/^[^:]+:\/\/([^/]*@)?/, '')) || secretKeysIn(url, false).length > 0)
    throw misplacedPassword(withoutCredentials(url), 'A password or key must not be part of the address of a lake or bucket.');
  // Only the connector of a private server recognizes the address of the server.
  const system = connector?.remote === undefined ? known.find(({ remote }) => remote?.locate(url) !== undefined) : connector;
  if (system === undefined && /^https?:/i.test(url)) throw noWebAddress(url.replace(/[?#].*$/s, ''), { ...as, isData: isDataFile(url) });
  if (system === undefined) throw unknownScheme(schemeOf(written), await schemes());
  return { kind: 'remote', type: system.id, url, shown: url, ...(secret && { secret }) };
}

/** Whether the path of an address has the extension of a data file. */
export function isDataFile(url: string): boolean {
  return /\.(csv|tsv|txt|json|ndjson|jsonl|parquet|xlsx?|gz|zst|zip)([?#]|$)/i.test(url);
}

/** The place with the password that the person typed, if the place needs a password. @param ask asks the person. Undefined: no person can answer. */
export async function withPassword<P extends Place>(
  place: P,
  ask: ((question: string, how: 'unseen') => Promise<string>) | undefined,
): Promise<P> {
  if (!('secret' in place) || place.secret?.from.by !== 'asking') return place;
  if (ask === undefined) throw noPassword(place.shown);
  const text = new Secret(await ask(`Password for ${visible(place.shown)}: `, 'unseen'));
  return { ...place, secret: { ...place.secret, from: { by: 'typed', text } } };
}

/** The address without its user and password. The host shows the type, and must not be mistaken for a user. */
const hostFirst = (url: string) => url.replace(/^([a-z0-9+.-]+:\/\/)[^@/]*:[^@/]*@/i, '$1');

const schemeOf = (written: string) => /^([a-z][a-z0-9+.-]*):/i.exec(written)?.[1] ?? '';

async function schemes(): Promise<readonly string[]> {
  const known = await everyConnector(connectors);
  return [...new Set([...known.flatMap(({ addresses }) => addresses?.schemes ?? []), 'https', ...fileSchemes])];
}

const fileSchemes = ['sqlite', 'duckdb'];

/** Throws for a text that is meant as a URL, but is not valid, such as `s3:/lake` or `sqlit:shop.db`. A single letter is a drive. */
async function mustHaveNoScheme(written: string): Promise<void> {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(written) ?? [];
  if (scheme === undefined || /^file$/i.test(scheme)) return;
  const known = await schemes();
  if (known.includes(scheme.toLowerCase()))
    throw slashesMissing(scheme, withoutCredentials(`${scheme}://${rest.replace(/^[/\\]+/, '')}`).slice(scheme.length + 1));
  if (rest.startsWith('/') || /#/.test(rest)) throw unknownScheme(scheme, known);
}

/** Throws if the text seems to contain credentials, because such a text may be an address without its scheme. If the file exists, or the path begins with `./`, the text is a path. */
async function mustHaveNoCredentials(written: string, path: string, directory: string): Promise<void> {
  if (
    !hasPassword(written) &&
    secretKeysIn(written, /^(server|host|data source|defaultendpointsprotocol|user|endpoint)/i.test(written)).length === 0
  )
    return;
  if (/^(\.{1,2}|[/\\][^/\\:@]+)[/\\]/.test(path) || (await kindOf(resolve(directory, path))) !== undefined) return;
  throw misplacedPassword(withoutCredentials(written), 'The place is neither an address that hygge can read, nor an existing file.');
}

const ofFile = /\.(db|sqlite3?|duckdb|ddb)$/i;

/** The parts of a database file and its table, such as `sqlite:shop.db#orders` or `shop.duckdb#orders`. */
function ofDatabaseFile(written: string): Extract<Place, { readonly kind: 'database' }> | undefined {
  if (/^(?!sqlite:|duckdb:)[a-z][a-z0-9+.-]+:/i.test(written)) return undefined;
  const [, scheme, after = ''] = /^(sqlite|duckdb):(.*)$/is.exec(written) ?? [];
  const whole = scheme === undefined ? written : after;
  const places = [...whole.matchAll(/#/g)].map(({ index }) => index);
  // Names of tables and folders may also contain `#`.
  const hash = places.find((at) => ofFile.test(whole.slice(0, at))) ?? places.at(-1);
  const table = hash === undefined ? null : whole.slice(hash + 1);
  const path = whole.slice(0, hash);
  const ending = ofFile.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined && ending === undefined) return undefined;
  const type = /^duckdb$/i.test(scheme ?? '') || (scheme === undefined && /^(duckdb|ddb)$/.test(ending ?? '')) ? 'duckdb' : 'sqlite';
  const value = path.replace(/^\/\/(?=[^/])/, '').replace(/^\/\/\//, '/');
  return { kind: 'database', type, address: { key: 'path', value }, table: table === '' ? null : table, shown: withTable(value, table) };
}

/** The parts of a server’s address. The text before the last `@` may be secret, even in a malformed URL, so it is never shown. */
function ofServer(written: string, type: string): Place {
  const [, scheme = '', behind = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(written) ?? [];
  // Names of tables and passwords may also contain `#`.
  const hash = [...behind.matchAll(/#/g)].map(({ index }) => index).find((at) => !/@.*\//s.test(behind.slice(at)));
  const table = hash === undefined ? null : behind.slice(hash + 1);
  const rest = behind.slice(0, hash);
  const question = rest.indexOf('?', rest.lastIndexOf('@') + 1);
  const [address, query] = question < 0 ? [rest, ''] : [rest.slice(0, question), rest.slice(question)];
  const at = /^[^/@]*:\d+(\/|$)/.test(address) ? -1 : address.lastIndexOf('@');
  const who = at < 0 ? '' : address.slice(0, at);
  const isUnclear =
    hasNonNumericPort(address.slice(at + 1)) ||
    /%3a/i.test(who.split(':')[0] ?? '') ||
    secretKeysIn(`${address.slice(at + 1)}${query}`, false).length > 0;
  if (isUnclear)
    throw misplacedPassword(
      withTable(withoutCredentials(`${scheme}${rest}`), table),
      'In an address, a password can be only here: scheme://user:password@host/database',
    );
  const colon = who.indexOf(':');
  const user = colon < 0 ? who : who.slice(0, colon);
  const url = `${scheme}${user === '' ? '' : `${user}@`}${address.slice(at + 1)}${query}`;
  const secret = colon < 0 ? undefined : passwordOf(who.slice(colon + 1));
  const own = { kind: 'database' as const, type, table: table === '' ? null : table, shown: withTable(url, table) };
  return { ...own, address: { key: 'url', value: url }, ...(secret && { secret }) };
}

const withTable = (place: string, table: string | null) => (table === null || table === '' ? place : `${place}#${table}`);

function passwordOf(text: string): Password {
  const variable = /^\$\{([A-Za-z_]\w*)\}$/.exec(text)?.[1];
  if (variable !== undefined) return { key: 'password', from: { by: 'variable', name: variable } };
  if (text === '') return { key: 'password', from: { by: 'asking' } };
  return { key: 'password', from: { by: 'text', text: new Secret(decodedPart(text)) } };
}

/** Separates the signature from a URL with a shared access signature, since the connector gets the signature as a separate key. */
function withoutSignature(url: string): { readonly url: string; readonly secret?: Password } {
  const cut = url.indexOf('?');
  if (cut < 0 || !/[?&]sig=/i.test(url.slice(cut))) return { url };
  return { url: url.slice(0, cut), secret: { key: 'sas_token', from: { by: 'text', text: new Secret(url.slice(cut + 1)) } } };
}

/** The real path of a local place, so that two spellings of one path have the same state. If the path is a pattern, only its fixed folder is resolved. */
async function settled(path: string): Promise<{ readonly path: string; readonly pattern: boolean }> {
  const whole = slashed(path);
  const pattern = isGlob(whole) && (whole.includes('*') || (await kindOf(whole)) === undefined);
  const fixed = pattern ? fixedPart(whole, '') : whole;
  return { path: `${slashed(await realPath(fixed))}${whole.slice(fixed.length)}`, pattern };
}
