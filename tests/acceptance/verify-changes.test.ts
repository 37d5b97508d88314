/** Feeds of changes × stores × deletes: after each run, and before it, both sides are the same as far as designed. What a person changes is a difference. */
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { connectionOf, served } from '../databases/sqlserver/support.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { diskFolder } from '../support/delta/writer/folder.ts';
import { DeltaTable } from '../support/delta/writer/table.ts';
import { inProcess } from '../support/in-process.ts';
import { whole } from '../support/samples.ts';
import type { MemoryTable } from '../support/sqlserver.ts';
import { ChangeTracking, trackedDatabase } from '../support/sqlserver-changes.ts';
import type { Value } from '../support/tds/values.ts';
import { TestWorkspace } from '../support/workspace.ts';

interface Item {
  readonly id: number;
  readonly note: string;
}

/** A source that tells its changes. */
interface Source extends AsyncDisposable {
  readonly home: string;
  /** Below `watermark`, without the key. */
  readonly watermark: string;
  /** The settled column that tells the newest version of a row. */
  readonly version: string;
  /** Below `connections` of hygge.yml. */
  readonly connections: string;
  put(...items: readonly Item[]): Promise<void>;
  remove(id: number): Promise<void>;
  /** Changes a row that was there before, and tells no change. Null: the source can't. */
  readonly changeSilently: ((item: Item) => void) | null;
}

const plain = { version: '_change_version', connections: '' } as const;

async function deltaFeed(workspace: TestWorkspace): Promise<Source> {
  mkdirSync(workspace.path('orders'));
  const columns = [
    { name: 'id', type: 'long' },
    { name: 'note', type: 'string' },
  ] as const;
  const options = { seed: 1, columns, style: 'spark', features: ['changeDataFeed', 'deletionVectors'] } as const;
  const table = await DeltaTable.create(diskFolder(workspace.path('orders')), options);
  const there = new Set<number>();
  return {
    home: '{ path: orders, format: delta }',
    watermark: 'changes: change_feed',
    ...plain,
    async put(...items) {
      const changed = new Map(items.filter(({ id }) => there.has(id)).map((item) => [item.id, item]));
      if (changed.size > 0)
        await table.update((row) => changed.get(Number(row.id)) && { ...row, ...changed.get(Number(row.id)) }, 'rewrite');
      const added = items.filter(({ id }) => !there.has(id));
      if (added.length > 0) await table.append(added.map((item) => ({ ...item })));
      for (const { id } of added) there.add(id);
    },
    async remove(gone) {
      await table.delete(({ id }) => id === gone, 'rewrite');
      there.delete(gone);
    },
    changeSilently: null,
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  };
}

