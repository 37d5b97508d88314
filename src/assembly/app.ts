/** The parts that all functions of the app share: one process, its ports, and the config that each run is pinned to. */

import { posix } from 'node:path';
import { ProcessNetwork } from '../adapters/process-network.ts';
import { realClock } from '../adapters/real-clock.ts';
import { realRandom } from '../adapters/real-random.ts';
import { ConnectionLimits } from '../engine/entity/connection-limits.ts';
import { FlowError } from '../errors/hygge-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Emit } from '../ports/events.ts';
import type { Host } from '../ports/host.ts';
import { LruCache } from '../ports/lru-cache.ts';
import type { Network } from '../ports/network.ts';
import type { Random } from '../ports/random.ts';
import type { RunBoard } from '../ports/runs.ts';
import type { StateStore } from '../ports/state.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';
import { type FoundEntities, type FoundEntity, isUnmatched } from '../workspace/load/finds.ts';
import { type FlowSpec, isFinding, type Workspace } from '../workspace/load/load.ts';
import { isDotEnv } from '../workspace/read/dot-env.ts';
import { encodeVersion, shortId } from '../workspace/versions/content.ts';
import { ConfigErrors } from '../workspace/yaml/problems.ts';
import { type Environment, type FlowRequest, loadFlow, loadReadOnly, openConfig } from './app-config.ts';
import { openAppState } from './app-state.ts';
import { EntityRuns } from './entity-runs.ts';
import { nothingKept } from './errors.ts';
import type { Process, RealPorts } from './ports.ts';

/** A flow in the config of one run. */
export interface PinnedFlow {
  /** The config that a run pins: the id of a version, or the checksum of a folder’s files. */
  readonly config: string;
  readonly workspace: Workspace;
  readonly flow: FlowSpec;
  /** The found entities of the flow; null: the flow names its entities. */
  readonly found: readonly FoundEntity[] | null;
  readonly state: StateStore;
  readonly board: RunBoard;
  /** The ports for the steps of the engine. A step gets `OpenSides`, made of these ports. */
  ports(emit: Emit): Promise<RealPorts>;
}

export interface PinRequest extends Omit<FlowRequest, 'entities'> {
  readonly config: string | 'current';
  /** The id of the run. The config in a folder is read again for each run. */
  readonly run: string;
  /** How to find the entities of a flow that names none. `now`: in its home; `run`: in the stored list of the run. Absent: in the state. */
  readonly found?: 'now' | 'run' | undefined;
}

export interface App {
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Random;
  /** The environment of the process. */
  readonly network: Network;
  /** Resources that entity runs keep open here between steps. */
  readonly entityRuns: EntityRuns;
  /** The limits of connections, over all runs of all flows in this process. */
  readonly limits: ConnectionLimits;
  /** Throws `ConfigErrors` if the flow can't be used, or no longer exists. */
  pin(request: PinRequest): Promise<PinnedFlow>;
  /** The current flow. For an invalid flow: its last valid form in this process, because its runs must still be visible and stoppable. */
  look(flow: string): Promise<PinnedFlow>;
}

/** How many configs are kept in memory, for running runs. */
const mostPinned = 16;

export function openApp(env: Environment): App {
  const clock = realClock();
  const random = realRandom();
  const network = new ProcessNetwork();
  const pinned = new LruCache<Promise<PinnedFlow>>(mostPinned);
  let shared: Promise<Process> | undefined;
  const process = () => {
    shared ??= import('./ports.ts').then(({ openProcessResources }) =>
      openProcessResources(env.WEBSITE_SITE_NAME ?? 'function app', { network, holder: hostOfApp }),
    );
    return shared;
  };
  const usable = new Map<string, PinnedFlow>();
  const now = async (request: PinRequest) => {
    const found = await pin({ env, clock, random, network, process }, request);
    usable.set(request.flow, found);
    return found;
  };
  return {
    env,
    clock,
    random,
    network,
    entityRuns: new EntityRuns(clock),
    limits: new ConnectionLimits(),
    async look(flow) {
      try {
        return await now({ flow, config: 'current', date: clock.now().slice(0, 10), run: '' });
      } catch (error) {
        const before = usable.get(flow);
        if (before !== undefined && error instanceof ConfigErrors) return before;
        throw error;
      }
    },
    pin(request) {
      if (request.config === 'current') return now(request);
      const { config, flow, date, vars, found } = request;
      const key = JSON.stringify([config, flow, date, vars, ...(found === undefined ? [] : [found, request.run])]);
      return pinned.get(key, () => pin({ env, clock, random, network, process }, request));
    },
  };
}

interface AppProcess extends Pick<App, 'env' | 'clock' | 'random' | 'network'> {
  process(): Promise<Process>;
}

