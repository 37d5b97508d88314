/** What the functions of the app have together: one process, its ports, and the config that each run is pinned to. */
import { realClock } from '../adapters/real-clock.ts';
import { realRandom } from '../adapters/real-random.ts';
import type { EnginePorts } from '../engine/contracts/ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { Emit } from '../ports/events.ts';
import { LruCache } from '../ports/lru-cache.ts';
import type { Random } from '../ports/random.ts';
import type { RunBoard } from '../ports/runs.ts';
import type { StateStore } from '../ports/state.ts';
import type { FlowSpec, Workspace } from '../workspace/load/load.ts';
import { ConfigErrors } from '../workspace/yaml/problems.ts';
import type { Environment, FlowRequest } from './app-config.ts';
import { hostOfApp } from './app-host.ts';
import { openAppState } from './app-state.ts';
import { EntityRuns } from './entity-runs.ts';
import { pinnedConfig } from './pinned-config.ts';
import type { Process } from './ports.ts';

/** A flow as the config of one run has it. */
export interface Pinned {
  /** What a run pins: a version, or the checksum of a folder's files. */
  readonly config: string;
  readonly workspace: Workspace;
  readonly flow: FlowSpec;
  readonly state: StateStore;
  readonly board: RunBoard;
  /** For the steps of the engine, which are given `OpenSides` over them. */
  ports(emit: Emit): Promise<EnginePorts>;
}

export interface PinRequest extends FlowRequest {
  readonly config: string | 'current';
  /** Whose run it is: a folder is read again for each. */
  readonly run: string;
}

export interface App {
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Random;
  /** What entity runs have open here from one step to the next. */
  readonly entityRuns: EntityRuns;
  /** Throws `ConfigErrors` when the flow can't be used, or is not there any more. */
  pin(request: PinRequest): Promise<Pinned>;
  /** The flow as it is now; when that can't be used, as this process last could: its runs must be seen and stopped all the same. */
  look(flow: string): Promise<Pinned>;
}

/** Configs kept in memory: those of the runs that are at work. */
const mostPinned = 16;

export function openApp(env: Environment): App {
  const clock = realClock();
  const random = realRandom();
  const pinned = new LruCache<Promise<Pinned>>(mostPinned);
  let shared: Promise<Process> | undefined;
  const process = () => {
    shared ??= import('./ports.ts').then(({ openProcess }) => openProcess(env.WEBSITE_SITE_NAME ?? 'function app', hostOfApp));
    return shared;
  };
  const usable = new Map<string, Pinned>();
  const now = async (request: PinRequest) => {
    const found = await pin({ env, clock, random, process }, request);
    usable.set(request.flow, found);
    return found;
  };
  return {
    env,
    clock,
    random,
    entityRuns: new EntityRuns(clock),
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
      const key = JSON.stringify([request.config, request.flow, request.date, request.vars]);
      return pinned.get(key, () => pin({ env, clock, random, process }, request));
    },
  };
}

interface Within extends Pick<App, 'env' | 'clock' | 'random'> {
  process(): Promise<Process>;
}

async function pin({ env, clock, random, process }: Within, request: PinRequest): Promise<Pinned> {
  const { id, workspace } = await pinnedConfig(env, request.config, request);
  const flow = workspace.flows.find(({ name }) => name === request.flow);
  if (flow === undefined) throw new Error(`flow ${request.flow} is not in its own workspace`);
  const { state, board } = await openAppState(workspace, env);
  return {
    config: id,
    workspace,
    flow,
    state,
    board,
    async ports(emit) {
      const [{ enginePorts }, within] = await Promise.all([import('./ports.ts'), process()]);
      return enginePorts(workspace, { clock, random, emit, state, within });
    },
  };
}
