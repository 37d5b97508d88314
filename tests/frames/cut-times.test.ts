import { expect, test } from 'vitest';
import { withTimes } from '../../src/files/delta-store/times.ts';
import type { Column, DataType, Schema } from '../../src/frames/schema.ts';
import { timeRemedy, withTimesCut } from '../../src/frames/times/cut.ts';

const ns: DataType = { kind: 'timestamp', unit: 'ns' };
const schema: Schema = { columns: ['id', 'at', 'seen'].map((name): Column => ({ name, type: ns, nullable: false })) };
const cut = ({ columns }: Schema) => columns.flatMap(({ name, retimed }) => (retimed?.cut ? [name] : []));

test('times of columns that tell rows apart are not cut, in a Warehouse and in a Delta table', () => {
  const key = ['id', 'at'];
  const asked = { schema, keepsTable: true, settled: [], watermark: 'seen' };
  const inDelta = (more: { readonly key?: readonly string[] }) =>
    withTimes({ ...asked, ...more }, { content: 'empty' }, { timestamps: 'truncate' }).schema;
  expect([cut(withTimesCut(schema, 'truncate', [])), cut(inDelta({}))]).toEqual([
    ['id', 'at', 'seen'],
    ['id', 'at', 'seen'],
  ]);
  expect([cut(withTimesCut(schema, 'truncate', key)), cut(inDelta({ key }))]).toEqual([['seen'], ['seen']]);
  expect(withTimesCut(schema, 'truncate', key).columns[1]?.type).toEqual(ns);
});

test('the key that cuts times is no remedy for a column that tells rows apart', () => {
  const of = { type: ns };
  expect([timeRemedy(of, false), timeRemedy(of, true)]).toEqual([[expect.stringContaining('timestamps: truncate')], []]);
});
