import { describe, expect, it } from 'vitest';
import { commitEntity } from '../../src/engine/commit/commit.ts';
import { recordSlices } from '../../src/engine/commit/gather.ts';
import { refsPerList } from '../../src/engine/commit/receipt-lists.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import { aroundHome } from '../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { moveSlice } from '../../src/engine/move/move.ts';
import { planEntity } from '../../src/engine/plan/plan.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { baseSchema, row, SimFrame } from '../support/sim/rows.ts';

const slices = 1_000;
const limit = 4_096;

/** A source of a thousand slices, one row each. */
function wide({ ports }: Simulated): EnginePorts {
  return {
    ...ports,
    home: async (spec, pinned) => {
      const home = await ports.home(spec, pinned);
      return {
        ...aroundHome(home),
        bound: async ({ column }) => ({ done: { column, type: { kind: 'int64' }, text: String(slices) } }),
        nulls: async () => ({ done: 0 }),
        plan: async () => ({ done: { slices: Array.from({ length: slices }, (_, n) => ({ ref: { n }, rows: 1, bytes: 16 })) } }),
        async *read(slice) {
          const { n } = slice.ref as { n: number };
          yield new SimFrame(baseSchema, [row(n, n + 1)]);
        },
      };
    },
  };
}

const sizes: number[] = [];

function measured<T>(value: T): T {
  sizes.push(JSON.stringify(value).length);
  return value;
}

async function done<T>(step: Promise<Step<T>>): Promise<T> {
  const answer = measured(await step);
  if ('again' in answer) throw new Error('did not expect to be asked again');
  return answer.done;
}

const watching = { signal: new AbortController().signal, onRows: () => undefined };

/** As an orchestrator does it: receipts folded into lists of lists, until few enough for one input. */
async function folded(ports: EnginePorts, plan: string, refs: readonly string[]): Promise<readonly string[]> {
  let level = refs;
  while (level.length > refsPerList) {
    const lists: string[] = [];
    for (let i = 0; i < level.length; i += refsPerList) {
      const request = measured({ ...idsOf('A'), plan, refs: level.slice(i, i + refsPerList) });
      lists.push(measured(await recordSlices(request, ports)).list);
    }
    level = lists;
  }
  return level;
}

describe('a thousand slices', () => {
  it(`keep every input and output of every step under ${limit} bytes`, async () => {
    const sim = simulated();
    const ports = wide(sim);
    const request = measured({ ...idsOf('A'), runType: null, takeOver: false, startedAt: ports.clock.now() });
    const plan = await done(planEntity(request, ports));
    if (plan.outcome !== 'planned') throw new Error(plan.outcome);
    const refs: string[] = [];
    for (let slice = 0; slice < plan.slices; slice++) {
      const move = measured({ ...idsOf('A'), plan: plan.plan, slice, attempt: 1, budgetMs: 180_000 });
      refs.push((await done(moveSlice(move, ports, watching))).receipt);
    }
    const receipts = await folded(ports, plan.plan, refs);
    const ended = await done(commitEntity(measured({ ...idsOf('A'), workspace: 'w', plan: plan.plan, receipts }), ports));
    expect(ended).toMatchObject({ status: 'pass', rows: slices, rowsRead: slices });
    expect(Math.max(...sizes)).toBeLessThan(limit);
    expect(sizes.length).toBeGreaterThan(2 * slices);
  });
});
