import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** A merge by `id` of the files that are in `in/`. */
const merging = (file: DuckdbTestFile, limit = '200MB') => ({
  'flows/f/flow.yml': `home: in\nstore: { type: duckdb, path: ${file.path}, table: t, memory_limit: ${limit} }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nif_exists: append\n`,
});

describe('a merge into a table of DuckDB', () => {
  test('of more rows than memory_limit holds goes by the disk, and leaves nothing there', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace(merging(file));
    const rows = (at: number) => `select range as id, ${at} as "at", repeat(md5((range * ${at})::varchar), 16) as noise from range(30000)`;
    await workspace.parquet('in/1.parquet', rows(1));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    await workspace.parquet('in/2.parquet', rows(2));
    workspace.write(merging(file, '30MB'));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0, error: undefined });
    const [one, other] = ['from t', rows(2)];
    expect(await file.sql(`(${one} except all ${other}) union all (${other} except all ${one})`)).toEqual([]);
    expect(existsSync(`${file.path}.tmp`)).toBe(false);
  });

  test.each([
    ['with a constraint', []],
    ['with a column that is reckoned', []],
    ['with a column that is called as the places of rows are', ['alter table t add column rowid int']],
  ])('leaves columns of others and rows that it does not bring as they are: %s', async (what, bound) => {
    using file = new DuckdbTestFile();
    const reckoned = /reckoned/.test(what) ? ', twice bigint generated always as (id * 2)' : '';
    const unique = /constraint/.test(what) ? ' unique' : '';
    await file.sql(
      `create table t (id bigint, "at" integer, name varchar default 'd', note varchar${unique}${reckoned})`,
      `insert into t (id, "at", name, note) values (1, 1, 'a', 'n1'), (2, 1, 'b', 'n2'), (3, 1, 'c', 'n3'), (4, 1, null, 'n4')`,
      ...bound,
    );
    using workspace = new TestWorkspace(merging(file));
    await workspace.parquet('in/1.parquet', `select * from (values (2::bigint, 2, 'B'), (4, 2, 'D')) v(id, "at", name)`);
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(await file.sql('select id::int as id, "at", name, note from t order by note')).toEqual([
      { id: 1, at: 1, name: 'a', note: 'n1' },
      { id: 2, at: 2, name: 'B', note: 'n2' },
      { id: 3, at: 1, name: 'c', note: 'n3' },
      { id: 4, at: 2, name: 'D', note: 'n4' },
    ]);
    if (reckoned !== '') expect(await file.sql('select sum(twice)::int as s from t')).toEqual([{ s: 20 }]);
  });
});
