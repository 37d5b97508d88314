import { existsSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { linksToRemove } from '../../src/files/store/links.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = (from: number, to: number) => `select range as id, range % 3 as part from range(${from}, ${to})`;
const go = async (workspace: TestWorkspace, ...args: string[]) => (await workspace.run(['go', '--output', 'json', ...args])).events.at(-1);
/** Of files that end so, links followed, as most readers of a folder do. */
function filesUnder(folder: string): readonly string[] {
  const paths = readdirSync(folder)
    .filter((name) => !name.startsWith('_'))
    .map((name) => join(folder, name));
  return paths.flatMap((path) => (statSync(path).isDirectory() ? filesUnder(path) : path.endsWith('.parquet') ? [path] : []));
}

async function idsUnder(workspace: TestWorkspace, folder: string): Promise<readonly number[]> {
  const names = filesUnder(workspace.path(folder)).map((path) => `'${path}'`);
  return (await duck(`select id from read_parquet([${names.join(', ')}], hive_partitioning = false) order by id`)).map(({ id }) =>
    Number(id),
  );
}

/** A destination with a link to a folder of somebody else, with a folder in it that would be empty without its file. */
async function withLink(options = ''): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: in\nstore: lake\nif_exists: replace\n${options}` });
  await workspace.parquet('in/1.parquet', rows(0, 3));
  await workspace.parquet('theirs/a.parquet', rows(100, 103));
  await workspace.parquet('theirs/deep/er/b.parquet', rows(200, 203));
  await workspace.parquet('lake/old.parquet', rows(300, 303));
  symlinkSync(workspace.path('theirs'), workspace.path('lake/linked'));
  return workspace;
}

describe('if_exists: replace', () => {
  it('removes a link in the destination, and nothing behind it', async () => {
    using workspace = await withLink();
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 3 });
    expect(await idsUnder(workspace, 'lake')).toEqual([0, 1, 2]);
    expect(await idsUnder(workspace, 'theirs')).toEqual([100, 101, 102, 200, 201, 202]);
    expect(existsSync(workspace.path('lake/old.parquet'))).toBe(false);
    expect(existsSync(workspace.path('lake/linked'))).toBe(false);
  });
});

it('files behind a link that were taken over stay when a later full load replaces them', async () => {
  using workspace = await withLink();
  workspace.write({ 'flows/f/flow.yml': 'home: in\nstore: lake\nif_exists: append\n' });
  expect(await go(workspace)).toMatchObject({ rows: 3 });
  expect(await idsUnder(workspace, 'lake')).toHaveLength(12);
  workspace.write({ 'flows/f/flow.yml': 'home: in\nstore: lake\nif_exists: replace\n' });
  expect(await go(workspace)).toMatchObject({ rows: 3 });
  expect(await idsUnder(workspace, 'theirs')).toHaveLength(6);
  expect(await idsUnder(workspace, 'lake')).toEqual([0, 1, 2]);
});

it('reset --adopt and a full load after it leave what lies behind a link', async () => {
  using workspace = await withLink('');
  workspace.write({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
  expect((await workspace.run(['reset', 'f.f', '--adopt', '--yes'])).code).toBe(0);
  await go(workspace, '-d');
  expect(await idsUnder(workspace, 'theirs')).toEqual([100, 101, 102, 200, 201, 202]);
});

it('a partition that was moved to another disk and linked is still the destination’s own', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: { path: lake, partition_by: [part] }\n' });
  await workspace.parquet('in/1.parquet', rows(0, 9));
  expect(await go(workspace)).toMatchObject({ pass: 1, rows: 9 });
  mkdirSync(workspace.path('archive'));
  renameSync(workspace.path('lake/part=1'), workspace.path('archive/part=1'));
  symlinkSync(workspace.path('archive/part=1'), workspace.path('lake/part=1'));
  await workspace.parquet('in/1.parquet', rows(0, 12));
  expect(await go(workspace)).toMatchObject({ pass: 1, rows: 12 });
  expect(await idsUnder(workspace, 'lake')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(readdirSync(workspace.path('archive/part=1'))).toHaveLength(1);
  expect(await idsUnder(workspace, 'lake')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

it('strays behind a link are not swept, though their names are the destination’s own', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: { path: lake, layout: versioned }\n' });
  await workspace.parquet('in/1.parquet', rows(0, 3));
  expect(await go(workspace)).toMatchObject({ pass: 1 });
  const [version] = readdirSync(workspace.path('lake')).filter((name) => name.startsWith('v='));
  const [part] = readdirSync(workspace.path('lake', version ?? ''));
  await workspace.parquet(`backup/x-${part}`, rows(0, 3));
  mkdirSync(workspace.path('backup/parts'));
  renameSync(workspace.path(`backup/x-${part}`), workspace.path(`backup/parts/${part}`));
  symlinkSync(workspace.path('backup/parts'), workspace.path('lake/v=00000000000000000000'));
  expect(await go(workspace)).toMatchObject({ pass: 1 });
  expect(readdirSync(workspace.path('backup/parts'))).toEqual([part]);
});

it('a file behind a link that has to go while others stay stops the commit before it is decided', async () => {
  using workspace = await withLink();
  const files = localFileSystem(workspace.path('lake'));
  const place: FilePlace = { type: 'local', root: 'lake', folder: '', flow: 'f', entity: 'f', layout: 'plain', extension: '.parquet' };
  const asked = (doomed: readonly string[]) => linksToRemove(files, place, { doomed, lineages: new Set(['own']), where: 'lake' });
  await expect(asked(['linked/a.parquet'])).rejects.toMatchObject({ code: 'HYG-4305', what: expect.stringContaining('linked/a.parquet') });
  const both = ['linked/a.parquet', 'linked/deep/er/b.parquet'];
  expect(await asked([...both, 'old.parquet'])).toEqual(Object.fromEntries(both.map((path) => [path, 'linked'])));
});
