import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PostgresSession } from '../../../src/databases/postgres/connect.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { postgresDatabase } from '../../support/postgres.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { committed, decided, loaded, onPostgres, openDatabase, staged } from './support.ts';

onPostgres('what a store asks of PostgreSQL', () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    for (const name of ['query', 'run', 'execute', 'describe'] as const) {
      const own = PostgresSession.prototype[name] as (this: PostgresSession, ...of: unknown[]) => Promise<never>;
      vi.spyOn(PostgresSession.prototype, name).mockImplementation(function (this: PostgresSession, ...of: unknown[]) {
        asked.push(String(of[0]));
        return own.apply(this, of);
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const schema: Schema = { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: false }] };
  const swap: Writing = { mode: 'swap', key: [], why: 'full_load' };

  test('goes in so many round trips and no more, and what only looks writes nothing', async () => {
    await using opened = await openDatabase();
    const during = async <T>(work: () => Promise<T>): Promise<{ readonly n: number; readonly writes: boolean; readonly answer: T }> => {
      asked.length = 0;
      const answer = await work();
      return { n: asked.length, writes: asked.some((sql) => sql.includes('READ WRITE')), answer };
    };
    const store = await opened.store();
    await loaded(store, { epoch: 1, schema, rows: [[1n]] });
    expect(await during(() => store.head())).toMatchObject({ n: 3, writes: false });
    expect(await during(() => store.inspect())).toMatchObject({ n: 9, writes: false });
    expect(await during(() => store.ddl?.({ schema, mode: 'swap', key: [], changes: [] }) ?? Promise.resolve([]))).toMatchObject({
      writes: false,
    });
    expect(await during(() => store.sweep({ lineage: 'none', before: 1 }))).toMatchObject({ n: 3, writes: false });
    expect(await during(() => staged(store, { epoch: 2, schema, rows: [[2n]] }))).toMatchObject({ n: 7, writes: true });
    const added = await decided(store, { epoch: 3, schema, rows: [[3n]] });
    expect(await during(() => committed(store, added))).toMatchObject({ n: 15, answer: { outcome: 'committed' } });
    const anew = { epoch: 4, schema, rows: [[4n]], supersede: { what: 'all', foreign: 'keep' }, writing: swap } as const;
    const { answer: full } = await during(() => decided(store, anew));
    // The old table is counted when the commit is prepared, and once more when nobody else can write to it.
    const counts = () => asked.filter((sql) => /count\(\*\) as n from "public"/.test(sql)).length;
    expect(counts()).toBe(1);
    expect(await during(() => committed(store, full))).toMatchObject({ n: 27, answer: { outcome: 'committed' } });
    expect(counts()).toBe(1);
  });

  test('in a whole run is asked once: an increment up, a full load and an increment down', async () => {
    await using db = await postgresDatabase();
    const pg = `type: postgres, host: ${db.host}, port: ${db.port}, database: ${db.database}, user: ${db.user}, password: "\${PG_SECRET}"`;
    const follows = 'run_type: incremental\nwatermark: { column: at }\n';
    using workspace = new TestWorkspace({
      'hygge.yml': `name: test\nconnections: { pg: { ${pg} } }\n`,
      'flows/up/flow.yml': `home: { type: parquet, path: in }\nstore: { connection: pg, table: up }\n${follows}`,
      'flows/full/flow.yml': `home: { type: parquet, path: in/1.parquet }\nstore: { connection: pg, table: all_of_it }\n`,
      'flows/down/flow.yml': `home: { connection: pg, table: up }\nstore: { type: parquet, path: out }\n${follows}`,
    });
    const found: Record<string, unknown> = {};
    for (const part of [1, 2, 3]) {
      await workspace.parquet(`in/${part}.parquet`, `select range as id, range as "at" from range(${part * 10}, ${part * 10 + 10})`);
      for (const flow of ['up', 'full', 'down']) {
        asked.length = 0;
        expect(await workspace.run(['go', '-f', flow], { env: { PG_SECRET: db.password } })).toMatchObject({ code: 0 });
        const own = asked.filter((sql) => sql.includes("c.relkind in ('r', 'p') where n.nspname")).length;
        const looks = asked.filter((sql) => sql.startsWith('SELECT * FROM')).length;
        found[flow] = { round_trips: asked.length, looks_for_own_tables: own, looks_at_the_source: looks };
      }
    }
    expect(found).toEqual({
      // One of them asks whether rows lie apart, which a file that is read again may have been the source of.
      up: { round_trips: 50, looks_for_own_tables: 3, looks_at_the_source: 0 },
      // Three of them compare what was staged with what was read, in a transaction of their own.
      full: { round_trips: 65, looks_for_own_tables: 3, looks_at_the_source: 0 },
      // One of them asks whether a subscription fills the table.
      down: { round_trips: 50, looks_for_own_tables: 0, looks_at_the_source: 2 },
    });
  });

  test('that its own tables are there is not believed for longer than they are', async () => {
    await using opened = await openDatabase();
    const store = await opened.store();
    await loaded(store, { epoch: 1, schema, rows: [[1n]] });
    await opened.db.sql('drop schema hygge_metadata, hygge_staging cascade');
    expect(await store.head()).toBeNull();
    expect(await store.inspect()).toMatchObject({ done: { content: 'foreign' } });
    await loaded(store, { epoch: 2, schema, rows: [[2n]] });
    await opened.db.sql('drop schema hygge_metadata, hygge_staging cascade');
    await expect(staged(store, { epoch: 3, schema, rows: [[3n]] })).rejects.toMatchObject({ code: 'HYG-4204' });
    expect(await staged(store, { epoch: 3, schema, rows: [[3n]] })).toMatchObject([{ rows: 1 }]);
  });
});
