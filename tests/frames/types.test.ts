import { describe, expect, test } from 'vitest';
import { schemaChanges } from '../../src/frames/compare.ts';
import { describeType, sameType } from '../../src/frames/describe-type.ts';
import type { Column, DataType } from '../../src/frames/schema.ts';

const column = (name: string, type: DataType, nullable = true): Column => ({ name, type, nullable });
const int64 = { kind: 'int64' } as const;

test.each<[DataType, string]>([
  [int64, 'int64'],
  [{ kind: 'decimal', precision: 18, scale: 4 }, 'decimal(18,4)'],
  [{ kind: 'time', unit: 'ns' }, 'time[ns]'],
  [{ kind: 'timestamp', unit: 'us' }, 'timestamp[us]'],
  [{ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 'timestamp[us, UTC]'],
  [
    { kind: 'list', item: { kind: 'struct', fields: [column('a', int64), column('b', { kind: 'string' })] } },
    'list<struct<a: int64, b: string>>',
  ],
])('%o is described as %s', (type, text) => {
  expect(describeType(type)).toBe(text);
});

describe('types are the same', () => {
  test('whatever nested fields say of nulls', () => {
    const struct = (nullable: boolean): DataType => ({ kind: 'list', item: { kind: 'struct', fields: [column('a', int64, nullable)] } });
    expect(sameType(struct(true), struct(false))).toBe(true);
  });

  test.each<[DataType, DataType]>([
    [
      { kind: 'timestamp', unit: 'us' },
      { kind: 'timestamp', unit: 'us', zone: 'UTC' },
    ],
    [
      { kind: 'timestamp', unit: 'us' },
      { kind: 'timestamp', unit: 'ns' },
    ],
    [
      { kind: 'decimal', precision: 18, scale: 4 },
      { kind: 'decimal', precision: 18, scale: 2 },
    ],
    [
      { kind: 'list', item: int64 },
      { kind: 'list', item: { kind: 'int32' } },
    ],
    [
      { kind: 'struct', fields: [column('a', int64)] },
      { kind: 'struct', fields: [column('b', int64)] },
    ],
    [
      { kind: 'struct', fields: [column('a, b: int64', int64)] },
      { kind: 'struct', fields: [column('a', int64), column('b', int64)] },
    ],
  ])('but not %o and %o', (a, b) => {
    expect(sameType(a, b)).toBe(false);
  });
});

describe('what changed between two schemas', () => {
  const before = { columns: [column('id', int64), column('name', { kind: 'string' })] };

  test('is nothing for the same columns in another order', () => {
    expect(schemaChanges(before, { columns: before.columns.toReversed() })).toEqual([]);
  });

  test('is one sentence a difference', () => {
    const now = { columns: [column('id', { kind: 'int32' }), column('email', { kind: 'string' })] };
    expect(schemaChanges(before, now)).toEqual([
      'column name is gone',
      'column id was int64 and is int32 now',
      'column email (string) is new',
    ]);
  });
});