async function pin(within: AppProcess, request: PinRequest): Promise<PinnedFlow> {
  const { env, clock, random, network, process } = within;
  const { id, workspace: bare } = await pinnedConfig(within, request.config, request);
  const { state, board } = await openAppState(bare, { env, network, pools: async () => (await process()).pools });
  const found = await foundFor(within, { bare, state }, request);
  const { workspace } = found === null ? { workspace: bare } : await pinnedConfig(within, id, { ...request, entities: found });
  if (found instanceof Error) throw found;
  const flow = flowIn(workspace, request);
  return {
    config: id,
    workspace,
    flow,
    // Names in the config that are missing at the home have already been reported.
    found: found?.filter(({ is }) => !isUnmatched(is)) ?? null,
    state,
    board,
    async ports(emit) {
      const [{ enginePorts }, within] = await Promise.all([import('./ports.ts'), process()]);
      // A run is pinned to its flow; the page shows all flows, in the current config.
      const whole = async () => ({
        workspace: await loadReadOnly(env, await openConfig(env, network, 'current'), { date: request.date, state }),
        settings: env,
      });
      return enginePorts(workspace, { clock, random, emit, state, within, whole, steps: 'anywhere', countsInState: true });
    },
  };
}

function flowIn(workspace: Workspace, { flow }: Pick<PinRequest, 'flow'>): FlowSpec {
  const found = workspace.flows.find(({ name }) => name === flow);
  if (found === undefined) throw new Error(`flow ${flow} is not in its own workspace`);
  return found;
}

/** The found entities; null: the flow names its entities, or no entity is known yet. Throws the errors of its home. */
async function foundFor(
  { clock, random, network, process }: AppProcess,
  { bare, state }: { readonly bare: Workspace; readonly state: StateStore },
  request: PinRequest,
): Promise<FoundEntities | null> {
  const flow = flowIn(bare, request);
  if (!isFinding(flow)) return null;
  if (request.found === 'run') {
    const kept = await (await import('./run-entities.ts')).foundEntitiesOfRun(state, request);
    if (kept === undefined) throw nothingKept(request);
    return kept;
  }
  const { findKnown, findNow } = await import('./found/find.ts');
  if (request.found === undefined) {
    const known = await findKnown(flow, state);
    return known.length === 0 ? null : known;
  }
  const { pools, scratch } = await process();
  const opening = {
    flow: flow.name,
    entity: '',
    root: bare.root,
    clock,
    random,
    scratch,
    pools,
    network,
    steps: 'anywhere' as const,
    pinned: null,
  };
  const found = await findNow(flow, { opening, state });
  // An empty home is an error for the author of the flow.
  if (found instanceof Error && found.code !== 'HYG-3201') throw found;
  return found;
}

/**
 * How long a holder may be silent: longer than on a laptop, because steps of a run wait in a queue. If a run was ended from outside, only its lease shows
 * the end. So this time is shorter than the time for which other runs wait.
 */
const leaseMs = 150 * 60_000;

/**
 * The process of a function app, for the leases of its runs. A durable run continues without the worker that took its lease, so the end of the worker does
 * not prove that the run is dead. Therefore the holder names no process that another process on the machine could check.
 */
function hostOfApp(host: Host): Host {
  const { self } = host;
  return { ...host, leaseMs, self: { ...self, host: `${self.host} (one of its machines)`, boot: '', started: '' } };
}

/** The config that a run has pinned, with its flow. */

interface PinnedConfig {
  /** SHA-256 of the files, in hex. For a version: of all files; for a folder: of the files of the flow. */
  readonly id: string;
  readonly workspace: Workspace;
}

/** Throws `ConfigErrors`, and a FlowError (HYG-2054) if the files of a folder have changed since the run began, because positions of entities could mean other entities. */
async function pinnedConfig(
  { env, network }: Pick<App, 'env' | 'network'>,
  wanted: string | 'current',
  request: FlowRequest,
): Promise<PinnedConfig> {
  const opened = await openConfig(env, network, wanted);
  if (opened.id !== null) return { id: opened.id, workspace: await loadFlow(env, opened, request) };
  const read = new Map<string, string>();
  const workspace = await loadFlow(env, { ...opened, files: noting(opened.files, read) }, request);
  const id = idOf(workspace, read);
  if (wanted !== 'current' && wanted !== id) throw changedFolder(request.flow, { began: wanted, now: id, folder: opened.directory });
  return { id, workspace };
}

/** The folder may change between two reads. So the checksum is computed from the content that was read for the run. */
function noting(files: WorkspaceFiles, read: Map<string, string>): WorkspaceFiles {
  return {
    list: (dir) => files.list(dir),
    async read(path) {
      const text = await files.read(path);
      read.set(path, text);
      return text;
    },
  };
}

/** Values of variables are left out, as in a version, because they are settings of the app. */
function idOf({ root, files, target }: Workspace, read: ReadonlyMap<string, string>): string {
  const written = files.filter((path) => !isDotEnv(path)).map((path) => [path, read.get(posix.join(root, path)) ?? ''] as const);
  return encodeVersion(new Map(written), target?.name ?? null).id;
}

function changedFolder(flow: string, { began, now, folder }: Record<'began' | 'now' | 'folder', string>): FlowError {
  return new FlowError({
    code: 'HYG-2054',
    what: `The config of ${flow} changed during its run.`,
    why: [
      `The run began with ${shortId(began)}; the folder ${folder} contains ${shortId(now)} now. The app was deployed again, or a file was edited.`,
    ],
    tryThis: [
      'Start the flow again: it uses the new config, and first finishes decided commits',
      'To keep runs on the config that they began with, leave the config out of the package and push it: hygge config push',
    ],
  });
}
