import type { InfraNeed } from '../../src/assembly/requirements.ts';
import { ConfigError } from '../../src/errors/hygge-error.ts';
import type { TargetSettings } from '../../src/workspace/target/schema.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { configOf, type Deployment, type FunctionApp } from '../deployment.ts';
import { roleName } from './names.ts';
import { type Policy, policyOf, type RequestedAction } from './policy.ts';

/** The AWS side of the apps: one role for each flow, and one for the parts that every run uses. */
export interface Role {
  readonly name: string;
  /** The role in words: `the flow crm`. */
  readonly for: string;
  /** Apps whose identities may assume the role. */
  readonly apps: readonly string[];
  readonly audience: string;
  readonly policy: Policy;
}

export interface RolesFound {
  readonly roles: readonly Role[];
  readonly errors: readonly ConfigError[];
  readonly notes: readonly string[];
}

export type AwsSettings = NonNullable<TargetSettings['aws']>;

interface TakenActions {
  readonly of: string;
  readonly for: string;
  readonly apps: Set<string>;
  readonly audiences: Map<string, InfraNeed>;
  readonly asked: RequestedAction[];
}

type Config = Readonly<Record<string, unknown>>;

/** Whether an AWS system is accessed by a role that the app's own identity assumes. */
function isByIdentity({ entra_audience, entra_client_id, endpoint }: Config): boolean {
  return entra_audience !== undefined && entra_client_id === undefined && endpoint === undefined;
}

/** Every role that flows assume with a token of their app's identity, and its rights. */
export function rolesOf({ apps, target, workspace }: Deployment, aws: AwsSettings): RolesFound {
  const errors: ConfigError[] = [];
  const notes = new Set<string>();
  const taken = new Map<string, TakenActions>();
  const { subscription, resource_group: resourceGroup } = target.settings;
  const scope = { account: aws.account, subscription, resourceGroup, workspace };
  for (const app of apps) {
    for (const need of app.needs) {
      const asked = askedBy(need);
      if (asked === undefined) continue;
      const config = configOf(app, need);
      if (!isByIdentity(config)) {
        notes.add(
          `The ${need.part} of ${named(need)} signs in to ${typeof config.endpoint === 'string' ? 'a service other than AWS' : 'AWS'} as another identity than the app. That identity needs the rights there.`,
        );
        continue;
      }
      const of = need.part === 'home' || need.part === 'store' ? need.flow : `the ${need.part}`;
      const who = need.part === 'home' || need.part === 'store' ? `the flow ${need.flow}` : `the ${need.part} of all flows`;
      const key = `${need.part === 'home' || need.part === 'store'}/${of}`;
      const held: TakenActions = taken.get(key) ?? { of, for: who, apps: new Set(), audiences: new Map(), asked: [] };
      taken.set(key, held);
      held.apps.add(app.name);
      held.audiences.set(String(config.entra_audience), need);
      const expected = `arn:${partitionOf(aws)}:iam::${aws.account}:role/${roleName(scope, of)}`;
      if (asked.action === 'sts:AssumeRoleWithWebIdentity') {
        if (asked.arn !== expected) errors.push(otherRole(need, { who, written: asked.arn, expected, file: target.file }));
      } else held.asked.push(withKey(asked, config, aws));
    }
  }
  const roles = [...taken.values()].map((one): Role => {
    const [audience = '', ...others] = [...one.audiences.keys()];
    const second = others[0] === undefined ? undefined : one.audiences.get(others[0]);
    if (second !== undefined) errors.push(twoAudiences(second, [audience, ...others]));
    const policy = policyOf(one.asked);
    if (policy.widened.length > 0)
      notes.add(`A policy has no room for every path of ${one.for}, so its role covers ${policy.widened.join(', ')}.`);
    if (policy.cut.length > 0)
      notes.add(
        `A policy can contain only Latin letters, so paths are cut before their first other letter. The role of ${one.for} covers everything that begins with: ${policy.cut.join(', ')}.`,
      );
    return { name: roleName(scope, one.of), for: one.for, apps: [...one.apps].sort(), audience, policy };
  });
  for (const note of withoutKey(apps)) notes.add(note);
  return { roles: roles.sort((a, b) => (a.name < b.name ? -1 : 1)), errors, notes: [...notes].sort() };
}

