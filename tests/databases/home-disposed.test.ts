import { describe, expect, test } from 'vitest';
import { insideSumsOf } from '../../src/engine/contracts/home.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { everything, postgresHomes } from '../support/postgres-home.ts';

describe.skipIf(noPostgres() !== '')('a home that is disposed of', () => {
  test('returns the connection of a snapshot that it is just taking', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table t as select 1 as id');
    await using homes = postgresHomes(db, { pool_size: 2 });
    const home = await homes.home({ table: 't' });
    await home.describe();
    const { signal } = new AbortController();
    const request = { scope: { window: everything, part: null }, division: { by: 'nothing' }, columns: [], of: 'rows' } as const;
    for (let n = 0; n < 3; n++) {
      const sums = insideSumsOf(home)
        ?.inside.sums(request, signal)
        .catch(() => undefined);
      await home[Symbol.asyncDispose]();
      await sums;
    }
    const next = await homes.home({ table: 't' });
    expect(await next.describe()).toMatchObject({ done: { schema: { columns: [{ name: 'id' }] } } });
  });
});
