import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { cleared, type Opened, onPostgres, openDatabase } from './support.ts';

onPostgres('schema_overrides with PostgreSQL', () => {
  let opened: Opened;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    opened = await openDatabase();
  });
  beforeEach(async () => {
    await cleared(opened.db);
    workspace = new TestWorkspace({ 'in/.keep': '' });
  });
  afterEach(() => workspace[Symbol.dispose]());
  afterAll(() => opened[Symbol.asyncDispose]());

  const flow = (overrides: string, more = '', sides = 'home: in\nstore: { type: postgres, connection: pg, table: t }\n') => {
    const { host, port, database, user } = opened.db;
    workspace.write({
      'hygge.yml': `name: w\nconnections:\n  pg: { type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}" }\n`,
      'flows/f/flow.yml': `${sides}schema_overrides: ${overrides}\n${more}`,
    });
  };
  const source = (query: string) => duck(`copy (${query}) to '${workspace.path('in/a.parquet')}' (format parquet)`);
  const go = async (...args: readonly string[]) => {
    const run = await workspace.run(['go', '--output', 'json', ...args], { env: { PG_SECRET: opened.db.password } });
    const error = run.events.find((one) => one.event === 'error');
    const plan = run.events.findLast((one) => one.event === 'plan');
    return { code: run.code, error: error?.event === 'error' ? error : undefined, plan: plan?.event === 'plan' ? plan : undefined };
  };

  test('a text that is too long stops the run with its row, blanks at its end among it, where PostgreSQL would cut them', async () => {
    await source(`select range as id, case when range = 3 then 'abc   ' else 'abcde' end as code from range(10)`);
    flow('{ code: varchar(5) }');
    const { error } = await go();
    expect(error).toMatchObject({ code: 'HYG-2023', what: expect.stringContaining("can't settle as character varying(5)") });
    expect(error?.why.join(' ')).toMatch(/row 4 of 10.*id "3"/);
    expect(await opened.db.sql(`select count(*) as n from pg_tables where tablename = 't'`)).toEqual([{ n: '0' }]);
  });
});
