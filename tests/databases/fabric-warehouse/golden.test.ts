import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { findConnector } from '../../../src/registry.ts';
import { decided, type Load, loaded, quarantined, setApart, staged } from '../../support/commits.ts';
import type { FabricDatabase } from '../../support/fabric-warehouse/reading.ts';
import { everything, framesIn, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { baseSchema } from '../../support/sim/rows.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { Value } from '../../support/tds/values.ts';
import { everythingThere, full, keyed, merging, readingScenes, wide } from '../golden/scenes.ts';
import { lake, type StoreIn, warehouseStores } from './stores.ts';
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

/** Every statement that writes, once, by what somebody did. Names are given by a counter. */
async function writing(): Promise<string> {
  await using served = await warehouseStores();
  const told: string[] = [];
  const seen = new Set<string>();
  const during = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const at = served.server.requests.length;
    const answer = await work();
    const asked = served.server.requests.slice(at).map(({ sql }) => sql.trim());
    const fresh = asked.filter((sql) => !seen.has(sql) && seen.add(sql) && !/^set (ansi|quoted|textsize|dateformat)/i.test(sql));
    if (fresh.length > 0) told.push(`-- store: ${what}`, ...fresh.flatMap((sql) => [sql.replace(/;?$/, ';'), 'GO', '']));
    return answer;
  };
  const at = (epoch: number) => ({ epoch, schema: baseSchema, mark: 'mark' });
  const ofMark = { column: 'mark', type: { kind: 'int64' } } as const;
  const range = {
    ...({ what: 'range', ...ofMark, group: 'rows' } as const),
    ranges: [{ from: { text: '1', inclusive: true }, to: { text: '3', inclusive: false } }],
  } as const;
  const boundary = { what: 'boundary', ...ofMark, text: '2', precision: 'exact', nulls: false, rows: 1 } as const;
  const store = (of: StoreIn = {}) => served.store({ ...of, names: 'counted' });
  const load = async (of: Load, where: StoreIn = {}) => {
    const outcome = await loaded(store(where), of);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ outcome: 'committed' });
  };
  const side = (await findConnector('fabric_warehouse'))?.store;
  const config = side?.config.parse({ ...served.keys, table: 'dbo.e', staging: lake });
  await during('debug, of which nothing is there', async () =>
    expect(await side?.probe(config as never, served.counted)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }, { ok: true }]),
  );
  await during('a look at a table that is not there', async () => (await store()).inspect());
  await during('a first load', () => load({ ...at(1), rows: [[1n, 1n]], roles: { boundary: [[2n, 2n]] } }));
  await during('debug, where it has settled before', async () => side?.probe(config as never, served.counted));
  await during('a look at what settled', async () => [await (await store()).inspect(), await (await store()).head()]);
  await during('rows in two slices', () => load({ ...at(2), rows: [[2n, 2n]], slices: [[[3n, 2n]]] }));
  await during('the open group', () => load({ ...at(3), supersede: { ...boundary, rows: 3 }, roles: { boundary: [[2n, 2n]] } }));
  await during('a range', () => load({ ...at(4), supersede: range, rows: [[5n, 1n]] }));
  await during('a full load', () =>
    load({ ...at(5), supersede: everythingThere, writing: { ...full, mode: 'delete_insert' }, rows: [[1n, 1n]] }),
  );
  await during('rows that break a rule', () => load({ ...at(6), rows: [[7n, 7n]], roles: { broken: [[8n, null]] } as never }));
  await during('a look at the quarantine', async () => quarantined(store()));
  await during('a row out of quarantine', () => load({ ...at(7), releases: true, rows: [[8n, 8n]] } as never));
  const more = { name: 'more', type: { kind: 'string' }, nullable: true } as const;
  await during('a column that is added', () =>
    load({
      ...{ epoch: 8, schema: { columns: [...baseSchema.columns, more] }, mark: 'mark', rows: [[9n, 9n, 'x']] },
      changes: [{ change: 'add column', column: more, how: 'in place' }],
    }),
  );
  const merge = (epoch: number, rest: Partial<Load>): Load => ({ epoch, schema: keyed, mark: 'mark', writing: merging('k'), ...rest });
  const ofKeys: StoreIn = { table: 'dbo.k', entity: 'k' };
  await during('a first merge', () => load(merge(1, { rows: [['a', 1n, 1n]] }), ofKeys));
  await during('a merge', () =>
    load(
      merge(2, {
        rows: [
          ['a', 1n, 2n],
          ['b', 1n, 2n],
        ] as never,
      }),
      ofKeys,
    ),
  );
  await during('a merge of keys that come twice, and of deleted rows', () =>
    load(
      merge(3, {
        rows: [
          ['a', 1n, 3n],
          ['a', 1n, 4n],
        ] as never,
        roles: { deleted: [['b', null, 5n]] } as never,
      }),
      ofKeys,
    ),
  );
  await during('rows of one key, set apart', async () => {
    const twice = merge(4, {
      rows: [
        ['c', 1n, 1n],
        ['d', 1n, 1n],
      ] as never,
    });
    const parts = await staged(store(ofKeys), twice);
    await setApart(store(ofKeys), parts, { ...twice, columns: ['id'] });
  });
  await during('a merge next to rows of others', () =>
    load(merge(5, { rows: [['m', 1n, 1n]] }), { table: 'dbo.m', markColumn: 'Loaded By' }),
  );
  await during('every type', () => load({ epoch: 9, schema: everyType, rows: [] }, { table: 'dbo.w', entity: 'w' }));
  await during('an attempt that no one finishes, and the sweep', async () => {
    await staged(store(), { ...at(10), rows: [[1n, 1n]] });
    await (await store()).sweep({ lineage: 'l1', before: 11 });
  });
  await during('a commit that is given up', async () => {
    const intent = await decided(store(), { ...at(12), rows: [[1n, 1n]] });
    await (await store()).giveUp(intent, { code: 'HYG-4003', reason: 'no' }, 'unseen');
  });
  await during('a reset', async () => {
    const one = await store();
    await one.fence({ prev: (await one.head())?.id ?? null, id: 'fence', lineage: 'l2', above: 12, state: 'elsewhere', keep: false });
  });
  await during('a head that goes to another entity, and away', async () => {
    const other = await store({ entity: 'other' });
    await other.carryHead({ flow: 'f', entity: 'e' });
    await other.dropHead({ flow: 'f', entity: 'e' });
    await other.prune('2026-01-01T00:00:00.000Z');
  });
  return `${told.join('\n')}\n`;
}

/** What Fabric has a type for. */
const everyType: Schema = {
  columns: wide.columns
    .filter(({ type }) => !('unit' in type) || type.unit === 'us')
    .filter(({ type }) => !/^u?int8$|^uint/.test(type.kind)),
};

test('every statement is in the golden file: a difference is a review (npm run golden)', async () => {
  await expect(`${await reading()}${await writing()}`).toMatchFileSnapshot(join(here, 'golden.sql'));
});

test('Microsoft’s own grammar of Fabric has taken that very file', () => {
  const taken = JSON.parse(readFileSync(join(here, 'golden.parsed.json'), 'utf8')) as object;
  expect(taken).toMatchObject({ sha256: hash('sha256', readFileSync(join(here, 'golden.sql'))), errors: [] });
});
