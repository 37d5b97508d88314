import { basename, parse } from 'node:path';
import type { ConnectionSpec, EntitySpec } from '../../engine/contracts/spec.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { SecretValues } from '../../ports/secrets/values.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { HeartbeatSpec, NoticeFormat, NotifySpec } from '../../ports/webhook.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { check } from '../check/check.ts';
import { namedFiles } from '../contracts/named-files.ts';
import { presentSpelling } from '../entity/spellings.ts';
import { withSystems } from '../manifests/systems.ts';
import { findWorkspace } from '../read/find.ts';
import { mergeTrees } from '../read/merge.ts';
import { readWorkspace, type ValueOrigin, type WrittenFlow, type WrittenWorkspace } from '../read/read.ts';
import type { Opens } from '../read/secrets.ts';
import type { Meant, WorkspaceTarget } from '../read/targets.ts';
import { notify } from '../schema/notify-schema.ts';
import { settleConnections } from '../sides/connections.ts';
import { fixedPart, isInside, onDisk, upwards } from '../sides/paths.ts';
import { type Connectors, everyConnector } from '../sides/side-type.ts';
import { parseStateArgument, settleStatePlace } from '../state/place.ts';
import { ownFolder, type StateSettings, settleState, stateOfTarget } from '../state/settings.ts';
import {
  type AttributedError,
  ConfigErrors,
  collectProblems,
  type Problems,
  quoted,
  type StrayKey,
  type Warning,
} from '../yaml/problems.ts';
import { child, type Entry, entry, isNull, type MapNode, mapping, type Tree, textAt, textOf } from '../yaml/tree.ts';
import type { Finds, FoundEntities } from './finds.ts';
import { type CheckedFlow, type SettledEntity, type Surroundings, settleAny, settleFlow, withFound, withoutOwnTables } from './flow.ts';
import { placesOf } from './key-places.ts';
import { checkSharedDestinations, keyOf, type ReportPlace, settleReport } from './places.ts';
import { checkWorkspace } from './validate.ts';

export { ConfigErrors } from '../yaml/problems.ts';

export interface LoadRequest {
  /** The absolute folder where the search for hygge.yml begins. Every folder above is searched too. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly target?: Meant;
  /** The values of `--var`: `flow.<flow>.<path>=<yaml value>`. */
  readonly vars?: readonly string[];
  /** UTC date of the run's start, `YYYY-MM-DD`: the value of `{date}`. */
  readonly date: string;
  readonly connectors: Connectors;
  readonly files: WorkspaceFiles;
  /** Whether `directory` is only a name, so that the workspace can’t have relative paths. */
  readonly rootless?: boolean;
  /** A state as YAML, which replaces `state:` of hygge.yml. */
  readonly otherState?: string | undefined;
  /** The only flow to read. Errors in other flows are ignored. The name must be in `flowNames`. */
  readonly flow?: string;
  /** A flow that can't be used is listed in `unusable` instead of stopping everything. Errors of hygge.yml itself still stop. */
  readonly tolerant?: boolean;
  /** Whether no home or store will be opened, so that variables of flows may be unset. Values of flows may then contain `${NAME}` as written. */
  readonly looking?: boolean;
  /** The homes, stores and state that will be opened: only their secrets are read from the vault of hygge.yml. Absent: none of them, so the vault is not asked. */
  readonly opens?: Opens | undefined;
  /** The found entities of each flow without named entities. A flow that is missing here was not searched, so it has only entities with their own files. */
  readonly found?: ReadonlyMap<string, FoundEntities> | undefined;
  /** Receives each secret of the config, and each value that the config allows to show. Absent: no real secrets are read. */
  readonly secrets?: SecretValues;
}

/** A flow with errors. */
export interface UnusableFlow {
  readonly name: string;
  /** All errors of the flow and its entities. */
  readonly errors: readonly ConfigError[];
  /** The readable part of the flow; undefined: the flow can’t be read. */
  readonly flow: FlowSpec | undefined;
  /** Every entity with a known name. */
  readonly entities: readonly UnusableEntity[];
}

