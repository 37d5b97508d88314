/** Removes secrets from the position of a next page, since an answer may repeat sent secrets. A checkpoint is stored in the state, so it must not contain secrets. */
import { leadsByAddress, type Turn, type Walk } from '../lists/pages.ts';
import { addressWithNames, type NamedSecret, namedSecrets, type SecretsConfig, withNames } from '../requests/named-secrets.ts';
import type { RestConfig } from './config.ts';

type Config = SecretsConfig & Pick<RestConfig, 'pagination'>;

/** The turn with a position in which each secret is replaced by its path in the config. A key that is added to each request is left out of the position. @param tokens the tokens that the sign-in got. */
export function withoutSecretsInAddress(turned: Turn, config: Config, tokens: readonly string[] = []): Turn {
  const { next } = turned;
  if (next === null || next.at === null || typeof next.at === 'number') return turned;
  const at = positionWithNames(next.at, config, tokens);
  return at === next.at ? turned : { ...turned, next: { ...next, at } };
}

type Position = Exclude<Walk['at'], number | null>;

function positionWithNames(at: Position, config: Config, tokens: readonly string[]): Position {
  const { pagination } = config;
  const secrets = namedSecrets(config, tokens);
  if (typeof at !== 'string') return paramsWithNames(at, secrets);
  if (leadsByAddress(pagination)) return addressToKeep(at, config, tokens);
  // In a list of type keyset, the position is the field of a record. The field stays unchanged, since it is compared with the next record.
  return pagination.type === 'cursor' ? withNames(at, secrets) : at;
}

function paramsWithNames(params: Readonly<Record<string, string>>, secrets: readonly NamedSecret[]): Readonly<Record<string, string>> {
  const named = Object.entries(params).map(([name, value]) => [name, withNames(value, secrets)] as const);
  return named.every(([name, value]) => params[name] === value) ? params : Object.fromEntries(named);
}

/** An address as it is stored in the state, without secrets. */
export function addressToKeep(address: string, config: SecretsConfig, tokens: readonly string[]): string {
  const { auth } = config;
  const url = new URL(address);
  const key = auth?.type === 'api_key' ? auth.query : undefined;
  if (key !== undefined) url.searchParams.delete(key);
  return addressWithNames(key === undefined ? address : url.href, namedSecrets(config, tokens));
}
