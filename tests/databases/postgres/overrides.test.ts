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
  const types = () =>
    opened.db.sql(
      `select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) as t from pg_attribute a where a.attrelid = 't'::regclass and a.attnum > 0 and not attisdropped`,
    );

  test("columns are made in hygge's words and in PostgreSQL's own, and stay so over full loads", async () => {
    await source(
      `select range as id, '00' || range as code, (range / 4)::double as amount, timestamp_ns '2026-01-01 00:00:00' + to_seconds(range) as seen, '{"a": 1}' as doc from range(5000)`,
    );
    flow('{ id: numeric(20), code: varchar( 10 ), amount: "decimal(18,4)", seen: "timestamp[us]", doc: text }');
    const { code, plan } = await go();
    expect({ code, plan: plan?.schema.map((one) => `${one.name} ${one.store_type} ${one.fidelity}`) }).toEqual({
      code: 0,
      plan: [
        'id decimal(20,0) widened',
        'code character varying(10) checked',
        'amount decimal(18,4) checked',
        'seen timestamp[us] exact',
        'doc string exact',
      ],
    });
    const made = [{ t: 'id numeric(20,0), code character varying(10), amount numeric(18,4), seen timestamp without time zone, doc text' }];
    expect(await types()).toEqual(made);
    expect(await go()).toMatchObject({ code: 0, plan: { write: { mode: 'swap' }, drift: [] } });
    expect(await types()).toEqual(made);
    expect(
      await opened.db.sql(
        `select count(*) as n, sum(amount)::text as sum, max(seen)::text as seen, count(*) filter (where code = '00' || id) as same from t`,
      ),
    ).toEqual([{ n: '5000', sum: '3124375.0000', seen: '2026-01-01 01:23:19', same: '5000' }]);
  });

  test('a text that is too long stops the run with its row, blanks at its end among it, where PostgreSQL would cut them', async () => {
    await source(`select range as id, case when range = 3 then 'abc   ' else 'abcde' end as code from range(10)`);
    flow('{ code: varchar(5) }');
    const { error } = await go();
    expect(error).toMatchObject({ code: 'HYG-2023', what: expect.stringContaining("can't settle as character varying(5)") });
    expect(error?.why.join(' ')).toMatch(/row 4 of 10.*id "3"/);
    expect(await opened.db.sql(`select count(*) as n from pg_tables where tablename = 't'`)).toEqual([{ n: '0' }]);
  });

  test('nanoseconds settle as microseconds, in increments and a backfill, unless one of them would be cut', async () => {
    const rows = (n: number, odd = 0) =>
      source(
        `select range as id, make_timestamp_ns(1767225600000000000 + range * 1000000000 + case when range = ${n - 1} then ${odd} else 0 end) as seen from range(${n})`,
      );
    const incremental = 'run_type: incremental\nwatermark: { column: seen }\n';
    await rows(1000);
    flow('{ seen: "timestamp[us]" }', incremental);
    expect((await go()).code).toBe(0);
    await rows(1500);
    expect((await go()).code).toBe(0);
    const n = () => opened.db.sql('select count(*) as n, count(distinct id) as ids from t');
    expect(await n()).toEqual([{ n: '1500', ids: '1500' }]);
    const backfill = await workspace.run(['backfill', 'f.f', '--from', '2026-01-01', '--to', '2026-01-01T00:10:00'], {
      env: { PG_SECRET: opened.db.password },
    });
    expect(backfill.code).toBe(0);
    expect(await n()).toEqual([{ n: '1500', ids: '1500' }]);
    await rows(1600, 1);
    expect((await go()).error).toMatchObject({ code: 'HYG-2023' });
    expect(await n()).toEqual([{ n: '1500', ids: '1500' }]);
  });
});
