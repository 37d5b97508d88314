import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findConnector } from '../../../src/registry.ts';
import { boundOf, increments } from '../../support/late-rows.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { everything, postgresHomes } from '../../support/postgres-home.ts';
import { startPostgres } from '../../support/postgres-process.ts';

describe.skipIf(noPostgres() !== '')('rows of transactions that are open', () => {
  test.each([
    [
      'an identity below a view and a join',
      `create table "T t" (id bigint, at bigint generated always as identity (sequence name "S q" cache 20)); create table o (id bigint);
      create view t as select a.id, a.at from "T t" a left join o using (id)`,
    ],
    [
      'a default of a partitioned table',
      `create sequence "S q" cache 20; create table t (id bigint, at bigint default nextval('"S q"')) partition by range (id); create table t_1 partition of t default`,
    ],
  ])('of a sequence that gives numbers out in advance are told: %s', async (_, sql) => {
    await using db = await postgresDatabase();
    await db.sql(`${sql}; insert into ${sql.includes('"T t"') ? '"T t"' : 't'} (id) values (1)`);
    await using homes = postgresHomes(db);
    for (const config of [{ table: 't' }, { query: 'select * from t where id > 0' }]) {
      const { codes, warnings } = await boundOf(await homes.home(config), 'at');
      expect([codes, warnings[0]]).toEqual([['database.out_of_order'], expect.stringContaining('reserves 20 numbers of "S q" in advance')]);
    }
  });

  test('are not waited for where they only read for hygge', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table t (id bigint, at timestamptz not null default now()); insert into t values (1)');
    await using homes = postgresHomes(db, { safe_wait: '10m' });
    const reading = await homes.home({ table: 't' });
    await reading.plan(everything, { sliceBytes: 1 });
    expect((await boundOf(await homes.home({ table: 't' }), 'at')).warnings).toEqual([]);
  });
});

describe.skipIf(noPostgres() !== '')('the newest value', () => {
  const db = openedOnce(() => postgresDatabase());
  const newest = async (type: string, values: readonly string[], column = 'at') => {
    await db.sql(`drop table if exists t; create table t (at ${type})`);
    for (const value of values) await db.sql(`insert into t values (${value})`);
    await using homes = postgresHomes(db);
    const { upper, warnings } = await boundOf(
      await homes.home({ table: 't', decimals: type === 'numeric' ? 'decimal(20, 0)' : 'text' }),
      column,
    );
    return { text: upper?.text, warnings };
  };

  test.each([
    ['text', [`'B'`, `'a'`, `'ä'`], 'ä'],
    ['numeric(10,3)', ['9.5', '10.25'], '10.250'],
    ['date', [`'2024-02-29'`, `'infinity'`, `'2023-01-01'`], '2024-02-29'],
    ['timestamp', [`'2024-01-01 10:00:00.5'`, `'infinity'`], '2024-01-01T10:00:00.500000'],
    ['timestamptz', [`'2024-01-01 10:00:00.000001+02'`], '2024-01-01T08:00:00.000001Z'],
    ['int', ['null'], undefined],
  ])('of %s is in canonical text', async (type, values, text) => {
    expect((await newest(type, values)).text).toBe(text);
  });

  test('is never NaN, and rows that have it are told of', async () => {
    const { text, warnings } = await newest('numeric', ['7', `'NaN'`]);
    expect([text, warnings]).toEqual(['7', [expect.stringContaining('some rows have NaN or infinity in at')]]);
  });

  test('of a numeric has the digits that the home says, whatever those of its values, and is refused where they are too few', async () => {
    await db.sql('drop table if exists t; create table t (id int, at numeric); insert into t values (1, 5), (2, 1300.5)');
    await using homes = postgresHomes(db);
    const next = increments(() => homes.home({ table: 't', decimals: { at: 'decimal(38, 10)' } }), 'at');
    const ids = async () => {
      const { upper, rows } = await next();
      return [upper?.text, rows.map(({ id }) => id).sort()];
    };
    expect(await ids()).toEqual(['1300.5000000000', [1, 2]]);
    // The next run begins above the watermark, however it is spelt.
    await db.sql('insert into t values (3, 1300.50), (4, 1300.25), (5, 1300.75)');
    expect(await ids()).toEqual(['1300.7500000000', [5]]);
    await expect(boundOf(await homes.home({ table: 't', decimals: { at: 'decimal(38, 0)' } }), 'at')).rejects.toMatchObject({
      code: 'HYG-3508',
      what: expect.stringMatching(/1300\.75, does not fit decimal\(38, ?0\)/),
    });
  });

  test.each(['numeric', 'inet'])('of %s, which is read as text, is refused', async (type) => {
    await db.sql(`drop table if exists t; create table t (at ${type})`);
    await using homes = postgresHomes(db);
    await expect(boundOf(await homes.home({ table: 't' }), 'at')).rejects.toMatchObject({ code: 'HYG-3508' });
  });
});

