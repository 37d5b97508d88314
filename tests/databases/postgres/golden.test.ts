import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findConnector } from '../../../src/registry.ts';
import { loaded } from '../../support/commits.ts';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { homesBy } from '../../support/postgres-home.ts';
import { startPostgresProxy } from '../../support/postgres-proxy.ts';
import { baseSchema } from '../../support/sim/rows.ts';
import { StatementGolden } from '../../support/statement-golden.ts';
import { golden, ofNonces, ofProbes } from '../golden/scenes.ts';

const missing = noPostgres();

/** An identity that is always counted takes the numbers of the source: with new rows, and never by an update. */
async function numberedScenes(
  statements: StatementGolden,
  keys: Readonly<Record<string, unknown>>,
  db: Pick<Awaited<ReturnType<typeof postgresDatabase>>, 'sql'>,
): Promise<void> {
  await db.sql('create table counts (id bigint generated always as identity primary key, mark bigint)');
  await using homes = homesBy('postgres', keys);
  const side = (await findConnector('postgres'))?.store;
  if (side === undefined) throw new Error('no store');
  let made = 0;
  const random = { ...homes.opening.random, nonce: () => `n${String(++made + 50_000_000).padStart(9, '0')}` };
  const store = () => side.open(side.config.parse({ ...keys, table: 'public.counts' }), { ...homes.opening, random, entity: 'counts' });
  const load = { schema: baseSchema, mark: 'mark', rows: [[1n, 1n]] } as const;
  const writing = { mode: 'merge', key: ['id'], why: 'key' } as const;
  await statements.during('store: numbers that the table would count', () => loaded(store(), { ...load, epoch: 900 }));
  await statements.during('store: a merge by such numbers', () => loaded(store(), { ...load, epoch: 901, writing, rows: [[1n, 2n]] }));
  expect(await db.sql('select id, mark from counts')).toEqual([{ id: '1', mark: '2' }]);
}

test.skipIf(missing !== '')('every statement stands in the golden file: a difference is a review (npm run golden)', async ({ skip }) => {
  await using db = await postgresDatabase();
  const [{ server_version: version = '' } = {}] = await db.sql('show server_version');
  skip(!version?.startsWith('15.'), `the golden file is of PostgreSQL 15, this is ${version}`);
  await using proxy = await startPostgresProxy(db);
  await db.sql(
    `create table orders (id int primary key, price decimal(20,2), day date, at timestamp, moment timestamptz, name text, uid uuid);
    insert into orders select i, i + 0.25, '2026-01-01', '2026-01-01 00:00:00.123', '2026-01-01 00:00:00.5+02', 'n' || i, null from generate_series(0, 39) i`,
  );
  const keys = { host: proxy.host, port: proxy.port, user: db.user, password: db.password, database: db.database };
  const statements = new StatementGolden(
    () => proxy.seen.flatMap(({ letter, text, values }) => ('QS'.includes(letter) ? [{ sql: text, values }] : [])),
    [
      [new RegExp(db.database, 'g'), '{database}'],
      [/(?<=^')\d{5,}(?='$)/g, '{oid}'],
      [/(?<=')\d+(?='::xid)/g, '{xid}'],
      ofProbes,
      ofNonces,
    ],
  );
  await golden(statements, {
    ...{
      type: 'postgres',
      schema: 'public.',
      columns: ['price', 'day', 'at', 'moment', 'name'],
      open: () => homesBy('postgres', { ...keys, safe_wait: '200ms' }),
      homeKeys: keys,
      keys: { ...keys, pool_size: 8 },
    },
    sql: async (...those) => {
      for (const one of those) await db.sql(one);
    },
  });
  await numberedScenes(statements, { ...keys, pool_size: 8 }, db);
  await expect(statements.text).toMatchFileSnapshot(join(import.meta.dirname, 'golden.sql'));
});
