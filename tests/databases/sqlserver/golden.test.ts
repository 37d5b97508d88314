import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Home } from '../../../src/engine/contracts/home.ts';
import { findConnector } from '../../../src/registry.ts';
import { everything, framesIn, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import type { MemoryDatabase, MemoryTable } from '../../support/sqlserver.ts';
import { ChangeTracking } from '../../support/sqlserver-changes.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import type { Value } from '../../support/tds/values.ts';
import { served } from './support.ts';

const here = import.meta.dirname;

const types =
  'bit|tinyint|smallint|int|bigint|real|float|decimal(15,2)|decimal(38,10)|money|smallmoney|date|time(7)|datetime|smalldatetime|datetime2(3)|datetime2(7)|datetimeoffset(7)|char(5)|varchar(20)|varchar(max)|nchar(5)|nvarchar(50)|nvarchar(max)|text|ntext|image|xml|binary(4)|varbinary(max)|rowversion|uniqueidentifier|hierarchyid|geography|geometry|sql_variant';
const all: MemoryTable = {
  name: 'dbo.all',
  columns: Object.fromEntries(types.split('|').map((type, at) => [`${type.replace(/\W.*/, '')} ${at}]`, type])),
  rows: [],
};

const row = (at: number): Value[] => [
  ...[String(at), `${at}.25`, '2026-01-01', '2026-01-01 00:00:00.003', '2026-01-01 00:00:00.1234567', '2026-01-01 00:00:00.1234567 +02:00'],
  ...[Buffer.from(at.toString(16).padStart(16, '0'), 'hex'), '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
];
const orders: MemoryTable = {
  name: 'sales.orders',
  columns: {
    ...{ id: 'int not null', price: 'decimal(20,2)', day: 'date', at: 'datetime', exact: 'datetime2(7)', moment: 'datetimeoffset(7)' },
    ...{ version: 'rowversion not null', uid: 'uniqueidentifier' },
  },
  rows: Array.from({ length: 40 }, (_, at) => row(at)),
  keys: ['id'],
};
const parts: MemoryTable = { ...orders, name: 'sales.parts', partitions: { by: 'by_id', column: 'id', from: [10, 20] }, bytes: 40_000 };

/** Every statement that reads, once, by what somebody did. */
async function statements(): Promise<string> {
  const query = '(\nSELECT id FROM sales.orders\n) AS hygge_query';
  const memory: MemoryDatabase = {
    tables: [
      orders,
      parts,
      all,
      ...['price', 'exact', 'uid'].map((key) => ({ ...orders, name: `sales.by_${key}`, keys: [key], bytes: 40_000 })),
    ],
    queries: { [query]: { columns: { id: 'int' }, rows: [] } },
    // Conversions of types that the tests' database does not make, and a condition that it does not understand: no rows.
    before: ({ sql }) =>
      /FROM \[dbo\]\.\[all\]|not those/.test(sql) && !sql.includes('describe') ? { columns: { rows: 'int' }, rows: [] } : undefined,
  };
  const tracked = ({ sql }: TdsRequest): Answer | undefined => {
    if (/^SELECT COUNT_BIG[\s\S]*hygge_changes/.test(sql)) return { columns: { counted: 'bigint' }, rows: [['40']] };
    return /hygge_(rows|changes) WHERE/.test(sql) ? { columns: { rows: 'int' }, rows: [] } : undefined;
  };
  await using database = await served(memory);
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
  const read = async (home: Home, sliceBytes?: number) => {
    for (const slice of await slicesOf(home, everything, sliceBytes)) await rowsOf(framesIn(home, slice));
  };
  const home = await database.home({ table: 'sales.orders' });
  await during('a look at a table', () => home.describe());
  await during('all of a table', () => read(home));
  for (const column of Object.keys(orders.columns)) {
    if (column === 'uid') continue;
    const bound = await during(`the newest ${column}`, () => home.bound({ column, lagMs: 0, future: 'wait' }));
    await during(`what is ahead of ${column}, and null`, async () => [await home.future(column), await home.nulls(column)]);
    if (!('done' in bound) || bound.done === undefined || bound.done === 'observed') throw new Error(column);
    const edge = { text: bound.done.text, inclusive: true };
    const window = { ...everything, column: bound.done, lower: { ...edge, inclusive: false }, upper: edge, nulls: 'include' as const };
    await during(`an increment by ${column}`, async () => {
      for (const slice of await slicesOf(home, window)) await rowsOf(framesIn(home, slice, window));
    });
  }
  await during('a lag', () => home.bound({ column: 'exact', lagMs: 60_000, future: 'wait' }));
  await during('partitions', async () => read(await database.home({ table: 'sales.parts' }), 1));
  for (const key of ['price', 'exact', 'uid'])
    await during(`ranges of ${key}`, async () => read(await database.home({ table: `sales.by_${key}` }), 20_000));
  await during('every type', async () => read(await database.home({ table: 'all', offsets: true })));
  await during('a query', async () => read(await database.home({ query: 'SELECT id FROM sales.orders;' })));
  await during('a condition', async () => read(await database.home({ table: 'sales.orders', where: 'id > 3 -- not those' })));
  await during('a table that is not there', async () => (await database.home({ table: 'nope' })).describe().catch(() => undefined));
  const side = (await findConnector('sqlserver'))?.home;
  if (side === undefined) throw new Error('no home');
  const catalogue = (await findConnector('sqlserver'))?.database;
  await during('the tables of a database', async () =>
    catalogue?.tables?.(side.config.parse({ ...database.keys, table: 'sales.orders' }) as never, database.opening as never),
  );
  memory.standby = '2026-01-01T00:00:00.000000Z';
  await during('a readable secondary', () => home.bound({ column: 'exact', lagMs: 60_000, future: 'wait' }));
  await during('debug', async () => side.probe(side.config.parse({ ...database.keys, table: 'sales.orders' }), database.opening));
  const parted = { ...parts, name: 'sales.tracked', keys: ['id', 'price'] };
  memory.tables.push(parted);
  const tracking = new ChangeTracking(40);
  tracking.enable(parted);
  Object.assign(memory, { shape: undefined, before: (request: TdsRequest) => tracking.answer(memory, request) ?? tracked(request) });
  const config = side.config.parse({ ...database.keys, table: 'sales.tracked', offsets: true });
  const byChanges = await side.open(config, { ...database.opening, changes: 'change_tracking' });
  await during('a look at what is tracked', () => byChanges.describe());
  await during('the newest version', () => byChanges.bound({ column: '_change_version', lagMs: 0, future: 'take' }));
  const version = { column: '_change_version', type: { kind: 'int64' } } as const;
  const upTo = { ...everything, column: version, upper: { text: '40', inclusive: true }, nulls: 'exclude' as const };
  const since = { ...upTo, lower: { text: '40', inclusive: false } };
  for (const [what, window] of [
    ['all rows, with their version', upTo],
    ['what changed since', since],
  ] as const)
    await during(what, async () => {
      for (const slice of await slicesOf(byChanges, window, 20_000)) await rowsOf(framesIn(byChanges, slice, window));
    });
  tracking.disable(parted);
  const untracked = await byChanges.describe().catch((error: { readonly tryThis: readonly string[] }) => error.tryThis);
  tracking.retention = undefined;
  const off = await byChanges.describe().catch((error: { readonly tryThis: readonly string[] }) => error.tryThis);
  told.push(
    '-- what is said of a table that is not tracked',
    ...[untracked, off].flatMap((advice) => (Array.isArray(advice) ? advice : [])),
    'GO',
    '',
  );
  return `${told.join('\n')}\n`;
}

test('every statement of a read stands in the golden file: a difference is a review (npm run golden)', async () => {
  await expect(await statements()).toMatchFileSnapshot(join(here, 'golden.sql'));
});

test('Microsoft’s own grammar has taken that very file', () => {
  const taken = JSON.parse(readFileSync(join(here, 'golden.parsed.json'), 'utf8')) as {
    readonly sha256: string;
    readonly errors: readonly string[];
  };
  expect(taken).toMatchObject({ sha256: hash('sha256', readFileSync(join(here, 'golden.sql'))), errors: [] });
});
