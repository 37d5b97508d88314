import { expect, test } from 'vitest';
import { startsOf } from '../../src/databases/arrow-cells.ts';
import type { Arrow } from '../../src/frames/native.ts';

const data = (length: number, valueOffsets: Int32Array | BigInt64Array) => ({ length, valueOffsets }) as unknown as Arrow.Data;

test('values begin where their offsets say, of 32 bits and of 64, with room behind the last one', () => {
  expect([...startsOf(data(2, new Int32Array([0, 3, 7])))]).toEqual([0, 3, 7]);
  const small = startsOf(data(2, new BigInt64Array([5n, 8n, 12n, 0n, 0n])));
  expect([...small]).toEqual([5, 8, 12]);
  expect(small).toBeInstanceOf(Int32Array);
  for (const end of [2n ** 31n, 2n ** 32n, 2n ** 32n + 1n, 5n * 2n ** 32n])
    expect([...startsOf(data(2, new BigInt64Array([1n, 2n ** 31n - 1n, end, 0n])))]).toEqual([1, 2 ** 31 - 1, Number(end)]);
  expect([...startsOf(data(0, new BigInt64Array([9n])))]).toEqual([9]);
  expect([...startsOf(data(0, new BigInt64Array([])))]).toEqual([0]);
});
