import { readdirSync, readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { noPostgres, noPostgresTools, postgresDatabase, type TestDatabase } from '../support/postgres.ts';
import { CopyFolder } from './folder.ts';

/** Every byte below a folder, as one text. */
function everythingIn(root: string): string {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => statSync(`${root}/${path}`).isFile())
    .map((path) => `${path}\n${readFileSync(`${root}/${path}`, 'latin1')}`)
    .join('\n');
}

describe('hygge copy, of files of SQLite and DuckDB', () => {
  it('takes a table of one into the other, with the state beside or in it', async () => {
    using folder = new CopyFolder();
    using shop = new DuckdbTestFile();
    const source = new DatabaseSync(folder.path('shop.db'));
    source.exec(
      "create table orders (id integer primary key, name text, at text); insert into orders values (1, 'a', '2024-01-01'), (2, null, '2024-01-02')",
    );
    const there = await folder.copy('shop.db#orders', `${shop.path}#orders`);
    expect({ code: there.code, stderr: there.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await shop.sql('select id, name from orders order by id')).toEqual([
      { id: '1', name: 'a' },
      { id: '2', name: null },
    ]);
    source.exec("insert into orders values (3, 'c', '2024-01-03')");
    expect((await folder.copy('sqlite:shop.db#orders', `duckdb:${shop.path}#orders`)).code).toBe(0);
    expect(await shop.sql('select count(*) as n from orders')).toEqual([{ n: '3' }]);
    expect(readdirSync(shop.root)).toContain('_hygge');

    const back = await folder.copy(`${shop.path}#orders`, 'other.db');
    expect({ code: back.code, stderr: back.stderr }).toEqual({ code: 0, stderr: '' });
    const other = new DatabaseSync(folder.path('other.db'));
    expect(other.prepare('select count(*) as n from orders').all()).toEqual([{ n: 3 }]);
    expect(other.prepare('select flow from hygge_metadata_watermarks').all()).toEqual([{ flow: 'orders' }]);
    other.close();
    source.close();
  });

  it('of several tables refuses each whose place was filled from another database, wherever it stands among new ones', async () => {
    using folder = new CopyFolder();
    for (const [name, tables] of [
      ['one.db', ['m', 'n']],
      ['other.db', ['a', 'n', 'z']],
    ] as const) {
      const source = new DatabaseSync(folder.path(name));
      for (const table of tables)
        source.exec(`create table ${table} (id integer primary key, came text); insert into ${table} values (1, '${name}')`);
      source.close();
    }
    expect((await folder.copy('one.db#*', 'lake')).code).toBe(0);
    const before = everythingIn(folder.path('lake'));
    const refused = await folder.copy('other.db#*', 'lake');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1319') });
    expect(everythingIn(folder.path('lake'))).toBe(before);
  });

  it('loads tables without the column of the watermark whole, with one note, and the others by the column as they spell it', async () => {
    using folder = new CopyFolder();
    const source = new DatabaseSync(folder.path('shop.db'));
    source.exec(`create table orders (id int, updated_at timestamp); insert into orders values (1, '2024-01-01')`);
    source.exec(`create table customers (id int, "Updated_At" timestamp); insert into customers values (1, '2024-01-01')`);
    for (const name of ['kinds', 'zones']) source.exec(`create table ${name} (id int, name text); insert into ${name} values (1, 'a')`);
    const copy = (...more: readonly string[]) => folder.copy('shop.db#*', 'lake', '--watermark', 'updated_at', ...more);
    const note = '2 tables have no column updated_at, and each copy loads them whole: kinds, zones.';
    const first = await copy();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout.split('\n').filter((line) => line.startsWith('!'))).toEqual([`! ${note}`]);
    source.exec(`insert into orders values (2, '2024-01-02'); update kinds set name = 'b'`);
    const second = await copy('--output', 'json');
    expect(second).toMatchObject({ code: 0 });
    const { entities } = JSON.parse(second.stdout.trim().split('\n').at(-1) ?? '{}');
    const told = entities.map(({ entity, status, rows }: Record<string, unknown>) => `${entity} ${status} ${rows}`);
    expect(told.sort()).toEqual(['customers skip 0', 'kinds pass 1', 'orders pass 1', 'zones pass 1']);
    expect(await duck(`select name from '${folder.path('lake')}/kinds/*.parquet'`)).toEqual([{ name: 'b' }]);
    // As a flow it does the same, and a mistyped name is a mistake for all of them.
    expect(await copy('--save', 'flows/lake')).toMatchObject({ code: 0 });
    expect(await folder.run(['go'], '.')).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS=2 WARN=0 ERROR=0 SKIP=2') });
    const mistyped = await folder.copy('shop.db#*', 'other', '--watermark', 'update_at');
    expect(mistyped).toMatchObject({ code: 1, stdout: expect.stringMatching(/HYG-2011[\s\S]*Did you mean updated_at/) });
    source.close();
  });

  it('loads no table whole that it copied by its watermark before, unless it is told to', async () => {
    using folder = new CopyFolder();
    const source = new DatabaseSync(folder.path('shop.db'));
    for (const name of ['a', 'b'])
      source.exec(`create table ${name} (id int, updated_at timestamp); insert into ${name} values (1, '2024-01-01')`);
    const copy = (...more: readonly string[]) => folder.copy('shop.db#*', 'lake', '--watermark', 'updated_at', ...more);
    expect(await copy()).toMatchObject({ code: 0 });
    source.exec('alter table b rename column updated_at to changed_at');
    const refused = await copy();
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('has no column updated_at any more') });
    expect(refused.stderr).toContain("hygge copy 'shop.db#*' lake --watermark updated_at -d");
    expect(await copy('-d')).toMatchObject({ code: 0 });
    expect(await copy()).toMatchObject({ code: 0, stdout: expect.stringContaining('loads it whole: b.') });
    source.close();
  });

  it('advises what a copy takes, and that leads on', async () => {
    const [key, value] = ['special_values', 'to_null'];
    using folder = new CopyFolder();
    using shop = new DuckdbTestFile();
    await shop.sql('create table orders as select 1 as id, timestamp \'infinity\' as "at"');
    const first = await folder.copy(`${shop.path}#orders`, 'out');
    expect(first).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-3505') });
    expect(first.stdout).not.toMatch(/\bhome[.:]/);
    const advised = new RegExp(`--home '?(${key}=[^\\s']+)`).exec(first.stdout)?.[1];
    expect(advised).toBe(`${key}=${value}`);
    expect(await folder.copy(`${shop.path}#orders`, 'out', '--home', advised ?? '')).toMatchObject({ code: 0 });
  });

  it('takes tables whose names have what else means something', async () => {
    using folder = new CopyFolder();
    const source = new DatabaseSync(folder.path('shop#1.db'));
    for (const name of ['a#b', '50%', 'x.y']) source.exec(`create table "${name}" (id int); insert into "${name}" values (1)`);
    source.close();
    for (const [n, name] of ['a#b', '50%', '"x.y"'].entries()) {
      const told = await folder.copy(`shop#1.db#${name}`, `out${n}`);
      expect(told.code, told.stdout + told.stderr).toBe(0);
      expect(await count(`select count(*) as n from '${folder.path(`out${n}`)}/*.parquet'`)).toBe(1);
    }
  });

  it('says what table is not there, and which pattern names none', async () => {
    using folder = new CopyFolder();
    const source = new DatabaseSync(folder.path('shop.db'));
    source.exec('create table orders (id int); create table "Order_lines" (id int); create table order_lines2 (id int)');
    source.close();
    const missing = await folder.copy('shop.db#order', 'out');
    expect(missing.code).toBe(1);
    expect(missing.stdout).toMatch(/HYG-3\d+ .*order/);
    const none = await folder.copy('shop.db#cust*', 'out');
    expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('HYG-1313') });
    const one = await folder.copy('shop.db#order*', 'out.csv');
    expect(one).toMatchObject({ code: 2, stderr: expect.stringContaining('is one file, but several tables are to be copied') });
    const table = await folder.copy('shop.db#order*', 'other.db#all');
    expect(table).toMatchObject({ code: 2, stderr: expect.stringContaining('is one table, but several tables are to be copied') });
  });
});

