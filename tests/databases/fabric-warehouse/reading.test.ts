import { describe, expect, test } from 'vitest';
import type { Home, Window } from '../../../src/engine/contracts/home.ts';
import type { HyggeError } from '../../../src/errors/hygge-error.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import { findConnector } from '../../../src/registry.ts';
import { duck } from '../../support/duck.ts';
import type { FabricDatabase } from '../../support/fabric-warehouse/reading.ts';
import { here } from '../../support/here.ts';
import { everything, framesIn, framesOf, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, servedFabric } from './support.ts';

const numbered = (n: number, more: Partial<MemoryTable> = {}): MemoryTable => ({
  name: 'dbo.orders',
  columns: { id: 'int not null', note: 'varchar(20)' },
  rows: Array.from({ length: n }, (_, at): Value[] => [String(at), at % 7 === 0 ? null : `note ${at}`]),
  ...more,
});
const of = (table: MemoryTable, more: Partial<FabricDatabase> = {}): FabricDatabase => ({ item: 'warehouse', tables: [table], ...more });

async function described(home: Home) {
  const step = await home.describe();
  if (!('done' in step)) throw new Error('a database answers at once');
  return step.done;
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');
/** As T-SQL declares it, as hygge has it, and cells as the server writes them and as DuckDB reads them from a parquet file; one alone: both are the same. */
const kinds: readonly (readonly [string, string, ...(Value | readonly [Value, string])[]])[] = [
  ['bit', 'bool', ['1', 'true'], ['0', 'false']],
  ['smallint', 'int16', '-32768', '32767'],
  ['int', 'int32', '-2147483648', '2147483647'],
  ['bigint', 'int64', '-9223372036854775808', '9007199254740993'],
  ['real', 'float32', '1e-45', '-0.5'],
  ['float', 'float64', '5e-324', '-0.30000000000000004'],
  ['decimal(15,2)', 'decimal(15,2)', '9999999999999.99', '-0.01'],
  ['decimal(38,10)', 'decimal(38,10)', '9999999999999999999999999999.9999999999', '-0.0000000001'],
  ['date', 'date', '0001-01-01', '9999-12-31'],
  ['time(6)', 'time[ns]', '23:59:59.999999', '00:00:00.000001'],
  ['datetime2(6)', 'timestamp[us]', '0001-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999'],
  ['datetime2(0)', 'timestamp[us]', '2026-01-01 00:00:00'],
  ['char(5)', 'string', 'ab   ', 'abcde'],
  ['varchar(40)', 'string', '', 'a😀b Привет', ['\ufeffx', '<BOM>x'], "O'Neil\u0000 "],
  ['varchar(8000)', 'string', 'x'.repeat(8000), 'æ'.repeat(4000)],
  ['varchar(max)', 'string', 'y'.repeat(70_000), '😀'.repeat(20_000)],
  ['varbinary(8)', 'binary', [bytes(''), ''], [bytes('00ff'), '\\x00\\xFF']],
  ['varbinary(8000)', 'binary', [bytes('61'.repeat(8000)), 'a'.repeat(8000)]],
  ['varbinary(max)', 'binary', [bytes('61'.repeat(40_000)), 'a'.repeat(40_000)]],
  ['uniqueidentifier', 'uuid', ['6F9619FF-8B86-D011-B42D-00C04FC964FF', '6f9619ff-8b86-d011-b42d-00c04fc964ff']],
];

describe('types of a Fabric Warehouse', () => {
  const isPair = (cell: unknown): cell is readonly [Value, string] => Array.isArray(cell);
  const columns = Object.fromEntries(kinds.map(([type], at) => [`c${at}`, type]));
  const most = Math.max(...kinds.map((kind) => kind.length - 2));
  const cell = (kind: (typeof kinds)[number], row: number) => kind[row + 2] as Value | readonly [Value, string] | undefined;
  const rows = Array.from({ length: most }, (_, row) =>
    kinds.map((kind): Value => {
      const found = cell(kind, row);
      return isPair(found) ? found[0] : (found ?? null);
    }),
  );

  test('each cell of each type reaches a parquet file to its last digit', async () => {
    await using database = await servedFabric(of({ name: 'dbo.types', columns, rows }));
    using workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(database)}` });
    workspace.write({
      'flows/f/flow.yml': 'home: { connection: sales, table: types }\nstore: { type: parquet, path: out }\nentities: [types]\n',
    });
    const run = await here(workspace, 'go');
    expect(run.events.filter(({ event }) => event === 'error')).toEqual([]);
    const found = await duck(
      `select ${Object.keys(columns).map((name) => `replace(${name}::varchar, chr(65279), '<BOM>') as ${name}`)} from '${workspace.path('out/types/*.parquet')}'`,
    );
    const wanted = rows.map((_, row) =>
      Object.fromEntries(
        kinds.map((kind, at) => {
          const one = cell(kind, row);
          return [`c${at}`, one === undefined ? null : isPair(one) ? one[1] : one];
        }),
      ),
    );
    for (const [at, [type]] of kinds.entries())
      expect({ type, cells: found.map((row) => row[`c${at}`]) }).toEqual({ type, cells: wanted.map((row) => row[`c${at}`]) });
  });

  test('each type is said in the words of hygge', async () => {
    await using database = await servedFabric(of({ name: 'dbo.types', columns, rows: [] }));
    const { schema } = await described(await database.home({ table: 'types' }));
    expect(schema?.columns.map(({ type }) => describeType(type))).toEqual(kinds.map(([, as]) => as));
  });
});

describe('a value that an SQL endpoint may have cut', () => {
  const read = async (database: FabricDatabase, config: Readonly<Record<string, unknown>> = { table: 'lake' }) => {
    await using served = await servedFabric(database);
    return (await rowsOf(framesOf(await served.home(config)))).length;
  };
  const lake = (type: string, value: Value, more: Partial<MemoryTable> = {}): MemoryTable => ({
    ...{ name: 'dbo.lake', columns: { id: 'int', note: type }, rows: [['1', value]] },
    ...more,
  });

  test.each([
    ['a text of 8,000 bytes', 'varchar(8000)', 'x'.repeat(8000)],
    ['a text that was cut in front of a character of four bytes', 'varchar(8000)', `${'x'.repeat(7997)}`],
    ['a text of characters of two bytes', 'varchar(8000)', 'æ'.repeat(4000)],
    ['a binary value', 'varbinary(8000)', Buffer.alloc(8000, 1)],
  ])('stops the run by the name of its column: %s', async (_, type, value) => {
    const failed: unknown = await read(of(lake(type, value), { item: 'endpoint' })).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'HYG-3550',
      what: expect.stringContaining('column note of fabric_warehouse'),
      tryThis: expect.arrayContaining([expect.stringMatching(/type: onelake.*format: delta/), expect.stringContaining('exclude: [note]')]),
    });
  });

  test.each([
    ['a shorter text', of(lake('varchar(8000)', 'x'.repeat(7996)), { item: 'endpoint' })],
    ['a text of a mirrored database, whose type has no limit', of(lake('varchar(max)', 'x'.repeat(9000)), { item: 'endpoint' })],
    ['a shorter column', of(lake('varchar(400)', 'x'.repeat(400)), { item: 'endpoint' })],
    ['a table of a Warehouse', of(lake('varchar(8000)', 'x'.repeat(8000)))],
  ])('is none of these: %s', async (_, database) => {
    expect(await read(database)).toBe(1);
  });

  test('stops a view and a query of a Warehouse as well, which may read a Lakehouse next to it', async () => {
    const view = of(lake('varchar(8000)', 'x'.repeat(8000), { kind: 'V' }));
    await expect(read(view)).rejects.toMatchObject({ code: 'HYG-3550' });
    const query = 'select note from lakehouse.dbo.orders';
    const queries = { [`(\n${query}\n) AS hygge_query`]: { columns: { note: 'varchar(8000)' }, rows: [['x'.repeat(8000)]] } };
    await expect(read({ item: 'warehouse', tables: [], queries }, { query })).rejects.toMatchObject({ code: 'HYG-3550' });
  });

  test('is left out with its column', async () => {
    const database = of(lake('varchar(8000)', 'x'.repeat(8000)), { item: 'endpoint' });
    expect(await read(database, { table: 'lake', exclude: ['note'] })).toBe(1);
  });
});

describe('reading a Fabric Warehouse', () => {
  test('a plan says what a slice sees, and claims no key that Fabric does not enforce', async () => {
    await using database = await servedFabric(of(numbered(10, { keys: ['id'] })));
    const { notes, keys, warnings } = await described(await database.home({ table: 'orders' }));
    expect({ notes, keys, warnings }).toEqual({
      notes: [{ code: 'database.slices_apart', text: expect.stringContaining('SNAPSHOT'), params: { under: 'snapshot' } }],
      keys: undefined,
      warnings: [],
    });
  });

  test('ranges of a number or a time hold each row once, rows without a value too', async () => {
    for (const [type, value] of [
      ['bigint', (at: number) => String(at * 3 - 700)],
      ['date', (at: number) => new Date(Date.UTC(2020, 0, at)).toISOString().slice(0, 10)],
      ['datetime2(6)', (at: number) => `2024-01-01 00:00:${String(at % 60).padStart(2, '0')}.${String(at).padStart(6, '0')}`],
    ] as const) {
      const rows = Array.from({ length: 500 }, (_, at): Value[] => [at % 50 === 0 ? null : value(at), String(at)]);
      const table = numbered(0, { columns: { key: type, note: 'varchar(20)' }, rows });
      await using database = await servedFabric(of({ ...table, keys: ['key'] }));
      await using withoutKey = await servedFabric(of({ ...table, keys: [] }));
      const home = await database.home({ table: 'orders' });
      expect(await slicesOf(await withoutKey.home({ table: 'orders' }), everything, 2_000)).toHaveLength(1);
      const slices = await slicesOf(home, everything, 2_000);
      expect(slices.length).toBeGreaterThan(5);
      const read: Readonly<Record<string, unknown>>[] = [];
      for (const slice of slices) read.push(...(await rowsOf(framesIn(home, slice))));
      expect(read.map(({ note }) => Number(note)).sort((a, b) => a - b)).toEqual(rows.map((_, at) => at));
    }
  });

  test('a slice is read as the table is when it begins', async () => {
    const rows = Array.from({ length: 3_000 }, (_, at): Value[] => [String(at), 'x'.repeat(20)]);
    const table = numbered(0, { rows });
    await using database = await servedFabric(of(table));
    const home = await database.home({ table: 'orders', batch_size: 100 });
    let seen = 0;
    for await (const frame of framesOf(home)) {
      if (seen === 0) table.rows.splice(0, 3_000);
      async function* one() {
        yield frame;
      }
      seen += (await rowsOf(one())).length;
    }
    expect(seen).toBe(3_000);
  });

  test('an increment is counted before it is cut, and read by its edges', async () => {
    const rows = Array.from({ length: 90 }, (_, at): Value[] => [
      String(at),
      `2024-01-01 00:00:${String(at % 60).padStart(2, '0')}.500000`,
    ]);
    await using database = await servedFabric(of(numbered(0, { columns: { id: 'int', at: 'datetime2(6)' }, rows: rows.slice(0, 60) })));
    const home = await database.home({ table: 'orders' });
    const window: Window = {
      ...everything,
      column: { column: 'at', type: { kind: 'timestamp', unit: 'us' } },
      lower: { text: '2024-01-01T00:00:10.500000', inclusive: false },
      upper: { text: '2024-01-01T00:00:20.500000', inclusive: true },
      nulls: 'exclude',
    };
    const slices = await slicesOf(home, window);
    expect(slices).toMatchObject([{ rows: 10 }]);
    const read = await rowsOf(framesIn(home, slices[0] as (typeof slices)[number], window));
    expect(read.map(({ id }) => Number(id))).toEqual(Array.from({ length: 10 }, (_, at) => at + 11));
    expect(database.server.requests.some(({ sql }) => sql.includes("[at] > CONVERT(datetime2(6), '2024-01-01T00:00:10.500000')"))).toBe(
      true,
    );
  });

  test('a watermark without a lag is refused, since Fabric shows no open transactions, and a lag or safe_wait: 0s lets it continue', async () => {
    const table = numbered(0, { columns: { id: 'int', at: 'datetime2(6)' }, rows: [['1', '2024-01-01 00:00:00.000000']] });
    await using database = await servedFabric(of(table, { clock: '2024-01-01T01:00:00.000000Z' }));
    const strict = await database.home({ table: 'orders', safe_wait: '30s' });
    await described(strict);
    const bound = { column: 'at', future: 'wait' } as const;
    const failed: unknown = await strict.bound({ ...bound, lagMs: 0 }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'HYG-3547',
      tryThis: [expect.stringMatching(/^Say how late a row may arrive: watermark\.lag: 5m/), expect.stringContaining('safe_wait: 0s')],
    });
    expect(await strict.bound({ ...bound, lagMs: 60_000 })).toMatchObject({ done: { text: '2024-01-01T00:00:00.000000' } });
    const loose = await database.home({ table: 'orders', safe_wait: '0s' });
    await described(loose);
    expect(await loose.bound({ ...bound, lagMs: 0 })).toMatchObject({
      done: { text: '2024-01-01T00:00:00.000000' },
      warnings: [{ code: 'database.transactions_unseen' }],
    });
  });

  test('a number that Fabric counts up is warned of as a watermark: its ranges do not rise with time', async () => {
    await using database = await servedFabric(of(numbered(3), { identities: { 'dbo.orders': 'id' } }));
    const home = await database.home({ table: 'orders' });
    await described(home);
    const { warnings } = (await home.bound({ column: 'id', lagMs: 0, future: 'wait' })) as { readonly warnings?: readonly object[] };
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'database.out_of_order' }));
  });

  test.each([
    ['a table that is not there', { table: 'order' }, {}, 'HYG-3501', 'There is no table order.'],
    ['the same in another case', { table: 'sales.ORDERS' }, {}, 'HYG-3501', 'There is dbo.orders'],
    ['a column that is not there', { table: 'orders', columns: ['nope'] }, {}, 'HYG-3502', 'nope'],
    ['a policy', { table: 'orders' }, { policies: ['by_region'] }, 'HYG-3509', 'by_region on [dbo].[orders]'],
    ['masks', { table: 'orders' }, { masked: ['note'] }, 'HYG-3545', 'note'],
    ['a query with WITH', { query: 'with a as (select 1 as x) select * from a' }, {}, 'HYG-3548', 'WITH'],
    ['a query that the server refuses', { query: 'select * from nothing' }, {}, 'HYG-3501', 'Invalid object name'],
  ] as const)('refuses by name: %s', async (_, config, more, code, said) => {
    await using database = await servedFabric(of(numbered(3, more as Partial<MemoryTable>)));
    const error = await described(await database.home(config)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    const { what, why, tryThis } = error as HyggeError;
    expect([what, ...why, ...tryThis].join(' ')).toContain(said);
  });

  test('a view and a query are refused where masks of the database may be in them', async () => {
    const masked = numbered(3, { masked: ['note'] });
    const view: MemoryTable = { name: 'dbo.v', kind: 'V', columns: { n: 'varchar(20)' }, rows: [['xx']] };
    const queries = { '(\nselect 1 as n\n) AS hygge_query': { columns: { n: 'int' }, rows: [['1']] } };
    await using database = await servedFabric({ item: 'warehouse', tables: [masked, view], queries });
    for (const config of [{ table: 'v' }, { query: 'select 1 as n' }]) {
      await expect(described(await database.home(config))).rejects.toMatchObject({ code: 'HYG-3545' });
      const { warnings } = await described(await database.home({ ...config, allow_filtered: true }));
      expect(warnings).toMatchObject([{ code: 'sqlserver.masked' }]);
    }
  });

  const error = (number: number) => ({ error: { number, message: `Error ${number}.` } });
  test.each([
    [24556, 'HYG-3506', true],
    [24801, 'HYG-3506', true],
    [24802, 'HYG-6539', false],
    [229, 'HYG-3507', false],
    [8134, 'HYG-3511', false],
  ])('error %i of a slice is %s', async (number, code, transient) => {
    await using database = await servedFabric(
      of(numbered(3), { before: ({ sql }) => (/^SELECT \[id\]/.test(sql) ? error(number) : undefined) }),
    );
    const failed: unknown = await rowsOf(framesOf(await database.home({ table: 'orders' }))).catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ code, transient });
  });

  test('its tables and views are found, with the keys that were declared and the columns that may be a watermark', async () => {
    const tables: readonly MemoryTable[] = [
      numbered(3, { keys: ['id'], columns: { id: 'int not null', note: 'varchar(20)', updated_at: 'datetime2(6) not null' } }),
      { name: 'dbo.v', kind: 'V', columns: { n: 'int' }, rows: [] },
      { name: 'dbo.secret', columns: { n: 'int' }, rows: [], unreadable: true },
    ];
    await using database = await servedFabric({ item: 'endpoint', tables: [...tables] });
    const connector = await findConnector('fabric_warehouse');
    const config = connector?.home?.config.parse({ ...database.keys, table: 'any' });
    expect(await connector?.database?.tables?.(config as never, database.opening)).toMatchObject([
      { written: 'dbo.orders', kind: 'table', keys: ['id'], rising: [{ column: 'updated_at', isSafeWatermark: true }] },
      { written: 'dbo.v', kind: 'view' },
      { written: 'dbo.secret', unread: 'no right to read' },
    ]);
  });
});
