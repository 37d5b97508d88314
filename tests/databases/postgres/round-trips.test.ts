import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PostgresSession } from '../../../src/databases/postgres/connect.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Schema } from '../../../src/frames/schema.ts';
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
    expect(await during(() => store.table?.ddl({ schema, mode: 'swap', key: [], changes: [] }) ?? Promise.resolve([]))).toMatchObject({
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
