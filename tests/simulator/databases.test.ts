import { describe, expect, it } from 'vitest';
import { SEED, sampled } from '../support/samples.ts';
import { databaseScenarios, directedHeads, directedSwaps } from '../support/sim/database-scenarios.ts';
import { matrix } from '../support/sim/deaths.ts';
import { directing } from '../support/sim/directed.ts';
import { execute, explain, type Plot } from '../support/sim/explore.ts';
import { sampleOfDatabases, woundOf } from '../support/sim/sample.ts';
import { databaseKinds } from '../support/sim/world.ts';

/** The store of databases itself, on a simulated server: nothing of it is written down a second time. */
describe('the commit of databases', () => {
  it('settles the source, whatever goes wrong, where DDL is part of transactions and where it commits them', async () => {
    const failures: string[] = [];
    for (const one of sampled(sampleOfDatabases(SEED), 12)) {
      const wound = await woundOf(one);
      if (wound !== undefined) failures.push(wound);
    }
    expect(failures).toEqual([]);
  });

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
    databaseKinds.flatMap((store) =>
      sampled(databaseScenarios, 5).map((scenario, i) => ({ name: `${scenario.name}, ${store}`, scenario, store, i })),
    ),
  )('killed or refused at a call: $name', async ({ scenario, store, i }) => {
    const { runs, wounds } = await matrix({ scenario, pair: { store, state: 'memory' } }, { stride: 601, first: SEED + 97 * i });
    expect(wounds).toEqual([]);
    expect(runs).toBeGreaterThan(0);
  });
});
