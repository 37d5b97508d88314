import { describe, expect, it } from 'vitest';
import { apiReferences, apiScenarios } from '../support/sim/api-scenarios.ts';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';
import type { Scenario } from '../support/sim/scenarios.ts';
import { inMemory } from './pairs.ts';

/** Beside those of seeds.test.ts, which have all of these scenarios too. */
const seeds = 4;

async function woundOf(plot: Plot, pick: () => Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick(), true);
  return violation === null ? [] : [(await explain(plot, pick(), true)).join('\n')];
}

describe.each(inMemory.map((pair) => ({ name: pair.store, pair })))('an API is read: $name store', ({ pair }) => {
  const concerns = ({ stores }: Scenario) => stores === undefined || stores.includes(pair.store);

  it.each([...apiScenarios, ...apiReferences].filter(concerns).map((scenario) => ({ name: scenario.name, scenario })))(
    '$name: undisturbed',
    async ({ scenario }) => {
      expect(await woundOf({ scenario, pair }, () => straight)).toEqual([]);
    },
  );

  it.each(apiScenarios.filter(concerns).map((scenario) => ({ name: scenario.name, scenario })))(
    `$name: in ${seeds} seeded runs, whatever goes wrong`,
    async ({ scenario }) => {
      const wounds: string[] = [];
      for (let seed = 1; seed <= seeds; seed++)
        wounds.push(...(await woundOf({ scenario, pair }, () => (seed % 2 === 1 ? seeded(seed) : drowsy(seed)))));
      expect(wounds).toEqual([]);
    },
  );
});
