import { describe, expect, test } from 'vitest';
import type { Check, CheckType } from '../../src/checks/check.ts';
import {
  type CheckOutcome,
  checkProblem,
  expectedOf,
  judgeBroken,
  judgeColumn,
  judgeFreshness,
  judgeSql,
  judgeVolume,
  measuredFor,
} from '../../src/checks/judge-checks.ts';
import type { ColumnStatistics } from '../../src/frames/rules/measures.ts';
import type { DataType, Schema } from '../../src/frames/schema.ts';

const whole: DataType = { kind: 'int64' };
const money: DataType = { kind: 'decimal', precision: 18, scale: 2 };
const measures = (column: Partial<ColumnStatistics>, rows = 10) => ({
  rows,
  broken: {},
  columns: { c: { type: whole, nulls: 0, ...column } },
});
const range = (of: string, min: string | null, max: string | null) =>
  ({ type: 'range', column: 'c', of, min, max, rows: null }) as CheckType & { readonly type: 'range' };
const failed = (found: string, more = {}): CheckOutcome => ({ outcome: 'failed', found, ...more });
const passed = { outcome: 'passed' };

describe('a check', () => {
  test('of completeness counts nulls exactly at its threshold', () => {
    const check = (threshold: number) => ({ type: 'completeness', column: 'c', threshold, rows: null }) as const;
    expect(judgeColumn(check(0.9), measures({ nulls: 1 }))).toEqual(passed);
    expect(judgeColumn(check(0.91), measures({ nulls: 1 }))).toEqual(failed('9 of 10'));
    // What a product of floats makes 7.000000000000001 and 55.00000000000001 of.
    for (const filled of [7, 14, 28, 55, 56, 57]) {
      expect(judgeColumn(check(filled / 100), measures({ nulls: 100 - filled }, 100))).toEqual(passed);
      expect(judgeColumn(check(filled / 100), measures({ nulls: 101 - filled }, 100))).toEqual(failed(`${filled - 1} of 100`));
      expect(expectedOf({ ...check(filled / 100) })).toBe(`at least ${filled}% of c are not null`);
    }
    expect(judgeColumn(check(1), measures({}, 0))).toEqual({ outcome: 'not judged', because: 'no rows' });
  });

  test.each([
    [range('min', '5', null), { min: '5', max: '9' }, passed],
    [range('min', '6', null), { min: '5', max: '9' }, failed('5', { isValue: true })],
    [range('max', null, '9007199254740992'), { min: '5', max: '9007199254740993' }, failed('9007199254740993', { isValue: true })],
    [range('min', '1.5', null), { type: money, min: '1.50', max: '2.00' }, passed],
    [range('sum', '9007199254740993', '9007199254740993'), { sum: '9007199254740993' }, passed],
    [range('sum', null, '9007199254740992'), { sum: '9007199254740993' }, failed('9007199254740993')],
    [range('sum', '0.1', null), { type: money, sum: '10' }, passed],
    [range('sum', '0.101', null), { type: money, sum: '10' }, failed('0.1')],
    [range('mean', '0.333', '0.334'), { sum: '3', nulls: 1 }, passed],
    [range('mean', null, '0.333'), { sum: '3', nulls: 1 }, failed('0.3333')],
    [range('mean', '-0.5', null), { type: money, sum: '-500' }, passed],
    [range('mean', '-0.49', null), { type: money, sum: '-500' }, failed('-0.5')],
    [range('sum', null, '1'), { type: { kind: 'float64' } as const, sum: 'NaN' }, failed('NaN')],
    [range('max', null, '100'), { type: { kind: 'float64' } as const, nans: 1, min: '1.5', max: '1.5' }, failed('NaN')],
    [range('min', '0', null), { type: { kind: 'float64' } as const, nans: 3 }, failed('NaN')],
    [range('distinct', '2', '3'), { smallest: ['a', 'b', 'c'] }, passed],
    [range('distinct', '4', null), { smallest: ['a', 'b', 'c'] }, failed('3')],
  ] as const)('%j of %j', (check, column, outcome) => {
    expect(judgeColumn(check, measures(column))).toEqual(outcome);
  });

  test.each([
    ['rows', null, '2', {}, 3, 10, false],
    ['rows', null, '3', {}, 3, 10, true],
    ['rows', null, '3', { excludesMax: true as const }, 3, 10, false],
    ['rows', '1', null, {}, 0, 10, false],
    ['rows', '0', null, { excludesMin: true as const }, 0, 10, false],
    // A tenth of a percent of 3,000 rows is 3, and no float says so.
    ['percent', null, '0.1', {}, 3, 3000, true],
    ['percent', null, '0.1', { excludesMax: true as const }, 3, 3000, false],
    ['percent', null, '0.1', {}, 4, 3000, false],
    ['percent', null, '33.333', {}, 1, 3, false],
  ] as const)('of broken rows: %s from %s to %s %j, with %i of %i', (unit, min, max, excludes, n, rows, passes) => {
    const rule = { name: 'c', column: 'mail', what: 'not null', severity: 'warn' } as const;
    const judged = judgeBroken({ type: 'broken rows', rule, unit, min, max, ...excludes }, { rows, broken: { c: n }, columns: {} });
    expect(judged).toEqual(passes ? passed : failed(`${n} of ${rows}`));
    expect(judgeBroken({ type: 'broken rows', rule, unit, min, max, ...excludes }, { rows: 0, broken: {}, columns: {} })).toMatchObject({
      outcome: 'not judged',
    });
  });

  test('of the age of the newest value', () => {
    const check = { type: 'freshness', column: 'c', maxAgeMs: 3_600_000 } as const;
    const at = (text: string, type: DataType = { kind: 'timestamp', unit: 'us' }) => ({ text, type });
    const now = Date.parse('2024-01-02T00:00:00Z');
    expect(judgeFreshness(check, at('2024-01-01T23:00:00.000000'), now)).toEqual(passed);
    expect(judgeFreshness(check, at('2024-01-01T22:59:59.999999'), now)).toEqual(failed('60m old'));
    expect(judgeFreshness(check, at('2024-01-01T00:00:00.123456789Z', { kind: 'timestamp', unit: 'ns', zone: 'UTC' }), now)).toEqual(
      failed('23h old'),
    );
    // A day is not old before it is over.
    const day = (text: string) => judgeFreshness(check, at(text, { kind: 'date' }), now);
    expect(day('2023-12-30')).toEqual(failed('2d old'));
    for (const text of ['2024-01-01', '2024-01-02', '2024-01-03']) expect(day(text), text).toEqual(passed);
    expect(day('2023-12-31')).toEqual(failed('24h old'));
    expect(judgeFreshness(check, null, now)).toMatchObject({ outcome: 'not judged' });
    // Clocks and zones differ by less than a day.
    expect(judgeFreshness(check, at('2024-01-03T00:00:00.000000'), now)).toEqual(passed);
    const ahead = (found: string) => failed(`${found} in the future`, { isAhead: true });
    expect(judgeFreshness(check, at('2024-01-03T00:00:00.001000'), now)).toEqual(ahead('24h'));
    expect(judgeFreshness(check, at('9999-12-31', { kind: 'date' }), now)).toEqual(ahead('2913172d'));
  });

  test('of the number of rows, next to what is usual', () => {
    const check = (more: object) =>
      ({ type: 'volume', minRows: null, maxRows: null, withinPercent: null, ...more }) as CheckType & { readonly type: 'volume' };
    for (const edge of [70, 130]) expect(judgeVolume(check({ withinPercent: 30 }), edge, [100, 90, 110, 100, 100])).toEqual(passed);
    expect(judgeVolume(check({ withinPercent: 30 }), 71, [100, 90, 110, 100, 100])).toEqual(passed);
    expect(judgeVolume(check({ withinPercent: 30 }), 69, [100, 90, 110, 100, 100])).toEqual(failed('69, and 100 is usual'));
    expect(judgeVolume(check({ withinPercent: 30 }), 131, [100, 90, 110, 100, 100, 100])).toEqual(failed('131, and 100 is usual'));
    expect(judgeVolume(check({ withinPercent: 30 }), 1, [100, 100, 100, 100])).toMatchObject({ outcome: 'not judged' });
    expect(judgeVolume(check({ minRows: 2, withinPercent: 30 }), 1, [])).toEqual(failed('1'));
  });

  test('measures what it judges, each column once', () => {
    const checks = [
      range('sum', '1', null),
      range('mean', '1', null),
      range('max', '1', null),
      { type: 'completeness', column: 'd', threshold: 1 },
    ];
    expect(measuredFor(checks.map((check, i) => ({ name: String(i), onFail: 'fail', ...check }) as Check))).toEqual([
      { column: 'c', of: ['sum', 'extremes'] },
      { column: 'd', of: [] },
    ]);
  });

  const schema: Schema = {
    columns: [
      ['c', whole],
      ['m', money],
      ['w', { kind: 'string' }],
      ['f', { kind: 'float64' }],
    ].map(([name, type]) => ({ name: String(name), type: type as DataType, nullable: true })),
  };
  test.each([
    [range('sum', '1.5', null), null],
    [{ ...range('min', '1.5', null), column: 'm' }, null],
    [{ ...range('min', '1.505', null), column: 'm' }, /"1.505" is not a bound/],
    [{ ...range('min', '1.500', null), column: 'm' }, null],
    [{ ...range('sum', '1', null), column: 'w' }, /has no sum/],
    [{ ...range('max', '1e3', null), column: 'f' }, null],
    [{ ...range('max', 'x', null), column: 'f' }, /not a bound/],
    [{ ...range('distinct', '1', null), column: 'w' }, null],
    [range('distinct', '-1', null), /not a bound/],
    [{ type: 'freshness', column: 'c', maxAgeMs: 1 }, /not a time/],
    [{ type: 'completeness', column: 'gone', threshold: 1 }, /There is no column gone/],
  ] as const)('%j fits its column, or not: %s', (check, problem) => {
    const found = checkProblem({ name: 'x', onFail: 'fail', ...check } as Check, schema);
    if (problem === null) expect(found).toBe(null);
    else expect(found).toMatch(problem);
  });

  test('says what it expects', () => {
    expect(expectedOf({ type: 'volume', minRows: 1, maxRows: null, withinPercent: 30, rows: null })).toBe(
      'rows: at least 1, within 30% of the rows of recent runs',
    );
    expect(expectedOf(range('mean', '1', '2'))).toBe('the mean of c is at least 1 and at most 2');
  });
});

test.each<readonly [number: string | null, min: string | null, max: string | null, passes: boolean]>([
  ['1.5e3', '1500', '1500', true],
  ['1.5e3', null, '1499.99', false],
  ['25e-1', '2.5', '2.5', true],
  ['25e-1', '2.51', null, false],
  ['-1.5E+3', null, '-1500', true],
  ['12345678901234567890', '12345678901234567891', null, false],
  ['NaN', null, null, false],
  ['Infinity', null, '1e300', false],
  [null, null, null, false],
])('a query that gives %s, of at least %s and at most %s: %s', (number, min, max, passes) => {
  expect(judgeSql({ min, max }, number)).toEqual(passes ? passed : failed(number ?? 'NULL'));
});
