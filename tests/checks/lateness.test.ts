import { describe, expect, test } from 'vitest';
import { slowAfter, staleSince } from '../../src/checks/lateness.ts';

const dayMs = 86_400_000;

describe('an entity with expect: { every: 1d }', () => {
  const at = (now: string, over: Partial<Parameters<typeof staleSince>[0]> = {}) =>
    staleSince({ settledAt: '2026-11-20T02:00:00.000Z', everyMs: dayMs, except: [], zone: null, now, ...over });

  test('is stale a day after its last rows, and some minutes of grace', () => {
    expect(at('2026-11-21T02:00:00.000Z')).toBeNull();
    expect(at('2026-11-21T03:29:00.000Z')).toBeNull();
    expect(at('2026-11-21T03:31:00.000Z')).toBe('2026-11-21T02:00:00.000Z');
    expect(at('2026-11-20T03:03:00.000Z', { everyMs: 3_600_000 })).toBeNull();
    expect(at('2026-11-20T03:04:00.000Z', { everyMs: 3_600_000 })).toBe('2026-11-20T03:00:00.000Z');
  });

  test('is not stale on days that the config leaves out', () => {
    const except = ['2026-11-21', '2026-11-22', '2027-01-01'];
    expect(at('2026-11-22T12:00:00.000Z', { except })).toBeNull();
    expect(at('2026-11-23T04:00:00.000Z', { except })).toBe('2026-11-23T02:00:00.000Z');
    expect(at('2026-11-23T04:00:00.000Z', { except: ['2026-11-01'] })).toBe('2026-11-21T02:00:00.000Z');
    // The day in Auckland is over before it has begun in UTC's evening.
    const auckland = { except: ['2026-11-22'], zone: 'Pacific/Auckland' };
    expect(at('2026-11-21T12:30:00.000Z', { ...auckland, settledAt: '2026-11-20T10:00:00.000Z' })).toBe('2026-11-21T10:00:00.000Z');
    expect(at('2026-11-21T12:30:00.000Z', { ...auckland, settledAt: '2026-11-20T12:00:00.000Z' })).toBeNull();
  });

  test('that never settled, or expects nothing, is not stale', () => {
    expect(at('2027-01-01T00:00:00.000Z', { settledAt: null })).toBeNull();
    expect(at('2027-01-01T00:00:00.000Z', { everyMs: null })).toBeNull();
  });
});

describe('a run', () => {
  const minutes = (n: number) => n * 60_000;

  test('is slow after three times the median of the last ten, and ten minutes', () => {
    const before = [5, 4, 6, 5, 5, 5, 5, 5, 5, 5, 500, 500, 500].map(minutes);
    expect(slowAfter(minutes(15), before)).toBeNull();
    expect(slowAfter(minutes(15) + 1, before)).toBe(minutes(15));
    expect(slowAfter(minutes(9), [1, 1, 1].map(minutes))).toBeNull();
    expect(slowAfter(minutes(11), [1, 1, 1].map(minutes))).toBe(minutes(10));
  });

  test('is not compared with fewer than three', () => {
    expect(slowAfter(minutes(600), [1, 1].map(minutes))).toBeNull();
  });
});
