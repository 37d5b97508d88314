import { beforeAll, describe, expect, it } from 'vitest';
import { cases, SEED } from '../support/samples.ts';
import { planted, type Simulator } from '../support/sim/plant.ts';

const { numRuns: seeds } = cases(10);

/** As if every commit had thousands of parts: one part a step, each with its own cursor. */
const onePartAStep = { file: 'src/files/store/commit.ts', find: 'const partsPerStep = 64;', replace: 'const partsPerStep = 1;' };

describe('a commit that takes many steps', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await planted('one part a step', [onePartAStep]);
  });

  it.each(['two drivers', 'that replaces', 'delivered twice', 'cancel races'])(
    'settles the source whatever goes wrong: %s',
    async (part) => {
      const scenario = simulator.scenarios.find(({ name }) => name.includes(part));
      if (!scenario) throw new Error(`no scenario ${part}`);
      const plot = { scenario, pair: { store: 'plain', state: 'memory' } } as const;
      for (const how of [simulator.seeded, simulator.drowsy]) {
        const found = await simulator.random(plot, { from: (SEED % 10_000) * seeds, count: seeds }, how);
        expect(found.tape ? await simulator.explain(plot, simulator.following(found.tape), true) : []).toEqual([]);
      }
    },
  );
});
