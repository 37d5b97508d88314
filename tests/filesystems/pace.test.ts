import { describe, expect, test } from 'vitest';
import { type Failed, longestPauseMs, mostTries, pauseAfter, waited } from '../../src/filesystems/remote/pace.ts';

const failed: Failed = { attempt: 0, retryAfterMs: undefined, mayGoAgain: true, isOpen: false };

/** Whether it goes on, and how long was slept. */
async function wait(of: Partial<Failed>): Promise<readonly [boolean, readonly number[]]> {
  const slept: number[] = [];
  const goesOn = await waited({ ...failed, ...of }, async (ms) => void slept.push(ms));
  return [goesOn, slept];
}

describe('pauses', () => {
  test('double, up to the longest', () => {
    expect([0, 1, 2, 6, 7, 60].map((attempt) => pauseAfter(attempt, 200, 1))).toEqual([
      200,
      400,
      800,
      12_800,
      longestPauseMs,
      longestPauseMs,
    ]);
  });

  test('are spread over their second half', () => {
    expect([0, 0.5, 1].map((spread) => pauseAfter(3, 100, spread))).toEqual([400, 600, 800]);
    const many = Array.from({ length: 50 }, () => pauseAfter(0, 1000));
    expect(Math.min(...many)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...many)).toBeLessThanOrEqual(1000);
    expect(new Set(many).size).toBeGreaterThan(1);
  });
});

describe('a request that failed', () => {
  test('is sent again after as long as the service asked for', async () => {
    expect(await wait({ retryAfterMs: 7 })).toEqual([true, [7]]);
    expect(await wait({ retryAfterMs: longestPauseMs })).toEqual([true, [longestPauseMs]]);
  });

  test('is not sent again when that is too long, it was sent often enough, or it must not be', async () => {
    expect(await wait({ retryAfterMs: longestPauseMs + 1 })).toEqual([false, []]);
    expect(await wait({ attempt: mostTries - 1 })).toEqual([false, []]);
    expect(await wait({ mayGoAgain: false })).toEqual([false, []]);
    expect((await wait({ attempt: mostTries - 2 }))[0]).toBe(true);
  });

  test('of which nobody knows what it did leaves the service alone first', async () => {
    expect(await wait({ mayGoAgain: false, isOpen: true, retryAfterMs: 30 })).toEqual([false, [30]]);
    expect(await wait({ isOpen: true, retryAfterMs: longestPauseMs * 2 })).toEqual([false, [longestPauseMs]]);
  });
});
