import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FaultsOfARun, type Tried } from '../support/lakes/faults-of-a-run.ts';
import { type FaultyLake, faultyKinds, type LakeRequest } from '../support/lakes/faulty.ts';
import { eachKindOfShowing, someDeaths, someTrials } from '../support/lakes/trials.ts';
import { sampled, whole } from '../support/samples.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const wrong = (tried: readonly (Tried | undefined)[]) => tried.filter((one) => one !== undefined && one.problems.length > 0);

/** Those whose ways to publish are least alike: a rename, and the end of an upload. `npm run soak` has all, with every request and everything that can happen to it. */
for (const kind of faultyKinds().filter(({ name }) => whole || ['adls', 's3'].includes(name)))
  describe.skipIf(kind.missing)(`an incremental run on ${kind.name}`, () => {
    let lake: FaultyLake;
    let run: FaultsOfARun;
    let asked: readonly LakeRequest[];
    beforeAll(async () => {
      lake = await kind.start();
      run = new FaultsOfARun(lake);
      asked = await run.requests();
    });
    afterAll(async () => {
      await run[Symbol.asyncDispose]();
      await lake[Symbol.asyncDispose]();
    });

    test('settles once, whatever becomes of one of its requests', async () => {
      const tried: (Tried | undefined)[] = [];
      for (const trial of someTrials(asked)) tried.push(await run.try(trial));
      expect(wrong(tried)).toEqual([]);
      const met = new Set(tried.map((one) => one?.what));
      expect(asked.filter(({ what, writes }) => whole && writes && !met.has(what))).toEqual([]);
      expect(tried.filter((one) => one !== undefined).length).toBeGreaterThan(0);
    });

    test('whose process dies at a write is finished or forgotten by the next', async () => {
      const tried: (Tried | undefined)[] = [];
      for (const trial of someDeaths(asked)) tried.push(await run.try(trial));
      expect(wrong(tried)).toEqual([]);
      expect(tried.filter((one) => one !== undefined).length).toBeGreaterThan(0);
    });

    test('that slept at a write while another run took over and settled changes nothing', async () => {
      const tried: (Tried | undefined)[] = [];
      const kinds = eachKindOfShowing(asked);
      for (const request of sampled(kinds, kinds.length)) tried.push(await run.hold(request));
      expect(wrong(tried)).toEqual([]);
      expect(tried.filter((one) => one !== undefined).length).toBeGreaterThan(0);
    });
  });
