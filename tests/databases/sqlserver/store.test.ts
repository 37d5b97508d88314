import { afterAll, beforeAll, describe } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { type StoreServed, storeServed } from './support.ts';

describe('the store of SQL Server, on a server of the tests that speaks its protocol', () => {
  let served: StoreServed;
  beforeAll(async () => {
    served = await storeServed();
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const { tables } = served;
    tables.clear();
    const make = () => served.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        if (tables.columnsOf('dbo.e').length === 0) return [];
        return tables
          .rows('dbo.e')
          .map(({ id, mark }) => `${id}@${mark}`)
          .sort();
      },
      async plantForeign(rows) {
        const marked = of.markColumn === undefined ? '' : `, [${of.markColumn}] nvarchar(max)`;
        tables.run(`IF OBJECT_ID(N'[dbo].[e]') IS NULL create table [dbo].[e] ([id] bigint, [mark] bigint${marked})`);
        for (const { id, mark } of rows) tables.run(`insert into [dbo].[e] ([id], [mark]) values (${id}, ${mark ?? 'null'})`);
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  storeConformance('a table', inTable({}));
  storeConformance('a table with a column that marks our rows', inTable({ markColumn: 'Loaded By' }));
});
