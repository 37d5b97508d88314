import { describe, expect, test } from 'vitest';
import type { Home, Window } from '../../../src/engine/contracts/home.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { everything, framesIn, framesOf, postgresHomes, rowsOf, slicesOf } from '../../support/postgres-home.ts';

const ids = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; what: string; why: readonly string[]; tryThis: readonly string[] }> {
  return work.then(
    () => {
      throw new Error('it was not refused');
    },
    (error) => error,
  );
}

const describeOf = async (home: Home) => {
  const step = await home.describe();
  if (!('done' in step)) throw new Error('no answer');
  return step.done;
};

describe.skipIf(noPostgres() !== '')('a table that is large', () => {
  const large = async (db: TestDatabase, rows: number) => {
    await db.sql(
      `create table t (id int primary key, filler text, n int); insert into t select i, repeat('x', 200), 0 from generate_series(1, ${rows}) i; analyze t`,
    );
  };

  test('is cut by its places under one snapshot: rows that are updated meanwhile are there once each, as they were', async () => {
    await using db = await postgresDatabase();
    await large(db, 8_000);
    await using homes = postgresHomes(db);
    const home = await homes.home({ table: 't' });
    const slices = await slicesOf(home, everything, 250_000);
    expect(slices.length).toBeGreaterThan(5);
    const rows: Readonly<Record<string, unknown>>[] = [];
    for (const [n, slice] of slices.entries()) {
      await db.sql(
        `update t set n = n + 1 where id % 7 = ${n % 7}; delete from t where id = ${n * 100 + 1}; insert into t values (${100_000 + n}, '', 0)`,
      );
      rows.push(...(await rowsOf(framesIn(home, slice))));
    }
    expect(ids(rows)).toEqual(upTo(8_000));
    expect(new Set(rows.map(({ n }) => n))).toEqual(new Set([0]));
  });

  test('keeps its name and its partitions while it is read, and one that is attached meanwhile is not of what was planned', async () => {
    await using db = await postgresDatabase();
    await db.sql(`create table p (id int, at int) partition by range (id); create table p_1 partition of p for values from (0) to (100);
      create table p_2 partition of p for values from (100) to (200); insert into p select i, i from generate_series(0, 199) i;
      create table t as table p; analyze p; analyze t; create table later (id int, at int); insert into later values (250, 250)`);
    for (const table of ['p', 't']) {
      await using homes = postgresHomes(db, { pool_size: 3 });
      const home = await homes.home({ table });
      await home.describe();
      const slices = await slicesOf(home, everything, 500);
      expect(slices.length).toBe(table === 'p' ? 2 : 1);
      const client = await db.client();
      await client.query(`set lock_timeout = '100ms'; set statement_timeout = '300ms'`);
      const others = [
        'alter table t rename to o',
        'alter table p detach partition p_1',
        'alter table p detach partition p_2 concurrently',
        'drop table p_1',
        'truncate t',
      ];
      for (const one of others.filter((sql) => (table === 'p' ? /p_/.test(sql) : /\bt\b/.test(sql)))) {
        await expect(client.query(one)).rejects.toMatchObject({ code: expect.stringMatching(/^(55P03|57014)$/) });
      }
      if (table === 'p') await client.query('alter table p attach partition later for values from (200) to (300)');
      await client.end();
      const rows: number[] = [];
      for (const slice of slices) for (const { id } of await rowsOf(framesIn(home, slice))) rows.push(Number(id));
      expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    }
  });

  test('is cut by its key where each slice is read by itself, in a table of any order', async () => {
    await using db = await postgresDatabase();
    for (const [type, value] of [
      ['text', `'k' || i`],
      ['timestamptz', `timestamptz '2020-01-01' + i * interval '1 minute'`],
    ] as const) {
      await db.sql(`drop table if exists k; create table k (key ${type} primary key, id int, filler text)`);
      await db.sql(`insert into k select ${value}, i, repeat('x', 200) from generate_series(1, 3000) i order by random(); analyze k`);
      await using homes = postgresHomes(db);
      const slices = await slicesOf(await homes.home({ table: 'k' }, 'anywhere'), everything, 150_000);
      expect([type, slices.length > 2]).toEqual([type, true]);
      const rows = [];
      // Another process reads them.
      for (const slice of slices) rows.push(...(await rowsOf(framesIn(await homes.home({ table: 'k' }, 'anywhere'), slice))));
      expect(ids(rows)).toEqual(upTo(3_000));
    }
  });

  test('is planned again as often as it has to be: plans before hold no connection', async () => {
    await using db = await postgresDatabase();
    await large(db, 1_000);
    await using homes = postgresHomes(db, { pool_size: 2 });
    const before = await homes.home({ table: 't' });
    const [slice] = await slicesOf(before);
    for (let n = 0; n < 3; n++) await slicesOf(await homes.home({ table: 't' }));
    expect(ids(await rowsOf(framesOf(await homes.home({ table: 't' }))))).toEqual(upTo(1_000));
    if (!slice) throw new Error('no slice');
    expect((await refusal(rowsOf(framesIn(before, slice)))).code).toBe('HYG-3595');
  });

  test('is one slice where the window holds few of its rows', async () => {
    await using db = await postgresDatabase();
    await large(db, 8_000);
    await using homes = postgresHomes(db);
    const column = { column: 'id', type: { kind: 'int32' } } as const;
    const window: Window = { ...everything, column, nulls: 'exclude', lower: { text: '7990', inclusive: false } };
    const home = await homes.home({ table: 't' });
    expect(await slicesOf(home, window, 500_000)).toHaveLength(1);
    expect(ids(await rowsOf(framesOf(home, window)))).toEqual(upTo(8_000).slice(-10));
  });
});

