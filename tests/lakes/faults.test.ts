import { describe, expect, test, vi } from 'vitest';
import { FaultsOfARun, type Tried } from '../support/lakes/faults-of-a-run.ts';
import { faultyKinds } from '../support/lakes/faulty.ts';
import { eachKindOfShowing, someDeaths, someTrials } from '../support/lakes/trials.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const wrong = (tried: readonly (Tried | undefined)[]) => tried.filter((one) => one !== undefined && one.problems.length > 0);

/** `npm run soak` has every request and everything that can happen to it. */
describe.each(faultyKinds())('an incremental run on $name', (kind) => {
  test.skipIf(kind.missing)('settles once, whatever becomes of one of its requests', async () => {
    await using lake = await kind.start();
    await using run = new FaultsOfARun(lake);
    const asked = await run.requests();
    const tried: (Tried | undefined)[] = [];
    for (const trial of someTrials(asked)) tried.push(await run.try(trial));
    expect(wrong(tried)).toEqual([]);
    const met = new Set(tried.map((one) => one?.what));
    expect(asked.filter(({ what, writes }) => writes && !met.has(what))).toEqual([]);
  });

  test.skipIf(kind.missing)('whose process dies at a write is finished or forgotten by the next', async () => {
    await using lake = await kind.start();
    await using run = new FaultsOfARun(lake);
    const tried: (Tried | undefined)[] = [];
    for (const trial of someDeaths(await run.requests())) tried.push(await run.try(trial));
    expect(wrong(tried)).toEqual([]);
    expect(tried.filter((one) => one !== undefined).length).toBeGreaterThan(4);
  });

  test.skipIf(kind.missing)('that slept at a write while another run took over and settled changes nothing', async () => {
    await using lake = await kind.start();
    await using run = new FaultsOfARun(lake);
    const tried: (Tried | undefined)[] = [];
    for (const request of eachKindOfShowing(await run.requests())) tried.push(await run.hold(request));
    expect(wrong(tried)).toEqual([]);
    expect(tried.filter((one) => one !== undefined).length).toBeGreaterThan(2);
  });
});
