/** Processes in one process: each has ports of its own, and hears nothing any more once it is dead. */
import { ProcessPools } from '../../../../src/adapters/process-pools.ts';
import { realRandom } from '../../../../src/adapters/real-random.ts';
import { realScratch } from '../../../../src/adapters/real-scratch.ts';
import { workspaceFiles } from '../../../../src/adapters/workspace-files.ts';
import { enginePorts, type Process, type RealPorts } from '../../../../src/assembly/ports.ts';
import { ByteBudget } from '../../../../src/frames/budget.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import type { HyggeEvent } from '../../../../src/ports/events.ts';
import type { Host } from '../../../../src/ports/host.ts';
import type { StateStore } from '../../../../src/ports/state.ts';
import { connectors } from '../../../../src/registry.ts';
import { loadWorkspace, type Workspace } from '../../../../src/workspace/load/load.ts';
import { MemoryState } from '../../sim/memory-state.ts';
import type { Mortal, Wire } from './wire.ts';

const never = () => new Promise<never>(() => undefined);

/** Time passes with requests, and with whoever sleeps. */
export class SceneClock {
  ms = Date.parse('2026-03-01T12:00:00.400Z');

  of(mortal: Pick<Mortal, 'isDead'>): Clock {
    return {
      now: () => new Date(this.ms).toISOString(),
      monotonicMs: () => this.ms,
      sleep: async (ms, signal) => {
        await new Promise((go) => setImmediate(go));
        signal?.throwIfAborted();
        if (mortal.isDead) return never();
        this.ms += ms;
      },
    };
  }
}

/** The machines of a matrix: what outlives every process. */
export class Machines implements AsyncDisposable {
  readonly time: SceneClock;
  readonly wire: Wire;
  readonly workspace: Workspace;
  readonly state = new MemoryState();
  readonly dead = new Set<number>();
  readonly events: HyggeEvent[] = [];
  readonly #all: MortalProcess[] = [];

  constructor(given: Pick<Machines, 'time' | 'wire' | 'workspace'>) {
    this.time = given.time;
    this.wire = given.wire;
    this.workspace = given.workspace;
  }

  static async workspaceIn(directory: string): Promise<Workspace> {
    return await loadWorkspace({ directory, env: {}, date: '2026-03-01', connectors, files: workspaceFiles });
  }

  /** @param holder who holds the leases of its runs: a function app is one holder, whatever process works for it. */
  begin(holder: 'process' | 'app'): MortalProcess {
    const process = new MortalProcess(this, { pid: this.#all.length + 1, holder });
    this.#all.push(process);
    return process;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#all) await process[Symbol.asyncDispose]();
    await this.wire[Symbol.asyncDispose]();
  }
}

export class MortalProcess implements Mortal, AsyncDisposable {
  isDead = false;
  /** Resolves with its death. */
  readonly died: Promise<void>;
  readonly clock: Clock;
  readonly state: StateStore;
  readonly resources: Process;
  readonly #pools: ProcessPools;
  readonly #machines: Machines;
  readonly #pid: number;
  #tellDeath: () => void = () => undefined;

  constructor(machines: Machines, { pid, holder }: { readonly pid: number; readonly holder: 'process' | 'app' }) {
    this.#machines = machines;
    this.#pid = pid;
    this.died = new Promise((resolve) => {
      this.#tellDeath = resolve;
    });
    this.clock = machines.time.of(this);
    this.state = this.#heard(machines.state);
    const self = { host: 'matrix', boot: 'a boot', pid: holder === 'app' ? 0 : pid, started: 'once', program: 'hygge go' };
    const host: Host = {
      self,
      processors: 2,
      fate: async (one) => (holder === 'app' ? 'unknown' : machines.dead.has(one.pid) ? 'dead' : 'alive'),
    };
    this.#pools = new ProcessPools(this.clock);
    this.resources = {
      host,
      scratch: realScratch(),
      pools: this.#pools,
      network: machines.wire.of(this),
      budget: new ByteBudget(64 * 1024 * 1024),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  die(): void {
    this.isDead = true;
    this.#machines.dead.add(this.#pid);
    this.#tellDeath();
  }

  ports(): Promise<RealPorts> {
    return enginePorts(this.#machines.workspace, {
      clock: this.clock,
      random: realRandom(),
      emit: (event) => void this.#machines.events.push(event as HyggeEvent),
      state: this.state,
      within: this.resources,
      countsInState: true,
    });
  }

  /** The state, which does nothing for a dead process, and whose answers it never hears. */
  #heard(state: MemoryState): StateStore {
    return new Proxy(state, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...given: readonly unknown[]) => {
          if (this.isDead) return never();
          const answer = Reflect.apply(value, target, given) as Promise<unknown>;
          return answer.then((said) => (this.isDead ? never() : said));
        };
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDead = true;
    await this.#pools[Symbol.asyncDispose]();
    await this.resources.scratch[Symbol.asyncDispose]();
  }
}
