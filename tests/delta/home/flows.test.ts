import { mkdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import { diskFolder } from '../../support/delta/writer/folder.ts';
import type { PlainRow, TableOptions } from '../../support/delta/writer/options.ts';
import { DeltaTable } from '../../support/delta/writer/table.ts';
import type { Run } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** A table of orders that another program writes, and a flow that reads it. */
interface Scene extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly orders: DeltaTable;
}

async function sceneOf(flow: string, more: Partial<TableOptions> = {}): Promise<Scene> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: { path: orders, format: delta }\n${flow}` });
  mkdirSync(workspace.path('orders'));
  const columns = [
    { name: 'id', type: 'long' },
    { name: 'at', type: 'timestamp' },
    { name: 'note', type: 'string' },
  ] as const;
  const orders = await DeltaTable.create(diskFolder(workspace.path('orders')), { seed: 1, columns, style: 'spark', ...more });
  return {
    workspace,
    orders,
    async [Symbol.asyncDispose]() {
      await orders[Symbol.asyncDispose]();
      workspace[Symbol.dispose]();
    },
  };
}

const hour = (n: number) => `2026-11-01 ${String(n % 24).padStart(2, '0')}:00:00.123456`;
const rows = (from: number, to: number, more: PlainRow = {}): readonly PlainRow[] =>
  Array.from({ length: to - from }, (_, i) => ({ id: from + i, at: hour(from + i), note: `n${from + i}`, ...more }));

const go = ({ workspace }: Scene, ...args: readonly string[]) => workspace.run(['go', '--output', 'json', ...args]);
const last = (run: Run) => run.events.at(-1);
const errorOf = (run: Run) => run.events.find((event): event is HyggeEvent & { event: 'error' } => event.event === 'error');
const ids = async ({ workspace }: Scene) => (await workspace.settled('out', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b);
const between = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('increments by the log', () => {
  const flow = (policy = '') => `store: out\nrun_type: incremental\n${policy}`;

  it('read the files that later versions added, and not those that only rewrite rows', async () => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 5));
    await scene.orders.append(rows(5, 8));
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 8 });
    expect(last(await go(scene))).toMatchObject({ skip: 1 });
    await scene.orders.optimize();
    await scene.orders.rewriteStatistics();
    expect(last(await go(scene))).toMatchObject({ skip: 1 });
    await scene.orders.append(rows(8, 10));
    await scene.orders.optimize();
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(scene)).toEqual(between(0, 10));
  });

  it.each(['rewrite', 'vectors'] as const)(
    'stop where a version deleted rows that settled (%s), and changed_files: ignore skips the change out',
    async (how) => {
      await using scene = await sceneOf(flow(), { features: ['deletionVectors'] });
      await scene.orders.append(rows(0, 5));
      await go(scene);
      await scene.orders.delete(({ id }) => id === 3, how);
      await scene.orders.append(rows(5, 7));
      const error = errorOf(await go(scene));
      expect(error).toMatchObject({ code: 'HYG-3902', what: expect.stringContaining('Version 2') });
      expect(error?.tryThis?.some((line) => line.includes('changed_files: ignore'))).toBe(true);
      scene.workspace.write({ 'flows/f/flow.yml': `home: { path: orders, format: delta }\n${flow('changed_files: ignore\n')}` });
      expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 2 });
      expect(await ids(scene)).toEqual(between(0, 7));
    },
  );

  it('settle all rows of the files that such a version adds, with changed_files: append', async () => {
    await using scene = await sceneOf(flow('changed_files: append\n'));
    await scene.orders.append(rows(0, 4));
    await go(scene);
    await scene.orders.update((row) => (row.id === 1 ? { ...row, note: 'new' } : undefined), 'rewrite');
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 4 });
    expect(await ids(scene)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('keep the destination equal file by file with changed_files: replace, whatever was compacted, restored and cleaned up', async () => {
    await using scene = await sceneOf(flow('changed_files: replace\n'), { features: ['deletionVectors'] });
    await scene.orders.append(rows(0, 6), 2);
    await go(scene);
    await scene.orders.delete(({ id }) => id === 1, 'vectors');
    expect(last(await go(scene))).toMatchObject({ error: 0, rows: -1 });
    expect(await ids(scene)).toEqual([0, 2, 3, 4, 5]);
    await scene.orders.optimize();
    await scene.orders.update((row) => (row.id === 5 ? { ...row, id: 50 } : undefined), 'rewrite');
    await scene.orders.checkpoint();
    await scene.orders.cleanLog();
    expect(last(await go(scene))).toMatchObject({ pass: 1 });
    expect(await ids(scene)).toEqual([0, 2, 3, 4, 50]);
    await scene.orders.delete(() => true, 'rewrite');
    expect(last(await go(scene))).toMatchObject({ error: 0, rows: -5 });
    expect(await ids(scene)).toEqual([]);
  });

  it('stop where the settled rows are not known by file, until everything is loaded again', async () => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 4));
    await go(scene);
    await scene.orders.delete(({ id }) => id === 1);
    scene.workspace.write({ 'flows/f/flow.yml': `home: { path: orders, format: delta }\n${flow('changed_files: replace\n')}` });
    const stopped = errorOf(await go(scene));
    expect(stopped).toMatchObject({ code: 'HYG-3903' });
    expect(stopped?.tryThis?.[0]).toContain('hygge go -d -e f.f');
    expect(last(await go(scene, '-d', '-e', 'f.f'))).toMatchObject({ error: 0 });
    expect(await ids(scene)).toEqual([0, 2, 3]);
  });

  it('stop at changed_files: replace over rows that settled without it, though nothing is new', async () => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 2));
    await go(scene);
    scene.workspace.write({ 'flows/f/flow.yml': `home: { path: orders, format: delta }\n${flow('changed_files: replace\n')}` });
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903' });
    expect(await ids(scene)).toEqual([0, 1]);
  });

  it('stop where a name belongs to another column than before', async () => {
    await using scene = await sceneOf(flow(), { features: ['columnMapping'] });
    await scene.orders.append(rows(0, 2));
    await go(scene);
    await scene.orders.dropColumn('note');
    await scene.orders.addColumn({ name: 'note', type: 'string' });
    await scene.orders.append(rows(2, 3));
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('Column note')] });
  });

  it('stop at a log that was written again up to the same version', async () => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 2));
    await go(scene);
    const commit = `orders/_delta_log/${'1'.padStart(20, '0')}.json`;
    const before = readFileSync(scene.workspace.path(commit), 'utf8');
    scene.workspace.write({ [commit]: before.replace('"timestamp":1', '"timestamp":2') });
    expect(readFileSync(scene.workspace.path(commit), 'utf8')).not.toBe(before);
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('rewritten')] });
  });

  it('leave out a restored table with changed_files: ignore', async () => {
    await using scene = await sceneOf(flow('changed_files: ignore\n'));
    await scene.orders.append(rows(0, 2));
    await go(scene);
    await scene.orders.delete(() => true, 'rewrite');
    await scene.orders.restore(1);
    expect(last(await go(scene))).toMatchObject({ skip: 1 });
    expect(await ids(scene)).toEqual([0, 1]);
  });

  it('stop where the files between the versions were removed, and go on after a full load', async () => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 2));
    await go(scene);
    await scene.orders.append(rows(2, 3));
    await scene.orders.append(rows(3, 4));
    await scene.orders.optimize();
    await scene.orders.vacuum(0);
    const stopped = errorOf(await go(scene));
    expect(stopped).toMatchObject({ code: 'HYG-3904' });
    expect(stopped?.tryThis?.[0]).toContain('hygge go -d -e f.f');
    expect(last(await go(scene, '-d', '-e', 'f.f'))).toMatchObject({ error: 0 });
    expect(await ids(scene)).toEqual(between(0, 4));
  });

  it('stop at a table that was dropped and made again, and at a log that no longer reaches back', async () => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 4));
    await go(scene);
    await scene.orders.append(rows(4, 5));
    await scene.orders.append(rows(5, 6));
    await scene.orders.checkpoint();
    await scene.orders.cleanLog();
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('version 1 has settled')] });
    await scene.orders.recreate();
    await scene.orders.append(rows(0, 2));
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('dropped and made again')] });
  });
});

describe('a watermark', () => {
  it('reads what is above it, and counts what is in the future and null', async () => {
    await using scene = await sceneOf('store: out\nrun_type: incremental\nwatermark: { column: at, nulls: exclude }\n');
    await scene.orders.append(rows(0, 5), 2);
    await scene.orders.append([{ id: 90, at: '2999-01-01 00:00:00.000000', note: 'later' }]);
    await scene.orders.append([{ id: 91, at: null, note: 'never' }]);
    const run = await go(scene);
    expect(last(run)).toMatchObject({ rows: 5, error: 0 });
    expect(await ids(scene)).toEqual(between(0, 5));
    await scene.orders.append(rows(5, 8));
    await go(scene);
    expect(await ids(scene)).toEqual(between(0, 8));
  });

  it('ends at the newest value that is there, not at one that was deleted', async () => {
    await using scene = await sceneOf('store: out\nrun_type: incremental\nwatermark: { column: id }\n', { features: ['deletionVectors'] });
    await scene.orders.append(rows(0, 10));
    await scene.orders.delete(({ id }) => Number(id) > 4, 'vectors');
    await go(scene);
    await scene.orders.append(rows(5, 8));
    expect(last(await go(scene))).toMatchObject({ error: 0 });
    expect(await ids(scene)).toEqual(between(0, 8));
  });
});

describe('the change feed', () => {
  const flow = 'store: { type: sqlite, path: out.sqlite }\nrun_type: incremental\nwatermark: { changes: change_feed, key: id }\n';
  const notes = ({ workspace }: Scene) => {
    using file = new DatabaseSync(workspace.path('out.sqlite'), { readOnly: true });
    return file
      .prepare('SELECT id, note FROM f ORDER BY id')
      .all()
      .map(({ id, note }) => `${id} ${note}`);
  };

  it('applies inserts, updates, deletes and changed keys, several versions at once', async () => {
    await using scene = await sceneOf(flow, { features: ['changeDataFeed', 'deletionVectors'] });
    await scene.orders.append(rows(0, 4));
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 4 });
    await scene.orders.update((row) => (row.id === 1 ? { ...row, note: 'once' } : undefined), 'rewrite');
    await scene.orders.update((row) => (row.id === 1 ? { ...row, note: 'twice' } : undefined), 'vectors');
    await scene.orders.update((row) => (row.id === 2 ? { ...row, id: 20 } : undefined), 'rewrite');
    await scene.orders.delete(({ id }) => id === 0, 'vectors');
    await scene.orders.append(rows(4, 5));
    expect(last(await go(scene))).toMatchObject({ error: 0 });
    expect(notes(scene)).toEqual(['1 twice', '3 n3', '4 n4', '20 n2']);
    await scene.orders.overwrite(rows(3, 5, { note: 'anew' }));
    expect(last(await go(scene))).toMatchObject({ error: 0 });
    expect(notes(scene)).toEqual(['3 anew', '4 anew']);
    expect(last(await go(scene))).toMatchObject({ skip: 1 });
  });

  it.each([1, 3])('stops at a table that was dropped and made again, at version %i', async (versions) => {
    await using scene = await sceneOf(flow, { features: ['changeDataFeed'] });
    await scene.orders.append(rows(0, 2));
    await go(scene);
    await scene.orders.recreate();
    for (let version = 1; version <= versions; version++) await scene.orders.append(rows(version * 10, version * 10 + 1));
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('made again')] });
    expect(last(await go(scene, '-d', '-e', 'f.f'))).toMatchObject({ error: 0 });
    expect(notes(scene)).toHaveLength(versions);
  });

  it('names a column that is called like one of the feed, and runs without it', async () => {
    const columns = [
      { name: 'id', type: 'long' },
      { name: '_deleted', type: 'boolean' },
      { name: 'note', type: 'string' },
    ] as const;
    await using scene = await sceneOf(flow, { features: ['changeDataFeed'], columns });
    await scene.orders.append([{ id: 1, _deleted: false, note: 'n' }]);
    const stopped = errorOf(await go(scene));
    expect(stopped).toMatchObject({ code: 'HYG-3906', tryThis: ['exclude: [_deleted]'] });
    scene.workspace.write({ 'flows/f/flow.yml': `home: { path: orders, format: delta, ${stopped?.tryThis?.[0]} }\n${flow}` });
    expect(last(await go(scene))).toMatchObject({ error: 0, rows: 1 });
  });

  it('stops at a table without one, and where its versions are gone', async () => {
    await using without = await sceneOf(flow);
    await without.orders.append(rows(0, 2));
    expect(errorOf(await go(without))).toMatchObject({ code: 'HYG-3905' });
    await using scene = await sceneOf(flow, { features: ['changeDataFeed'] });
    await scene.orders.append(rows(0, 2));
    await go(scene);
    await scene.orders.append(rows(2, 3));
    await scene.orders.append(rows(3, 4));
    await scene.orders.checkpoint();
    await scene.orders.cleanLog();
    expect(errorOf(await go(scene))).toMatchObject({ code: 'HYG-3903' });
  });
});

describe('hygge verify', () => {
  it('compares with the version that settled, whatever others have written since', async () => {
    await using scene = await sceneOf('store: out\nrun_type: incremental\n');
    await scene.orders.append(rows(0, 3));
    await go(scene);
    await scene.orders.append(rows(3, 6));
    await scene.orders.delete(({ id }) => id === 0);
    const verify = await scene.workspace.run(['verify', 'f.f', '--output', 'json']);
    expect(verify.code, verify.stdout + verify.stderr).toBe(0);
    expect(verify.stdout).toContain('"same"');
  });

  it('compares with a later version of the same rows where the files of the settled one are gone', async () => {
    await using scene = await sceneOf('store: out\nrun_type: incremental\n');
    await scene.orders.append(rows(0, 3));
    await scene.orders.append(rows(3, 6));
    await go(scene);
    await scene.orders.optimize();
    await scene.orders.vacuum(0);
    const verify = await scene.workspace.run(['verify', 'f.f', '--output', 'json']);
    expect(verify.code, verify.stdout + verify.stderr).toBe(0);
  });
});
