import { expect, test } from 'vitest';
import { Semaphore } from '../../src/ports/semaphore.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a caller that gives up waiting leaves its turn to the next', async () => {
  const semaphore = new Semaphore(1);
  const told: string[] = [];
  let end: () => void = () => undefined;
  const first = semaphore.run(() => new Promise<void>((resolve) => (end = resolve)));
  const stop = new AbortController();
  const second = semaphore.run(async () => void told.push('second'), stop.signal);
  const third = semaphore.run(async () => void told.push('third'), new AbortController().signal);
  stop.abort(new Error('too long'));
  await expect(second).rejects.toThrow('too long');
  end();
  await Promise.all([first, third]);
  expect(told).toEqual(['third']);
  expect(await semaphore.run(async () => 'free again')).toBe('free again');
});

test('what has begun is not stopped by it', async () => {
  const semaphore = new Semaphore(1);
  const stop = new AbortController();
  const work = semaphore.run(async () => {
    await turn();
    return 'done';
  }, stop.signal);
  stop.abort();
  expect(await work).toBe('done');
});
