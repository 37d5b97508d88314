import { expect, test } from 'vitest';
import { compareRanges } from '../../src/files/store/staging/partition-keys.ts';

test('partitions are in the order of their first key that differs, null first', () => {
  const inOrder = [
    [null, null],
    [null, 1n],
    [1n, null],
    [1n, 1n],
    [1n, 2n],
    [2n, null],
  ].map((keys) => ({ keys }));
  for (const [a, left] of inOrder.entries())
    for (const [b, right] of inOrder.entries()) expect(Math.sign(compareRanges(left, right)), `${a} and ${b}`).toBe(Math.sign(a - b));
});
