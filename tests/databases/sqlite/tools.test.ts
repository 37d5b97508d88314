import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

describe('tools for SQLite', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = new TestWorkspace({ 'hygge.yml': 'name: w\nconnections:\n  s: { type: sqlite, path: shop.db }\n' });
    sql('pragma journal_mode = wal');
  });
  afterEach(() => workspace[Symbol.dispose]());

  const hygge = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await inProcess(args, workspace.root, {});
    return { code, stdout, text: stdout + stderr };
  };
  const apply = (text: string, ...more: readonly string[]) => {
    workspace.write({ 'a.sql': text });
    return hygge('apply', 'a.sql', '--connection', 's', ...more);
  };
  /** By Node itself, in a connection that nobody else has. */
  function sql(text: string): readonly unknown[] {
    const database = new DatabaseSync(workspace.path('shop.db'));
    try {
      if (/^select/i.test(text))
        return database
          .prepare(text)
          .all()
          .map((row) => Object.values(row)[0]);
      database.exec(text);
      return [];
    } finally {
      database.close();
    }
  }

  test('the DDL of a table has every key that is asked for: SQLite has one of texts and of bytes', async () => {
    await workspace.parquet('in/a.parquet', `select 'a' as code, timestamp '2026-01-01' as at, 'b'::blob as raw, 1::bigint as n`);
    for (const key of ['raw', 'code, at']) {
      workspace.write({
        'flows/f/flow.yml': `home: in\nstore: { connection: s }\nrun_type: incremental\nwatermark: { column: at, key: [${key}] }\n`,
      });
      const { code, stdout, text } = await hygge('generate', 'ddl', '--entity', 'f.f', '--table', 'keyed', '--dialect', 'sqlite');
      expect(code, text).toBe(0);
      expect(stdout).toContain(`unique (${key.replace(/\w+/g, '"$&"')})`);
      sql(`${stdout}; drop table keyed`);
    }
  });

  test('entities of its tables and views, with keys and what may tell new rows; and a run of them settles', async () => {
    sql(`create table orders (id integer primary key, placed datetime, updated_at timestamp not null, note text);
      insert into orders select value, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 'x' from (with recursive n(value) as (select 1 union all select value + 1 from n where value < 500) select value from n);
      create table items (order_id int, line int, primary key (order_id, line)); create view totals as select count(*) as n from orders;
      create table "odd.name" (a int); create table hygge_metadata_heads (a int)`);
    workspace.write({ 'flows/f/flow.yml': 'home: { connection: s }\nstore: out\n' });
    expect((await hygge('generate', 'entities', '--flow', 'f')).text).toContain('! 1 view is left out: ');
    expect(await hygge('generate', 'entities', '--flow', 'f', '--views')).toMatchObject({ code: 0 });
    const entity = (name: string) => readFileSync(workspace.path(`flows/f/entities/${name}.yml`), 'utf8');
    expect(entity('orders')).toContain('# primary key: id');
    expect(entity('orders')).toContain('# watermark: { column: updated_at, key: [id] }');
    expect(entity('items')).toContain('# primary key: order_id, line');
    expect(entity('totals')).toContain('view');
    expect(entity('odd.name')).toContain('odd.name');
    expect(await hygge('go')).toMatchObject({ code: 0, text: expect.stringContaining('ERROR=0') });
  });

  test('a file is applied whole or not at all, triggers among it', async () => {
    const text = `create table t (id integer primary key, "a;b" text); -- ; not the end
      create table log (n int);
      create trigger g after insert on t begin insert into log values (case when new.id > 1 then 2 else 1 end); update t set "a;b" = 'seen;' where id = new.id; end;
      insert into t values (1, 'x'), (2, 'y');`;
    expect(await apply(text, '--dry-run')).toMatchObject({
      code: 0,
      text: expect.stringContaining('4 statements would be run. Nothing was run.'),
    });
    expect(sql(`select count(*) from sqlite_schema`)).toEqual([0]);
    expect(await apply(text)).toMatchObject({ code: 0, text: expect.stringContaining('4 statements done, in one transaction.') });
    expect([sql('select n from log'), sql('select "a;b" from t')]).toEqual([
      [1, 2],
      ['seen;', 'seen;'],
    ]);
    const failed = await apply('create table more (a int);\ninsert into t values (3, null);\ninsert into nothing values (1);\n');
    expect(failed).toMatchObject({
      code: 1,
      text: expect.stringContaining('HYG-4260 Statement 3 of 3 failed, in line 3: insert into nothing'),
    });
    expect(failed.text).toContain('Everything was rolled back: nothing is done.');
    expect([sql('select count(*) from t'), sql(`select count(*) from sqlite_schema where name = 'more'`)]).toEqual([[2], [0]]);
  });

  test('does nothing that takes away unless it is meant', async () => {
    const text = 'insert or replace into kept values (1)';
    sql('create table kept (a integer primary key); insert into kept values (1)');
    expect(await apply(`create table fresh (a int);\n${text}`)).toMatchObject({ code: 2, text: expect.stringContaining('HYG-1093') });
    expect(sql('select name from sqlite_schema')).toEqual(['kept']);
    expect(await apply(text, '--allow-destructive')).toMatchObject({ code: 0 });
  });

  test('a file that is not there can not be applied', async () => {
    const absent = await hygge('apply', 'nowhere.sql', '--connection', 's');
    expect(absent).toMatchObject({ code: 2, text: expect.stringContaining('HYG-1096') });
  });
});
