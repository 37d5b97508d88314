import { describe, expect, it } from 'vitest';
import { SEED } from '../support/samples.ts';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';
import { keyScenarios } from '../support/sim/key-scenarios.ts';

const stores = ['plain', 'versioned', 'partitioned', 'uploads'] as const;
/** Beside those of seeds.test.ts, which have all of these scenarios too. */
const seeds = 6;

async function violationOf(plot: Plot, pick: Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick, true);
  return violation === null ? [] : [(await explain(plot, pick, true)).join('\n')];
}

describe.each(stores)('keys compared with files, %s', (store) => {
  it.each(keyScenarios.map((scenario) => ({ name: scenario.name, scenario })))(
    '$name: undisturbed, and whatever goes wrong',
    async ({ scenario }) => {
      const plot = { scenario, pair: { store, state: 'memory' } } as const;
      expect(await violationOf(plot, straight)).toEqual([]);
      const violations: string[] = [];
      for (let seed = SEED; seed < SEED + seeds; seed++)
        violations.push(...(await violationOf(plot, seed % 2 === 1 ? seeded(seed) : drowsy(seed))));
      expect(violations).toEqual([]);
    },
  );
});
