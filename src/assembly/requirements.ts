import { posix } from 'node:path';
import type { Requirement } from '../engine/contracts/connector.ts';
import type { EntitySpec, SideSpec } from '../engine/contracts/spec.ts';
import type { Where } from '../errors/hygge-error.ts';
import { type ListedNeed, resourceText } from '../narrate/commands/need-lines.ts';
import { shownEntity, shownName } from '../narrate/text/visible.ts';
import { findConnector } from '../registry.ts';
import type { Finds } from '../workspace/load/finds.ts';
import type { FlowSpec, Workspace } from '../workspace/load/load.ts';
import type { ReportPlace } from '../workspace/load/places.ts';
import type { Reference, References } from '../workspace/read/references.ts';
import type { StateSettings } from '../workspace/state/settings.ts';

/** The placeholder host of a webhook that is not set here. */
export const unknownHost = 'webhook.invalid';

/** The placeholder host of a database whose whole address is a secret that is not set here. */
export const unknownServer = 'connection-string.invalid';

/** The part of a flow, or of the app around it, that needs something. */
export type Part = 'home' | 'store' | 'state' | 'journal' | 'report' | 'notify' | 'app';

/** A right, secret, variable or host that one flow needs. */
export interface InfraNeed {
  readonly flow: string;
  /** The entity; null: the whole flow. */
  readonly entity: string | null;
  readonly part: Part;
  readonly requirement: Requirement;
  /** For a secret: the variable that holds it; null: the secret is in no variable. */
  readonly variable: string | null;
  readonly where: Where | undefined;
}

export interface NeedsRequest {
  readonly workspace: Pick<Workspace, 'flows' | 'state' | 'mirror' | 'report'>;
  /** The requested entities. A flow without requested entities needs nothing. */
  readonly entities: readonly EntitySpec[];
  readonly references: References;
  /** The function app that runs the flows; null: the flows run on this machine. */
  readonly app: AppPlace | null;
}

/** The names of a function app's own resources. */
export interface AppPlace {
  /** The host of the app’s storage account, as in `own.blob.core.windows.net`, without `blob.`, `queue.` and `table.`: `own` and `core.windows.net`. */
  readonly account: string;
  readonly suffix: string;
  /** The container from which the app reads its config. */
  readonly config: { readonly container: string; readonly host: string };
}

/**
 * The rights, secrets, variables and hosts that the requested entities need. They include the needs of every run of the flows: state, the journal’s mirror,
 * messages, and the app itself. Pure: the function opens no connection.
 */
export async function needsOf(request: NeedsRequest): Promise<readonly InfraNeed[]> {
  const { workspace, entities, references, app } = request;
  const findsOf = ({ flow }: EntitySpec) => workspace.flows.find(({ name }) => name === flow)?.finds ?? null;
  const sides = await Promise.all(entities.flatMap((spec) => [sideNeeds(spec, 'home', findsOf(spec)), sideNeeds(spec, 'store')]));
  const flows = [...new Set(entities.map(({ flow }) => flow))];
  const state = withoutUnknown(await stateNeeds(workspace.state, app));
  const mirror = workspace.mirror === null ? [] : await sideNeeds(workspace.mirror, 'store');
  const page = workspace.report === null ? [] : withoutUnknown(await pageNeeds(workspace.report));
  const around = flows.flatMap((flow): readonly InfraNeed[] => [
    ...state.map((requirement) => asNeed(flow, 'state', requirement, { where: references.at('state'), references })),
    ...mirror.map((need): InfraNeed => ({ ...need, flow, entity: null, part: 'journal' })),
    ...page.map((requirement) => asNeed(flow, 'report', requirement, { where: workspace.report?.where, references })),
    ...notifyNeeds(
      workspace.flows.find(({ name }) => name === flow),
      references,
    ),
    ...heartbeatNeeds(
      workspace.flows.find(({ name }) => name === flow),
      references,
    ),
    ...(app === null ? [] : appNeeds(flow, app)),
  ]);
  return [...sides.flat(), ...around];
}

async function sideNeeds(spec: EntitySpec, part: 'home' | 'store', finds: Finds | null = null): Promise<readonly InfraNeed[]> {
  const side: SideSpec = spec[part];
  const connector = await findConnector(side.type);
  const asked = withoutUnknown(connector?.[part]?.requirements(side.config, spec.watermark?.changes) ?? []);
  const needed = spec.entity === everyEntity ? asked.map((one) => onAll(one, connector?.database?.ownSchema, finds)) : asked;
  return needed.map((requirement): InfraNeed => {
    const secret = requirement.need === 'secret' ? side.secrets?.find(({ key }) => key === requirement.name) : undefined;
    const variable = secret?.variable ?? null;
    return { flow: spec.flow, entity: spec.entity, part, requirement, variable, where: secret?.where ?? side.where };
  });
}

