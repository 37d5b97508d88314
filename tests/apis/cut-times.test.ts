import { describe, expect, test } from 'vitest';
import { clockBound } from '../../src/apis/times/clock-bound.ts';
import { beginOfUnit, isUncertain, type ShownTimes, shownTimes, timesOf, unitOf, withTimes } from '../../src/apis/times/cut-times.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const type = { kind: 'timestamp', unit: 'ms', zone: 'UTC' } as const;

const cutTo = (unit: number) => (ms: number) => Math.floor(ms / unit) * unit;
/** Clocks are set on 29 March and on 25 October, both at 01:00 of UTC. */
const aheadInBerlin = (ms: number) => (ms >= Date.parse('2026-03-29T01:00Z') && ms < Date.parse('2026-10-25T01:00Z') ? 2 * hour : hour);
const dayOfBerlin = (ms: number) => {
  const begun = cutTo(day)(ms + aheadInBerlin(ms));
  return begun - aheadInBerlin(begun - aheadInBerlin(ms));
};

describe('each row of an API that cuts its times settles within two units', () => {
  const starts = ['2026-02-10T10:20:17Z', '2026-03-28T10:20:17Z', '2026-10-24T21:10:00Z'];
  const units: readonly [string, number, (ms: number) => number][] = [
    ['to nothing', hour, (ms) => ms],
    ['to seconds', minute, cutTo(1_000)],
    ['to minutes', minute, cutTo(minute)],
    ['to five minutes', 5 * minute, cutTo(5 * minute)],
    ['to quarters of an hour', 15 * minute, cutTo(15 * minute)],
    ['to hours', hour, cutTo(hour)],
    ['to half hours of a place that differs by half an hour', hour, (ms) => cutTo(hour)(ms + 30 * minute) - 30 * minute],
    ['to days', day, cutTo(day)],
    ['to days of Berlin', day, dayOfBerlin],
  ];
  const before = [-71, -50, -23.4, -9.2, -3.8, -3.3, -2.5, -2.1, -1.2, -0.7, -0.3, -0.1];
  const later = [0.15, 0.33, 0.41, 0.52, 0.77, 1.02, 1.35, 1.66, 2.2, 4.95, 5.03, 5.1, 5.28, 5.45, 5.9];
  const runs = [0, 0.05, 0.2, 0.36, 0.44, 0.5, 0.62, 0.8, 1.1, 1.5, 2, 3.5, 4.2, 4.97, 5.06, 5.2, 5.5, 5.8, 8, 11];

  const cases = units.flatMap(([name, unit, cut]) =>
    [false, true].flatMap((isOpen) =>
      [minute, 0, unit].flatMap((lagMs) =>
        (unit < day ? starts.slice(0, 1) : starts).flatMap((start) =>
          [before, [-0.1], [-0.2, -0.1], []].map((old) => ({ name, unit, cut, isOpen, lagMs, start: Date.parse(start), old })),
        ),
      ),
    ),
  );

  test.each([
    ['of a list that page 1 shows as a whole', Number.POSITIVE_INFINITY],
    ['of a list whose page 1 has three records', 3],
    ['of lists of children, which no run looks at before it reads them', 0],
  ])('%s', (_, pageSize) => {
    for (const { name, unit, cut, isOpen, lagMs, start, old } of cases) {
      // Lists of children are always open, and their first load looks at some.
      if (pageSize === 0 && !isOpen) continue;
      const rows = [...old, ...later].map((units) => Math.round(start + units * unit) + 137);
      const settled = new Map<number, number>();
      let known: ShownTimes = [];
      let lower = Number.NEGATIVE_INFINITY;
      for (const units of runs) {
        const now = new Date(cutTo(1_000)(start + units * unit)).toISOString();
        const there = rows.filter((ms) => ms <= start + units * unit - 100);
        if (there.length === 0) continue;
        const isIn = (ms: number) => (isOpen ? cut(ms) > lower : cut(ms) >= lower);
        const listed = there.filter(isIn).sort((a, b) => a - b);
        const looked = listed.slice(0, lower === Number.NEGATIVE_INFINITY ? Math.max(pageSize, 3) : pageSize).map(cut);
        known = withTimes(known, shownTimes(looked));
        const mayWait = isUncertain(known);
        const isWhole = looked.length === listed.length && pageSize > 0;
        const shown = pageSize === 0 ? undefined : { timesMs: looked, isWhole };
        const { done } = clockBound({ column: 'at', type, date: now, now, lagMs, cut: unitOf(known), isOpen, ...(shown && { shown }) });
        const upper = Math.max(lower, Date.parse(`${done?.text}`));
        const read = listed.filter((ms) => cut(ms) <= upper);
        known = withTimes(known, shownTimes(read.map(cut)));
        if (!isOpen) for (const ms of settled.keys()) if (cut(ms) === lower) settled.set(ms, 0);
        for (const ms of read) settled.set(ms, (settled.get(ms) ?? 0) + 1);
        lower = upper;
        const due = there.filter((ms) => ms < Date.parse(now) - 2 * unit - lagMs);
        const wrong = due.filter((ms) => settled.get(ms) !== 1).map((ms) => new Date(ms).toISOString());
        // Few times may be those of a larger unit, and rows wait for its end.
        if (isWhole || !mayWait) expect([name, isOpen, lagMs, units, wrong]).toEqual([name, isOpen, lagMs, units, []]);
      }
      const at = new Date(start + 11 * unit + 2 * day).toISOString();
      const { done } = clockBound({ column: 'at', type, date: at, now: at, lagMs, cut: unitOf(known), isOpen });
      const isLast = (ms: number) => (isOpen ? cut(ms) > lower : cut(ms) >= lower) && cut(ms) <= Date.parse(`${done?.text}`);
      const lost = rows.filter((ms) => !isLast(ms) && settled.get(ms) !== 1).map((ms) => new Date(ms).toISOString());
      expect([name, isOpen, lagMs, start, old.length, lost]).toEqual([name, isOpen, lagMs, start, old.length, []]);
    }
  });
});

