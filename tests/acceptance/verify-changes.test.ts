/** Feeds of changes × stores × deletes: after each run, and before it, both sides are the same as far as designed. What a person changes is a difference. */
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { connectionOf, served } from '../databases/sqlserver/support.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { diskFolder } from '../support/delta/writer/folder.ts';
import { DeltaTable } from '../support/delta/writer/table.ts';
import { inProcess } from '../support/in-process.ts';
import { sampled } from '../support/samples.ts';
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
  readonly changes: string;
  readonly files: Readonly<Record<string, string>>;
  put(...items: readonly Item[]): Promise<void>;
  remove(id: number): Promise<void>;
  /** Changes a row that was there before, and tells no change. Null: the source can't. */
  readonly changeSilently: ((item: Item) => void) | null;
}

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
    changes: 'change_feed',
    files: {},
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
    changes: 'events',
    files: {},
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
    changes: 'change_tracking',
    files: { 'hygge.yml': `name: w\n${connectionOf(server)}` },
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

const sources = { 'a Delta feed': deltaFeed, events: eventsOfApi, 'change tracking': changeTracking } as const;
const table = '{ type: sqlite, path: out.db, table: e }';
const stores = {
  'a merged table': { store: table, key: true, plants: 'by SQL' },
  'a table of versions': { store: table, key: false, plants: 'by SQL' },
  'files of versions': { store: '{ type: parquet, path: lake }', key: true, plants: 'in the source' },
  'a Delta table of versions': { store: '{ type: local, path: lake, format: delta }', key: true, plants: 'in the source' },
} as const;
const deletes = ['unsaid', 'mark', 'ignore'] as const;

interface Shape {
  readonly from: keyof typeof sources;
  readonly into: keyof typeof stores;
  readonly deleted: (typeof deletes)[number];
}

const shapes: readonly Shape[] = (Object.keys(sources) as Shape['from'][]).flatMap((from) =>
  (Object.keys(stores) as Shape['into'][]).flatMap((into) => deletes.map((deleted) => ({ from, into, deleted }))),
);

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
    const { home, changes, files } = this.source;
    this.#workspace.write({
      ...files,
      'flows/f/flow.yml': `home: ${home}
store: ${stores[into].store}
run_type: incremental
watermark: { changes: ${changes}${hasKey ? ', key: [id]' : ''} }
${deleted === 'unsaid' ? '' : `deletes: ${deleted}\n`}`,
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

  sql(statement: string): void {
    using database = new DatabaseSync(this.#workspace.path('out.db'));
    database.exec(statement);
  }

  addForeign(): void {
    this.sql('create temp table c as select * from e where id = 5; update c set id = 99; insert into e select * from c');
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

describe.each(sampled(shapes, 9))('$from into $into, deletes: $deleted', (shape) => {
  test('is the same after each run and before it, and what was changed otherwise is a difference', async () => {
    await using scene = await Scene.of(shape);
    const { source } = scene;
    const needsKey = shape.from === 'a Delta feed' && !scene.hasKey;
    await source.put({ id: 1, note: 'a' }, { id: 2, note: 'b' }, { id: 3, note: 'c' }, { id: 4, note: 'd' });
    await scene.go();
    await scene.isSame('after the first run');
    await source.put({ id: 1, note: 'A' }, { id: 5, note: 'e' });
    await source.remove(2);
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
    const hasRowsApart = shape.into !== 'a merged table' || shape.deleted !== 'unsaid';
    expect(await scene.isSame('after a row came back')).toBe(hasRowsApart ? 'as designed' : null);
    if (stores[shape.into].plants === 'by SQL') {
      scene.sql("update e set note = 'wrong' where id = 1 and _change_version = (select max(_change_version) from e where id = 1)");
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

test('a foreign row is a difference beside rows that deletes: ignore keeps', async () => {
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
