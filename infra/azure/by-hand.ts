import type { Need } from '../../src/assembly/requirements.ts';
import type { MetadataRequest, RightsRequest } from '../../src/engine/contracts/connector.ts';
import { findConnector } from '../../src/registry.ts';
import { type App, configOf, type Deployment, isOfApp } from '../deployment.ts';
import type { AppNames } from './names.ts';

export interface ByHand {
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

type RoleNeed = Need & { readonly requirement: { readonly need: 'role' } };

/** Rights that Azure's templates cannot give: scripts beside them, each with its undo. */
export async function byHand({ apps, target }: Deployment, names: ReadonlyMap<string, AppNames>): Promise<ByHand> {
  const files = new Map<string, string>();
  const notes = new Set<string>();
  const fabric = new Set<string>();
  const google = new Set<string>();
  const databases = new Map<string, DatabaseRights>();
  for (const app of apps) {
    const identity = names.get(app.name)?.identity ?? '';
    for (const need of app.needs) {
      if (!isRole(need) || need.part === 'app') continue;
      const { system, resource, role } = need.requirement;
      if (resource.server !== undefined) addRight(databases, app, need, identity);
      else if (!isOfApp(need, app))
        notes.add(`${who(need)} signs in as somebody else than the app, who needs the rights there. As the app, it would need no secret.`);
      else if (system === 'onelake') fabric.add(`grant ${word(resource.workspace ?? '')} ${word(identity)} ${word(role)}`);
      else if (system === 'gcs')
        google.add(`grant ${word(resource.bucket ?? '')} ${word(member(app, need))} ${word(/\((.+)\)/.exec(role)?.[1] ?? role)}`);
      else if (system === 's3' || resource.arn !== undefined)
        notes.add(`${need.flow} needs rights in AWS: hygge infra render aws --target ${target.name} --out out/${target.name}-aws`);
    }
  }
  if (fabric.size > 0)
    files.set(
      'by-hand/fabric.sh',
      fabricScript([...fabric].sort(), { group: target.settings.resource_group, subscription: target.settings.subscription }),
    );
  if (google.size > 0) files.set('by-hand/google.sh', googleScript([...google].sort()));
  for (const one of databases.values()) {
    const { give, take } = await scriptOf(one);
    const name = slugOf(`${one.system} ${one.place}`);
    const same = [...files.keys()].filter((file) => new RegExp(`^by-hand/${name}(-\\d+)?\\.sql$`).test(file)).length;
    const file = `by-hand/${name}${same === 0 ? '' : `-${same + 1}`}`;
    files.set(`${file}.sql`, sqlFile(one.system, give));
    files.set(`${file}.undo.sql`, sqlFile(one.system, take));
  }
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), notes: [...notes].sort() };
}

function isRole(need: Need): need is RoleNeed {
  return need.requirement.need === 'role';
}

function who({ flow, entity, part }: Need): string {
  return `The ${part} of ${entity === null ? flow : `${flow}.${entity}`}`;
}

function member(app: App, need: Need): string {
  const { service_account_email: email } = configOf(app, need);
  return typeof email === 'string' ? `serviceAccount:${email}` : 'MEMBER';
}

/** In single quotes, as a shell takes it whole. */
function word(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-+$/, '');

/** A database, and everybody who does something there. */
interface DatabaseRights {
  readonly system: string;
  readonly place: string;
  readonly roles: Map<string, RoleRights>;
}

interface RoleRights {
  byIdentity: boolean;
  readonly needs: Map<string, RightsRequest['needs'][number]>;
  /** Pairs of schemas that hygge keeps its own in. */
  readonly own: Map<string, MetadataRequest>;
}

