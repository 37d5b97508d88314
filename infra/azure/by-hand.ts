import type { InfraNeed } from '../../src/assembly/requirements.ts';
import type { MetadataRequest, RightsRequest } from '../../src/engine/contracts/connector.ts';
import { findConnector } from '../../src/registry.ts';
import { configOf, type Deployment, type FunctionApp, isOfApp } from '../deployment.ts';
import type { AppNames } from './names.ts';

export interface ByHand {
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

type RoleNeed = InfraNeed & { readonly requirement: { readonly need: 'role' } };

/** Rights that Azure templates cannot grant, as scripts, each with its undo. */
export async function byHand({ apps, target }: Deployment, names: ReadonlyMap<string, AppNames>): Promise<ByHand> {
  const files = new Map<string, string>();
  const notes = new Set<string>();
  /** Whether an identity also writes in a workspace. An identity has only one role in a workspace. */
  const fabric = new Map<string, boolean>();
  const google = new Set<string>();
  const databases = new Map<string, DatabaseRights>();
  for (const app of apps) {
    const identity = names.get(app.name)?.identity ?? '';
    for (const need of app.needs) {
      for (const note of apiNotes(app, need, identity)) notes.add(note);
      if (!isRole(need) || need.part === 'app') continue;
      const { system, resource, role } = need.requirement;
      const config = configOf(app, need);
      const elsewhere = `${who(need)} signs in as another identity than the app. That identity needs the rights there.`;
      const database = (await findConnector(system))?.database;
      if (database?.rights !== undefined && resource.server === undefined)
        notes.add(
          `${who(need)} has its server in a secret, so hygge renders no rights for it. Grant the rights to the identity that signs in there. If host, database and user are written out, hygge renders the rights.`,
        );
      else if (resource.server !== undefined) {
        const named = database?.configuredRole?.(config as never);
        const entra = config.auth === 'entra';
        if (named === undefined && !isOfApp(need, app)) notes.add(elsewhere);
        else addRight(databases, need, { config, role: named ?? identity, identity, byIdentity: entra || named === undefined });
        if (named === undefined && entra && system === 'postgres')
          notes.add(`${who(need)} names no user, but PostgreSQL needs a user name with a token. Write there: user: ${identity}`);
        if (named !== undefined && entra && named !== identity && system === 'postgres')
          notes.add(
            `${who(need)} signs in as ${named}. PostgreSQL gives a role of that name to only one identity: that of ${app.name}, ${identity}, by its object id (in the script). Or write there: user: ${identity}`,
          );
      } else if (!isOfApp(need, app)) notes.add(`${elsewhere} If it signed in as the app, it would need no secret.`);
      else if (system === 'onelake') {
        const who = `${word(resource.workspace ?? '')} ${word(identity)}`;
        fabric.set(who, fabric.get(who) === true || role === 'Contributor');
      } else if (system === 'gcs') for (const line of googleGrants(app, need, identity)) google.add(line);
      else if (system === 's3' || resource.arn !== undefined)
        notes.add(`${need.flow} needs rights in AWS: hygge infra render aws --target ${target.name} --out out/${target.name}-aws`);
    }
  }
  const group = { group: target.settings.resource_group, subscription: target.settings.subscription };
  if (fabric.size > 0)
    files.set(
      'by-hand/fabric.sh',
      fabricScript([...fabric].map(([who, writes]) => `grant ${who} ${writes ? 'Contributor' : 'Viewer'}`).sort(), group),
    );
  if ([...fabric.values()].includes(false))
    notes.add(
      'A Viewer in Fabric sees no files. Also share with the identity each item that is read, with "Read all with OneLake" (by-hand/fabric.sh names the identities).',
    );
  if (google.size > 0) files.set('by-hand/google.sh', googleScript([...google].sort(), group));
  for (const one of databases.values()) {
    const { give, take } = await scriptOf(one);
    const name = slugOf(`${one.system} ${one.place}`);
    let file = `by-hand/${name}`;
    for (let nth = 2; files.has(`${file}.sql`); nth++) file = `by-hand/${name}-${nth}`;
    files.set(`${file}.sql`, sqlFile(one.system, give));
    files.set(`${file}.undo.sql`, sqlFile(one.system, take));
  }
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), notes: [...notes].sort() };
}

function isRole(need: InfraNeed): need is RoleNeed {
  return need.requirement.need === 'role';
}

