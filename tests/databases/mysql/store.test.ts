import { afterAll, beforeAll } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { sampled } from '../../support/samples.ts';
import { type Opened, onMariadb, openDatabase } from './support.ts';

onMariadb('the store of MariaDB', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openDatabase();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const { db, lines } = opened;
    await opened.cleared();
    const make = () => opened.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        if ((await lines(`show tables like 'e'`)).length === 0) return [];
        return [...(await lines(`select concat(id, '@', coalesce(mark, 'null')) from e`))].sort();
      },
      async plantForeign(rows) {
        // What the engine's plan adds to a table that lacks it.
        const marked = of.markColumn === undefined ? '' : `, \`${of.markColumn}\` longtext`;
        const values = rows.map(({ id, mark }) => `insert into e (id, mark) values (${id}, ${mark ?? 'null'})`);
        await db.sql([`create table if not exists e (id bigint, mark bigint${marked})`, ...values].join('; '));
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  for (const of of sampled<{ readonly markColumn?: string }>([{}, { markColumn: 'Loaded By' }], 2))
    storeConformance(`a table in MariaDB${of.markColumn === undefined ? '' : ' with a column that marks our rows'}`, inTable(of));
});
