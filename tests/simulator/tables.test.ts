import { describe, expect, it } from 'vitest';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';
import { tableReferences, tableScenarios } from '../support/sim/table-scenarios.ts';

const pair = { store: 'sql', state: 'memory' } as const;
/** Beside those of seeds.test.ts, which have all of these scenarios too. */
const seeds = 6;

async function woundOf(plot: Plot, pick: Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick, true);
  return violation === null ? [] : [(await explain(plot, pick, true)).join('\n')];
}

describe('a table that merges, deletes by value and holds rows of others', () => {
  it.each([...tableScenarios, ...tableReferences].map((scenario) => ({ name: scenario.name, scenario })))(
    '$name: undisturbed, and whatever goes wrong',
    async ({ scenario }) => {
      expect(await woundOf({ scenario, pair }, straight)).toEqual([]);
      const wounds: string[] = [];
      for (let seed = 1; seed <= seeds; seed++)
        wounds.push(...(await woundOf({ scenario, pair }, seed % 2 === 1 ? seeded(seed) : drowsy(seed))));
      expect(wounds).toEqual([]);
    },
  );
});
