import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { planEntity } from '../../../src/engine/plan/plan.ts';
import { type Ability, without } from '../abilities.ts';
import { but } from '../but.ts';
import { idsOf } from '../sim/actors.ts';
import { simulated } from '../sim/at-once.ts';
import type { SpecChanges } from '../sim/world.ts';
import type { StoreUnderTest } from './bench.ts';

const byKey = { runType: 'incremental', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } } as const;

/** What asks for each, and the code of the refusal: a new ability has to say so here, or nothing would ever look at it. */
const asking: Readonly<Record<Exclude<Ability, 'range by key'>, readonly [spec: SpecChanges, code: string]>> = {
  append: [{ runType: 'incremental', watermark: { boundary: 'open', nulls: 'exclude', lagMs: 1 } }, 'HYG-2014'],
  swap: [{ runType: 'full_drop', watermark: null }, 'HYG-2014'],
  merge: [byKey, 'HYG-2014'],
  keys: [{ ...byKey, deletes: 'apply' }, 'HYG-2084'],
  unmatched: [{ runType: 'full_drop', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } }, 'HYG-2014'],
  delete_insert: [{ runType: 'full_drop', writeStrategy: 'direct_insert', watermark: null }, 'HYG-2014'],
  boundary: [{ runType: 'incremental', watermark: { boundary: 'closed' } }, 'HYG-2014'],
  sources: [{ runType: 'incremental', changedFiles: 'replace', watermark: null }, 'HYG-2014'],
  range: [{ runType: 'incremental', watermark: { overlapMs: 86_400_000 } }, 'HYG-2014'],
};
const comparing: SpecChanges = { ...byKey, compareDeletes: { everyMs: 1, action: 'apply', mostPercent: 5, isComplete: true } };

/** Every capability off, one at a time: who asks for it is told when the run is planned, on the first day, and nothing is read or written. */
export function capabilities(name: string, make: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  beforeEach(async () => {
    under = await make();
  });
  afterEach(() => under[Symbol.asyncDispose]());

  describe(`${name}: a store that cannot`, () => {
    const refusal = async (lacks: (store: Store) => Partial<Store>, spec: SpecChanges, code: string, home?: 'api that tells deletes') => {
      const { ports } = simulated({ spec, home: home ?? 'slices' });
      const refused = () => Promise.reject(new Error('nothing is to be written'));
      const store = async () => {
        const whole = await under.open();
        return but(whole, { ...lacks(whole), stage: refused, prepare: refused, commit: refused });
      };
      const ids = { ...idsOf('A'), runType: null, takeOver: false, startedAt: ports.clock.now() };
      await expect(planEntity(ids, { ...ports, store })).rejects.toMatchObject({
        code,
        what: expect.stringMatching(/ cannot .*(add|replace|merge|delete|remove)/),
        why: [expect.stringMatching(/./)],
      });
      expect(await under.settled()).toEqual([]);
    };

    test.each(Object.entries(asking))('%s is not asked to', async (ability, [spec, code]) => {
      const lacks = (store: Store) => ({ ...without(store, ability as Ability), ...(ability === 'range' ? withoutRanges(store) : {}) });
      await refusal(lacks, spec, code, ability === 'keys' ? 'api that tells deletes' : undefined);
    });

    test('be read back is not asked to compare keys', async () => {
      await refusal(() => ({ settled: undefined }) as unknown as Partial<Store>, comparing, 'HYG-2087');
    });
  });
}

/** A range that is replaced by key is one as well. */
function withoutRanges({ removes }: Store): Partial<Store> {
  return { removes: new Set([...removes].filter((one) => one !== 'range' && one !== 'range by key')) };
}
