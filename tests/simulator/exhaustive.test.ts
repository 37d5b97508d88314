import { describe, expect, it } from 'vitest';
import { exhaustive, explain, following } from '../support/sim/explore.ts';
import { scenarios } from '../support/sim/scenarios.ts';
import { inMemory, pairName } from './pairs.ts';

describe.each(inMemory.filter(({ store }) => store !== 'versioned').map((pair) => ({ name: pairName(pair), pair })))(
  'every schedule with one fault, pause or late arrival: $name',
  ({ pair }) => {
    it.each(scenarios.map((scenario) => ({ name: scenario.name, scenario })))('$name', { timeout: 180_000 }, async ({ scenario }) => {
      const plot = { scenario, pair };
      const found = await exhaustive(plot, 1);
      expect(found.tape === undefined ? [] : await explain(plot, following(found.tape))).toEqual([]);
      expect(found.runs).toBeGreaterThan(50);
    });
  },
);