test.each([false, true])('a row that comes as late as the lag allows lies above the bound, though its time is cut (open: %s)', (isOpen) => {
  for (const unitMs of [60_000, 10 * 60_000, 3_600_000])
    for (const lagMs of [60_000, 20 * 60_000])
      for (let presentMs = Date.UTC(2026, 2, 10, 12); presentMs < Date.UTC(2026, 2, 10, 14); presentMs += 65_000) {
        const now = new Date(presentMs).toISOString();
        const cut = unitOf(shownTimes([0, 1, 2, 3, 4, 5, 6, 7].map((n) => Date.UTC(2026, 2, 1) + n * unitMs)));
        const { done } = clockBound({ column: 'at', type, date: now, now, lagMs, cut, isOpen });
        const ofLateRow = Math.floor((presentMs - lagMs) / unitMs) * unitMs;
        const bound = Date.parse(`${done?.text}`);
        expect([unitMs, lagMs, now, isOpen ? bound < ofLateRow : bound <= ofLateRow]).toEqual([unitMs, lagMs, now, true]);
      }
});

describe('the unit of times', () => {
  const at = (text: string) => Date.parse(text);

  test('gets smaller with each time that shows a smaller one, and few times are kept for it', () => {
    const days = shownTimes(Array.from({ length: 900 }, (_, i) => at('2026-01-01T23:00Z') + i * day));
    expect([days.length, unitOf(days).unitMs]).toEqual([9, day]);
    const hours = withTimes(days, [at('2026-01-09T04:00Z')]);
    expect([hours.length, unitOf(hours).unitMs]).toEqual([10, hour]);
    expect(withTimes(hours, [at('2026-01-09T05:00Z')])).toBe(hours);
    expect(unitOf(withTimes(hours, [at('2026-01-09T05:10Z')])).unitMs).toBe(10 * minute);
    expect(withTimes(hours, [at('2026-01-09T05:10:01Z')])).toBe('any');
    expect(withTimes('any', [at('2026-01-09T05:00Z')])).toBe('any');
  });

  test('is a day of a place over both seasons, and an hour where two lie in one day', () => {
    const both = shownTimes([at('2026-01-01T23:00Z'), at('2026-01-02T23:00Z'), at('2026-07-01T22:00Z'), at('2026-07-02T22:00Z')]);
    expect(unitOf(both)).toEqual({ unitMs: day, phasesMs: [23 * hour, 22 * hour], longerMs: hour });
    expect(unitOf(withTimes(both, [at('2026-07-01T23:00Z')])).unitMs).toBe(hour);
  });

  test('that continues began before the clocks of a place were set back', () => {
    const summer = unitOf(shownTimes([at('2026-10-20T22:00Z'), at('2026-10-21T22:00Z'), at('2026-10-22T22:00Z')]));
    expect(beginOfUnit(at('2026-10-25T22:30Z'), summer)).toBeLessThanOrEqual(at('2026-10-24T22:00Z'));
    const winter = unitOf(shownTimes([at('2026-03-20T00:00Z'), at('2026-03-21T00:00Z')]));
    expect(beginOfUnit(at('2026-03-30T10:00Z'), winter)).toBeLessThanOrEqual(at('2026-03-29T23:00Z'));
  });

  test('is that of UTC where days of summer and of winter begin at the same hour', () => {
    const both = unitOf(shownTimes([at('2025-07-20T00:00Z'), at('2026-01-21T00:00Z')]));
    expect(beginOfUnit(at('2026-03-30T00:30Z'), both)).toBe(at('2026-03-30T00:00Z'));
  });

  test('is not known of numbers that count no time, and of times with parts of a millisecond', () => {
    expect(timesOf({ kind: 'int64' }, [1n, 2n], 'number')).toBeUndefined();
    expect(timesOf({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, [1_000n, 1_001n], 'iso')).toBeUndefined();
    expect(timesOf({ kind: 'int64' }, [3_600n, 7_200n], 'epoch_s')).toEqual([hour, 2 * hour]);
  });
});
