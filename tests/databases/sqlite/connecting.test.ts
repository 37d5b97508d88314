import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import { SqliteTestFile, sqliteHomes } from '../../support/sqlite-file.ts';

const read = async (file: SqliteTestFile, config: Readonly<Record<string, unknown>> = {}) => {
  await using homes = sqliteHomes(file);
  return await rowsOf(framesOf(await homes.home({ table: 't', ...config })));
};

describe('a file of SQLite', () => {
  test('that is not there is an error, and is not made', async () => {
    using file = new SqliteTestFile();
    await expect(read(file)).rejects.toMatchObject({ code: 'HYG-6575' });
    expect(() => readFileSync(file.path)).toThrow('ENOENT');
  });

  test('that is none, or is damaged or encrypted, is told as such', async () => {
    using file = new SqliteTestFile();
    writeFileSync(file.path, Buffer.alloc(8192, 0x5a));
    await expect(read(file)).rejects.toMatchObject({
      code: 'HYG-6522',
      tryThis: expect.arrayContaining([expect.stringContaining('encrypted')]),
    });
    await expect(read(file, { path: file.root })).rejects.toMatchObject({ code: 'HYG-6520' });
  });

  test('that is damaged inside stops the run', async () => {
    using file = new SqliteTestFile();
    file.sql('pragma journal_mode = delete', 'create table t (id integer primary key, t text)');
    file.sql(
      `pragma user_version = 1`,
      `insert into t with recursive r(i) as (select 1 union all select i + 1 from r where i < 5000) select i, 'text ' || i from r`,
    );
    const bytes = readFileSync(file.path);
    for (let page = 6; page < 12; page++) bytes.fill(0xff, page * 4096, page * 4096 + 4096);
    writeFileSync(file.path, bytes);
    await expect(read(file)).rejects.toMatchObject({ code: 'HYG-6522' });
  });

  test('that another program writes to is waited for no longer than busy_timeout says', async () => {
    using file = new SqliteTestFile();
    file.sql('pragma journal_mode = delete', 'create table t (id integer primary key)', 'insert into t values (1)');
    using writer = new DatabaseSync(file.path);
    writer.exec('begin exclusive');
    await expect(read(file, { busy_timeout: 1 })).rejects.toMatchObject({ code: 'HYG-6521', transient: true });
    writer.exec('rollback');
    expect(await read(file)).toEqual([{ id: 1n }]);
  });

  test('that its writer left in the middle of a transaction is read as it was before that', async () => {
    using file = new SqliteTestFile();
    using crashed = new SqliteTestFile();
    file.sql('pragma journal_mode = delete', 'create table t (id integer primary key, t text)');
    file.sql('pragma user_version = 1', `insert into t values (1, 'before')`);
    using writer = new DatabaseSync(file.path);
    // So little memory that what is changed goes to the file before the end.
    writer.exec(`pragma cache_size = 1; begin; update t set t = 'after'`);
    writer.exec(
      `insert into t with recursive r(i) as (select 2 union all select i + 1 from r where i < 5000) select i, 'text ' || i from r`,
    );
    for (const suffix of ['', '-journal']) copyFileSync(`${file.path}${suffix}`, `${crashed.path}${suffix}`);
    writer.exec('rollback');
    expect(await read(crashed)).toEqual([{ id: 1n, t: 'before' }]);
  });
});