export interface UnusableEntity {
  readonly name: string;
  /** The readable part of the entity. An entity with `errors` must not be run. */
  readonly spec: EntitySpec | undefined;
  /** The errors that stop this entity: its own errors, and errors of the whole flow. Empty: the entity can be run alone. */
  readonly errors: readonly ConfigError[];
}

export interface FlowSpec {
  readonly name: string;
  /** The schedule: six fields of cron in UTC, or `%NAME%` for an app setting. Null: the flow runs only by hand. */
  readonly schedule: string | null;
  /** How many entities of this flow run at once; null: only the workspace's limit applies. */
  readonly concurrency: number | null;
  /** The keys that a request over HTTP may set when it starts a run. */
  readonly allowVars: readonly string[];
  /** The receivers of notices about the flow’s runs; null: no notice is sent. */
  readonly notify: NotifySpec | null;
  /** The receiver of the flow’s heartbeat; null: no heartbeat is sent. */
  readonly heartbeat: HeartbeatSpec | null;
  /** The entities, in the order of the config or, for files, by file name. The list is empty only if the flow finds its entities and was not searched. */
  readonly entities: readonly EntitySpec[];
  /** Where a run finds the entities when it begins; null: the config names all entities. */
  readonly finds: Finds | null;
  /** A template of the entities, if hygge has not searched. Its name is the name of no entity. Null: the entities are known. */
  readonly any: EntitySpec | null;
}

/** The entities of a flow, and its template if hygge has not searched: enough to know how each is stored. */
export function entitiesOrTemplate({ entities, any }: Pick<FlowSpec, 'entities' | 'any'>): readonly EntitySpec[] {
  return any === null ? entities : [...entities, any];
}

/** The expected columns of an entity, by its name; undefined: the entity has no expected columns, or is invalid. */
export function expectedIn(flows: readonly (Pick<FlowSpec, 'entities' | 'any'> | undefined)[]): (key: EntityKey) => EntitySpec['expect'] {
  const all = new Map(flows.flatMap((flow) => flow?.entities ?? []).map((spec) => [JSON.stringify([spec.flow, spec.entity]), spec.expect]));
  return ({ flow, entity }) => all.get(JSON.stringify([flow, entity]));
}

export type FindingFlow = FlowSpec & { readonly finds: Finds };

export function isFinding(flow: FlowSpec): flow is FindingFlow {
  return flow.finds !== null;
}

/** A workspace that can be run: everything merged, final and checked. */
export interface Workspace {
  readonly name: string;
  /** Absolute folder of hygge.yml. */
  readonly root: string;
  /** The target of this workspace; null: the workspace has no targets. */
  readonly target: WorkspaceTarget | null;
  /** hygge.yml for that target, with unfilled variables; undefined: hygge.yml can’t be parsed. */
  readonly written: MapNode | undefined;
  readonly signing: WrittenWorkspace['signing'];
  /** The origin of a variable’s value; undefined: the variable is not set. */
  readonly originOf: (variable: string) => ValueOrigin | undefined;
  /** Flows by name: first the flows in folders, then the flows in hygge.yml. */
  readonly flows: readonly FlowSpec[];
  /** Flows with errors, by name. Only set if tolerance was requested. */
  readonly unusable: readonly UnusableFlow[];
  readonly options: { readonly concurrency: number; readonly continueOnError: boolean };
  readonly connections: readonly ConnectionSpec[];
  readonly state: StateSettings;
  /** The result of `parseStateArgument` for the requested state. */
  readonly otherState?: StateSettings;
  /** The entity that publishes the journal, in a flow of its own outside `flows`; null: the journal is not published. */
  readonly mirror: EntitySpec | null;
  /** Where the page is written after a flow has run. Null: hygge.yml sets no page, or no home or store will be opened. */
  readonly report: ReportPlace | null;
  readonly warnings: readonly Warning[];
  /** Every file that was read, relative to the root. */
  readonly files: readonly string[];
}

/** The name of a workspace and its target, as shown to people. */
export function workspaceLabel({ name, target }: Pick<Workspace, 'name' | 'target'>): {
  readonly workspace: string;
  readonly target?: string;
} {
  return { workspace: name, ...(target && { target: target.name }) };
}

export interface FlowEntities {
  readonly name: string;
  readonly entities: readonly EntityKey[];
}

