import { describe, expect, it } from 'vitest';
import { SEED } from '../support/samples.ts';
import { deaths, matrix } from '../support/sim/deaths.ts';
import { isFor, references } from '../support/sim/scenarios.ts';
import { pairName, pairs } from './pairs.ts';

const kinds = Object.keys(deaths).length;
/** Coprime with the number of deaths, so that each of them comes up. `npm run soak` goes through all calls. */
const strides = { memory: 32 * kinds + 1, files: 64 * kinds + 1, objects: 64 * kinds + 1 };

describe.each(pairs.map((pair) => ({ name: pairName(pair), pair })))('killed or refused at a call: $name', ({ pair }) => {
  it.each(references.map((scenario, i) => ({ name: scenario.name, scenario, i })).filter(({ scenario }) => isFor(scenario, pair)))(
    '$name loses nothing and doubles nothing',
    async ({ scenario, i }) => {
      const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride: strides[pair.state], first: SEED + i });
      expect(wounds).toEqual([]);
      expect(calls).toBeGreaterThan(4);
      expect(runs).toBeGreaterThan(0);
    },
  );
});