/** Homes that read the data of a store, if the store names an encryption key and the home does not. Such a home needs a right on the key. */
function withoutKey(apps: readonly FunctionApp[]): readonly string[] {
  const of = (action: string, part: InfraNeed['part']) =>
    apps.flatMap((app) =>
      app.needs.flatMap((need) => {
        const asked = askedBy(need);
        if (asked?.action !== action || need.part !== part) return [];
        return [{ need, key: configOf(app, need).kms_key_id, below: asked.arn.replace(/\*$/, '') }];
      }),
    );
  const encrypted = of('s3:PutObject', 'store').filter(({ key }) => key !== undefined);
  return of('s3:GetObject', 'home').flatMap(({ need, key, below }) => {
    const other = encrypted.find((one) => one.key !== key && (one.below.startsWith(below) || below.startsWith(one.below)));
    if (key !== undefined || other === undefined) return [];
    return [
      `The home of ${named(need)} reads data that the store of ${named(other.need)} encrypts with ${other.key}, but has no right on that key. Write in the home: server_side_encryption: aws:kms, kms_key_id: ${other.key}`,
    ];
  });
}

function askedBy({ requirement: one }: InfraNeed): RequestedAction | undefined {
  if (one.need !== 'role' || one.system !== 's3') return undefined;
  return { action: one.role, arn: one.resource.arn ?? '', below: one.below ?? '' };
}

function named({ flow, entity }: InfraNeed): string {
  return entity === null ? flow : `${flow}.${entity}`;
}

/** The AWS partition of an account, as in ARNs. */
export function partitionOf({ region }: Pick<AwsSettings, 'region'>): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** A KMS key by its ARN, the only form in a policy; for an alias, any key that has the alias. */
function withKey(asked: RequestedAction, config: Config, aws: AwsSettings): RequestedAction {
  const { action, arn } = asked;
  if (!action.startsWith('kms:') || arn.startsWith('arn:')) return asked;
  const region = typeof config.region === 'string' ? config.region : aws.region;
  const keys = `arn:${partitionOf(aws)}:kms:${region}:${aws.account}:key`;
  return arn.startsWith('alias/') ? { ...asked, arn: `${keys}/*`, alias: arn } : { ...asked, arn: `${keys}/${arn}` };
}

function otherRole(
  { part, where }: InfraNeed,
  { who, written, expected, file }: { readonly who: string; readonly written: string; readonly expected: string; readonly file: string },
): ConfigError {
  return new ConfigError({
    code: 'HYG-1119',
    what: `${part === 'home' || part === 'store' ? `The ${part} of ${who}` : `T${who.slice(1)}`} uses the role ${written}, but ${file} makes another role for it.`,
    why: ['Each flow has its own role, whose name follows from the workspace and the flow.'],
    tryThis: [`Write this role in the ${part}: role_arn: ${expected}`],
    where,
  });
}

function twoAudiences({ flow, where }: InfraNeed, audiences: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1119',
    what: `Flow ${quoted(flow)} shows its role tokens for ${audiences.map(quoted).join(' and ')}.`,
    why: ['A role trusts tokens for exactly one audience.'],
    tryThis: ['Write the same `entra_audience` in every part of the flow that needs a role.'],
    where,
  });
}

/** A bucket as flows name it. */
export interface BucketUse {
  readonly name: string;
  /** Regions that flows give for the bucket. */
  readonly regions: ReadonlySet<string>;
  /** The prefixes below which stores settle, with their flows. */
  readonly settled: readonly { readonly prefix: string; readonly by: string }[];
}

/** AWS buckets that flows name, with any kind of sign-in. */
export function bucketsOf(apps: readonly FunctionApp[]): ReadonlyMap<string, BucketUse> {
  const all = new Map<string, BucketUse>();
  for (const app of apps)
    for (const need of app.needs) {
      const asked = askedBy(need);
      const config = configOf(app, need);
      const name = /^arn:[\w-]+:s3:::([^/]+)$/.exec(asked?.arn ?? '')?.[1];
      if (asked?.action !== 's3:ListBucket' || name === undefined || config.endpoint !== undefined) continue;
      const before: BucketUse = all.get(name) ?? { name, regions: new Set(), settled: [] };
      const writes = need.part !== 'home';
      all.set(name, {
        name,
        regions: typeof config.region === 'string' ? new Set([...before.regions, config.region]) : before.regions,
        settled: writes ? [...before.settled, { prefix: asked.below, by: `the ${need.part} of ${named(need)}` }] : before.settled,
      });
    }
  return all;
}
