import { ConfigError, type Where } from '../../src/errors/hygge-error.ts';
import type { InfraTarget } from '../../src/workspace/target/read.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { whereIs } from '../../src/workspace/yaml/source.ts';
import { logicalId } from './names.ts';
import { longestPolicy } from './policy.ts';
import { type AwsSettings, type BucketUse, partitionOf, type Role } from './roles.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [key: string]: Json };
  readonly [key: string]: Json;
}

export interface TemplateRequest {
  readonly workspace: string;
  readonly target: InfraTarget;
  readonly aws: AwsSettings;
  readonly roles: readonly Role[];
}

/** The parameter for the object id of an app's identity. */
export function identityParameter(app: string): string {
  return logicalId('Identity', app);
}

/** CloudFormation for buckets, trust and roles. No resource is created twice, and resources that hold data are never deleted. */
export function templateOf({ workspace, target, aws, roles }: TemplateRequest): string {
  const issuer = issuerOf(aws);
  const partition = partitionOf(aws);
  const tags = Object.entries(target.settings.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const tagged = tags.length === 0 ? {} : { Tags: tags };
  const apps = [...new Set(roles.flatMap((role) => role.apps))].sort();
  const audiences = [...new Set(roles.map(({ audience }) => audience))].sort();
  const provider: Json = aws.provider === 'existing' ? providerArn(aws) : { Ref: 'Provider' };
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
    resources.set(id, madeBucket(name, { settings, tagged }));
    resources.set(`${id}Policy`, onlyByTls(id, { name, partition }));
  }
  return asText({
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
  });
}

/** A template that is too large in readable form is written with one line for each resource. */
function asText(template: Readonly<Record<string, Json>>): string {
  const text = `${JSON.stringify(template, null, 2)}\n`;
  if (Buffer.byteLength(text) <= most.handed) return text;
  const members = (of: object, inner: (value: Json) => string) =>
    `{\n${Object.entries(of)
      .map(([key, value]) => `${JSON.stringify(key)}: ${inner(value)}`)
      .join(',\n')}\n}`;
  return `${members(template, (value) => (typeof value === 'object' ? members(value, (one) => JSON.stringify(one)) : JSON.stringify(value)))}\n`;
}

/**
 * Limits of CloudFormation and IAM, in bytes, counts and characters:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const most = { handed: 51_200, stored: 1_000_000, parameters: 200, resources: 500, trust: 2048, raisedTrust: 4096 };

interface TemplateSizes {
  readonly text: string;
  readonly roles: readonly Role[];
  readonly target: InfraTarget;
  readonly aws: AwsSettings;
}

/** Errors that AWS would report only at the deployment, and notes about limits that AWS can raise for an account. */
export function checkPolicySizes({ text, roles, target, aws }: TemplateSizes): {
  readonly errors: readonly ConfigError[];
  readonly notes: readonly string[];
} {
  const errors: ConfigError[] = [];
  const notes: string[] = [];
  const where = whereIs(target.spot('aws'));
  const shared = `Let flows share apps: \`apps\` of ${target.file}`;
  const { Parameters, Resources } = JSON.parse(text) as { readonly Parameters: object; readonly Resources: object };
  const bytes = Buffer.byteLength(text);
  const wrong = (what: string, tryThis: string) => errors.push(tooMuch(what, { tryThis: [tryThis], where }));
  if (bytes > most.handed && aws.template_bucket === undefined)
    wrong(
      `The template has ${figure(bytes)} bytes. CloudFormation accepts at most ${figure(most.handed)}, unless the template is in a bucket.`,
      `Name an existing bucket that only those who deploy may write to: \`template_bucket: …\` under \`aws\` of ${target.file}`,
    );
  if (aws.template_bucket !== undefined && aws.buckets?.[aws.template_bucket]?.made === true)
    wrong(`The template would be put into ${quoted(aws.template_bucket)}, which the template itself creates.`, 'Name an existing bucket.');
  if (bytes > most.stored)
    wrong(`The template has ${figure(bytes)} bytes, but CloudFormation accepts at most ${figure(most.stored)}.`, divided);
  if (Object.keys(Parameters).length > most.parameters)
    wrong(`${Object.keys(Parameters).length} apps enter AWS, but a template accepts at most ${most.parameters}.`, shared);
  if (Object.keys(Resources).length > most.resources)
    wrong(`${Object.keys(Resources).length} roles and buckets would be made, but a template accepts at most ${most.resources}.`, divided);
  for (const role of roles) {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: role.policy.statements }).length;
    if (policy > longestPolicy)
      wrong(
        `The policy of the role of ${role.for} has ${figure(policy)} characters, but IAM accepts at most ${figure(longestPolicy)}.`,
        'Name fewer buckets there: divide it into flows.',
      );
    const trusting = JSON.stringify(trust(role, { provider: providerArn(aws), issuer: issuerOf(aws) }));
    const length = trusting.replaceAll(/\{"Ref":"\w+"\}/g, JSON.stringify('0'.repeat(36))).length;
    const told = `The role of ${role.for} trusts ${role.apps.length} apps in ${figure(length)} characters`;
    if (length > most.raisedTrust) wrong(`${told}, and IAM takes ${figure(most.raisedTrust)}.`, shared);
    else if (length > most.trust)
      notes.push(
        `${told}. An account allows ${figure(most.trust)} until its quota "Role trust policy length" is raised to ${figure(most.raisedTrust)}. ${shared}, or have the quota raised.`,
      );
  }
  return { errors, notes };
}

