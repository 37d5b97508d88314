/** The crash matrix of APIs: at each request of a run something goes wrong, the rows change, the run is resumed, and the destination is what the API has. */
import { existsSync } from 'node:fs';
import { duck } from '../../duck.ts';
import { asked } from '../../sqlite-file.ts';
import { TestWorkspace } from '../../workspace.ts';
import { type Driver, drivers, type Ended, runOnce } from './drivers.ts';
import { Machines, SceneClock } from './processes.ts';
import type { Kind, Scene, Store } from './scenes.ts';
import { TokenServer } from './tokens.ts';
import { type Fault, type Mishap, Wire } from './wire.ts';

export interface Cell {
  readonly kind: Kind;
  readonly store: Store;
  readonly driver: Driver;
  /** Which run something goes wrong in: the first one of all, or one that finds changes. */
  readonly run: 'first' | 'next';
  /** Absent: nothing goes wrong. */
  readonly fault?: Fault;
  /** How long the API takes for an answer. */
  readonly requestMs?: number;
}

export interface Outcome {
  /** Requests of the run that something went wrong in. */
  readonly requests: number;
  /** Whether it came to that. */
  readonly struck: boolean;
  /** How that run ended. */
  readonly ended: Ended;
  /** Empty: the destination is what the API has. */
  readonly wrong: readonly string[];
}

/** So long a request takes: a step of an app has read one page by then, and a token lives for four of them. */
const usualRequestMs = 200_000;

/** Longer than any lag, and than the lease of a run that is gone. */
const quietMs = 4 * 3_600_000;

const wentWell = (ended: Ended) => /^(pass|warn|skip)$/.test(ended);

/** Time moves on by sleeping: a watch beside the run would sleep it away. */
const unwatched = 'stall: 0s\n';

/** A list that changed may stop a run, which says so; the next one is whole. */
const mayStop = (ended: Ended) => wentWell(ended) || /^(death|HYG-3604|HYG-3605)$/.test(ended);

export async function outcomeOf({ kind, store, driver, run, fault, requestMs = usualRequestMs }: Cell): Promise<Outcome> {
  const time = new SceneClock();
  await using scene = await kind.open({ time, store });
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': `${scene.flow.trimEnd()}\n${unwatched}` });
  const wire = new Wire({ ...scene.wire, time, requestMs, tokens: new TokenServer(time) });
  await using machines = new Machines({ time, wire, workspace: await Machines.workspaceIn(workspace.root) });
  const wrong: string[] = [];
  time.ms += quietMs;
  if (run === 'next') {
    const begun = await runOnce(machines, driver);
    if (!wentWell(begun)) wrong.push(`the run before it ended ${begun}`);
    await scene.change({ when: 'between', boundaryMs: await boundaryOf(machines, scene) });
    time.ms += quietMs;
  }
  wire.arm(fault);
  let isChanged = false;
  wire.meanwhile = async () => {
    if (isChanged) return;
    isChanged = true;
    // A row with the value of an older watermark comes too late for everybody.
    await scene.change({ when: 'meanwhile', boundaryMs: undefined });
  };
  const ended = await runOnce(machines, driver);
  const { requests, struck } = wire;
  wire.arm(undefined);
  if (!mayStop(ended) && ended !== kind.mayStop) wrong.push(`the run ended ${ended}`);
  if (wire.wasted > 0) wrong.push(`${wire.wasted} tokens were asked for next to one that was good, or on its way`);
  if (driver !== 'command' && ended === 'death') wrong.push('a step that is delivered again ends');
  // What the process left, and what the rows became.
  time.ms += quietMs;
  const next = await runOnce(machines, driver);
  if (!wentWell(next)) wrong.push(`the next run ended ${next}`);
  await scene.change({ when: 'between', boundaryMs: await boundaryOf(machines, scene) });
  time.ms += quietMs;
  const last = await runOnce(machines, driver);
  if (!wentWell(last)) wrong.push(`one more run ended ${last}`);
  wrong.push(...(await differences(workspace, scene, store)));
  return { requests, struck: struck > 0, ended, wrong };
}

