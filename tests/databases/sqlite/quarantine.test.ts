import { readFileSync, renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

test('rows in quarantine follow an entity that is renamed, and go with the next full load of it', async () => {
  using file = new SqliteTestFile();
  using workspace = new TestWorkspace({
    'flows/old/flow.yml': `home: { path: in/a.csv, types: { id: int64 }, bad_rows: quarantine }\nstore: { type: sqlite, path: ${file.path}, table: e }\n`,
    'in/a.csv': 'id,name\n1,a\ntwo,b\n',
  });
  const apart = () => file.sql('select entity, count(*) as n from hygge_metadata_rejected group by entity');
  expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
  expect(apart()).toEqual([{ entity: 'old', n: 1n }]);
  renameSync(workspace.path('flows/old'), workspace.path('flows/new'));
  expect((await workspace.run(['state', 'mv', 'old.old', 'new.new'])).code).toBe(0);
  expect(apart()).toEqual([{ entity: 'new', n: 1n }]);
  expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
  expect(apart()).toEqual([{ entity: 'new', n: 1n }]);
});

/** A table of which a row at the watermark can't be read, and a folder or a table that it goes to. */
function badAtTheWatermark(file: SqliteTestFile, store: 'a lake' | 'a database') {
  const to = store === 'a lake' ? '{ path: lake/ }' : `{ type: sqlite, path: ${file.path}, table: settled }`;
  file.sql('create table t (id integer, at integer)');
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { type: sqlite, path: ${file.path}, table: t, bad_rows: quarantine }\nstore: ${to}\nrun_type: incremental\nwatermark: { column: at }\n`,
  });
  const apart = (): number => {
    if (store === 'a database') return Number(file.sql('select count(*) as n from hygge_metadata_rejected')[0]?.n);
    const head = JSON.parse(readFileSync(workspace.path('lake/_hygge/f/f/current.json'), 'utf8')) as {
      readonly quarantine?: readonly { readonly rows: number }[];
    };
    return (head.quarantine ?? []).reduce((sum, { rows }) => sum + rows, 0);
  };
  return { workspace, apart };
}

describe.each(['a lake', 'a database'] as const)('a row at the watermark that can not be read, on its way to %s', (store) => {
  test('lies in quarantine once, however many runs replace the open group', async () => {
    using file = new SqliteTestFile();
    const { workspace, apart } = badAtTheWatermark(file, store);
    using _ = workspace;
    file.sql("insert into t values (0, 1), ('one', 1), (1, 2), ('two', 2)");
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(apart()).toBe(2);
    for (const id of [4, 5]) {
      file.sql(`insert into t values (${id}, 2)`);
      expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
      expect(apart()).toBe(2);
    }
    // The group is replaced once more, and closed by what lies above it.
    file.sql("insert into t values (6, 2), (7, 3), ('three', 3)");
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(apart()).toBe(3);
    file.sql('insert into t values (8, 3)');
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(apart()).toBe(3);
  });

  test('joins the quarantine where nothing else of the group is new, and leaves it when it was corrected', async () => {
    using file = new SqliteTestFile();
    const { workspace, apart } = badAtTheWatermark(file, store);
    using _ = workspace;
    file.sql('insert into t values (1, 1), (2, 2)');
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    file.sql("insert into t values ('two', 2)");
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(apart()).toBe(1);
    file.sql("insert into t values ('too', 2), (3, 3)");
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(apart()).toBe(2);
    file.sql("insert into t values ('three', 3)");
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(apart()).toBe(3);
    file.sql("update t set id = 33 where id = 'three'");
    const corrected = await here(workspace, 'go');
    expect(corrected).toMatchObject({ code: 0 });
    expect(apart()).toBe(2);
    expect(JSON.stringify(corrected.events)).not.toContain('left_quarantine');
  });
});
