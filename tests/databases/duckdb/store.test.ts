import { afterAll, beforeAll, describe } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { sampled } from '../../support/samples.ts';
import { type OpenedStore, openStore } from './support.ts';

describe('the store of DuckDB', () => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await openStore();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    await opened.cleared();
    const make = () => opened.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        const [there] = await opened.sql(`select count(*)::int as n from duckdb_tables() where table_name = 'e'`);
        if (there?.n !== 1) return [];
        const rows = await opened.sql(`select id::varchar || '@' || coalesce(mark::varchar, 'null') as line from e`);
        return rows.map(({ line }) => String(line)).sort();
      },
      async plantForeign(rows) {
        const marked = of.markColumn === undefined ? '' : `, "${of.markColumn}" varchar`;
        const values = rows.map(({ id, mark }) => `insert into e (id, mark) values (${id}, ${mark ?? 'null'})`);
        await opened.sql(`create table if not exists e (id bigint, mark bigint${marked})`, ...values);
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  for (const of of sampled<{ readonly markColumn?: string }>([{}, { markColumn: 'Loaded By' }], 2))
    storeConformance(`a table in DuckDB${of.markColumn === undefined ? '' : ' with a column that marks our rows'}`, inTable(of));
});
