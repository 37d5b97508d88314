import { describe, expect, it, vi } from 'vitest';
import { FaultsOfARun, type Tried } from '../support/lakes/faults-of-a-run.ts';
import { faultyKinds } from '../support/lakes/faulty.ts';
import { everyTrial } from '../support/lakes/trials.ts';
import { record } from './record.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const wanted = process.env.LAKE;
const wrong = (tried: readonly Tried[]) => tried.filter(({ problems }) => problems.length > 0);

describe.each(faultyKinds().filter(({ name }) => wanted === undefined || name === wanted))('each request of a run on $name', (kind) => {
  it.skipIf(kind.missing)('meets everything that can happen to it', async () => {
    await using lake = await kind.start();
    await using run = new FaultsOfARun(lake);
    const asked = await run.requests();
    const tried: Tried[] = [];
    for (const trial of everyTrial(asked)) {
      const one = await run.try(trial);
      if (one !== undefined) tried.push(one);
    }
    for (const [i] of asked.entries()) {
      const one = await run.hold(i + 1);
      if (one !== undefined) tried.push(one);
    }
    const bad = wrong(tried).length;
    record(
      `each request lost, cut, refused, killed at or held on ${kind.name}`,
      `${asked.length} requests of an incremental run, ${tried.length} trials, ${bad} that did not settle once and clean`,
    );
    expect(wrong(tried)).toEqual([]);
  });
});
