import { basename } from 'node:path';
import type { ConnectionSpec, EntitySpec } from '../../engine/contracts/spec.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { NotifySpec } from '../../ports/webhook.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { findWorkspace } from '../read/find.ts';
import { mergeTrees } from '../read/merge.ts';
import { readWorkspace, type WrittenFlow } from '../read/read.ts';
import { settleConnections } from '../sides/connections.ts';
import type { Connectors } from '../sides/side-type.ts';
import { otherState, settleStatePlace } from '../state/place.ts';
import { ownFolder, type StateSettings, settleState } from '../state/settings.ts';
import { type Attributed, ConfigErrors, collectProblems, type Warning } from '../yaml/problems.ts';
import { child } from '../yaml/tree.ts';
import { expectedFiles } from './expected-files.ts';
import { type SettledEntity, settleFlow } from './flow.ts';
import { mirrorFlow, settleMirror } from './mirror.ts';
import { settleNotify } from './notify.ts';
import { checkDestinations } from './places.ts';
import { checkRootless } from './rootless.ts';
import { checkSources } from './sources-kept.ts';
import { checkWorkspace } from './validate.ts';

export { ConfigErrors } from '../yaml/problems.ts';

export interface LoadRequest {
  /** Absolute; hygge.yml is looked for here and in every folder above. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `flow.<flow>.<path>=<yaml value>`. */
  readonly vars?: readonly string[];
  /** UTC date of the run's start, `YYYY-MM-DD`: what `{date}` stands for. */
  readonly date: string;
  readonly connectors: Connectors;
  readonly files: WorkspaceFiles;
  /** `directory` is only a name: there is no folder that relative paths could begin at. */
  readonly rootless?: boolean;
  /** Another place of state than `state:` says, as YAML. */
  readonly otherState?: string | undefined;
  /** The only flow to look at: others may be as wrong as they like. Its name must be one of `flowNames`. */
  readonly flow?: string;
  /** A flow that can't be used is told among `unusable`, instead of stopping all. What hygge.yml says of everything stops all the same. */
  readonly tolerant?: boolean;
  /** Nothing of a flow will be opened: variables that only flows need may be unset. Their flows may hold `${NAME}` as it is written. */
  readonly looking?: boolean;
}

/** A flow that something is wrong with. */
export interface UnusableFlow {
  readonly name: string;
  /** Everything that is wrong with it and its entities. */
  readonly errors: readonly ConfigError[];
  /** As far as it could be read; undefined: not at all. */
  readonly flow: FlowSpec | undefined;
  /** Every entity whose name is known. */
  readonly entities: readonly UnusableEntity[];
}

export interface UnusableEntity {
  readonly name: string;
  /** As far as it could be read; with `errors` it must not be run. */
  readonly spec: EntitySpec | undefined;
  /** What stops this one: its own mistakes and those of the flow as a whole. Empty: it can be run by itself. */
  readonly errors: readonly ConfigError[];
}

export interface FlowSpec {
  readonly name: string;
  /** Six-field cron, UTC, or `%NAME%` for an app setting; null: only by hand. */
  readonly schedule: string | null;
  /** Entities of this flow at once; null: only the workspace's limit. */
  readonly concurrency: number | null;
  /** Keys that whoever starts a run over HTTP may set. */
  readonly allowVars: readonly string[];
  /** Whom to tell of its runs; null: nobody. */
  readonly notify: NotifySpec | null;
  /** In the order they are written or, for files, by file name; never empty. */
  readonly entities: readonly EntitySpec[];
}

/** A workspace that can be run: everything merged, final and checked. */
export interface Workspace {
  readonly name: string;
  /** Absolute folder of hygge.yml. */
  readonly root: string;
  /** By name; folders first, then those written in hygge.yml. */
  readonly flows: readonly FlowSpec[];
  /** By name. Only where it was asked to be tolerant. */
  readonly unusable: readonly UnusableFlow[];
  readonly options: { readonly concurrency: number; readonly continueOnError: boolean };
  readonly connections: readonly ConnectionSpec[];
  readonly state: StateSettings;
  /** What `otherState` of the request says, if anything. */
  readonly otherState?: StateSettings;
  /** The entity that publishes the journal, of a flow that is not among `flows`; null: there is none. */
  readonly mirror: EntitySpec | null;
  readonly warnings: readonly Warning[];
  /** Every file that was read, relative to the root. */
  readonly files: readonly string[];
}

