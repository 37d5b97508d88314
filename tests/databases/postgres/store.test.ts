import { afterAll, beforeAll } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { sampled } from '../../support/samples.ts';
import { cleared, type Opened, onPostgres, openDatabase } from './support.ts';

onPostgres('the store of PostgreSQL', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openDatabase();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const { db } = opened;
    await cleared(db);
    const make = () => opened.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        const [there] = await db.sql(`select to_regclass('public.e') as name`);
        if (there?.name == null) return [];
        return (await db.sql(`select id::text || '@' || coalesce(mark::text, 'null') as row from e`)).map(({ row }) => row ?? '').sort();
      },
      async plantForeign(rows) {
        // What the engine's plan adds to a table that lacks it.
        const marked = of.markColumn === undefined ? '' : `, "${of.markColumn}" text`;
        await db.sql(`create table if not exists e (id bigint, mark bigint${marked})`);
        for (const { id, mark } of rows) await db.sql('insert into e (id, mark) values ($1, $2)', [id, mark]);
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  for (const of of sampled<{ readonly markColumn?: string }>([{}, { markColumn: 'Loaded By' }], 2))
    storeConformance(`a table in PostgreSQL${of.markColumn === undefined ? '' : ' with a column that marks our rows'}`, inTable(of));
});
