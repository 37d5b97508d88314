import { afterAll, beforeAll, describe } from 'vitest';
import { homeConformance } from '../../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../../support/connector-conformance/plain-rows.ts';
import { sampled } from '../../support/samples.ts';
import { type OpenedDatabase, ofSqlServer, openDatabase } from './support.ts';

describe(`the home of ${ofSqlServer}`, () => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await openDatabase();
    await opened.db.run(
      'create table [dbo].[t] ([id] bigint, [mark] bigint)',
      ...plainRows.map(({ id, mark }) => `insert into [dbo].[t] ([id], [mark]) values (${id}, ${mark ?? 'null'})`),
    );
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  describe.each(sampled(['here', 'anywhere'] as const, 2))('whose slices are read %s:', (steps) => {
    homeConformance('a table', async () => {
      const one = steps === 'here' ? opened.home({ table: 'dbo.t' }, steps) : undefined;
      return {
        open: () => one ?? opened.home({ table: 'dbo.t' }, steps),
        rows: plainRows,
        read: plainFrame,
        [Symbol.asyncDispose]: async () => undefined,
      };
    });
  });
});