/** Finds, reads, merges and checks a workspace. Throws `ConfigErrors` with everything that is wrong, never only the first. */
export async function loadWorkspace(request: LoadRequest): Promise<Workspace> {
  const problems = collectProblems();
  const found = await orAllAtOnce(() => findWorkspace(request.files, request.directory));
  const wanted = (flow: string) => request.flow === undefined || flow === request.flow;
  const written = await readWorkspace(request.files, found, request.env, problems, { wanted, looking: request.looking === true });
  const checked = checkWorkspace(written, request.vars ?? [], problems);
  const name = checked.name ?? (basename(found.root) || 'workspace');
  const expected = expectedFiles({ root: found.root, files: request.files });
  const around = { workspace: name, root: found.root, date: request.date, defaults: checked.defaults, expected, problems };
  const connectors = remembered(request.connectors);
  const connections = await settleConnections(child(written.top, 'connections'), { connectors, problems });
  const flows: FlowSpec[] = [];
  const settled: SettledEntity[] = [];
  for (const flow of checked.flows) {
    const own = problems.of({ flow: flow.name });
    const entities = await settleFlow(flow, { ...around, connectors, connections, problems: own });
    settled.push(...entities);
    const { name, schedule, concurrency, allowVars } = flow;
    const notify = settleNotify(mergeTrees(checked.notify, flow.notify), flow, own);
    flows.push({ name, schedule, concurrency, allowVars, notify, entities: entities.map(({ spec }) => spec) });
  }
  const mirror = await settleMirror(checked.journal, { ...around, connectors, connections });
  settled.push(...mirror);
  const place =
    checked.state?.type === 'object' ? await settleStatePlace(child(written.top, 'state'), { connectors, problems }) : undefined;
  const other = await otherState(request.otherState, { connectors, problems, env: written.env });
  const files = [...new Set([...written.files, ...expected.seen])].sort();
  if (request.rootless) checkRootless(settled, found.root, problems);
  checkDestinations(settled, problems);
  const state = settleState(checked.state, written.env, place);
  const stateFolder = state.type === 'files' ? [state.folder] : [];
  checkSources(settled, { root: found.root, files, own: [ownFolder, ...stateFolder] }, problems);
  const attributed = problems.attributed();
  const fatal = request.tolerant || request.looking ? attributed.filter(isEverybodys) : attributed;
  if (fatal.length > 0) throw new ConfigErrors(fatal.map(({ error }) => error));
  const unusable = unusableFlows(flows, { attributed, written: written.flows });
  return {
    name,
    root: found.root,
    flows: flows.filter((flow) => !unusable.some(({ name }) => name === flow.name)),
    unusable,
    options: checked.options,
    connections: [...connections.values()].flatMap((one) => one?.spec ?? []),
    state,
    ...(other === null ? {} : { otherState: other }),
    mirror: mirror[0]?.spec ?? null,
    warnings: problems.warnings,
    files,
  };
}

/** The journal's mirror is written in hygge.yml, and goes with every run. */
function isEverybodys({ whose }: Attributed): boolean {
  return whose.length === 0 || whose.some(({ flow }) => flow === mirrorFlow);
}

function unusableFlows(
  flows: readonly FlowSpec[],
  { attributed, written }: { readonly attributed: readonly Attributed[]; readonly written: readonly WrittenFlow[] },
): readonly UnusableFlow[] {
  const names = [...new Set(attributed.flatMap(({ whose }) => whose.map(({ flow }) => flow)))].sort();
  return names.map((name) => {
    const flow = flows.find((one) => one.name === name);
    const own = attributed.filter(({ whose }) => whose.some((one) => one.flow === name));
    const blamed = own.flatMap(({ whose }) => whose.flatMap((one) => (one.flow === name ? (one.entity ?? []) : [])));
    const inFiles = written.find((one) => one.name === name)?.entities.map((entity) => entity.name) ?? [];
    const entities = [...new Set([...(flow?.entities.map(({ entity }) => entity) ?? []), ...inFiles, ...blamed])];
    const stops = (entity: string) => (one: Attributed['whose'][number]) =>
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

/** Callers meet one kind of error, whatever went wrong. */
async function orAllAtOnce<T>(find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigErrors([error]) : error;
  }
}

/** Each connector is looked for once, however many entities use it. */
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