describe.skipIf(noPostgres() !== '')('hygge copy, of PostgreSQL', () => {
  let opened: Promise<TestDatabase> | undefined;
  const database = () => {
    opened ??= postgresDatabase();
    return opened;
  };
  afterAll(async () => (await opened)?.[Symbol.asyncDispose]());
  const canary = 'c4n4ry/p#ss?w@rd';

  /** A role with a password that would be seen wherever it went. */
  async function shop() {
    const db = await database();
    const role = `copier_${Math.random().toString(36).slice(2)}`;
    await db.sql(`create role ${role} login superuser password '${canary}'`);
    const at = `${db.host}:${db.port}/${db.database}`;
    return { db, role, at, url: `postgres://${role}:\${PG_SECRET}@${at}`, env: { PG_SECRET: canary } };
  }

  it('takes one table to one file, then only what is new to a folder, and into another table that keeps the state', async () => {
    const { db, url, env } = await shop();
    using folder = new CopyFolder();
    await db.sql(
      "create schema sales; create table sales.orders (id int primary key, name text, at timestamp); insert into sales.orders values (1, 'a', '2024-01-01'), (2, 'b', '2024-01-02')",
    );
    const copy = (...args: readonly string[]) => folder.run(['copy', ...args], '.', env);
    const file = await copy(`${url}#sales.orders`, 'orders.parquet');
    expect({ code: file.code, stderr: file.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await duck(`select id, name from '${folder.path('orders.parquet')}' order by id`)).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
    const folderful = [`${url}#sales.orders`, 'lake', '--watermark', 'at', '--columns', 'id,at', '--where', 'id <> 1'];
    expect((await copy(...folderful)).stdout).toContain('1 row settled');
    await db.sql("insert into sales.orders values (3, 'c', '2024-01-03')");
    expect((await copy(...folderful)).stdout).toContain('1 row settled');
    expect(await count(`select count(*) as n from '${folder.path('lake')}/*.parquet'`)).toBe(2);

    const upserted = [`${url}#sales.orders`, `${url}#public.settled`, '--watermark', 'at', '--key', 'id'];
    expect((await copy(...upserted)).code).toBe(0);
    await db.sql("update sales.orders set name = 'new', at = '2024-02-01' where id = 1");
    expect((await copy(...upserted)).code).toBe(0);
    expect(await db.sql('select id, name from settled order by id')).toEqual([
      { id: '1', name: 'new' },
      { id: '2', name: 'b' },
      { id: '3', name: 'c' },
    ]);
    expect((await copy(...upserted)).stdout).toContain('Nothing new');
    expect(await db.sql("select flow from hygge_metadata.watermarks where flow = 'public-settled'")).toEqual([{ flow: 'public-settled' }]);
  });

  it('takes several tables, each to a folder or a table of its own', async () => {
    const { db, url, env } = await shop();
    using folder = new CopyFolder();
    await db.sql(
      'create schema crm; create table crm.a (id int); create table crm.b (id int, n int); insert into crm.b values (1, 2), (2, 3)',
    );
    const copy = (...args: readonly string[]) => folder.run(['copy', ...args], '.', env);
    const many = await copy(`${url}#crm.*`, 'lake');
    expect(many).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS=2') });
    expect(await count(`select count(*) as n from '${folder.path('lake/b')}/*.parquet'`)).toBe(2);
    await db.sql('create table crm.c (id int); create schema raw');
    expect(readdirSync(folder.path('lake')).sort()).toEqual(['_hygge', 'a', 'b']);
    expect((await copy(`${url}#crm.*`, 'lake')).stdout).toContain('TOTAL=3');
    expect((await copy(`${url}#crm.*`, `${url}#raw.*`)).code).toBe(0);
    expect(await db.sql('select count(*) as n from raw.b')).toEqual([{ n: '2' }]);
    await db.sql('create table crm."B" (id int)');
    const clash = await copy(`${url}#crm.*`, 'lake2');
    expect(clash).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('HYG-1314') });
  });

  it.skipIf(noPostgresTools() !== '')(
    'shows and keeps a password nowhere, whether it is written out, typed, or in a variable',
    async () => {
      const { db, role, at, url, env } = await shop();
      using folder = new CopyFolder();
      await db.sql('create table if not exists secretive (id int)');
      const encoded = encodeURIComponent(canary);
      const said: string[] = [];
      const copy = async (from: string, to: string, ...more: readonly string[]) => {
        const run = await folder.run(['copy', `${from}#secretive`, to, '-v', ...more], '.', env);
        said.push(run.stdout, run.stderr);
        return run;
      };
      const written = await copy(`postgres://${role}:${encoded}@${at}`, 'a');
      expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining('was typed with the command') });
      const raw = await copy(`postgres://${role}:${canary}@${at}`, 'b', '--output', 'json');
      expect(raw).toMatchObject({ code: 0 });
      expect((await copy(url, 'c')).stdout).not.toContain('was typed');
      expect((await copy(`postgres://${role}:${encoded}@${at}`, `postgres://${role}:${encoded}@${at}#settled_secretly`)).code).toBe(0);
      expect((await copy(`postgres://${role}:wrong-${encoded}@${at}`, 'd')).code).toBe(1);
      expect((await copy(`postgrs://${role}:${encoded}@${at}`, 'f')).code).toBe(2);
      expect((await copy(`postgres://${role}:${encoded}@${at}`, 'a', '--save', 'flows/a')).stdout).toContain('FROM_PASSWORD');
      const state = await db
        .psql('select * from hygge_metadata.state_objects', 'select * from hygge_metadata.watermarks')
        .catch(() =>
          db.psql(
            'select * from hygge_metadata.watermarks',
            "select encode(body, 'escape') from hygge_metadata.objects",
            'select * from hygge_metadata.journal',
          ),
        );
      const all = [everythingIn(folder.root), state, ...said].join('\n');
      for (const form of [canary, encoded, Buffer.from(canary).toString('base64'), JSON.stringify(canary).slice(1, -1), 'c4n4ry'])
        expect(all).not.toContain(form);
      const gone = await folder.run(['go', '-f', 'a'], '.', { FROM_PASSWORD: canary });
      expect(gone.code).toBe(0);
    },
  );

  it('asks for a password where a colon asks for one', async () => {
    const { db, role, at } = await shop();
    using folder = new CopyFolder();
    await db.sql('create table if not exists asked_for (id int)');
    const { run } = await import('../../src/cli/program/run.ts');
    const { fakeSurroundings } = await import('../cli/surroundings.ts');
    const questions: (readonly [string, string | undefined])[] = [];
    const surroundings = fakeSurroundings(folder.root, {
      ask: async (question, how) => {
        questions.push([question, how]);
        return canary;
      },
    });
    expect(await run(['copy', `postgres://${role}:@${at}#asked_for`, 'out'], surroundings)).toBe(0);
    expect(questions).toEqual([[`Password for postgres://${role}@${at}#asked_for: `, 'unseen']]);
    expect(surroundings.stdout()).not.toContain('was typed');
  });
});

describe.skipIf(noMariadb() !== '')('hygge copy, into MariaDB', () => {
  it('keeps the state in the folder where it is made, and says nothing is new by it', async () => {
    await using db = await mariadbDatabase();
    using folder = new CopyFolder({ 'orders.csv': 'id,at\n1,2024-01-01\n2,2024-01-02\n' });
    const url = `mysql://${db.user}:\${MY_SECRET}@${db.host}:${db.port}/${db.database}#orders`;
    const copy = () => folder.run(['copy', 'orders.csv', url], '.', { MY_SECRET: db.password });
    const first = await copy();
    expect({ code: first.code, stdout: first.stdout }).toMatchObject({ code: 0 });
    expect(await db.sql('select count(*) from orders')).toBe('2\n');
    expect((await copy()).code).toBe(0);
    expect(await db.sql('select count(*) from orders')).toBe('2\n');
    expect(readdirSync(folder.root).sort()).toEqual(['_hygge', 'orders.csv']);
  });
});