/** Rights in an API where the app signs in with its identity. https://learn.microsoft.com/power-platform/admin/manage-application-users */
function apiNotes(app: FunctionApp, need: InfraNeed, identity: string): readonly string[] {
  const { requirement, part } = need;
  if (requirement.need !== 'host' || part === 'app') return [];
  const { auth, base_url: base } = configOf(app, need) as { readonly auth?: Readonly<Record<string, unknown>>; readonly base_url?: string };
  const isOwn = auth?.type === 'entra' && auth.client_id === undefined && base !== undefined && new URL(base).hostname === requirement.name;
  if (!isOwn) return [];
  const note = `${who(need)} signs in to ${requirement.name} as the app. Give its identity ${identity} the right to read there.`;
  const isDataverse = /\.crm\d*\.(dynamics\.com|microsoftdynamics\.us)$/.test(requirement.name);
  return [
    isDataverse
      ? `${note} In Dataverse the identity is an application user of the environment, and a security role of that user covers the tables.`
      : note,
  ];
}

function who({ flow, entity, part }: InfraNeed): string {
  return `The ${part} of ${entity === null ? flow : `${flow}.${entity}`}`;
}

/** Lines that give the identity its role in Google. The role’s member is the member of the identity pool, the account that the identity acts as, or MEMBER. */
function googleGrants(app: FunctionApp, need: RoleNeed, identity: string): readonly string[] {
  const { service_account_email: email, workload_identity_provider: provider } = configOf(app, need);
  const { resource, role } = need.requirement;
  const pool = typeof provider === 'string' ? provider.replace(/\/providers\/.*$/, '') : undefined;
  const right = `${word(/\((.+)\)/.exec(role)?.[1] ?? role)}`;
  const bucket = word(resource.bucket ?? '');
  const principal = pool === undefined ? undefined : `${word(pool)} ${word(identity)}`;
  if (typeof email !== 'string') return [`grant ${bucket} ${right} ${principal ?? 'MEMBER'}`];
  const acting = principal === undefined ? [] : [`act_as ${word(email)} ${principal}`];
  return [`grant ${bucket} ${right} ${word(`serviceAccount:${email}`)}`, ...acting];
}

/** Quoted with single quotes for a shell. */
function word(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The longest name that file systems accept, with room for an ending. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 200)
    .replace(/-+$/, '');

/** A database, and all identities that use it. */
interface DatabaseRights {
  readonly system: string;
  readonly place: string;
  /** The names of tables that stores of the workspace create, as they are written. */
  readonly made: Set<string>;
  readonly roles: Map<string, RoleRights>;
}

interface RoleRights {
  byIdentity: boolean;
  /** The first identity that signs in as the role. */
  readonly identity: string;
  readonly needs: Map<string, RightsRequest['needs'][number]>;
  /** The schemas of the state, and each pair of schemas with the internal tables of stores. */
  readonly own: Map<string, MetadataRequest>;
}

interface Holder {
  readonly config: Readonly<Record<string, unknown>>;
  readonly role: string;
  /** The identity of the app. */
  readonly identity: string;
  readonly byIdentity: boolean;
}

function addRight(databases: Map<string, DatabaseRights>, need: RoleNeed, { config, role, identity, byIdentity }: Holder): void {
  const { system, resource, role: right } = need.requirement;
  const { metadata_schema: metadataSchema, staging_schema: stagingSchema } = config;
  const place = [resource.server, resource.database].filter(Boolean).join(' ');
  const database = databases.get(`${system} ${place}`) ?? { system, place, made: new Set(), roles: new Map() };
  databases.set(`${system} ${place}`, database);
  const held = database.roles.get(role) ?? { byIdentity: false, identity, needs: new Map(), own: new Map() };
  database.roles.set(role, held);
  held.byIdentity ||= byIdentity;
  const keeps = need.part === 'state' ? 'state' : 'store';
  const own = keeps === 'state' ? { ...usual, metadataSchema: resource.schema } : { metadataSchema, stagingSchema };
  if (typeof own.metadataSchema === 'string' && typeof own.stagingSchema === 'string') {
    const { metadataSchema, stagingSchema } = own;
    held.own.set(JSON.stringify([keeps, metadataSchema, stagingSchema]), { config, metadataSchema, stagingSchema, keeps: [keeps], role });
    // Schemas that are created in advance, together with the rights on them.
    if (resource.schema === metadataSchema || resource.schema === stagingSchema) return;
  }
  if (resource.table !== undefined && need.part === 'store') database.made.add(resource.table);
  held.needs.set(JSON.stringify([right, resource]), { right, resource });
}

const usual = { stagingSchema: 'hygge_staging' };

interface Script {
  readonly give: readonly string[];
  readonly take: readonly string[];
}

