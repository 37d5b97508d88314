import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Asked, headerOf, type Refusal, refuse } from './exchange.ts';
import { signatureHolds } from './sas.ts';

/** Who a bearer token is of, and for what. */
export interface Bearer {
  readonly audience: string;
  /** Object id of whoever shows it. */
  readonly principal: string;
  readonly expired: boolean;
}

/** What somebody may do: `Storage Blob Data Contributor`, `… Reader`, or nothing. */
export type Right = 'write' | 'read' | 'none';

export interface Guard {
  /** Of an account; undefined: it has none, and takes tokens only. */
  key(account: string): string | undefined;
  /** Undefined: nobody we know has issued it. */
  bearer(token: string): Bearer | undefined;
  /** Of whoever shows a token. */
  right(principal: string): Right;
}

const audiences = ['https://storage.azure.com', 'https://storage.azure.com/'];
const challenge = {
  'www-authenticate':
    'Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize resource_id=https://storage.azure.com',
};
/** POST asks for user delegation keys and batches here: nothing that needs the right to write. */
const reads = new Set(['GET', 'HEAD', 'POST']);

/** Throws unless the request proves who it is from, and that one may do it. */
export function authorize(asked: Asked, guard: Guard): void {
  const shown = headerOf(asked, 'authorization');
  if (shown?.startsWith('Bearer ')) byToken(asked, shown.slice('Bearer '.length), guard);
  else if (shown?.startsWith('SharedKey ')) byKey(asked, shown.slice('SharedKey '.length), guard);
  else if (shown !== undefined) throw refuse('InvalidAuthenticationInfo', { headers: challenge });
  else if (asked.query.has('sig')) byUrl(asked, guard);
  else throw refuse('NoAuthenticationInformation', { headers: challenge });
}

function byToken(asked: Asked, token: string, guard: Guard): void {
  const bearer = guard.bearer(token);
  if (bearer === undefined || bearer.expired || !audiences.includes(bearer.audience)) {
    throw refuse('InvalidAuthenticationInfo', { headers: challenge });
  }
  const right = guard.right(bearer.principal);
  if (right === 'none' || (right === 'read' && !reads.has(asked.method))) throw refuse('AuthorizationPermissionMismatch');
}

function byKey(asked: Asked, credential: string, guard: Guard): void {
  const at = credential.indexOf(':');
  const key = guard.key(asked.account);
  if (key === undefined || credential.slice(0, at) !== asked.account) throw refuse('AuthenticationFailed');
  const age = Math.abs(Date.now() - Date.parse(headerOf(asked, 'x-ms-date') ?? headerOf(asked, 'date') ?? ''));
  const right = headerOrders.some((order) => sameText(signed(key, stringToSign(asked, order)), credential.slice(at + 1)));
  if (!right || !(age < 15 * 60_000)) throw refuse('AuthenticationFailed');
}

function byUrl(asked: Asked, guard: Guard): void {
  const key = guard.key(asked.account);
  const denied: Refusal | undefined =
    key === undefined ? refuse('AuthenticationFailed') : signatureHolds(asked, (text) => signed(key, text));
  if (denied !== undefined) throw denied;
}

const signed = (key: string, text: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');

export function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

type Order = (a: string, b: string) => number;
const plain: Order = (a, b) => (a < b ? -1 : Number(a > b));
/** The service compares like a dictionary, hyphens last; some clients by bytes. Either takes the key to sign. */
const headerOrders: readonly Order[] = [(a, b) => plain(a.replaceAll('-', ''), b.replaceAll('-', '')) || plain(a, b), plain];

function stringToSign(asked: Asked, order: Order): string {
  const value = (name: string): string => headerOf(asked, name) ?? '';
  const length = value('content-length');
  const fixed = [
    asked.method,
    value('content-encoding'),
    value('content-language'),
    length === '0' ? '' : length,
    value('content-md5'),
    value('content-type'),
    headerOf(asked, 'x-ms-date') === undefined ? value('date') : '',
    value('if-modified-since'),
    value('if-match'),
    value('if-none-match'),
    value('if-unmodified-since'),
    value('range'),
  ];
  return `${fixed.join('\n')}\n${canonicalHeaders(asked, order)}${canonicalResource(asked)}`;
}

function canonicalHeaders(asked: Asked, order: Order): string {
  const names = Object.keys(asked.headers).filter((name) => name.startsWith('x-ms-'));
  return names
    .sort(order)
    .map((name) => `${name}:${(headerOf(asked, name) ?? '').trim()}\n`)
    .join('');
}

function canonicalResource({ account, rawPath, query }: Asked): string {
  const names = [...new Set([...query.keys()].map((name) => name.toLowerCase()))].sort(plain);
  const values = (name: string): string =>
    [...query]
      .filter(([key]) => key.toLowerCase() === name)
      .map(([, value]) => value)
      .sort(plain)
      .join(',');
  return `/${account}${rawPath}${names.map((name) => `\n${name}:${values(name)}`).join('')}`;
}