/** The name of an entity that represents all entities that a flow will find. */
export const everyEntity = '*';

/** Widens a right on one table or folder to its whole schema, database or container. @param finds for a home that is searched for tables */
function onAll(asked: Requirement, ownSchema: string | null | undefined, finds: Finds | null): Requirement {
  if (asked.need !== 'role') return asked;
  const { below: _, ...role } = asked;
  const { table, arn, ...others } = role.resource;
  if (table !== undefined) {
    const pattern = finds?.place.in === 'database' ? finds.place.pattern : table;
    const [, schema = finds === null ? (ownSchema ?? undefined) : undefined] =
      /^(.+)\.(?:"[^"]*"|\[[^\]]*\]|`[^`]*`|[^.]*)$/.exec(pattern) ?? [];
    return { ...role, resource: { tables: schema === undefined ? '*' : `${schema}.*`, ...others } };
  }
  if (arn !== undefined)
    return { ...role, resource: { arn: arn.replace(/^(arn:[\w-]+:s3:(?:::[^/]+|[^:]+:\d+:accesspoint\/[^/]+\/object)\/).*$/, '$1*') } };
  return role;
}

/** If the server is only the placeholder of a secret, a right on one of its tables would be useless. */
function withoutUnknown(asked: readonly Requirement[]): readonly Requirement[] {
  return asked.flatMap((one): readonly Requirement[] => {
    if (one.need === 'host' && one.name === unknownServer) return [];
    if (one.need !== 'role' || one.resource.server !== unknownServer) return [one];
    const { server: _, database: __, ...resource } = one.resource;
    return [{ ...one, resource }];
  });
}

function asNeed(
  flow: string,
  part: Part,
  requirement: Requirement,
  { where, references }: { readonly where: Where | undefined; readonly references?: References },
): InfraNeed {
  const held =
    requirement.need === 'secret'
      ? references?.variables.find(({ path, flow: of }) => path.at(-1) === requirement.name && path[0] === part && (of ?? flow) === flow)
      : undefined;
  return { flow, entity: null, part, requirement, variable: held?.name ?? null, where: held?.where ?? where };
}

const tableRole = 'Storage Table Data Contributor';
const blobRole = 'Storage Blob Data Contributor';

/** The needs of the state in any place. Files on this machine need nothing. An app has no permanent disk, so its state is in its own tables. */
async function stateNeeds(state: StateSettings, app: AppPlace | null): Promise<readonly Requirement[]> {
  switch (state.type) {
    case 'files':
      return [];
    case 'table_storage': {
      const { access, table, container } = state;
      if (access === null) return [];
      if (access.by === 'connection string') return app === null ? [{ need: 'secret', name: 'connection_string' }] : [];
      const [tables, blobs] = [new URL(access.tableUrl).host, new URL(access.blobUrl).host];
      return [
        role({ system: 'table_storage', role: tableRole, resource: { table, account: tables } }),
        role({ system: 'azure_blob', role: blobRole, resource: { container, account: blobs } }),
        { need: 'host', name: tables },
        { need: 'host', name: blobs },
      ];
    }
    case 'object': {
      const store = (await findConnector(state.system))?.store;
      const path = state.folder === '' ? '.hygge' : `${state.folder}/.hygge`;
      return store?.requirements({ ...(state.config as object), path } as never) ?? [];
    }
    case 'sql': {
      const asked = (await findConnector(state.engine))?.home?.requirements(state.config as never) ?? [];
      const others = asked.filter(({ need }) => need !== 'role');
      const there = asked.find((one) => one.need === 'role')?.resource;
      if (there === undefined) return others;
      const { database = '', server = '' } = there;
      const resource = { schema: state.schema, database, server };
      return [...others, role({ system: state.engine, role: 'SELECT, INSERT, UPDATE, DELETE', resource })];
    }
  }
}

/** The needs of a store whose folder contains the page. */
async function pageNeeds({ type, config }: ReportPlace): Promise<readonly Requirement[]> {
  const folder = posix.dirname(config.path);
  return (await findConnector(type))?.store?.requirements({ ...config, path: folder === '.' ? '' : folder } as never) ?? [];
}

function role({
  system,
  role,
  resource,
}: {
  readonly system: string;
  readonly role: string;
  readonly resource: Readonly<Record<string, string>>;
}) {
  return { need: 'role', system, doing: ['read', 'write'], resource, role } as const satisfies Requirement;
}