/** First the users, then hygge's own tables, then the tables of flows: each statement once. */
async function scriptOf({ system, made: tables, roles }: DatabaseRights): Promise<Script> {
  const connector = await findConnector(system);
  const rights = connector?.database?.rights;
  if (connector === undefined || rights === undefined) return { give: [], take: [] };
  const [known, made, given, taken] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  const bare = (table: string) => table.replaceAll(/["`[\]]/g, '').replace(/^(public|dbo)\./, '');
  const makes = new Set([...tables].map(bare));
  for (const [role, { byIdentity, identity, needs, own }] of [...roles].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { give } of rights({ role, byIdentity, ...(identity === role ? {} : { identity }), needs: [] })) known.add(give);
    for (const request of own.values()) {
      const { statements = [], undo = [] } = connector.metadata?.(request) ?? {};
      for (const statement of statements) made.add(statement);
      for (const statement of undo) taken.add(statement);
    }
    for (const { give, take, first } of rights({
      role,
      byIdentity: false,
      needs: [...needs]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, need]) => ({ ...need, isMade: need.resource.table !== undefined && makes.has(bare(need.resource.table)) })),
    })) {
      (first ? made : given).add(give);
      if (take !== null) taken.add(take);
    }
  }
  return { give: [...known, ...made, ...given], take: [...taken].reverse() };
}

/** Statements in the form that a client of that database reads from a file. */
function sqlFile(system: string, statements: readonly string[]): string {
  // CREATE SCHEMA must be the first statement of a batch.
  const end = system === 'sqlserver' || system === 'fabric_warehouse' ? ';\nGO' : ';';
  // Without this line, psql continues after an error and reports success, with only some of the rights granted.
  const [before, after] = system === 'postgres' ? ['\\set ON_ERROR_STOP on\nbegin;\n', 'commit;\n'] : ['', ''];
  const all = statements.map((one) => `${one.startsWith('--') ? one : `${one}${end}`}\n`).join('');
  return `${before}${all}${after}`;
}

interface Group {
  readonly group: string;
  readonly subscription: string;
}

function fabricScript(grants: readonly string[], { group, subscription }: Group): string {
  return `#!/usr/bin/env bash
# Roles in workspaces of Microsoft Fabric. With 'undo' as its argument they are removed.
set -euo pipefail
fabric=https://api.fabric.microsoft.com

call() { az rest --resource "$fabric" "$@"; }

grant() { # workspace, identity, role
  quoted=\${1//\\'/\\\\\\'}
  workspace=$(call --url "$fabric/v1/workspaces" --query "value[?id=='$quoted' || displayName=='$quoted'].id | [0]" --output tsv)
  if [ -z "$workspace" ]; then echo "There is no workspace $1, or no one who is signed in may see it." >&2; exit 1; fi
  principal=$(az identity show --subscription ${word(subscription)} --resource-group ${word(group)} --name "$2" --query principalId --output tsv)
  roles=$fabric/v1/workspaces/$workspace/roleAssignments
  held=$(call --url "$roles" --query "value[?principal.id=='$principal'].role | [0]" --output tsv)
  if [ "\${undo:-}" = undo ]; then
    if [ -n "$held" ]; then call --method delete --url "$roles/$principal"; fi
  elif [ -z "$held" ]; then
    call --method post --url "$roles" \\
      --body "{\\"principal\\": {\\"id\\": \\"$principal\\", \\"type\\": \\"ServicePrincipal\\"}, \\"role\\": \\"$3\\"}"
  elif [ "$held" != "$3" ]; then
    call --method patch --url "$roles/$principal" --body "{\\"role\\": \\"$3\\"}"
  fi
}

undo=\${1:-}
${grants.join('\n')}
`;
}

function googleScript(grants: readonly string[], { group, subscription }: Group): string {
  return `#!/usr/bin/env bash
# Rights on buckets of Google Cloud Storage. With 'undo' as its argument they are removed.
# MEMBER, if it is required, is the name in Google of an app without a pool.
set -euo pipefail
action=add-iam-policy-binding
if [ "\${1:-}" = undo ]; then action=remove-iam-policy-binding; fi

member() { # member, or a pool and the identity that it takes tokens of
  if [ "$1" = MEMBER ]; then member=\${MEMBER:?}; return; fi
  member=$1
  if [ $# = 1 ]; then return; fi
  principal=$(az identity show --subscription ${word(subscription)} --resource-group ${word(group)} --name "$2" --query principalId --output tsv)
  member=principal://iam.googleapis.com/$1/subject/$principal
}

grant() { # bucket, role, member
  member "\${@:3}"
  gcloud storage buckets "$action" "gs://$1" --member="$member" --role="$2"
}

act_as() { # service account, pool, identity
  member "$2" "$3"
  gcloud iam service-accounts "$action" "$1" --member="$member" --role=roles/iam.workloadIdentityUser
}

${grants.join('\n')}
`;
}
