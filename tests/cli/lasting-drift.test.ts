import { describe, expect, it } from 'vitest';
import { here } from '../support/here.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

describe('a run that has nothing to do', () => {
  it('warns of a column that is gone, each time, until it is back', async () => {
    using source = new SqliteTestFile();
    source.sql('create table t (id integer primary key, fax text)', `insert into t values (1, 'a'), (2, 'b')`);
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${JSON.stringify(source.path)}, table: t }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\n`,
    });
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1 });
    expect((await here(workspace, 'go')).summary).toMatchObject({ skip: 1, warn: 0 });
    source.sql('alter table t drop column fax');
    for (const said of ['', 'nothing new.*', 'nothing new.*']) {
      const run = await here(workspace, 'go');
      expect(run.code).toBe(0);
      expect(run.summary).toMatchObject({ skip: 0, warn: 1 });
      expect(run.events.find(({ event }) => event === 'entity_done')).toMatchObject({
        status: 'warn',
        rows: 0,
        message: expect.stringMatching(new RegExp(`${said}column fax`, 's')),
      });
    }
    source.sql('insert into t (id) values (3)');
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 1 });
    expect((await here(workspace, 'go')).summary, 'and after it').toMatchObject({ warn: 1, skip: 0 });
    source.sql('alter table t add column fax text');
    await here(workspace, 'go');
    expect((await here(workspace, 'go')).summary, 'it is otherwise').toMatchObject({ warn: 0, skip: 1 });
  });
});
