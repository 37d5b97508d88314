import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { oneLakeFileSystem } from '../../src/filesystems/onelake/onelake.ts';
import { comparePaths } from '../../src/filesystems/paths.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { account, filesystem } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { nodeAt } from '../support/dfs/server.ts';
import { type AdlsStage, adlsStage, fabricPlace } from './adls-stage.ts';

let stage: AdlsStage;
beforeAll(async () => {
  stage = await adlsStage();
});
afterEach(() => {
  Object.assign(stage.azure.dfs.paging, { pageSize: 5000, emptyPages: false, itemNames: 'as asked' });
});
afterAll(() => stage[Symbol.asyncDispose]());

const ifNew = { ifNoneMatch: '*' } as const;
const names = [
  'b',
  'a/z',
  'a/y/x/w',
  'a-b/x',
  'a.txt',
  'A',
  'a b',
  'ab/c/d',
  'é',
  'zz/😀',
  'zz/\ufb01',
  'ab/c/e',
  'ab/c.d',
  'ab/c-d/e',
  'ab/c d',
];

async function fill(files: FileSystem): Promise<void> {
  for (const name of names) await files.put(`in/${name}`, new Uint8Array(1), ifNew);
  await files.put('in2/x', new Uint8Array(1), ifNew);
}
const inOrder = names.map((name) => `in/${name}`).sort(comparePaths);
const paths = async (files: FileSystem, folder: string): Promise<string[]> => (await collect(files.list(folder))).map(({ path }) => path);

describe('a listing of many answers', () => {
  test.each([
    { pageSize: 1, emptyPages: false },
    { pageSize: 2, emptyPages: true },
    { pageSize: 3, emptyPages: false },
    { pageSize: 7, emptyPages: true },
  ])('is whole and in order: %j', async (paging) => {
    const files = await adlsFileSystem(stage.place(stage.folder()), stage);
    await fill(files);
    Object.assign(stage.azure.dfs.paging, paging);
    expect(await paths(files, 'in')).toEqual(inOrder);
    expect(await paths(files, '')).toEqual([...inOrder, 'in2/x']);
    expect(await collect(files.list('in/A'))).toEqual([]);
  });

  test('of OneLake is the same by whatever name the service calls an item', async () => {
    const files = await oneLakeFileSystem(fabricPlace(stage.folder()), stage);
    await fill(files);
    for (const itemNames of ['as asked', 'ids', 'by turns'] as const) {
      Object.assign(stage.azure.dfs.paging, { pageSize: 3, itemNames });
      expect(await paths(files, 'in')).toEqual(inOrder);
    }
  });

  test('that is left early asks no further', async () => {
    const files = await adlsFileSystem(stage.place(stage.folder()), stage);
    await fill(files);
    Object.assign(stage.azure.dfs.paging, { pageSize: 2 });
    for await (const { path } of files.list('in')) {
      expect(path).toBe('in/A');
      break;
    }
  });

  test('whose later answers fail ends with their error', async () => {
    const files = await adlsFileSystem(stage.place(stage.folder()), stage);
    await fill(files);
    Object.assign(stage.azure.dfs.paging, { pageSize: 2 });
    let lists = 0;
    stage.azure.dfs.rule(({ method, door }) =>
      method === 'GET' && door === 'dfs' && ++lists > 6 ? { status: 403, code: 'AuthorizationFailure' } : undefined,
    );
    await expect(collect(files.list('in'))).rejects.toMatchObject({ code: 'HYG-6401' });
    stage.azure.dfs.rule(() => undefined);
  });
});

test('a folder that fits one answer costs one request, with all that is below it', async () => {
  const files = await adlsFileSystem(stage.place(stage.folder()), stage);
  await fill(files);
  const before = stage.azure.dfs.seen.length;
  await collect(files.list('in'));
  expect(stage.azure.dfs.seen.length - before).toBe(1);
});

describe('folders of uploads that are over', () => {
  const at = (folder: string, path: string) => nodeAt(stage.azure.dfs.root(account, filesystem), `${folder}/${path}`);
  const anHourOld = (folder: string, ...all: readonly string[]) => {
    for (const path of all) {
      const node = at(folder, path);
      if (node) node.modified = new Date(Date.now() - 3_700_000);
    }
  };
  async function published(folder: string): Promise<FileSystem> {
    const files = await adlsFileSystem(stage.place(folder), stage);
    const one = async function* () {
      yield new Uint8Array(1);
    };
    await files.publish(await files.stage({ staged: 's/1/x/a', final: 'data/a' }, one()));
    await files.stage({ staged: 's/2/x/b', final: 'data/b' }, one());
    return files;
  }

  test('go when a run looks for staged files, an hour after they were made', async () => {
    const folder = stage.folder();
    const files = await published(folder);
    expect(await collect(files.staged('s'))).toEqual([{ staged: 's/2/x/b', bytes: 1 }]);
    expect(at(folder, 's/1/x')).toBeDefined();
    anHourOld(folder, 's/1', 's/1/x', 's/2', 's/2/x');
    expect(await collect(files.staged('s'))).toEqual([{ staged: 's/2/x/b', bytes: 1 }]);
    expect([at(folder, 's/1'), at(folder, 's/1/x')]).toEqual([undefined, undefined]);
    expect(at(folder, 's/2/x/b')).toBeDefined();
  });

  test('stay when something has come into them meanwhile, or they may not be removed', async () => {
    const folder = stage.folder();
    const files = await published(folder);
    anHourOld(folder, 's/1', 's/1/x');
    stage.azure.dfs.rule(({ method }) => (method === 'DELETE' ? { status: 409, code: 'DirectoryNotEmpty' } : undefined));
    expect(await collect(files.staged('s'))).toHaveLength(1);
    stage.azure.dfs.rule(({ method }) => (method === 'DELETE' ? { status: 403, code: 'AuthorizationPermissionMismatch' } : undefined));
    expect(await collect(files.staged('s'))).toHaveLength(1);
    stage.azure.dfs.rule(() => undefined);
    expect(at(folder, 's/1/x')).toBeDefined();
  });
});
