import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { insideSumsOf } from '../../../src/engine/contracts/home.ts';
import { findConnector } from '../../../src/registry.ts';
import type { FabricDatabase } from '../../support/fabric-warehouse/reading.ts';
import { everything, framesIn, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { Value } from '../../support/tds/values.ts';
import { readingScenes } from '../golden/scenes.ts';
import { servedFabric } from './support.ts';

const here = import.meta.dirname;

const row = (at: number): Value[] => [String(at), `${at}.25`, '2026-01-01', '2026-01-01 00:00:00.123456', `note ${at}`];
const orders: MemoryTable = {
  name: 'dbo.orders',
  columns: { id: 'bigint not null', price: 'decimal(20,2)', day: 'date', exact: 'datetime2(6)', note: 'varchar(8000)' },
  rows: Array.from({ length: 40 }, (_, at) => row(at)),
  keys: ['id'],
};
const types =
  'bit|smallint|int|bigint|real|float|decimal(15,2)|decimal(38,10)|date|time(6)|datetime2(0)|datetime2(6)|char(5)|varchar(20)|varchar(8000)|varchar(max)|varbinary(8)|varbinary(max)|uniqueidentifier';
const all: MemoryTable = {
  name: 'dbo.all',
  columns: Object.fromEntries(types.split('|').map((type, at) => [`${type.replace(/\W.*/, '')} ${at}`, type])),
  rows: [],
};

/** Every statement that reads, once, by what somebody did. */
async function reading(): Promise<string> {
  const query = '(\nSELECT id FROM orders\n) AS hygge_query';
  const memory: FabricDatabase = {
    item: 'warehouse',
    tables: [orders, all],
    queries: { [query]: { columns: { id: 'int' }, rows: [] } },
    // A condition that the tests' database does not understand: no rows.
    before: ({ sql }) => (/not those/.test(sql) ? { columns: { rows: 'int' }, rows: [] } : undefined),
  };
  await using database = await servedFabric(memory);
  const told: string[] = [];
  const seen = new Set<string>();
  let at = 0;
  const during = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const answer = await work();
    const asked = database.server.requests.slice(at).map(({ sql }) => sql.trim());
    at = database.server.requests.length;
    const fresh = asked.filter((sql) => !seen.has(sql) && seen.add(sql) && !/^set (ansi|quoted|textsize|dateformat)/i.test(sql));
    if (fresh.length > 0) told.push(`-- ${what}`, ...fresh.flatMap((sql) => [sql.replace(/;?$/, ';'), 'GO', '']));
    return answer;
  };
  const staysOpen = { [Symbol.asyncDispose]: async () => {} };
  await readingScenes(
    { during },
    {
      type: 'fabric_warehouse',
      columns: ['price', 'day', 'exact', 'note'],
      homeKeys: database.keys,
      open: () => ({ ...database, ...staysOpen }),
    },
  );
  const home = await database.home({ table: 'dbo.orders' });
  await during('a lag', () => home.bound({ column: 'exact', lagMs: 60_000, future: 'wait' }));
  await during('every type', async () => {
    const every = await database.home({ table: 'dbo.all' });
    for (const slice of await slicesOf(every)) await rowsOf(framesIn(every, slice));
  });
  await during('sums of rows', async () => {
    const one = await database.home({ table: 'dbo.orders' });
    const step = await one.describe();
    const columns = ('done' in step ? (step.done.schema?.columns ?? []) : []).map(({ name, type }) => ({ name, type }));
    const { signal } = new AbortController();
    const scope = { window: everything, part: null };
    await insideSumsOf(one)?.inside.sums({ scope, division: { by: 'nothing' }, columns, of: 'columns' }, signal);
    await insideSumsOf(one)?.inside.sums(
      { scope, division: { by: 'hash', key: columns.slice(0, 1), bits: 5 }, columns, of: 'rows' },
      signal,
    );
  });
  const connector = await findConnector('fabric_warehouse');
  const rights = connector?.database?.rights?.({
    ...{ role: "app's [role]", byIdentity: true },
    needs: [{ table: 'sales.[o]]rders]' }, { tables: 'sales.*' }, { tables: '*' }].map((resource) => ({ right: 'SELECT', resource })),
  });
  const given = (rights ?? []).flatMap(({ give, take }) => [give, ...(take === null ? [] : [take])]);
  told.push('-- rights, as an administrator gives and takes them', ...given.flatMap((sql) => [`${sql};`, 'GO', '']));
  return `${told.join('\n')}\n`;
}

test('every statement is in the golden file: a difference is a review (npm run golden)', async () => {
  await expect(await reading()).toMatchFileSnapshot(join(here, 'golden.sql'));
});

test('Microsoft’s own grammar of Fabric has taken that very file', () => {
  const taken = JSON.parse(readFileSync(join(here, 'golden.parsed.json'), 'utf8')) as object;
  expect(taken).toMatchObject({ sha256: hash('sha256', readFileSync(join(here, 'golden.sql'))), errors: [] });
});
