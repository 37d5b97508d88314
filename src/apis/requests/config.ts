/** The config keys that requests to one API depend on. */
import * as z from 'zod';
import { Secret } from '../../ports/secret.ts';
import { secret } from '../../ports/secret-schema.ts';
import { durationMs } from '../../workspace/durations.ts';
import { auth, httpAddress } from './auth-config.ts';
import { rateLimit } from './limits/config.ts';

const text = z.string().min(1);
const origin = text.regex(/^https?:\/\/[^/?#@]+$/, 'https://files.example.com, without a path');
const value = z.union([z.string(), z.number(), z.boolean(), secret()]);
export const values = z.record(text, value);
export const usualMaxWait = '24h';

/** The config keys of a connection that a home may set as well. */
export const common = {
  base_url: httpAddress.describe('The address of the API: `https://api.example.com/v2/`. The address may be a variable.'),
  auth: auth.optional().describe('How hygge signs in. Absent: without signing in.'),
  headers: values.optional().describe('Headers of each request.'),
  rate_limit: rateLimit
    .optional()
    .describe(
      'The maximum number of requests in a second, a minute, an hour or a day: `5/s`, `[5/s, 20000/day]`. This limit applies to all flows and processes together that use the connection with the same state.',
    ),
  max_wait: text
    .refine((written) => durationMs(written) !== undefined, { error: 'a duration such as `90s`, `5m`, `1h30m` or `2d`' })
    .meta({ examples: ['1h', '2d'], default: usualMaxWait })
    .optional()
    .describe(
      'The longest pause that the API may request, by `Retry-After` or by the reset time of its limit. A run waits up to this long. If the API requests a longer pause, the run stops.',
    ),
  origins: z.array(origin).optional().describe('Other origins that the next page or a redirect may lead to. hygge sends no token there.'),
};

export type Value = z.infer<typeof value>;
const shape = z.strictObject({ ...common, params: values.optional() });
/** The values of the config that requests to one API need. */
export type RequestsConfig = z.infer<typeof shape>;

/** The address of a path below `base_url`. */
export function addressOf({ base_url, endpoint }: Pick<RequestsConfig, 'base_url'> & { readonly endpoint: string }): URL {
  return new URL(endpoint.replace(/^\/+/, ''), base_url.endsWith('/') ? base_url : `${base_url}/`);
}

/** The value of `max_wait`, in milliseconds. */
export function maxWaitMs({ max_wait = usualMaxWait }: Pick<RequestsConfig, 'max_wait'>): number {
  return durationMs(max_wait) ?? 0;
}

export function revealed(given: Value | Secret): string {
  return typeof given === 'object' ? given.reveal() : String(given);
}

/** The texts of all secrets in a config, at any depth. */
export function secretsIn(config: unknown): readonly string[] {
  if (config instanceof Secret) return [config.reveal()];
  return typeof config === 'object' && config !== null ? Object.values(config).flatMap(secretsIn) : [];
}

/** The text with each of these secrets replaced, even if a secret is encoded as in an address. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const written = [...new Set(secrets.flatMap(writtenForms))].filter((one) => one !== '');
  // The longest secret is replaced first, since one secret may begin with another.
  return written.sort((a, b) => b.length - a.length).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** The forms in which an answer may repeat a secret: unchanged, encoded as in an address, as in JSON, and as in the JSON of PHP. */
function writtenForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, encodeURIComponent(secret), json, json.replaceAll('/', '\\/')];
}
