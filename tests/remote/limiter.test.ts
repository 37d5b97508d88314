import { expect, test } from 'vitest';
import { Limiter } from '../../src/remote/limiter.ts';
import { noWaiting } from '../support/no-waiting.ts';

/** Requests that end when they are told to. */
function held(limiter: Limiter, count: number) {
  const ends: (() => void)[] = [];
  const all = Array.from({ length: count }, () => limiter.run(() => new Promise<void>((end) => ends.push(end))));
  return { ends, all };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('lets so many pass at once, and the next when one has ended', async () => {
  const { ends, all } = held(new Limiter(3), 5);
  await turn();
  expect(ends).toHaveLength(3);
  ends[0]?.();
  await turn();
  expect(ends).toHaveLength(4);
  for (let i = 1; i < 5; i++) {
    await turn();
    ends[i]?.();
  }
  await Promise.all(all);
});

test('lets half as many pass after a throttle, however many were turned away together, and more again as requests go well', async () => {
  const limiter = new Limiter(16);
  const waits: number[] = [];
  const { clock } = noWaiting(waits);
  for (let i = 0; i < 16; i++) limiter.narrow(clock);
  expect(limiter.width).toBe(8);
  waits.push(1_000);
  limiter.narrow(clock);
  expect(limiter.width).toBe(4);
  const { ends, all } = held(limiter, 6);
  await turn();
  expect(ends).toHaveLength(4);
  for (let i = 0; i < 5; i++) limiter.widen();
  expect(limiter.width).toBe(5);
  await turn();
  expect(ends).toHaveLength(5);
  for (let i = 0; i < 6; i++) {
    await turn();
    ends[i]?.();
  }
  await Promise.all(all);
  for (let i = 0; i < 1_000; i++) limiter.widen();
  expect(limiter.width).toBe(16);
  for (let i = 0; i < 20; i++) {
    waits.push(1_000);
    limiter.narrow(clock);
  }
  expect(limiter.width).toBe(1);
});
