import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { DuckdbTestFile, duckdbHomes } from '../../support/duckdb-file.ts';
import { everything, framesIn, framesOf, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { boundedBy } from '../../support/watermarked.ts';

describe('tables, views and queries of DuckDB', () => {
  const file = new DuckdbTestFile();
  beforeAll(async () => {
    await file.sql(
      'create schema "Sales"',
      `create table "Sales"."Order Lines" (id int primary key, "a ""b""" varchar, amount decimal(9, 2), secret varchar)`,
      `insert into "Sales"."Order Lines" values (1, 'x', 1.5, 's'), (2, 'y', null, 's'), (3, null, 3, 's')`,
      'create view two as select * from "Sales"."Order Lines" where id < 3',
      "create table big as select i::bigint as id, i % 7 as k, repeat('text ', 30) || i as t from range(300000) r(i)",
      'delete from big where id % 11 = 3',
      'create table odd as select 1 as rowid, 2 as id',
      'create table loud ("RowId" bigint, id int)',
      'insert into loud values (-7, 1), (null, 2), (1000000, 3)',
    );
  });
  afterAll(() => file[Symbol.dispose]());

  test('a table is found whatever the case of its letters, and its columns are as they are called', async () => {
    await using homes = duckdbHomes(file);
    const rows = await rowsOf(
      framesOf(await homes.home({ table: 'sales."order lines"', exclude: ['secret'], where: 'id <> 2 -- not that' })),
    );
    expect(rows.map(({ id, 'a "b"': text }) => [id, text])).toEqual([
      [1, 'x'],
      [3, null],
    ]);
    const step = await (await homes.home({ table: 'Sales.Order Lines', columns: ['amount', 'id'] })).describe();
    expect('done' in step && step.done).toMatchObject({
      ...{ rows: { n: 3, exact: true }, keys: ['id'], summary: `Sales.Order Lines in duckdb ${file.path}` },
      schema: {
        columns: [
          { name: 'id', nullable: false, sourceType: 'INTEGER' },
          { name: 'amount', nullable: true },
        ],
      },
    });
    expect(await rowsOf(framesOf(await homes.home({ table: 'two', columns: ['id'] })))).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await rowsOf(framesOf(await homes.home({ query: 'from big select count(*) as n;' })))).toEqual([{ n: 272727n }]);
  });

  test('what is not there, or there twice, is an error that says what is', async () => {
    await using homes = duckdbHomes(file);
    const failed = async (config: Readonly<Record<string, unknown>>) => (await homes.home(config)).describe();
    await expect(failed({ table: 'order lines' })).rejects.toMatchObject({
      code: 'HYG-3501',
      tryThis: expect.arrayContaining(['There is Sales.Order Lines: write the name exactly like this']),
    });
    await expect(failed({ table: 'two', columns: ['ID'] })).rejects.toMatchObject({
      code: 'HYG-3502',
      what: expect.stringContaining('Did you mean id?'),
    });
    await expect(failed({ query: 'select 1 as a, 2 as A' })).rejects.toMatchObject({ code: 'HYG-3503' });
    await expect(failed({ query: 'selec 1' })).rejects.toMatchObject({
      code: 'HYG-3511',
      why: expect.arrayContaining([expect.stringContaining('selec')]),
    });
    await expect(failed({ query: "from read_csv('nowhere/*.csv')" })).rejects.toMatchObject({ code: 'HYG-3568' });
    await expect(failed({ query: `from read_parquet('https://example.test/a.parquet')` })).rejects.toMatchObject({ code: 'HYG-3565' });
    await expect(failed({ query: 'drop table two' })).rejects.toMatchObject({ code: 'HYG-3511' });
  });

  test('slices have each row once, deleted ones never, and leave nothing in scratch', async () => {
    await using homes = duckdbHomes(file);
    const home = await homes.home({ table: 'big', batch_size: 50_000 });
    const slices = await slicesOf(home, everything, 8 * 1024 * 1024);
    expect(slices.length).toBeGreaterThan(2);
    const seen = new Set<bigint>();
    let rows = 0;
    for (const slice of slices)
      for await (const frame of framesIn(home, slice)) {
        expect(frame.rows).toBeLessThanOrEqual(50_000);
        rows += frame.rows;
        for (const id of await idsOf(frame)) seen.add(id);
      }
    expect([rows, seen.size]).toEqual([272_727, 272_727]);
    expect([...seen].some((id) => id % 11n === 3n)).toBe(false);
    expect(filesIn(file.root)).toEqual(['owner.json', 'test.duckdb']);
  });

  test.each([
    [250_000, ['id'], 2],
    [1_000_000, ['id'], 1],
    // A frame is bounded in bytes as well.
    [1_000_000, ['id', 't'], 3],
  ])('row groups of which several fit into a batch of %i rows of %j are read once each, in %i frames', async (most, columns, frames) => {
    await using homes = duckdbHomes(file);
    const read: number[] = [];
    let count = 0;
    for await (const frame of framesOf(await homes.home({ table: 'big', columns, batch_size: most }))) {
      count++;
      for (const id of await idsOf(frame)) read.push(Number(id));
    }
    const all = Array.from({ length: 300_000 }, (_, id) => id).filter((id) => id % 11 !== 3);
    read.sort((a, b) => a - b);
    expect([count, read.length, read.findIndex((id, at) => id !== all[at])]).toEqual([frames, all.length, -1]);
  });

  test('a column that is called as the places of rows are is a column like others, whatever the case of its letters', async () => {
    await using homes = duckdbHomes(file);
    expect(await rowsOf(framesOf(await homes.home({ table: 'odd' }), everything, 1))).toEqual([{ rowid: 1, id: 2 }]);
    const rows = await rowsOf(framesOf(await homes.home({ table: 'loud' }), everything, 1));
    expect(rows).toEqual([
      { RowId: -7n, id: 1 },
      { RowId: null, id: 2 },
      { RowId: 1_000_000n, id: 3 },
    ]);
  });

  test('a slice that is read no further is stopped where it is', async () => {
    await using homes = duckdbHomes(file);
    const home = await homes.home({ query: 'select a.i from range(1000000) a(i), range(1000000) b(j) where a.i * b.j % 1000003 = 5' });
    const [slice] = await slicesOf(home);
    const stop = new AbortController();
    const reading = home
      .read(slice as never, everything, undefined, stop.signal)
      [Symbol.asyncIterator]()
      .next();
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(filesIn(file.root)).toEqual(['owner.json', 'test.duckdb']);
    // Whoever plans anew reads again.
    expect((await slicesOf(home)).length).toBe(1);
  });

  test('too little memory is told with the key that gives more', async () => {
    await using homes = duckdbHomes(file);
    const home = await homes.home({ memory_limit: '20MB', threads: 1, query: `select list(t) as all_of_them from big` });
    await expect(rowsOf(framesOf(home))).rejects.toMatchObject({
      code: 'HYG-3566',
      tryThis: expect.arrayContaining([expect.stringContaining('memory_limit')]),
    });
  });
});

