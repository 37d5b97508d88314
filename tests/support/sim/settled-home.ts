import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { type Home, isFrame, usualReading } from '../../../src/engine/contracts/home.ts';
import type { Head, Store } from '../../../src/engine/contracts/store.ts';
import { but } from '../but.ts';
import { inPartition } from './destination.ts';
import { baseSchema, type Row, rowsOfFrame, SimFrame } from './rows.ts';

/** What settled in the model of a table. */
export function settledHome(head: Pick<Head, 'schema'>, rows: () => Promise<readonly Row[]>): Home {
  const schema = head.schema ?? baseSchema;
  return {
    reading: { ...usualReading, filter: 'none' },
    rowCondition: '',
    place: 'the simulated table',
    describe: async () => ({ done: { schema, rows: undefined, bytes: undefined, summary: 'settled rows' } }),
    bound: async () => ({ done: undefined }),
    future: async () => ({ done: { rows: 0, latest: null, until: null } }),
    nulls: async () => ({ done: 0 }),
    plan: async () => ({ done: { slices: [{ ref: {}, rows: null, bytes: null }] } }),
    async *read(): AsyncGenerator<Frame> {
      yield new SimFrame(schema, await rows());
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What settled in files of the simulation, whose frames are none of Polars. */
export async function settledFiles(store: Store, head: Head): Promise<Home> {
  const home = await store.settled?.open(head);
  if (home === undefined || store.rework === undefined) throw new Error('a store without settled files was opened');
  const { rework } = store;
  return but(home, {
    async *read(slice, _window, from, signal): AsyncGenerator<Frame> {
      const mark = slice.partition?.mark;
      for await (const item of rework.read(slice, { range: null, retyped: [] }, from, signal)) {
        if (!isFrame(item)) continue;
        const rows = rowsOfFrame(item);
        yield new SimFrame(head.schema ?? baseSchema, mark === undefined ? rows : rows.map((one) => inPartition(one, mark)));
      }
    },
  });
}