async function boundaryOf({ state }: Machines, { table }: Scene): Promise<number | undefined> {
  const watermark = (await state.read({ flow: 'f', entity: table }))?.row.settled?.watermark;
  if (watermark?.type.kind !== 'timestamp') return undefined;
  return Date.parse(watermark.text.replace(/(\.\d{3})\d*Z?$|Z?$/, (_, ms: string = '') => `${ms}Z`));
}

async function settled(workspace: TestWorkspace, { row, table }: Scene, store: Store): Promise<readonly string[]> {
  if (store === 'keyed') {
    const path = workspace.path('out.db');
    if (!existsSync(path)) return [];
    return (asked(path, `select ${row} as one from "${table}"`)[0] ?? []).map(({ one }) => String(one));
  }
  const found = await duck(
    `select ${row} as one from read_parquet('${workspace.path('lake', table, '*.parquet')}', union_by_name = true)`,
  ).catch((error: unknown) => {
    if (/No files found/.test(String(error))) return [];
    throw error;
  });
  return found.map(({ one }) => String(one));
}

async function differences(workspace: TestWorkspace, scene: Scene, store: Store): Promise<readonly string[]> {
  const is = await settled(workspace, scene, store);
  const should = scene.rows();
  const missing = should.filter((one) => !is.includes(one)).map((one) => `${one} is missing`);
  const twice = is.filter((one, i) => is.indexOf(one) !== i).map((one) => `${one} is there twice`);
  const known = store === 'plain' ? scene.versions() : new Set(should);
  const strange = is.filter((one) => !known.has(one)).map((one) => `${one} does not belong there`);
  return [...missing, ...twice, ...strange];
}

/** What may go wrong at a request. */
const ways: readonly (readonly [Mishap, Fault['then']?])[] = [
  ['dies before'],
  ['dies after'],
  ['lost'],
  ['lost', 'dies before'],
  ['expired'],
  ['expired', 'dies before'],
  ['expired', 'dies after'],
  ['away'],
];

export function faultsAt(at: number): readonly Fault[] {
  return ways.map(([what, then]) => ({ at, what, ...(then === undefined ? {} : { then }) }));
}

const mostRequests = 24;

export const runs = ['first', 'next'] as const;

export function told({ kind, store, driver, run, fault }: Cell): string {
  const { at, what, then } = fault ?? {};
  const struck = fault === undefined ? 'undisturbed' : `request ${at} ${what}${then === undefined ? '' : `, the one behind it ${then}`}`;
  return `${kind.name}, ${store}, by ${driver}, ${run} run: ${struck}`;
}

/** All cells of a kind; of a full load, and of steps that all run twice, one thing in turn at each request. */
export async function* cellsOf(kind: Kind): AsyncGenerator<Cell> {
  for (const store of kind.stores)
    for (const driver of drivers)
      for (const run of runs) {
        const bare = { kind, store, driver, run };
        yield bare;
        const { requests } = await outcomeOf(bare);
        // Of a run with very many requests, some of them.
        for (let at = 1; at <= requests; at += Math.ceil(requests / mostRequests)) {
          const all = faultsAt(at);
          yield* (store === 'full' || driver === 'twice' ? [all[at % all.length]] : all).flatMap((fault) =>
            fault ? [{ ...bare, fault }] : [],
          );
        }
      }
}

/** One cell of a kind, another one each day. */
export function cellOf(kind: Kind, fraction: () => number): Cell {
  const pick = <T>(all: readonly T[]) => all[Math.floor(fraction() * all.length)] as T;
  return { kind, store: pick(kind.stores), driver: pick(drivers), run: pick(runs), fault: pick(faultsAt(1 + Math.floor(fraction() * 10))) };
}
