import { expect, test } from 'vitest';
import type { Home } from '../../src/engine/contracts/contracts.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Plan } from '../../src/engine/contracts/records.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { homeOf, keepHome } from '../../src/engine/plan/home-cache.ts';
import type { Json } from '../../src/ports/values.ts';

const spec = { flow: 'sales', entity: 'orders' } as EntitySpec;
const planOf = (of: Partial<Plan> = {}) => ({ run: 'r1', lineage: 'l1', epoch: 3, pinned: null, ...of }) as Plan;

function scene() {
  const opened: (Json | null)[] = [];
  let fails = false;
  const ports = {
    home: async (_: EntitySpec, pinned: Json | null) => {
      opened.push(pinned);
      if (fails) throw new RangeError('not now');
      return {} as Home;
    },
  } as EnginePorts;
  return { ports, opened, failing: (now: boolean) => (fails = now) };
}

test('slices are read from the home that planned them, and ask nothing again', async () => {
  const { ports, opened } = scene();
  const home = {} as Home;
  keepHome(ports, spec, { ...planOf(), home });
  expect(await homeOf(ports, spec, planOf())).toBe(home);
  expect(opened).toEqual([]);
});

test.each([
  ['another run', { run: 'r2' }],
  ['another claim', { epoch: 4 }],
  ['another lineage', { lineage: 'l2' }],
  ['what was pinned by the plan itself', { pinned: { columns: ['a'] } }],
])('not after %s', async (_, other) => {
  const { ports, opened } = scene();
  const home = {} as Home;
  keepHome(ports, spec, { ...planOf(), home });
  const plan = planOf(other);
  const first = await homeOf(ports, spec, plan);
  expect(first).not.toBe(home);
  expect(await homeOf(ports, spec, { ...plan })).toBe(first);
  expect(opened).toEqual([plan.pinned]);
});

test('a plan that is made again has its own', async () => {
  const { ports } = scene();
  const [before, after] = [{} as Home, {} as Home];
  for (const home of [before, after]) keepHome(ports, spec, { ...planOf(), home });
  expect(await homeOf(ports, spec, planOf())).toBe(after);
});

test('a home that can’t be opened is tried again', async () => {
  const { ports, opened, failing } = scene();
  failing(true);
  await expect(homeOf(ports, spec, planOf())).rejects.toThrow('not now');
  failing(false);
  await homeOf(ports, spec, planOf());
  expect(opened).toHaveLength(2);
});
