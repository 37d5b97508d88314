import { ConfigError } from '../../src/errors/hygge-error.ts';
import type { Target } from '../../src/workspace/target/read.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { whereIs } from '../../src/workspace/yaml/source.ts';
import { logicalId } from './names.ts';
import type { AwsSettings, BucketUse, Role } from './roles.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [key: string]: Json };
  readonly [key: string]: Json;
}

export interface TemplateRequest {
  readonly workspace: string;
  readonly target: Target;
  readonly aws: AwsSettings;
  readonly roles: readonly Role[];
  readonly buckets: ReadonlyMap<string, BucketUse>;
}

/** The parameter that takes the object id of an app's identity. */
export function identityParameter(app: string): string {
  return logicalId('Identity', app);
}

/** CloudFormation of buckets, trust and roles. Nothing in it is made twice, and nothing that holds data goes with it. */
export function templateOf({ workspace, target, aws, roles, buckets }: TemplateRequest): string {
  const issuer = `sts.windows.net/${aws.tenant.toLowerCase()}/`;
  const partition = aws.region.startsWith('cn-') ? 'aws-cn' : aws.region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const tags = Object.entries(target.settings.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const tagged = tags.length === 0 ? {} : { Tags: tags };
  const apps = [...new Set(roles.flatMap((role) => role.apps))].sort();
  const audiences = [...new Set(roles.map(({ audience }) => audience))].sort();
  const provider: Json = aws.provider === 'existing' ? `arn:${partition}:iam::${aws.account}:oidc-provider/${issuer}` : { Ref: 'Provider' };
  const resources = new Map<string, Resource>();
  if (aws.provider !== 'existing' && roles.length > 0)
    resources.set('Provider', {
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: `https://${issuer}`, ClientIdList: audiences, ...tagged },
    });
  for (const role of roles)
    resources.set(logicalId('Role', role.name), {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: role.name,
        Description: `${workspace.replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 200)}: ${role.for}`,
        AssumeRolePolicyDocument: trust(role, { provider, issuer }),
        Policies: [
          { PolicyName: 'hygge', PolicyDocument: { Version: '2012-10-17', Statement: role.policy.statements as unknown as Json } },
        ],
        ...tagged,
      },
    });
  for (const [name, settings] of Object.entries(aws.buckets ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (settings.made !== true) continue;
    const id = logicalId('Bucket', name);
    resources.set(id, madeBucket(name, { settings, use: buckets.get(name), tagged }));
    resources.set(`${id}Policy`, onlyByTls(id, { name, partition }));
  }
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What the function apps of a workspace of hygge need in AWS: buckets, trust and a role for each flow.',
    Parameters: Object.fromEntries(
      apps.map((app) => [
        identityParameter(app),
        {
          Type: 'String',
          Description: `Object id of the identity of the app ${app}.`,
          AllowedPattern: '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}',
        },
      ]),
    ),
    Resources: Object.fromEntries(resources),
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

/** Exactly one audience, and the identities of the apps that serve the flow. */
function trust({ apps, audience }: Role, { provider, issuer }: { readonly provider: Json; readonly issuer: string }): Json {
  const subjects = apps.map((app) => ({ Ref: identityParameter(app) }));
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subjects.length === 1 ? (subjects[0] as Json) : subjects },
        },
      },
    ],
  };
}

type BucketSettings = NonNullable<AwsSettings['buckets']>[string];

function madeBucket(
  name: string,
  {
    settings,
    use,
    tagged,
  }: { readonly settings: BucketSettings; readonly use: BucketUse | undefined; readonly tagged: { readonly Tags?: Json } },
): Resource {
  const key = use?.key;
  const rule = (Id: string, more: { readonly [key: string]: Json }): Json => ({ Id, Status: 'Enabled', ...more });
  const archived = Object.entries(settings.archive ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: name,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault:
              key === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
          },
        ],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      ...(settings.object_lock === true ? { ObjectLockEnabled: true } : {}),
      LifecycleConfiguration: {
        Rules: [
          rule('unfinished-uploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: settings.abort_uploads ?? 8 } }),
          rule('replaced-versions', {
            NoncurrentVersionExpiration: { NoncurrentDays: settings.expire_versions ?? 30 },
            ExpiredObjectDeleteMarker: true,
          }),
          ...archived.map(([Prefix, TransitionInDays], at) =>
            rule(`archive-${at + 1}`, { Prefix, Transitions: [{ StorageClass: 'GLACIER', TransitionInDays }] }),
          ),
        ],
      },
      ...tagged,
    },
  };
}

function onlyByTls(bucket: string, { name, partition }: { readonly name: string; readonly partition: string }): Resource {
  const arn = `arn:${partition}:s3:::${name}`;
  return {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: bucket },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyByTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  };
}

/** Settings of buckets that nobody names, lie elsewhere, or would take away from a store what it needs. */
export function wrongBuckets(target: Target, aws: AwsSettings, buckets: ReadonlyMap<string, BucketUse>): readonly ConfigError[] {
  return Object.entries(aws.buckets ?? {}).flatMap(([name, settings]) => {
    const use = buckets.get(name);
    const where = (...path: readonly string[]) => whereIs(target.spot('aws', 'buckets', name, ...path));
    if (use === undefined)
      return [
        new ConfigError({
          code: 'HYG-1120',
          what: `No flow names the bucket ${quoted(name)}.`,
          tryThis: ['Correct its name, or remove it.'],
          where: where(),
        }),
      ];
    const errors: ConfigError[] = [];
    const elsewhere = [...use.regions].find((region) => region !== aws.region);
    if (settings.made === true && elsewhere !== undefined)
      errors.push(
        new ConfigError({
          code: 'HYG-1120',
          what: `The bucket ${quoted(name)} would be made in ${aws.region}, and a flow says that it is in ${elsewhere}.`,
          tryThis: ['Write the same region in both places.'],
          where: where(),
        }),
      );
    const [settled] = use.settled;
    if (settings.object_lock === true && settled !== undefined)
      errors.push(
        new ConfigError({
          code: 'HYG-1121',
          what: `${quoted(name)} would be locked, and ${settled.by} settles there.`,
          why: ['A store removes what it staged and what it replaced. Under a lock all of it stays, and is paid for.'],
          tryThis: ['Remove `object_lock`, or settle in another bucket.'],
          where: where('object_lock'),
        }),
      );
    for (const prefix of Object.keys(settings.archive ?? {})) {
      const hit = use.settled.find((one) => one.prefix.startsWith(prefix) || prefix.startsWith(one.prefix));
      if (hit !== undefined)
        errors.push(
          new ConfigError({
            code: 'HYG-1121',
            what: `What begins with ${quoted(prefix)} in ${quoted(name)} would be archived, and ${hit.by} settles there.`,
            why: ['What is archived has to be restored before it is read: commits read their records, and readers every file.'],
            tryThis: ['Archive another prefix, or settle in another folder.'],
            where: where('archive', prefix),
          }),
        );
    }
    return errors;
  });
}
