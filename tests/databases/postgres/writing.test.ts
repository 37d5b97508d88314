import { expect, test } from 'vitest';
import { DatabaseError } from '../../../src/databases/engine.ts';
import { copyData } from '../../../src/databases/postgres/encode.ts';
import { writes } from '../../../src/databases/postgres/write.ts';
import { explainWritten, meaning } from '../../../src/databases/postgres/writing-errors.ts';
import { frameBuilder } from '../../../src/frames/builders.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import { toArrow } from '../../../src/frames/from-polars.ts';
import type { Column, DataType } from '../../../src/frames/schema.ts';

test.each([
  ['a check', '23514', 'permanent'],
  ['a number out of range', '22003', 'permanent'],
  ['a trigger', 'P0001', 'permanent'],
  ['a right', '42501', 'permanent'],
  ['a row of an index that is too long', '54000', 'permanent'],
  ['a lock', '55P03', 'waited'],
  ['no such table', '42P01', 'absent'],
  ['no such schema', '3F000', 'absent'],
  ['a deadlock', '40P01', 'transient'],
  ['serialization', '40001', 'transient'],
  ['a shutdown', '57P01', 'transient'],
  ['a connection', '08006', 'transient'],
  ['too many clients', '53300', 'transient'],
  ['a statement that takes too long', '57014', 'told'],
  ['a full disk', '53100', 'told'],
  ['read only', '25006', 'told'],
  ['a failure of the server’s own', 'XX000', 'told'],
] as const)('%s (%s) means: %s', (_, code, means) => {
  const error = new DatabaseError('said so', { code });
  expect(meaning(error)).toBe(means);
  expect(explainWritten(error, 'postgres public.e').transient).toBe(means === 'transient' || means === 'waited');
});

test('a lock that did not become free in time names who may hold it', () => {
  const told = explainWritten(new DatabaseError('canceling statement due to lock timeout', { code: '55P03' }), 'postgres public.e');
  expect(told).toMatchObject({ code: 'HYG-4207', why: ['canceling statement due to lock timeout.'] });
});

test('a name of a table may have a schema, and dots in quotes', () => {
  expect(writes.table('orders', 'db')).toEqual({ schema: 'public', name: 'orders' });
  expect(writes.table('Sales.Orders', 'db')).toEqual({ schema: 'Sales', name: 'Orders' });
  expect(writes.table('"a.b"."c""d"', 'db')).toEqual({ schema: 'a.b', name: 'c"d' });
});

test('values are encoded the same whether their column has nulls or none, and wherever a batch begins', async () => {
  const all: readonly (readonly [DataType, readonly Cell[]])[] = [
    [{ kind: 'bool' }, [true, false]],
    [{ kind: 'int16' }, [-5, 7]],
    [{ kind: 'int32' }, [-5, 70_000]],
    [{ kind: 'uint16' }, [65_535, 0]],
    [{ kind: 'int64' }, [-(2n ** 63n), 4_294_967_297n]],
    [{ kind: 'float64' }, [-0.5, 1e300]],
    [{ kind: 'float32' }, [-0.5, 3]],
    [{ kind: 'decimal', precision: 38, scale: 3 }, [-(10n ** 37n), 12_345n]],
    [{ kind: 'string' }, ['', 'x'.repeat(100)]],
    [{ kind: 'json' }, ['{"a":1}', '[]']],
    [{ kind: 'date' }, [-1, 20_000]],
    [{ kind: 'timestamp', unit: 'us' }, [-62_135_596_800_000_000n, 1_700_000_000_000_001n]],
    [{ kind: 'timestamp', unit: 'ms' }, [-1n, 1_700_000_000_001n]],
    [{ kind: 'list', item: { kind: 'int32' } }, [[1, null], []]],
  ];
  for (const [type, [one = null, other = null]] of all) {
    const column: Column = { name: 'c', type, nullable: true };
    const encoded = async (values: readonly Cell[], from = 0) => {
      const builder = await frameBuilder({ columns: [column] });
      for (const value of values) builder.append([value]);
      const data = await (await builder.take()).collect();
      const bytes = Buffer.concat([...copyData(await toArrow(from === 0 ? data : data.slice(from, values.length - from)), [column])]);
      return bytes.subarray(19, -2).toString('hex');
    };
    const [a, b, gone] = [await encoded([one]), await encoded([other]), '0001ffffffff'];
    expect([type, await encoded([one, other, one])]).toEqual([type, a + b + a]);
    expect([type, await encoded([null, one, null, other, one])]).toEqual([type, gone + a + gone + b + a]);
    expect([type, await encoded([null, one, null, other, one], 1)]).toEqual([type, a + gone + b + a]);
  }
});

test('what is sent at once is bounded, whatever the rows are', async () => {
  const builder = await frameBuilder({ columns: [{ name: 't', type: { kind: 'string' }, nullable: false }] });
  for (let row = 0; row < 5_000; row++) builder.append(['z'.repeat(row === 99 ? 4_000_000 : 1_000)]);
  const pieces = [
    ...copyData(await toArrow(await (await builder.take()).collect()), [{ name: 't', type: { kind: 'string' }, nullable: false }]),
  ];
  const sizes = pieces.map(({ byteLength }) => byteLength).sort((a, b) => a - b);
  expect(sizes.at(-1)).toBe(4_000_006);
  expect(sizes.at(-2)).toBeLessThanOrEqual(1_048_576);
  expect(sizes.length).toBeGreaterThan(5);
});
