import { expect, it } from 'vitest';
import { DeletedRows } from '../../../src/delta/values/deleted-rows.ts';

function deleted(rows: number, ...numbers: readonly number[]): DeletedRows {
  const made = new DeletedRows(rows);
  for (const row of numbers) made.add(row, row + 1);
  return made;
}

const left = (rows: DeletedRows): readonly number[] =>
  Array.from({ length: rows.rows }, (_, row) => row).filter((row) => !rows.isDeleted(row));

it.each([
  ['no vector before', null, [0, 3, 7, 8]],
  ['some were deleted before', [3, 8], [0, 7]],
  ['others were deleted before', [1, 9], [0, 3, 7, 8]],
  ['all were deleted before', [0, 3, 7, 8], []],
])('rows that one vector deletes and an earlier one does not: %s', (_, before, expected) => {
  const found = DeletedRows.allBut(10, deleted(10, 0, 3, 7, 8), before && deleted(10, ...before));
  expect(left(found)).toEqual(expected);
  expect(found.count).toBe(10 - expected.length);
});
