/** What the functions of the app have together: one process, its ports, and the config that each run is pinned to. */

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

/** A flow as the config of one run has it. */
export interface PinnedFlow {
  /** What a run pins: a version, or the checksum of a folder's files. */
  readonly config: string;
  readonly workspace: Workspace;
  readonly flow: FlowSpec;
  /** What was found for it; null: it names its entities. */
  readonly found: readonly FoundEntity[] | null;
  readonly state: StateStore;
  readonly board: RunBoard;
  /** For the steps of the engine, which are given `OpenSides` over them. */
  ports(emit: Emit): Promise<RealPorts>;
}

export interface PinRequest extends Omit<FlowRequest, 'entities'> {
  readonly config: string | 'current';
  /** Whose run it is: a folder is read again for each. */
  readonly run: string;
  /** Of a flow that names no entities. `now`: what is at its home; `run`: what was kept for the run. Absent: what the state knows. */
  readonly found?: 'now' | 'run' | undefined;
}

export interface App {
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Random;
  /** Of the process. */
  readonly network: Network;
  /** What entity runs have open here from one step to the next. */
  readonly entityRuns: EntityRuns;
  /** What connections bear, over all runs of all flows that this process works for. */
  readonly limits: ConnectionLimits;
  /** Throws `ConfigErrors` when the flow can't be used, or no longer exists. */
  pin(request: PinRequest): Promise<PinnedFlow>;
  /** The flow as it is now; when that can't be used, as this process last could: its runs must be seen and stopped all the same. */
  look(flow: string): Promise<PinnedFlow>;
}

/** Configs kept in memory: those of the runs that are at work. */
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
    // What the config names and the home lacks has been reported by now.
    found: found?.filter(({ is }) => !isUnmatched(is)) ?? null,
    state,
    board,
    async ports(emit) {
      const [{ enginePorts }, within] = await Promise.all([import('./ports.ts'), process()]);
      // A run is pinned to its flow; the page tells of all, as the config has them by then.
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

/** Null: the flow names its entities, or nothing of it is known yet. Throws what its home says. */
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
  // A home without anything is for the one who wrote the flow: the config says so.
  if (found instanceof Error && found.code !== 'HYG-3201') throw found;
  return found;
}

/**
 * Steps of a run wait in a queue, for longer than a process on a laptop is ever silent. Less than a run waits for another one: of a run that
 * was ended from outside, and that was not looked at since, only the lease shows that it is over.
 */
const leaseMs = 150 * 60_000;

/**
 * The process of a function app, for the leases of its runs. A durable run continues without the worker that took its lease, so no process may
 * conclude from that worker's end that the run is dead: the holder is one that no machine can prove anything of.
 */
function hostOfApp(host: Host): Host {
  const { self } = host;
  return { ...host, leaseMs, self: { ...self, host: `${self.host} (one of its machines)`, boot: '', started: '' } };
}

/** The config that a run has pinned, with its flow. */

interface PinnedConfig {
  /** SHA-256 of the files, in hex. Of a version: all of them; of a folder: those that the flow is read from. */
  readonly id: string;
  readonly workspace: Workspace;
}

/**
 * Throws `ConfigErrors`, and a FlowError (HYG-2054) when a folder holds other files by now than the run began with: positions of entities
 * would mean others.
 */
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

/** What was read is what counts: a folder that is read twice may be another one. */
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

/** Values of variables are settings of the app and not pinned, as in a version. */
function idOf({ root, files, target }: Workspace, read: ReadonlyMap<string, string>): string {
  const written = files.filter((path) => !isDotEnv(path)).map((path) => [path, read.get(posix.join(root, path)) ?? ''] as const);
  return encodeVersion(new Map(written), target?.name ?? null).id;
}

function changedFolder(flow: string, { began, now, folder }: Record<'began' | 'now' | 'folder', string>): FlowError {
  return new FlowError({
    code: 'HYG-2054',
    what: `The config of ${flow} changed under its run.`,
    why: [
      `The run began with ${shortId(began)}; the folder ${folder} holds ${shortId(now)} now: the app was deployed again, or a file was edited.`,
    ],
    tryThis: [
      'Start the flow again: it runs by the new config, and finishes first what was decided',
      'To keep runs on the config that they began with, leave it out of the package and push it: hygge config push',
    ],
  });
}
