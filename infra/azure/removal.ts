import type { InfraTarget } from '../../src/workspace/target/read.ts';
import { stackName } from '../aws/names.ts';
import { type Command, shownCommand } from '../commands.ts';
import { slug } from '../slug.ts';
import { type AppNames, appNames, type Scope, type SharedNames, sharedNames } from './names.ts';
import { scopeOf } from './render.ts';

/** The resources that are removed with apps, and the resources that stay. Names follow from the target, so that apps can be removed after their flows are gone. */
export interface RemovalPlan {
  readonly apps: readonly { readonly app: string; readonly identity: string }[];
  /** The command that lists the resources of the group, by id. */
  readonly list: Command;
  /** The command that returns the id of an app's identity in Entra ID. */
  principal(identity: string): Command;
  /** The commands that list the rights of such an identity, one for each subscription where it may have rights. */
  rights(principal: string): readonly Command[];
  /** Ids of existing resources, in the order of removal, step by step. */
  steps(there: readonly string[]): readonly { readonly name: string; readonly ids: readonly string[] }[];
  /** All resources that would be removed if they all existed. */
  readonly all: readonly { readonly name: string; readonly ids: readonly string[] }[];
  /** Resources that a lock protects, with the rights on them. */
  isLocked(right: string): boolean;
  /** Resources that hold data, in words. */
  readonly stays: readonly string[];
  /** Other existing sites with names like apps of the workspace; with the app, if the name shows the app. */
  others(there: readonly string[]): readonly { readonly site: string; readonly app: string | null }[];
}

const types = {
  site: 'Microsoft.Web/sites',
  plan: 'Microsoft.Web/serverfarms',
  identity: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  rule: 'Microsoft.Insights/scheduledQueryRules',
  group: 'Microsoft.Insights/actionGroups',
} as const;

/** @param whole whether all apps are removed. */
export function removalOf(
  workspace: string,
  target: InfraTarget,
  { apps, whole }: { readonly apps: readonly string[]; readonly whole: boolean },
): RemovalPlan {
  const scope = scopeOf(workspace, target);
  const { subscription, resource_group: group, accounts = {}, network, aws } = target.settings;
  const shared = sharedNames(scope);
  const named = apps.map((app) => ({ app, names: appNames(scope, { name: app, flows: [] }) }));
  const idOf = (type: string, name: string) => `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`;
  const inGroup = ['--subscription', subscription, '--resource-group', group];
  const asJson = (query: string) => ['--query', query, '--output', 'json'];
  const own = (type: string, name: (names: AppNames) => string) => named.map(({ names }) => idOf(type, name(names)));
  const all = [
    { name: 'apps', ids: own(types.site, ({ site }) => site) },
    { name: 'plans', ids: own(types.plan, ({ plan }) => plan) },
    { name: 'identities', ids: own(types.identity, ({ identity }) => identity) },
    ...(whole ? [{ name: 'action group', ids: [idOf(types.group, shared.alerts)] }] : []),
  ];
  const subscriptions = new Set(
    [subscription, ...Object.values(accounts).map((one) => one.subscription ?? subscription)].map((one) => one.toLowerCase()),
  );
  const locked = [shared.config, ...named.map(({ names }) => names.storage)].map((name) => `/storageaccounts/${name}/`);
  return {
    apps: named.map(({ app, names }) => ({ app, identity: names.identity })),
    list: { program: 'az', args: ['resource', 'list', ...inGroup, ...asJson('[].id')] },
    principal: (identity) => ({ program: 'az', args: ['identity', 'show', ...inGroup, '--name', identity, ...asJson('principalId')] }),
    rights: (principal) =>
      [...subscriptions].map((one) => ({
        program: 'az',
        args: ['role', 'assignment', 'list', '--subscription', one, '--assignee', principal, '--all', ...asJson('[].id')],
      })),
    steps(there) {
      const known = new Map(there.map((id) => [id.toLowerCase(), id]));
      const rules = own(types.rule, ({ site }) => `${site}-`).map((id) => id.toLowerCase());
      const alerts = there.filter((id) => rules.some((rule) => id.toLowerCase().startsWith(rule)));
      const found = all.map(({ name, ids }) => ({ name, ids: ids.flatMap((id) => known.get(id.toLowerCase()) ?? []) }));
      return [{ name: 'alerts', ids: alerts }, ...found].filter(({ ids }) => ids.length > 0);
    },
    all,
    isLocked: (right) => [...locked, `/vaults/${shared.vault}/`].some((part) => `${right.toLowerCase()}/`.includes(part)),
    stays: staysBehind({ named, shared, group, network: network !== undefined, aws: aws && stackOf(scope, aws.region, whole) }),
    others(there) {
      const own = new RegExp(`/sites/(${slug(workspace, 12)}-([a-z0-9-]+)-[a-z0-9]{8})$`, 'i');
      const known = new Set(named.map(({ names }) => names.site));
      const has = (identity: string) => there.some((id) => id.toLowerCase().endsWith(`/userassignedidentities/${identity}`.toLowerCase()));
      return there.flatMap((id) => {
        const [, site = '', app = ''] = own.exec(id) ?? [];
        if (site === '' || known.has(site) || !has(`id-${site}`)) return [];
        return [{ site, app: appNames(scope, { name: app, flows: [] }).site === site ? app : null }];
      });
    },
  };
}

/** One stack has the AWS roles of the whole target. So a role is removed when its flow is removed, or together with the whole stack. */
function stackOf(scope: Scope, region: string, whole: boolean): string {
  const name = stackName(scope);
  const remove: Command = { program: 'aws', args: ['cloudformation', 'delete-stack', '--region', region, '--stack-name', name] };
  return whole
    ? `roles in AWS, which trust deleted identities, and the provider of the tenant (${shownCommand(remove)} removes them, and keeps the buckets)`
    : `roles in AWS, which trust deleted identities, until a deployment without their flows removes them from the stack ${name}`;
}

interface RemainingResources {
  readonly named: readonly { readonly app: string; readonly names: AppNames }[];
  readonly shared: SharedNames;
  readonly group: string;
  readonly network: boolean;
  /** The app’s roles in AWS, in words. */
  readonly aws: string | undefined;
}

function staysBehind({ named, shared, group, network, aws }: RemainingResources): readonly string[] {
  return [
    ...named.map(({ app, names }) => `${names.storage}: state and runs of ${app}`),
    `${shared.config}: the config`,
    `${shared.vault}: the secrets`,
    `${shared.logs}: the logs, to which ${named.map(({ names }) => names.insights).join(', ')} lead`,
    ...(network ? [`${shared.network}: the network and its fixed address`] : []),
    `all of these are in ${group}, behind locks; settled rows stay in the stores of the flows`,
    ...(aws === undefined ? [] : [aws]),
  ];
}
