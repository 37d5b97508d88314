import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.ts';
import { databasePairs, inMemory, mirrored, pairName, pairs } from '../simulator/pairs.ts';
import { SEED } from '../support/samples.ts';
import { databaseScenarios } from '../support/sim/database-scenarios.ts';
import { matrix } from '../support/sim/deaths.ts';
import { explain, following, oneDeviation, twoDeviations } from '../support/sim/explore.ts';
import { hunt } from '../support/sim/hunt.ts';
import { mirrorScenarios } from '../support/sim/mirror-scenarios.ts';
import { plantedBugs } from '../support/sim/planted-bug.ts';
import { type FieldName, fields, sample, traceOf, violationOf } from '../support/sim/sample.ts';
import { isFor, references, scenarios } from '../support/sim/scenarios.ts';
import { record } from './record.ts';

const first = SEED;
const seeds = Number(process.env.SEEDS ?? 30);
const huntingSeeds = Number(process.env.HUNTING_SEEDS ?? 10);
/** 40: every call is met, and one schedule with two deviations in forty: half an hour. 1: every schedule, which takes a night; 400: a look. */
const stride = Number(process.env.STRIDE ?? 40);
/** Of what the usual soak has whole. */
const coarse = Math.ceil(stride / 40);
const bugsOfProcess = 20;
const withTwo = inMemory.filter(({ store }) => store === 'sql' || store === 'plain');

describe('the simulator', () => {
  it(`all runs of ${seeds} seeds`, async () => {
    const failures: string[] = [];
    let runs = 0;
    for (let seed = first; seed < first + seeds; seed++)
      for (const field of Object.keys(fields) as FieldName[])
        for (const one of sample(seed, field)) {
          runs++;
          if ((await violationOf(one)) !== null) failures.push(await traceOf(one));
        }
    record('simulator: seeds', `${runs.toLocaleString('en-US')} runs of ${seeds} seeds from ${first}, ${failures.length} violations`);
    expect(failures).toEqual([]);
  });

  it('killed before and after every call, and refused at every call', async () => {
    const wounds: string[] = [];
    let runs = 0;
    for (const pair of [...pairs, ...databasePairs, mirrored]) {
      const own = databasePairs.includes(pair) ? databaseScenarios : pair === mirrored ? mirrorScenarios : [];
      const all = [...references, ...own];
      for (const scenario of all.filter((one) => isFor(one, pair))) {
        const found = await matrix(
          { scenario, pair },
          { stride: (pair.state === 'files' || databasePairs.includes(pair) || pair === mirrored ? 6 : 1) * coarse, first },
        );
        runs += found.runs;
        wounds.push(...found.wounds);
      }
    }
    record(
      'simulator: crash matrix',
      `${runs.toLocaleString('en-US')} runs (one pair of a call and a death in ${coarse}), ${wounds.length} violations`,
    );
    expect(wounds).toEqual([]);
  });

  it('every schedule with one fault, pause or late arrival', async () => {
    const failures: string[] = [];
    let runs = 0;
    for (const pair of inMemory) {
      for (const scenario of scenarios.filter((one) => isFor(one, pair))) {
        const found = await oneDeviation({ scenario, pair }, coarse);
        runs += found.runs;
        if (found.tape)
          failures.push([`${scenario.name}, ${pairName(pair)}`, ...(await explain({ scenario, pair }, following(found.tape)))].join('\n'));
      }
    }
    record('simulator: one deviation', `${runs.toLocaleString('en-US')} schedules (1 in ${coarse}), ${failures.length} violations`);
    expect(failures).toEqual([]);
  });

  it(`two faults, pauses or late arrivals: one schedule in ${stride}, and one in ${Math.ceil(stride / 10)} of a single run`, async () => {
    const failures: string[] = [];
    let runs = 0;
    let calls = 0;
    for (const pair of withTwo) {
      for (const scenario of [...references, ...scenarios].filter((one) => isFor(one, pair))) {
        const found = await twoDeviations({ scenario, pair }, references.includes(scenario) ? Math.ceil(stride / 10) : stride);
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

  it('every planted bug is noticed by the run that is named for it', async () => {
    const cli = join(root, 'tests', 'support', 'sim', 'finding-runs-cli.ts');
    const missed: string[] = [];
    for (let from = 0; from < plantedBugs.length; from += bugsOfProcess) {
      const { stdout } = await promisify(execFile)(process.execPath, [cli, String(from), String(from + bugsOfProcess)]);
      missed.push(...stdout.split('\n').filter(Boolean));
    }
    record(
      'simulator: finding runs',
      `${plantedBugs.filter(({ run }) => run !== undefined).length} runs, ${missed.length} without their bug`,
    );
    expect(missed).toEqual([]);
  });

  it(`every planted bug, hunted with the runs of ${huntingSeeds} seeds`, async () => {
    const never: string[] = [];
    let found = 0;
    for (const bug of plantedBugs) {
      let on = 0;
      for (let seed = first; seed < first + huntingSeeds; seed++) if (await hunt(bug, seed)) on++;
      found += on;
      if (on === 0) never.push(bug.name);
    }
    const hunts = plantedBugs.length * huntingSeeds;
    record('simulator: planted bugs', `${plantedBugs.length} bugs, found on ${found} of ${hunts} seeds`);
    expect(never).toEqual([]);
  });
});