/** Every entity by name, valid or invalid, for commands that open no entity. */
export function allEntityNames({ flows, unusable }: Pick<Workspace, 'flows' | 'unusable'>): readonly FlowEntities[] {
  const known = unusable.map(({ name, entities }) => ({ name, entities: entities.map((one) => ({ flow: name, entity: one.name })) }));
  return [...flows.map(({ name, entities }) => ({ name, entities })), ...known];
}

/** Reports the errors of a flow, or of its entities, that should take part. */
export interface BrokenFlow {
  readonly flow: string;
  readonly errors: readonly ConfigError[];
}

/** A flow that only lacks variables may be shown, because the variables may be set where the flow runs. Other errors of such a flow may result from the missing variables. */
export function brokenFlows({ unusable }: Pick<Workspace, 'unusable'>): readonly BrokenFlow[] {
  return unusable.filter(({ errors }) => !errors.some(isUnset)).map(({ name, errors }) => ({ flow: name, errors }));
}

export function isUnset({ code }: Pick<ConfigError, 'code'>): boolean {
  return code === 'HYG-1020';
}

/** The name of a workspace if hygge.yml sets no name. */
export const nameByFolder = (root: string): string => basename(root) || 'workspace';

/** Finds, reads, merges and checks a workspace. Throws `ConfigErrors` with all errors, not only the first. */
export async function loadWorkspace(request: LoadRequest): Promise<Workspace> {
  const problems = collectProblems();
  const found = await orAllAtOnce(() => findWorkspace(request.files, request.directory));
  const wanted = (flow: string) => request.flow === undefined || flow === request.flow;
  const { looking = false, target: meant, opens, secrets: values } = request;
  const { systems } = request.connectors;
  const told = values === undefined ? {} : { values };
  const reading = { wanted, looking, target: meant, opens, systems, ...told };
  const written = await readWorkspace(request.files, found, request.env, problems, reading);
  const checked = checkWorkspace(written, { vars: request.vars ?? [], ...told }, problems);
  for (const { name, entities } of written.flows) for (const shown of [name, ...entities.map((one) => one.name)]) values?.show(shown);
  for (const type of request.connectors.types()) values?.show(type);
  const name = checked.name ?? nameByFolder(found.root);
  const named = namedFiles({ root: found.root, files: request.files });
  const seenFrom = checked.localPlaces === 'absolute' ? filesystemRoot(found.root) : found.root;
  const around = { workspace: name, root: found.root, seenFrom, date: request.date, defaults: checked.defaults, named, problems };
  const connectors = withSystems(remembered(request.connectors), written.manifests, problems);
  const connections = await settleConnections(child(written.top, 'connections'), { connectors, problems, unset: written.unset });
  const flows: FlowSpec[] = [];
  const settled: SettledEntity[] = [];
  for (const flow of checked.flows) {
    const own = problems.of({ flow: flow.name });
    const within = { ...around, connectors, connections, problems: own };
    const found = request.found?.get(flow.name);
    const { flow: whole, finds, leftOut } = await withFound(flow, found, within);
    const any = finds !== null && found === undefined ? await settleAny(whole, within) : null;
    const entities = await withoutOwnTables(await settleFlow(whole, within), { flow: whole, leftOut }, within);
    settled.push(...entities);
    const { name, schedule, concurrency, allowVars, heartbeat } = flow;
    const notify = settleNotify(mergeTrees(checked.notify, flow.notify), flow, own);
    flows.push({ name, schedule, concurrency, allowVars, notify, heartbeat, entities: entities.map(({ spec }) => spec), finds, any });
  }
  const mirror = await settleMirror(checked.journal, { ...around, connectors, connections });
  settled.push(...mirror);
  const placing = { connectors, connections, problems, isOpened: !looking || opens !== undefined };
  const place = await settleStatePlace(child(written.top, 'state'), checked.state, placing);
  const other = await parseStateArgument(request.otherState, { ...placing, env: written.env, ...told });
  const files = [...new Set([...written.files, ...named.seen])].sort();
  if (request.rootless) checkRootless(settled, found.root, problems);
  checkSharedDestinations(settled, problems);
  const state = stateOfTarget(settleState(checked.state, written.env, place), written.target);
  const stateFolder = state.type === 'files' ? [state.folder] : [];
  const own = [ownFolder, ...stateFolder];
  checkSources(settled, { root: found.root, files, own }, problems);
  const reporting = { root: found.root, date: request.date, connectors, connections, problems, own };
  const report = looking
    ? null
    : await settleReport(checked.report, settled, { ...reporting, target: written.target, rootless: request.rootless === true });
  const attributed = problems.attributed(await knownPlaces(problems, connectors));
  const fatal = request.tolerant || request.looking ? attributed.filter(isEverybodys) : attributed;
  if (fatal.length > 0) throw new ConfigErrors(fatal.map(({ error }) => error));
  const unusable = unusableFlows(flows, { attributed, written: written.flows });
  return {
    name,
    root: found.root,
    target: written.target,
    written: written.written,
    signing: written.signing,
    originOf: written.originOf,
    flows: flows.filter((flow) => !unusable.some(({ name }) => name === flow.name)),
    unusable,
    options: checked.options,
    connections: [...connections.values()].flatMap(({ connection }) => connection?.spec ?? []),
    state,
    ...(other === null ? {} : { otherState: other }),
    mirror: mirror[0]?.spec ?? null,
    report,
    warnings: problems.warnings,
    files,
  };
}

