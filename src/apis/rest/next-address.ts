/** The address of a next page, which may repeat secrets that were sent: a checkpoint lies in the state, and holds none of them. */
import { Secret } from '../../ports/secret.ts';
import { leadsByAddress, type Turn } from '../lists/pages.ts';
import type { RestConfig } from './config.ts';

type Config = Pick<RestConfig, 'auth' | 'pagination' | 'params' | 'headers' | 'base_url'>;

/** A shorter secret may be a part of any value. */
const shortest = 8;

/** The turn with an address that names secrets by their place in the config, such as `{secret auth.token}`. The key that each request is given anew is left out. */
export function withoutSecretsInAddress(turned: Turn, config: Config): Turn {
  const { next } = turned;
  const { auth, pagination } = config;
  if (typeof next?.at !== 'string' || !leadsByAddress(pagination)) return turned;
  const url = new URL(next.at);
  const key = auth?.type === 'api_key' ? auth.query : undefined;
  if (key !== undefined) url.searchParams.delete(key);
  const secrets = secretsByPlace(config);
  let isChanged = key !== undefined;
  for (const [name, value] of [...url.searchParams]) {
    const named = secrets.reduce((text, [place, secret]) => withName(text, secret, `{secret ${place}}`), value);
    if (named === value) continue;
    url.searchParams.set(name, named);
    isChanged = true;
  }
  return isChanged ? { ...turned, next: { ...next, at: url.href } } : turned;
}

/** The address to ask for: with the secrets as they are now, and without them where it leads to another origin. */
export function withSecretsInAddress(url: URL, config: Config): URL {
  const named = [...url.searchParams].filter(([, value]) => value.includes('{secret '));
  if (named.length === 0) return url;
  const whole = new URL(url);
  const isOwn = url.origin === new URL(config.base_url).origin;
  const secrets = secretsByPlace(config);
  for (const [name, value] of named) {
    const text = secrets.reduce((rest, [place, secret]) => rest.replaceAll(`{secret ${place}}`, () => secret), value);
    if (isOwn) whole.searchParams.set(name, text);
    else if (text !== value) whole.searchParams.delete(name);
  }
  return whole;
}

function withName(text: string, secret: string, name: string): string {
  if (text === secret) return name;
  return secret.length < shortest ? text : text.replaceAll(secret, () => name);
}

/** The longest first: one may be a part of another one. */
function secretsByPlace({ auth, params, headers }: Config): readonly (readonly [place: string, secret: string])[] {
  const found = Object.entries({ auth, params, headers }).flatMap(([of, keys]) =>
    Object.entries(keys ?? {}).flatMap(([name, value]) => (value instanceof Secret ? [[`${of}.${name}`, value.reveal()] as const] : [])),
  );
  return found.filter(([, secret]) => secret !== '').sort(([, a], [, b]) => b.length - a.length);
}
