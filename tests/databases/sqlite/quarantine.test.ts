import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
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