/** Values of the column `id`, which has no nulls: a row of hundreds of thousands is not an object here. */
async function idsOf(frame: Frame): Promise<BigInt64Array> {
  const table = await toArrow(await asPolars(frame).collect());
  return table.getChild('id')?.toArray() as BigInt64Array;
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => name)
    .sort();

describe('the watermark of a table of DuckDB', () => {
  const cases = [
    ['hugeint', `'${'9'.repeat(38)}'`, `'-5'`, '9'.repeat(38)],
    ['timestamp_ns', `'2024-01-01 00:00:00.000000001'`, `'2024-01-01'`, '2024-01-01T00:00:00.000000001'],
    ['timestamptz', `'2024-01-01 02:00:00.000001+02'`, `'2024-01-01 00:00:00+00'`, '2024-01-01T00:00:00.000001Z'],
    ['varchar collate nocase', `'a'`, `'B'`, 'a'],
    ['uuid', `'ffffffff-ffff-ffff-ffff-ffffffffffff'`, `'00000000-0000-0000-0000-000000000000'`, 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ] as const;

  test.each(cases)('of %s is exact, and bounds what is read', async (type, newest, older, text) => {
    using file = new DuckdbTestFile();
    await file.sql(`create table t (id int, w ${type})`, `insert into t values (1, ${older}), (2, ${newest}), (3, null)`);
    await using homes = duckdbHomes(file);
    const home = await homes.home({ table: 't' });
    expect(await boundedBy(home, text)).toEqual([1, 2]);
  });

  test('leaves values out that are none, and says so; rows of the future are counted', async () => {
    using file = new DuckdbTestFile();
    await file.sql(
      `create table t (id int, w timestamptz)`,
      `insert into t values (1, '2024-01-01 00:00:00+00'), (2, 'infinity'), (3, '3000-01-01 00:00:00+00')`,
    );
    await using homes = duckdbHomes(file);
    const home = await homes.home({ table: 't' });
    await home.describe();
    expect(await home.bound({ column: 'w', lagMs: 0, future: 'wait' })).toMatchObject({ done: { text: '2024-01-01T00:00:00.000000Z' } });
    expect(await home.bound({ column: 'w', lagMs: 0, future: 'take' })).toMatchObject({
      lastingWarnings: [{ code: 'database.never_read', text: expect.stringContaining('infinity') }],
    });
    expect(await home.future('w')).toMatchObject({ done: { rows: 2, latest: '3000-01-01T00:00:00.000000Z' } });
  });
});

describe('queries over files', () => {
  test('are refused where DuckDB would take a file of the folder that hygge was started in', async () => {
    using file = new DuckdbTestFile();
    const folder = join(file.root, 'here');
    mkdirSync(folder);
    for (const at of [file.root, folder]) writeFileSync(join(at, 'own.csv'), 'a\n1\n');
    await using homes = duckdbHomes(file);
    const before = process.cwd();
    process.chdir(folder);
    try {
      await expect((await homes.home({ path: ':memory:', query: `select * from 'own.csv'` })).describe()).rejects.toMatchObject({
        code: 'HYG-3570',
      });
      await expect((await homes.home({ path: ':memory:', query: `select * from read_csv('own.csv')` })).describe()).rejects.toMatchObject({
        code: 'HYG-3570',
      });
      expect(
        await (
          await homes.home({ path: ':memory:', query: `select * from '${file.root}/own.csv' where a::varchar <> 'own.csv'` })
        ).describe(),
      ).toHaveProperty('done');
    } finally {
      process.chdir(before);
    }
  });
});
