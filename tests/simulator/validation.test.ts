import { describe, expect, it } from 'vitest';
import { SEED } from '../support/samples.ts';
import { deaths, matrix } from '../support/sim/deaths.ts';
import type { Scenario } from '../support/sim/scenarios.ts';
import { validationScenarios } from '../support/sim/validation-scenarios.ts';
import type { StoreKind } from '../support/sim/world.ts';

const kinds = Object.keys(deaths).length;
const storeOf = ({ stores = ['plain'] }: Scenario): StoreKind => (stores.includes('plain') ? 'plain' : (stores[0] ?? 'plain'));

describe('rows that break a rule, in runs that are killed or refused at a call', () => {
  it.each(validationScenarios.map((scenario, i) => ({ name: scenario.name, scenario, i })))(
    '$name: each lies here or apart, once',
    async ({ scenario, i }) => {
      const { calls, runs, wounds } = await matrix(
        { scenario, pair: { store: storeOf(scenario), state: 'memory' } },
        { stride: 8 * kinds + 1, first: SEED + i },
      );
      expect(wounds).toEqual([]);
      expect(calls).toBeGreaterThan(4);
      expect(runs).toBeGreaterThan(0);
    },
  );
});
