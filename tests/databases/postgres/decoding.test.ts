import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpecialValue, UnheldValue } from '../../../src/databases/engine.ts';
import { decoder } from '../../../src/databases/postgres/read.ts';
import { frameWriter } from '../../../src/frames/values/column-writers.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { noNumber, numeric } from '../../support/copied-rows.ts';
import { cases } from '../../support/samples.ts';

interface Numeric {
  readonly precision: number;
  readonly scale: number;
}

/** What all of them are read as, each behind bytes of others. */
async function decoded(values: readonly Buffer[], { precision, scale }: Numeric): Promise<readonly bigint[]> {
  const writer = await frameWriter({ columns: [{ name: 'n', type: { kind: 'decimal', precision, scale }, nullable: true }] });
  const [column] = writer.writers;
  if (column === undefined) throw new Error('no column');
  const decode = decoder({ as: 'numeric', precision, scale }, column, null);
  for (const bytes of values) decode(Buffer.concat([Buffer.alloc(3, 0xff), bytes, Buffer.alloc(5, 0xff)]), 3, bytes.length);
  const data = (await toArrow(await (await writer.take()).collect())).getChildAt(0)?.data ?? [];
  return data.flatMap((piece) => {
    const words = piece.values as Uint32Array;
    return Array.from({ length: piece.length }, (_, row) => {
      const value = [3, 2, 1, 0].reduce((sum, at) => (sum << 32n) | BigInt(words[row * 4 + at] ?? 0), 0n);
      return BigInt.asIntN(128, value);
    });
  });
}

/** Around the powers of ten and of two, at which one way of decoding ends and another begins. */
const edges = [
  ...Array.from({ length: 38 }, (_, power) => 10n ** BigInt(power)),
  ...[31n, 32n, 51n, 52n, 53n, 54n, 63n, 64n, 96n].map((power) => 2n ** power),
].flatMap((one) => [one - 1n, one, one + 1n, -one]);

const numerics = fc
  .record({ scale: fc.integer({ min: 0, max: 38 }), more: fc.integer({ min: 0, max: 38 }), digits: fc.integer({ min: 1, max: 38 }) })
  .chain(({ scale, more, digits }) => {
    const precision = Math.max(1, Math.min(38, scale + more));
    const most = 10n ** BigInt(Math.min(digits, precision)) - 1n;
    const value = fc.oneof(
      fc.bigInt({ min: -most, max: most }),
      fc.constantFrom(...edges.filter((one) => one < 10n ** BigInt(precision) && -one < 10n ** BigInt(precision))),
    );
    const zeros = fc.integer({ min: 0, max: 2 });
    return fc.record({
      precision: fc.constant(precision),
      scale: fc.constant(scale),
      values: fc.array(fc.record({ value, zerosInFront: zeros, zerosBehind: zeros }), { minLength: 1, maxLength: 20 }),
    });
  });

test('a numeric is the very number, of each precision, scale, sign and size, and however many zeros come with it', async () => {
  await fc.assert(
    fc.asyncProperty(numerics, async ({ precision, scale, values }) => {
      const wires = values.map(({ value, ...zeros }) => numeric(value, scale, zeros));
      expect(await decoded(wires, { precision, scale })).toEqual(values.map(({ value }) => value));
    }),
    cases(400),
  );
});

test('a numeric is read alike whether its server shows more digits than its column has, where they are zeros', async () => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 6 }), async (value, zeros) => {
      const wire = numeric(value * 10n ** BigInt(zeros), 2 + zeros);
      expect(await decoded([wire], { precision: 18, scale: 2 })).toEqual([value]);
    }),
    cases(300),
  );
});

test('a numeric with a digit too many is refused, behind the point as before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 37 }), fc.boolean(), fc.nat(), async (digits, isNegative, seed) => {
      const precision = digits;
      const scale = seed % (digits + 1);
      const most = 10n ** BigInt(precision);
      const large = (most + (BigInt(seed) % most)) * (isNegative ? -1n : 1n);
      await expect(decoded([numeric(large, scale)], { precision, scale })).rejects.toThrow(UnheldValue);
      const fine = (BigInt(seed) % most) * 10n + 1n + BigInt(seed % 9);
      await expect(decoded([numeric(fine, scale + 1)], { precision: 38, scale })).rejects.toThrow(UnheldValue);
    }),
    cases(300),
  );
});

test('a digit too many is seen in a number that no double holds as well', async () => {
  // 2^53 and more: the nearest double of the first has a zero for its last digit.
  for (const value of [9_507_199_254_741_001n, 9_999_999_999_999_999n, 123_456_789_012_345_678_901n])
    await expect(decoded([numeric(value, 4)], { precision: 38, scale: 3 })).rejects.toThrow(
      'a number with more than 3 digits after the point',
    );
});

test('NaN and infinities are not numbers of a numeric', async () => {
  for (const sign of [0xc000, 0xd000, 0xf000])
    await expect(decoded([noNumber(sign)], { precision: 12, scale: 2 })).rejects.toThrow(SpecialValue);
});

test('a length that is not that of its digits is refused', async () => {
  const wire = numeric(123_456n, 2);
  for (const bytes of [wire.subarray(0, -1), Buffer.concat([wire, Buffer.alloc(2)])])
    await expect(decoded([bytes], { precision: 12, scale: 2 })).rejects.toThrow(/bytes arrived for a numeric/);
});
