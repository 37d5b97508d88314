import { describe, expect, test } from 'vitest';
import { boundOf, increments } from '../../support/late-rows.ts';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { postgresHomes } from '../../support/postgres-home.ts';

describe.skipIf(noPostgres() !== '')('beside a prepared transaction that nobody ends', () => {
  test('all rows of transactions whose begin is known come, however late they are committed', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table t (id bigint, at timestamptz not null default now()); insert into t select generate_series(1, 4)');
    await db.sql(`begin; insert into t values (0); prepare transaction 'stuck'`);
    const writer = await db.client();
    await writer.query('begin; insert into t values (5)');
    await db.sql('insert into t values (6)');
    await using homes = postgresHomes(db);
    const next = increments(() => homes.home({ table: 't' }), 'at');
    const idsOf = ({ rows }: Awaited<ReturnType<typeof next>>) => rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);

    const first = await next();
    expect(first.warnings).toEqual([
      expect.stringMatching(/^only rows with a at before .*, because a transaction is still open: session \d+/),
      expect.stringMatching(/may arrive below at .* later, and would be missed: the prepared transaction stuck/),
    ]);
    expect(idsOf(first)).toEqual([1, 2, 3, 4]);

    await writer.query('commit');
    await writer.end();
    const second = await next();
    expect(idsOf(second)).toEqual([5, 6]);
    expect(second.codes).toEqual(['database.still_open']);

    await db.sql(`rollback prepared 'stuck'`);
    expect((await boundOf(await homes.home({ table: 't' }), 'at')).codes).toEqual([]);
  });
});
