import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { workspaceFiles } from '../../../src/adapters/workspace-files.ts';
import { openState } from '../../../src/assembly/open-state.ts';
import { enginePorts, openProcessResources, type Process } from '../../../src/assembly/ports.ts';
import { runEntity } from '../../../src/engine/entity/entity-run.ts';
import type { EntitySummary } from '../../../src/ports/events.ts';
import { Semaphore } from '../../../src/ports/semaphore.ts';
import type { StateStore } from '../../../src/ports/state.ts';
import { connectorTypes, findConnector } from '../../../src/registry.ts';
import { loadWorkspace, type Workspace } from '../../../src/workspace/load/load.ts';
import { duck } from '../duck.ts';
import { growingRows } from '../kill-rounds.ts';
import { noWaiting } from '../no-waiting.ts';
import { testNetwork } from '../test-network.ts';
import { TestWorkspace } from '../workspace.ts';
import type { LakePlace } from './lake.ts';

/** What a run is told of when its process dies. */
export class Dead extends Error {}

export interface HowToRun {
  /** From then on this run's process is dead: it reaches its state no more. */
  readonly isDead?: () => boolean;
  /** Takes the entity over from whoever holds it. */
  readonly takeOver?: boolean;
  /** Nobody waits: it is noted here how long it would have been, which is what the run's clock says has passed. */
  readonly waits?: number[];
}

/** A lake as another reader than hygge sees it. */
export interface Seen {
  /** Every file that somebody who lists the folder sees. */
  readonly listed: readonly string[];
  /** Word by word. */
  readonly head: string;
  /** Listed, and not in the head. */
  readonly strays: readonly string[];
  /** In the head, and not listed. */
  readonly missing: readonly string[];
  /** What waits to be published. */
  readonly left: readonly string[];
  /** How many rows are in the source only or in the files of the head only; '' none. */
  readonly differing: string;
}

/** As many rows as have one watermark, so that every run ends amid a group, and replaces that of the run before. */
const step = 7;
const begunWith = 16;

/**
 * A small incremental flow between local parquet and a lake, state on this machine's disk, run in this process by the engine's own driver;
 * the source grows between runs. Waits are cut short.
 */
export class GrowingLake implements AsyncDisposable {
  readonly #lake: LakePlace;
  readonly #folder: string;
  readonly #workspace: TestWorkspace;
  readonly #loaded: Workspace;
  readonly #process: Process;
  #rows = 0;
  #files = 0;
  #runs = 0;

  private constructor(lake: LakePlace, folder: string, made: { workspace: TestWorkspace; loaded: Workspace; process: Process }) {
    this.#lake = lake;
    this.#folder = folder;
    this.#workspace = made.workspace;
    this.#loaded = made.loaded;
    this.#process = made.process;
  }

  /** Settled once. @param folder in the lake, used by nobody else. */
  static async in(lake: LakePlace, folder: string): Promise<GrowingLake> {
    // Its clock waits for nothing: a watch for standstill would never pause.
    const flow = `home: in\nstore: ${lake.side(folder)}\nrun_type: incremental\nwatermark: { column: at }\nstall: 0s\n`;
    const workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
    const [loaded, process] = await Promise.all([loadedFrom(workspace, lake.env), openProcessResources('test')]);
    const made = new GrowingLake(lake, folder, { workspace, loaded, process });
    await made.grow(begunWith);
    const first = await made.run();
    if (first.status !== 'pass') throw new Error(`the first run: ${JSON.stringify(first.error)}`);
    return made;
  }

  /** More rows in the source, of which the first ones belong to the newest group that there was. */
  async grow(rows = step): Promise<void> {
    await this.#workspace.parquet(`in/${++this.#files}.parquet`, growingRows(this.#rows, this.#rows + rows));
    this.#rows += rows;
  }

  async run({ isDead = () => false, takeOver = false, waits = [] }: HowToRun = {}): Promise<EntitySummary> {
    const state = mortal(await openState(this.#loaded, { network: testNetwork, pools: this.#process.pools }), isDead);
    const clock = {
      ...realClock(),
      ...noWaiting(waits).clock,
      sleep: async (ms: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        waits.push(ms);
      },
    };
    const given = { clock, random: { ...realRandom(), fraction: () => 1 }, emit: () => undefined, state, within: this.#process };
    await using ports = await enginePorts(this.#loaded, given);
    const spec = this.#loaded.flows[0]?.entities[0];
    if (!spec) throw new Error('the workspace has no entity');
    const runId = `run${++this.#runs}`;
    const ids = { invocationId: runId, runId, entityRunId: `${runId}.1`, flow: spec.flow, entity: spec.entity };
    const how = { workspace: 'test', runType: null, wait: false, takeOver, sliceSlots: new Semaphore(2) };
    return runEntity({ ids, spec, ...how, signal: new AbortController().signal }, ports);
  }

  async seen(): Promise<Seen> {
    const to = this.#workspace.path('lake');
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to);
    await this.#lake.download(this.#folder, to);
    const all = [...this.#workspace.tree('lake').keys()].map((path) => path.slice('lake/'.length));
    const listed = all.filter((path) => !path.startsWith('_hygge/'));
    const head = readFileSync(this.#workspace.path('lake', '_hygge/f/f/current.json'), 'utf8');
    const { files } = JSON.parse(head) as { files: readonly { name: string }[] };
    const names = files.map(({ name }) => name);
    const missing = names.filter((name) => !listed.includes(name));
    return {
      listed,
      head,
      strays: listed.filter((name) => !names.includes(name)),
      missing,
      left: all.filter((path) => /\/staging\/|\.hygge-/.test(path)),
      differing: missing.length > 0 ? 'not counted' : await this.#difference(names),
    };
  }

  /** What is wrong with the lake; empty: it holds the rows of the source, each once, and nothing that was begun and not ended. */
  async problems(): Promise<readonly string[]> {
    const { strays, missing, left, differing } = await this.seen();
    const here = [...this.#workspace.tree('.hygge').keys()].filter((path) => /\/plans\/|\/receipts\/|\/intents\//.test(path));
    const unfinished = await this.#lake.unfinished();
    return Object.entries({
      strays,
      missing,
      'left in the lake': left,
      'left in the state': here,
      unfinished,
      'rows that differ': differing,
    })
      .filter(([, found]) => found.length > 0)
      .map(([what, found]) => `${what}: ${Array.isArray(found) ? found.join(', ') : found}`);
  }

  async #difference(names: readonly string[]): Promise<string> {
    const settled = `read_parquet([${names.map((name) => `'${this.#workspace.path('lake', name)}'`).join(', ')}])`;
    const source = `'${this.#workspace.path('in')}/*.parquet'`;
    const [row] = await duck(
      `select count(*) as n from ((from ${settled} except all from ${source}) union all (from ${source} except all from ${settled}))`,
    );
    return Number(row?.n) === 0 ? '' : String(row?.n);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    this.#workspace[Symbol.dispose]();
  }
}

export function loadedFrom(workspace: TestWorkspace, env: Readonly<Record<string, string>>): Promise<Workspace> {
  return loadWorkspace({
    directory: workspace.root,
    env,
    vars: [],
    date: '2026-01-01',
    connectors: { types: connectorTypes, find: findConnector },
    files: workspaceFiles,
  });
}

/** The state as a process that may die sees it. */
function mortal(state: StateStore, isDead: () => boolean): StateStore {
  return new Proxy(state, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...args: unknown[]) => {
        if (isDead()) throw new Dead('this process was killed');
        return Reflect.apply(found, target, args) as unknown;
      };
    },
  });
}
