import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rejectedColumnsSince } from '../../../src/databases/store/head.ts';
import { type Home, insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { ComparesInside, SummedColumn } from '../../../src/engine/contracts/row-sums.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { findConnector } from '../../../src/registry.ts';
import { loaded as anyhow, idAndName, type Load, quarantined, repeatsOf, setApart, staged } from '../../support/commits.ts';
import { everything, framesIn, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { baseSchema } from '../../support/sim/rows.ts';
import type { MemoryDatabase, MemoryTable } from '../../support/sqlserver.ts';
import { ChangeTracking } from '../../support/sqlserver-changes.ts';
import type { TdsServer } from '../../support/tds/server.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import type { Value } from '../../support/tds/values.ts';
import { everythingThere, full, keyed, loaded, merging, readingScenes, wide, writingScenes } from '../golden/scenes.ts';
import { type Served, served, storeServed } from './support.ts';

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
  name: 'dbo.orders',
  columns: {
    ...{ id: 'int not null', price: 'decimal(20,2)', day: 'date', at: 'datetime', exact: 'datetime2(7)', moment: 'datetimeoffset(7)' },
    ...{ version: 'rowversion not null', uid: 'uniqueidentifier' },
  },
  rows: Array.from({ length: 40 }, (_, at) => row(at)),
  keys: ['id'],
};
const parts: MemoryTable = { ...orders, name: 'dbo.parts', partitions: { by: 'by_id', column: 'id', from: [10, 20] }, bytes: 40_000 };

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

/** Of what is opened once for all scenes. */
const staysOpen = { [Symbol.asyncDispose]: async () => {} };

/** Every statement that reads, once, by what somebody did. */
async function reading(): Promise<string> {
  const query = '(\nSELECT id FROM orders\n) AS hygge_query';
  const memory: MemoryDatabase = {
    tables: [
      orders,
      parts,
      all,
      ...['price', 'exact', 'uid'].map((key) => ({ ...orders, name: `dbo.by_${key}`, keys: [key], bytes: 40_000 })),
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
  await readingScenes(
    { during },
    {
      ...{ type: 'sqlserver', columns: Object.keys(orders.columns).filter((column) => !['id', 'uid'].includes(column)) },
      ...{ homeKeys: database.keys, open: () => ({ ...database, ...staysOpen }) },
    },
  );
  const home = await database.home({ table: 'dbo.orders' });
  memory.begun = [];
  await during('the newest time of a transaction that began', () => home.bound({ column: 'exact', lagMs: 0, future: 'wait' }));
  delete memory.begun;
  await during('a lag', () => home.bound({ column: 'exact', lagMs: 60_000, future: 'wait' }));
  await during('partitions', async () => read(await database.home({ table: 'dbo.parts' }), 1));
  for (const key of ['price', 'exact', 'uid'])
    await during(`ranges of ${key}`, async () => read(await database.home({ table: `dbo.by_${key}` }), 20_000));
  await during('every type', async () => read(await database.home({ table: 'all', offsets: true })));
  await during('sums of rows', () => sums(database.home));
  told.push('-- the sum of docs/building/row-sum.md', sumOfThePage(), 'GO', '');
  const side = (await findConnector('sqlserver'))?.home;
  if (side === undefined) throw new Error('no home');
  memory.standby = '2026-01-01T00:00:00.000000Z';
  await during('a readable secondary', () => home.bound({ column: 'exact', lagMs: 60_000, future: 'wait' }));
  memory.lacks = () => true;
  await during('debug of a table that we may not see', async () =>
    side.probe(side.config.parse({ ...database.keys, table: 'dbo.hidden' }), database.opening),
  );
  const parted = { ...parts, name: 'dbo.tracked', keys: ['id', 'price'] };
  memory.tables.push(parted);
  const tracking = new ChangeTracking(40);
  tracking.enable(parted);
  Object.assign(memory, { shape: undefined, before: (request: TdsRequest) => tracking.answer(memory, request) ?? tracked(request) });
  const config = side.config.parse({ ...database.keys, table: 'dbo.tracked', offsets: true });
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
  const page = readFileSync(join(here, '../../../docs/building/row-sum.md'), 'utf8');
  const [, sql] = /### SQL Server[\s\S]*?```sql\n([\s\S]*?)\n```/.exec(page) ?? [];
  if (sql === undefined) throw new Error('docs/building/row-sum.md has no statement of SQL Server');
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
  const { one, inside, columns } = await opened('dbo.orders');
  const key = columns.slice(0, 1);
  await inside.sums({ scope, division: { by: 'hash', key, bits: 0 }, columns, of: 'rows' }, signal);
  const part = { by: 'hash', key, bits: 5, prefix: 17 } as const;
  await inside.sums({ scope: { ...scope, part }, division: { by: 'hash', key, bits: 5 }, columns, of: 'rows' }, signal);
  for await (const _ of insideSumsOf(one)?.readPart({ ...scope, part }, signal) ?? []);
}

const key = { kind: 'string' } as const;
const bracketed: Schema = { columns: wide.columns.map((column) => ({ ...column, name: `${column.name}]` })) };

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
  await advised('where nothing is there', 'dbo.e');
  tables.run(
    'create table [dbo].[a] ([id] bigint, [mark] bigint)',
    'insert into [dbo].[a] ([id], [mark]) values (1, 1)',
    'create table [dbo].[b] ([id] bigint, [mark] bigint, [loaded_by] nvarchar(max))',
    'insert into [dbo].[b] ([id]) values (9)',
  );
  await writingScenes(
    { during },
    {
      ...{ type: 'sqlserver', schema: 'dbo.', keys: served_.keys },
      open: () => ({ ...served_, ...staysOpen }),
    },
  );
  await advised('where it has settled before', 'dbo.e');
  const swapped = { schema: baseSchema, mode: 'swap', key: [], changes: [] } as const;
  const changes = [
    { change: 'widen', column: 'id', from: 'bigint', to: { kind: 'decimal', precision: 20, scale: 0 }, how: 'rewrites' },
    { change: 'drop not null', column: 'mark', how: 'in place' },
  ] as const;
  await during('a column that becomes wider, and one that may be null', async () => {
    const schema: Schema = {
      columns: [
        { name: 'id', type: { kind: 'decimal', precision: 20, scale: 0 }, nullable: false },
        { name: 'mark', type: { kind: 'int64' }, nullable: true },
      ],
    };
    const changed = () => store({ table: 'dbo.changed' });
    await loaded(changed(), { ...at(21), rows: [[1n, 1n]] });
    await loaded(changed(), { epoch: 22, schema, mark: 'mark', changes, rows: [[9n, null]] });
  });
  tables.run('create table [dbo].[t] ([id] int, [mark] bigint, [k] varchar(5) COLLATE Polish_CI_AS)');
  await during('a column that would change values', () =>
    anyhow(store({ table: 'dbo.t' }), { epoch: 411, schema: keyed, mark: 'mark', rows: [['abc', 1n, 1n]] }),
  );
  await during('a merge into texts of another collation', () =>
    loaded(store({ table: 'dbo.t' }), { epoch: 412, schema: keyed, mark: 'mark', writing: merging('k', 'id'), rows: [['abc', 1n, 1n]] }),
  );
  const marked = () => store({ table: 'dbo.e', markColumn: 'Loaded By', entity: 'f' });
  await during('a merge by numbers that come twice', () =>
    loaded(store({ table: 'dbo.n' }), {
      ...at(530),
      writing: merging('id'),
      rows: [
        [1n, 2n],
        [1n, 2n],
      ],
      roles: { deleted: [[2n, 2n]] },
    }),
  );
  await during('a first merge next to those of others', () =>
    loaded(store({ table: 'dbo.c', markColumn: 'Loaded By' }), {
      ...at(520),
      writing: merging('id'),
      rows: [[1n, 2n]],
    }),
  );
  await during('a fence', async () =>
    (await marked()).fence({ prev: null, id: 'fence', lineage: 'l2', above: 1, state: 'elsewhere', keep: false }),
  );
  const apart = () => store({ own: { metadata_schema: 'elsewhere' } });
  await during('a look at a table that another metadata_schema knows', () =>
    expect(apart().then((one) => one.inspect())).rejects.toMatchObject({ code: 'HYG-4245' }),
  );
  tables.onNewTables = 'audit';
  const guarded = () => store({ table: 'dbo.guarded' });
  await during('a first load where a trigger of DDL puts one on new tables', () => loaded(guarded(), { ...at(740), rows: [[1n, 1n]] }));
  tables.onNewTables = null;
  for (const [nth, storage] of ['columnstore', 'rowstore', 'heap'].entries())
    await during(`a first load by a key: ${storage}`, () =>
      loaded(store({ table: `dbo.by_${storage}`, own: { storage } }), { ...at(800 + nth), writing: merging('id'), rows: [[1n, 1n]] }),
    );
  const noted = { table: 'dbo.own' };
  await loaded(store(noted), { ...at(890), rows: [[1n, 1n]] });
  served_.tables.run('alter table [dbo].[own] add [note] nvarchar(20) null');
  await during('a plan of a full load that takes what others wrote', async () => {
    const target = await (await store(noted)).inspect();
    if ('done' in target) await (await store(noted)).notesOnPlan?.({ ...swapped, supersede: everythingThere, target: target.done });
  });
  const texts = (epoch: number, length: number, more: Partial<Load> = {}): Load => {
    const columns = [{ name: 'k', type: key, nullable: false } as const, { name: 'id', type: { kind: 'int64' }, nullable: false } as const];
    return {
      ...{ epoch, schema: { columns }, writing: merging('k') },
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
    await loaded(store({ table: 'dbo.refilled' }), texts(841, 101, { supersede: everythingThere, writing: full }));
  });
  const pairs = ['k', 'l'].map((name) => ({ name, type: key, nullable: false }));
  for (const [nth, pair] of [
    ['x'.repeat(450), 'a'],
    ['a', 'x'.repeat(400)],
  ].entries())
    await during(nth === 0 ? 'a merge by two texts' : 'two texts that are too long for an index', () =>
      loaded(store({ table: 'dbo.pairs' }), {
        ...{ epoch: 845 + nth, schema: { columns: [...pairs, { name: 'id', type: { kind: 'int64' }, nullable: false }] } },
        ...{ writing: merging('k', 'l'), rows: [[...pair, 1n]] },
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
    return loaded(store({ table: 'dbo.by_columnstore' }), { epoch: 810, schema: wider, changes, writing: merging('id'), rows: [[2n]] });
  });
  tables.run('create table [dbo].[counts] ([id] bigint not null, [mark] bigint)');
  tables.extras.set('dbo.counts', { counted: ['id'] });
  const numbered = () => store({ table: 'dbo.counts', own: { identity_insert: true } });
  await during('numbers that the table would count', () => loaded(numbered(), { ...at(820), rows: [[1n, 1n]] }));
  await during('a merge by such numbers', () => loaded(numbered(), { ...at(821), writing: merging('id'), rows: [[1n, 2n]] }));
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
  await loaded(own(), { ...at(741), rows: [[1n, 1n]] });
  tables.extras.set('dbo.own', had);
  await during('a full load into a table with indexes, defaults and rights', () =>
    loaded(own(), { ...at(742), supersede: everythingThere, writing: full, rows: [[1n, 1n]] }),
  );
  tables.extras.set('dbo.own', { ...had, unlike: [{ kind: 'filegroup', name: 'FAST' }] });
  await during('a full load in the place of a table with indexes, defaults and rights', () =>
    loaded(own(), { ...at(743), supersede: everythingThere, writing: full, rows: [[1n, 1n]] }),
  );
  tables.extras.set('dbo.own', { indexes: [{ name: '', kind: '0', columns: [], compression: 'ROW' }] });
  await during('a full load into a compressed heap', () =>
    loaded(own(), { ...at(744), supersede: everythingThere, writing: full, rows: [[1n, 1n]] }),
  );
  const grouped = { ...at(910), mark: 'mark', rows: [[1n, 1n] as const, [2n, null] as const], roles: { boundary: [[1n, 2n] as const] } };
  const parted = () => store({ table: 'dbo.parted' });
  await during('rows whose key comes more than once, to settle apart', async () => {
    const parts = await staged(parted(), grouped);
    await repeatsOf(await parted()).staged({ columns: ['id'], schema: baseSchema, parts, mergeKey: [] });
    return setApart(parted(), parts, { ...grouped, columns: ['id'] });
  });
  const versions = { ...at(911), mark: 'mark', writing: merging('id'), rows: [[1n, 1n] as const, [1n, 2n] as const, [2n, 2n] as const] };
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
    const [own, all] = [{ epoch: 912, schema: bracketed, rows: [] }, () => store({ table: 'dbo.wide' })];
    return setApart(all(), await staged(all(), own), { ...own, columns: ['a string]'] });
  });
  const old = () => store({ table: 'dbo.old' });
  const twoBroken = { roles: { broken: [[1n, 1n] as const, [2n, 1n] as const] } };
  await loaded(old(), { ...at(900), ...twoBroken });
  tables.run(...rejectedColumnsSince.map(([name]) => `alter table [hygge_metadata].[rejected] drop column [${name}]`));
  await during('a look at rows in quarantine of an earlier version', () => quarantined(old()));
  await during('rows in quarantine next to those of an earlier version', () => loaded(old(), { ...at(901), ...twoBroken }));
  await during('a look at those next to them', () => quarantined(old()));
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

test('every statement is in the golden file: a difference is a review (npm run golden)', async () => {
  await expect(`${await reading()}${await writing()}${await administering()}`).toMatchFileSnapshot(join(here, 'golden.sql'));
});

test('Microsoft’s own grammar has taken that very file', () => {
  const taken = JSON.parse(readFileSync(join(here, 'golden.parsed.json'), 'utf8')) as {
    readonly sha256: string;
    readonly errors: readonly string[];
  };
  expect(taken).toMatchObject({ sha256: hash('sha256', readFileSync(join(here, 'golden.sql'))), errors: [] });
});
