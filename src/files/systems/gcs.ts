import * as z from 'zod';
import type { Requirement, UrlLocation } from '../../engine/contracts/connector.ts';
import { gcsFileSystem } from '../../filesystems/gcs/gcs.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { type KeysOf, plainAddress } from '../../ports/secret-schema.ts';
import { defined, type Json } from '../../ports/values.ts';
import { credentialKind, type GoogleKeys, googleClash, googleKeyNames, googleKeys, roleTo } from '../../remote/google/keys.ts';
import type { FileSystemContext, RemoteSystem } from '../connectors/remote-system.ts';

type Address = Pick<GcsConfig, 'bucket' | 'project' | 'endpoint'>;

const publicEndpoint = 'https://storage.googleapis.com';

/** https://cloud.google.com/storage/docs/buckets#naming */
const bucketName = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

const keys = {
  bucket: z.string().regex(bucketName, 'the name of a bucket').describe('The bucket.'),
  project: z
    .string()
    .min(1)
    .optional()
    .describe('The project that pays for requests, if the owner of the bucket does not (requester pays).'),
  endpoint: plainAddress.optional().describe(`Another address than ${publicEndpoint}: a private endpoint, or an emulator.`),
  ...googleKeys,
};

type GcsConfig = KeysOf<typeof keys>;

/** Google Cloud Storage: one bucket, by the JSON API. */
export const gcs: RemoteSystem<GcsConfig> = {
  id: 'gcs',
  summary: 'Files in Google Cloud Storage',
  verifiedAgainst: 'a JSON API server of our own, strict, and the conformance suite; a real bucket with HYGGE_TEST_GCS',
  addresses: {
    schemes: ['gs'],
    // Web addresses are not accepted, but the error shows the right form.
    hosts: [/^(storage\.googleapis|[a-z0-9._-]+\.storage\.googleapis|storage\.cloud\.google)\.com$/i],
    forms: ['gs://bucket/folder'],
  },
  keys,
  clash: googleClash,
  locate,
  url: ({ bucket }, path) => (path === '' ? `gs://${bucket}` : `gs://${bucket}/${path}`),
  address: ({ bucket, project, endpoint }) => written({ bucket, project, endpoint }) as Json,
  recall,
  open,
  requirements,
};

function locate(url: string): UrlLocation | undefined {
  const [, bucket, path = ''] = /^gs:\/\/([^/]+)(?:\/(.*))?$/is.exec(url) ?? [];
  return bucket === undefined ? undefined : { keys: { bucket }, path };
}

/** The config for an address. The credential of the current config is used only for the endpoint in that config. */
function recall(address: Json, today: GcsConfig | null): GcsConfig {
  const kept = address as unknown as Address;
  return today !== null && endpointOf(today) === endpointOf(kept) ? { ...keysOf(today), ...kept } : kept;
}

async function open(config: GcsConfig, folder: string, { random, network }: FileSystemContext): Promise<FileSystem> {
  const { bucket, project } = config;
  return gcsFileSystem({
    url: gcs.url(config, folder),
    bucket,
    folder,
    project,
    endpoint: endpointOf(config),
    keys: keysOf(config),
    random,
    network,
  });
}

function right({ bucket }: GcsConfig, doing: 'read' | 'write'): Requirement {
  const does = doing === 'read' ? (['read'] as const) : (['read', 'write', 'stage'] as const);
  return { need: 'role', system: 'gcs', doing: does, resource: { bucket }, role: roleTo(doing) };
}

function requirements(config: GcsConfig, doing: 'read' | 'write'): readonly Requirement[] {
  const kind = credentialKind(config);
  const hosts = [new URL(endpointOf(config)).host, ...tokenHosts(config)];
  return [
    ...(kind === 'anonymous' ? [] : [right(config, doing)]),
    ...(config.service_account_json === undefined ? [] : [{ need: 'secret', name: 'service_account_json' } as const]),
    ...hosts.map((name) => ({ need: 'host', name }) as const),
  ];
}

function tokenHosts(config: GcsConfig): readonly string[] {
  switch (credentialKind(config)) {
    case 'anonymous':
      return [];
    case 'workload_identity':
      return ['sts.googleapis.com', ...(config.service_account_email === undefined ? [] : ['iamcredentials.googleapis.com'])];
    default:
      return ['oauth2.googleapis.com'];
  }
}

function endpointOf({ endpoint }: Pick<GcsConfig, 'endpoint'>): string {
  return endpoint?.replace(/\/+$/, '') ?? publicEndpoint;
}

function keysOf(config: GoogleKeys): GoogleKeys {
  return Object.fromEntries(googleKeyNames.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
}

function written(address: Address): Address {
  return defined(address);
}
