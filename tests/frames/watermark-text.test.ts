import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataType } from '../../src/frames/schema.ts';
import { compareWatermarks, describeWatermarkType, parseWatermark, watermarkKey, watermarkText } from '../../src/frames/watermark-text.ts';
import { SEED } from '../support/samples.ts';

const us = { kind: 'timestamp', unit: 'us' } as const;
const zoned = { kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' } as const;
const ns = { kind: 'timestamp', unit: 'ns' } as const;
const int64 = { kind: 'int64' } as const;
const money = { kind: 'decimal', precision: 18, scale: 4 } as const;

describe('canonical text', () => {
  test.each<[DataType, bigint | string, string]>([
    [int64, -(2n ** 63n), '-9223372036854775808'],
    [money, -5n, '-0.0005'],
    [money, 12345n, '1.2345'],
    [{ kind: 'decimal', precision: 38, scale: 0 }, 10n ** 37n, `1${'0'.repeat(37)}`],
    [{ kind: 'date' }, -719_162n, '0001-01-01'],
    [{ kind: 'date' }, 2_932_896n, '9999-12-31'],
    [{ kind: 'date' }, 2_932_897n, '+010000-01-01'],
    [{ kind: 'date' }, -719_529n, '-000001-12-31'],
    [us, 1_704_067_200_000_001n, '2024-01-01T00:00:00.000001'],
    [us, -1n, '1969-12-31T23:59:59.999999'],
    [us, -62_135_596_800_000_000n, '0001-01-01T00:00:00.000000'],
    [{ kind: 'timestamp', unit: 'ms' }, 253_402_300_799_999n, '9999-12-31T23:59:59.999'],
    [ns, 2n ** 63n - 1n, '2262-04-11T23:47:16.854775807'],
    [zoned, 0n, '1970-01-01T00:00:00.000000Z'],
    [{ kind: 'string' }, 'Ab', 'Ab'],
    [{ kind: 'uuid' }, 'AAAAAAAA-0000-0000-0000-00000000000F', 'aaaaaaaa-0000-0000-0000-00000000000f'],
  ])('of %o %s is %s', (type, key, text) => {
    expect(watermarkText(type, key)).toBe(text);
    expect(watermarkKey(type, text)).toEqual(typeof key === 'string' ? text : key);
  });

  test.each([int64, us, zoned, ns])('of any %o gives its value back', (type) => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => watermarkKey(type, watermarkText(type, value)) === value),
      { seed: SEED },
    );
  });

  test.each<[DataType, string]>([
    [us, '2024-01-01'],
    [us, '2024-01-01T00:00:00.000001Z'],
    [us, '2024-01-01T00:00:00.000'],
    [int64, '+1'],
    [int64, '9223372036854775808'],
    [money, '1.5'],
    [{ kind: 'date' }, '2024-02-30'],
  ])('of a %o is never %s', (type, text) => {
    expect(() => watermarkKey(type, text)).toThrow('not the canonical text');
  });
});

describe('comparing', () => {
  const compare = (type: DataType, a: string, b: string) => Math.sign(compareWatermarks({ type, text: a }, { type, text: b }));

  test.each<[string, DataType, string, string]>([
    ['neighbours beyond 2^53', int64, '9007199254740992', '9007199254740993'],
    ['numbers by value, not by digits', int64, '9', '10'],
    ['negative numbers', int64, '-10', '-9'],
    ['a tick of 100 ns', ns, '2024-01-01T00:00:00.123456700', '2024-01-01T00:00:00.123456800'],
    ['decimals', money, '-0.0002', '-0.0001'],
    ['text by code points, as databases do', { kind: 'string' }, '\uFF5E', '𝔘'],
    ['the empty text first', { kind: 'string' }, '', 'a'],
    ['years beyond 9999', { kind: 'date' }, '9999-12-31', '+010000-01-01'],
  ])('%s', (_, type, smaller, larger) => {
    expect([compare(type, smaller, larger), compare(type, larger, smaller), compare(type, smaller, smaller)]).toEqual([-1, 1, 0]);
  });

  test('two types are never compared', () => {
    expect(() => compareWatermarks({ type: int64, text: '1' }, { type: us, text: '2024-01-01T00:00:00.000000' })).toThrow('were compared');
  });
});

describe('what a person writes', () => {
  const parse = (type: DataType, text: string) => parseWatermark(text, { column: 'c', type }).text;

  test.each<[DataType, string, string]>([
    [us, '2024-01-01', '2024-01-01T00:00:00.000000'],
    [us, '2024-01-01 10:00', '2024-01-01T10:00:00.000000'],
    [us, '2024-01-01T10:00:00.5', '2024-01-01T10:00:00.500000'],
    [us, '2024-01-01 10:00:00.1234560', '2024-01-01T10:00:00.123456'],
    [zoned, '2024-01-01T10:00:00+02:00', '2024-01-01T08:00:00.000000Z'],
    [zoned, '2024-01-01T10:00:00-0330', '2024-01-01T13:30:00.000000Z'],
    [zoned, '2024-01-01 10:00', '2024-01-01T10:00:00.000000Z'],
    [{ kind: 'date' }, '2024-01-01', '2024-01-01'],
    [{ kind: 'date' }, '2024-01-01T00:00:00', '2024-01-01'],
    [int64, ' +42 ', '42'],
    [int64, '-0', '0'],
    [money, '3.5', '3.5000'],
    [money, '7', '7.0000'],
    [money, '1.500000', '1.5000'],
    [{ kind: 'string' }, ' 7 ', ' 7 '],
  ])('as %o, %s is %s', (type, written, text) => {
    expect(parse(type, written)).toBe(text);
  });

  test.each<[DataType, string]>([
    [us, '2024-01-01T10:00:00Z'],
    [us, '2024-13-01'],
    [us, '2024-02-30'],
    [us, '2024-01-01 24:00'],
    [us, '2024-01-01 10:00:00.1234567'],
    [us, 'yesterday'],
    [ns, '0001-01-01'],
    [int64, '1.5'],
    [int64, '9223372036854775808'],
    [{ kind: 'uint8' }, '-1'],
    [money, '0.00001'],
    [money, '1e3'],
    [{ kind: 'date' }, '2024-01-01 10:00'],
    [{ kind: 'uuid' }, '42'],
  ])('%o refuses %s and shows how to write it', (type, written) => {
    expect(() => parse(type, written)).toThrow(
      expect.objectContaining({ code: 'HYG-3111', tryThis: expect.arrayContaining([expect.stringContaining('Write it like')]) }),
    );
  });
});

test.each<DataType>([{ kind: 'float64' }, { kind: 'float32' }, { kind: 'bool' }, { kind: 'binary' }, { kind: 'list', item: int64 }])(
  'a %o is refused as a watermark',
  (type) => {
    expect(() => describeWatermarkType(type, 'price')).toThrow(expect.objectContaining({ code: 'HYG-3110' }));
  },
);

test('a watermark type is described with its unit and zone', () => {
  expect(describeWatermarkType(zoned, 'c')).toBe('timestamp[us, Europe/Copenhagen]');
});
