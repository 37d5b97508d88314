import { describe, expect, it } from 'vitest';
import { SEED, sampled } from '../support/samples.ts';
import { databaseScenarios, directedHeads, directedSwaps } from '../support/sim/database-scenarios.ts';
import { matrix } from '../support/sim/deaths.ts';
import { directing } from '../support/sim/directed.ts';
import { execute, explain, type Plot } from '../support/sim/explore.ts';
import { databaseKinds } from '../support/sim/world.ts';

/** The store of databases itself, on a simulated server: nothing of it is written down a second time. */
describe('the commit of databases', () => {
  it.each(directedSwaps.map((each) => ({ name: each.what, each })))('where DDL commits by itself: $name', async ({ each }) => {
    const met: string[] = [];
    const plot: Plot = { scenario: each.scenario, pair: { store: 'committing', state: 'memory' }, say: (line) => void met.push(line) };
    const { violation } = await execute(plot, directing(each.moves), true);
    expect(violation === null ? [] : await explain(plot, directing(each.moves), true)).toEqual([]);
    // The schedule came to what it is for.
    expect(met.join('\n')).toMatch(
      /CRASH (before|after) db publish rename|delayed; the caller times out|(X|A) is paused before (db publish rename|state write row)/,
    );
  });

  it.each(directedHeads.map((each) => ({ name: each.what, each })))(
    'where a server ignores what asks for a lock: $name',
    async ({ each }) => {
      const met: string[] = [];
      const plot: Plot = { scenario: each.scenario, pair: { store: 'heedless', state: 'memory' }, say: (line) => void met.push(line) };
      const { violation } = await execute(plot, directing(each.moves), true);
      expect(violation === null ? [] : await explain(plot, directing(each.moves), true)).toEqual([]);
      expect(met.join('\n')).toMatch(/is paused before db (publish insert|update heads)/);
    },
  );

  it.each(
    databaseKinds.flatMap((store, at) =>
      sampled(databaseScenarios, 15, SEED + at).map((scenario, i) => ({ name: `${scenario.name}, ${store}`, scenario, store, i: i + at })),
    ),
  )('killed or refused at a call: $name', async ({ scenario, store, i }) => {
    const { runs, wounds } = await matrix({ scenario, pair: { store, state: 'memory' } }, { stride: 601, first: SEED + 97 * i });
    expect(wounds).toEqual([]);
    expect(runs).toBeGreaterThan(0);
  });
});
