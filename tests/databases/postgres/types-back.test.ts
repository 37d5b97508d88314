import { expect, test } from 'vitest';
import { declared, howChanged } from '../../../src/databases/postgres/columns.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Column, DataType, Schema } from '../../../src/frames/schema.ts';
import { loaded, onPostgres, ownDatabase } from './support.ts';

onPostgres('types of ours in PostgreSQL', () => {
  const opened = ownDatabase();

  const micros = (text: string) => BigInt(Date.parse(`${text}Z`)) * 1000n;

  const kept = (type: DataType, declared: string, ...values: readonly (readonly [Cell, string])[]) => [type, declared, values] as const;
  /** Per type of ours: how PostgreSQL declares it, and values with their text as psql prints them. */
  const cells = [
    kept({ kind: 'bool' }, 'boolean', [true, 't'], [false, 'f']),
    kept({ kind: 'int16' }, 'smallint', [-32768, '-32768'], [32767, '32767']),
    kept({ kind: 'int32' }, 'integer', [-2147483648, '-2147483648'], [2147483647, '2147483647'], [0, '0']),
    kept(
      { kind: 'int64' },
      'bigint',
      [-9223372036854775808n, '-9223372036854775808'],
      [9223372036854775807n, '9223372036854775807'],
      [-1n, '-1'],
      [4294967296n, '4294967296'],
    ),
    kept({ kind: 'float32' }, 'real', [1.5, '1.5'], [Number.NaN, 'NaN'], [Number.NEGATIVE_INFINITY, '-Infinity']),
    kept(
      { kind: 'float64' },
      'double precision',
      [0.1, '0.1'],
      [-1e308, '-1e+308'],
      [5e-324, '5e-324'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
    ),
    kept(
      { kind: 'decimal', precision: 38, scale: 0 },
      'numeric(38,0)',
      [99999999999999999999999999999999999999n, '99999999999999999999999999999999999999'],
      [-1n, '-1'],
      [0n, '0'],
      [10000n, '10000'],
      [4503599627370497n, '4503599627370497'],
    ),
    kept(
      { kind: 'decimal', precision: 5, scale: 3 },
      'numeric(5,3)',
      [12345n, '12.345'],
      [-1n, '-0.001'],
      [10000n, '10.000'],
      [0n, '0.000'],
    ),
    kept(
      { kind: 'decimal', precision: 38, scale: 38 },
      'numeric(38,38)',
      [1n, `0.${'0'.repeat(37)}1`],
      [-99999999999999999999999999999999999999n, `-0.${'9'.repeat(38)}`],
    ),
    kept({ kind: 'string' }, 'text', ['', ''], ['åæø 😀', 'åæø 😀'], ['a|b"\'\\', 'a|b"\'\\'], ['x'.repeat(3000), 'x'.repeat(3000)]),
    kept({ kind: 'binary' }, 'bytea', [new Uint8Array([0, 255, 16]), '\\x00ff10'], [new Uint8Array(), '\\x']),
    kept({ kind: 'uuid' }, 'uuid', ['0AB1C2D3-0000-4000-8000-00000000000f', '0ab1c2d3-0000-4000-8000-00000000000f']),
    kept({ kind: 'json' }, 'jsonb', ['{"a" : [1, 2.50], "b":null}', '{"a": [1, 2.50], "b": null}'], ['"x"', '"x"']),
    kept({ kind: 'date' }, 'date', [0, '1970-01-01'], [-1, '1969-12-31'], [2932896, '9999-12-31'], [-719162, '0001-01-01']),
    kept({ kind: 'time', unit: 'us' }, 'time without time zone', [0n, '00:00:00'], [86_399_999_999_000n, '23:59:59.999999']),
    kept(
      { kind: 'timestamp', unit: 'us' },
      'timestamp without time zone',
      [micros('1999-12-31T23:59:59') + 999_999n, '1999-12-31 23:59:59.999999'],
      [0n, '1970-01-01 00:00:00'],
      [-62135596800000000n, '0001-01-01 00:00:00'],
      [253402300799999999n, '9999-12-31 23:59:59.999999'],
    ),
    kept({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 'timestamp with time zone', [
      micros('2024-07-01T12:00:00'),
      '2024-07-01 12:00:00+00',
    ]),
    kept({ kind: 'duration', unit: 'us' }, 'interval', [90_061_000_001n, '25:01:01.000001'], [-1n, '-00:00:00.000001']),
    kept({ kind: 'list', item: { kind: 'int32' } }, 'integer[]', [[1, null, -3], '{1,NULL,-3}'], [[], '{}']),
    kept({ kind: 'list', item: { kind: 'string' } }, 'text[]', [['a,b', 'NULL', ''], '{"a,b","NULL",""}']),
    kept({ kind: 'list', item: { kind: 'decimal', precision: 4, scale: 2 } }, 'numeric(4,2)[]', [[1234n, null], '{12.34,NULL}']),
  ];

  test('every value settles as it is, as psql prints it; nulls too', async () => {
    const columns = cells.map(([type], at): Column => ({ name: `c${at}`, type, nullable: true }));
    const most = Math.max(...cells.map(([, , values]) => values.length));
    const value = (values: readonly (readonly [Cell, string])[], row: number) => values[row];
    const rows = Array.from({ length: most + 1 }, (_, row) => cells.map(([, , values]) => value(values, row)?.[0] ?? null));
    await loaded(opened.store(), { epoch: 1, schema: { columns }, rows });
    const list = columns.map(({ name, type }) => (type.kind === 'bool' ? `"${name}"` : `"${name}"::text`)).join(', ');
    const found = await opened.db.sql(`set timezone = 'UTC'; select ${list} from e order by ctid`);
    for (const [row, one] of found.entries())
      for (const [at, [, , values]] of cells.entries()) expect([at, one[`c${at}`]]).toEqual([at, value(values, row)?.[1] ?? null]);
    const types = await opened.db.sql(
      `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'e'::regclass and attnum > 0 order by attnum`,
    );
    // An array keeps no digits of its items in its declaration.
    expect(types.map(({ type }) => type)).toEqual(cells.map(([, type]) => type));
  });

  test.each([
    ['integer', { kind: 'int64' }, 'rewrites'],
    ['character varying(20)', { kind: 'string' }, 'in place'],
    ['numeric(5,2)', { kind: 'decimal', precision: 9, scale: 2 }, 'in place'],
    ['numeric(5,2)', { kind: 'decimal', precision: 9, scale: 3 }, 'rewrites'],
  ] as const)('from %s to %o: %s, by the file of the table', async (from, to, how) => {
    const { db } = opened;
    await db.sql(`create table w (c ${from}); insert into w values (1)`);
    const file = async () => (await db.sql(`select pg_relation_filenode('w') as file`))[0]?.file;
    const before = await file();
    await db.sql(`alter table w alter column c type ${declared(to)}`);
    expect((await file()) === before ? 'in place' : 'rewrites').toBe(how);
    expect(howChanged({ change: 'widen', column: 'c', from, to })).toBe(how);
  });

  const text = (name: string): Schema => ({ columns: [{ name, type: { kind: 'string' }, nullable: true }] });

  test('a text with a NUL is refused by column and row, and leaves nothing behind', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => [at === 4_321 ? 'a\0b' : at % 3 === 0 ? null : 'fine']);
    const store = await opened.store();
    await expect(loaded(store, { epoch: 1, schema: text('name'), rows })).rejects.toMatchObject({
      code: 'HYG-4201',
      what: expect.stringContaining('Column name holds a NUL'),
      why: [expect.stringContaining('row 4,322')],
    });
    await store.sweep({ lineage: 'l1', before: 99 });
    expect(await opened.db.sql(`select * from pg_tables where schemaname = 'hygge_staging'`)).toEqual([]);
  });

  test.each([
    ['an instant before the year 4714 BC', { kind: 'timestamp', unit: 'us' }, -9_223_372_036_854_775_808n],
    ['a day that PostgreSQL would take for infinity', { kind: 'date' }, -2_147_483_648],
    ['a uuid that is none', { kind: 'uuid' }, '0ab1c2d3'],
  ] as const)('%s is refused', async (_, type, value) => {
    const schema = { columns: [{ name: 'c', type, nullable: true }] };
    await expect(loaded(opened.store(), { epoch: 1, schema, rows: [[value]] })).rejects.toMatchObject({ code: 'HYG-4201' });
  });

  const json: Schema = { columns: [{ name: 'd', type: { kind: 'json' }, nullable: true }] };

  test.each([
    ['{"a":1,"a":2}', 'a'],
    ['[{"b":{"a\\u0062":1, "c":[{}], "ab":2}}]', 'ab'],
  ])('a document with two values by one name is refused, since jsonb would keep one: %s', async (document, name) => {
    const rows = [[null], ['{"a":{"a":1},"b":[{"a":2},"a","a"]}'], [document]];
    await expect(loaded(opened.store(), { epoch: 1, schema: json, rows })).rejects.toMatchObject({
      code: 'HYG-4201',
      what: expect.stringContaining(`Column d holds a document with two values named "${name}"`),
      why: [expect.stringContaining('row 3')],
    });
  });

  test('a document keeps the digits of its numbers, blanks and the order of names aside', async () => {
    const document = '{"b": 1.10, "a": 123456789012345678901234567890.5, "c": [1e2, -0.5, "\\u00e9"]}';
    await loaded(opened.store(), { epoch: 1, schema: json, rows: [[document]] });
    expect(await opened.db.sql('select d::text as d from e')).toEqual([
      { d: '{"a": 123456789012345678901234567890.5, "b": 1.10, "c": [100, -0.5, "é"]}' },
    ]);
  });

  const nested: Schema = {
    columns: [{ name: 's', type: { kind: 'struct', fields: [{ name: 'f', type: { kind: 'float64' }, nullable: true }] }, nullable: true }],
  };

  test('a document with infinity in it is refused by column and row', async () => {
    const rows = [[[1]], [[Number.NEGATIVE_INFINITY]]];
    await expect(loaded(opened.store(), { epoch: 1, schema: nested, rows })).rejects.toMatchObject({
      code: 'HYG-4201',
      what: expect.stringContaining('Column s holds'),
      why: [expect.stringContaining('row 2')],
    });
  });
});
