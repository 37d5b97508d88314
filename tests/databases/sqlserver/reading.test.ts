import { describe, expect, test } from 'vitest';
import type { Home, Window } from '../../../src/engine/contracts/home.ts';
import { everything, framesIn, framesOf, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import type { MemoryDatabase, MemoryTable } from '../../support/sqlserver.ts';
import type { TdsRequest } from '../../support/tds/session.ts';
import type { Value } from '../../support/tds/values.ts';
import { served } from './support.ts';

const numbered = (n: number, more: Partial<MemoryTable> = {}): MemoryTable => ({
  name: 'dbo.orders',
  columns: { id: 'int not null', note: 'nvarchar(20)' },
  rows: Array.from({ length: n }, (_, at): Value[] => [String(at), at % 7 === 0 ? null : `note ${at}`]),
  keys: ['id'],
  ...more,
});

async function described(home: Home) {
  const step = await home.describe();
  if (!('done' in step)) throw new Error('a database answers at once');
  return step.done;
}

describe('reading SQL Server', () => {
  test.each([
    [
      { snapshots: true },
      'SNAPSHOT isolation',
      /snapshot_isolation_state = 1\) SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\nBEGIN/,
    ],
    [
      { versions: true },
      'row versions',
      /snapshot_isolation_state = 1\) SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\nBEGIN/,
    ],
    [{}, 'under locks', /is_read_committed_snapshot_on = 0\) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT \[id\]/],
  ] as const)('a plan says what a slice sees: %j', async (state, said, asked) => {
    await using database = await served({ tables: [numbered(10)], ...state });
    const home = await database.home({ table: 'orders' });
    const { notes, rows, keys } = await described(home);
    expect({ notes, rows, keys }).toEqual({
      notes: [{ code: 'database.slices_apart', text: expect.stringContaining(said), params: expect.anything() }],
      rows: { n: 10, exact: false },
      keys: ['id'],
    });
    await rowsOf(framesOf(home));
    expect(database.server.requests.some(({ sql }) => asked.test(sql))).toBe(true);
    expect(database.server.requests.map(({ sql }) => sql).join('\n')).not.toMatch(/nolock|read uncommitted/i);
  });

  test.each([
    ['Latin1_General_CI_AS', { letters: 'ascii', isPadded: true }],
    ['Latin1_General_100_CI_AI_SC_UTF8', { letters: 'ascii', isPadded: true }],
    ['SQL_Latin1_General_CP1_CI_AS', { letters: 'ascii', isPadded: true }],
    ['SQL_Latin1_General_CP1_CS_AS', { letters: 'exact', isPadded: true }],
    ['Latin1_General_100_BIN2', { letters: 'exact', isPadded: true }],
    ['Turkish_CI_AS', { letters: 'unknown', isPadded: true }],
    ['Danish_Norwegian_CI_AS', { letters: 'unknown', isPadded: true }],
  ])('a primary key of collation %s takes these texts for one: %j', async (collation, of) => {
    const table = numbered(1, {
      columns: { note: 'nvarchar(20) not null', id: 'int not null' },
      keys: ['note', 'id'],
      collations: { note: collation },
    });
    await using database = await served({ tables: [{ ...table, rows: [['a', '1']] }] });
    expect((await described(await database.home({ table: 'orders' }))).keyEqualities).toEqual({ note: of });
  });

  test('ranges of a key hold each row once', async () => {
    const isThere = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
    for (const [type, of] of [
      ['int not null', (at: number) => String(at * 3 - 700)],
      ['decimal(20,2) not null', (at: number) => `${at}.25`],
      ['datetime2(7) not null', (at: number) => `2024-01-01 00:00:${String(at % 60).padStart(2, '0')}.${String(at).padStart(7, '0')}`],
    ] as const) {
      const rows = Array.from({ length: 500 }, (_, at): Value[] => [of(at), String(at)]);
      await using database = await served({
        tables: [numbered(0, { columns: { key: type, id: 'int not null' }, rows, keys: ['key'], bytes: 50_000 })],
      });
      const home = await database.home({ table: 'orders' });
      const slices = await slicesOf(home, everything, 5_000);
      expect(slices.length).toBeGreaterThan(5);
      const read: Readonly<Record<string, unknown>>[] = [];
      for (const slice of slices) read.push(...(await rowsOf(framesIn(home, slice))));
      expect(isThere(read)).toEqual(rows.map((_, at) => at));
    }
  });

  test('a table that can’t be sampled is one slice', async () => {
    const before = ({ sql }: TdsRequest) =>
      sql.includes('TABLESAMPLE') ? { error: { number: 494, message: 'TABLESAMPLE can’t be used.' } } : undefined;
    await using database = await served({ tables: [numbered(300, { bytes: 30_000 })], before });
    const home = await database.home({ table: 'orders' });
    expect((await slicesOf(home, everything, 5_000)).length).toBe(1);
    expect((await rowsOf(framesOf(home))).length).toBe(300);
  });

  test('partitions are slices', async () => {
    const partitions = { by: 'by_id', column: 'id', from: [100, 250] };
    await using database = await served({ tables: [numbered(300, { partitions, bytes: 30_000 })] });
    const home = await database.home({ table: 'orders' });
    const slices = await slicesOf(home, everything, 20_000);
    expect(slices.map(({ rows }) => rows)).toEqual([100, 150, 50]);
    const read = await Promise.all(slices.map((slice) => rowsOf(framesIn(home, slice))));
    expect(read.map((rows) => rows.length)).toEqual([100, 150, 50]);
    expect(new Set(read.flat().map(({ id }) => id)).size).toBe(300);
  });

  test('a window is counted before it is cut, and read by its edges', async () => {
    const rows = Array.from({ length: 200 }, (_, at): Value[] => [
      String(at),
      `2024-01-01 00:${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}.003`,
    ]);
    await using database = await served({ tables: [numbered(0, { columns: { id: 'int', at: 'datetime' }, rows, bytes: 2_000_000 })] });
    const home = await database.home({ table: 'orders' });
    const window: Window = {
      ...everything,
      column: { column: 'at', type: { kind: 'timestamp', unit: 'us' } },
      lower: { text: '2024-01-01T00:01:00.003000', inclusive: false },
      upper: { text: '2024-01-01T00:01:30.003000', inclusive: true },
      nulls: 'exclude',
    };
    const slices = await slicesOf(home, window, 500_000);
    expect(slices).toMatchObject([{ rows: 30 }]);
    const read = await rowsOf(framesIn(home, slices[0] as (typeof slices)[number], window));
    expect(read.map(({ id }) => Number(id))).toEqual(Array.from({ length: 30 }, (_, at) => 61 + at));
    expect(database.server.requests.at(-2)?.sql).toContain("[at] > CONVERT(datetime, CONVERT(datetime2(7), '2024-01-01T00:01:00.003000'))");
  });

  test('frames are as large as they may be, and no row is lost between them', async () => {
    await using database = await served({ tables: [numbered(10_000)] });
    const home = await database.home({ table: 'orders', batch_size: 333 });
    const sizes: number[] = [];
    const ids: number[] = [];
    for await (const frame of framesOf(home)) {
      async function* one() {
        yield frame;
      }
      const rows = await rowsOf(one());
      sizes.push(rows.length);
      ids.push(...rows.map(({ id }) => Number(id)));
    }
    expect([Math.max(...sizes), sizes.length]).toEqual([333, 31]);
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
  });

  test.each([
    ['a table that is not there', { table: 'order' }, {}, 'HYG-3501', 'There is no table order.'],
    ['the same in another case', { table: 'sales.ORDERS' }, {}, 'HYG-3501', 'There is dbo.orders'],
    ['a column that is not there', { table: 'orders', columns: ['nope'] }, {}, 'HYG-3502', 'nope'],
    ['a policy', { table: 'orders' }, { policies: ['by_region'] }, 'HYG-3509', 'by_region on [dbo].[orders]'],
    ['masks', { table: 'orders' }, { masked: ['note'] }, 'HYG-3545', 'note'],
    ['ciphertext', { table: 'orders' }, { encrypted: ['note'] }, 'HYG-3546', 'note'],
    ['a query with WITH', { query: 'with a as (select 1 as x) select * from a' }, {}, 'HYG-3548', 'WITH'],
    ['a query that the server refuses', { query: 'select * from nothing' }, {}, 'HYG-3501', 'Invalid object name'],
    [
      'offsets next to a column of that name',
      { table: 'orders', offsets: true },
      { columns: { at: 'datetimeoffset(7)', at_offset: 'int' } },
      'HYG-3503',
      'at_offset',
    ],
  ] as const)('refuses by name: %s', async (_, config, more, code, said) => {
    await using database = await served({ tables: [numbered(3, more as Partial<MemoryTable>)] });
    const error = await described(await database.home(config)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error)).toContain(said);
  });

  test('what the role may not see settles only with a warning', async () => {
    const table = numbered(3, { policies: ['by_region'], masked: ['note'] });
    await using database = await served({ tables: [table], definitions: false });
    const { warnings, notes } = await described(await database.home({ table: 'orders', allow_filtered: true }));
    expect(warnings).toEqual([
      { code: 'sqlserver.filtered', text: 'rows may be missing: by_region on [dbo].[orders] hides rows that the role may not see' },
      { code: 'sqlserver.masked', text: 'masks settle in place of values: note' },
    ]);
    expect(notes).toContainEqual({ code: 'sqlserver.policies_unseen', text: expect.stringContaining('VIEW DEFINITION') });
  });

  test('a masked column that is left out, or that the role may see, is no matter', async () => {
    const table = numbered(3, { masked: ['note'] });
    await using masked = await served({ tables: [table] });
    expect((await described(await masked.home({ table: 'orders', exclude: ['note'] }))).schema?.columns.length).toBe(1);
    await using unmasked = await served({ tables: [table], unmask: true });
    expect((await described(await unmasked.home({ table: 'orders' }))).schema?.columns.length).toBe(2);
  });

  test('a query is refused where an expression of it may be of a masked column, or a policy filters any of its tables', async () => {
    const query = '(\nselect upper(note) as n from orders\n) AS hygge_query';
    const of = (more: Partial<MemoryTable>): MemoryDatabase => ({
      tables: [numbered(3, more)],
      queries: { [query]: { columns: { n: 'nvarchar(20)' }, rows: [['A']] } },
    });
    for (const [more, code] of [
      [{ masked: ['note'] }, 'HYG-3545'],
      [{ policies: ['p'] }, 'HYG-3509'],
    ] as const) {
      await using database = await served(of(more));
      await expect(described(await database.home({ query: 'select upper(note) as n from orders;' }))).rejects.toMatchObject({ code });
    }
    await using database = await served(of({}));
    expect(await rowsOf(framesOf(await database.home({ query: 'select upper(note) as n from orders;' })))).toEqual([{ n: 'A' }]);
  });

  test('one number is asked for a check, and refused where a policy hides rows that it would count', async () => {
    const answers = {
      'count(*)': ['bigint', '2'],
      'sum(price)': ['decimal(38,4)', '9007199254740993.0001'],
      'max(nothing)': ['int', null],
    } as const;
    const query = (what: string) => `select ${what} as n from orders`;
    const of = (more: Partial<MemoryTable>): MemoryDatabase => ({
      tables: [numbered(3, more)],
      queries: Object.fromEntries(
        Object.entries(answers).map(([what, [type, value]]) => [
          `(\n${query(what)}\n) AS hygge_query`,
          { columns: { n: type }, rows: [[value]] },
        ]),
      ),
    });
    await using database = await served(of({}));
    const home = await database.home({ table: 'orders' });
    await described(home);
    const { signal } = new AbortController();
    for (const [what, [, number]] of Object.entries(answers)) expect(await home.oneNumber?.(query(what), signal), what).toEqual({ number });
    await using hidden = await served(of({ policies: ['p'] }));
    const filtered = await hidden.home({ table: 'orders', allow_filtered: true });
    expect(await filtered.oneNumber?.(query('count(*)'), signal)).toEqual({ number: '2' });
    const whole = await hidden.home({ table: 'orders' });
    await expect(whole.oneNumber?.(query('count(*)'), signal)).rejects.toMatchObject({ code: 'HYG-3509' });
  });
});
