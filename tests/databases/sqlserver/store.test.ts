import { describe } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { sampled } from '../../support/samples.ts';
import { ofSqlServer, openDatabase } from './support.ts';

describe(`the store of ${ofSqlServer}`, () => {
  const opened = openedOnce(() => openDatabase());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const { db } = opened;
    await db.clear();
    const make = () => opened.store(of);
    const isThere = async () => (await db.tables('dbo')).includes('e');
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        return (await isThere()) ? (await db.rows('dbo.e')).map(({ id, mark }) => `${id}@${mark}`).sort() : [];
      },
      async plantForeign(rows) {
        // What the engine's plan adds to a table that lacks it.
        const marked = of.markColumn === undefined ? '' : `, [${of.markColumn}] nvarchar(max)`;
        if (!(await isThere())) await db.run(`create table [dbo].[e] ([id] bigint, [mark] bigint${marked})`);
        await db.run(...rows.map(({ id, mark }) => `insert into [dbo].[e] ([id], [mark]) values (${id}, ${mark ?? 'null'})`));
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
