import { expect, test } from 'vitest';
import { Block } from '../../../src/databases/postgres/copy/blocks.ts';
import { foldNumerics } from '../../../src/databases/postgres/copy/folds.ts';

/** Whole numbers of at most 16 digits, as COPY sends them. */
function blockOf(values: readonly number[]): Block {
  const block = new Block();
  block.rows = values.length;
  for (const [row, value] of values.entries()) {
    const groups = String(Math.abs(value)).padStart(16, '0').match(/\d{4}/g) ?? [];
    const at = row * 20;
    block.positions[row] = at;
    for (const [n, word] of [groups.length, groups.length - 1, value < 0 ? 0x4000 : 0, 0, ...groups.map(Number)].entries())
      block.view.setUint16(at + 4 + n * 2, word);
    block.view.setInt32(at, 16);
  }
  return block;
}

test.each([1, -1])('the sum of many decimals with the sign %i has all of its digits', (sign) => {
  const values = Array.from({ length: 9 }, (_, n) => sign * (2 ** 52 - 1 - n));
  const found = foldNumerics({ precision: 18, scale: 0 })({ block: blockOf(values), columns: 1, column: 0 });
  expect(found?.sum).toBe(values.reduce((sum, value) => sum + BigInt(value), 0n));
});
