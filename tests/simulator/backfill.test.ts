import { describe, expect, it } from 'vitest';
import { backfillReferences, backfillScenarios } from '../support/sim/backfill-scenarios.ts';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';
import type { Pair } from '../support/sim/world.ts';

const pairs: readonly Pair[] = (['sql', 'plain', 'versioned', 'partitioned', 'uploads'] as const).map((store) => ({
  store,
  state: 'memory',
}));
/** Beside those of seeds.test.ts, which have all of these scenarios too. */
const seeds = 4;

async function woundOf(plot: Plot, pick: Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick, true);
  return violation === null ? [] : [(await explain(plot, pick, true)).join('\n')];
}

describe.each(pairs.map((pair) => ({ name: pair.store, pair })))('a range is replaced: $name store', ({ pair }) => {
  it.each([...backfillScenarios, ...backfillReferences].map((scenario) => ({ name: scenario.name, scenario })))(
    '$name: undisturbed',
    async ({ scenario }) => {
      expect(await woundOf({ scenario, pair }, straight)).toEqual([]);
    },
  );

  it.each(backfillScenarios.map((scenario) => ({ name: scenario.name, scenario })))(
    `$name: in ${seeds} seeded runs, whatever goes wrong`,
    async ({ scenario }) => {
      const wounds: string[] = [];
      for (let seed = 1; seed <= seeds; seed++)
        wounds.push(...(await woundOf({ scenario, pair }, seed % 2 === 1 ? seeded(seed) : drowsy(seed))));
      expect(wounds).toEqual([]);
    },
  );
});
