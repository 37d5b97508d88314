import { describe, expect, it } from 'vitest';
import { SEED } from '../support/samples.ts';
import { compactionReferences, compactionScenarios } from '../support/sim/compaction-scenarios.ts';
import { deaths, matrix } from '../support/sim/deaths.ts';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';

const stores = ['plain', 'versioned', 'partitioned', 'uploads'] as const;
/** Beside those of seeds.test.ts, which have all of these scenarios too. */
const seeds = 6;
/** Coprime with the number of deaths, so that each of them comes up. `npm run soak` goes through all calls. */
const stride = 8 * Object.keys(deaths).length + 1;

async function violationOf(plot: Plot, pick: Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick, true);
  return violation === null ? [] : [(await explain(plot, pick, true)).join('\n')];
}

describe.each(stores)('small files compacted, %s', (store) => {
  it.each(compactionScenarios.map((scenario) => ({ name: scenario.name, scenario })))(
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

  it.each(compactionReferences.map((scenario, i) => ({ name: scenario.name, scenario, i })))(
    '$name, killed or refused before and after a call: nothing is lost and nothing doubled',
    async ({ scenario, i }) => {
      const pair = { store, state: 'memory' } as const;
      const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride, first: SEED + i });
      expect(wounds).toEqual([]);
      expect(calls).toBeGreaterThan(10);
      expect(runs).toBeGreaterThan(0);
    },
  );
});