const divided = 'Divide the workspace into several.';

const figure = (number: number): string => number.toLocaleString('en-US');

function tooMuch(what: string, { tryThis, where }: { readonly tryThis: readonly string[]; readonly where: Where }): ConfigError {
  return new ConfigError({ code: 'HYG-1133', what, why: ['AWS would reject the template at the deployment.'], tryThis, where });
}

/** The issuer of the tokens, by which Entra ID names itself in tokens. */
function issuerOf({ tenant }: AwsSettings): string {
  return `sts.windows.net/${tenant.toLowerCase()}/`;
}

function providerArn(aws: AwsSettings): string {
  return `arn:${partitionOf(aws)}:iam::${aws.account}:oidc-provider/${issuerOf(aws)}`;
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
  { settings, tagged }: { readonly settings: BucketSettings; readonly tagged: { readonly Tags?: Json } },
): Resource {
  const rule = (Id: string, more: { readonly [key: string]: Json }): Json => ({ Id, Status: 'Enabled', ...more });
  const archived = Object.entries(settings.archive ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    Type: 'AWS::S3::Bucket',
    // If a first deployment is rolled back, its buckets are deleted. Empty buckets that remain would block the next deployment.
    DeletionPolicy: 'RetainExceptOnCreate',
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
      // A store with a key names it in each write. A default key of the bucket would need rights for all other users too.
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
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

/** Errors of bucket settings: the bucket is not used, is in another region, or would lose data that a store needs. */
export function wrongBuckets(target: InfraTarget, aws: AwsSettings, buckets: ReadonlyMap<string, BucketUse>): readonly ConfigError[] {
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
    const [rule] = (['abort_uploads', 'expire_versions', 'archive', 'object_lock'] as const).filter((key) => settings[key] !== undefined);
    if (settings.made !== true && rule !== undefined)
      errors.push(
        new ConfigError({
          code: 'HYG-1120',
          what: `The bucket ${quoted(name)} has rules, but hygge does not make it, so the rules would have no effect.`,
          why: ['An existing bucket stays unchanged.'],
          tryThis: ['Add `made: true` to create the bucket.', 'Or remove the rules here, and set them where the bucket is managed.'],
          where: where(rule),
        }),
      );
    const elsewhere = [...use.regions].find((region) => region !== aws.region);
    if (settings.made === true && elsewhere !== undefined)
      errors.push(
        new ConfigError({
          code: 'HYG-1120',
          what: `The bucket ${quoted(name)} would be made in ${aws.region}, but a flow says that it is in ${elsewhere}.`,
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
          why: ['A store removes staged and replaced files. Under a lock all of them stay, and are paid for.'],
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
            what: `Objects whose names begin with ${quoted(prefix)} in ${quoted(name)} would be archived, and ${hit.by} settles there.`,
            why: ['Archived files must be restored before they can be read. Commits read their records, and readers read every file.'],
            tryThis: ['Archive another prefix, or settle in another folder.'],
            where: where('archive', prefix),
          }),
        );
    }
    return errors;
  });
}
