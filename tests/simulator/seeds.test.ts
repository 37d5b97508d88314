import { describe, expect, it } from 'vitest';
import { SEED } from '../support/samples.ts';
import { Coverage } from '../support/sim/coverage.ts';
import { directing } from '../support/sim/directed.ts';
import { execute, explain, oneDeviation, type Plot } from '../support/sim/explore.ts';
import { plantedBugs } from '../support/sim/planted-bug.ts';
import { runsNamed, runsOfTests, traceOf, violationOf } from '../support/sim/sample.ts';
import { scenarios } from '../support/sim/scenarios.ts';
import { directed } from '../support/sim/schedules.ts';

const coverage = new Coverage();
/** `SEED=20261122`: all runs of that seed; `SEED=20261122.1x3f9a`: that one alone, with all it did. */
const wanted = process.env.SEED;

/** The runs of the seed, and those that once noticed a planted bug, by the store that they are about. */
const runs = [
  ...new Map([...runsOfTests(SEED), ...runsNamed(plantedBugs.flatMap(({ run = [] }) => run))].map((one) => [one.name, one])).values(),
];
const byStore = Object.entries(Object.groupBy(runs, ({ plot }) => plot.pair.store));

describe('seeded runs', () => {
  it.runIf(wanted?.includes('.') === true)('replays SEED and prints all it did', async () => {
    const [one] = runsNamed([wanted ?? '']);
    const text = one && (await traceOf(one));
    process.stdout.write(`${text}\n`);
    expect(text).toContain('=> no violation');
  });

  it.runIf(!wanted?.includes('.')).each(byStore)(
    'settle the source, whatever goes wrong, and whatever is refused permanently: %s store',
    async (_store, ofStore) => {
      const failures: string[] = [];
      for (const one of ofStore ?? []) if ((await violationOf(one, { coverage })) !== null) failures.push(await traceOf(one));
      expect(failures).toEqual([]);
    },
  );
});

describe.runIf(!wanted?.includes('.'))('what the seeds have visited', () => {
  it.each(directed.map((each) => ({ name: `${each.cell}, ${each.scenario.name}`, each })))(
    'also $name, by a schedule written for it',
    async ({ each }) => {
      const { cell, scenario, moves, store = 'sql' } = each;
      const own = new Coverage();
      const plot: Plot = { scenario, pair: { store, state: 'memory' }, coverage: own };
      const { violation } = await execute(plot, directing(moves), true);
      expect(violation === null ? [] : await explain(plot, directing(moves), true)).toEqual([]);
      expect(own.cells.has(cell)).toBe(true);
      coverage.add(own);
    },
  );

  it('is every cell of the transition table: none is out of reach', () => {
    expect(coverage.missingCells()).toEqual([]);
  });

  it('with every single fault of two drivers on top, is every step of the protocol crashed, its answer lost, delivered twice and raced', async () => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error('no scenario');
    await oneDeviation({ scenario, pair: { store: 'sql', state: 'memory' }, coverage }, 1);
    expect(coverage.missingHazards()).toEqual([]);
  });
});
