import * as A from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateText, fractionDigits, timestampText } from '../../src/frames/calendar.ts';
import type { TimeUnit } from '../../src/frames/schema.ts';
import { dateTexts, instantTexts, type Texts } from '../../src/frames/times/time-texts.ts';
import { SEED } from '../support/samples.ts';

const firstDay = -719_162;
const lastDay = 2_932_896;
const units: readonly TimeUnit[] = ['ms', 'us', 'ns'];
const arrowUnits = { ms: A.TimeUnit.MILLISECOND, us: A.TimeUnit.MICROSECOND, ns: A.TimeUnit.NANOSECOND };

const dates = (days: readonly (number | null)[]): A.Data =>
  dataOf(
    new A.DateDay(),
    Int32Array.from(days, (day) => day ?? 2 ** 31 - 1),
    days,
  );

const instants = (values: readonly (bigint | null)[], unit: TimeUnit): A.Data =>
  dataOf(
    new A.Timestamp(arrowUnits[unit]),
    BigInt64Array.from(values, (value) => value ?? 2n ** 63n - 1n),
    values,
  );

/** A null's place holds what is no date that could be written. */
function dataOf(type: A.DateDay | A.Timestamp, data: Int32Array | BigInt64Array, values: readonly unknown[]): A.Data {
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  for (const [i, value] of values.entries()) if (value !== null) nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
  const nullCount = values.filter((value) => value === null).length;
  return A.makeData({ type: type as A.DateDay, length: values.length, nullCount, nullBitmap, data: data as Int32Array });
}

const textsOf = (texts: Texts | undefined): readonly string[] | undefined =>
  texts &&
  [...texts.offsets.keys()].slice(1).map((i) => Buffer.from(texts.bytes).toString('latin1', texts.offsets[i - 1], texts.offsets[i]));

test('dates are as the calendar has them, over all years that can be written', () => {
  const edges = [firstDay, firstDay + 1, -1, 0, 1, 59, 60, 19_782, 65_535, 65_536, -65_536, lastDay - 1, lastDay];
  expect(textsOf(dateTexts(dates(edges)))).toEqual(edges.map(dateText));
  expect(textsOf(dateTexts(dates([0, lastDay, firstDay])))).toEqual(['1970-01-01', '9999-12-31', '0001-01-01']);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: firstDay, max: lastDay }), { minLength: 1, maxLength: 200 }), (days) => {
      expect(textsOf(dateTexts(dates(days)))).toEqual(days.map(dateText));
    }),
    { seed: SEED },
  );
});

describe.each(units)('instants in %s', (unit) => {
  const perDay = 86_400n * 10n ** BigInt(fractionDigits[unit]);
  const ofInt64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
  const least = BigInt(firstDay) * perDay;
  const most = BigInt(lastDay + 1) * perDay - 1n;
  const range = { min: least < ofInt64.min ? ofInt64.min : least, max: most > ofInt64.max ? ofInt64.max : most };

  test('are exact to the last digit', () => {
    const second = 10n ** BigInt(fractionDigits[unit]);
    const whole = [0n, 59n * second, 60n * second, 3599n * second, 86_399n * second, perDay, -perDay, 2n ** 53n, -(2n ** 53n), 2n ** 32n];
    const edges = [range.min, range.max, ...whole.flatMap((value) => [value - 1n, value, value + 1n])].filter(
      (value) => value >= range.min && value <= range.max,
    );
    expect(textsOf(instantTexts(instants(edges, unit), unit, ''))).toEqual(edges.map((value) => timestampText(value, unit)));
    const value = fc.oneof(fc.bigInt(range), fc.bigInt({ min: -perDay, max: perDay }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const texts = textsOf(instantTexts(instants(values, unit), unit, 'Z'));
        expect(texts).toEqual(values.map((one) => `${timestampText(one, unit)}Z`));
      }),
      { seed: SEED },
    );
  });

  test('that no year of four digits holds are told', () => {
    if (unit === 'ns') return expect(instantTexts(instants([ofInt64.min, ofInt64.max], unit), unit, '')).toBeDefined();
    for (const outside of [least - 1n, most + 1n, ofInt64.min, ofInt64.max])
      expect(instantTexts(instants([0n, outside], unit), unit, '')).toBeUndefined();
  });

  test('next to nulls, whatever is in their places', () => {
    const texts = textsOf(instantTexts(instants([null, 0n, null], unit), unit, ''));
    expect(texts?.[1]).toBe(timestampText(0n, unit));
    expect(texts).toHaveLength(3);
  });
});

test('dates that no year of four digits holds are reported, nulls are not among them', () => {
  for (const outside of [firstDay - 1, lastDay + 1, -(2 ** 31), 2 ** 31 - 1]) expect(dateTexts(dates([0, outside]))).toBeUndefined();
  expect(textsOf(dateTexts(dates([null, 0])))?.[1]).toBe('1970-01-01');
});
