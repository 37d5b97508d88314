import type { Need } from '../../src/assembly/requirements.ts';
import { type App, configOf, type Deployment, isOfApp } from '../deployment.ts';
import type { AppNames } from './names.ts';

export interface ByHand {
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

type RoleNeed = Need & { readonly requirement: { readonly need: 'role' } };

/** Rights that Azure's templates cannot give: scripts beside them, each with its undo. */
export function byHand({ apps, target }: Deployment, names: ReadonlyMap<string, AppNames>): ByHand {
  const files = new Map<string, string>();
  const notes = new Set<string>();
  const fabric = new Set<string>();
  const google = new Set<string>();
  const databases = new Map<string, Set<string>>();
  for (const app of apps) {
    const identity = names.get(app.name)?.identity ?? '';
    for (const need of app.needs) {
      if (!isRole(need) || need.part === 'app') continue;
      const { system, resource, role } = need.requirement;
      if (databaseSystems.has(system)) addGrant(databases, app, need, identity);
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
  for (const [file, statements] of [...databases].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const all = [...statements].sort();
    files.set(`by-hand/${file}.sql`, `${all.join('\n')}\n`);
    files.set(
      `by-hand/${file}.undo.sql`,
      `${all
        .flatMap((one) => one.split('\n'))
        .filter((one) => one.startsWith('GRANT'))
        .map(undo)
        .join('\n')}\n`,
    );
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

const databaseSystems = new Set(['postgres', 'mysql', 'sqlserver']);

/** On named objects only; who the role is follows from the config, or is the app's identity where it signs in by Entra ID. */
function addGrant(databases: Map<string, Set<string>>, app: App, need: RoleNeed, identity: string): void {
  const { system, resource, role } = need.requirement;
  const { user } = configOf(app, need);
  const principal = typeof user === 'string' ? user : identity;
  const file = `${system}-${`${resource.server ?? ''}-${resource.database ?? ''}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.replace(
    /-+$/,
    '',
  );
  const held = databases.get(file) ?? new Set<string>();
  databases.set(file, held);
  const quote = quotes[system] ?? quotes.postgres;
  const to = system === 'mysql' ? `'${principal.replaceAll("'", "''")}'@'%'` : quote(principal);
  const table = resource.table === undefined ? undefined : partsOf(resource.table);
  const named = table?.map(quote).join('.');
  if (system === 'mysql') {
    if (role === 'PROCESS') held.add(`GRANT PROCESS ON *.* TO ${to};`);
    else if (named === undefined)
      held.add(
        `-- ${role} on what the query of ${need.flow}.${need.entity} reads: GRANT SELECT ON ${quote(resource.database ?? '')}.TABLE TO ${to};`,
      );
    else held.add(`GRANT ${role} ON ${table?.length === 1 ? `${quote(resource.database ?? '')}.` : ''}${named} TO ${to};`);
  } else if (system === 'sqlserver') {
    if (typeof user !== 'string') held.add(`CREATE USER ${to} FROM EXTERNAL PROVIDER;`);
    if (role === 'VIEW DATABASE STATE') held.add(`GRANT VIEW DATABASE STATE TO ${to};`);
    else if (named === undefined)
      held.add(`-- ${role} on what the query of ${need.flow}.${need.entity} reads: GRANT SELECT ON OBJECT::TABLE TO ${to};`);
    else held.add(`GRANT ${role} ON OBJECT::${table?.length === 1 ? '[dbo].' : ''}${named} TO ${to};`);
  } else if (role === 'CREATE') {
    held.add(
      `-- CREATE, unless hygge's own schemas are made beforehand (hygge generate ddl --metadata):\nGRANT CREATE ON DATABASE ${quote(resource.database ?? '')} TO ${to};`,
    );
  } else if (named === undefined) {
    held.add(`-- ${role} on what the query of ${need.flow}.${need.entity} reads: GRANT SELECT ON TABLE TO ${to};`);
  } else {
    const [schema] = table ?? [];
    if (table?.length === 2 && schema !== undefined) held.add(`GRANT USAGE ON SCHEMA ${quote(schema)} TO ${to};`);
    held.add(`GRANT ${role} ON TABLE ${named} TO ${to};`);
  }
}

const quotes: Readonly<Record<string, (name: string) => string>> & { readonly postgres: (name: string) => string } = {
  postgres: (name) => `"${name.replaceAll('"', '""')}"`,
  mysql: (name) => `\`${name.replaceAll('`', '``')}\``,
  sqlserver: (name) => `[${name.replaceAll(']', ']]')}]`,
};

/** `public.orders`, and each part in whatever quotes it was written. */
export function partsOf(table: string): readonly string[] {
  return [...table.matchAll(/"((?:[^"]|"")*)"|\[((?:[^\]]|\]\])*)\]|`((?:[^`]|``)*)`|([^.]+)/g)].map(
    ([, double, square, back, plain]) =>
      double?.replaceAll('""', '"') ?? square?.replaceAll(']]', ']') ?? back?.replaceAll('``', '`') ?? plain ?? '',
  );
}

/** Takes a grant back. */
export function undo(grant: string): string {
  const to = grant.lastIndexOf(' TO ');
  return `${grant.slice(0, to).replace(/^GRANT/, 'REVOKE')} FROM ${grant.slice(to + 4)}`;
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
