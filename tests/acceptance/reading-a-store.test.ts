import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settledFiles } from '../../src/files/home/settled-files.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { TestWorkspace } from '../support/workspace.ts';

const csv = (...ids: readonly number[]) => ({ 'in/t.csv': `id,day\n${ids.map((id) => `${id},2024-01-0${id % 2}`).join('\n')}\n` });

/** `inner` settles in lake, `outer` reads there. */
function chained(store: string, home: string, more = ''): TestWorkspace {
  return new TestWorkspace({
    'flows/inner/flow.yml': `home: "in/{entity}.csv"\nstore: ${store}\nentities: [t]\n${more}`,
    'flows/outer/flow.yml': `home: { path: "${home}", hive_partitions: false }\nstore: copy\n`,
    ...csv(1, 2, 3),
  });
}

const data = (workspace: TestWorkspace) =>
  readdirSync(workspace.path('lake'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => /^[^_].*\.parquet$/.test(path) && !/_hygge/.test(path),
  );

const ids = async (workspace: TestWorkspace) =>
  (await duck(`select id from '${workspace.path('copy')}/*.parquet' order by id`)).map(({ id }) => Number(id));

/** As a run leaves it that was killed before it removed what it had replaced. */
async function replacedAndKilled(workspace: TestWorkspace): Promise<void> {
  await here(workspace, 'go', '-f', 'inner');
  const before = data(workspace);
  for (const path of before) {
    mkdirSync(dirname(workspace.path('kept', path)), { recursive: true });
    copyFileSync(workspace.path('lake', path), workspace.path('kept', path));
  }
  workspace.write(csv(3, 4));
  await here(workspace, 'go', '-f', 'inner');
  cpSync(workspace.path('kept'), workspace.path('lake'), { recursive: true });
  expect(data(workspace).length).toBeGreaterThan(before.length);
}

describe('a home in a folder that hygge settles in', () => {
  it.each([
    ['is in the folder of an entity next to others', '{ path: "lake/{entity}" }', 'lake/t'],
    ['is a glob', 'lake', 'lake/**/*.parquet'],
    ['has a folder for each version', '{ path: lake, layout: versioned }', 'lake'],
    ['is partitioned', '{ path: lake, partition_by: [day] }', 'lake'],
  ])('reads what the last commit lists, and not what it has replaced: it %s', async (_, store, home) => {
    using workspace = chained(store, home);
    await replacedAndKilled(workspace);
    const { summary } = await here(workspace, 'go', '-f', 'outer');
    expect(summary).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(workspace)).toEqual([3, 4]);
  });

  it('stops while the first commit there has not ended', async () => {
    using workspace = chained('lake', 'lake');
    await here(workspace, 'go', '-f', 'inner');
    rmSync(workspace.path('lake/_hygge/inner/t/current.json'));
    expect((await here(workspace, 'go', '-f', 'outer')).error).toBe('HYG-3315');
  });
});

const name = (epoch: number, lineage = 'abc') => `${String(epoch).padStart(20, '0')}-${lineage}-00000-000-xyz.parquet`;
const head = (epoch: number, lineage = 'abc') => ({
  version: 1,
  id: `c${epoch}`,
  epoch,
  lineage,
  files: [{ name: name(epoch, lineage), bytes: 1, rows: 1 }],
});
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

it('files of a lineage that the head replaced are not rows; those that were copied from elsewhere are', async () => {
  const files = new MemoryFileSystem();
  await files.put('_hygge/f/f/current.json', text({ ...head(2, 'def'), earlier: ['abc'] }), { ifNoneMatch: '*' });
  const found = ['abc', 'def', 'ghi'].map((lineage) => ({
    path: name(2, lineage),
    bytes: 1,
    etag: 'e',
    modifiedAt: '2024-01-01T00:00:00Z',
  }));
  const look = async () => ({ found, records: ['_hygge/f/f/current.json'] });
  const settled = await settledFiles(look, { files, above: async () => [], written: 'lake' });
  expect(settled.map(({ path }) => path)).toEqual([name(2, 'def'), name(2, 'ghi')]);
});

describe('a listing that a commit overtakes', () => {
  async function listing(commits: number): Promise<readonly string[]> {
    const files = new MemoryFileSystem();
    let epoch = 1;
    const put = async () => {
      const now = await files.get('_hygge/f/f/current.json');
      await files.put('_hygge/f/f/current.json', text(head(epoch)), now ? { ifMatch: now.etag } : { ifNoneMatch: '*' });
    };
    await put();
    const look = async () => {
      const found = [{ path: name(epoch), bytes: 1, etag: 'e', modifiedAt: '2024-01-01T00:00:00Z' }];
      if (epoch <= commits) {
        epoch++;
        await put();
      }
      return { found, records: ['_hygge/f/f/current.json'] };
    };
    return (await settledFiles(look, { files, above: async () => [], written: 'lake' })).map(({ path }) => path);
  }

  it('is made again, until it is of one commit', async () => {
    expect(await listing(2)).toEqual([name(3)]);
  });

  it('is an error where commits follow one another all the time', async () => {
    await expect(listing(100)).rejects.toMatchObject({ code: 'HYG-3315', transient: true });
  });
});
