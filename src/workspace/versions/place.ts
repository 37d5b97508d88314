import { ConfigError } from '../../errors/hygge-error.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import { Secret } from '../../ports/secret.ts';
import { assignmentsIn } from '../../ports/secrets/assignments.ts';
import type { Environment } from '../read/interpolate.ts';

/** The blob container with a workspace's versions, and the sign-in for it. */
export interface BlobPlace {
  readonly kind: 'blob';
  /** The container's URL without a query: `https://acct.blob.core.windows.net/hygge-config`. Null: the connection string has the URL. */
  readonly url: string | null;
  readonly container: string;
  readonly access:
    | { readonly by: 'connection string'; readonly secret: Secret }
    /** The query of the address: a SAS token. */
    | { readonly by: 'sas'; readonly secret: Secret }
    /** Sign-in with Entra ID: the managed identity in the cloud, the signed-in account on a laptop. */
    | { readonly by: 'identity'; readonly clientId: string | null };
}

export interface FolderPlace {
  readonly kind: 'folder';
  /** The address as written. */
  readonly path: string;
}

const defaultContainer = 'hygge-config';
const setting = 'AzureWebJobsStorage';

/**
 * Where the config is: the address from the command line, else `HYGGE_CONFIG`, else the storage of the function app. The value is a container’s address, a
 * connection string, or a folder. Throws a ConfigError if the address is missing or invalid.
 */
export function configPlace(env: Environment, given?: string): BlobPlace | FolderPlace {
  const [written, from] = given === undefined ? [settingIn(env, 'HYGGE_CONFIG') ?? '', 'HYGGE_CONFIG'] : [given, 'the command line'];
  if (written !== '') {
    if (/^https?:\/\//i.test(written)) return atUrl(written, from, env);
    if (isConnectionString(written)) return byConnectionString(written, env);
    return { kind: 'folder', path: written };
  }
  const storage = settingIn(env, setting) ?? '';
  if (storage !== '') return byConnectionString(storage, env);
  const uri = settingIn(env, `${setting}__blobServiceUri`) ?? serviceUri(settingIn(env, `${setting}__accountName`));
  if (uri !== undefined) return { ...byIdentity(`${trimmed(uri)}/${defaultContainer}`, env), container: defaultContainer };
  throw new ConfigError({
    code: 'HYG-1931',
    what: 'The container of the config is not set.',
    why: [`Neither an address on the command line, HYGGE_CONFIG nor ${setting} is set.`],
    tryThis: [
      'Name the container: HYGGE_CONFIG=https://<account>.blob.core.windows.net/hygge-config',
      `Or set ${setting} as in the function app.`,
    ],
  });
}

function serviceUri(account: string | undefined): string | undefined {
  return account === undefined || account === '' ? undefined : `https://${account}.blob.core.windows.net`;
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function isConnectionString(text: string): boolean {
  return /(^|;)\s*(UseDevelopmentStorage|AccountName|BlobEndpoint|SharedAccessSignature|DefaultEndpointsProtocol)=/i.test(text);
}

function byConnectionString(text: string, env: Environment): BlobPlace {
  const container = settingIn(env, 'HYGGE_CONFIG_CONTAINER') ?? defaultContainer;
  return { kind: 'blob', url: null, container, access: { by: 'connection string', secret: new Secret(text) } };
}

function byIdentity(url: string, env: Environment): BlobPlace {
  const clientId = settingIn(env, `${setting}__clientId`) ?? null;
  return { kind: 'blob', url, container: containerOf(url), access: { by: 'identity', clientId } };
}

function containerOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function atUrl(written: string, from: string, env: Environment): BlobPlace {
  if (!URL.canParse(written)) throw noContainer(written.replace(/\?.*$/s, '?…'), from);
  const parts = new URL(written);
  const url = trimmed(`${parts.origin}${parts.pathname}`);
  const segments = parts.pathname.split('/').filter((segment) => segment !== '');
  // If the host of the server is an IP address, the account is in its path.
  const depth = isNamed(parts.hostname) ? 1 : 2;
  if (segments.length !== depth || parts.username !== '' || parts.password !== '') throw noContainer(url, from);
  const container = containerOf(url);
  if (parts.search.length > 1) return { kind: 'blob', url, container, access: { by: 'sas', secret: new Secret(parts.search.slice(1)) } };
  const storage = settingIn(env, setting) ?? '';
  const sameAccount = storage !== '' && blobEndpoint(storage) === url.slice(0, -container.length - 1).toLowerCase();
  if (sameAccount) return { kind: 'blob', url, container, access: { by: 'connection string', secret: new Secret(storage) } };
  return byIdentity(url, env);
}

function isNamed(host: string): boolean {
  return !/^\d+(\.\d+){3}$|^\[|^localhost$/.test(host);
}

/** The blob address of a connection string, in lower case. */
function blobEndpoint(connectionString: string): string | undefined {
  const parts = assignmentsIn(connectionString);
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return 'http://127.0.0.1:10000/devstoreaccount1';
  const endpoint = parts.get('blobendpoint');
  if (endpoint !== undefined) return trimmed(endpoint).toLowerCase();
  const account = parts.get('accountname');
  if (account === undefined) return undefined;
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
  return `${parts.get('defaultendpointsprotocol') ?? 'https'}://${account}.blob.${suffix}`.toLowerCase();
}

function noContainer(shown: string, from: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1932',
    what: `${JSON.stringify(shown.replace(/\/\/[^/@]*@/, '//***@'))} is not an address of a blob container.`,
    why: [`It comes from ${from}.`],
    tryThis: ['Write the account and then the container: https://<account>.blob.core.windows.net/hygge-config'],
  });
}
