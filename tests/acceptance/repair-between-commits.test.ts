/** A repair commits each range by itself: one that ends between two commits leaves whole ranges, says so, and the same command goes on. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

test('a repair of three ranges that ends in the second one', async () => {
  /** The place of the range of which the commit fails. */
  const at = 1;
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: t }
store: { type: sqlite, path: out.db, table: e }
run_type: incremental
watermark: { column: n, key: [id] }
`,
  });
  const sql = (file: string, text: string) => {
    const database = new DatabaseSync(workspace.path(file));
    try {
      return database.prepare(text).all();
    } finally {
      database.close();
    }
  };
  sql('src.db', 'create table t (id integer primary key, n integer not null, v text)');
  sql('src.db', "with recursive c(x) as (select 1 union all select x + 1 from c where x < 60) insert into t select x, x, 'v' from c");
  expect((await workspace.run(['go'])).code).toBe(0);
  const changed = [10, 30, 50];
  sql('src.db', `update t set v = 'changed' where id in (${changed.join(', ')})`);
  const rows = () => sql('out.db', "select id from e where v = 'changed' order by id").map(({ id }) => Number(id));
  const verify = async (...args: readonly string[]) => workspace.run(['verify', 'f.f', '--pause', '0s', ...args]);
  sql('out.db', `create trigger stops before insert on e when new.id = ${changed[at]} begin select raise(abort, 'stopped here'); end`);
  const stopped = await verify('--repair', '--yes', '--output', 'json');
  expect(stopped.code).toBe(1);
  expect(JSON.parse(stopped.stdout)).toMatchObject({ verdict: 'differs', ok: false, done: at, error: { code: expect.any(String) } });
  expect(rows()).toEqual(changed.slice(0, at));
  expect(sql('out.db', 'select count(*) as n from e')).toEqual([{ n: 60 }]);
  expect((await verify()).stdout).toContain(`${3 - at} row`);
  sql('out.db', 'drop trigger stops');
  expect(await verify('--repair', '--yes', '--output', 'json')).toMatchObject({ code: 0 });
  expect(rows()).toEqual(changed);
  expect((await verify()).code).toBe(0);
});
