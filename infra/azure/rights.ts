import type { InfraNeed } from '../../src/assembly/requirements.ts';
import { ConfigError } from '../../src/errors/hygge-error.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { type Deployment, type FunctionApp, isOfApp } from '../deployment.ts';
import { outermost } from '../prefixes.ts';
import { canBeCondition, conditionOf, longestCondition } from './conditions.ts';
import type { AppNames } from './names.ts';
import { comment, expression, symbol, toBicep } from './text.ts';

/** Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roleIds: Readonly<Record<string, string>> = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
};

/** A right of an app on a container or a table of an existing account. */
export interface Grant {
  readonly app: string;
  readonly role: string;
  readonly account: string;
  readonly kind: 'container' | 'table';
  readonly name: string;
  /** The parts of flows that need the right. */
  readonly for: readonly string[];
  /** The path prefixes that the right covers, if it is limited to folders; empty: the right covers all paths. */
  readonly below: readonly string[];
}

/** The rights in one resource group. */
export interface GroupRights {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly grants: readonly Grant[];
}

export interface RightsFound {
  readonly groups: readonly GroupRights[];
  readonly errors: readonly ConfigError[];
  readonly notes: readonly string[];
}

/** Every Azure right that flows need outside of their app, at the narrowest scope, by resource group. Rights of another identity (a service principal, a key) are left out. */
export function rightsOf({ apps, target }: Deployment): RightsFound {
  const errors: ConfigError[] = [];
  const notes = new Set<string>();
  const groups = new Map<string, { readonly subscription: string; readonly resourceGroup: string; grants: Grant[] }>();
  const isHeld = (account: string) => target.settings.accounts?.[account]?.rights === 'folder';
  for (const app of apps) {
    errors.push(...app.needs.filter((need) => isOfApp(need, app)).flatMap(inAnotherCloud));
    for (const { grant, need } of grantsOf(app, isHeld)) {
      const place = target.settings.accounts?.[grant.account];
      if (place === undefined) {
        errors.push(unknownAccount(grant.account, need, target.file));
        continue;
      }
      const subscription = (place.subscription ?? target.settings.subscription).toLowerCase();
      const key = `${subscription}/${place.resource_group.toLowerCase()}`;
      const group = groups.get(key) ?? { subscription, resourceGroup: place.resource_group, grants: [] };
      group.grants.push(grant);
      groups.set(key, group);
      if (isHeld(grant.account) && grant.kind === 'container' && grant.below.length === 0)
        notes.add(
          `${grant.app} may ${grant.role === reader ? 'read' : 'read and change'} all of ${grant.name} in ${grant.account}: ${listed(grant.for)} ${grant.for.length === 1 ? 'names' : 'name'} no folder that a condition can contain.`,
        );
    }
  }
  const sorted = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ ...group, grants: [...group.grants].sort(byPlace) }));
  return { groups: sorted, errors, notes: [...notes].sort() };
}

function byPlace(a: Grant, b: Grant): number {
  const key = ({ account, kind, name, app, role }: Grant) => [account, kind, name, app, role].join('/');
  return key(a) < key(b) ? -1 : 1;
}

const reader = 'Storage Blob Data Reader';
const contributor = 'Storage Blob Data Contributor';

interface FoundRight {
  readonly scoped: ScopedResource;
  readonly role: string;
  readonly need: InfraNeed;
  readonly for: Set<string>;
  readonly below: Set<string>;
}

/** @param isHeld whether rights on the containers of the account are limited to folders. */
function grantsOf(app: FunctionApp, isHeld: (account: string) => boolean): readonly { readonly grant: Grant; readonly need: InfraNeed }[] {
  const found = new Map<string, FoundRight>();
  for (const need of app.needs) {
    const on = scopeOf(need);
    if (on === undefined || need.requirement.need !== 'role' || !isOfApp(need, app)) continue;
    const { role, below = '' } = need.requirement;
    const key = JSON.stringify([on, role]);
    const held = found.get(key) ?? { scoped: on, role, need, for: new Set(), below: new Set() };
    held.for.add(need.entity === null ? `the ${need.part} of ${need.flow}` : `the ${need.part} of ${need.flow}.${need.entity}`);
    held.below.add(below);
    found.set(key, held);
  }
  const all = [...found.values()].map(({ scoped, role, need, for: who, below }) => {
    const narrow = scoped.kind === 'container' && isHeld(scoped.account) && !below.has('') ? outermost([...below]) : [];
    const fits = narrow.every(canBeCondition) && conditionOf(role, narrow).length <= longestCondition;
    return { grant: { app: app.name, role, ...scoped, for: [...who], below: fits ? narrow : [] }, need };
  });
  // A right to write includes the right to read.
  return all.filter(({ grant }) => grant.role !== reader || !all.some((other) => isWithin(grant, other.grant)));
}

function isWithin(read: Grant, write: Grant): boolean {
  if (write.role !== contributor || write.kind !== read.kind || write.account !== read.account || write.name !== read.name) return false;
  if (write.below.length === 0) return true;
  return read.below.length > 0 && read.below.every((one) => write.below.some((other) => one.startsWith(other)));
}

type ScopedResource = Pick<Grant, 'account' | 'kind' | 'name'>;

