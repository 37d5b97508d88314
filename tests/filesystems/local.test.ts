import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import { collect } from '../support/collect.ts';

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const fresh = { ifNoneMatch: '*' } as const;

describe('a local folder', () => {
  let folder: string;
  let root: string;
  let files: AppendableFileSystem;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hygge-local-'));
    root = join(folder, 'root');
    files = localFileSystem(root);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const paths = async (): Promise<string[]> => (await collect(files.list(''))).map((file) => file.path);

  test('is named by its file URL, and tells native code where a file is', () => {
    expect(localFileSystem('/data/my lake').url).toBe('file:///data/my%20lake');
    expect(localFileSystem('/data/my lake').localPath?.('a/b')).toBe('/data/my lake/a/b');
  });

  test('empty parent folders go with the last file, the root stays', async () => {
    const staged = await files.stage({ staged: 's/1/2/3', final: 'd/e/f' }, (async function* () {})());
    await files.publish(staged);
    expect(await readdir(root)).toEqual(['d']);
    await files.remove('d/e/f');
    expect(await readdir(root)).toEqual([]);
  });

  test('a part that several publish at once is never seen as lost', async () => {
    const others = Array.from({ length: 3 }, () => localFileSystem(root));
    for (let round = 0; round < 15; round++) {
      const parts = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          files.stage({ staged: `s/${round}/${i}`, final: `d/${round}/${i}` }, (async function* () {})()),
        ),
      );
      const outcomes = await Promise.all(parts.flatMap((part) => [files, ...others].map((one) => one.publish(part))));
      expect(outcomes).not.toContain('gone');
      expect(outcomes).toContain('published');
    }
  });

  test('a file of the same size is another one by its time, and the same one wherever it is copied with its time', async () => {
    await files.put('a', bytes('same size'), fresh);
    const [then, later] = [new Date('2026-01-01T00:00:00.000Z'), new Date('2026-01-01T00:00:00.001Z')];
    await utimes(join(root, 'a'), then, then);
    const first = await files.stat('a');
    expect(first?.modifiedAt).toBe('2026-01-01T00:00:00.000000000Z');
    await cp(root, join(folder, 'copy'), { recursive: true, preserveTimestamps: true });
    const copied = await localFileSystem(join(folder, 'copy')).stat('a');
    const others = { identity: expect.not.stringMatching(`^${first?.identity}$`), inode: expect.not.stringMatching(`^${first?.inode}$`) };
    expect(copied).toEqual({ ...first, ...others });
    await utimes(join(root, 'a'), later, later);
    expect((await files.stat('a'))?.etag).not.toBe(first?.etag);
  });

  test('a staging that fails leaves no folder behind', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes('half');
      throw new Error('the source broke');
    };
    await expect(files.stage({ staged: 's/1/2', final: 'd/a' }, failing())).rejects.toThrow('the source broke');
    expect(await readdir(root)).toEqual([]);
  });

  test('links to files and folders are followed', async () => {
    await mkdir(join(folder, 'outside'), { recursive: true });
    await writeFile(join(folder, 'outside', 'far'), 'far away');
    await files.put('a', bytes('x'), fresh);
    await symlink(join(folder, 'outside'), join(root, 'linked'));
    await symlink(join(folder, 'outside', 'far'), join(root, 'b'));
    expect(await paths()).toEqual(['a', 'b', 'linked/far']);
    expect(await files.stat('b')).toMatchObject({ bytes: 8 });
    expect(new TextDecoder().decode(await files.read('linked/far'))).toBe('far away');
  });

  test('of files behind a linked folder it is said which one, and of no others, in a folder of any number of names', async () => {
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside', 'far'), 'far away');
    for (let at = 0; at < 70; at++) await files.put(`${at}-here/near`, bytes('x'), fresh);
    for (const name of ['0-linked', '9-linked']) await symlink(join(folder, 'outside'), join(root, name));
    const behind = (await collect(files.list(''))).filter((file) => file.behind !== undefined);
    expect(behind.map((file) => [file.path, file.behind])).toEqual([
      ['0-linked/far', '0-linked'],
      ['9-linked/far', '9-linked'],
    ]);
  });

  test('what is behind a folder that is linked into the staging folder is not staged, and no sweep removes it', async () => {
    await mkdir(join(folder, 'outside', 'deep'), { recursive: true });
    for (const name of ['far', 'deep/farther']) await writeFile(join(folder, 'outside', name), 'far away');
    await files.stage({ staged: 's/1/a', final: 'd/a' }, (async function* () {})());
    await symlink(join(folder, 'outside'), join(root, 's', 'linked'));
    await symlink(join(folder, 'outside'), join(root, 's', '1', 'linked'));
    const found = await collect(files.staged('s'));
    expect(found).toEqual([{ staged: 's/1/a', bytes: 0 }]);
    for (const one of found) await files.discard(one);
    expect((await readdir(join(folder, 'outside'), { recursive: true })).sort()).toEqual(['deep', 'deep/farther', 'far']);
  });

  test('links that lead back, to themselves or to nothing do not trap or fail a listing', async () => {
    await files.put('a/b/c', bytes('x'), fresh);
    await symlink(root, join(root, 'a', 'b', 'up'));
    await symlink('self', join(root, 'self'));
    await symlink(join(folder, 'nowhere'), join(root, 'dangling'));
    expect(await paths()).toEqual(['a/b/c']);
    expect(await files.stat('self')).toBeUndefined();
  });

  test('temporary files of killed processes go after an hour; the lock stays one empty file; neither is ever listed', async () => {
    await mkdir(join(root, 'd'), { recursive: true });
    for (const name of ['.hygge-tmp-old', '.hygge-tmp-young']) await writeFile(join(root, 'd', name), 'half');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(join(root, 'd', '.hygge-tmp-old'), longAgo, longAgo);
    const created = await files.put('d/a', bytes('1'), fresh);
    if (created.outcome === 'written') await files.put('d/a', bytes('2'), { ifMatch: created.etag });
    expect((await readdir(join(root, 'd'))).sort()).toEqual(['.hygge-lock', '.hygge-tmp-young', 'a']);
    expect(await paths()).toEqual(['d/a']);
  });

  test('a copy of the folder that has a part staged and published with equal content is no conflict', async () => {
    const staged = await files.stage(
      { staged: 's/a', final: 'd/a' },
      (async function* () {
        yield bytes('same');
      })(),
    );
    await files.put('d/a', bytes('same'), fresh);
    expect(await files.publish(staged)).toBe('already');
    expect(await paths()).toEqual(['d/a']);
  });

  test('a part that is published already with other bytes of the same length, however far in, is not taken for the same', async () => {
    const [settled, other] = [Buffer.alloc(2_500_000, 'x'), Buffer.alloc(2_500_000, 'x')];
    other[2_400_000] = 0;
    const staged = await files.stage(
      { staged: 's/a', final: 'd/a' },
      (async function* () {
        yield other;
      })(),
    );
    await files.put('d/a', settled, fresh);
    await expect(files.publish(staged)).rejects.toMatchObject({ code: 'HYG-9401' });
    expect(settled.equals(await files.read('d/a'))).toBe(true);
    expect(await paths()).toEqual(['d/a', 's/a']);
  });

  test('a file where a folder must be is reported, with its path', async () => {
    await files.put('in-the-way', bytes('x'), fresh);
    const refused = { name: 'StoreError', code: 'HYG-4005', what: expect.stringContaining(join(root, 'in-the-way', 'file')) };
    await expect(files.put('in-the-way/file', bytes('x'), fresh)).rejects.toMatchObject(refused);
    await expect(files.append('in-the-way/file', bytes('x'))).rejects.toMatchObject(refused);
    await expect(files.stage({ staged: 'in-the-way/file', final: 'f' }, (async function* () {})())).rejects.toMatchObject(refused);
  });

  test('a folder where a file must be is told', async () => {
    await files.put('folder/file', bytes('x'), fresh);
    for (const call of [
      () => files.put('folder', bytes('x'), fresh),
      () => files.append('folder', bytes('x')),
      () => files.remove('folder'),
    ])
      await expect(call()).rejects.toMatchObject({ name: 'StoreError', code: 'HYG-4005' });
  });

  test('a path that is too long as a whole is told', async () => {
    const path = Array.from({ length: 30 }, () => 'd'.repeat(200)).join('/');
    await expect(files.put(path, bytes('x'), fresh)).rejects.toMatchObject({ name: 'StoreError', code: 'HYG-4008' });
    await expect(files.read(path)).rejects.toMatchObject({ name: 'StoreError', code: 'HYG-4008' });
  });

  test('a lock file that is no lock file is told', async () => {
    const created = await files.put('d/a', bytes('1'), fresh);
    await writeFile(join(root, 'd', '.hygge-lock'), 'this is not a database, whatever it may be'.repeat(100));
    const swap = files.put('d/a', bytes('2'), { ifMatch: created.outcome === 'written' ? created.etag : '' });
    await expect(swap).rejects.toMatchObject({
      name: 'StoreError',
      code: 'HYG-4010',
      tryThis: expect.arrayContaining([expect.any(String)]),
    });
    expect(await readdir(join(root, 'd'))).toEqual(['.hygge-lock', 'a']);
  });
});
