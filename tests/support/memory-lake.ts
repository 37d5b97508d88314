import * as z from 'zod';
import type { Connector, UrlLocation } from '../../src/engine/contracts/connector.ts';
import { remoteFiles } from '../../src/files/connectors/remote-connector.ts';
import type { RemoteSystem } from '../../src/files/connectors/remote-system.ts';
import { adls } from '../../src/files/systems/adls.ts';
import { azureBlob } from '../../src/files/systems/azure-blob.ts';
import { gcs } from '../../src/files/systems/gcs.ts';
import { onelake } from '../../src/files/systems/onelake.ts';
import { s3 } from '../../src/files/systems/s3.ts';
import type { Secret } from '../../src/ports/secret.ts';
import { secret } from '../../src/ports/secret-schema.ts';
import { MemoryFileSystem } from './memory-filesystem.ts';

/** Containers in memory, by name: what the systems of these tests have in place of a cloud. */
export type Containers = Map<string, MemoryFileSystem>;

interface BucketKeys {
  readonly bucket: string;
  readonly endpoint?: string;
  readonly credential?: string;
  readonly secret_access_key?: Secret;
}

/** Those of the real ones. */
const addressesOf = new Map([adls, azureBlob, gcs, onelake, s3].map(({ id, addresses }) => [id, addresses]));

function buckets(id: string, scheme: string, containers: Containers): RemoteSystem<BucketKeys> {
  return {
    id,
    summary: `Buckets of ${id}`,
    verifiedAgainst: 'memory',
    addresses: addressesOf.get(id) ?? { schemes: [scheme], forms: [] },
    keys: {
      bucket: z.string().min(1),
      endpoint: z.string().optional(),
      credential: z.string().optional(),
      secret_access_key: secret().optional(),
    },
    locate(url): UrlLocation | undefined {
      const found = new RegExp(`^${scheme}a?://([^/]+)(?:/(.*))?$`, 's').exec(url);
      return found?.[1] === undefined ? undefined : { keys: { bucket: found[1] }, path: found[2] ?? '' };
    },
    url: ({ bucket }, path) => `${scheme}://${bucket}${path === '' ? '' : `/${path}`}`,
    address: ({ bucket, endpoint }) => ({ bucket, ...(endpoint === undefined ? {} : { endpoint }) }),
    recall: (address) => address as unknown as BucketKeys,
    open: async ({ bucket }, folder) => treeIn(containers, bucket, folder),
    requirements: ({ bucket, secret_access_key }, doing) => [
      { need: 'role', system: id, doing: [doing], resource: { bucket }, role: `${id}:${doing}` },
      ...(secret_access_key === undefined ? [] : [{ need: 'secret', name: 'secret_access_key' } as const]),
      { need: 'host', name: `${id}.example.com` },
    ],
  };
}

interface AccountKeys {
  readonly account_url: string;
  readonly container: string;
}

/** One account with a door for each of two protocols, as Azure has it. */
function account(id: string, door: string, scheme: string, containers: Containers): RemoteSystem<AccountKeys> {
  const host = new RegExp(`^(?:${scheme})s?://([^@/]+)@([^/]+)(?:/(.*))?$`, 's');
  const web = new RegExp(`^https://([^/]+\\.${door}\\.core\\.windows\\.net)/([^/]+)(?:/(.*))?$`, 's');
  return {
    ...(buckets(id, scheme, containers) as unknown as RemoteSystem<AccountKeys>),
    keys: { account_url: z.string(), container: z.string() },
    locate(url): UrlLocation | undefined {
      const [, container, name, path = ''] = host.exec(url) ?? [];
      if (container !== undefined && name !== undefined) return { keys: { account_url: `https://${name}`, container }, path };
      const [, at, inside, below = ''] = web.exec(url) ?? [];
      if (at === undefined || inside === undefined) return undefined;
      return { keys: { account_url: `https://${at}`, container: inside }, path: decodeURIComponent(below) };
    },
    url: ({ account_url, container }, path) => `${account_url}/${container}/${path}`,
    address: ({ account_url, container }) => ({ account_url, container }),
    open: async ({ container }, folder) => treeIn(containers, container, folder),
    requirements: () => [],
  };
}

interface ItemKeys {
  readonly workspace: string;
  readonly item: string;
  readonly schema?: string;
}

function items(id: string, containers: Containers): RemoteSystem<ItemKeys> {
  return {
    ...(buckets(id, id, containers) as unknown as RemoteSystem<ItemKeys>),
    keys: { workspace: z.string(), item: z.string(), schema: z.string().optional() },
    locate(url): UrlLocation | undefined {
      const [, workspace, item, path = ''] = new RegExp(`^${id}://([^/]+)/([^/]+)(?:/(.*))?$`, 's').exec(url) ?? [];
      return workspace === undefined || item === undefined ? undefined : { keys: { workspace, item }, path };
    },
    defaultPath: ({ schema }) => (schema === undefined ? 'Files/{entity}/' : `Files/${schema}.schema/{entity}/`),
    url: ({ workspace, item }, path) => `${id}://${workspace}/${item}/${path}`,
    address: ({ workspace, item }) => ({ workspace, item }),
    open: async ({ workspace, item }, folder) => treeIn(containers, `${workspace}/${item}`, folder),
    requirements: () => [],
  };
}

/** The tree below a folder of a container; each container is one filesystem, and a folder a view of it. */
function treeIn(containers: Containers, name: string, folder: string): MemoryFileSystem {
  const key = `${name}\u0000${folder}`;
  const known = containers.get(key) ?? new MemoryFileSystem({ url: `memory://${name}/${folder}` });
  containers.set(key, known);
  return known;
}

/** Connectors with the ids and URLs of the real ones, whose containers are in memory. */
export function memoryLake(containers: Containers = new Map()): readonly Connector[] {
  return [
    remoteFiles(buckets('s3', 's3', containers)),
    remoteFiles(buckets('gcs', 'gs', containers)),
    remoteFiles(account('azure_blob', 'blob', 'az|wasb', containers)),
    remoteFiles(account('adls', 'dfs', 'abfs', containers)),
    remoteFiles(items('onelake', containers)),
  ];
}
