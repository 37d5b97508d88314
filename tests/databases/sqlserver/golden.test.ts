import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rejectedColumnsSince } from '../../../src/databases/store/head.ts';
import { type Home, insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { ComparesInside, SummedColumn } from '../../../src/engine/contracts/row-sums.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { findConnector } from '../../../src/registry.ts';
import {
  loaded as anyhow,
  committed,
  decided,
  idAndName,
  type Load,
  quarantined,
  repeatsOf,
  setApart,
  staged,
} from '../../support/commits.ts';
import { everything, framesIn, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { baseSchema } from '../../support/sim/rows.ts';
import type { MemoryDatabase, MemoryTable } from '../../support/sqlserver.ts';
import { ChangeTracking } from '../../support/sqlserver-changes.ts';
import type { TdsServer } from '../../support/tds/server.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import type { Value } from '../../support/tds/values.ts';
import { anew, type Served, served, storeServed } from './support.ts';

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

/** What a server was asked while somebody did something, each statement once. */
function telling({ requests }: Pick<TdsServer, 'requests'>): {
  readonly told: string[];
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
} {
  const told: string[] = [];
  const seen = new Set<string>();
  let at = 0;
  return {
    told,
    async during(what, work) {
      const answer = await work();
      // Names of attempts are by chance.
      const asked = requests
        .slice(at)
        .map(({ sql }) => sql.trim().replace(/\b(probe|\w+_\d+_(?:data|boundary|broken|deleted|ranked))_\w+?(?=_[dkr]\b|\])/g, '$1'));
      at = requests.length;
      const fresh = asked.filter((sql) => !seen.has(sql) && seen.add(sql) && !/^set (ansi|quoted|textsize|dateformat)|^\[.*\]$/i.test(sql));
      if (fresh.length > 0) told.push(`-- ${what}`, ...fresh.flatMap((sql) => [sql.replace(/;?$/, ';'), 'GO', '']));
      return answer;
    },
  };
}

/** Every statement that reads, once, by what somebody did. */
async function reading(): Promise<string> {
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
      /FROM \[dbo\]\.\[all\]|not those|HASHBYTES/.test(sql) && !sql.includes('describe')
        ? { columns: { rows: 'int' }, rows: [] }
        : undefined,
  };
  const tracked = ({ sql }: TdsRequest): Answer | undefined => {
    if (/^SELECT COUNT_BIG[\s\S]*hygge_changes/.test(sql)) return { columns: { counted: 'bigint' }, rows: [['40']] };
    return /hygge_(rows|changes) WHERE/.test(sql) ? { columns: { rows: 'int' }, rows: [] } : undefined;
  };
  await using database = await served(memory);
  const { during, told } = telling(database.server);
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
  memory.begun = [];
  await during('the newest time of a transaction that began', () => home.bound({ column: 'exact', lagMs: 0, future: 'wait' }));
  delete memory.begun;
  await during('a lag', () => home.bound({ column: 'exact', lagMs: 60_000, future: 'wait' }));
  await during('partitions', async () => read(await database.home({ table: 'sales.parts' }), 1));
  for (const key of ['price', 'exact', 'uid'])
    await during(`ranges of ${key}`, async () => read(await database.home({ table: `sales.by_${key}` }), 20_000));
  await during('every type', async () => read(await database.home({ table: 'all', offsets: true })));
  await during('sums of rows', () => sums(database.home));
  told.push('-- the sum of docs/row-sum.md', sumOfThePage(), 'GO', '');
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
  memory.lacks = () => true;
  await during('debug of a table that we may not see', async () =>
    side.probe(side.config.parse({ ...database.keys, table: 'sales.hidden' }), database.opening),
  );
  const parted = { ...parts, name: 'sales.tracked', keys: ['id', 'price'] };
  memory.tables.push(parted);
  const tracking = new ChangeTracking(40);
  tracking.enable(parted);
  Object.assign(memory, { shape: undefined, before: (request: TdsRequest) => tracking.answer(memory, request) ?? tracked(request) });
  const config = side.config.parse({ ...database.keys, table: 'sales.tracked', offsets: true });
  const byChanges = await side.open(config, { ...database.opening, changeFeed: 'change_tracking' });
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

function sumOfThePage(): string {
  const page = readFileSync(join(here, '../../../docs/row-sum.md'), 'utf8');
  const [, sql] = /### SQL Server[\s\S]*?```sql\n([\s\S]*?)\n```/.exec(page) ?? [];
  if (sql === undefined) throw new Error('docs/row-sum.md has no statement of SQL Server');
  return sql;
}

/** Sums of every type, of the parts that keys divide a table into, and the rows of such a part. */
async function sums(home: Served['home']): Promise<void> {
  const { signal } = new AbortController();
  const scope = { window: everything, part: null };
  const opened = async (table: string, more: Readonly<Record<string, unknown>> = {}) => {
    const one = await home({ table, ...more });
    const step = await one.describe();
    const named = 'done' in step ? (step.done.schema?.columns ?? []) : [];
    const columns = named.map(({ name, type }): SummedColumn => ({ name, type }));
    const unable = insideSumsOf(one)
      ?.inside.supports(columns, { by: 'nothing' })
      .unable.map(({ column }) => column);
    const summed = columns.filter(({ name }) => unable?.includes(name) === false);
    return { one, inside: insideSumsOf(one)?.inside as ComparesInside, columns: summed };
  };
  const all = await opened('all');
  await all.inside.whyUnable(signal);
  await all.inside.sums({ scope, division: { by: 'nothing' }, columns: all.columns, of: 'columns' }, signal);
  const toMicros = await opened('all', { time_unit: 'us' });
  const times = toMicros.columns.filter(({ type }) => type.kind === 'timestamp');
  await toMicros.inside.sums({ scope, division: { by: 'nothing' }, columns: times, of: 'rows' }, signal);
  const { one, inside, columns } = await opened('sales.orders');
  const key = columns.slice(0, 1);
  await inside.sums({ scope, division: { by: 'hash', key, bits: 0 }, columns, of: 'rows' }, signal);
  const part = { by: 'hash', key, bits: 5, prefix: 17 } as const;
  await inside.sums({ scope: { ...scope, part }, division: { by: 'hash', key, bits: 5 }, columns, of: 'rows' }, signal);
  for await (const _ of insideSumsOf(one)?.readPart({ ...scope, part }, signal) ?? []);
}

const key = { kind: 'string' } as const;
const wide: Schema = {
  columns: [
    ...baseSchema.columns,
    ...[
      ...(['bool', 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'] as const),
      ...(['string', 'binary', 'uuid', 'json', 'date'] as const),
    ].map((kind) => ({ name: `a ${kind}]`, type: { kind }, nullable: true })),
    ...(['ms', 'us', 'ns'] as const).flatMap((unit) => [
      { name: `time ${unit}`, type: { kind: 'time', unit }, nullable: true } as const,
      { name: `stamp ${unit}`, type: { kind: 'timestamp', unit }, nullable: true } as const,
      { name: `instant ${unit}`, type: { kind: 'timestamp', unit, zone: 'UTC' }, nullable: true } as const,
    ]),
    { name: 'exact', type: { kind: 'decimal', precision: 38, scale: 10 }, nullable: true },
  ],
};
const keyed: Schema = { columns: [{ name: 'k', type: key, nullable: false }, ...baseSchema.columns] };
const merging: Writing = { mode: 'merge', key: ['k', 'id'], why: 'key' };
const full: Writing = { mode: 'swap', key: [], why: 'full_load' };
const all_ = { what: 'all', foreign: 'keep' } as const;
const boundary = {
  what: 'boundary',
  column: 'mark',
  type: { kind: 'int64' },
  text: '2',
  precision: 'exact',
  nulls: false,
  rows: 1,
} as const;
const edges = { from: { text: '1', inclusive: true }, to: { text: '3', inclusive: false } } as const;
const range = { what: 'range', column: 'mark', type: { kind: 'int64' }, ...edges, group: 'rows' } as const;

const loaded = async (...[store, load]: Parameters<typeof anyhow>) => {
  const outcome = await anyhow(store, load);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ outcome: 'committed' });
};

/** Every statement that writes, once, by what somebody did. */
async function writing(): Promise<string> {
  let denied = false;
  const before = ({ sql }: TdsRequest): Answer | undefined =>
    denied && /^IF SCHEMA_ID|create table/.test(sql) ? { error: { number: 262, message: 'permission denied' } } : undefined;
  await using served_ = await storeServed({ tables: [], before, lacks: () => true }, { list: 'any' });
  const { tables, server } = served_;
  const { during, told } = telling(server);
  /** Debug of a role that may nothing: its questions, and the statements that it prints. */
  const advised = async (what: string, table: string) => {
    denied = true;
    const config = served_.side.config.parse({ ...served_.keys, table });
    const findings = await during(`what a role lacks: ${what}`, () => served_.side.probe(config as never, served_.opening));
    denied = false;
    const statements = new Set(findings.flatMap(({ tryThis = [] }) => tryThis.filter((one) => one.startsWith('GRANT'))));
    told.push(`-- what gives it: ${what}`, ...statements, 'GO', '');
  };
  const at = (epoch: number) => ({ epoch, schema: baseSchema, mark: 'mark' });
  const store = (of: Parameters<typeof served_.store>[0] = {}) => served_.store(of);
  await during('debug of a store, of which nothing is there', () =>
    served_.side.probe(served_.side.config.parse({ ...served_.keys, table: 'dbo.e' }) as never, served_.opening),
  );
  await advised('where nothing is there', 'dbo.e');
  await during('a look at a table that is not there', async () => (await store()).inspect());
  await during('a first load', () => loaded(store(), { ...at(1), rows: [[1n, 1n]], roles: { boundary: [[2n, 2n]] } }));
  await advised('where it has settled before', 'dbo.e');
  await during('a look at what settled', async () => [await (await store()).inspect(), await (await store()).head()]);
  await during('the open group', () =>
    loaded(store(), {
      ...at(2),
      supersede: boundary,
      roles: {
        boundary: [
          [2n, 2n],
          [3n, 2n],
        ],
      },
    }),
  );
  await during('a range', () => loaded(store(), { ...at(3), supersede: range, rows: [[5n, 1n]] }));
  await during('a full load that deletes and inserts', () =>
    loaded(store(), { ...at(4), supersede: all_, writing: { ...full, mode: 'delete_insert' }, rows: [[1n, 1n]] }),
  );
  const swapped = { schema: baseSchema, mode: 'swap', key: [], changes: [] } as const;
  await during('a plan of a full load', async () => (await store()).notesOnPlan?.({ ...swapped, ...anew }));
  await during('a full load into the table that stays', () =>
    loaded(store(), { ...at(5), supersede: all_, writing: full, rows: [[1n, 1n]] }),
  );
  await during('rows that break a rule', () => loaded(store(), { ...at(6), rows: [[7n, 7n]], roles: { broken: [[8n, null]] } }));
  await during('rows that break a rule, and the open group', () =>
    loaded(store(), { ...at(7), supersede: { ...boundary, text: '7' }, roles: { boundary: [[7n, 7n]], broken: [[8n, null]] } }),
  );
  const quarantine = await store({ table: 'dbo.q' });
  const byId = { mode: 'merge', key: ['id'], why: 'key' } as const;
  const manyBroken = Array.from({ length: 501 }, (_, nth) => [BigInt(nth), 1n] as const);
  await during('many rows that break a rule', () =>
    loaded(quarantine, { ...at(80), writing: byId, rows: [[1n, 9n]], roles: { broken: manyBroken } }),
  );
  await during('rows of the open group that break a rule', () =>
    loaded(quarantine, { ...at(81), writing: byId, ofGroup: true, roles: { broken: [[8n, 2n]] } }),
  );
  await during('a look at the quarantine', () => quarantined(quarantine));
  await during('rows that leave the quarantine', () =>
    loaded(quarantine, {
      ...{ ...at(82), releases: true, writing: { ...byId, keepsNewer: true } },
      ...{ rows: [[1n, 1n]], roles: { broken: [[8n, 2n]] } },
    }),
  );
  const changes = [
    { change: 'add column', column: { name: 'more', type: key, nullable: true }, how: 'in place' },
    { change: 'widen', column: 'id', from: 'bigint', to: { kind: 'decimal', precision: 20, scale: 0 }, how: 'rewrites' },
    { change: 'drop not null', column: 'mark', how: 'in place' },
    { change: 'rename column', column: 'mark', to: 'marked', how: 'in place' },
  ] as const;
  await during('columns that change', async () => {
    const schema: Schema = {
      columns: [
        { name: 'id', type: { kind: 'decimal', precision: 20, scale: 0 }, nullable: false },
        { name: 'marked', type: { kind: 'int64' }, nullable: true },
        { name: 'more', type: key, nullable: true },
      ],
    };
    await loaded(store(), { epoch: 8, schema, mark: 'marked', changes, rows: [[9n, 9n, 'x']] });
  });
  for (const [table, by] of [
    ['dbo.m', ['k', 'id']],
    ['dbo.n', ['id']],
  ] as const) {
    const of = (epoch: number) => ({
      epoch: epoch + (table === 'dbo.m' ? 100 : 200),
      schema: keyed,
      mark: 'mark',
      writing: { ...merging, key: by },
    });
    const merged = (load: Omit<Load, 'schema'>) => loaded(store({ table }), { schema: keyed, ...load });
    const told_ = `by ${by.join(' and ')}`;
    await during(`a merge ${told_}`, () => merged({ ...of(1), rows: [['a', 1n, 1n]] }));
    await during(`a merge ${told_} of keys that come twice`, () =>
      merged({
        ...of(2),
        rows: [
          ['a', 1n, 2n],
          ['a', 1n, 3n],
          ['b', 2n, 2n],
        ],
      }),
    );
    await during(`a merge ${told_} of rows that are told as deleted`, () =>
      merged({ ...of(3), rows: [['d', 4n, 3n]], roles: { deleted: [['c', 3n, 4n]] } }),
    );
    await during(`a merge ${told_} of nothing else`, () => merged({ ...of(4), roles: { deleted: [['c', 3n, 4n]] } }));
    await during(`a merge ${told_} of rows that came and went`, () =>
      merged({
        ...of(5),
        rows: [
          ['d', 4n, 3n],
          ['d', 4n, 5n],
        ],
        roles: { deleted: [['d', 4n, 4n]] },
      }),
    );
    await during(`a merge ${told_} without a watermark`, () =>
      merged({
        epoch: of(6).epoch,
        writing: of(6).writing,
        rows: [
          ['a', 1n, 2n],
          ['a', 1n, 2n],
        ],
      }),
    );
    const all = { supersede: all_, writing: { ...of(7).writing, mode: 'swap', why: 'full_load' } } as const;
    await during(`a full load ${told_}`, () => merged({ ...of(7), ...all, rows: [['a', 1n, 2n]] }));
    await during(`a full load ${told_} of rows that came and went`, () =>
      merged({
        ...of(8),
        ...all,
        rows: [
          ['a', 1n, 2n],
          ['d', 4n, 3n],
        ],
        roles: { deleted: [['d', 4n, 4n]] },
      }),
    );
  }
  await during('a commit that was done already', async () => {
    const one = await store({ table: 'dbo.n' });
    const intent = await decided(one, { epoch: 209, schema: keyed, rows: [['z', 9n, 9n]] });
    for (let times = 0; times < 2; times++) await committed(one, intent);
  });
  await during('every type', () => loaded(store({ table: 'dbo.w' }), { epoch: 300, schema: wide, rows: [] }));
  tables.run('create table [dbo].[t] ([id] int, [mark] bigint, [k] varchar(5) COLLATE Polish_CI_AS)');
  await during('a column that would change values', () =>
    anyhow(store({ table: 'dbo.t' }), { epoch: 401, schema: keyed, mark: 'mark', rows: [['abc', 1n, 1n]] }),
  );
  await during('a merge into texts of another collation', () =>
    loaded(store({ table: 'dbo.t' }), { epoch: 402, schema: keyed, mark: 'mark', writing: merging, rows: [['abc', 1n, 1n]] }),
  );
  const twice = [[1n, 2n]] as const;
  const marked = () => store({ table: 'dbo.e', markColumn: 'Loaded By', entity: 'f' });
  tables.run('create table [dbo].[b] ([id] bigint, [mark] bigint, [Loaded By] nvarchar(max))', 'insert into [dbo].[b] ([id]) values (9)');
  const beside = () => store({ table: 'dbo.b', markColumn: 'Loaded By' });
  await during('a look at rows of others', async () => (await beside()).inspect());
  await during('rows beside those of others', () => loaded(beside(), { ...at(501), roles: { boundary: [[1n, 1n]] } }));
  await during('the open group beside those of others', () =>
    loaded(beside(), { ...at(502), supersede: { ...boundary, text: '1' }, roles: { boundary: [[1n, 1n]] } }),
  );

  await during('a full load beside those of others', () =>
    loaded(beside(), { ...at(503), supersede: all_, writing: { ...full, mode: 'delete_insert' }, rows: [[1n, 1n]] }),
  );
  await during('a range beside those of others', () => loaded(beside(), { ...at(511), supersede: range, rows: [[1n, 1n]] }));
  await during('a merge beside those of others', () =>
    loaded(beside(), { ...at(512), writing: { mode: 'merge', key: ['id'], why: 'key' }, rows: [[1n, 2n]], roles: { deleted: [[2n, 2n]] } }),
  );
  await during('a merge by numbers that come twice', () =>
    loaded(store({ table: 'dbo.n' }), {
      ...{ ...at(530), writing: { mode: 'merge', key: ['id'], why: 'key' } },
      ...{ rows: [...twice, ...twice], roles: { deleted: [[2n, 2n]] } },
    }),
  );
  await during('a first merge beside those of others', () =>
    loaded(store({ table: 'dbo.c', markColumn: 'Loaded By' }), {
      ...at(520),
      writing: { mode: 'merge', key: ['id'], why: 'key' },
      rows: [[1n, 2n]],
    }),
  );
  await during('a look at what is beside', async () => (await beside()).inspect());
  await during('attempts of nobody', async () => {
    await staged(store(), { ...at(20), rows: [[1n, 1n]] });
    await (await store()).sweep({ lineage: 'l1', before: 21 });
  });
  await during('a commit that is given up', async () => {
    const one = await store({ table: 'dbo.g' });
    const intent = await decided(one, { ...at(600), rows: [[1n, 1n]] });
    await one.giveUp(intent, { code: 'HYG-4003', reason: 'no' }, 'unseen');
  });
  await during('a fence', async () =>
    (await marked()).fence({ prev: null, id: 'fence', lineage: 'l2', above: 1, state: 'elsewhere', keep: false }),
  );
  await during('a head that goes to another entity, and away', async () => {
    await (await store({ entity: 'other' })).carryHead?.({ flow: 'f', entity: 'e' });
    await (await store()).dropHead?.({ flow: 'f', entity: 'e' });
    await (await store()).prune?.('2026-01-01T00:00:00.000Z');
  });
  const apart = () => store({ own: { metadata_schema: 'elsewhere' } });
  await during('a look at a table that another metadata_schema knows', () =>
    expect(apart().then((one) => one.inspect())).rejects.toMatchObject({ code: 'HYG-4245' }),
  );
  tables.onNewTables = 'audit';
  const guarded = () => store({ table: 'dbo.guarded' });
  await during('a first load where a trigger of DDL puts one on new tables', () => loaded(guarded(), { ...at(700), rows: [[1n, 1n]] }));
  tables.onNewTables = null;
  for (const [nth, storage] of ['columnstore', 'rowstore', 'heap'].entries())
    await during(`a first load by a key: ${storage}`, () =>
      loaded(store({ table: `dbo.by_${storage}`, own: { storage } }), { ...at(800 + nth), writing: byId, rows: [[1n, 1n]] }),
    );
  await during('a plan of a first load', async () => (await store({ table: 'dbo.none' })).notesOnPlan?.({ ...swapped, ...anew }));
  const noted = { table: 'dbo.own' };
  await loaded(store(noted), { ...at(890), rows: [[1n, 1n]] });
  served_.tables.run('alter table [dbo].[own] add [note] nvarchar(20) null');
  await during('a plan of a full load that takes what others wrote', async () => {
    const target = await (await store(noted)).inspect();
    if ('done' in target) await (await store(noted)).notesOnPlan?.({ ...swapped, supersede: all_, target: target.done });
  });
  const texts = (epoch: number, length: number, more: Partial<Load> = {}): Load => {
    const columns = [{ name: 'k', type: key, nullable: false } as const, { name: 'id', type: { kind: 'int64' }, nullable: false } as const];
    return {
      ...{ epoch, schema: { columns }, writing: { ...merging, key: ['k'] } },
      rows: [['x'.repeat(length), 1n]],
      ...more,
    };
  };
  const grown = () => store({ table: 'dbo.grown' });
  await during('texts of 50 characters', () => loaded(grown(), texts(830, 50)));
  for (const [nth, length] of [51, 851, 4001].entries())
    await during(`a text of ${length} characters`, () => loaded(grown(), texts(831 + nth, length)));
  await during('a full load of longer texts', async () => {
    await loaded(store({ table: 'dbo.refilled' }), texts(840, 1));
    await loaded(store({ table: 'dbo.refilled' }), texts(841, 101, { supersede: all_, writing: full }));
  });
  const pairs = ['k', 'l'].map((name) => ({ name, type: key, nullable: false }));
  for (const [nth, pair] of [
    ['x'.repeat(450), 'a'],
    ['a', 'x'.repeat(400)],
  ].entries())
    await during(nth === 0 ? 'a merge by two texts' : 'two texts that are too long for an index', () =>
      loaded(store({ table: 'dbo.pairs' }), {
        ...{ epoch: 845 + nth, schema: { columns: [...pairs, { name: 'id', type: { kind: 'int64' }, nullable: false }] } },
        ...{ writing: { ...merging, key: ['k', 'l'] }, rows: [[...pair, 1n]] },
      }),
    );
  tables.run('create table [dbo].[yours] ([k] nvarchar(5), [id] bigint)');
  await during('a text that is too long for a column of yours', () =>
    expect(anyhow(store({ table: 'dbo.yours' }), texts(850, 6))).rejects.toMatchObject({ code: 'HYG-4234' }),
  );
  await during('a text that is too long, of a row that nothing tells from others', () =>
    expect(anyhow(store({ table: 'dbo.yours' }), texts(851, 6, { writing: { ...full, mode: 'append' } }))).rejects.toMatchObject({
      code: 'HYG-4234',
    }),
  );
  await during('a column of an index that becomes wider', () => {
    const changes = [
      { change: 'widen', column: 'id', from: 'bigint', to: { kind: 'decimal', precision: 20, scale: 0 }, how: 'rewrites' },
    ] as const;
    const wider: Schema = { columns: [{ name: 'id', type: { kind: 'decimal', precision: 20, scale: 0 }, nullable: false }] };
    return loaded(store({ table: 'dbo.by_columnstore' }), { epoch: 810, schema: wider, changes, writing: byId, rows: [[2n]] });
  });
  tables.run('create table [dbo].[counts] ([id] bigint not null, [mark] bigint)');
  tables.extras.set('dbo.counts', { counted: ['id'] });
  const numbered = () => store({ table: 'dbo.counts', own: { identity_insert: true } });
  await during('numbers that the table would count', () => loaded(numbered(), { ...at(820), rows: [[1n, 1n]] }));
  await during('a merge by such numbers', () => loaded(numbered(), { ...at(821), writing: byId, rows: [[1n, 2n]] }));
  const had = {
    indexes: [
      { name: 'pk', kind: '1', is_unique: '1', is_primary: '1', columns: ['id'] },
      { name: 'uq', kind: '2', is_unique: '1', is_constraint: '1', columns: ['mark'] },
      { name: 'ix', kind: '2', is_unique: '1', columns: ['mark'], included: ['id'], filter: '([mark] IS NOT NULL)' },
      { name: 'plain', kind: '2', columns: ['id'] },
      { name: 'down', kind: '2', descending: '1', columns: ['mark'] },
      { name: 'small', kind: '2', columns: ['mark'], included: ['id'], compression: 'PAGE' },
      { name: 'nc', kind: '6', included: ['id', 'mark'], columns: [] },
    ],
    defaults: [{ name: 'df', given: '((0))', column: 'mark' }],
    grants: [
      { state: 'GRANT', permission: 'SELECT', grantee: 'reader', column: null },
      { state: 'GRANT_WITH_GRANT_OPTION', permission: 'SELECT', grantee: 'other', column: 'id' },
      { state: 'DENY', permission: 'DELETE', grantee: 'reader', column: null },
    ],
  };
  const own = () => store({ table: 'dbo.own' });
  await loaded(own(), { ...at(701), rows: [[1n, 1n]] });
  tables.extras.set('dbo.own', had);
  await during('a full load into a table with indexes, defaults and rights', () =>
    loaded(own(), { ...at(702), supersede: all_, writing: full, rows: [[1n, 1n]] }),
  );
  tables.extras.set('dbo.own', { ...had, unlike: [{ kind: 'filegroup', name: 'FAST' }] });
  await during('a full load in the place of a table with indexes, defaults and rights', () =>
    loaded(own(), { ...at(703), supersede: all_, writing: full, rows: [[1n, 1n]] }),
  );
  tables.extras.set('dbo.own', { indexes: [{ name: '', kind: '0', columns: [], compression: 'ROW' }] });
  await during('a full load into a compressed heap', () => loaded(own(), { ...at(704), supersede: all_, writing: full, rows: [[1n, 1n]] }));
  const grouped = { ...at(910), mark: 'mark', rows: [[1n, 1n] as const, [2n, null] as const], roles: { boundary: [[1n, 2n] as const] } };
  const parted = () => store({ table: 'dbo.parted' });
  await during('rows whose key comes more than once, to settle apart', async () => {
    const parts = await staged(parted(), grouped);
    await repeatsOf(await parted()).staged({ columns: ['id'], schema: baseSchema, parts, mergeKey: [] });
    return setApart(parted(), parts, { ...grouped, columns: ['id'] });
  });
  const versions = { ...at(911), mark: 'mark', writing: byId, rows: [[1n, 1n] as const, [1n, 2n] as const, [2n, 2n] as const] };
  await during('versions of rows whose newest have a key in common, to settle apart', async () => {
    const parts = await staged(parted(), versions);
    await repeatsOf(await parted()).staged({ columns: ['mark'], schema: baseSchema, parts, mergeKey: ['id'] });
    return setApart(parted(), parts, { ...versions, columns: ['mark'] });
  });
  const named = { epoch: 913, schema: idAndName, rows: [[1n, 'a'] as const, [2n, 'a'] as const] };
  await during('rows without a watermark whose text comes more than once, to settle apart', async () => {
    const texts = () => store({ table: 'dbo.texts' });
    const parts = await staged(texts(), named);
    await repeatsOf(await texts()).staged({ columns: ['name'], schema: idAndName, parts, mergeKey: [] });
    return setApart(texts(), parts, { ...named, columns: ['name'] });
  });
  await during('rows of every type, of which some have a key in common', async () => {
    const [own, all] = [{ epoch: 912, schema: wide, rows: [] }, () => store({ table: 'dbo.w' })];
    return setApart(all(), await staged(all(), own), { ...own, columns: ['a string]'] });
  });
  const old = () => store({ table: 'dbo.old' });
  const twoBroken = { roles: { broken: [[1n, 1n] as const, [2n, 1n] as const] } };
  await loaded(old(), { ...at(900), ...twoBroken });
  tables.run(...rejectedColumnsSince.map(([name]) => `alter table [hygge_metadata].[rejected] drop column [${name}]`));
  await during('a look at rows in quarantine of an earlier version', () => quarantined(old()));
  await during('rows in quarantine beside those of an earlier version', () => loaded(old(), { ...at(901), ...twoBroken }));
  await during('a look at those beside them', () => quarantined(old()));
  await during('rows of an earlier version that leave the quarantine', () => loaded(old(), { ...at(902), releases: true }));
  return `${told.join('\n')}\n`;
}

/** What an administrator runs, once, for somebody: in no test's server. */
async function administering(): Promise<string> {
  const connector = await findConnector('sqlserver');
  const role = "app's [role]";
  const at = { server: 'erp.database.windows.net', database: 'erp', table: 'reports.[o]]rders]' };
  const own = {
    config: connector?.store?.config.parse(at),
    metadataSchema: 'hygge_metadata',
    stagingSchema: 'hygge_staging',
    keeps: ['store'] as const,
  };
  const { statements = [], undo = [] } = connector?.metadata?.({ ...own, role }) ?? {};
  const needs = (['home', 'store'] as const).flatMap((part) => {
    const side = connector?.[part];
    const config = side?.config.parse(at);
    return [...(side?.requirements(config) ?? []), ...(side?.requirements(config, 'change_tracking') ?? [])];
  });
  const rights = connector?.database?.rights?.({
    ...{ role, byIdentity: true },
    needs: needs.flatMap((need) => (need.need === 'role' ? [{ right: need.role, resource: need.resource }] : [])),
  });
  const given = [...statements, ...(rights ?? []).map(({ give }) => give)];
  const taken = [...undo, ...(rights ?? []).flatMap(({ take }) => take ?? [])];
  return `-- rights, as an administrator gives and takes them\n${[...new Set([...given, ...taken])].map((one) => `${one};\nGO\n`).join('')}`;
}

test('every statement stands in the golden file: a difference is a review (npm run golden)', async () => {
  await expect(`${await reading()}${await writing()}${await administering()}`).toMatchFileSnapshot(join(here, 'golden.sql'));
});

test('Microsoft’s own grammar has taken that very file', () => {
  const taken = JSON.parse(readFileSync(join(here, 'golden.parsed.json'), 'utf8')) as {
    readonly sha256: string;
    readonly errors: readonly string[];
  };
  expect(taken).toMatchObject({ sha256: hash('sha256', readFileSync(join(here, 'golden.sql'))), errors: [] });
});
