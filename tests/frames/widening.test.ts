import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeType } from '../../src/frames/describe-type.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { common, holds } from '../../src/frames/widening.ts';
import { SEED } from '../support/samples.ts';

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};
const integers = Object.keys(ranges).map((kind) => ({ kind }) as DataType);
const others: DataType[] = [
  { kind: 'bool' },
  { kind: 'float32' },
  { kind: 'float64' },
  { kind: 'string' },
  { kind: 'date' },
  { kind: 'timestamp', unit: 'us' },
  { kind: 'timestamp', unit: 'ns' },
  { kind: 'timestamp', unit: 'us', zone: 'UTC' },
  { kind: 'binary' },
];
const decimal = fc
  .tuple(fc.integer({ min: 1, max: 38 }), fc.integer({ min: 0, max: 38 }))
  .filter(([precision, scale]) => scale <= precision)
  .map(([precision, scale]): DataType => ({ kind: 'decimal', precision, scale }));
const anyType = fc.oneof(fc.constantFrom(...integers, ...others), decimal);

describe('widening', () => {
  it('between integers is what their ranges say', () => {
    for (const wide of integers) {
      for (const narrow of integers) {
        const [low, high] = ranges[wide.kind] ?? [0n, 0n];
        const [least, most] = ranges[narrow.kind] ?? [0n, 0n];
        expect(holds(wide, narrow), `${wide.kind} holds ${narrow.kind}`).toBe(low <= least && most <= high);
      }
    }
  });

  it('into floats keeps every whole number', () => {
    expect(holds({ kind: 'float64' }, { kind: 'int32' })).toBe(true);
    expect(holds({ kind: 'float64' }, { kind: 'int64' })).toBe(false);
    expect(holds({ kind: 'float32' }, { kind: 'int32' })).toBe(false);
    expect(holds({ kind: 'float32' }, { kind: 'uint16' })).toBe(true);
  });

  it('never drops a zone, nor a year', () => {
    expect(holds({ kind: 'timestamp', unit: 'us' }, { kind: 'timestamp', unit: 'us', zone: 'UTC' })).toBe(false);
    expect(holds({ kind: 'timestamp', unit: 'us' }, { kind: 'timestamp', unit: 'ms' })).toBe(true);
    expect(holds({ kind: 'timestamp', unit: 'ns' }, { kind: 'timestamp', unit: 'us' })).toBe(false);
  });

  it('finds a common type that holds both, the same from either side', () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        const found = common(a, b);
        const other = common(b, a);
        expect(found && describeType(found)).toEqual(other && describeType(other));
        if (found) expect([holds(found, a), holds(found, b)]).toEqual([true, true]);
      }),
      { seed: SEED },
    );
  });

  it('is an order: what holds what holds, holds', () => {
    fc.assert(
      fc.property(anyType, anyType, anyType, (a, b, c) => {
        if (holds(a, b) && holds(b, c)) expect(holds(a, c)).toBe(true);
      }),
      { seed: SEED },
    );
  });

  it('has no common type for text and numbers', () => {
    expect(common({ kind: 'string' }, { kind: 'int64' })).toBeUndefined();
    expect(common({ kind: 'uint64' }, { kind: 'int8' })).toBeUndefined();
    expect(common({ kind: 'uint8' }, { kind: 'int8' })).toEqual({ kind: 'int16' });
  });
});
