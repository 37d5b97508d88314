import { ProcessPools } from '../../src/adapters/process-pools.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Opening } from '../../src/engine/contracts/connector.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Home, SliceRef, Window } from '../../src/engine/contracts/home.ts';
import { toArrow } from '../../src/frames/values/from-polars.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import { findConnector } from '../../src/registry.ts';
import type { TestDatabase } from './postgres.ts';
import { testNetwork } from './test-network.ts';

export interface OpenedHomes extends AsyncDisposable {
  /** Opened as an entity run does it. @param config beside who and where. */
  home(config: Readonly<Record<string, unknown>>, steps?: Opening['steps']): Promise<Home>;
  readonly opening: Opening;
}

/** What homes and stores of a database are opened with, in one process. */
export function openingOfTests(): { readonly opening: Opening; readonly pools: ProcessPools } {
  const clock = realClock();
  const pools = new ProcessPools(clock);
  const unused = async (): Promise<never> => {
    throw new Error('a database needs no scratch');
  };
  const scratch = { path: unused, free: unused, [Symbol.asyncDispose]: async () => undefined };
  const given = { clock, random: realRandom(), scratch, pools, network: testNetwork };
  return { pools, opening: { flow: 'f', entity: 'e', root: '/', steps: 'here', pinned: null, ...given } };
}

/**
 * Homes of a type, in one process.
 * @param keys who and where.
 * @param folder where scratch lies and relative paths begin; absent: there are none.
 */
export function homesBy(
  type: string,
  keys: Readonly<Record<string, unknown>>,
  folder?: string,
): OpenedHomes & { readonly pools: ProcessPools } {
  const opened: Home[] = [];
  const { opening: given, pools } = openingOfTests();
  const opening = folder === undefined ? given : { ...given, root: folder, scratch: realScratch({ folder }) };
  return {
    opening,
    pools,
    async home(config, steps = 'here') {
      const side = (await findConnector(type))?.home;
      const home = await side?.open(side.config.parse({ ...keys, ...config }) as never, { ...opening, steps });
      if (!home) throw new Error('no home');
      opened.push(home);
      return home;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((home) => home[Symbol.asyncDispose]()));
      await pools[Symbol.asyncDispose]();
      await opening.scratch[Symbol.asyncDispose]();
    },
  };
}

/** Where a database is, and who comes. */
type TestAddress = Pick<TestDatabase, 'host' | 'port' | 'user' | 'password' | 'database'>;

/** Homes over one database of the tests, in one process. */
export function postgresHomes(of: TestAddress, more: Readonly<Record<string, unknown>> = {}): OpenedHomes {
  const { host, port, user, password, database } = of;
  return homesBy('postgres', { host, port, user, password, database, safe_wait: '200ms', ...more });
}

export const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' };
const never = new AbortController().signal;

export async function slicesOf(home: Home, window: Window = everything, sliceBytes = 128 * 1024 * 1024): Promise<readonly SliceRef[]> {
  const step = await home.plan(window, { sliceBytes });
  if ('again' in step) throw new Error('a database answers at once');
  return step.done.slices;
}

export async function* framesOf(home: Home, window: Window = everything, sliceBytes?: number): AsyncGenerator<Frame> {
  for (const slice of await slicesOf(home, window, sliceBytes)) yield* framesIn(home, slice, window);
}

export async function* framesIn(home: Home, slice: SliceRef, window: Window = everything): AsyncGenerator<Frame> {
  for await (const item of home.read(slice, window, undefined, never)) {
    if ('checkpoint' in item || ('rejected' in item && !item.asNull)) throw new Error('a database gives frames');
    if ('rejected' in item) continue;
    yield item;
  }
}

/** Rows as values of Arrow, for tests of few. */
export async function rowsOf(frames: AsyncIterable<Frame>): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const frame of frames) {
    const table = await toArrow(await asPolars(frame).collect());
    for (const row of table) rows.push(row.toJSON() as Record<string, unknown>);
  }
  return rows;
}