describe.skipIf(noPostgres() !== '')('rows whose transactions are not seen where they are read', () => {
  const db = openedOnce(() => postgresDatabase());
  beforeAll(async () => {
    const table = `create table t (id bigint, at timestamptz not null); insert into t values (11, '2024-01-01Z')`;
    await db.sql(`${table}; ${far()}; create materialized view "M v" as select * from t`);
  });
  const far = () => `create extension postgres_fdw;
    create server far foreign data wrapper postgres_fdw options (host '${db.host}', port '${db.port}', dbname '${db.database}');
    create user mapping for current_user server far options (user '${db.user}', password '${db.password}');
    create foreign table f (id bigint, at timestamptz) server far options (table_name 't')`;
  const elsewhere = expect.stringContaining('has rows of another server');
  const refreshed = expect.stringContaining('The materialized view');

  test.each([
    ['a foreign table', '', { table: 'f' }, elsewhere],
    ['a view of one', 'create view v as select id, at from f where id > 0', { table: 'v' }, elsewhere],
    ['a query of one', '', { query: 'select f.* from f join t using (id)' }, elsewhere],
    [
      'a partition that is one',
      `create table p (id bigint, at timestamptz) partition by range (id); create table p_1 partition of p for values from (0) to (10);
      create foreign table p_2 partition of p for values from (10) to (20) server far options (table_name 't')`,
      { table: 'p' },
      elsewhere,
    ],
    ['a materialized view', '', { table: '"M v"' }, refreshed],
    ['a view of one', 'create view w as select * from "M v"', { table: 'w' }, refreshed],
  ])('are told before any is missed: %s', async (_, sql, config, why) => {
    await db.sql(sql);
    await using homes = postgresHomes(db);
    const home = await homes.home(config);
    const bound = async (lagMs: number, from = home) => from.bound({ column: 'at', lagMs, future: 'wait' });
    await expect(bound(0)).rejects.toMatchObject({
      code: 'HYG-3547',
      why: [why],
      tryThis: [expect.any(String), expect.stringContaining('lag'), expect.any(String)],
    });
    const side = (await findConnector('postgres'))?.home;
    const { host, port, user, password, database } = db;
    const keys = side?.config.parse({ host, port, user, password, database, ...config });
    const findings = await side?.probe?.(keys as never, homes.opening);
    expect(findings?.at(-1)).toEqual({ ok: true, what: expect.stringMatching(/: an incremental run by a watermark needs a lag$/) });
    expect(await bound(60_000)).toMatchObject({ done: { text: '2024-01-01T00:00:00.000000Z' } });
    const atOnce = await homes.home({ ...config, safe_wait: '0s' });
    expect(await bound(0, atOnce)).toMatchObject({ warnings: [{ code: 'database.transactions_unseen' }] });
  });
});

describe.skipIf(noPostgres() !== '')('rows that a subscription brings', () => {
  test('are told before any is missed, also of a partition and below a view', async () => {
    await using server = await startPostgres({ conf: ['wal_level = logical'] });
    await using publisher = await postgresDatabase(server);
    await using db = await postgresDatabase(server);
    const tables = `create table t (id bigint primary key, at timestamptz not null default now());
      create table p (id bigint primary key, at timestamptz not null default now()) partition by range (id);
      create table p_1 partition of p default; create table own (id bigint, at timestamptz not null default now())`;
    await publisher.sql(
      `${tables}; create publication a for table t; create publication b for table p with (publish_via_partition_root = true)`,
    );
    await publisher.sql(`select pg_create_logical_replication_slot('s', 'pgoutput')`);
    await db.sql(`${tables}; create view v as select * from t where id > 0; insert into own (id) values (1)`);
    const conninfo = `host=${server.host} port=${server.port} dbname=${publisher.database} user=${server.user} password=${server.password}`;
    await db.sql(
      `create subscription s connection '${conninfo}' publication a, b with (create_slot = false, slot_name = 's', copy_data = false)`,
    );
    const [late, early] = [await publisher.client(), await publisher.client()];
    await late.query('begin; insert into t values (1); insert into p values (1)');
    await early.query('begin; insert into t values (2); insert into p values (2); commit');
    while ((await db.sql('select id from t union all select id from p')).length < 2) await wait(10);
    await using homes = postgresHomes(db);
    for (const table of ['t', 'p', 'v']) {
      const home = await homes.home({ table });
      await expect(boundOf(home, 'at'), table).rejects.toMatchObject({
        code: 'HYG-3547',
        why: [expect.stringContaining('A subscription fills')],
      });
      expect((await boundOf(home, 'at', 600_000)).upper, table).toBeUndefined();
    }
    expect((await boundOf(await homes.home({ table: 'own' }), 'at')).codes).toEqual([]);
    await late.query('commit');
    await Promise.all([late.end(), early.end()]);
    await db.sql('alter subscription s disable; alter subscription s set (slot_name = none); drop subscription s');
    await publisher.sql(`select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null`);
    while ((await publisher.sql('select 1 as n from pg_replication_slots where active')).length > 0) await wait(10);
    await publisher.sql(`select pg_drop_replication_slot('s')`);
  });
});