async function eventsOfApi(): Promise<Source> {
  let now = 1_790_000_000;
  const there = new Map<number, object>();
  const events: { readonly at: number; readonly kind: string; readonly item: object }[] = [];
  const api = await scriptedApi(({ path, query }) => {
    const told = events.filter(({ at }) => at >= Number(query.from) && at <= Number(query.to ?? now));
    const data = path === '/events' ? told.reverse() : [...there.values()];
    return { headers: { date: new Date(now * 1000).toUTCString() }, body: JSON.stringify({ data, has_more: false }) };
  });
  const happens = (kind: string, item: object) => {
    now += 60;
    events.push({ at: now, kind, item });
    now += 120;
  };
  return {
    home: `
  type: rest_api
  base_url: "${api.url}"
  endpoint: items
  records: data
  pagination: { type: keyset, param: after, field: id, has_more_at: has_more, page_size: 100, size_param: limit }
  events: { endpoint: events, from: from, to: to, format: epoch_s, at: at, record: item, key: [id], kept: 30d, deleted: { at: kind, is: deleted } }
`,
    watermark: 'changes: events',
    ...plain,
    async put(...items) {
      for (const item of items) {
        there.set(item.id, item);
        happens('changed', item);
      }
    },
    async remove(id) {
      happens('deleted', there.get(id) ?? {});
      there.delete(id);
    },
    changeSilently: (item) => void there.set(item.id, item),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

async function changeTracking(): Promise<Source> {
  const tracking = new ChangeTracking(40);
  const table: MemoryTable = {
    name: 'dbo.orders',
    columns: { id: 'int not null', note: 'nvarchar(20) not null' },
    rows: [],
    keys: ['id'],
  };
  tracking.enable(table);
  const server = await served(trackedDatabase(tracking, [table]));
  const rowOf = ({ id, note }: Item): Value[] => [String(id), note];
  return {
    home: '{ connection: erp, table: orders }',
    watermark: 'changes: change_tracking',
    ...plain,
    connections: connectionOf(server).replace('connections:\n', ''),
    async put(...items) {
      tracking.commit(
        table,
        items.map((item) => ({ key: String(item.id), row: rowOf(item) })),
      );
    },
    async remove(id) {
      tracking.commit(table, [{ key: String(id), row: null }]);
    },
    changeSilently(item) {
      const at = table.rows.findIndex(([id]) => id === String(item.id));
      (table.rows as Value[][])[at] = rowOf(item);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Entries in the order in which they changed last, each once, as OData says of delta links. */
async function deltaLinks(): Promise<Source> {
  let now = 0;
  const there = new Map<number, { readonly at: number; readonly item: Item | null }>();
  const edmx = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Order"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" Nullable="false"/><Property Name="note" Type="Edm.String"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="orders" EntityType="S.Order"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
  const api = await scriptedApi(({ path, query }) => {
    if (path.endsWith('$metadata')) return { body: edmx };
    const since = Number(query.$deltatoken ?? -1);
    const changed = [...there].filter(([, { at, item }]) => at > since && (since >= 0 || item !== null));
    const value = changed
      .sort(([, a], [, b]) => a.at - b.at)
      .map(([id, { item }]) => item ?? { '@removed': { reason: 'deleted' }, '@id': `orders(${id})` });
    const link = `${api.url}/orders?$deltatoken=${now}`;
    const headers = { date: new Date(1_790_000_000_000 + now * 60_000).toUTCString() };
    return { headers, body: JSON.stringify({ value, '@odata.deltaLink': link }) };
  });
  return {
    home: `{ type: odata, base_url: "${api.url}", endpoint: orders, count: false }`,
    watermark: 'changes: delta_links',
    ...plain,
    async put(...items) {
      for (const item of items) there.set(item.id, { at: ++now, item });
    },
    async remove(id) {
      there.set(id, { at: ++now, item: null });
    },
    changeSilently: (item) => void there.set(item.id, { at: 0, item }),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** A list by the time of the last change, which keeps what was deleted, with a mark. */
async function markedList(): Promise<Source> {
  let now = 1_790_000_000;
  const there = new Map<number, Item & { readonly upd: string; readonly gone: boolean }>();
  const api = await scriptedApi(({ query }) => {
    const told = [...there.values()].filter(({ upd }) => query.since === undefined || upd >= query.since);
    const headers = { date: new Date(now * 1000).toUTCString() };
    return { headers, body: JSON.stringify(told.sort((a, b) => a.upd.localeCompare(b.upd))) };
  });
  const changed = (item: Item, gone: boolean) => {
    now += 60;
    there.set(item.id, { ...item, upd: `${new Date(now * 1000).toISOString().slice(0, 19)}Z`, gone });
    now += 120;
  };
  return {
    home: `
  type: rest_api
  base_url: "${api.url}"
  endpoint: items
  window: { from: since }
  types: { upd: timestamptz }
  deleted: { at: gone, is: true }
`,
    watermark: 'column: upd',
    version: 'upd',
    connections: '',
    async put(...items) {
      for (const item of items) changed(item, false);
    },
    async remove(id) {
      changed(there.get(id) ?? { id, note: '' }, true);
    },
    changeSilently(item) {
      const before = there.get(item.id);
      if (before !== undefined) there.set(item.id, { ...before, ...item });
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

const sources = {
  'a Delta feed': deltaFeed,
  events: eventsOfApi,
  'change tracking': changeTracking,
  'delta links': deltaLinks,
  'a list with marks': markedList,
} as const;
const table = '{ type: sqlite, path: out.db, table: e }';
const stores = {
  'a merged table': { store: table, key: true, plants: 'by SQL' },
  'a table of versions': { store: table, key: false, plants: 'by SQL' },
  'files of versions': { store: '{ type: parquet, path: lake }', key: true, plants: 'in the source' },
  'a merged table of Delta': { store: '{ type: local, path: lake, format: delta }', key: true, plants: 'in the source' },
} as const;
const deletes = ['unsaid', 'mark', 'ignore', 'apply'] as const;

interface Shape {
  readonly from: keyof typeof sources;
  readonly into: keyof typeof stores;
  readonly deleted: (typeof deletes)[number];
}

const shapes: readonly Shape[] = (Object.keys(sources) as Shape['from'][]).flatMap((from) =>
  (Object.keys(stores) as Shape['into'][]).flatMap((into) =>
    deletes.filter((deleted) => isOffered({ from, into, deleted })).map((deleted) => ({ from, into, deleted })),
  ),
);

/** What a store that merges does with deletes of a feed if nothing is said is \`apply\`. A list with marks says what is deleted by a row, which stays if nothing is said. */
function isOffered({ from, into, deleted }: Shape): boolean {
  // A Delta table sets no single columns of a row, so it can't mark what these report by the key alone (HYG-2105).
  if (into === 'a merged table of Delta' && deleted === 'mark' && (from === 'change tracking' || from === 'delta links')) return false;
  if (from !== 'a list with marks') return deleted !== 'apply';
  return deleted !== 'mark' && (deleted !== 'apply' || isMerged(into));
}

function isMerged(into: Shape['into']): boolean {
  return into.startsWith('a merged table');
}

class Scene implements AsyncDisposable {
  readonly #workspace: TestWorkspace;
  readonly source: Source;
  readonly #shape: Shape;

  static async of(shape: Shape): Promise<Scene> {
    const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n' });
    return new Scene(workspace, await sources[shape.from](workspace), shape);
  }

  private constructor(workspace: TestWorkspace, source: Source, shape: Shape) {
    this.#workspace = workspace;
    this.source = source;
    this.#shape = shape;
    this.write(this.hasKey);
  }

  /** A Delta table has no key of its own. */
  get hasKey(): boolean {
    return stores[this.#shape.into].key;
  }

  write(hasKey: boolean): void {
    const { into, deleted } = this.#shape;
    const { home, watermark, connections } = this.source;
    // A store of files without a key appends, and does not merge.
    const merges = deleted === 'apply' ? 'write_strategy: merge\n' : '';
    this.#workspace.write({
      'hygge.yml': `name: w\n${connections === '' ? '' : `connections:\n${connections}`}`,
      'flows/f/flow.yml': `home: ${home}
store: ${stores[into].store}
run_type: incremental
watermark: { ${watermark}${hasKey ? ', key: [id]' : ''} }
${merges}${deleted === 'unsaid' ? '' : `deletes: ${deleted}\n`}`,
    });
  }

  async #hygge(...args: readonly string[]) {
    const { code, stdout, stderr } = await inProcess(args, this.#workspace.root, {});
    return { code, out: stdout + stderr };
  }

  async go(): Promise<void> {
    const { code, out } = await this.#hygge('go');
    expect(code, out).toBe(0);
  }

  async verified(...args: readonly string[]) {
    const { out } = await this.#hygge('verify', '--pause', '0s', '--output', 'json', ...args);
    const line = out.split('\n').find((one) => one.includes('"verdict"'));
    return JSON.parse(line ?? '{}') as { verdict: string; because: string | null; rows: Record<string, number>; error: unknown };
  }

  async isSame(when: string): Promise<string | null> {
    const found = await this.verified();
    expect(found.verdict, `${when}: ${JSON.stringify(found)}`).toBe('same');
    return found.because;
  }

  sql(...statements: readonly string[]): void {
    using database = new DatabaseSync(this.#workspace.path('out.db'));
    database.exec(statements.join('; '));
  }

  addForeign(): void {
    this.sql('create table c as select * from e where id = 5', 'update c set id = 99', 'insert into e select * from c', 'drop table c');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.source[Symbol.asyncDispose]();
    this.#workspace[Symbol.dispose]();
  }
}

/** Loads four rows, changes one, deletes two, of which one comes back. */
async function livedThrough(scene: Scene): Promise<void> {
  const { source } = scene;
  await source.put({ id: 1, note: 'a' }, { id: 2, note: 'b' }, { id: 3, note: 'c' }, { id: 4, note: 'd' });
  await scene.go();
  await source.put({ id: 1, note: 'A' }, { id: 5, note: 'e' });
  await scene.go();
  await source.put({ id: 1, note: 'a' });
  await source.remove(2);
  await source.remove(3);
  await scene.go();
  await source.put({ id: 2, note: 'back' });
  await scene.go();
}

/** Each source and each store, and those that have failed in a way of their own. A soak has all shapes. */
const everyTime: readonly Shape[] = [
  { from: 'delta links', into: 'a merged table', deleted: 'mark' },
  { from: 'a list with marks', into: 'a merged table', deleted: 'unsaid' },
  { from: 'a list with marks', into: 'a merged table', deleted: 'apply' },
  { from: 'a list with marks', into: 'files of versions', deleted: 'unsaid' },
  { from: 'a Delta feed', into: 'a merged table of Delta', deleted: 'unsaid' },
  { from: 'change tracking', into: 'a table of versions', deleted: 'ignore' },
  { from: 'events', into: 'files of versions', deleted: 'mark' },
];

describe.each(whole ? shapes : everyTime)('$from into $into, deletes: $deleted', (shape) => {
  test('is the same after each run and before it, and what was changed otherwise is a difference', async () => {
    await using scene = await Scene.of(shape);
    const { source } = scene;
    const needsKey = shape.from === 'a Delta feed' && !scene.hasKey;
    await source.put({ id: 1, note: 'a' }, { id: 2, note: 'b' }, { id: 3, note: 'c' }, { id: 4, note: 'd' });
    await scene.go();
    await scene.isSame('after the first run');
    await source.put({ id: 1, note: 'A' }, { id: 5, note: 'e' });
    await source.remove(2);
    if (shape.from === 'a list with marks' && !scene.hasKey) {
      // Nothing tells which of the rows is a newer version of another one.
      expect(await scene.verified()).toMatchObject({ verdict: 'not told', differences: { only_in_source: 0 } });
      return;
    }
    expect(await scene.isSame('before the next run')).toBe(shape.from === 'a Delta feed' ? null : 'so far');
    await scene.go();
    if (needsKey) {
      expect(await scene.verified()).toMatchObject({ verdict: 'not told', because: 'no key' });
      return;
    }
    await scene.isSame('after changes');
    await source.put({ id: 1, note: 'a' }, { id: 2, note: 'back' });
    await source.remove(3);
    await scene.go();
    const hasRowsApart =
      !isMerged(shape.into) || !(shape.deleted === 'apply' || (shape.deleted === 'unsaid' && shape.from !== 'a list with marks'));
    expect(await scene.isSame('after a row came back')).toBe(hasRowsApart ? 'as designed' : null);
    if (stores[shape.into].plants === 'by SQL') {
      const newest = `id = 1 and ${source.version} = (select max(${source.version}) from e where id = 1)`;
      scene.sql(`update e set note = 'wrong' where ${isMerged(shape.into) ? 'id = 1' : newest}`);
      expect(await scene.verified()).toMatchObject({ verdict: 'differs', differences: { changed: 1, only_in_destination: 0 } });
      scene.sql("delete from e where note = 'wrong'");
      scene.addForeign();
      expect((await scene.verified()).verdict).toBe('differs');
    } else if (source.changeSilently !== null) {
      source.changeSilently({ id: 1, note: 'wrong' });
      expect(await scene.verified()).toMatchObject({ verdict: 'differs', differences: { changed: 1, only_in_destination: 0 } });
    }
  });
});

test('a foreign row is a difference next to rows that deletes: ignore keeps', async () => {
  await using scene = await Scene.of({ from: 'events', into: 'a merged table', deleted: 'ignore' });
  await livedThrough(scene);
  expect(await scene.verified()).toMatchObject({ verdict: 'same', because: 'as designed', rows: { deletes_ignored: 1 } });
  expect(await scene.verified('--sample', '99.9%')).toMatchObject({ verdict: 'not told', because: 'ignored deletes' });
  scene.addForeign();
  expect(await scene.verified()).toMatchObject({ verdict: 'differs', rows: { foreign: 1 } });
});

test('a row that another program marks as deleted is a difference, in a table of versions', async () => {
  await using scene = await Scene.of({ from: 'events', into: 'a table of versions', deleted: 'mark' });
  await livedThrough(scene);
  await scene.isSame('after all runs');
  scene.sql('update e set _deleted = true where id = 1 and _change_version = (select max(_change_version) from e where id = 1)');
  expect(await scene.verified()).toMatchObject({ verdict: 'differs', differences: { only_in_source: 1 } });
});
