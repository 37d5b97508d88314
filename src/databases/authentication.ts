/** How a server and hygge authenticate to each other: tokens and certificates. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { ConnectionError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import { signIn } from '../remote/azure/credential.ts';
import type { AzureKeys } from '../remote/azure/keys.ts';
import type { TlsKeys } from './server-keys.ts';

/**
 * A token of Entra ID with which hygge signs in to a server, instead of a password. @param of.audience the audience of tokens in the public cloud:
 * `ossrdbms-aad.database.windows.net`. The audiences of national clouds end differently. @param of.instead another way to sign in. @throws ConnectionError
 * HYG-6502
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
      what: `Entra ID issued no token for ${host}.`,
      why: [error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)],
      tryThis: [
        'On your machine: az login',
        'In the cloud: give the app a managed identity. If the app has several, client_id names one',
        ...(instead === undefined ? [] : [instead]),
      ],
      cause: error,
    });
  }
}

/** The contents of the certificate files that the keys of a connection name. */
export interface Certificates {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** @param root the folder that relative paths start from. @throws ConnectionError HYG-6503 */
export async function readCertificates(given: Omit<TlsKeys, 'tls'>, root: string): Promise<Certificates> {
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
        tryThis: ['Check the path: a relative path starts at the workspace'],
      });
    }
  };
  const [ca, cert, key] = await Promise.all([read('tls_ca_path'), read('tls_certificate_path'), read('tls_key_path')]);
  return { ca, cert, key };
}
