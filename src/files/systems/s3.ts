import * as z from 'zod';
import { type AwsKeys, awsClash, awsKeyNames, credentialKind, credentialKinds } from '../../clouds/aws/keys.ts';
import { partitionOf } from '../../clouds/aws/partitions.ts';
import { authorityHost } from '../../clouds/azure/authorities.ts';
import type { Requirement } from '../../engine/connector.ts';
import { s3FileSystem } from '../../filesystems/s3.ts';
import { secret } from '../../ports/secret-schema.ts';
import type { Json } from '../../ports/values.ts';
import type { FilesSystem } from '../system.ts';

export interface S3Keys extends AwsKeys {
  readonly bucket: string;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly path_style?: boolean | undefined;
}

const text = z.string().min(1);
/** It is kept with what settled and shown to people: nothing in it may prove who we are. */
const address = z.url({ protocol: /^https?$/ }).regex(/^[^?#@]*$/, 'an address without ?, # or @');

const keys = {
  bucket: text
    .regex(/^[a-zA-Z0-9][\w.:-]{1,254}$/, 'the name of a bucket, without s3://')
    .describe('The bucket. Not needed where the path is a URL: s3://bucket/path.'),
  region: text.optional().describe('Where the bucket lies: eu-central-1. Without it: AWS_REGION, else wherever AWS says that it lies.'),
  endpoint: address.optional().describe('Of what speaks like S3 and is not AWS: https://minio.example:9000.'),
  path_style: z
    .boolean()
    .optional()
    .describe('Whether the bucket is in the path of a request instead of its host. Default: only with endpoint.'),
  credential: z
    .enum(credentialKinds)
    .optional()
    .describe(
      'How to sign in. default: environment, profile, SSO, or the role of what runs this. Without it, it follows from the keys that are given.',
    ),
  profile: text.optional().describe('A profile of ~/.aws/config.'),
  access_key_id: text.optional().describe('An access key.'),
  secret_access_key: secret().optional().describe('The secret of that access key.'),
  session_token: secret().optional().describe('Of temporary keys.'),
  role_arn: text
    .optional()
    .describe('A role to take: arn:aws:iam::123456789012:role/hygge. With token_file or entra_audience, by their token.'),
  role_session_name: text
    .regex(/^[\w+=,.@-]{2,64}$/, '2 to 64 letters, digits and +=,.@-')
    .optional()
    .describe('What the session is called in CloudTrail. Default: hygge.'),
  external_id: text.optional().describe('What the owner of the role agreed with whoever takes it.'),
  token_file: text.optional().describe('A file with an OpenID Connect token, in exchange for which role_arn is taken.'),
  entra_audience: text
    .optional()
    .describe(
      'The Application ID URI that Entra ID makes a token for, in exchange for which role_arn is taken: no key of AWS is stored in Azure.',
    ),
  entra_client_id: text.optional().describe('Which of several managed identities asks Entra ID.'),
  sts_endpoint: address.optional().describe('Where roles are taken, when not at AWS’s own.'),
} satisfies Readonly<Record<keyof S3Keys, z.ZodType>>;

const credentialOf = (config: AwsKeys): AwsKeys =>
  Object.fromEntries(awsKeyNames.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));

type Address = Pick<S3Keys, 'bucket' | 'region' | 'endpoint' | 'path_style'>;

const addressOf = ({ bucket, region, endpoint, path_style }: Address): Address => ({
  bucket,
  ...(region === undefined ? {} : { region }),
  ...(endpoint === undefined ? {} : { endpoint }),
  ...(path_style === undefined ? {} : { path_style }),
});

/** However its address is spelt. */
const serviceOf = ({ endpoint }: Pick<S3Keys, 'endpoint'>): string | undefined => endpoint && new URL(endpoint).href;

/** Amazon S3, and what speaks like it. */
export const s3: FilesSystem<S3Keys> = {
  id: 's3',
  summary: 'Files in Amazon S3, or in what speaks like it',
  verifiedAgainst:
    'Ceph’s radosgw 16.2, and a server of our own for conditional completion, regions and roles, by the SDK of AWS unmodified',
  keys,
  clash: awsClash,
  locate(url) {
    const [, bucket, path = ''] = /^s3a?:\/\/([^/]+)(?:\/(.*))?$/is.exec(url) ?? [];
    return bucket === undefined ? undefined : { keys: { bucket }, path };
  },
  url: ({ bucket }, path) => (path === '' ? `s3://${bucket}` : `s3://${bucket}/${path}`),
  address: (config) => addressOf(config) as Json,
  recall(kept, today) {
    const place = kept as unknown as Address;
    // A credential is only shown to whom it was given for.
    return { ...place, ...(today !== null && serviceOf(today) === serviceOf(place) ? credentialOf(today) : {}) };
  },
  open({ bucket, region, endpoint, path_style, ...config }, folder, { random }) {
    const pathStyle = path_style ?? endpoint !== undefined;
    return s3FileSystem({ bucket, region, endpoint, pathStyle, keys: credentialOf(config), folder, random });
  },
  requirements: (config, doing) => [...rights(config, doing), ...hosts(config), ...secrets(config)],
};

const reading = ['s3:GetObject'];
const writing = [...reading, 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];

function rights(config: S3Keys, doing: 'read' | 'write'): readonly Requirement[] {
  const bucket = `arn:${partitionOf(config).id}:s3:::${config.bucket}`;
  const ofBucket = doing === 'read' ? ['s3:ListBucket'] : ['s3:ListBucket', 's3:ListBucketMultipartUploads'];
  const kind = credentialKind(config);
  const taking = kind === 'assume_role' ? 'sts:AssumeRole' : kind === 'web_identity' ? 'sts:AssumeRoleWithWebIdentity' : undefined;
  return [
    ...ofBucket.map((role) => ({ need: 'role', role, scope: bucket }) as const),
    ...(doing === 'read' ? reading : writing).map((role) => ({ need: 'role', role, scope: `${bucket}/${folderOf(config)}*` }) as const),
    ...(taking === undefined ? [] : [{ need: 'role', role: taking, scope: config.role_arn ?? '' } as const]),
  ];
}

/** What every key of a side starts with, as far as it holds no pattern. */
function folderOf(config: S3Keys): string {
  const { base, path = '' } = config as { readonly base?: string; readonly path?: string };
  const written = base === undefined ? path : `${base}/`.replace(/^\/$/, '');
  const fixed = /^[^*?[\]{}]*/.exec(written)?.[0] ?? '';
  const isFolder = fixed === written && /(^|\/)[^/.]+$/.test(fixed);
  return isFolder ? `${fixed}/` : fixed;
}

function hosts({ bucket, region, endpoint, sts_endpoint, path_style, ...config }: S3Keys): readonly Requirement[] {
  const partition = partitionOf({ region, role_arn: config.role_arn });
  const s3 = region === undefined && partition.id === 'aws' ? 's3.amazonaws.com' : `s3.${region ?? partition.region}.${partition.suffix}`;
  const own = endpoint !== undefined ? new URL(endpoint).host : path_style ? s3 : `${bucket}.${s3}`;
  const takesRole = config.role_arn !== undefined;
  const sts = sts_endpoint !== undefined ? new URL(sts_endpoint).host : `sts.${region ?? partition.region}.${partition.suffix}`;
  const entra = config.entra_audience === undefined ? [] : [authorityHost(null, process.env)];
  return [own, ...(takesRole ? [sts] : []), ...entra].map((name) => ({ need: 'host', name }) as const);
}

function secrets(config: S3Keys): readonly Requirement[] {
  const named = (['secret_access_key', 'session_token'] as const).filter((name) => config[name] !== undefined);
  return named.map((name) => ({ need: 'secret', name }) as const);
}
