import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything, framesIn, framesOf, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { SqliteTestFile, sqliteHomes } from '../../support/sqlite-file.ts';
import { boundedBy } from '../../support/watermarked.ts';

describe('tables, views and queries of SQLite', () => {
  const file = new SqliteTestFile();
  const homes = sqliteHomes(file);
  beforeAll(() => {
    file.sql(
      `create table "Order Lines" (id integer primary key, "a ""b""" text, amount decimal(9, 2), secret text, twice generated always as (id * 2))`,
      `insert into "Order Lines" values (1, 'x', 1.5, 's'), (2, 'y', null, 's'), (3, null, 3, 's')`,
      'create view two as select * from "Order Lines" where id < 3',
      'create table keyed (k text primary key, v int not null) without rowid',
      `insert into keyed values ('b', 1), ('a', 2)`,
      `create table big as with recursive r(i) as (select 1 union all select i + 1 from r where i < 50000) select i as id, i % 7 as k, 'text text text text text ' || i as t from r`,
      'delete from big where id % 11 = 3',
      'create table odd (rowid text, id integer)',
      `insert into odd values ('mine', 2)`,
      'create table bare (a, b, "" text)',
      `insert into bare values (1, 'x', 'n'), (2, 'y', null)`,
    );
  });
  afterAll(async () => {
    await homes[Symbol.asyncDispose]();
    file[Symbol.dispose]();
  });

  test('a table is found whatever the case of its letters, and its columns are as they are called', async () => {
    const rows = await rowsOf(framesOf(await homes.home({ table: 'order lines', exclude: ['secret'], where: 'id <> 2 -- not that' })));
    expect(rows.map(({ id, 'a "b"': text, twice }) => [id, text, twice])).toEqual([
      [1n, 'x', 2n],
      [3n, null, 6n],
    ]);
    const step = await (await homes.home({ table: 'Order Lines', columns: ['amount', 'id'] })).describe();
    expect('done' in step && step.done).toMatchObject({
      ...{ rows: { n: 3, exact: true }, keys: ['id'], summary: `Order Lines in sqlite ${file.path}` },
      schema: {
        columns: [
          { name: 'id', nullable: false, sourceType: 'INTEGER' },
          { name: 'amount', nullable: true, type: { kind: 'decimal', precision: 9, scale: 2 } },
        ],
      },
    });
    expect(await rowsOf(framesOf(await homes.home({ table: 'two', columns: ['id'] })))).toEqual([{ id: 1n }, { id: 2n }]);
    expect(await rowsOf(framesOf(await homes.home({ table: 'keyed' })))).toEqual([
      { k: 'a', v: 2n },
      { k: 'b', v: 1n },
    ]);
    expect(await rowsOf(framesOf(await homes.home({ table: 'bare' })))).toEqual([
      { a: 1n, b: 'x', '': 'n' },
      { a: 2n, b: 'y', '': null },
    ]);
    expect(await rowsOf(framesOf(await homes.home({ query: 'select count(*) as n from big;' })))).toEqual([{ n: 45_454n }]);
  });

  test('what is not there, or there twice, is an error that says what is', async () => {
    const failed = async (config: Readonly<Record<string, unknown>>) => (await homes.home(config)).describe();
    await expect(failed({ table: 'order line' })).rejects.toMatchObject({
      code: 'HYG-3501',
      what: expect.stringContaining('Did you mean Order Lines?'),
    });
    await expect(failed({ table: 'two', columns: ['ID'] })).rejects.toMatchObject({ code: 'HYG-3502' });
    await expect(failed({ table: 'two', types: { Id: 'int64' } })).rejects.toMatchObject({ code: 'HYG-3502' });
    await expect(failed({ query: 'select 1 as a, 2 as A' })).rejects.toMatchObject({ code: 'HYG-3503' });
    await expect(failed({ query: 'selec 1' })).rejects.toMatchObject({
      code: 'HYG-3511',
      why: expect.arrayContaining([expect.stringContaining('selec')]),
    });
    await expect(failed({ query: 'delete from big' })).rejects.toMatchObject({ code: 'HYG-3511' });
    await expect(failed({ query: 'select 1; delete from big' })).rejects.toMatchObject({ code: 'HYG-3511' });
    await expect(failed({ table: 'big', types: { k: 'int8' } })).rejects.toMatchObject({ code: 'HYG-3593' });
  });

  test('slices have each row once, deleted ones never', async () => {
    const home = await homes.home({ table: 'big', batch_size: 5_000 });
    const slices = await slicesOf(home, everything, 256 * 1024);
    expect(slices.length).toBeGreaterThan(3);
    const seen: bigint[] = [];
    for (const slice of slices)
      for await (const frame of framesIn(home, slice)) {
        expect(frame.rows).toBeLessThanOrEqual(5_000);
        const rows = await rowsOf([frame] as never);
        for (const { id } of rows) seen.push(id as bigint);
      }
    expect([seen.length, new Set(seen).size]).toEqual([45_454, 45_454]);
    expect(seen.some((id) => id % 11n === 3n)).toBe(false);
  });

  test('all slices see the file as it was when they were cut, whatever is written meanwhile', async () => {
    using own = new SqliteTestFile();
    own.sql('create table t (id integer primary key)', 'insert into t values (1), (2)');
    await using homes = sqliteHomes(own);
    const home = await homes.home({ table: 't' });
    const [slice] = await slicesOf(home);
    own.sql('insert into t values (3)', 'delete from t where id = 1');
    expect(await rowsOf(framesIn(home, slice as never))).toEqual([{ id: 1n }, { id: 2n }]);
    expect(await rowsOf(framesOf(await homes.home({ table: 't' })))).toEqual([{ id: 2n }, { id: 3n }]);
  });

  test('rows may have any number, and a column may be called as the numbers are', async () => {
    using own = new SqliteTestFile();
    own.sql(
      'create table far (id integer primary key, t text)',
      `insert into far values (-9223372036854775808, 'a'), (-1, 'b'), (0, 'c'), (9223372036854775807, 'd')`,
    );
    await using others = sqliteHomes(own);
    const slices = async (table: string, steps: 'here' | 'anywhere') =>
      (await rowsOf(framesOf(await others.home({ table }, steps), everything, 1))).map(({ id }) => String(id));
    for (const steps of ['here', 'anywhere'] as const)
      expect(await slices('far', steps)).toEqual(['-9223372036854775808', '-1', '0', '9223372036854775807']);
    expect(await rowsOf(framesOf(await homes.home({ table: 'odd' }), everything, 1))).toEqual([{ rowid: 'mine', id: 2n }]);
    own.sql('create table loud ("RowId" integer, id integer)', 'insert into loud values (-7, 1), (null, 2), (1000000, 3)');
    for (const steps of ['here', 'anywhere'] as const) expect(await slices('loud', steps)).toEqual(['1', '2', '3']);
  });

  test('reading leaves the event loop free, and stops where its reader wants no more', async () => {
    const home = await homes.home({ query: 'select a.id from big a, big b where a.id % 50 = 0', batch_size: 50_000 });
    const [slice] = await slicesOf(home);
    const stop = new AbortController();
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const reading = home.read(slice as never, everything, undefined, stop.signal)[Symbol.asyncIterator]();
    expect((await reading.next()).done).toBe(false);
    expect(turns).toBeGreaterThan(10);
    clearInterval(turning);
    stop.abort(new Error('enough'));
    await expect(reading.next()).rejects.toThrow('enough');
    // Whoever plans anew reads again.
    expect((await slicesOf(home)).length).toBe(1);
  });
});

