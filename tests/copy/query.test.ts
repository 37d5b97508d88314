import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { CopyFolder } from './folder.ts';

function shopIn(folder: CopyFolder): DatabaseSync {
  const shop = new DatabaseSync(folder.path('shop.db'));
  shop.exec('create table orders (id integer primary key, total integer); insert into orders values (1, 10), (2, 20), (3, 30)');
  return shop;
}

describe('hygge copy --query, of SQLite', () => {
  it('settles what the SELECT gives, and the same copy again replaces it', async () => {
    using folder = new CopyFolder();
    const shop = shopIn(folder);
    const query = 'select id, total * 2 as twice from orders where total > 10 -- not the small ones';
    expect(await folder.copy('shop.db', 'big.parquet', '--query', query)).toMatchObject({ code: 0, stderr: '' });
    const planned = await folder.copy('shop.db', 'big.parquet', '--query', query, '--dry-run');
    expect(planned.stdout).toMatch(/from +sqlite .*shop\.db --query\n/);
    shop.exec('insert into orders values (4, 40)');
    const again = await folder.copy('shop.db', 'big.parquet', '--query', query);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(again.stdout).toContain(`next  hygge copy shop.db big.parquet --query '${query}' --save flows/big_parquet`);
    expect(await duck(`select id, twice from '${folder.path('big.parquet')}' order by id`)).toEqual([
      { id: '2', twice: '40' },
      { id: '3', twice: '60' },
      { id: '4', twice: '80' },
    ]);
    shop.close();
  });

  it('goes on by a watermark among its columns, and as the flow that it is saved as', async () => {
    using folder = new CopyFolder();
    const shop = shopIn(folder);
    const words = ['shop.db', 'lake/new', '--query', 'select id, "total" as "money $" from orders', '--watermark', 'id'];
    expect((await folder.copy(...words)).stdout).toContain('3 rows settled');
    shop.exec('insert into orders values (4, 40)');
    expect((await folder.copy(...words)).stdout).toContain('1 row settled');
    expect(await folder.copy(...words, '--save', 'flows/new')).toMatchObject({ code: 0 });
    shop.exec('insert into orders values (5, 50)');
    expect((await folder.run(['go'])).stdout).toContain('1 row settled');
    expect((await folder.copy(...words)).stdout).toContain('Nothing new');
    expect(await count(`select count(distinct id) as n from '${folder.path('lake/new')}/*.parquet'`)).toBe(5);
    shop.close();
  });

  it('names the columns that there are, where the watermark is none of them', async () => {
    using folder = new CopyFolder();
    shopIn(folder).close();
    const told = await folder.copy('shop.db', 'out', '--query', 'select total from orders', '--watermark', 'id');
    expect(told).toMatchObject({ code: 1, stdout: expect.stringContaining('It has: total') });
  });

  it('is another source when the SELECT is another, and says so without a hash', async () => {
    using folder = new CopyFolder();
    shopIn(folder).close();
    await folder.copy('shop.db', 'out', '--query', 'select id from orders');
    const told = await folder.copy('shop.db', 'out', '--query', 'select total from orders');
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1319') });
    expect(told.stderr).toContain('another --query');
    expect(told.stderr).not.toMatch(/[0-9a-f]{12}/);
  });

  it.each([
    [['shop.db#orders', 'out', '--query', 'select 1'], "Write 'shop.db' as FROM"],
    [['data.csv', 'out', '--query', 'select 1'], '--where selects rows'],
    [['shop.db', 'out'], "--query 'select …'"],
    [['shop.db', 'other.db', '--query', 'select 1 as one'], "'other.db#orders'"],
  ])('%j is refused', async (words, says) => {
    using folder = new CopyFolder({ 'data.csv': 'id\n1\n' });
    shopIn(folder).close();
    expect(await folder.copy(...words)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });

  it('fails in the words of the database where it is not a SELECT, and changes nothing there', async () => {
    using folder = new CopyFolder();
    const shop = shopIn(folder);
    for (const query of ['selec id from orders', 'delete from orders', 'select id from orders; delete from orders'])
      expect((await folder.copy('shop.db', 'out', '--query', query)).code, query).not.toBe(0);
    expect(shop.prepare('select count(*) as n from orders').all()).toEqual([{ n: 3 }]);
    shop.close();
  });
});

describe.skipIf(noPostgres() !== '')('hygge copy --query, of PostgreSQL', () => {
  it('reads what the SELECT gives, by a watermark, into a table of its own', async () => {
    using folder = new CopyFolder();
    await using shop = await postgresDatabase();
    await shop.sql('create table orders (id int, at timestamptz, total numeric(10, 2))');
    await shop.sql("insert into orders values (1, '2024-01-01Z', 1.5), (2, '2024-01-02Z', 2.5)");
    const role = `asker_${Math.random().toString(36).slice(2)}`;
    await shop.sql(`create role ${role} login superuser password 'pass'`);
    const url = `postgres://${role}:\${PG_SECRET}@${shop.host}:${shop.port}/${shop.database}`;
    const copy = (...words: readonly string[]) => folder.run(['copy', ...words], '.', { PG_SECRET: 'pass' });
    const query = `select o.id, o.at, o.total * 2 as twice from orders o where o.total > 0;`;
    const words = [url, `${url}#twice`, '--query', query, '--watermark', 'at'];
    const first = await copy(...words);
    expect(first.code, first.stdout + first.stderr).toBe(0);
    await shop.sql("insert into orders values (3, '2024-01-03Z', 3.5)");
    expect((await copy(...words)).stdout).toContain('1 row settled');
    expect(await shop.sql('select id, twice from twice order by id')).toEqual([
      { id: '1', twice: '3.00' },
      { id: '2', twice: '5.00' },
      { id: '3', twice: '7.00' },
    ]);
  });
});
