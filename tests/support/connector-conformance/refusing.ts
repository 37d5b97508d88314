import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fenceHeadId } from '../../../src/engine/contracts/intent.ts';
import type { Store, Target } from '../../../src/engine/contracts/store.ts';
import { preparing } from '../prepare-request.ts';
import { baseSchema, row } from '../sim/rows.ts';
import { Bench, run, type StoreUnderTest, text } from './bench.ts';

const reason = { code: 'HYG-4003', reason: 'No permission.' };

async function inspectedBy(store: Store): Promise<Target> {
  const step = await store.inspect();
  if ('done' in step) return step.done;
  throw new Error('a look takes more than one step');
}

/**
 * What others did to the store is seen by who has looked before: a head, a listing or a plan for it from memory is one of another moment. A claim
 * that lost its race reads the head again by the very same handle, and builds on what it is told.
 */
async function seesWhatOthersDid(bench: Bench): Promise<void> {
  const store = await bench.under.open();
  expect(await store.head()).toBeNull();
  expect(await inspectedBy(store)).toMatchObject({ content: 'empty' });
  for (const epoch of [1, 2]) {
    const intent = await bench.settle(epoch, [{ rows: [row(epoch, epoch)] }]);
    expect((await store.head())?.id).toBe(intent.id);
    expect(await inspectedBy(store)).toMatchObject({ content: 'ours', rows: epoch, head: { id: intent.id } });
    const all = { what: 'all', foreign: 'keep' } as const;
    expect(await store.prepare(preparing({ run: run(9), prev: intent.id, supersede: all, parts: [], schema: baseSchema }))).toMatchObject({
      supersededRows: epoch,
    });
  }
  const late = await bench.decide(run(3), await bench.stage(run(3), [{ rows: [row(3, 3)] }]));
  const last = await bench.settle(4, [{ rows: [row(4, 4)] }]);
  expect(await store.commit(late)).toEqual({ done: 'fenced' });
  expect((await store.head())?.id).toBe(last.id);
}

/** What is decided and then refused, and what others do meanwhile. */
export function refusing(name: string, make: () => Promise<StoreUnderTest>): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench(await make());
  });
  afterEach(() => bench.under[Symbol.asyncDispose]());

  const decide = async (epoch: number) => bench.decide(run(epoch), await bench.stage(run(epoch), [{ rows: [row(2, 2)] }]));
  const giveUp = async (intent: Awaited<ReturnType<typeof decide>>) =>
    (await bench.under.at(intent.place)).giveUp(intent, reason, 'unseen');

  describe(`${name}: a commit that is given up`, () => {
    test('never happens, and leaves what settled, where runs continue from, and why', async () => {
      const first = await bench.settle(1, [{ rows: [row(1, 1)] }]);
      const intent = await decide(2);
      const before = await (await bench.under.open()).head();
      expect(await giveUp(intent)).toEqual({ removed: [] });
      expect(await bench.commit(intent)).toBe('given up');
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
      const { watermark, boundary, schema, rows } = before ?? {};
      const fence = { id: fenceHeadId(intent), prev: first.id, epoch: 2, watermark, boundary, schema, rows, reason };
      expect(await (await bench.under.open()).head()).toMatchObject(fence);
    });

    test('is so again, and is built upon; a commit that happened is not given up', async () => {
      const settled = await bench.settle(1, [{ rows: [row(1, 1)] }]);
      expect(await giveUp(settled)).toBe('committed');
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
      const intent = await decide(2);
      await giveUp(intent);
      expect(await giveUp(intent)).toEqual({ removed: [] });
      await bench.settle(3, [{ rows: [row(3, 3)] }]);
      expect(await giveUp(intent)).toBe('fenced');
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(3, 3)]));
    });

    test('next to one who commits it: one of both happens, and both hear which', async () => {
      for (let epoch = 1; epoch <= 6; epoch += 2) {
        const intent = await decide(epoch);
        const [committed, given] = await Promise.all([bench.commit(intent), giveUp(intent)]);
        const head = (await (await bench.under.open()).head())?.id;
        const isCommitted = head === intent.id;
        expect(head).toBe(isCommitted ? intent.id : fenceHeadId(intent));
        expect(isCommitted ? ['committed', 'already'] : ['given up', 'parts lost']).toContain(committed);
        expect(isCommitted ? ['visible', 'committed'] : ['given up']).toContain(typeof given === 'object' ? 'given up' : given);
      }
    });

    test('and was the first load leaves nothing that counts as settled', async ({ skip }) => {
      const intent = await decide(1);
      await giveUp(intent);
      expect(await bench.inspect()).toMatchObject({ content: 'empty', fence: { id: fenceHeadId(intent), nothing: true } });
      if (!bench.under.plantForeign) return skip();
      await bench.under.plantForeign([row(90, 90)]);
      expect(await bench.inspect()).toMatchObject({ content: 'foreign', fence: { id: fenceHeadId(intent) } });
    });
  });

  test(`${name}: a handle that has looked before sees what others did since`, async () => {
    await seesWhatOthersDid(bench);
  });
}
