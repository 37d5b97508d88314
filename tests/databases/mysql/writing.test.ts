import { expect, test } from 'vitest';
import { accountOf } from '../../../src/databases/mysql/account.ts';
import { lines, textOf, tuples } from '../../../src/databases/mysql/encode.ts';
import { writes } from '../../../src/databases/mysql/write.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Column, DataType } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';

async function encoded(type: DataType, values: readonly Cell[], writing = lines): Promise<string> {
  const column: Column = { name: 'c', type, nullable: true };
  const builder = await frameBuilder({ columns: [column, { ...column, name: 'd' }] });
  for (const value of values) builder.append([value, value]);
  const data = await (await builder.take()).collect();
  return Buffer.concat([...textOf([await toArrow(data)], [column, { ...column, name: 'd' }], writing)].map(({ text }) => text)).toString(
    'utf8',
  );
}

test('what ends a field or a line, and what keeps it from doing so, are kept from doing so', async () => {
  expect(await encoded({ kind: 'string' }, ['a\tb\nc\\d\r\0', null, '', '\\N'])).toBe(
    'a\\tb\\nc\\\\d\\r\\0\ta\\tb\\nc\\\\d\\r\\0\n\\N\t\\N\n\t\n\\\\N\t\\\\N\n',
  );
  expect(await encoded({ kind: 'string' }, ["it's \\ \0", null], tuples)).toBe("('it\\'s \\\\ \\0','it\\'s \\\\ \\0'),(NULL,NULL),");
  expect(await encoded({ kind: 'binary' }, [new Uint8Array([0, 39, 92])], tuples)).toBe("(x'00275c',x'00275c'),");
});

test('values are encoded the same whether their column has nulls or none', async () => {
  const all: readonly (readonly [DataType, Cell])[] = [
    [{ kind: 'bool' }, true],
    [{ kind: 'int64' }, -(2n ** 63n)],
    [{ kind: 'uint64' }, 2n ** 64n - 1n],
    [{ kind: 'float64' }, -0.5],
    [{ kind: 'decimal', precision: 38, scale: 3 }, -(10n ** 37n)],
    [{ kind: 'date' }, -1],
    [{ kind: 'timestamp', unit: 'ms' }, -1n],
    [{ kind: 'list', item: { kind: 'int32' } }, [1, null]],
  ];
  for (const [type, value] of all) {
    const one = await encoded(type, [value]);
    expect([type, await encoded(type, [null, value, null, value])]).toEqual([type, `\\N\t\\N\n${one}\\N\t\\N\n${one}`]);
  }
});

test('what is sent at once is bounded, whatever the rows are, and ends with a row', async () => {
  const column: Column = { name: 't', type: { kind: 'string' }, nullable: false };
  const builder = await frameBuilder({ columns: [column] });
  for (let row = 0; row < 5_000; row++) builder.append(['z'.repeat(row === 99 ? 4_000_000 : 1_000)]);
  const pieces = [...textOf([await toArrow(await (await builder.take()).collect())], [column], lines)];
  const sizes = pieces.map(({ text }) => text.length).sort((a, b) => b - a);
  expect(sizes[0]).toBe(4_000_001);
  expect(sizes[1]).toBeLessThanOrEqual(512 * 1024);
  expect(pieces.reduce((sum, { rows }) => sum + rows, 0)).toBe(5_000);
  expect(pieces.every(({ text }) => text.at(-1) === 10)).toBe(true);
});

test('a name of a table may have its database, and dots in backticks; without one it is that of the connection', () => {
  expect(writes.catalog.parseTableName('orders', 'shop')).toEqual({ schema: 'shop', name: 'orders' });
  expect(writes.catalog.parseTableName('Sales.Orders', 'shop')).toEqual({ schema: 'Sales', name: 'Orders' });
  expect(writes.catalog.parseTableName('`a.b`.`c``d`', 'shop')).toEqual({ schema: 'a.b', name: 'c`d' });
  for (const bad of ['a.b.c', 'x'.repeat(65), '`blank `', '`smile 😀`'])
    expect(() => writes.catalog.parseTableName(bad, 'shop')).toThrow('HYG-4210');
});

test('an account is written as GRANT takes it', async () => {
  const session = { query: async () => [{ account: "o'neil@home@%" }] } as never;
  expect(await accountOf(session)).toEqual({
    shown: "o'neil@home@%",
    to: "'o''neil@home'@'%'",
  });
});