describe.skipIf(noPostgres() !== '')('what is read', () => {
  test('may be a materialized view, and a table of another server', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table t as select i as id from generate_series(1, 10) i; create materialized view m as select * from t');
    await using homes = postgresHomes(db);
    expect(ids(await rowsOf(framesOf(await homes.home({ table: 'm' }))))).toEqual(upTo(10));
    await db.sql(`create extension postgres_fdw; create server s foreign data wrapper postgres_fdw options (host '${db.host}', port '${db.port}', dbname '${db.database}');
      create user mapping for current_user server s options (user '${db.user}', password '${db.password}'); create foreign table f (id int) server s options (table_name 't')`);
    for (const steps of ['here', 'anywhere'] as const)
      expect(ids(await rowsOf(framesOf(await homes.home({ table: 'f' }, steps))))).toEqual(upTo(10));
  });
});

describe.skipIf(noPostgres() !== '')('what can not be read is told with what to do', () => {
  const asked = async (db: TestDatabase, config: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) => {
    await using homes = postgresHomes(db, more);
    return await refusal(rowsOf(framesOf(await homes.home(config))));
  };

  test('a table or column that is not there', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table orders (id int, updated_at date, total int)');
    const table = await asked(db, { table: 'Orders' });
    expect([table.code, table.tryThis[0]]).toEqual(['HYG-3501', 'There is public.orders: write the name exactly like this']);
    const column = await asked(db, { table: 'orders', columns: ['updatedat'] });
    expect([column.code, column.what]).toEqual(['HYG-3502', 'There is no column updatedat in public.orders. Did you mean updated_at?']);
    expect((await asked(db, { query: 'select 1 as id, 2 as id' })).code).toBe('HYG-3503');
    expect((await asked(db, { table: 'orders', where: 'is_actve' })).code).toBe('HYG-3511');
  });

  test('a table that the role may not read, or sees only in part', async () => {
    await using db = await postgresDatabase();
    const role = `reader_${db.database}`;
    await db.sql(`create table orders (id int); create role ${role} login password 'r'`);
    const who = { user: role, password: 'r' };
    const denied = await asked(db, { table: 'orders' }, who);
    expect([denied.code, denied.tryThis[0]]).toEqual(['HYG-3507', 'GRANT SELECT ON orders TO the role']);
    await db.sql(
      `grant select on orders to ${role}; alter table orders enable row level security; create policy p on orders using (id > 5)`,
    );
    expect((await asked(db, { table: 'orders' }, who)).code).toBe('HYG-3509');
    await db.sql(`drop owned by ${role}; drop role ${role}`);
  });

  test('a statement that takes longer than it may', async () => {
    await using db = await postgresDatabase();
    await db.sql(`alter database "${db.database}" set statement_timeout = '500ms'`);
    expect((await asked(db, { query: 'select pg_sleep(0.01)::text as id from generate_series(1, 1000)' })).code).toBe('HYG-3510');
  });

  test('a connection that is lost in the middle, or before the next statement, is tried again by the engine', async () => {
    await using db = await postgresDatabase();
    await db.sql(
      `create table orders (id int, filler text); insert into orders select i, repeat('x', 1000) from generate_series(1, 8000) i; analyze orders`,
    );
    const endAll = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await using homes = postgresHomes(db);
    const middle = async () => {
      for await (const _ of framesOf(await homes.home({ table: 'orders', batch_size: 100 }), everything)) await db.sql(endAll);
    };
    const lost = (await refusal(middle())) as unknown as { code: string; transient: boolean };
    expect([lost.code, lost.transient]).toEqual(['HYG-3506', true]);
    const home = await homes.home({ table: 'orders' });
    const [slice] = await slicesOf(home);
    if (!slice) throw new Error('no slice');
    await db.sql(endAll);
    expect(['HYG-3595', 'HYG-3506']).toContain((await refusal(rowsOf(framesIn(home, slice)))).code);
    // What lies dead in the pool is not used again.
    await db.sql(endAll);
    expect((await describeOf(await homes.home({ table: 'orders' }))).schema?.columns).toHaveLength(2);
  });

  test.each(['here', 'anywhere'] as const)(
    'a table that is emptied and filled again while a run waits for it is read as it was, as it is then, or not at all: %s',
    async (steps) => {
      await using db = await postgresDatabase();
      await db.sql('create table orders (id int, n int); insert into orders select i, i from generate_series(1, 1000) i');
      await using homes = postgresHomes(db);
      const [planned] = steps === 'here' ? [] : await slicesOf(await homes.home({ table: 'orders' }, steps));
      await using other = await db.client().then((client) => Object.assign(client, { [Symbol.asyncDispose]: () => client.end() }));
      await other.query('begin; truncate orders; insert into orders select i, -i from generate_series(1, 1000) i');
      const reading = homes.home({ table: 'orders' }, steps).then((home) => rowsOf(planned ? framesIn(home, planned) : framesOf(home)));
      const came = reading.then(
        (rows) => rows.length,
        ({ code }: { readonly code: string }) => code,
      );
      const waiting = `select count(*)::text as n from pg_locks where not granted and relation = 'orders'::regclass`;
      await expect.poll(async () => (await db.sql(waiting))[0]?.n).not.toBe('0');
      await other.query('commit');
      expect([1_000, 'HYG-3504']).toContain(await came);
    },
  );

  test('a table that was altered since it was planned', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table orders (id int, n int); insert into orders values (1, 2)');
    await using homes = postgresHomes(db);
    const [slice] = await slicesOf(await homes.home({ table: 'orders' }, 'anywhere'));
    if (!slice) throw new Error('no slice');
    await db.sql('alter table orders alter column n type real');
    expect((await refusal(rowsOf(framesIn(await homes.home({ table: 'orders' }, 'anywhere'), slice)))).code).toBe('HYG-3504');
  });
});
