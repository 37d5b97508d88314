/** Two flows of hygge settle in one Delta table. Neither removes rows of the other, and a renamed flow does not add its rows a second time. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DeltaTransaction } from '../../../src/delta/table.ts';
import { newestOf } from '../../../src/files/delta-store/writers.ts';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import type { Run } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const incremental = 'run_type: incremental\nwatermark: { column: at }\n';
const csv = (...ids: readonly number[]) => ['id,at', ...ids.map((id) => `${id},2026-01-${String(id).padStart(2, '0')}`), ''].join('\n');

/** A workspace whose flow settles the file `in.csv` in a table. */
class Loader implements Disposable {
  readonly workspace: TestWorkspace;
  readonly #table: string;

  constructor(flow: string, ids: readonly number[], table?: string) {
    this.workspace = new TestWorkspace({ 'in.csv': csv(...ids) });
    this.#table = table ?? this.workspace.path('lake/orders');
    this.config(flow, 'append');
  }

  config(flow: string, ifExists: string, { more = incremental, home = 'in', table = this.#table } = {}): void {
    this.workspace.write({
      [`flows/${flow}/flow.yml`]: `home: { path: ${home}.csv }\nstore: { type: local, path: ${table}, format: delta }\nif_exists: ${ifExists}\n${more}`,
    });
  }

  source(...ids: readonly number[]): void {
    this.workspace.write({ 'in.csv': csv(...ids) });
  }

  go(...args: readonly string[]): Promise<Run> {
    return this.workspace.run(['go', '--output', 'json', ...args]);
  }

  async rename(from: string, to: string): Promise<void> {
    renameSync(this.workspace.path('flows', from), this.workspace.path('flows', to));
    expect((await this.workspace.run(['state', 'mv', `${from}.${from}`, `${to}.${to}`])).code).toBe(0);
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }
}

/** Flow `f` has loaded 1 and 2. Flow `g` of another workspace loads 11 and 12 into the same table. */
class Scene implements Disposable {
  readonly f = new Loader('f', [1, 2]);
  readonly table = this.f.workspace.path('lake/orders');
  readonly g = new Loader('g', [11, 12], this.table);
  readonly others = new OtherCommitter(this.table);

  static async settled(...loaders: readonly ('f' | 'g')[]): Promise<Scene> {
    const scene = new Scene();
    for (const one of loaders) expect(codeOf(await scene[one].go())).toBeUndefined();
    return scene;
  }

  /** The rows, as DuckDB finds them in the files that the log names. */
  async ids(): Promise<readonly number[]> {
    const files = this.others.state().files.map(({ path }) => `'${join(this.table, decodeURIComponent(path))}'`);
    if (files.length === 0) return [];
    const rows = await duck(`select id::int as id from read_parquet([${files.join(', ')}], union_by_name = true) order by id`);
    return rows.map(({ id }) => Number(id));
  }

