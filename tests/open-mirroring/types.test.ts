import { expect, test } from 'vitest';
import { fitMirrored, held, mirroredCatalog } from '../../src/files/landing-zone/types.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import type { Column, DataType } from '../../src/frames/schema.ts';
import { readColumnType } from '../../src/frames/type-text.ts';

const typeOf = (text: string): DataType => {
  const read = readColumnType(text);
  if (!('type' in read)) throw new Error(read.problem);
  return read.type;
};
const column = (name: string, type: string): Column => ({ name, type: typeOf(type), nullable: false });
const wanted = (columns: readonly Column[], keepsTable = false) => ({ schema: { columns }, keepsTable, settled: [], watermark: null });

test.each([
  ['bool', 'bool'],
  ['int8', 'int8'],
  ['uint8', 'int16'],
  ['uint16', 'int32'],
  ['uint32', 'int64'],
  ['uint64', 'decimal(20,0)'],
  ['decimal(38,10)', 'decimal(38,10)'],
  ['string', 'string'],
  ['binary', 'binary'],
  ['date', 'date'],
  ['time[us]', 'string'],
  ['timestamp[ms]', 'timestamp[us]'],
  ['timestamp[us, Europe/Copenhagen]', 'timestamp[us, UTC]'],
  ['list<int32>', 'json'],
  ['struct<a: timestamp[ns], b: list<struct<c: decimal(20,3)>>>', 'json'],
])('%s settles as %s', (from, to) => {
  const type = held(typeOf(from))?.type;
  expect(type && describeType(type)).toBe(describeType(typeOf(to)));
  expect(fitMirrored(wanted([column('a', from)]), { content: 'empty' }, 'there').refusals).toEqual([]);
});

test.each(['timestamp[ns]', 'duration[us]', 'list<binary>', 'struct<a: duration[us]>'])(
  '%s is refused, and said how it can settle',
  (from) => {
    const { refusals } = fitMirrored(wanted([column('a', from)]), { content: 'empty' }, 'there');
    expect(refusals).toMatchObject([{ code: 'HYG-2078' }]);
    const advice = refusals[0]?.tryThis ?? [];
    expect(advice[0]).toMatch(/^Settle it as another type: /);
    expect(advice.at(-1)).toContain('exclude');
  },
);

test('all columns may be null, and names that differ in case alone are told apart', () => {
  const { schema, renamed } = fitMirrored(wanted([column('id', 'int64'), column('ID', 'int64')]), { content: 'empty' }, 'there');
  expect(schema.columns.map(({ nullable }) => nullable)).toEqual([true, true]);
  expect(schema.columns[1]?.name).toMatch(/^ID_/);
  expect(renamed).toMatchObject([{ wanted: 'ID', why: 'taken' }]);
});

test('a column that Fabric takes for the marker is refused', () => {
  const { refusals } = fitMirrored(wanted([column('id', 'int64'), column('__RowMarker__', 'int64')]), { content: 'empty' }, 'there');
  expect(refusals).toMatchObject([{ code: 'HYG-2078', what: expect.stringContaining('row marker') }]);
});

test('a column is added in place, one that is gone stays, and one of another type is refused', () => {
  const catalog = mirroredCatalog({ columns: [column('id', 'int32'), column('gone', 'string')] });
  const fitted = (columns: readonly Column[]) => fitMirrored(wanted(columns, true), { content: 'ours', catalog }, 'there');
  expect(fitted([column('id', 'int32'), column('new', 'string')])).toMatchObject({ changes: [{ change: 'add column' }], refusals: [] });
  expect(fitted([column('id', 'int16')])).toMatchObject({ changes: [], refusals: [] });
  expect(fitted([column('id', 'int64')])).toMatchObject({ changes: [], refusals: [{ code: 'HYG-4116' }] });
  expect(fitted([column('id', 'date')])).toMatchObject({ refusals: [{ code: 'HYG-2078' }] });
});
