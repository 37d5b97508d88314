import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, noPostgresTools, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type PostgresProcess, startPostgres } from '../../support/postgres-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** Streams what the primary does, without being waited for. */
describe.skipIf(noPostgres() !== '' || noPostgresTools() !== '')('a standby', () => {
  let primary: PostgresProcess;
  let standby: PostgresProcess;
  let db: TestDatabase;
  let copy: TestDatabase;
  beforeAll(async () => {
    primary = await startPostgres({ conf: ['track_commit_timestamp = on', 'synchronous_commit = on'] });
    db = await postgresDatabase(primary);
    standby = await startPostgres({ follows: primary });
    copy = await postgresDatabase(standby, db.database);
  });
  afterAll(async () => {
    for (const one of [copy, db, standby, primary]) await one?.[Symbol.asyncDispose]();
  });

  async function replayed(): Promise<void> {
    const [now] = await db.sql('select pg_current_wal_flush_lsn() as lsn');
    for (;;) {
      const [row] = await copy.sql('select pg_last_wal_replay_lsn() >= $1::pg_lsn as done', [now?.lsn]);
      if (row?.done === 't') return;
      await wait(10);
    }
  }

  test('that is promoted without the last commits stops the next run, which says so and changes nothing, and is loaded again when it is told to', async () => {
    const pg = `{ type: postgres, host: ["127.0.0.1:${primary.port}", "127.0.0.1:${standby.port}"], target: primary, database: ${db.database}, user: ${db.user}, password: "\${PG_SECRET}" }`;
    const flow = (more: string) => `home: { type: parquet, path: in }\nstore: { connection: pg }\n${more}`;
    // Another test may have left it paused.
    await copy.sql('select pg_wal_replay_resume()');
    using workspace = new TestWorkspace({
      'hygge.yml': `name: test\nconnections: { pg: ${pg} }\noptions: { continue_on_error: true }\n`,
      'flows/adds/flow.yml': flow('run_type: incremental\nwatermark: { column: id }\n'),
      'flows/merges/flow.yml': flow('run_type: incremental\nwatermark: { column: id, key: [id] }\n'),
      'flows/swaps/flow.yml': flow(''),
    });
    const hygge = (...args: readonly string[]) => workspace.run(args, { env: { PG_SECRET: db.password } });
    const tables = ['adds', 'merges', 'swaps'];
    const counts = async (of: TestDatabase) => {
      const [row] = await of.sql(`select ${tables.map((table) => `(select count(*) from ${table}) as ${table}`).join(', ')}`);
      return tables.map((table) => Number(row?.[table]));
    };
    await workspace.parquet('in/1.parquet', 'select range as id from range(100)');
    expect(await hygge('go')).toMatchObject({ code: 0 });
    await replayed();
    await copy.sql(`alter system set primary_conninfo = ''`);
    await copy.sql('select pg_reload_conf()');
    while ((await copy.sql('select 1 from pg_stat_wal_receiver')).length > 0) await wait(10);
    await workspace.parquet('in/2.parquet', 'select range as id from range(100, 200)');
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(await counts(db)).toEqual([200, 200, 200]);
    await primary.kill();
    await standby.promote();
    expect(await counts(copy)).toEqual([100, 100, 100]);

    await workspace.parquet('in/3.parquet', 'select range as id from range(200, 300)');
    const stopped = await hygge('go', '--output', 'json');
    expect(stopped.code).toBe(1);
    const codes = stopped.events.flatMap((event) => (event.event === 'entity_done' ? [event.error?.code ?? event.status] : []));
    expect(codes).toEqual(['HYG-2003', 'HYG-2003', 'HYG-2003']);
    expect(await counts(copy)).toEqual([100, 100, 100]);

    for (const name of tables) expect(await hygge('reset', `${name}.${name}`, '--yes')).toMatchObject({ code: 0 });
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(await counts(copy)).toEqual([300, 300, 300]);
  });
});
