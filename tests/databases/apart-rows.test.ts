import { expect, test } from 'vitest';
import { type ApartRows, asApartRows } from '../../src/databases/store/staging/apart-rows.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import { brokenColumnsIn, brokenSchema } from '../../src/frames/values/rejected-rows.ts';

const settled: Schema = { columns: [{ name: 'v', type: { kind: 'string' }, nullable: true }] };
const schema = brokenSchema(settled);
const idColumn = brokenColumnsIn(schema).id;

/** The id with which a row that breaks a rule lies in `rejected`. */
async function idOf(id: string, of: Pick<ApartRows, 'stays' | 'source'>): Promise<Cell> {
  const builder = await frameBuilder(schema);
  builder.append(schema.columns.map(({ name }) => (name === idColumn ? id : 'text')));
  const key = { flow: 'f', entity: 'e', table: 't' };
  const rows = await asApartRows(await builder.take(), {
    ...{ role: 'broken', key, run: 'r1', sources: undefined, watermark: null, precision: 'exact', ...of },
  });
  const [row = []] = await overRows(rows, (all) => [...all].map((cells) => [...cells]));
  return row[rows.schema.columns.findIndex(({ name }) => name === 'id')] ?? null;
}

test('a row that breaks a rule has an id for each file that it comes from, and keeps it where it stays in quarantine', async () => {
  const [one, other] = [await idOf('x', { stays: false, source: 'a.csv' }), await idOf('x', { stays: false, source: 'b.csv' })];
  expect(one).not.toBe(other);
  expect(await idOf(`${one}`, { stays: true, source: 'a.csv' })).toBe(one);
});
