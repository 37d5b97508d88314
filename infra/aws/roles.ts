import type { Need } from '../../src/assembly/requirements.ts';
import { ConfigError } from '../../src/errors/hygge-error.ts';
import type { TargetSettings } from '../../src/workspace/target/schema.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { type App, configOf, type Deployment } from '../deployment.ts';
import { roleName } from './names.ts';
import { type Asked, type Policy, policyOf } from './policy.ts';

/** What apps become in AWS: one for each flow, and one for what goes with the runs of all. */
export interface Role {
  readonly name: string;
  /** In words: `the flow crm`. */
  readonly for: string;
  /** Apps whose identities may take it. */
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

interface Taken {
  readonly of: string;
  readonly for: string;
  readonly apps: Set<string>;
  readonly audiences: Map<string, Need>;
  readonly asked: Asked[];
}

type Config = Readonly<Record<string, unknown>>;

/** Whether something of AWS itself is entered by a role that the app's own identity takes. */
function isByIdentity({ entra_audience, entra_client_id, endpoint }: Config): boolean {
  return entra_audience !== undefined && entra_client_id === undefined && endpoint === undefined;
}

/** Every role that flows take by a token of their app's identity, and what it lets them do. */
export function rolesOf({ apps, target, workspace }: Deployment, aws: AwsSettings): RolesFound {
  const errors: ConfigError[] = [];
  const notes = new Set<string>();
  const taken = new Map<string, Taken>();
  for (const app of apps) {
    for (const need of app.needs) {
      const asked = askedBy(need);
      if (asked === undefined) continue;
      const config = configOf(app, need);
      if (!isByIdentity(config)) {
        notes.add(
          `The ${need.part} of ${named(need)} signs in to ${typeof config.endpoint === 'string' ? 'what is not AWS' : 'AWS'} as somebody else than the app, who needs the rights there.`,
        );
        continue;
      }
      const of = need.part === 'home' || need.part === 'store' ? need.flow : `the ${need.part}`;
      const who = need.part === 'home' || need.part === 'store' ? `the flow ${need.flow}` : `the ${need.part} of all flows`;
      const key = `${need.part === 'home' || need.part === 'store'}/${of}`;
      const held: Taken = taken.get(key) ?? { of, for: who, apps: new Set(), audiences: new Map(), asked: [] };
      taken.set(key, held);
      held.apps.add(app.name);
      held.audiences.set(String(config.entra_audience), need);
      const expected = `arn:${partition(config, aws)}:iam::${aws.account}:role/${roleName({ account: aws.account, workspace }, of)}`;
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
      notes.add(`A policy has no room for each path of ${one.for}: its role reaches ${policy.widened.join(', ')}.`);
    return { name: roleName({ account: aws.account, workspace }, one.of), for: one.for, apps: [...one.apps].sort(), audience, policy };
  });
  return { roles: roles.sort((a, b) => (a.name < b.name ? -1 : 1)), errors, notes: [...notes].sort() };
}

function askedBy({ requirement: one }: Need): Asked | undefined {
  if (one.need !== 'role' || one.system !== 's3') return undefined;
  return { action: one.role, arn: one.resource.arn ?? '', below: one.below ?? '' };
}

function named({ flow, entity }: Need): string {
  return entity === null ? flow : `${flow}.${entity}`;
}

function partition({ role_arn }: Config, { region }: AwsSettings): string {
  const written = /^arn:([\w-]+):/.exec(String(role_arn))?.[1];
  return written ?? (region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws');
}

/** A key of KMS by its ARN, which is all that a policy knows; by an alias, any key that has it. */
function withKey(asked: Asked, config: Config, aws: AwsSettings): Asked {
  const { action, arn } = asked;
  if (!action.startsWith('kms:') || arn.startsWith('arn:')) return asked;
  const region = typeof config.region === 'string' ? config.region : aws.region;
  const keys = `arn:${partition(config, aws)}:kms:${region}:${aws.account}:key`;
  return arn.startsWith('alias/') ? { ...asked, arn: `${keys}/*`, alias: arn } : { ...asked, arn: `${keys}/${arn}` };
}

function otherRole(
  { part, where }: Need,
  { who, written, expected, file }: { readonly who: string; readonly written: string; readonly expected: string; readonly file: string },
): ConfigError {
  return new ConfigError({
    code: 'HYG-1119',
    what: `${part === 'home' || part === 'store' ? `The ${part} of ${who}` : `T${who.slice(1)}`} takes the role ${written}, and the one that is made for it in ${file} is another.`,
    why: ['Each flow has a role of its own, whose name follows from the workspace and the flow.'],
    tryThis: [`Write it there: role_arn: ${expected}`],
    where,
  });
}

function twoAudiences({ flow, where }: Need, audiences: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1119',
    what: `Flow ${quoted(flow)} shows its role tokens for ${audiences.map(quoted).join(' and ')}.`,
    why: ['A role trusts tokens for exactly one.'],
    tryThis: ['Write the same `entra_audience` wherever the flow needs one.'],
    where,
  });
}

/** A bucket as flows name it. */
export interface BucketUse {
  readonly name: string;
  /** Regions that they say it is in. */
  readonly regions: ReadonlySet<string>;
  /** What stores settle below, with who does. */
  readonly settled: readonly { readonly prefix: string; readonly by: string }[];
  /** The key of KMS that a store encrypts with. */
  readonly key: string | undefined;
}

/** Buckets of AWS itself that flows name, however they sign in. */
export function bucketsOf(apps: readonly App[]): ReadonlyMap<string, BucketUse> {
  const all = new Map<string, BucketUse>();
  for (const app of apps)
    for (const need of app.needs) {
      const asked = askedBy(need);
      const config = configOf(app, need);
      const name = /^arn:[\w-]+:s3:::([^/]+)$/.exec(asked?.arn ?? '')?.[1];
      if (asked?.action !== 's3:ListBucket' || name === undefined || config.endpoint !== undefined) continue;
      const before: BucketUse = all.get(name) ?? { name, regions: new Set(), settled: [], key: undefined };
      const writes = need.part !== 'home';
      all.set(name, {
        name,
        regions: typeof config.region === 'string' ? new Set([...before.regions, config.region]) : before.regions,
        settled: writes ? [...before.settled, { prefix: asked.below, by: `the ${need.part} of ${named(need)}` }] : before.settled,
        key: before.key ?? (writes && typeof config.kms_key_id === 'string' ? config.kms_key_id : undefined),
      });
    }
  return all;
}