describe('the watermark of a table of SQLite', () => {
  const cases = [
    ['integer', '9223372036854775807', '-9223372036854775808', '9223372036854775807'],
    ['text collate nocase', `'a'`, `'B'`, 'a'],
    ['datetime', `'2024-01-01 00:00:00.000001'`, `'2024-01-01'`, '2024-01-01T00:00:00.000001'],
    ['datetime(3)', `'2024-01-01 00:00:00.001'`, `'2024-01-01 00:00:00'`, '2024-01-01T00:00:00.001'],
    ['timestamp(9)', `'2024-01-01 00:00:00.000000001'`, `'2024-01-01'`, '2024-01-01T00:00:00.000000001'],
    ['timestamptz', `'2024-01-01 02:00:00.000002+02:00'`, `'2024-01-01T00:00:00.000001Z'`, '2024-01-01T00:00:00.000002Z'],
    ['timestamp with time zone', `'2024-01-01 00:00Z'`, `'2024-01-01 23:00:00+23:59'`, '2024-01-01T00:00:00.000000Z'],
    ['uuid', `'ffffffff-ffff-ffff-ffff-ffffffffffff'`, `'00000000-0000-0000-0000-000000000000'`, 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ] as const;

  const all = new SqliteTestFile();
  const homes = sqliteHomes(all);
  afterAll(async () => {
    await homes[Symbol.asyncDispose]();
    all[Symbol.dispose]();
  });

  test.each(cases)('of %s %s is exact, and bounds what is read', async (type, newest, older, text) => {
    all.sql(
      'drop table if exists t',
      `create table t (id int, w ${type})`,
      `insert into t values (1, ${older}), (2, ${newest}), (3, null)`,
    );
    const home = await homes.home({ table: 't', where: older.includes('23:59') ? 'id <> 1' : '1 = 1' });
    expect(await boundedBy(home, text)).toContain(2);
  });

  test('with a value of another kind stops the run, and names the row', async () => {
    using file = new SqliteTestFile();
    file.sql(
      'create table t (id integer primary key, n integer, at datetime, d decimal(9, 2))',
      `insert into t values (1, 5, '2024-01-01', 1), (7, 'x', '1 Jan', 2)`,
    );
    await using homes = sqliteHomes(file);
    const home = await homes.home({ table: 't' });
    await home.describe();
    for (const [column, value] of [
      ['n', `'x'`],
      ['at', `'1 Jan'`],
    ] as const)
      await expect(home.bound({ column, lagMs: 0, future: 'take' })).rejects.toMatchObject({
        code: 'HYG-3591',
        what: expect.stringContaining(`${value}, in the row with rowid 7`),
      });
    await expect(home.bound({ column: 'd', lagMs: 0, future: 'take' })).rejects.toMatchObject({ code: 'HYG-3592' });
  });

  test('counts rows of the future', async () => {
    using file = new SqliteTestFile();
    file.sql('create table t (id int, w timestamptz)', `insert into t values (1, '2024-01-01 00:00:00Z'), (2, '3000-01-01T00:00:00Z')`);
    await using homes = sqliteHomes(file);
    const home = await homes.home({ table: 't' });
    await home.describe();
    expect(await home.bound({ column: 'w', lagMs: 0, future: 'wait' })).toMatchObject({ done: { text: '2024-01-01T00:00:00.000000Z' } });
    expect(await home.future('w')).toMatchObject({ done: { rows: 1, latest: '3000-01-01T00:00:00.000000Z' } });
  });
});
