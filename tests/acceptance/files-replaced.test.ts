import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const byFile = (more = '') => `home: { path: in, format: csv }\nstore: lake\nrun_type: incremental\n${more}`;
const go = (workspace: TestWorkspace, ...args: string[]) => workspace.run(['go', '--output', 'json', ...args]);
const last = (run: Run) => run.events.at(-1);
const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const warningsOf = (run: Run) => run.events.find((event) => event.event === 'plan')?.warnings;
const ids = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake', 'f', 'f')).map((row) => Number(row.id)).sort((a, b) => a - b);

async function settledOnce(more = ''): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': byFile(more), 'in/a.csv': 'id\n1\n2\n', 'in/b.csv': 'id\n3\n' });
  expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 3 });
  return workspace;
}

const timesOf = (path: string) => `@${execFileSync('stat', ['-c', '%.Y', path], { encoding: 'utf8' }).trim()}`;

/** Puts other content of the same size in place of a file, and its time of change back, to the nanosecond. */
const ways: Readonly<Record<string, (path: string, content: string) => void>> = {
  'another file renamed over it (rsync -t)': (path, content) => {
    writeFileSync(`${path}.tmp`, content);
    execFileSync('touch', ['-m', '-d', timesOf(path), `${path}.tmp`]);
    renameSync(`${path}.tmp`, path);
  },
  'the same file rewritten (cp -p)': (path, content) => {
    const at = timesOf(path);
    writeFileSync(path, content);
    execFileSync('touch', ['-m', '-d', at, path]);
  },
};

describe.each(Object.entries(ways))('a file that was taken, of the same size and time with other content: %s', (_way, replace) => {
  it('stops the run', async () => {
    using workspace = await settledOnce();
    replace(workspace.path('in/a.csv'), 'id\n1\n7\n');
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-2019', what: expect.stringContaining('a.csv changed after') });
    expect(errorOf(await go(workspace, '--dry-run'))).toMatchObject({ code: 'HYG-2019' });
  });
});

it.each([
  ['replace', [1, 3, 7]],
  ['append', [1, 1, 2, 3, 7]],
  ['ignore', [1, 2, 3]],
])('such a file with changed_files: %s', async (how, settled) => {
  using workspace = await settledOnce(`changed_files: ${how}\n`);
  ways['the same file rewritten (cp -p)']?.(workspace.path('in/a.csv'), 'id\n1\n7\n');
  expect(last(await go(workspace))).toMatchObject({ error: 0 });
  expect(await ids(workspace)).toEqual(settled);
  expect(last(await go(workspace))).toMatchObject({ skip: 1 });
});

describe('a file that was taken and is as it was', () => {
  it('is no change by a backup that was restored', async () => {
    using workspace = await settledOnce('changed_files: append\n');
    const path = workspace.path('in/a.csv');
    const before = statSync(path, { bigint: true });
    copyFileSync(path, `${path}.tmp`);
    execFileSync('touch', ['-m', '-d', timesOf(path), `${path}.tmp`]);
    rmSync(path);
    renameSync(`${path}.tmp`, path);
    const after = statSync(path, { bigint: true });
    expect(after.mtimeNs).toBe(before.mtimeNs);
    expect(after.ctimeNs).not.toBe(before.ctimeNs);
    const run = await go(workspace);
    expect(last(run)).toMatchObject({ skip: 1, warn: 0 });
    expect(await ids(workspace)).toEqual([1, 2, 3]);
    // What settles next notes how it looks now; after that it is compared with the same checksum.
    workspace.write({ 'in/c.csv': 'id\n4\n' });
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 1 });
    ways['the same file rewritten (cp -p)']?.(path, 'id\n1\n8\n');
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(workspace)).toEqual([1, 1, 2, 3, 4, 8]);
  });

  it('is neither new nor changed when it was gone for a while', async () => {
    using workspace = await settledOnce();
    const path = workspace.path('in/a.csv');
    renameSync(path, workspace.path('away'));
    workspace.write({ 'in/c.csv': 'id\n4\n' });
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 1 });
    renameSync(workspace.path('away'), path);
    expect(last(await go(workspace))).toMatchObject({ skip: 1, rows: 0 });
    rmSync(path);
    workspace.write({ 'in/a.csv': 'id\n1\n9\n' });
    utimesSync(path, 1_800_000_000, 1_800_000_000);
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-2019' });
    expect(await ids(workspace)).toEqual([1, 2, 3, 4]);
  });
});

describe('a list of taken files that notes less', () => {
  /** Rewrites the lists of files taken as another version, or another run, would have written them. */
  function rewriteSeen(workspace: TestWorkspace, keep: (file: Record<string, unknown>) => Record<string, unknown>): void {
    const folder = workspace.path('.hygge');
    const lists = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\bseen\b.*\.json$/.test(path));
    expect(lists.length).toBeGreaterThan(0);
    for (const path of lists) {
      const file = join(folder, path);
      writeFileSync(file, JSON.stringify((JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[]).map(keep)));
    }
  }

  it('of a full load knows no checksum: a file that may have changed is named until it is known again', async () => {
    using workspace = await settledOnce();
    rewriteSeen(workspace, ({ checksum: _, ...file }) => file);
    chmodSync(workspace.path('in/a.csv'), 0o600);
    const run = await go(workspace);
    expect(warningsOf(run)).toEqual([
      expect.stringMatching(/^in\/a\.csv may have changed since it was read: its size and time are the same/),
    ]);
    workspace.write({ 'in/c.csv': 'id\n4\n' });
    expect(last(await go(workspace))).toMatchObject({ warn: 1, rows: 1 });
    expect(last(await go(workspace))).toMatchObject({ skip: 1, warn: 0 });
    expect(await ids(workspace)).toEqual([1, 2, 3, 4]);
  });
});

it('by watermark: a file of the same size and time with later values is read', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\n',
    'in/a.csv': 'id\n1\n2\n',
  });
  expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 2 });
  ways['another file renamed over it (rsync -t)']?.(workspace.path('in/a.csv'), 'id\n2\n7\n');
  expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 1 });
  expect(await ids(workspace)).toEqual([1, 2, 7]);
});
