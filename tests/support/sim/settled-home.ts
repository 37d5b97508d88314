import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { Home } from '../../../src/engine/contracts/home.ts';
import type { Head } from '../../../src/engine/contracts/store.ts';
import { baseSchema, type Row, SimFrame } from './rows.ts';

/** What settled in the model of a table. */
export function settledHome(head: Pick<Head, 'schema'>, rows: () => Promise<readonly Row[]>): Home {
  const schema = head.schema ?? baseSchema;
  return {
    capabilities: { order: 'sliced', upper: 'source', filter: 'none', repeatable: true, byFile: false },
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
