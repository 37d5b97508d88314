import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchParquet } from '../support/patched-parquet.ts';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const byFile = (more = '') => `home: in\nstore: lake\nrun_type: incremental\n${more}`;
const byTime = (more: string) => `home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at, ${more} }\n`;
const rows = (from: number, to: number) => `select range as id from range(${from}, ${to})`;
const go = (workspace: TestWorkspace, ...args: string[]) => workspace.run(['go', '--output', 'json', ...args]);
const last = (run: Run) => run.events.at(-1);
const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const ids = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake', 'f', 'f')).map((row) => Number(row.id)).sort((a, b) => a - b);
const between = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('changed_files: replace', () => {
  it('stops when the old rows lie among those of other files, and replaces them after one full load', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byFile() });
    for (let i = 0; i < 6; i++) await workspace.parquet(`in/${i}.parquet`, rows(i * 10, i * 10 + 10));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 60 });
    workspace.write({ 'flows/f/flow.yml': byFile('changed_files: replace\n') });
    await workspace.parquet('in/1.parquet', rows(10, 25));
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-4105', tryThis: [expect.stringContaining('hygge go -d -e f.f')] });
    expect(await ids(workspace)).toEqual(between(0, 60));

    expect(last(await go(workspace, '-d', '-e', 'f.f'))).toMatchObject({ rows: 65, error: 0 });
    await workspace.parquet('in/1.parquet', rows(10, 13));
    expect(last(await go(workspace))).toMatchObject({ rows: -12, error: 0 });
    expect(await ids(workspace)).toEqual([...between(0, 13), ...between(20, 60)]);
    expect(last(await go(workspace))).toMatchObject({ skip: 1 });
  });

  it('from the first load on needs nothing more, a file that was empty before included', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byFile('changed_files: replace\n') });
    for (let i = 0; i < 3; i++) await workspace.parquet(`in/${i}.parquet`, rows(i * 10, i * 10 + (i === 2 ? 0 : 10)));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 20 });
    await workspace.parquet('in/0.parquet', rows(0, 5));
    await workspace.parquet('in/2.parquet', rows(20, 30));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 5 });
    expect(await ids(workspace)).toEqual([...between(0, 5), ...between(10, 30)]);
  });

  it('nor where all that there was at first had no rows', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byFile('changed_files: replace\n') });
    for (const file of [0, 1]) await workspace.parquet(`in/${file}.parquet`, rows(0, 0));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 0 });
    await workspace.parquet('in/0.parquet', rows(0, 5));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 5 });
    await workspace.parquet('in/0.parquet', rows(0, 7));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(workspace)).toEqual(between(0, 7));
  });
});

describe('a file that was renamed after it was taken', () => {
  it('settles again, and a WARN names both', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byFile() });
    await workspace.parquet('in/a.parquet', rows(0, 10));
    await workspace.parquet('in/b.parquet', rows(10, 25));
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 25 });
    renameSync(join(workspace.root, 'in/a.parquet'), join(workspace.root, 'in/c.parquet'));
    const run = await go(workspace);
    expect(last(run)).toMatchObject({ pass: 0, warn: 1, rows: 10 });
    const plan = run.events.find((event) => event.event === 'plan');
    expect(plan?.warnings).toEqual([expect.stringMatching(/^in\/c\.parquet looks like in\/a\.parquet, which was read before and is gone/)]);
    expect(last(await go(workspace))).toMatchObject({ skip: 1 });
  });
});

describe('watermark.lag', () => {
  it('reads what was too young as soon as it is old enough, though the files are as they were', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byTime('lag: 1h') });
    await workspace.parquet('in/1.parquet', 'select range as id, now() - interval (range * 10 + 5) minute as "at" from range(12)');
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 6 });
    expect(last(await go(workspace))).toMatchObject({ skip: 1 });
    // Rows are as good as half an hour older.
    workspace.write({ 'flows/f/flow.yml': byTime('lag: 30m') });
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 3 });
    expect(await ids(workspace)).toEqual(between(3, 12));
  });

  it('needs a time', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byTime('lag: 1h') });
    await workspace.parquet('in/1.parquet', 'select range as id, range as "at" from range(10)');
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-3206', what: expect.stringContaining('at is') });
  });
});

describe('a column of a type that can’t be carried over', () => {
  it('stops the run, until it is left out with exclude', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
    await workspace.parquet('in/1.parquet', `select range as id, '\\x01'::blob as shape, interval '1 day' as gap from range(10)`);
    const geometry = new Map([[17, { type: 12, value: new Map() }]]);
    const isBytes = (element: ReadonlyMap<number, { readonly value: unknown }>) => Number(element.get(1)?.value) === 6;
    await patchParquet(workspace.path('in/1.parquet'), {
      element: (element) => isBytes(element) && element.set(10, { type: 12, value: geometry }),
    });
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-3106', what: expect.stringContaining('shape') });
    workspace.write({ 'flows/f/flow.yml': 'home: { path: in, exclude: [shape] }\nstore: lake\n' });
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-3106', what: expect.stringContaining('gap') });
    workspace.write({ 'flows/f/flow.yml': 'home: { path: in, exclude: [shape, gap] }\nstore: lake\n' });
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 10 });
    expect(Object.keys((await workspace.settled('lake', 'f', 'f'))[0] ?? {})).toEqual(['id']);
  });
});
