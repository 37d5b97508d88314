import { describe, expect, it } from 'vitest';
import { explain, following, oneDeviation } from '../support/sim/explore.ts';
import { scenarios } from '../support/sim/scenarios.ts';
import { inMemory, pairName } from './pairs.ts';

/** `npm run soak` goes through all of them, and through many of those with two. */
const stride = 2;

describe.each(inMemory.filter(({ store }) => store !== 'versioned').map((pair) => ({ name: pairName(pair), pair })))(
  'every second schedule with one fault, pause or late arrival: $name',
  ({ pair }) => {
    it.each(scenarios.map((scenario) => ({ name: scenario.name, scenario })))('$name', async ({ scenario }) => {
      const plot = { scenario, pair };
      const found = await oneDeviation(plot, stride);
      expect(found.tape === undefined ? [] : await explain(plot, following(found.tape))).toEqual([]);
      expect(found.runs).toBeGreaterThan(25);
    });
  },
);