/** Loads the connectors only if a key is unknown, because the keys of connectors are needed only for the message. */
async function knownPlaces({ strayKeys }: Problems, connectors: Connectors): Promise<(stray: StrayKey) => readonly string[]> {
  if (strayKeys.length === 0) return () => [];
  const known = await everyConnector(connectors);
  return (stray) => placesOf(stray, known);
}

/** The root of the path's file system, where every path is absolute. */
function filesystemRoot(path: string): string {
  return parse(path).root;
}

/** The mirror of the journal is set in hygge.yml, and runs with every flow. */
function isEverybodys({ whose }: AttributedError): boolean {
  return whose.length === 0 || whose.some(({ flow }) => flow === mirrorFlow);
}

function unusableFlows(
  flows: readonly FlowSpec[],
  { attributed, written }: { readonly attributed: readonly AttributedError[]; readonly written: readonly WrittenFlow[] },
): readonly UnusableFlow[] {
  const names = [...new Set(attributed.flatMap(({ whose }) => whose.map(({ flow }) => flow)))].sort();
  return names.map((name) => {
    const flow = flows.find((one) => one.name === name);
    const own = attributed.filter(({ whose }) => whose.some((one) => one.flow === name));
    const blamed = own.flatMap(({ whose }) => whose.flatMap((one) => (one.flow === name ? (one.entity ?? []) : [])));
    const inFiles = written.find((one) => one.name === name)?.entities.map((entity) => entity.name) ?? [];
    const entities = [...new Set([...(flow?.entities.map(({ entity }) => entity) ?? []), ...inFiles, ...blamed])];
    const stops = (entity: string) => (one: AttributedError['whose'][number]) =>
      one.flow === name && (one.entity === undefined || one.entity === entity);
    return {
      name,
      flow,
      errors: own.map(({ error }) => error),
      entities: (entities.length === 0 ? [name] : entities).map((entity) => ({
        name: entity,
        spec: flow?.entities.find((spec) => spec.entity === entity),
        errors: own.filter(({ whose }) => whose.some(stops(entity))).map(({ error }) => error),
      })),
    };
  });
}

/** Turns a single `ConfigError` into `ConfigErrors`, so that callers get only one class of errors. */
async function orAllAtOnce<T>(find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigErrors([error]) : error;
  }
}

/** Each connector is loaded only once for all entities. */
function remembered(connectors: Connectors): Connectors {
  const found = new Map<string, ReturnType<Connectors['find']>>();
  return {
    types: () => connectors.types(),
    find(type) {
      const known = found.get(type) ?? connectors.find(type);
      found.set(type, known);
      return known;
    },
  };
}

/** The name of the journal’s flow, which a flow of a user can’t have. */
const mirrorFlow = '_journal';

/** How far back hygge looks for late rows. The time of a row is the time when its write began, by the clock of its machine. So a row may appear after rows with a later time. */
const overlap = '7d';

