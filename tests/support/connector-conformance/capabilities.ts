import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoreCapabilities } from '../../../src/engine/contracts/store.ts';
import { planEntity } from '../../../src/engine/plan/plan.ts';
import { but } from '../but.ts';
import { idsOf } from '../sim/actors.ts';
import { simulated } from '../sim/at-once.ts';
import type { SpecChanges } from '../sim/world.ts';
import type { StoreUnderTest } from './bench.ts';

type Flag = Exclude<
  keyof StoreCapabilities,
  'guarantee' | 'distinguishesOwnRows' | 'oneByOne' | 'onePart' | 'nullDocuments' | 'deletesAlone'
>;

/** What asks for each: a new flag has to say so here, or nothing would ever look at it. */
const asking: Readonly<Record<Flag, SpecChanges>> = {
  append: { runType: 'incremental', watermark: { boundary: 'open', nulls: 'exclude', lagMs: 1 } },
  replace: { runType: 'full_drop', watermark: null },
  merge: { runType: 'incremental', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
  deletes: { deletes: 'apply', runType: 'incremental', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
  comparesKeys: {
    runType: 'incremental',
    writeStrategy: 'merge',
    watermark: { key: ['id'], nulls: 'exclude' },
    compareDeletes: { everyMs: 1, action: 'apply', mostPercent: 5, isComplete: true },
  },
  replacesByKey: { runType: 'full_drop', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
  deleteInsert: { runType: 'full_drop', writeStrategy: 'direct_insert', watermark: null },
  replaceBoundary: { runType: 'incremental', watermark: { boundary: 'closed' } },
  replaceSources: { runType: 'incremental', changedFiles: 'replace', watermark: null },
  replaceRange: { runType: 'incremental', watermark: { overlapMs: 86_400_000 } },
};

/** Where it is not HYG-2014. */
const codes: Readonly<Record<string, string>> = { deletes: 'HYG-2084', comparesKeys: 'HYG-2087' };

/** Every capability off, one at a time: who asks for it is told when the run is planned, on the first day, and nothing is read or written. */
export function capabilities(name: string, make: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  beforeEach(async () => {
    under = await make();
  });
  afterEach(() => under[Symbol.asyncDispose]());

  describe(`${name}: a store that cannot`, () => {
    test.each(Object.entries(asking))('%s is not asked to', async (flag, spec) => {
      const { ports } = simulated({ spec, home: flag === 'deletes' ? 'api that tells deletes' : 'slices' });
      const refused = () => Promise.reject(new Error('nothing is to be written'));
      const store = async () => {
        const whole = await under.open();
        return but(whole, { capabilities: { ...whole.capabilities, [flag]: false }, stage: refused, prepare: refused, commit: refused });
      };
      const ids = { ...idsOf('A'), runType: null, takeOver: false, startedAt: ports.clock.now() };
      await expect(planEntity(ids, { ...ports, store })).rejects.toMatchObject({
        code: codes[flag] ?? 'HYG-2014',
        what: expect.stringMatching(/ cannot .*(add|replace|merge|delete|remove)/),
        why: [expect.stringMatching(/./)],
      });
      expect(await under.settled()).toEqual([]);
    });
  });
}
