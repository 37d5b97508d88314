/**
 * Addresses and cursors from an API may repeat the secrets that were sent. In stored addresses and cursors, each secret is replaced by its path in the config, `{secret
 * auth.token}`. Before a request, the present secret is inserted.
 */

import { Secret } from '../../ports/secret.ts';
import { decodedPart } from '../../ports/values.ts';
import type { RequestsConfig } from './config.ts';

export type SecretsConfig = Pick<RequestsConfig, 'auth' | 'params' | 'headers' | 'base_url'>;

export interface NamedSecret {
  /** The path of the secret in the config: `auth.token`. `headers.authorization 2`: the second word of the header. */
  readonly place: string;
  readonly text: string;
}

/** The minimum length of a secret that is replaced inside a text. Any text may contain a shorter secret by chance. */
const shortest = 8;

/** The secrets in requests of a config. The longest secret is first, since one secret may contain another. @param tokens the tokens that the sign-in got. */
export function namedSecrets({ auth, params, headers }: SecretsConfig, tokens: readonly string[] = []): readonly NamedSecret[] {
  const found = Object.entries({ auth, params, headers }).flatMap(([of, keys]) =>
    Object.entries(keys ?? {}).flatMap(([name, value]) => (value instanceof Secret ? wordsOf(`${of}.${name}`, value.reveal()) : [])),
  );
  if (auth?.type === 'basic')
    found.push({ place: 'auth.basic', text: Buffer.from(`${auth.user}:${auth.password.reveal()}`).toString('base64') });
  for (const text of tokens) found.push({ place: 'sign-in', text });
  return found.filter(({ text }) => text !== '').sort((a, b) => b.text.length - a.text.length);
}

/** A secret, and each long word in the secret. A header may have a word before its secret: `Token …`. */
function wordsOf(place: string, text: string): readonly NamedSecret[] {
  const words = text.split(' ');
  const parts = words.length === 1 ? [] : words.map((word, at) => ({ place: `${place} ${at + 1}`, text: word }));
  return [{ place, text }, ...parts.filter((part) => part.text.length >= shortest)];
}

/** The text with each secret replaced by its path in the config. */
export function withNames(text: string, secrets: readonly NamedSecret[]): string {
  const plain = secrets.reduce((rest, secret) => withName(rest, secret), text);
  return plain.replace(/[A-Za-z0-9+/_-]{12,}={0,2}/g, (written) => inBase64(written, secrets) ?? written);
}

function withName(text: string, { place, text: secret }: NamedSecret): string {
  if (text === secret) return `{secret ${place}}`;
  if (secret.length < shortest) return text;
  const encoded = encodeURIComponent(secret);
  const named = text.replaceAll(secret, () => `{secret ${place}}`);
  return encoded === secret ? named : named.replaceAll(encoded, () => `{encoded ${place}}`);
}

/** A text in base64 with each secret inside it replaced. A cursor is often JSON in base64. Undefined: the text contains no secret. */
function inBase64(written: string, secrets: readonly NamedSecret[]): string | undefined {
  for (const spelling of ['base64', 'base64url'] as const) {
    const text = Buffer.from(written, spelling).toString('utf8');
    const pads = written.endsWith('=');
    const spelled = spellings[`${spelling}${pads ? '=' : ''}`] ?? '';
    if (inSpelling(text, spelled) !== written) continue;
    const named = withNames(text, secrets);
    return named === text ? undefined : `{${spelled} ${encodeURIComponent(named)}}`;
  }
  return undefined;
}

const spellings: Readonly<Record<string, string>> = { 'base64=': 'padded', base64: 'plain', 'base64url=': 'url-padded', base64url: 'url' };

function inSpelling(text: string, spelling: string): string {
  const written = Buffer.from(text).toString(spelling.startsWith('url') ? 'base64url' : 'base64');
  const bare = written.replace(/=+$/, '');
  return spelling.endsWith('padded') ? bare.padEnd(Math.ceil(bare.length / 4) * 4, '=') : bare;
}

/** The opposite of `withNames`. If the config has no secret at a path any more, the text stays unchanged. */
export function withSecrets(text: string, secrets: readonly NamedSecret[]): string {
  if (!text.includes('{')) return text;
  const outer = text.replace(/\{(padded|plain|url-padded|url) ([^{}]*)\}/g, (_, spelling: string, inner: string) =>
    inSpelling(withSecrets(decodeURIComponent(inner), secrets), spelling),
  );
  return secrets.reduce(
    (rest, { place, text: secret }) =>
      rest.replaceAll(`{secret ${place}}`, () => secret).replaceAll(`{encoded ${place}}`, () => encodeURIComponent(secret)),
    outer,
  );
}

/** An address with each secret replaced by its path in the config. An address without secrets is returned unchanged. */
export function addressWithNames(address: string, secrets: readonly NamedSecret[]): string {
  const url = new URL(address);
  return changed(url, (text) => withNames(text, secrets)) ? url.href : address;
}

/** The address to request, with the present secrets inserted. An address with another origin gets no secrets. @param token the newest token of the sign-in. */
export function addressWithSecrets(address: URL, config: SecretsConfig, token?: string): URL {
  const url = new URL(address);
  const secrets = namedSecrets(config, token === undefined ? [] : [token]);
  const isOwn = url.origin === new URL(config.base_url).origin;
  if (isOwn) return changed(url, (text) => withSecrets(text, secrets)) ? url : address;
  const named = [...url.searchParams].filter(([, value]) => withSecrets(value, secrets) !== value);
  for (const [name] of named) url.searchParams.delete(name);
  return named.length === 0 ? address : url;
}

/** Changes each part of an address after its origin. Returns whether the address differs. */
function changed(url: URL, change: (text: string) => string): boolean {
  const before = url.href;
  for (const [name, value] of [...url.searchParams]) {
    const text = change(value);
    if (text !== value) url.searchParams.set(name, text);
  }
  const path = url.pathname.split('/').map((segment) => {
    const plain = decodedPart(segment);
    const text = change(plain);
    return text === plain ? segment : encodeURIComponent(text);
  });
  if (path.join('/') !== url.pathname) url.pathname = path.join('/');
  return url.href !== before;
}
