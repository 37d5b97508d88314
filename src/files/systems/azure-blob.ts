/** Blobs of a storage account of Azure, with or without a hierarchical namespace. */
import * as z from 'zod';
import type { UrlLocation } from '../../engine/contracts/connector.ts';
import { blobFileSystem } from '../../filesystems/blob/blob.ts';
import type { KeysOf } from '../../ports/secret-schema.ts';
import { readConnectionString } from '../../remote/azure/connection-string.ts';
import { azureClash, azureKeys, credentialKind } from '../../remote/azure/keys.ts';
import type { RemoteSystem } from '../connectors/remote-system.ts';
import { azureKeysOf, azureRequirements } from './azure-keys.ts';
import { percentDecoded } from './percent.ts';

interface Address {
  readonly account_url: string;
  readonly container: string;
}

/** The name of a container. `$root` is not accepted, because blob names in it can’t contain a slash. */
const containerName = /^(\$web|[a-z0-9](-?[a-z0-9]){2,62})$/;

const keys = {
  account_url: z
    .string()
    .regex(/^https?:\/\/[^/?#@\s]+(\/[A-Za-z0-9-]+)?\/?$/, 'an address such as https://lake.blob.core.windows.net')
    .optional()
    .describe('The storage account: https://lake.blob.core.windows.net. A connection_string names it too.'),
  container: z
    .string()
    .regex(containerName, 'a name of 3 to 63 lower-case letters, digits and single dashes')
    .describe('The container in the account. hygge does not create it.'),
  ...azureKeys,
};

type BlobConfig = KeysOf<typeof keys>;

export const azureBlob: RemoteSystem<BlobConfig> = {
  id: 'azure_blob',
  summary: 'Azure Blob Storage',
  verifiedAgainst: 'Azurite, with the unmodified SDK, through a proxy that loses, cuts and refuses requests',
  addresses: {
    schemes: ['az', 'wasb', 'wasbs'],
    hosts: [/\.blob\.(core|storage)\.[a-z.]+$/i],
    forms: ['az://container@account.blob.core.windows.net/folder', 'https://account.blob.core.windows.net/container/folder'],
  },
  keys,
  clash,
  locate,
  url: (config, path) => `${urlOf(addressOf(config))}${path === '' ? '' : `/${path}`}`,
  address: (config) => ({ ...addressOf(config) }),
  recall(address, today) {
    const { account_url, container } = address as unknown as Address;
    const same = today !== null && addressOf(today).account_url === account_url;
    if (same) return { account_url, container, ...azureKeysOf(today) };
    // An emulator accepts no token. So hygge sends anonymous requests, and the emulator’s refusal shows the reason.
    return { account_url, container, ...(account_url.startsWith('http:') ? { credential: 'anonymous' } : {}) };
  },
  open(config, folder, { random, network }) {
    const { account_url: accountUrl, container } = addressOf(config);
    return blobFileSystem({
      accountUrl,
      container,
      keys: azureKeysOf(config),
      folder,
      url: azureBlob.url(config, folder),
      random,
      network,
    });
  },
  requirements(config, doing) {
    const { host } = new URL(addressOf(config).account_url);
    return azureRequirements(config, { system: 'azure_blob', doing, resource: { container: config.container, account: host }, host });
  },
};

function clash(config: BlobConfig): { readonly key: string; readonly needs: string } | undefined {
  const found = azureClash(config);
  if (found !== undefined) return found;
  const [written, named] = [config.account_url, accountOf(config)];
  if (written === undefined && named === undefined) return { key: 'account_url', needs: 'The address of the account is missing' };
  if (written !== undefined && named !== undefined && trimmed(written) !== named)
    return { key: 'account_url', needs: 'The connection_string is for another account' };
  const kind = credentialKind(config);
  const isPlain = addressOf(config).account_url.startsWith('http:');
  const byToken = ['default', 'managed_identity', 'service_principal', 'workload_identity'].includes(kind);
  return isPlain && byToken ? { key: 'account_url', needs: `Credential ${kind} needs https` } : undefined;
}

function accountOf({ connection_string: text }: BlobConfig): string | undefined {
  return text && readConnectionString(text)?.blobUrl.toLowerCase();
}

function addressOf(config: BlobConfig): Address {
  return { account_url: trimmed(config.account_url ?? accountOf(config) ?? ''), container: config.container };
}

function trimmed(url: string): string {
  return url.toLowerCase().replace(/\/+$/, '');
}

function urlOf({ account_url, container }: Address): string {
  const host = /^https:\/\/([^/]+)$/.exec(account_url)?.[1];
  return host === undefined ? `${account_url}/${container}` : `az://${container}@${host}`;
}

/** Reads URLs such as `az://raw@lake.blob.core.windows.net/crm`, `az://raw/crm` (the account is in another key), and the URLs of the portal. */
function locate(url: string): UrlLocation | undefined {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z]+):\/\/([^/?#]+)(?:\/(.*))?$/is.exec(url) ?? [];
  switch (scheme.toLowerCase()) {
    case 'az':
    case 'wasb':
    case 'wasbs':
      return byScheme(authority, rest);
    case 'http':
    case 'https':
      return byAddress(`${scheme.toLowerCase()}://${authority}`, rest);
    default:
      return undefined;
  }
}

function byScheme(authority: string, rest: string): UrlLocation | undefined {
  const [, container, host] = /^([^@]+)@([^@]+)$/.exec(authority) ?? [];
  if (container !== undefined && host !== undefined)
    return { keys: { account_url: `https://${host.toLowerCase()}`, container }, path: rest };
  if (/\.blob\./i.test(authority)) return inAccount(`https://${authority.toLowerCase()}`, rest);
  return { keys: { container: authority }, path: rest };
}

/**
 * Reads the URL of a server with an IP address, such as Azurite, which has the account in its path. `localhost` may be a server of any API, so it counts as
 * Azurite only with Azurite’s port or account name.
 */
function byAddress(origin: string, rest: string): UrlLocation | undefined {
  const isNumbered =
    /^https?:\/\/(\d+(\.\d+){3}|\[[\da-f:]+\])(:\d+)?$/i.test(origin) ||
    (/^https?:\/\/localhost(:\d+)?$/i.test(origin) && (/:10000$/.test(origin) || /^devstoreaccount\d+\//.test(rest)));
  if (!isNumbered && !/\.blob\./i.test(origin)) return undefined;
  const [account, ...others] = isNumbered ? rest.split('/') : [];
  const found = inAccount(isNumbered ? `${origin}/${account}` : origin.toLowerCase(), isNumbered ? others.join('/') : rest);
  return found && { ...found, path: percentDecoded(found.path) };
}

function inAccount(account_url: string, rest: string): UrlLocation | undefined {
  const [container = '', ...path] = rest.split('/');
  return container === '' ? undefined : { keys: { account_url, container }, path: path.join('/') };
}
