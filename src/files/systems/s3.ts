import * as z from 'zod';
import type { AccessKind, Requirement } from '../../engine/contracts/connector.ts';
import type { Policy } from '../../filesystems/s3/requests.ts';
import { s3FileSystem } from '../../filesystems/s3/s3.ts';
import { type KeysOf, plainAddress } from '../../ports/secret-schema.ts';
import type { Json } from '../../ports/values.ts';
import { type AwsKeys, awsClash, awsKeyNames, awsKeys, credentialKind } from '../../remote/aws/keys.ts';
import { partitionOf } from '../../remote/aws/partitions.ts';
import { authorityHost } from '../../remote/azure/authorities.ts';
import type { RemoteSystem } from '../connectors/remote-system.ts';
import { prefixIn } from './prefix.ts';

const text = z.string().min(1);

const keys = {
  bucket: text
    .regex(/^([a-zA-Z0-9][\w.:-]{1,254}|arn:[\w.:-]+:accesspoint[/:][\w.:/-]+)$/, 'the name of a bucket, without s3://')
    .describe('The bucket, or the ARN or alias of an access point. Not needed if the path is a URL: s3://bucket/path.'),
  region: text
    .optional()
    .describe('The region of the bucket: eu-central-1. Default: AWS_REGION, else the region that AWS reports for the bucket.'),
  endpoint: plainAddress.optional().describe('For S3-compatible storage: https://minio.example:9000.'),
  path_style: z
    .boolean()
    .optional()
    .describe('Whether the bucket is in the path of a request instead of its host. Default: only with endpoint.'),
  server_side_encryption: z
    .enum(['AES256', 'aws:kms', 'aws:kms:dsse'])
    .optional()
    .describe('The encryption of written objects, if a policy of the bucket requires its name. Default: the setting of the bucket.'),
  kms_key_id: text.optional().describe('The KMS key of the encryption: an ARN, an id or alias/name. With server_side_encryption: aws:kms.'),
  acl: z
    .enum(['bucket-owner-full-control', 'bucket-owner-read', 'private'])
    .optional()
    .describe('The access control of written objects, if the owner of the bucket requires it: bucket-owner-full-control.'),
  storage_class: z
    .enum(['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'])
    .optional()
    .describe('The storage class of written objects. Classes that need a restore before reading are not allowed.'),
  request_payer: z.enum(['requester']).optional().describe('requester: the reader pays, as some buckets require.'),
  ...awsKeys,
};

export type S3Keys = KeysOf<typeof keys>;

const credentialOf = (config: AwsKeys): AwsKeys =>
  Object.fromEntries(awsKeyNames.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));

const addressKeys = [
  'bucket',
  'region',
  'endpoint',
  'path_style',
  'server_side_encryption',
  'kms_key_id',
  'acl',
  'storage_class',
  'request_payer',
] as const;
type Address = Pick<S3Keys, (typeof addressKeys)[number]>;

const addressOf = (config: Address): Address => ({
  bucket: config.bucket,
  ...Object.fromEntries(addressKeys.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]]))),
});

function clash(config: S3Keys): { readonly key: string; readonly needs: string } | undefined {
  const isKms = config.server_side_encryption?.startsWith('aws:kms') ?? false;
  if (config.kms_key_id !== undefined && !isKms) return { key: 'kms_key_id', needs: 'A key of KMS needs server_side_encryption: aws:kms' };
  return awsClash(config);
}

/** Whether a bucket name is the ARN of an access point, which may contain a slash: `arn:aws:s3:eu-central-1:123456789012:accesspoint/lake`. */
const isAccessPoint = (bucket: string): boolean => bucket.startsWith('arn:');

/** The service of an endpoint, the same for all spellings of its address. */
const serviceOf = ({ endpoint }: Pick<S3Keys, 'endpoint'>): string | undefined => endpoint && new URL(endpoint).href;

