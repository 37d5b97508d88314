import { beforeAll, describe, expect, it } from 'vitest';
import { SEED, whole } from '../support/samples.ts';
import { planted, type Simulator } from '../support/sim/plant.ts';

/** As if every commit had thousands of parts: one part a step, each with its own cursor. */
const onePartAStep = { file: 'src/files/store/commit.ts', find: 'const partsPerStep = 64;', replace: 'const partsPerStep = 1;' };

describe('a commit that takes many steps', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await planted('one part a step', [onePartAStep]);
  });

  it.each(['two drivers', 'cancel races'])('settles the source whatever goes wrong: %s', async (part) => {
    const all = [...simulator.sample(SEED)].filter(
      ({ plot: { scenario, pair } }) => scenario.name.includes(part) && pair.store === 'plain' && pair.state === 'memory',
    );
    const runs = whole ? all : all.slice(0, 3);
    expect(runs.length).toBeGreaterThan(2);
    const failures: string[] = [];
    for (const one of runs) if ((await simulator.violationOf(one)) !== null) failures.push(await simulator.traceOf(one));
    expect(failures).toEqual([]);
  });
});
