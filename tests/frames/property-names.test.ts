import { expect, test } from 'vitest';
import { polars } from '../../src/frames/native.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { readCounts } from '../../src/frames/values/from-polars.ts';

test('a column named height is not taken for the number of rows', async () => {
  const builder = await frameBuilder({ columns: [{ name: 'height', type: { kind: 'int64' }, nullable: true }] });
  for (const height of [180n, 174n, null]) builder.append([height]);
  const frame = await builder.take();
  expect([frame.rows, (await frame.collect()).height]).toEqual([3, 3]);
  expect((await frame.fingerprint()).rows).toBe(3);
});

test('counts are read from columns of any name, and from none', async () => {
  const pl = await polars();
  const data = pl.DataFrame({ row: ['a', null], height: [null, null], length: [1, 2], toString: [null, 'b'] });
  expect(readCounts(data.nullCount())).toEqual([1, 2, 0, 1]);
  expect(readCounts(pl.DataFrame({}).nullCount())).toEqual([]);
  expect(readCounts(pl.DataFrame({ a: pl.Series('a', [], pl.Int64) }).nullCount())).toEqual([0]);
});
