/** What every database is asked to do for its golden file of statements, one scene after the other. */
import { expect } from 'vitest';
import type { Home } from '../../../src/engine/contracts/home.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { findConnector } from '../../../src/registry.ts';
import { committed, decided, loaded as finished, fromQuarantine, type Load, quarantined, staged } from '../../support/commits.ts';
import { everything, framesIn, type OpenedHomes, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { baseSchema } from '../../support/sim/rows.ts';
import type { StatementGolden } from '../../support/statement-golden.ts';

interface AnyDatabase {
  /** The connector's. */
  readonly type: string;
}

/** A database whose statements are written down, with a table `a` and, of others' rows, `b`. */
export interface WritingDatabase extends AnyDatabase {
  /** In front of the name of a table of the store: `public.`. */
  readonly schema: string;
  /** Of a store, but for its table. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Opened by one part of the scenes, and closed with it. */
  open(): Pick<OpenedHomes, 'opening'> & AsyncDisposable;
}

/** One with a table `orders` in it. */
export interface ReadDatabase extends AnyDatabase {
  /** Of `orders`, beside `id`: those that a watermark may be. */
  readonly columns: readonly string[];
  /** Opened by one part of the scenes, and closed with it. */
  open(): Pick<OpenedHomes, 'home' | 'opening'> & AsyncDisposable;
  /** Of a home, but for what it reads. */
  readonly homeKeys: Readonly<Record<string, unknown>>;
}

/** One with `orders`, and neither `a` nor `b`. */
export interface GoldenDatabase extends ReadDatabase, WritingDatabase {
  open(): OpenedHomes;
  /** What others do there, before hygge comes: none of it is written down. */
  sql(...statements: readonly string[]): Promise<unknown>;
}

/** Has a database do everything, scene by scene. */
export async function golden(statements: StatementGolden, database: GoldenDatabase): Promise<void> {
  const { schema } = database;
  await database.sql(
    `create table ${schema}a (id bigint, mark bigint)`,
    `insert into ${schema}a values (1, 1)`,
    `create table ${schema}b (id bigint, mark bigint, loaded_by varchar(80))`,
    `insert into ${schema}b (id) values (9)`,
  );
  await readingScenes(statements, database);
  await writingScenes(statements, database);
}

/** Who writes down what is sent while a scene goes on. */
export type Scenes = Pick<StatementGolden, 'during'>;

interface StoreOf {
  readonly table?: string;
  readonly markColumn?: string;
  readonly entity?: string;
}

/** Names by chance, as `n000000001`, in a rising order: what is sorted by them always has the same order. */
export const ofNonces = [/(?<![0-9a-z])n0\d{8}(?![0-9a-z])/g, '{name #}'] as const;
/** The time in the name of what `debug` makes. */
export const ofProbes = [/(?<=probe_)[0-9a-z]+(?=_n0\d{8})/g, '{now}'] as const;

const text = { kind: 'string' } as const;
export const keyed: Schema = { columns: [{ name: 'k', type: text, nullable: false }, ...baseSchema.columns] };
export const wide: Schema = {
  columns: [
    ...baseSchema.columns,
    ...[
      ...(['bool', 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'] as const),
      ...(['string', 'binary', 'uuid', 'json', 'date'] as const),
    ].map((kind) => ({ name: `a ${kind}`, type: { kind }, nullable: true })),
    ...(['ms', 'us', 'ns'] as const).flatMap((unit) => [
      { name: `time ${unit}`, type: { kind: 'time', unit }, nullable: true } as const,
      { name: `stamp ${unit}`, type: { kind: 'timestamp', unit }, nullable: true } as const,
      { name: `instant ${unit}`, type: { kind: 'timestamp', unit, zone: 'UTC' }, nullable: true } as const,
    ]),
    { name: 'exact', type: { kind: 'decimal', precision: 38, scale: 10 }, nullable: true },
  ],
};
export const merging = (...key: readonly string[]): Writing => ({ mode: 'merge', key, why: 'key' });
export const full: Writing = { mode: 'swap', key: [], why: 'full_load' };
export const everythingThere = { what: 'all', foreign: 'keep' } as const;
const ofMark = { column: 'mark', type: { kind: 'int64' } } as const;
const boundary = { what: 'boundary', ...ofMark, text: '2', precision: 'exact', nulls: false, rows: 1 } as const;
const edges = { from: { text: '1', inclusive: true }, to: { text: '3', inclusive: false } } as const;
const range = { what: 'range', ...ofMark, ranges: [edges], group: 'rows' } as const;
const upTo = (from: number) => ({ from: { text: `${from}`, inclusive: true }, to: { text: `${from + 1}`, inclusive: false } });
const threeRanges = { ...range, ranges: [upTo(2), upTo(4), upTo(6)] } as const;

export const loaded = async (...of: Parameters<typeof finished>): Promise<void> => {
  const outcome = await finished(...of);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ outcome: 'committed' });
};

const read = async (home: Home, window = everything, sliceBytes?: number): Promise<void> => {
  for (const slice of await slicesOf(home, window, sliceBytes)) await rowsOf(framesIn(home, slice, window));
};

/** A table is looked at and read, whole and by each of its columns. */
export async function readingScenes(golden: Scenes, { type, columns, homeKeys, open }: ReadDatabase): Promise<void> {
  await using homes = open();
  const { home } = homes;
  const orders = await home({ table: 'orders' });
  await golden.during('home: a look at a table', () => orders.describe());
  await golden.during('home: all of a table', () => read(orders));
  for (const column of ['id', ...columns]) {
    const bound = await golden.during(`home: the newest ${column}`, () => orders.bound({ column, lagMs: 0, future: 'wait' }));
    await golden.during(`home: what is ahead of ${column}, and null`, async () => [
      await orders.future(column),
      await orders.nulls(column),
    ]);
    if (!('done' in bound) || bound.done === undefined || bound.done === 'observed') throw new Error(column);
    const edge = { text: bound.done.text, inclusive: true };
    const window = { ...everything, column: bound.done, lower: { ...edge, inclusive: false }, upper: edge, nulls: 'include' as const };
    await golden.during(`home: an increment by ${column}`, () => read(orders, window));
  }
  await golden.during('home: all of a table, in small slices', () => read(orders, everything, 1));
  await golden.during('home: a query', async () => read(await home({ query: 'SELECT id FROM orders;' })));
  await golden.during('home: a condition', async () => read(await home({ table: 'orders', where: 'id > 3 -- not those' })));
  await golden.during('home: some columns', async () => read(await home({ table: 'orders', columns: ['id'] })));
  const side = await findConnector(type);
  const config = side?.home?.config.parse({ ...homeKeys, table: 'orders' });
  await golden.during('home: debug', async () => side?.home?.probe(config, homes.opening));
  await golden.during('home: the tables of a database', async () => side?.database?.tables?.(config, homes.opening));
  await golden.during('home: a table that is not there', async () => (await home({ table: 'nope' })).describe().catch(() => undefined));
}

/** Everything that commits do, one after the other, with the looks and plans before them. */
export async function writingScenes(golden: Scenes, database: WritingDatabase): Promise<void> {
  const { type, schema, keys } = database;
  await using homes = database.open();
  const side = (await findConnector(type))?.store;
  if (side === undefined) throw new Error('no store');
  const named = (name: string) => `${schema}${name}`;
  const config = (own: Readonly<Record<string, unknown>>) => side.config.parse({ ...keys, ...own });
  let made = 0;
  const random = { ...homes.opening.random, nonce: () => `n${String(++made).padStart(9, '0')}` };
  const opening = { ...homes.opening, random };
  const store: OpenStore = ({ table = 'e', markColumn, entity = 'e' } = {}) =>
    side.open(config({ table: named(table), ...(markColumn === undefined ? {} : { mark_column: markColumn }) }), { ...opening, entity });
  const at = (epoch: number) => ({ epoch, schema: baseSchema, mark: 'mark' });
  const during: Scenes['during'] = (what, work) => golden.during(`store: ${what}`, work);
  const planned = { schema: baseSchema, mode: 'swap', key: [], changes: [] } as const;
  const probed = (table: string) => side.probe(config({ table: named(table) }), opening);

  await during('debug, of which nothing is there', () => probed('e'));
  await during('a look at a table that is not there', async () => (await store()).inspect());
  await during('made ready', async () => (await store()).table?.makeReady());
  await during('a plan of a first load', async () => {
    const one = await store();
    await one.table?.ddl(planned);
    await one.notesOnPlan({ ...planned, supersede: { what: 'nothing' }, target: { content: 'empty' } });
  });
  await during('a first load', () => loaded(store(), { ...at(1), rows: [[1n, 1n]], roles: { boundary: [[2n, 2n]] } }));
  await during('debug, where it has settled before', () => probed('e'));
  await during('a look at what settled', async () => [await (await store()).inspect(), await (await store()).head()]);
  await during('rows in two slices, and an attempt that was lost', () =>
    loaded(store(), { ...at(2), rows: [[2n, 2n]], lost: [[9n, 2n]], slices: [[[3n, 2n]], []], mark: 'mark' }),
  );
  await during('the open group', () =>
    loaded(store(), { ...at(3), supersede: { ...boundary, rows: 3 }, roles: { boundary: [[2n, 2n]] } }).catch(() => undefined),
  );
  await during('a range', () => loaded(store(), { ...at(4), supersede: range, rows: [[5n, 1n]] }));
  await during('a range, merged', () =>
    loaded(store(), { ...at(5), supersede: range, writing: { mode: 'merge', key: ['id'], why: 'key' }, rows: [[5n, 1n]] }),
  );
  await during('a full load that deletes and inserts', () =>
    loaded(store(), { ...at(6), supersede: everythingThere, writing: { ...full, mode: 'delete_insert' }, rows: [[1n, 1n]] }),
  );
  await during('a plan of a full load', async () => {
    const target = await (await store()).inspect();
    if (!('done' in target)) return;
    await (await store()).table?.ddl(planned);
    await (await store()).notesOnPlan({ ...planned, supersede: everythingThere, target: target.done });
  });
  await during('a full load in the place of the table', () =>
    loaded(store(), { ...at(7), supersede: everythingThere, writing: full, rows: [[1n, 1n]] }),
  );
  await during('rows that break a rule', () => loaded(store(), { ...at(8), rows: [[7n, 7n]], roles: { broken: [[8n, null]] } }));
  await during('rows that break a rule, and the open group', () =>
    loaded(store(), { ...at(9), supersede: { ...boundary, text: '7' }, roles: { boundary: [[7n, 7n]], broken: [[8n, null]] } }),
  );
  await during('columns that change', async () => {
    const changed: Schema = {
      columns: [
        { name: 'id', type: { kind: 'int64' }, nullable: true },
        { name: 'marked', type: { kind: 'int64' }, nullable: true },
        { name: 'more', type: text, nullable: true },
      ],
    };
    const changes = [
      { change: 'add column', column: { name: 'more', type: text, nullable: true }, how: 'in place' },
      { change: 'rename column', column: 'mark', to: 'marked', how: 'in place' },
    ] as const;
    await loaded(store(), { epoch: 10, schema: changed, mark: 'marked', changes, rows: [[9n, 9n, 'x']] });
  });
  await mergingScenes(store, during);
  await during('a commit that was done already', async () => {
    const one = await store({ table: 'n' });
    const intent = await decided(one, { epoch: 209, schema: keyed, rows: [['z', 9n, 9n]] });
    for (let times = 0; times < 2; times++) await committed(one, intent);
  });
  await during('every type', () => loaded(store({ table: 'w' }), { epoch: 300, schema: wide, rows: [] }));
  await quarantineScenes(store, during);
  await besideScenes(store, during);
  await during('an attempt that no one finishes, and the sweep', async () => {
    await staged(store({ table: 's' }), { ...at(700), rows: [[1n, 1n]] });
    await (await store({ table: 's' })).sweep({ lineage: 'l1', before: 701 });
  });
  await during('a commit that is given up', async () => {
    const one = await store({ table: 'g' });
    const intent = await decided(one, { ...at(710), rows: [[1n, 1n]] });
    await one.giveUp(intent, { code: 'HYG-4003', reason: 'no' }, 'unseen');
  });
  await during('a commit that is given up by force', async () => {
    const one = await store({ table: 'g2' });
    await loaded(one, { ...at(720), rows: [[1n, 1n]] });
    const intent = await decided(one, { ...at(721), rows: [[1n, 1n]] });
    await one.giveUp(intent, { code: 'HYG-4003', reason: 'no' }, 'by force');
  });
  await during('a reset', async () => {
    const one = await store({ table: 'r' });
    await loaded(one, { ...at(730), rows: [[1n, 1n]] });
    const head = await one.head();
    await one.fence({ prev: head?.id ?? null, id: 'fence', lineage: 'l2', above: 730, state: 'elsewhere', keep: false });
  });
  await during('a table that is taken over as it is', async () => {
    const one = await store({ table: 'a', entity: 'adopted' });
    await one.inspect();
    await one.fence({ prev: null, id: 'adoption', lineage: 'l2', above: 1, state: 'elsewhere', keep: true });
  });
  await during('a head that goes to another entity, and away', async () => {
    await (await store({ table: 'r', entity: 'other' })).carryHead({ flow: 'f', entity: 'e' });
    await (await store({ table: 'r' })).dropHead({ flow: 'f', entity: 'e' });
    await (await store({ table: 'r' })).prune('2026-01-01T00:00:00.000Z');
  });
}

type OpenStore = (of?: StoreOf) => Promise<Store>;

/** More rows than one statement reads. */
const manyBroken = Array.from({ length: 501 }, (_, at) => [BigInt(at), 1n] as const);

async function quarantineScenes(store: OpenStore, during: Scenes['during']): Promise<void> {
  const of = (nth: number) => ({ epoch: 400 + nth, schema: baseSchema, mark: 'mark', writing: merging('id') });
  const one = await store({ table: 'q' });
  await during('many rows that break a rule', () => loaded(one, { ...of(1), rows: [[1n, 9n]], roles: { broken: manyBroken } }));
  await during('rows of the open group that break a rule', () => loaded(one, { ...of(2), ofGroup: true, roles: { broken: [[8n, 2n]] } }));
  await during('a look at the quarantine', () => quarantined(one));
  const supersede = await fromQuarantine(one);
  const writing = { ...merging('id'), keepsNewer: true } as const;
  await during('rows that leave the quarantine', () =>
    loaded(one, { ...of(3), supersede, writing, rows: [[1n, 1n]], roles: { broken: [[8n, 2n]] } }),
  );
  await during('three ranges', () => loaded(one, { ...of(4), supersede: threeRanges, rows: [[1n, 2n]] }));
}

async function mergingScenes(store: OpenStore, during: Scenes['during']): Promise<void> {
  for (const [table, key, from] of [
    ['m', ['k', 'id'], 100],
    ['n', ['id'], 200],
  ] as const) {
    const of = (nth: number) => ({ epoch: from + nth, schema: keyed, mark: 'mark', writing: merging(...key) });
    const merged = (load: Load) => loaded(store({ table }), load);
    const by = `by ${key.join(' and ')}`;
    await during(`a first merge ${by}`, () => merged({ ...of(1), rows: [['a', 1n, 1n]] }));
    await during(`a merge ${by} of keys that come twice`, () =>
      merged({
        ...of(2),
        rows: [
          ['a', 1n, 2n],
          ['a', 1n, 3n],
          ['b', 2n, 2n],
        ],
      }),
    );
    await during(`a merge ${by} of rows that are deleted`, () =>
      merged({ ...of(3), rows: [['d', 4n, 3n]], roles: { deleted: [['c', 3n, 4n]] } }),
    );
    await during(`a merge ${by} of deletes alone`, () => merged({ ...of(4), roles: { deleted: [['c', 3n, 4n]] } }));
    await during(`a merge ${by} of rows that came and went`, () =>
      merged({
        ...of(5),
        rows: [
          ['d', 4n, 3n],
          ['d', 4n, 5n],
        ],
        roles: { deleted: [['d', 4n, 4n]] },
      }),
    );
    await during(`a merge ${by} without a watermark`, () => {
      const { mark: _, ...unmarked } = of(6);
      return merged({
        ...unmarked,
        rows: [
          ['a', 1n, 2n],
          ['a', 1n, 2n],
        ],
      });
    });
    const all = { supersede: everythingThere, writing: { ...merging(...key), mode: 'swap', why: 'full_load' } } as const;
    await during(`a full load ${by}`, () => merged({ ...of(7), ...all, rows: [['a', 1n, 2n]] }));
    await during(`a full load ${by} of rows that came and went`, () =>
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
}

/** A table that others write as well, whose rows a column tells apart. */
async function besideScenes(store: OpenStore, during: Scenes['during']): Promise<void> {
  const at = (epoch: number) => ({ epoch, schema: baseSchema, mark: 'mark' });
  const beside = () => store({ table: 'b', markColumn: 'loaded_by' });
  await during('a look at rows of others', async () => (await beside()).inspect());
  await during('rows next to those of others', () => loaded(beside(), { ...at(501), roles: { boundary: [[1n, 2n]] } }));
  await during('the open group next to those of others', () =>
    loaded(beside(), { ...at(502), supersede: boundary, roles: { boundary: [[1n, 2n]] } }),
  );
  await during('a range next to those of others', () => loaded(beside(), { ...at(503), supersede: range, rows: [[1n, 1n]] }));
  await during('a merge next to those of others', () =>
    loaded(beside(), { ...at(504), writing: merging('id'), rows: [[1n, 2n]], roles: { deleted: [[2n, 2n]] } }),
  );
  await during('a full load next to those of others', () =>
    loaded(beside(), { ...at(505), supersede: everythingThere, writing: { ...full, mode: 'delete_insert' }, rows: [[1n, 1n]] }),
  );
  await during('three ranges next to those of others', () => loaded(beside(), { ...at(506), supersede: threeRanges, rows: [[1n, 2n]] }));
  await during('a look at what is beside', async () => (await beside()).inspect());
}
