/** Whom a server believes, and whom we believe: passwords and tokens, certificates. What all servers have of it; an engine adds its own. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import { ConnectionError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import type { Secret } from '../ports/secret.ts';
import { signIn } from '../remote/azure/credential.ts';
import type { AzureKeys } from '../remote/azure/keys.ts';

const text = z.string().min(1);

export const tlsModes = ['verify-full', 'verify-ca', 'require', 'disable'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** Keys of an account that has a password or is an identity of Entra ID. */
export interface AccountKeys {
  readonly password?: Secret | undefined;
  readonly auth?: 'password' | 'entra' | undefined;
  readonly credential?: 'default' | 'managed_identity' | 'workload_identity' | undefined;
  readonly client_id?: string | undefined;
  readonly tenant_id?: string | undefined;
}

export const entraKeys = {
  credential: z
    .enum(['default', 'managed_identity', 'workload_identity'])
    .optional()
    .describe('With auth: entra: whose token. default: managed identity in the cloud, whoever is signed in on a laptop.'),
  client_id: text.optional().describe('With auth: entra: which of several identities.'),
  tenant_id: text.optional().describe('With auth: entra and workload_identity: its tenant.'),
} satisfies Readonly<Record<Exclude<keyof AccountKeys, 'auth' | 'password'>, z.ZodType>>;

export interface TlsKeys {
  readonly tls?: TlsMode | undefined;
  readonly tls_ca_path?: string | undefined;
  readonly tls_certificate_path?: string | undefined;
  readonly tls_key_path?: string | undefined;
}

/** A PEM file with an authority. */
export const authorityKey = text
  .optional()
  .describe('A PEM file with the authority that signed the certificate of the server, where it is none that everybody knows.');

export const tlsKeys = {
  tls: z
    .enum(tlsModes)
    .optional()
    .describe(
      'verify-full: encrypted, and the certificate is of this host. verify-ca: of a known authority. require: encrypted, whoever answers. Default: verify-full; disable on this machine.',
    ),
  tls_ca_path: authorityKey,
  tls_certificate_path: text.optional().describe('A PEM file with a certificate of our own, for servers that ask for one.'),
  tls_key_path: text.optional().describe('A PEM file with its private key.'),
} satisfies Readonly<Record<keyof TlsKeys, z.ZodType>>;

export const poolSize = z
  .int()
  .min(2)
  .max(1000)
  .default(5)
  .describe('At most so many connections of one process, over all flows that use it.');

type Clash = { readonly key: string; readonly needs: string } | undefined;

export function accountClash(given: AccountKeys): Clash {
  if (given.auth === 'entra')
    return given.password === undefined ? undefined : { key: 'password', needs: 'With auth: entra, a token takes its place' };
  const idle = (['credential', 'client_id', 'tenant_id'] as const).find((key) => given[key] !== undefined);
  return idle && { key: idle, needs: 'It means something only with auth: entra' };
}

export function certificateClash(given: TlsKeys): Clash {
  if ((given.tls_certificate_path === undefined) === (given.tls_key_path === undefined)) return undefined;
  const written = given.tls_key_path === undefined ? 'tls_certificate_path' : 'tls_key_path';
  return { key: written, needs: 'A certificate and its key go together: tls_certificate_path and tls_key_path' };
}

/**
 * A token of Entra ID for a server, in place of a password.
 * @param of.audience who tokens are for in the public cloud: `ossrdbms-aad.database.windows.net`. National clouds end otherwise.
 * @param of.instead what else lets one in.
 * @throws ConnectionError HYG-6502
 */
export async function entraToken(
  keys: AzureKeys,
  of: { readonly host: string; readonly audience: string; readonly network: Network; readonly instead?: string },
): Promise<string> {
  const { host, audience, network, instead } = of;
  const { credential } = await signIn(keys, { account: host, accountUrl: `https://${host}` }, { network, env: process.env });
  const [, national] = /\.(chinacloudapi\.cn|usgovcloudapi\.net)$/.exec(host.toLowerCase()) ?? [];
  const scope = `https://${national === undefined ? audience : audience.replace('windows.net', national)}/.default`;
  try {
    const token = 'getToken' in credential ? await credential.getToken(scope) : null;
    return token?.token ?? '';
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    throw new ConnectionError({
      code: 'HYG-6502',
      what: `Entra ID gave no token for ${host}.`,
      why: [error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)],
      tryThis: [
        'On your machine: az login',
        'In the cloud: give the app a managed identity; client_id says which, when it has several',
        ...(instead === undefined ? [] : [instead]),
      ],
      cause: error,
    });
  }
}

/** What the files of certificates hold that the keys name. */
export interface Certificates {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** @param root what relative paths are against. @throws ConnectionError HYG-6503 */
export async function certificatesOf(given: Omit<TlsKeys, 'tls'>, root: string): Promise<Certificates> {
  const read = async (name: keyof typeof given): Promise<string | undefined> => {
    const path = given[name];
    if (path === undefined) return undefined;
    try {
      return await readFile(isAbsolute(path) ? path : resolve(root, path), 'utf8');
    } catch (error) {
      throw new ConnectionError({
        code: 'HYG-6503',
        what: `The file of ${name} can't be read.`,
        why: [error instanceof Error ? error.message : String(error)],
        tryThis: ['Check the path: a relative one is against the workspace'],
      });
    }
  };
  const [ca, cert, key] = await Promise.all([read('tls_ca_path'), read('tls_certificate_path'), read('tls_key_path')]);
  return { ca, cert, key };
}
