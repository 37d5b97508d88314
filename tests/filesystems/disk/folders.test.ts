import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import type { AppendableFileSystem } from '../../../src/ports/filesystem.ts';
import { collect } from '../../support/collect.ts';

/** What a sync of a folder meets before the kernel does it: by the folder's path. */
const met = vi.hoisted(() => ({ atSync: async (_folder: string): Promise<void> => undefined }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    async open(path: string, flags: string) {
      const handle = await real.open(path, flags);
      if (!(await handle.stat()).isDirectory()) return handle;
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        await met.atSync(path);
        await sync();
      };
      return handle;
    },
  };
});

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const fresh = { ifNoneMatch: '*' } as const;

describe('names of folders that are made on the way', () => {
  let folder: string;
  let root: string;
  let files: AppendableFileSystem;
  let synced: Set<string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hygge-folders-'));
    root = join(folder, 'root');
    files = localFileSystem(root);
    synced = new Set();
    met.atSync = async (path) => {
      synced.add(path);
    };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ways = {
    put: (path: string) => files.put(path, bytes('x'), fresh),
    append: (path: string) => files.append(path, bytes('x')),
    stage: (path: string) => files.stage({ staged: path, final: 'f' }, body()),
  };
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes('x');
  }

  describe.each(Object.entries(ways))('%s', (_, act) => {
    test('answers when each of them is on the disk', async () => {
      await act('a/b/c/file');
      expect([...synced].sort()).toEqual([folder, root, join(root, 'a'), join(root, 'a/b'), join(root, 'a/b/c')]);
    });

    test('fails when one of them does not get there, and so does whatever needs it later', async () => {
      met.atSync = async (path) => {
        if (path === join(root, 'a')) throw Object.assign(new Error('a bad sector'), { code: 'EIO' });
      };
      await expect(act('a/b/c/file')).rejects.toMatchObject({ name: 'StoreError' });
      await expect(act('a/b/c/other')).rejects.toMatchObject({ name: 'StoreError' });
      met.atSync = async () => undefined;
      await act('a/b/c/third');
    });
  });

  test('get there while the content is being written', async () => {
    const { promise: written, resolve } = Promise.withResolvers<void>();
    met.atSync = () => written;
    const seen: string[] = [];
    async function* telling(): AsyncGenerator<Uint8Array> {
      yield bytes('x');
      seen.push('content');
      resolve();
    }
    await files.stage({ staged: 'a/b/file', final: 'f' }, telling());
    expect(seen).toEqual(['content']);
  });

  test('are waited for by all who need them, also of two who came at once', async () => {
    const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
    met.atSync = (path) => (path === dirname(root) ? allowed : Promise.resolve());
    const answered: string[] = [];
    const puts = ['a/one', 'b/two'].map(async (path) => {
      await files.put(path, bytes('x'), fresh);
      answered.push(path);
    });
    await expect.poll(() => collect(files.list(''))).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toEqual([]);
    allow();
    await Promise.all(puts);
    expect(answered.sort()).toEqual(['a/one', 'b/two']);
  });
});
