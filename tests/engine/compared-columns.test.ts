import { expect, test } from 'vitest';
import { type ColumnSides, comparedColumns } from '../../src/engine/verify/compared-columns.ts';

const decimal = { kind: 'decimal', precision: 10, scale: 2 } as const;
const columns = (...all: readonly (readonly [string, 'string' | typeof decimal])[]) => ({
  columns: all.map(([name, type]) => ({ name, type: type === 'string' ? { kind: type } : type, nullable: true })),
});

test('a column whose values settle in a second one since its type changed is not called gone', () => {
  const spec = { mask: { columns: new Set() } };
  const settled = columns(['price', decimal], ['price_string', 'string'], ['note', 'string']);
  const shaped = columns(['price', decimal], ['price_string', 'string'], ['note', 'string']);
  const sides = { spec, settled, shaped, origins: [null, 'price', null], nullDocuments: 'kept' } as unknown as ColumnSides;
  expect(comparedColumns(sides)).toMatchObject({
    columns: [{ name: 'price_string' }],
    notCompared: [
      { column: 'price', why: 'type' },
      { column: 'note', why: 'gone' },
    ],
  });
});
