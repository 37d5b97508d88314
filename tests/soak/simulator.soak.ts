import { describe, expect, it } from 'vitest';
import { pairName, pairs } from '../simulator/pairs.ts';
import { drowsy, execute, explain, following, seeded, twoDeviations } from '../support/sim/explore.ts';
import { references, scenarios } from '../support/sim/scenarios.ts';
import { record } from './record.ts';

const first = Number(process.env.SEED ?? 100_000);
const seeds = Number(process.env.SEEDS ?? 20_000);
/** 1: every schedule with two deviations, which takes a night. */
const stride = Number(process.env.STRIDE ?? 40);
const inMemory = pairs.filter(({ state, store }) => state === 'memory' && store !== 'versioned');

describe('the simulator', () => {
  it(`${seeds} seeds`, async () => {
    const failures: string[] = [];
    let calls = 0;
    for (let seed = first; seed < first + seeds; seed++) {
      const scenario = scenarios[seed % scenarios.length];
      // State in files costs ten times as much to look at.
      const kinds = seed % 20 === 0 ? pairs : inMemory;
      const pair = kinds[Math.floor(seed / 20) % kinds.length];
      if (!scenario || !pair) throw new Error('no scenario');
      const pick = () => (seed % 2 === 1 ? seeded(seed) : drowsy(seed));
      const done = await execute({ scenario, pair }, pick(), true);
      calls += done.calls;
      if (done.violation !== null)
        failures.push(
          [`seed ${seed}: ${scenario.name}, ${pairName(pair)}`, ...(await explain({ scenario, pair }, pick(), true))].join('\n'),
        );
    }
    record(
      'simulator: seeds',
      `${seeds.toLocaleString('en-US')} seeds from ${first}, ${calls.toLocaleString('en-US')} port calls, ${failures.length} violations`,
    );
    expect(failures).toEqual([]);
  });

  it(`two faults, pauses or late arrivals: one schedule in ${stride}, and every one of a single run`, async () => {
    const failures: string[] = [];
    let runs = 0;
    let calls = 0;
    for (const pair of inMemory) {
      for (const scenario of [...references, ...scenarios]) {
        const found = await twoDeviations({ scenario, pair }, references.includes(scenario) ? Math.min(stride, 4) : stride);
        runs += found.runs;
        calls += found.calls;
        if (found.tape)
          failures.push([`${scenario.name}, ${pairName(pair)}`, ...(await explain({ scenario, pair }, following(found.tape)))].join('\n'));
      }
    }
    record(
      'simulator: two deviations',
      `${runs.toLocaleString('en-US')} schedules (1 in ${stride}), ${calls.toLocaleString('en-US')} port calls, ${failures.length} violations`,
    );
    expect(failures).toEqual([]);
  });
});