/** Amazon S3 and S3-compatible storage. */
export const s3: RemoteSystem<S3Keys> = {
  id: 's3',
  summary: 'Files in Amazon S3 or S3-compatible storage',
  verifiedAgainst:
    'Ceph’s radosgw 16.2, and a server of our own for conditional completion, regions and roles, by the SDK of AWS unmodified',
  addresses: {
    schemes: ['s3', 's3a'],
    // Web addresses are not accepted, but the error shows the right form.
    hosts: [/(^|\.)s3[.-]([a-z0-9-]+\.)*amazonaws\.com(\.cn)?$/i],
    forms: ['s3://bucket/folder'],
  },
  keys,
  clash,
  locate(url) {
    const [, bucket, path = ''] = /^s3a?:\/\/(arn:[^/]+:accesspoint\/[^/]+|[^/]+)(?:\/(.*))?$/is.exec(url) ?? [];
    return bucket === undefined ? undefined : { keys: { bucket }, path };
  },
  url: ({ bucket }, path) => (path === '' ? `s3://${bucket}` : `s3://${bucket}/${path}`),
  address: (config) => addressOf(config) as Json,
  recall(kept, today) {
    const place = kept as unknown as Address;
    // The credential of the current config is used only for the service in that config.
    return { ...place, ...(today !== null && serviceOf(today) === serviceOf(place) ? credentialOf(today) : {}) };
  },
  open({ bucket, region, endpoint, path_style, ...config }, folder, { random, network }) {
    const pathStyle = path_style ?? endpoint !== undefined;
    const policy: Policy = {
      encryption: config.server_side_encryption,
      kmsKey: config.kms_key_id,
      acl: config.acl,
      storageClass: config.storage_class,
      requesterPays: config.request_payer === 'requester',
    };
    // The ARN of an access point contains the region.
    const lies = region ?? (isAccessPoint(bucket) ? bucket.split(':')[3] : undefined);
    return s3FileSystem({ bucket, region: lies, endpoint, pathStyle, keys: credentialOf(config), policy, folder, random, network });
  },
  requirements: (config, doing) => [...rights(config, doing), ...hosts(config), ...secrets(config)],
};

/** The required actions, by the resource on which they are granted. */
const actions: Readonly<Record<'bucket' | 'objects', readonly (readonly [string, AccessKind])[]>> = {
  bucket: [
    ['s3:ListBucket', 'read'],
    ['s3:ListBucketMultipartUploads', 'stage'],
  ],
  objects: [
    ['s3:GetObject', 'read'],
    ['s3:PutObject', 'write'],
    ['s3:DeleteObject', 'write'],
    ['s3:AbortMultipartUpload', 'stage'],
    ['s3:ListMultipartUploadParts', 'stage'],
  ],
};

function rights(config: S3Keys, doing: 'read' | 'write'): readonly Requirement[] {
  const isPoint = isAccessPoint(config.bucket);
  const bucket = isPoint ? config.bucket : `arn:${partitionOf(config).id}:s3:::${config.bucket}`;
  const objects = isPoint ? `${bucket}/object/${prefixIn(config)}*` : `${bucket}/${prefixIn(config)}*`;
  const prefix = prefixIn(config);
  const right = (role: string, does: AccessKind, arn: string): Requirement => {
    const below = role === 's3:ListBucket' && prefix !== '' ? { below: prefix } : {};
    return { need: 'role', system: 's3', doing: [does], resource: { arn }, role, ...below };
  };
  const needed = (of: 'bucket' | 'objects', arn: string) =>
    actions[of].filter(([, does]) => doing === 'write' || does === 'read').map(([role, does]) => right(role, does, arn));
  const kind = credentialKind(config);
  const taking = kind === 'assume_role' ? 'sts:AssumeRole' : kind === 'web_identity' ? 'sts:AssumeRoleWithWebIdentity' : undefined;
  const [key, writes] = [config.kms_key_id, doing === 'write'];
  return [
    ...needed('bucket', bucket),
    ...needed('objects', objects),
    ...(writes && config.acl !== undefined ? [right('s3:PutObjectAcl', 'write', objects)] : []),
    ...(writes && key !== undefined ? [right('kms:GenerateDataKey', 'write', key)] : []),
    ...(key === undefined ? [] : [right('kms:Decrypt', 'read', key)]),
    ...(taking === undefined ? [] : [right(taking, doing, config.role_arn ?? '')]),
  ];
}

function hosts({ bucket, region, endpoint, sts_endpoint, path_style, ...config }: S3Keys): readonly Requirement[] {
  const partition = partitionOf({ region, role_arn: config.role_arn });
  const s3 = region === undefined && partition.id === 'aws' ? 's3.amazonaws.com' : `s3.${region ?? partition.region}.${partition.suffix}`;
  const [, , , pointRegion = '', owner = '', point = ''] = isAccessPoint(bucket) ? bucket.split(/[:/]accesspoint[:/]|:/) : [];
  const own =
    point !== ''
      ? `${point}-${owner}.s3-accesspoint.${pointRegion}.${partition.suffix}`
      : endpoint !== undefined
        ? new URL(endpoint).host
        : path_style
          ? s3
          : `${bucket}.${s3}`;
  const takesRole = config.role_arn !== undefined;
  const sts = sts_endpoint !== undefined ? new URL(sts_endpoint).host : `sts.${region ?? partition.region}.${partition.suffix}`;
  const entra = config.entra_audience === undefined ? [] : [authorityHost(null, {})];
  return [own, ...(takesRole ? [sts] : []), ...entra].map((name) => ({ need: 'host', name }) as const);
}

function secrets(config: S3Keys): readonly Requirement[] {
  const named = (['secret_access_key', 'session_token'] as const).filter((name) => config[name] !== undefined);
  return named.map((name) => ({ need: 'secret', name }) as const);
}
