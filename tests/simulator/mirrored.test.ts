import { describe, expect, it } from 'vitest';
import { SEED, sampled } from '../support/samples.ts';
import { matrix } from '../support/sim/deaths.ts';
import { directing } from '../support/sim/directed.ts';
import { execute, explain, type Plot } from '../support/sim/explore.ts';
import { directedInMirror, mirrorScenarios } from '../support/sim/mirror-scenarios.ts';
import { mirrored } from './pairs.ts';

/** The store of a landing zone itself, over a model of Fabric that looks, is stopped, removes files, and meets another publisher. */
describe('the commit of a mirrored table', () => {
  it.each(directedInMirror.map((each) => ({ name: each.what, each })))('where $name', async ({ each }) => {
    const met: string[] = [];
    const plot: Plot = { scenario: each.scenario, pair: mirrored, say: (line) => void met.push(line) };
    const { violation } = await execute(plot, directing(each.moves), true);
    expect(violation === null ? [] : await explain(plot, directing(each.moves), true)).toEqual([]);
    // The schedule came to what it is for.
    expect(met.join('\n')).toMatch(/-- A is paused before|A: CRASH before lake (list|put)/);
  });

  it.each(sampled(mirrorScenarios, 8).map((scenario, i) => ({ name: scenario.name, scenario, i })))(
    'killed or refused at a call: $name',
    async ({ scenario, i }) => {
      const { runs, wounds } = await matrix({ scenario, pair: mirrored }, { stride: 211, first: SEED + 97 * i });
      expect(wounds).toEqual([]);
      expect(runs).toBeGreaterThan(0);
    },
  );
});
