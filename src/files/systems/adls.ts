/** ADLS Gen2: storage accounts of Azure with a hierarchical namespace. */
import * as z from 'zod';
import type { UrlLocation } from '../../engine/contracts/connector.ts';
import { adlsFileSystem } from '../../filesystems/adls/adls.ts';
import type { KeysOf } from '../../ports/secret-schema.ts';
import { azureClash, azureKeys, credentialKind } from '../../remote/azure/keys.ts';
import type { RemoteSystem } from '../connectors/remote-system.ts';
import { azureKeysOf, azureRequirements } from './azure-keys.ts';
import { percentDecoded } from './percent.ts';

const keys = {
  account_url: z
    .string()
    .regex(/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*\.dfs\.[a-z0-9.-]+\/?$/i, 'an address such as https://lake.dfs.core.windows.net')
    .describe('The storage account, which has a hierarchical namespace: https://lake.dfs.core.windows.net.'),
  filesystem: z
    .string()
    .regex(/^(\$root|\$web|(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*)$/, 'a name of 3 to 63 lower-case letters, digits and single dashes')
    .describe('The filesystem (container) in the account. hygge does not create it.'),
  ...azureKeys,
};

type AdlsConfig = KeysOf<typeof keys>;

export const adls: RemoteSystem<AdlsConfig> = {
  id: 'adls',
  summary: 'Azure Data Lake Storage Gen2',
  verifiedAgainst: 'our own server of the Data Lake REST API, with the unmodified SDK on real host names',
  addresses: {
    schemes: ['abfs', 'abfss'],
    hosts: [/\.dfs\.(core|storage)\.[a-z.]+$/i],
    forms: ['abfss://filesystem@account.dfs.core.windows.net/folder', 'https://account.dfs.core.windows.net/filesystem/folder'],
  },
  keys,
  clash: azureClash,
  locate,
  url: (config, path) => `abfss://${config.filesystem}@${hostOf(config)}${path === '' ? '' : `/${path}`}`,
  address: ({ account_url, filesystem }) => ({ account_url: origin(account_url), filesystem }),
  recall(address, today) {
    const { account_url, filesystem } = address as unknown as AdlsConfig;
    const same = today !== null && origin(today.account_url) === account_url;
    return { ...(same ? azureKeysOf(today) : {}), account_url, filesystem };
  },
  open(config, folder, around) {
    const dfsUrl = origin(config.account_url);
    const credential = credentialKind(config);
    const at = { url: adls.url(config, folder), place: `filesystem ${config.filesystem}`, credential };
    const [account = ''] = hostOf(config).split('.');
    const blobUrl = dfsUrl.replace('.dfs.', '.blob.');
    return adlsFileSystem({ dfsUrl, blobUrl, account, filesystem: config.filesystem, folder, keys: azureKeysOf(config), at }, around);
  },
  requirements(config, doing) {
    const host = hostOf(config);
    const resource = { filesystem: config.filesystem, account: host };
    return [
      ...azureRequirements(config, { system: 'adls', doing, resource, host }),
      // Small files are read and written at the blob address of the account.
      { need: 'host', name: host.replace('.dfs.', '.blob.') },
    ];
  },
};

/** Reads URLs such as `abfss://raw@lake.dfs.core.windows.net/crm` and `https://lake.dfs.core.windows.net/raw/crm`. */
function locate(url: string): UrlLocation | undefined {
  const hadoop = /^abfss?:\/\/([^@/]+)@([^/?#@]+)(?:\/(.*))?$/is.exec(url);
  const https = /^https:\/\/([^/?#@]+)\/([^/]+)(?:\/(.*))?$/is.exec(url);
  const [host, filesystem, path] = hadoop ? [hadoop[2], hadoop[1], hadoop[3]] : [https?.[1], https?.[2], https?.[3]];
  if (host === undefined || filesystem === undefined || !isAdls(host)) return undefined;
  const keys = { account_url: `https://${host.toLowerCase()}`, filesystem };
  return { keys, path: https ? percentDecoded(path ?? '') : (path ?? '') };
}

function isAdls(host: string): boolean {
  return /\.dfs\./i.test(host) && !/\.fabric\.microsoft\.com$/i.test(host);
}

function origin(accountUrl: string): string {
  return accountUrl.toLowerCase().replace(/\/$/, '');
}

function hostOf({ account_url }: Pick<AdlsConfig, 'account_url'>): string {
  return origin(account_url).slice('https://'.length);
}
