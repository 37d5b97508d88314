import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';

const clock = realClock();

test('now is an instant in UTC with milliseconds, and this one', () => {
  const now = clock.now();
  expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5000);
});

test('sleep lasts at least as long as asked', async () => {
  const before = clock.monotonicMs();
  await clock.sleep(20);
  // Timers may fire a fraction of a millisecond early.
  expect(clock.monotonicMs() - before).toBeGreaterThan(18);
});

test('an aborted sleep rejects with the reason of the signal, at once', async () => {
  const reason = new Error('asked to stop');
  await expect(clock.sleep(3_600_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const sleeping = clock.sleep(3_600_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});

test('a sleep longer than a timer can be does not end at once', async () => {
  const controller = new AbortController();
  let ended = false;
  const sleeping = clock.sleep(2 ** 40, controller.signal).then(
    () => {
      ended = true;
    },
    () => undefined,
  );
  await clock.sleep(10);
  expect(ended).toBe(false);
  controller.abort();
  await sleeping;
});
