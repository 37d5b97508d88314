import { describe, expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const errors = async (workspace: TestWorkspace, ...args: readonly string[]) =>
  (await here(workspace, ...args)).events.filter(({ event }) => event === 'error');

describe('flows into DuckDB', () => {
  test('merge by key, follow new columns, and replace a table that people have bound things to', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace({
      'hygge.yml': `name: test\nconnections: { d: { type: duckdb, path: ${file.path} } }`,
      'flows/f/flow.yml': `home: { connection: d, table: src }
store: { connection: d, table: main.t }
run_type: incremental
watermark: { column: w, key: [id] }
schema: { mode: adapt }
entities: [t]`,
    });
    await file.sql(`create table src as select i::int as id, 'n' || i as n, 1 as w from range(5000) r(i)`);
    expect(await errors(workspace, 'go')).toEqual([]);
    await file.sql(
      `alter table src add column extra decimal(5,2)`,
      `update src set w = 2, n = 'new', extra = 1.25 where id < 10`,
      `insert into src values (9999, 'last', 2, 2.5)`,
      `create view v as select count(*)::int as n from t`,
      `create index ix on t (n)`,
      `comment on table t is 'kept'`,
    );
    expect(await errors(workspace, 'go')).toEqual([]);
    const same = 'select id, n, w, extra from src except all select id, n, w, extra from t';
    expect(await file.sql(same)).toEqual([]);
    expect(await file.sql(`delete from src where id >= 100`, `from v`)).toEqual([{ n: 5001 }]);
    expect(await errors(workspace, 'go', '--full-drop')).toEqual([]);
    expect(await file.sql(same)).toEqual([]);
    expect(await file.sql('from v')).toEqual([{ n: 100 }]);
    expect(await file.sql(`select comment from duckdb_tables() where table_name = 't'`)).toEqual([{ comment: 'kept' }]);
    expect(await file.sql(`select count(*)::int as n from duckdb_indexes()`)).toEqual([{ n: 1 }]);
    // Without the index another table takes its place.
    await file.sql('drop index ix');
    expect(await errors(workspace, 'go', '--full-drop')).toEqual([]);
    expect(await file.sql('from v')).toEqual([{ n: 100 }]);
    expect(await file.sql(`select comment from duckdb_tables() where table_name = 't'`)).toEqual([{ comment: 'kept' }]);
    expect(
      await file.sql(`select count(*)::int as n from duckdb_tables() where schema_name = 'hygge_staging' or table_name like 'hygge_%'`),
    ).toEqual([{ n: 0 }]);
  });

  test('keep values in their columns, though these are called as the places of others are on the way', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace();
    await workspace.parquet('in/t.parquet', `select 'a' as id, 'b' as c0, 'c' as c3, 'd' as c1`);
    workspace.write({
      'flows/f/flow.yml': `home: "in/{entity}.parquet"\nstore: { type: duckdb, path: ${file.path}, table: "{entity}" }\nentities: [t]`,
      'flows/g/flow.yml': `home: { type: duckdb, path: ${file.path}, table: t }\nstore: { path: back, format: parquet }\nentities: [t]`,
    });
    expect(await errors(workspace, 'go', '-f', 'f')).toEqual([]);
    expect(await errors(workspace, 'go', '-f', 'g')).toEqual([]);
    for (const there of ['t', `read_parquet('${workspace.root}/back/t/*.parquet')`])
      expect(await file.sql(`select * from ${there}`)).toEqual([{ id: 'a', c0: 'b', c3: 'c', c1: 'd' }]);
  });

  test('take a table of more columns than there is memory for by default, and are told what would be enough', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace();
    const columns = Array.from({ length: 350 }, (_, n) => `'text ' || i || ' of ${n}' as t${n}`);
    await workspace.parquet('in/t.parquet', `select ${columns.join(', ')} from range(2) r(i)`);
    const into = (table: string, more = '') =>
      `home: "in/{entity}.parquet"\nstore: { type: duckdb, path: ${file.path}, table: ${table}${more} }\nentities: [t]`;
    workspace.write({ 'flows/f/flow.yml': into('t'), 'flows/g/flow.yml': into('other', ', memory_limit: 30MB') });
    expect(await errors(workspace, 'go', '-f', 'f')).toEqual([]);
    const rows = (from: string) => file.sql(`select md5(string_agg(t::varchar, '|' order by t0)) as all_of_it from ${from} t`);
    expect(await rows('t')).toEqual(await rows(`read_parquet('${workspace.root}/in/t.parquet')`));
    // What somebody has written is held to.
    expect(await errors(workspace, 'go', '-f', 'g')).toMatchObject([
      { code: 'HYG-4206', tryThis: expect.arrayContaining([expect.stringContaining('1.25 MB for each column')]) },
    ]);
    workspace.write({ 'flows/g/flow.yml': into('other', ', memory_limit: 600MB') });
    expect(await errors(workspace, 'go', '-f', 'g', '--take-over')).toEqual([]);
  });

  test('write many tables at once, and need a file', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace();
    const names = Array.from({ length: 3 }, (_, n) => `e${n}`);
    for (const name of names) await workspace.parquet(`in/${name}.parquet`, `select i as id from range(1000) r(i)`);
    workspace.write({
      'flows/f/flow.yml': `home: "in/{entity}.parquet"\nstore: { type: duckdb, path: ${file.path}, table: "{entity}" }\nentities: [${names.join(', ')}]`,
    });
    expect(await errors(workspace, 'go')).toEqual([]);
    for (const name of names) expect(await file.sql(`select count(*)::int as n from ${name}`)).toEqual([{ n: 1000 }]);
    workspace.write({ 'flows/f/flow.yml': 'home: "in/{entity}.parquet"\nstore: { type: duckdb, table: t }\nentities: [e1]' });
    const { code, stderr } = await inProcess(['go'], workspace.root, {});
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('→ Add `path: …`') });
  });

  test.each([
    ['duckdb', ':memory:', 1, 'home: in/{entity}.csv\nstore: { type: duckdb, path: ":memory:", table: t }'],
    ['sqlite', 'file:a?mode=memory', 0, 'home: { type: sqlite, path: "file:a?mode=memory", table: t }\nstore: out'],
  ])('%s with the path %j has no file: that is told with its line, and what to write', async (_, path, line, sides) => {
    const flow = (of: string) => ({ 'flows/f/flow.yml': `${of}\nentities: [e]\n` });
    using workspace = new TestWorkspace({ 'in/e.csv': 'id\n1\n', ...flow(sides) });
    const { code, stderr } = await inProcess(['go'], workspace.root, {});
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/HYG-1\d{3}/) });
    expect(stderr).toContain(`flows/f/flow.yml:${line + 1}`);
    expect(stderr).toContain('A file, such as data/');
    if (line === 0) return;
    workspace.write(flow(sides.replace(path, 'data/it.db')));
    expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
  });

  test('read files by a query without any file of their own', async () => {
    using workspace = new TestWorkspace({
      'in/a.csv': 'id\n1\n',
      'flows/f/flow.yml': `home: { type: duckdb, path: ":memory:", query: "select * from 'in/a.csv'" }\nstore: out\nentities: [e]\n`,
    });
    expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
    workspace.write({
      'flows/f/flow.yml': `home: { type: duckdb, path: ":Memory:", query: "select 1 as a" }\nstore: out\nentities: [e]\n`,
    });
    const { code, stderr } = await inProcess(['go'], workspace.root, {});
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('or leave out path for a query over files') });
  });
});