/** The hosts of an account, including the zone in the names of some accounts: https://learn.microsoft.com/azure/storage/common/storage-account-overview */
const inPublicCloud = /^([a-z0-9-]+)(?:\.z\d+)?\.(?:dfs|blob|table)\.(?:core\.windows\.net|storage\.azure\.net)$/i;

function scopeOf({ part, requirement }: InfraNeed): ScopedResource | undefined {
  if (requirement.need !== 'role' || part === 'app') return undefined;
  const { filesystem, container, table, account: host = '' } = requirement.resource;
  const account = inPublicCloud.exec(host)?.[1];
  const name = filesystem ?? container ?? table;
  if (account === undefined || name === undefined || roleIds[requirement.role] === undefined) return undefined;
  return { account, kind: table === undefined ? 'container' : 'table', name };
}

function inAnotherCloud({ flow, part, requirement, where }: InfraNeed): readonly ConfigError[] {
  if (requirement.need !== 'role' || part === 'app' || roleIds[requirement.role] === undefined) return [];
  const { account = '' } = requirement.resource;
  if (inPublicCloud.test(account)) return [];
  return [
    new ConfigError({
      code: 'HYG-1132',
      what: `Flow ${quoted(flow)} needs a right on ${quoted(account)}, which is not an account of public Azure.`,
      why: ['The templates are for the public cloud, whose identities have no rights in another cloud.'],
      tryThis: [
        'Write the account as the public cloud has it: NAME.dfs.core.windows.net or NAME.blob.core.windows.net.',
        'Or sign in there with a separate secret, such as a sas_token from a variable: then the app needs no right.',
      ],
      where,
    }),
  ];
}

function unknownAccount(account: string, { flow, where }: InfraNeed, file: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1111',
    what: `Flow ${quoted(flow)} needs a right on the account ${quoted(account)}, and ${file} does not say in which resource group the account is.`,
    tryThis: [`Add it to ${file}: \`accounts: { ${account}: { resource_group: … } }\``],
    where,
  });
}

/** The module of one resource group: its existing resources, and the rights on them. */
export function rightsModule({ resourceGroup, grants }: GroupRights, names: ReadonlyMap<string, AppNames>): RightsModule {
  const taken = new Set(['subscriptionresourceid', 'guid']);
  const principals = new Map([...new Set(grants.map(({ app }) => app))].sort().map((app) => [app, symbol(app, taken)]));
  const lines: string[] = [comment(`Rights in ${resourceGroup}: existing rights stay unchanged.`), ''];
  for (const [app, parameter] of principals)
    lines.push(`@description(${toBicep(`The principal of ${names.get(app)?.identity}.`)})`, `param ${parameter} string`, '');
  const roles = new Map(
    [...new Set(grants.map(({ role }) => role))].sort().map((role) => [
      role,
      symbol(
        role.replace(/^Storage (.)/, (_, first: string) => first.toLowerCase()),
        taken,
      ),
    ]),
  );
  for (const [role, variable] of roles) lines.push(`var ${variable} = ${toBicep(roleIds[role] ?? '')}`);
  const existing = new Map<string, string>();
  const there = (key: string, wish: string, type: string, body: Parameters<typeof toBicep>[0]): string => {
    const known = existing.get(key);
    if (known !== undefined) return known;
    const name = symbol(wish, taken);
    existing.set(key, name);
    lines.push('', `resource ${name} '${type}@2025-06-01' existing = ${toBicep(body)}`);
    return name;
  };
  for (const grant of grants) {
    const { account, kind, name, app, role } = grant;
    const storage = 'Microsoft.Storage/storageAccounts';
    const branch = kind === 'container' ? 'blobServices' : 'tableServices';
    const above = there(account, `${account} account`, storage, { name: account });
    const within = there(`${account}/${branch}`, `${account} ${branch}`, `${storage}/${branch}`, {
      parent: expression(above),
      name: 'default',
    });
    const sub = kind === 'container' ? 'containers' : 'tables';
    const scope = there(`${account}/${branch}/${name}`, `${account} ${name}`, `${storage}/${branch}/${sub}`, {
      parent: expression(within),
      name,
    });
    const [principal, roleId] = [principals.get(app) ?? '', roles.get(role) ?? ''];
    lines.push(
      '',
      comment(`${role}, for ${listed(grant.for)}${grant.below.length === 0 ? '' : `, below ${listed(grant.below)}`}`),
      `resource ${symbol(`${app} to ${account} ${name}`, taken)} 'Microsoft.Authorization/roleAssignments@2022-04-01' = ${toBicep({
        name: expression(`guid(${scope}.id, ${principal}, ${roleId})`),
        scope: expression(scope),
        properties: {
          roleDefinitionId: expression(`subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${roleId})`),
          principalId: expression(principal),
          principalType: 'ServicePrincipal',
          ...(grant.below.length === 0 ? {} : { condition: conditionOf(role, grant.below), conditionVersion: '2.0' }),
        },
      })}`,
    );
  }
  return { text: `${lines.join('\n')}\n`, principals };
}

export interface RightsModule {
  readonly text: string;
  /** The parameter for the principal of an app. */
  readonly principals: ReadonlyMap<string, string>;
}

function listed(who: readonly string[]): string {
  const shown = who.slice(0, 3).join(', ');
  return who.length <= 3 ? shown : `${shown} and ${who.length - 3} more`;
}
