/** Keys of a connection to a server that several engines share. Keys of one engine are in its `keys.ts`. */
import * as z from 'zod';
import { type KeysOf, secret } from '../ports/secret-schema.ts';

const text = z.string().min(1);

/** An invalid key, and what the key needs. Undefined: the keys are consistent. */
export type KeyConflict = { readonly key: string; readonly needs: string } | undefined;

export const tlsModes = ['verify-full', 'verify-ca', 'require', 'disable'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** Keys that all servers have. A key that is a function here has a different description for each engine. */
export const serverKeys = {
  text,
  /** @param form an example of an address. */
  url: (scheme: RegExp, form: string, more = '') =>
    text.regex(scheme, form).optional().describe(`The whole address: ${form}${more}. The address has no password.`),
  port: (otherwise: string) => z.int().min(1).max(65_535).optional().describe(`Default: ${otherwise}.`),
  password: (otherwise = '') => secret().optional().describe(`Its password.${otherwise}`),
  auth: (more = '') =>
    z
      .enum(['password', 'entra'])
      .optional()
      .describe(`entra: a token of Entra ID in place of a password, a fresh one for each connection${more}. Default: password.`),
  poolSize: z.int().min(2).max(1000).default(5).describe('The maximum number of connections of one process, for all its flows together.'),
  connectTimeout: (seconds: number, what: string) => z.int().min(1).max(600).default(seconds).describe(`Seconds that ${what}`),
};

/** Keys of an account that may be an identity of Entra ID. */
export const entraKeys = {
  credential: z
    .enum(['default', 'managed_identity', 'workload_identity'])
    .optional()
    .describe(
      'With auth: entra: the identity whose token is used. default: managed identity in the cloud, the signed-in user on a laptop.',
    ),
  client_id: text.optional().describe('With auth: entra: which identity to use if there are several.'),
  tenant_id: text.optional().describe('With auth: entra and workload_identity: the tenant of the identity.'),
};

/** The path of a PEM file with a certificate authority. */
export const certificateAuthorityKey = text
  .optional()
  .describe('A PEM file with the authority that signed the certificate of the server, if it is not a public authority.');

export const tlsKeys = {
  tls: z
    .enum(tlsModes)
    .optional()
    .describe(
      'verify-full: encrypted, with a certificate for this host. verify-ca: with a certificate of a known authority. require: encrypted, without a check of the server. Default: verify-full; disable on this machine.',
    ),
  tls_ca_path: certificateAuthorityKey,
  tls_certificate_path: text.optional().describe('A PEM file with a client certificate, for servers that request one.'),
  tls_key_path: text.optional().describe('A PEM file with the private key of the client certificate.'),
};

type AccountKeys = KeysOf<typeof entraKeys> & { readonly password?: unknown; readonly auth?: 'password' | 'entra' | undefined };

export type TlsKeys = KeysOf<typeof tlsKeys>;

export function accountConflict(given: AccountKeys): KeyConflict {
  if (given.auth === 'entra')
    return given.password === undefined ? undefined : { key: 'password', needs: 'With auth: entra, a token replaces the password' };
  const idle = (['credential', 'client_id', 'tenant_id'] as const).find((key) => given[key] !== undefined);
  return idle && { key: idle, needs: 'This key means something only with auth: entra' };
}

export function certificateConflict(given: TlsKeys): KeyConflict {
  if ((given.tls_certificate_path === undefined) === (given.tls_key_path === undefined)) return undefined;
  const written = given.tls_key_path === undefined ? 'tls_certificate_path' : 'tls_key_path';
  return { key: written, needs: 'A certificate and its key belong together: tls_certificate_path and tls_key_path' };
}
