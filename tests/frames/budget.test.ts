import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteBudget, type Release } from '../../src/frames/budget.ts';
import { SEED } from '../support/samples.ts';

const never = new AbortController().signal;

/** Lets everything that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

function asking(budget: ByteBudget, bytes: number, signal = never) {
  const request: { release?: Release; error?: unknown } = {};
  budget.acquire(bytes, signal).then(
    (release) => {
      request.release = release;
    },
    (error: unknown) => {
      request.error = error;
    },
  );
  return request;
}

test('bytes are given until the budget is used up, then one has to wait', async () => {
  const budget = new ByteBudget(100);
  const first = asking(budget, 60);
  const second = asking(budget, 40);
  const third = asking(budget, 1);
  await settle();
  expect([first.release !== undefined, second.release !== undefined, third.release]).toEqual([true, true, undefined]);
  first.release?.();
  await settle();
  expect(third.release).toBeDefined();
});

test('a small request does not overtake a large one that waits', async () => {
  const budget = new ByteBudget(100);
  const holder = asking(budget, 50);
  const large = asking(budget, 90);
  const small = asking(budget, 10);
  await settle();
  expect([large.release, small.release]).toEqual([undefined, undefined]);
  holder.release?.();
  await settle();
  expect([large.release !== undefined, small.release !== undefined]).toEqual([true, true]);
});

test('a request larger than the whole budget is served when it is alone', async () => {
  const budget = new ByteBudget(100);
  const holder = asking(budget, 1);
  const huge = asking(budget, 1000);
  await settle();
  expect(huge.release).toBeUndefined();
  holder.release?.();
  await settle();
  expect(huge.release).toBeDefined();
});

test('who gives up does not block those behind, and takes nothing', async () => {
  const budget = new ByteBudget(100);
  const holder = asking(budget, 60);
  const gone = new AbortController();
  const large = asking(budget, 90, gone.signal);
  const small = asking(budget, 40);
  await settle();
  gone.abort(new Error('cancelled'));
  await settle();
  expect(large.error).toEqual(new Error('cancelled'));
  expect(small.release).toBeDefined();
  holder.release?.();
  small.release?.();
  expect(budget.used).toBe(0);
});

test('giving back twice returns once', async () => {
  const budget = new ByteBudget(100);
  const release = await budget.acquire(30, never);
  await budget.acquire(30, never);
  release();
  release();
  expect(budget.used).toBe(30);
});

test('whatever is asked for is served in order, within the budget, and no caller waits for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }), async (sizes) => {
      const budget = new ByteBudget(100);
      const served: number[] = [];
      let holders = 0;
      await Promise.all(
        sizes.map(async (bytes, index) => {
          const release = await budget.acquire(bytes, never);
          served.push(index);
          holders++;
          expect(budget.used <= 100 || holders === 1).toBe(true);
          await settle();
          holders--;
          release();
        }),
      );
      expect(served).toEqual(sizes.map((_, index) => index));
      expect(budget.used).toBe(0);
    }),
    { seed: SEED },
  );
});
