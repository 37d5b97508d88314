import { expect, test } from 'vitest';
import { onPostgres, ownDatabase, ownWorkspace } from './support.ts';

onPostgres('schema_overrides with PostgreSQL', () => {
  const opened = ownDatabase();
  const own = ownWorkspace(opened);

  test('a text that is too long stops the run with its row, blanks at its end among it, where PostgreSQL would cut them', async () => {
    own.workspace.write({
      'flows/f/flow.yml': 'home: in\nstore: { type: postgres, connection: pg, table: t }\nschema_overrides: { code: varchar(5) }\n',
    });
    await own.workspace.parquet(
      'in/a.parquet',
      `select range as id, case when range = 3 then 'abc   ' else 'abcde' end as code from range(10)`,
    );
    const { events } = await own.hygge('go', '--output', 'json');
    const error = events.find((one) => one.event === 'error');
    expect(error).toMatchObject({ code: 'HYG-2023', what: expect.stringContaining("can't settle as character varying(5)") });
    expect(error?.event === 'error' ? error.why.join(' ') : '').toMatch(/row 4 of 10.*id "3"/);
    expect(await opened.db.sql(`select count(*) as n from pg_tables where tablename = 't'`)).toEqual([{ n: '0' }]);
  });
});
