import { describe, expect, test } from 'vitest';
import { statisticsOf, type WrittenRows } from '../../../src/delta/write/statistics.ts';
import type { DataType } from '../../../src/frames/schema.ts';

const instant: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };

function told(type: DataType, min: string, max: string, more: Partial<WrittenRows> = {}) {
  const schema = { columns: [{ name: 'w', type, nullable: true }] };
  return JSON.parse(statisticsOf({ rows: 3, nulls: [1], schema, partitionColumns: [], bounds: [{ column: 'w', min, max }], ...more }));
}
const boundsOf = (type: DataType, min: string, max: string) => {
  const { minValues, maxValues } = told(type, min, max);
  return [minValues.w, maxValues.w];
};

describe('bounds in the statistics of a new file', () => {
  test('of instants are milliseconds, the smallest cut and the largest rounded up', () => {
    expect(boundsOf(instant, '2026-01-01T00:00:00.123456Z', '2026-01-01T23:59:59.999001Z')).toEqual([
      '2026-01-01T00:00:00.123Z',
      '2026-01-02T00:00:00.000Z',
    ]);
  });

  test('of instants with no more than milliseconds stay unchanged', () => {
    expect(boundsOf(instant, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.120000Z')).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.120Z',
    ]);
  });

  test('of instants before 1970 include their values', () => {
    expect(boundsOf(instant, '1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z')).toEqual([
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00.000Z',
    ]);
  });

  test('of whole numbers are numbers, as long as JSON holds them exactly', () => {
    expect(boundsOf({ kind: 'int64' }, '-9007199254740991', '9007199254740991')).toEqual([-9007199254740991, 9007199254740991]);
    expect(boundsOf({ kind: 'int64' }, '1', '9007199254740993')).toEqual([undefined, undefined]);
    expect(boundsOf({ kind: 'int64' }, '-9223372036854775808', '1')).toEqual([undefined, undefined]);
  });

  test('of days are texts', () => {
    expect(boundsOf({ kind: 'date' }, '2026-01-01', '2026-12-31')).toEqual(['2026-01-01', '2026-12-31']);
    expect(boundsOf({ kind: 'date' }, '2026-01-01', '+12026-12-31')).toEqual([undefined, undefined]);
  });

  test('of texts are whole up to 32 characters, and a longer one is cut and raised', () => {
    const of = (text: string) => boundsOf({ kind: 'string' }, text, text);
    const face = '\u{1f600}';
    expect(of('b'.repeat(32))).toEqual(['b'.repeat(32), 'b'.repeat(32)]);
    expect(of('b'.repeat(33))).toEqual(['b'.repeat(32), `${'b'.repeat(32)}\u{10ffff}`]);
    expect(of(face.repeat(40))).toEqual([face.repeat(32), `${face.repeat(32)}\u{10ffff}`]);
    expect(of('\ud83d')).toEqual([undefined, undefined]);
  });

  test.each<DataType>([
    { kind: 'timestamp', unit: 'us' },
    { kind: 'float64' },
    { kind: 'decimal', precision: 10, scale: 2 },
    { kind: 'binary' },
  ])('of $kind are left out', (type) => {
    expect(told(type, '1', '2')).toEqual({ numRecords: 3, minValues: {}, maxValues: {}, nullCount: { w: 1 } });
  });

  test('of a column of partitions, of another column, and of none are left out', () => {
    expect(told({ kind: 'int64' }, '1', '2', { partitionColumns: ['w'], nulls: [] })).toEqual({
      numRecords: 3,
      minValues: {},
      maxValues: {},
      nullCount: {},
    });
    expect(told({ kind: 'int64' }, '1', '2', { bounds: [{ column: 'x', min: '1', max: '2' }] }).minValues).toEqual({});
    expect(told({ kind: 'int64' }, '1', '2', { bounds: [] }).maxValues).toEqual({});
  });
});

describe('the nulls in the statistics of a new file', () => {
  const columns = [
    { name: 'p', type: { kind: 'string' }, nullable: true },
    { name: 'a', type: { kind: 'int64' }, nullable: true },
    { name: 'l', type: { kind: 'list', item: { kind: 'int64' } }, nullable: true },
    { name: 's', type: { kind: 'struct', fields: [] }, nullable: true },
    { name: 'b', type: { kind: 'string' }, nullable: true },
  ] as const;
  const of = (nulls: readonly number[], partitionColumns: readonly string[]) =>
    JSON.parse(statisticsOf({ rows: 9, nulls, schema: { columns }, partitionColumns, bounds: [] })).nullCount;

  test('are those of plain columns, by their names', () => {
    expect(of([0, 1, 2, 3, 4], [])).toEqual({ p: 0, a: 1, b: 4 });
    expect(of([9, 1, 2, 3, 4], ['p'])).toEqual({ a: 1, b: 4 });
    // A file that was rewritten is counted without the columns of its partition.
    expect(of([1, 2, 3, 4], ['p'])).toEqual({ a: 1, b: 4 });
  });

  test('are left out where no one knows whose they are', () => {
    expect(of([1, 2], [])).toEqual({});
  });
});