/** `journal: { mirror: … }` as an entity: the journal is its home, incremental, with one row for each entity run. Without the key: no entity. */
async function settleMirror(journal: Entry | undefined, around: Surroundings): Promise<readonly SettledEntity[]> {
  if (journal === undefined || isNull(journal.value) || isEmptyMap(journal.value)) return [];
  const held = entry(journal.value, 'mirror');
  if (held === undefined || isNull(held.value)) {
    around.problems.add({
      code: 'HYG-1012',
      what: '`mirror` is missing: `journal` needs the place where the journal is published.',
      tryThis: ['Add a store: `journal: { mirror: lake/hygge }`.', 'Or remove `journal`, because the journal is also kept with the state.'],
      spot: journal.spot,
      missing: 'journal.mirror',
    });
    return [];
  }
  const name = textOf(journal.value, 'table') ?? 'hygge_journal';
  const spot = entry(journal.value, 'table')?.value.spot ?? journal.spot;
  const flow = { name: mirrorFlow, spot: held.spot, tree: asFlow(held, around), schedule: null, concurrency: null, allowVars: [] };
  const entities = [{ name, source: name, spot, tree: mapping(spot) }];
  return settleFlow(
    { ...flow, defaults: undefined, vars: undefined, notify: undefined, heartbeat: null, entities },
    { ...around, defaults: undefined },
  );
}

/** Whether a map is empty, as after the removal of the original’s keys. */
function isEmptyMap(tree: Tree): boolean {
  return tree.kind === 'map' && tree.entries.size === 0;
}

function asFlow(store: Entry, { problems }: Surroundings): MapNode {
  const { spot } = store;
  const at = (value: Tree): Entry => ({ spot, value, weight: 'explicit' });
  const text = (written: string) => at(textAt(spot, written));
  const watermark = mapping(spot, [
    ['column', text('finished_at')],
    ['key', text('entity_run_id')],
    ['overlap', text(overlap)],
  ]);
  const tree = mapping(spot, [
    ['home', at(mapping(spot, [['type', text('journal')]]))],
    ['store', store],
    ['run_type', text('incremental')],
    ['watermark', at(watermark)],
  ]);
  return presentSpelling(tree, problems);
}

/** The receivers of notices about a flow’s runs, merged from hygge.yml and the flow. Null: no notice is sent. */
function settleNotify(tree: Tree | undefined, flow: Pick<CheckedFlow, 'name' | 'spot'>, problems: Problems): NotifySpec | null {
  if (tree?.kind !== 'map') return null;
  const held = entry(tree, 'webhook');
  if (held === undefined) {
    problems.add({
      code: 'HYG-1012',
      what: '`webhook` is missing: `notify` needs a receiver.',
      tryThis: [`Add \`webhook: \${TEAMS_WEBHOOK}\`, and set that variable in the environment to the address.`],
      spot: tree.spot,
      missing: 'notify.webhook',
    });
    return null;
  }
  const { value } = held;
  if (value.kind === 'scalar' && typeof value.value === 'string' && !value.fromVariable) {
    const advice = `\`webhook: \${${flow.name.toUpperCase().replaceAll('-', '_')}_WEBHOOK}\``;
    problems.warn(
      'secret webhook',
      `${quoted('webhook')} is written out in the file. A variable keeps it out of version control: ${advice}.`,
      value.spot,
    );
  }
  const subject = { name: `flow ${quoted(flow.name)}`, spot: flow.spot, prefix: ['notify'] };
  // Each layer was already checked, and its problems were reported.
  const read = check(notify, tree, subject, collectProblems())?.value;
  if (read?.webhook === undefined) return null;
  const format = read.format ?? formatOfHost(URL.parse(read.webhook.reveal())?.hostname ?? '');
  return { on: read.on ?? ['error', 'recovered'], webhook: read.webhook, format };
}

/** The message format of an address, as far as its host shows it. */
function formatOfHost(host: string): NoticeFormat {
  const below = (...domains: readonly string[]) => domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  if (below('hooks.slack.com', 'hooks.slack-gov.com')) return 'slack';
  // Workflows of Teams use the first two hosts, and the older connectors use the third host.
  return below('logic.azure.com', 'api.powerplatform.com', 'webhook.office.com') ? 'teams' : 'json';
}