function heartbeatNeeds(flow: FlowSpec | undefined, references: References): readonly InfraNeed[] {
  if (flow === undefined || flow.heartbeat === null) return [];
  const { name, heartbeat } = flow;
  const around = { where: references.at('heartbeat') ?? references.at('heartbeat', 'url'), references };
  const hosts = [heartbeat.url, heartbeat.failUrl].map((url) => URL.parse(url?.reveal() ?? '')?.host ?? '');
  const known = [...new Set(hosts)].filter((host) => host !== '' && host !== unknownHost);
  return [
    asNeed(name, 'notify', { need: 'secret', name: 'heartbeat' }, around),
    ...known.map((host) => asNeed(name, 'notify', { need: 'host', name: host }, around)),
  ];
}

function notifyNeeds(flow: FlowSpec | undefined, references: References): readonly InfraNeed[] {
  if (flow === undefined || flow.notify === null) return [];
  const around = { where: references.at('notify', 'webhook'), references };
  const host = URL.parse(flow.notify.webhook.reveal())?.host;
  return [
    asNeed(flow.name, 'notify', { need: 'secret', name: 'webhook' }, around),
    ...(host === undefined || host === '' || host === unknownHost
      ? []
      : [asNeed(flow.name, 'notify', { need: 'host', name: host }, around)]),
  ];
}

/** The rights that the platform needs to start functions and run orchestrations, and that hygge needs to read its config. */
function appNeeds(flow: string, { account, suffix, config }: AppPlace): readonly InfraNeed[] {
  const own = (service: string, does: string): readonly Requirement[] => [
    role({ system: 'app_storage', role: does, resource: { account: `${account}.${service}.${suffix}` } }),
    { need: 'host', name: `${account}.${service}.${suffix}` },
  ];
  const asked: readonly Requirement[] = [
    ...own('blob', 'Storage Blob Data Owner'),
    ...own('queue', 'Storage Queue Data Contributor'),
    ...own('table', 'Storage Table Data Contributor'),
    {
      need: 'role',
      system: 'azure_blob',
      doing: ['read'],
      resource: { container: config.container, account: config.host },
      role: 'Storage Blob Data Reader',
    },
    { need: 'host', name: config.host },
  ];
  return asked.map((requirement) => asNeed(flow, 'app', requirement, { where: undefined }));
}

/** Variables of a flow, with each place that uses them: its own files, and its parts of hygge.yml. */
export function variablesOf(
  flow: FlowSpec,
  references: References,
  { state, mirror, report }: Pick<Workspace, 'state' | 'mirror' | 'report'>,
): readonly (Reference & { readonly secret: boolean })[] {
  const connections = new Set(flow.entities.flatMap(({ home, store }) => [home.connection?.name, store.connection?.name]));
  for (const around of [mirror?.store, report]) connections.add(around?.connection?.name);
  if (state.type === 'sql') connections.add(state.connection);
  const isTaken = ({ flow: of, path: [section, name] }: Reference): boolean =>
    of === null ? section !== 'connections' || connections.has(name) : of === flow.name;
  return references.variables.filter(isTaken).map((one) => ({ ...one, secret: one.isSecret }));
}

/** Combines equal needs into one need, with all users and all places in the config. */
export function gathered(needs: readonly InfraNeed[]): readonly ListedNeed[] {
  const all = new Map<
    string,
    { readonly needed: Omit<ListedNeed, 'by' | 'where'>; readonly by: Set<string>; readonly where: Map<string, Where> }
  >();
  for (const need of needs) {
    const needed = asNeeded(need);
    const key = JSON.stringify(needed);
    const known = all.get(key) ?? { needed, by: new Set(), where: new Map() };
    known.by.add(whoNeeds(need));
    if (need.where !== undefined) known.where.set(`${need.where.file}:${need.where.line}`, need.where);
    all.set(key, known);
  }
  return [...all.values()].map(({ needed, by, where }) => ({ ...needed, by: [...by], where: [...where.values()] }));
}

const parts: Readonly<Record<Exclude<Part, 'home' | 'store'>, string>> = {
  state: 'the state',
  journal: 'the journal’s mirror',
  report: 'the page',
  notify: 'messages',
  app: 'the app',
};

/** `crm.Account`; for a need without an entity: the part of the flow, `the state of crm`. */
export function whoNeeds({ flow, entity, part }: InfraNeed): string {
  if (entity === everyEntity) return `every entity of ${shownName(flow)}`;
  if (entity !== null) return shownEntity(flow, entity);
  return `${part === 'home' || part === 'store' ? part : parts[part]} of ${shownName(flow)}`;
}

function asNeeded({ requirement, variable }: InfraNeed): Omit<ListedNeed, 'by' | 'where'> {
  switch (requirement.need) {
    case 'role': {
      const { system, doing, resource, role } = requirement;
      return { need: 'role', name: role, scope: resourceText(resource), system, doing, resource };
    }
    case 'secret':
      return { need: 'secret', name: requirement.name, variable };
    default:
      return { need: requirement.need, name: requirement.name };
  }
}
