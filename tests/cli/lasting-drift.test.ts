import { describe, expect, it } from 'vitest';
import { here } from '../support/here.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

const gone = 'fax';

describe('a run that has nothing to do', () => {
  it.each([
    ['a column that is gone', '', ['alter table t drop column fax'], gone],
    ['a column that is left out', 'schema_evolution: { add_columns: warn }\n', ['alter table t add column email text'], 'email'],
  ])('warns of %s, each time, until it is otherwise', async (_, policy, alter, column) => {
    using source = new SqliteTestFile();
    source.sql('create table t (id integer primary key, fax text)', `insert into t values (1, 'a'), (2, 'b')`);
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${JSON.stringify(source.path)}, table: t }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\n${policy}`,
    });
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1 });
    expect((await here(workspace, 'go')).summary).toMatchObject({ skip: 1, warn: 0 });
    source.sql(...alter);
    for (const said of ['', 'nothing new.*', 'nothing new.*']) {
      const run = await here(workspace, 'go');
      expect(run.code).toBe(0);
      expect(run.summary).toMatchObject({ skip: 0, warn: 1 });
      expect(run.events.find(({ event }) => event === 'entity_done')).toMatchObject({
        status: 'warn',
        rows: 0,
        message: expect.stringMatching(new RegExp(`${said}column ${column}`, 's')),
      });
    }
    source.sql('insert into t (id) values (3)');
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 1 });
    expect((await here(workspace, 'go')).summary, 'and after it').toMatchObject({ warn: 1, skip: 0 });
    source.sql(column === gone ? 'alter table t add column fax text' : 'alter table t drop column email');
    await here(workspace, 'go');
    expect((await here(workspace, 'go')).summary, 'it is otherwise').toMatchObject({ warn: 0, skip: 1 });
  });
});