/** A workspace that is not a folder, such as a version in blob storage. Relative paths are impossible, because `root` is only a name. */
function checkRootless(settled: readonly SettledEntity[], root: string, problems: Problems): void {
  for (const one of settled) {
    for (const side of ['home', 'store'] as const) {
      const { disk, spot } = one[side];
      if (disk === undefined || !isInside(root, disk)) continue;
      problems.add({
        code: 'HYG-1080',
        what: `The ${side} of ${quoted(`${one.spec.flow}.${one.spec.entity}`)} is a path relative to the folder of hygge.yml, and the cloud has no workspace folder.`,
        why: ['The config comes from blob storage, and HYGGE_ROOT is not set.'],
        tryThis: [
          side === 'home' ? 'Read from a home in the cloud instead.' : 'Settle in a store in the cloud instead.',
          'Or set HYGGE_ROOT to a folder of the machine that runs the app: relative paths begin there.',
        ],
        spot,
      });
    }
  }
}

interface WorkspaceFolder {
  /** An absolute path. */
  readonly root: string;
  /** Every file of the config, relative to the root. */
  readonly files: readonly string[];
  /** Folders of hygge itself, relative to the root. */
  readonly own: readonly string[];
}

/** A store that replaces its folder deletes all files in the folder. So the folder must not contain a home or the workspace. */
function checkSources(settled: readonly SettledEntity[], workspace: WorkspaceFolder, problems: Problems): void {
  const stores = new Map<string, SettledEntity>();
  for (const one of settled) {
    const { disk, place } = one.store;
    if (place !== undefined && (disk === undefined || !coversWorkspace(one, disk, workspace, problems))) stores.set(keyOf(place), one);
  }
  for (const one of settled) {
    const { place, disk } = one.home;
    if (place === undefined) continue;
    const read = fixedPart(place.path, disk === undefined ? '' : workspace.root);
    const around = upwards(read).find((path) => stores.has(keyOf({ ...place, path })));
    const store = around === undefined ? undefined : stores.get(keyOf({ ...place, path: around }));
    if (store === undefined) continue;
    // A flow may read settled files of another flow. These files have an owner, so no store treats them as foreign.
    const chained = read === around && store.spec.flow !== one.spec.flow;
    if (!chained) refuseHome(one, store, problems);
  }
}

function coversWorkspace(one: SettledEntity, disk: string, { root, files, own }: WorkspaceFolder, problems: Problems): boolean {
  const inside = files.filter((file) => isInside(disk, onDisk(root, file)));
  const held = inside.find((file) => file.startsWith('hygge.')) ?? inside[0];
  const isTaken = (folder: string): boolean => isInside(folder, disk) || (isInside(disk, folder) && !isInside(`${disk}/_hygge`, folder));
  // A store never replaces files below its `_hygge` folder, because the state may be in that folder.
  const taken = own.find((folder) => isTaken(onDisk(root, folder)));
  if (held === undefined && taken === undefined) return false;
  problems.of(one.spec).add({
    code: 'HYG-1058',
    what:
      held === undefined
        ? `The store of flow ${quoted(one.spec.flow)} settles in ${taken}, the folder of hygge itself.`
        : `The store of flow ${quoted(one.spec.flow)} settles in a folder that contains ${held} of the workspace.`,
    why: [`It would settle in ${disk}.`, 'A store replaces the files in its folder, so it would delete the workspace.'],
    tryThis: ['Use a separate folder for the store, such as `store: lake`.'],
    spot: one.store.spot,
  });
  return true;
}

function refuseHome(one: SettledEntity, store: SettledEntity, problems: Problems): void {
  const settles = one.spec.flow === store.spec.flow ? 'the flow itself' : `flow ${quoted(store.spec.flow)}`;
  problems.of(one.spec, store.spec).add({
    code: 'HYG-1057',
    what: `The home of flow ${quoted(one.spec.flow)} is in a folder where ${settles} settles.`,
    why: [
      `${quoted(`${store.spec.flow}.${store.spec.entity}`)} settles in ${store.store.place?.shown}; a full load would delete the source.`,
    ],
    tryThis: ['Use a folder for the store next to the folder of the home.'],
    spot: one.home.spot,
  });
}