  [Symbol.dispose](): void {
    this.f[Symbol.dispose]();
    this.g[Symbol.dispose]();
  }
}

const errorOf = (run: Run) => run.events.find((event): event is HyggeEvent & { event: 'error' } => event.event === 'error');
const codeOf = (run: Run) => errorOf(run)?.code;

/** The words of a command in the advice of an error. */
function commandIn(run: Run, what: RegExp): readonly string[] {
  const line = errorOf(run)?.tryThis?.find((one) => what.test(one)) ?? '';
  const [, command = ''] = /hygge ((?:reset|state mv) [^,]*)/.exec(line) ?? [];
  return command.split(' ').map((word) => word.replaceAll('"', ''));
}

describe('a full load with if_exists: replace', () => {
  it('is refused after another flow has settled in the table, and the advice loads next to its rows', async () => {
    using scene = await Scene.settled('f', 'g');
    scene.g.config('g', 'replace');
    scene.g.source(13);
    const plan = await scene.g.go('-d', '--dry-run');
    const run = await scene.g.go('-d');
    expect([codeOf(plan), codeOf(run), await scene.ids()]).toEqual(['HYG-2071', 'HYG-2071', [1, 2, 11, 12]]);
    expect(errorOf(run)?.what).toContain('rows of f.f next to those of g.g');
    const reset = commandIn(run, /if_exists: append/);
    scene.g.config('g', 'append');
    expect((await scene.g.workspace.run(reset)).code).toBe(0);
    expect([codeOf(await scene.g.go()), await scene.ids()]).toEqual([undefined, [1, 2, 13]]);
  });

  it('is refused in a flow whose every load is full, without advice to append', async () => {
    using scene = await Scene.settled('f', 'g');
    scene.g.config('g', 'replace', { more: '' });
    const run = await scene.g.go();
    expect([codeOf(run), await scene.ids()]).toEqual(['HYG-2071', [1, 2, 11, 12]]);
    expect(errorOf(run)?.tryThis?.join()).not.toContain('append');
  });

  it('is refused after a program put the rows of both flows into one file', async () => {
    using scene = await Scene.settled('f', 'g');
    await scene.others.optimize();
    scene.g.config('g', 'replace');
    const run = await scene.g.go('-d');
    expect([codeOf(run), await scene.ids()]).toEqual(['HYG-2071', [1, 2, 11, 12]]);
    // A load that keeps the rows of f.f is refused as well, because rows of g.g are in the same file.
    expect(errorOf(run)?.tryThis?.join()).not.toContain('append');
  });

  it('does not hide whose rows they are when if_exists is fail', async () => {
    using scene = await Scene.settled('f', 'g');
    scene.g.config('g', 'fail');
    const run = await scene.g.go('-d');
    expect(errorOf(run)).toMatchObject({ code: 'HYG-2148', what: expect.stringContaining('of f.f or of other programs') });
    expect(errorOf(run)?.tryThis?.join()).not.toContain('if_exists: replace');
  });
});

describe('a first load into the table of another flow', () => {
  it.each<readonly [string, (scene: Scene) => unknown]>([
    ['settled', () => undefined],
    ['are in a file of another program', (scene) => scene.others.optimize()],
    [
      'were restored in a file of another program',
      async (scene) => {
        await scene.others.optimize();
        const [file] = scene.others.state().files;
        scene.others.drop(file?.path ?? '');
        scene.others.restore(file?.path ?? '');
      },
    ],
    ['have lost their records', (scene) => rmSync(join(scene.table, '_hygge'), { recursive: true })],
    [
      'are in a file of another program and have lost their records',
      async (scene) => {
        await scene.others.optimize();
        rmSync(join(scene.table, '_hygge'), { recursive: true });
      },
    ],
  ])('is refused with if_exists: replace if its rows %s', async (_, happens) => {
    using scene = await Scene.settled('f');
    await happens(scene);
    scene.g.config('g', 'replace');
    expect([codeOf(await scene.g.go()), await scene.ids()]).toEqual(['HYG-2071', [1, 2]]);
  });

  it('names the flow with if_exists: fail, and does not advise to replace its rows', async () => {
    using scene = await Scene.settled('f');
    scene.g.config('g', 'fail');
    const run = await scene.g.go();
    expect(errorOf(run)).toMatchObject({ code: 'HYG-2002', what: expect.stringContaining('rows of f.f') });
    expect(errorOf(run)?.tryThis?.join()).not.toContain('replace');
  });

  it('replaces the rows of other programs after its rows were deleted', async () => {
    using scene = await Scene.settled('f');
    const { files } = scene.others.state();
    await scene.others.append(`select '100' as id`);
    for (const { path } of files) scene.others.drop(path);
    scene.g.config('g', 'replace');
    expect([codeOf(await scene.g.go()), await scene.ids()]).toEqual([undefined, [11, 12]]);
  });

  it('replaces the rows of a program that has overwritten the table', async () => {
    using scene = await Scene.settled('f');
    await scene.others.overwrite(`select '100' as id`);
    scene.g.config('g', 'replace');
    expect([codeOf(await scene.g.go()), await scene.ids()]).toEqual([undefined, [11, 12]]);
  });
});

describe('two flows with one name, in two workspaces', () => {
  it('are told apart: the advice says under which condition a load replaces the rows of the other', async () => {
    using scene = await Scene.settled('f');
    using second = new Loader('f', [21], scene.table);
    const run = await second.go();
    expect([codeOf(run), await scene.ids()]).toEqual(['HYG-2016', [1, 2]]);
    const reset = errorOf(run)?.tryThis?.filter((line) => line.includes('hygge reset')) ?? [];
    expect(reset.length).toBeGreaterThan(0);
    for (const line of reset) expect(line).toMatch(/^If no flow uses that state any more: /);
  });

  it('keep their heads when one of them is renamed', async () => {
    using scene = await Scene.settled('f');
    using second = new Loader('f', [21], scene.table);
    expect((await second.workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect(codeOf(await second.go())).toBeUndefined();
    renameSync(scene.f.workspace.path('flows/f'), scene.f.workspace.path('flows/new'));
    const moved = await scene.f.workspace.run(['state', 'mv', 'f.f', 'new.new']);
    expect([moved.code, moved.stderr]).toEqual([2, expect.stringContaining('HYG-1906')]);
    second.source(21, 22);
    expect([codeOf(await second.go()), await scene.ids()]).toEqual([undefined, [21, 22]]);
  });
});

describe('a renamed flow', () => {
  it('is recognised after its old name got another source, and the advised command moves its state', async () => {
    using scene = await Scene.settled('f');
    const { f } = scene;
    f.workspace.write({ 'b.csv': csv(7) });
    f.config('new', 'append');
    f.config('f', 'append', { home: 'b', table: 'lake/others' });
    const run = await f.go('-e', 'new.new');
    expect([codeOf(run), await scene.ids()]).toEqual(['HYG-2071', [1, 2]]);
    expect((await f.workspace.run(commandIn(run, /state mv/))).code).toBe(0);
    f.source(1, 2, 3);
    expect([codeOf(await f.go()), await scene.ids()]).toEqual([undefined, [1, 2, 3]]);
  });

  it('gets its first name again', async () => {
    using scene = await Scene.settled('f');
    const { f } = scene;
    await f.rename('f', 'new');
    await f.rename('new', 'f');
    f.source(1, 2, 3);
    expect([codeOf(await f.go()), await scene.ids()]).toEqual([undefined, [1, 2, 3]]);
    await f.rename('f', 'new');
    f.source(1, 2, 3, 4);
    expect([codeOf(await f.go()), await scene.ids()]).toEqual([undefined, [1, 2, 3, 4]]);
    await f.rename('new', 'f');
    expect([codeOf(await f.go()), (await f.workspace.run(['verify'])).code, await scene.ids()]).toEqual([undefined, 0, [1, 2, 3, 4]]);
  });

  it('leaves its name to another flow that adds rows to the table', async () => {
    using scene = await Scene.settled('f');
    await scene.f.rename('f', 'new');
    using second = new Loader('f', [21, 22], scene.table);
    expect([codeOf(await second.go()), await scene.ids()]).toEqual([undefined, [1, 2, 21, 22]]);
    second.source(21, 22, 23);
    scene.f.source(1, 2, 3);
    for (const one of [second, scene.f])
      expect([codeOf(await one.go()), (await one.workspace.run(['verify'])).code]).toEqual([undefined, 0]);
    expect(await scene.ids()).toEqual([1, 2, 3, 21, 22, 23]);
  });
});

it('a record without its parts is an error about the record', async () => {
  using scene = await Scene.settled('f');
  const commits = join(scene.table, '_hygge/f/f/commits');
  const [record] = readdirSync(commits, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  const path = join(commits, record ?? '');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ head: { flow: 'f' } });
  writeFileSync(path, '{"format":1,"at":1,"head":{"files":[]}}');
  expect(codeOf(await scene.f.go())).toBe('HYG-4101');
});

describe('the newest transaction of an entity', () => {
  const key = { flow: 'f', entity: 'f' };
  type Transactions = readonly (readonly [string, DeltaTransaction])[];
  const moved: Transactions = [
    ['hygge/f/f/first', { version: 10, lastUpdated: 1 }],
    ['hygge/g/g/first', { version: 10, lastUpdated: 2 }],
  ];

  it('is not in a lineage that another name used later, whatever the order of the log', () => {
    const later = ['hygge/f/f/second', { version: 2, lastUpdated: 3 }] as const;
    for (const log of [
      [...moved, later],
      [later, ...moved.toReversed()],
    ])
      expect(newestOf(key, new Map(log))?.version).toBe(2);
  });

  it('is in such a lineage if the entity has no other one, so that an interrupted move finds the head', () => {
    expect(newestOf(key, new Map(moved))?.lastUpdated).toBe(1);
  });
});
