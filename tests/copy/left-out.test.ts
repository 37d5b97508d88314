import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { CopyFolder } from './folder.ts';

const files = { 'in/a.csv': 'id\n1\n', 'in/deep/b.csv': 'id\n2\n', 'in/notes.txt': 'x', 'in/deep/sheet.xlsx': 'PK', 'in/_SUCCESS': '' };

/** A folder with files that hygge does not read, and a database with a view of its table. */
function prepared(): CopyFolder {
  const folder = new CopyFolder(files);
  const shop = new DatabaseSync(folder.path('shop.db'));
  shop.exec('create table orders (id int); insert into orders values (1); create view v_orders as select * from orders');
  shop.close();
  return folder;
}

const unread = '2 files have no format that hygge reads, and are left out: ';

describe('what is left out is told', () => {
  it('by hygge copy of a folder', async () => {
    using folder = prepared();
    const { code, stdout } = await folder.copy('in', 'out');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`! ${unread}deep/sheet.xlsx, notes.txt.`)]);
    expect(stdout).toContain('2 rows settled');
    expect((await folder.copy('in/deep/b.csv', 'other')).stdout).not.toContain('left out');
  });

  it('by hygge init of a folder', async () => {
    using folder = prepared();
    const { code, stdout } = await folder.run(['init', 'lake', '--from', 'in', '--yes']);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`! ${unread}deep/sheet.xlsx, notes.txt.`)]);
  });

  it('by hygge copy of a pattern of tables, which takes no view unless --views says so', async () => {
    using folder = prepared();
    const first = await folder.copy('shop.db#*', 'lake');
    expect(first.stdout).toContain('! 1 view is left out: v_orders. A view shows rows of tables; --views copies views too.');
    expect([existsSync(folder.path('lake/orders')), existsSync(folder.path('lake/v_orders'))]).toEqual([true, false]);
    const all = await folder.copy('shop.db#*', 'all', '--views');
    expect(all.stdout).toContain("next  hygge copy 'shop.db#*' all --views --save");
    expect([all.code, existsSync(folder.path('all/v_orders'))]).toEqual([0, true]);
    expect((await folder.copy('shop.db#v_*', 'views')).stdout).toContain('1 row settled');
  });

  it('by each command, of a view that does not work', async () => {
    using folder = prepared();
    const shop = new DatabaseSync(folder.path('shop.db'));
    shop.exec('create table gone (id int); create view v_gone as select * from gone; drop table gone');
    shop.close();
    const why = '2 of 3 tables can be read; left out: v_gone (no such table: main.gone).';
    expect((await folder.copy('shop.db#*', 'lake', '--views')).stdout).toContain(`! ${why}`);
    expect((await folder.copy('shop.db#*', 'lake')).stdout).toContain('! 2 views are left out: v_gone, v_orders.');
    expect(await folder.copy('shop.db#v_g*', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('0 of 1 table can be read'),
    });
  });

  it('by hygge init of a database, which takes a view that is named, or with --views', async () => {
    using folder = prepared();
    const init = (...args: readonly string[]) => folder.run(['init', ...args]);
    const entities = (lake: string) =>
      ['orders', 'v_orders'].map((name) => existsSync(folder.path(`${lake}/flows/shop/entities/${name}.yml`)));
    const told = await init('a', '--from', 'shop.db', '--yes');
    expect(told.stdout).toContain('with 1 of 2 entities from shop.db');
    expect(told.stdout).toContain('! 1 view is left out: v_orders.');
    expect(entities('a')).toEqual([true, false]);
    expect((await init('c', '--from', 'shop.db', '--views', '--yes')).stdout).not.toContain('left out');
    expect(entities('c')).toEqual([true, true]);
    await init('d', '--from', 'shop.db', '--tables', 'v_orders', '--yes');
    expect(entities('d')).toEqual([false, true]);
  });
});
