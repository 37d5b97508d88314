import { describe } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { sampled } from '../../support/samples.ts';
import { warehouseStores } from './stores.ts';

describe('the store of a Fabric Warehouse, on a server of the tests that keeps Microsoft’s rules', () => {
  const opened = openedOnce(() => warehouseStores());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const stores = opened;
    const asSomebodyElse = async (...statements: readonly string[]) => {
      await using one = await stores.client();
      for (const statement of statements) await one.batch(statement);
    };
    await stores.cleared();
    const make = () => stores.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      settled: async () => stores.marks(),
      async plantForeign(rows) {
        // What the engine's plan adds to a table that lacks it.
        const marked = of.markColumn === undefined ? '' : `, [${of.markColumn}] varchar(max)`;
        if (!stores.warehouse.tables.includes('dbo.e'))
          await asSomebodyElse(`create table [dbo].[e] ([id] bigint, [mark] bigint${marked})`);
        await asSomebodyElse(...rows.map(({ id, mark }) => `insert into [dbo].[e] ([id], [mark]) values (${id}, ${mark ?? 'null'})`));
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  const tables = [
    ['a table', {}],
    ['a table with a column that marks our rows', { markColumn: 'Loaded By' }],
  ] as const;
  for (const [name, of] of sampled(tables, 2)) storeConformance(`${name}`, inTable(of));
});