/** Who the role is follows from the config, or is the app's identity where it signs in by Entra ID. */
function addRight(databases: Map<string, DatabaseRights>, app: App, need: RoleNeed, identity: string): void {
  const { system, resource, role: right } = need.requirement;
  const config = configOf(app, need);
  const { user, auth, metadata_schema: metadataSchema, staging_schema: stagingSchema } = config;
  const place = [resource.server, resource.database].filter(Boolean).join(' ');
  const database = databases.get(`${system} ${place}`) ?? { system, place, roles: new Map() };
  databases.set(`${system} ${place}`, database);
  const role = typeof user === 'string' ? user : identity;
  const held = database.roles.get(role) ?? { byIdentity: false, needs: new Map(), own: new Map() };
  database.roles.set(role, held);
  held.byIdentity ||= auth === 'entra' || (typeof user !== 'string' && isOfApp(need, app));
  const own = need.part === 'state' ? { ...usual, metadataSchema: resource.schema } : { metadataSchema, stagingSchema };
  if (typeof own.metadataSchema === 'string' && typeof own.stagingSchema === 'string') {
    const { metadataSchema, stagingSchema } = own;
    held.own.set(JSON.stringify([metadataSchema, stagingSchema]), { config, metadataSchema, stagingSchema, role });
    // Made beforehand, with the rights to it.
    if (resource.schema === metadataSchema || resource.schema === stagingSchema) return;
  }
  held.needs.set(JSON.stringify([right, resource]), { right, resource });
}

const usual = { stagingSchema: 'hygge_staging' };

interface Script {
  readonly give: readonly string[];
  readonly take: readonly string[];
}

/** Who is known there, then what hygge keeps of its own, then the tables of flows: each statement once. */
async function scriptOf({ system, roles }: DatabaseRights): Promise<Script> {
  const connector = await findConnector(system);
  const rights = connector?.database?.rights;
  if (connector === undefined || rights === undefined) return { give: [], take: [] };
  const [known, made, given, taken] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  for (const [role, { byIdentity, needs, own }] of [...roles].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { give } of rights({ role, byIdentity, needs: [] })) known.add(give);
    for (const request of own.values()) {
      const { statements = [], undo = [] } = connector.metadata?.(request) ?? {};
      for (const statement of statements) made.add(statement);
      for (const statement of undo) taken.add(statement);
    }
    for (const { give, take } of rights({
      role,
      byIdentity: false,
      needs: [...needs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, need]) => need),
    })) {
      given.add(give);
      if (take !== null) taken.add(take);
    }
  }
  return { give: [...known, ...made, ...given], take: [...taken].reverse() };
}

/** Statements as a client of that database reads them from a file. */
function sqlFile(system: string, statements: readonly string[]): string {
  // A batch may begin with CREATE SCHEMA, and hold nothing before it.
  const end = system === 'sqlserver' ? ';\nGO' : ';';
  return statements.map((one) => `${one.startsWith('--') ? one : `${one}${end}`}\n`).join('');
}

function fabricScript(
  grants: readonly string[],
  { group, subscription }: { readonly group: string; readonly subscription: string },
): string {
  return `#!/usr/bin/env bash
# Roles in workspaces of Microsoft Fabric. With 'undo' as its argument they are taken away.
set -euo pipefail
fabric=https://api.fabric.microsoft.com

call() { az rest --resource "$fabric" "$@"; }

grant() { # workspace, identity, role
  quoted=\${1//\\'/\\\\\\'}
  workspace=$(call --url "$fabric/v1/workspaces" --query "value[?id=='$quoted' || displayName=='$quoted'].id | [0]" --output tsv)
  if [ -z "$workspace" ]; then echo "There is no workspace $1, or nobody who is signed in may see it." >&2; exit 1; fi
  principal=$(az identity show --subscription ${word(subscription)} --resource-group ${word(group)} --name "$2" --query principalId --output tsv)
  if [ "\${undo:-}" = undo ]; then
    call --method delete --url "$fabric/v1/workspaces/$workspace/roleAssignments/$principal"
  else
    call --method post --url "$fabric/v1/workspaces/$workspace/roleAssignments" \\
      --body "{\\"principal\\": {\\"id\\": \\"$principal\\", \\"type\\": \\"ServicePrincipal\\"}, \\"role\\": \\"$3\\"}"
  fi
}

undo=\${1:-}
${grants.join('\n')}
`;
}

function googleScript(grants: readonly string[]): string {
  return `#!/usr/bin/env bash
# Rights on buckets of Google Cloud Storage. With 'undo' as its argument they are taken away.
# MEMBER, where it is asked for, is who the app is there: principal://iam.googleapis.com/<pool>/subject/<object id of its identity>
set -euo pipefail
action=add-iam-policy-binding
if [ "\${1:-}" = undo ]; then action=remove-iam-policy-binding; fi

grant() { # bucket, member, role
  member=$2
  if [ "$member" = MEMBER ]; then member=\${MEMBER:?}; fi
  gcloud storage buckets "$action" "gs://$1" --member="$member" --role="$3"
}

${grants.join('\n')}
`;
}
