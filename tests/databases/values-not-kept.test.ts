import { expect, test } from 'vitest';
import { valuesNotKept } from '../../src/databases/store/errors.ts';

test.each([
  [1, '1 value unchanged'],
  [2, '2 values unchanged'],
  [12_345, '12,345 values unchanged'],
])('a column that would cut or round %i of its values says so, with what lets it hold them', (values, some) => {
  const of = {
    column: 'name',
    type: 'varchar(3)',
    values,
    widened: 'ALTER TABLE e …',
    longest: { characters: 1200, most: 3, row: 'id 7' },
  };
  const error = valuesNotKept('erp.e', of);
  expect(error.what).toBe(`Column name of erp.e is varchar(3), and would not keep ${some}.`);
  expect(error.why.at(-1)).toBe('The longest value has 1,200 characters, but the column accepts 3: id 7.');
  expect(error.tryThis[0]).toBe('Change the type of the column: ALTER TABLE e …');
  expect(valuesNotKept('erp.e', { ...of, widened: null }).tryThis[0]).toBe('Choose another table, or another column for such values');
});
