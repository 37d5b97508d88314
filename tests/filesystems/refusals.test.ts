import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskFault } from '../../src/filesystems/disk/faults.ts';
import { Folders } from '../../src/filesystems/disk/folders.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { collect } from '../support/collect.ts';
import { finishWorker, startWorker } from '../support/worker-process.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hygge-refusals-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const user = process.getuid?.() === 0 ? 'nobody' : userInfo().username;

describe('as a user without rights', () => {
  beforeEach(async () => {
    await writeFile(join(root, 'readable'), 'as it was');
    await writeFile(join(root, 'secret'), 'not yours', { mode: 0o000 });
    await mkdir(join(root, 'closed'), { mode: 0o000 });
    await chmod(root, 0o555);
  });
  afterEach(async () => {
    await chmod(root, 0o755);
    await chmod(join(root, 'closed'), 0o755);
  });

  test('every call is refused with the path and the user', async () => {
    const errors = await finishWorker(startWorker('file-worker.ts', [root, 'fail'], true));
    const calls = ['stage', 'create', 'swap', 'publish', 'append', 'remove', 'read', 'list'];
    const refused = { name: 'StoreError', code: 'HYG-4003', what: expect.stringContaining(root), transient: false };
    expect(errors).toEqual(calls.map((call) => expect.objectContaining({ call, ...refused })));
    for (const error of errors) expect(JSON.stringify(error)).toContain(user);
    expect((await readdir(root)).sort()).toEqual(['closed', 'readable', 'secret']);
    expect(await readFile(join(root, 'readable'), 'utf8')).toBe('as it was');
  });
});

test('where folders are still to be made, rights are asked for on the nearest one that is there', async () => {
  const refused = Object.assign(new Error('x'), { code: 'EACCES' });
  const answer = await diskFault(refused, { doing: 'writing', path: join(root, 'lake/till/_hygge/a') });
  expect(answer).toMatchObject({ tryThis: [expect.stringMatching(new RegExp(`in ${root}\\.$`)), expect.any(String)] });
});

test('a store that could not even make its folder ends with the refusal, and leaves no promise behind', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  await new Folders(join(root, 'never-made')).prune(join(root, 'never-made/a/b'));
  await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});

/** A disk of 512 kB, if we may mount one. */
function mountSmall(at: string): boolean {
  return process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', at]).status === 0;
}

describe('on a full disk', () => {
  const body = async function* (kilobytes: number): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < kilobytes; i++) yield new Uint8Array(1024).fill(i);
  };
  const full = { name: 'StoreError', code: 'HYG-4002', transient: false, why: [expect.stringContaining('bytes are free')] };
  let small: boolean;

  beforeEach(() => {
    small = mountSmall(root);
  });
  afterEach(() => {
    if (small) spawnSync('umount', ['-l', root]);
  });

  test('every write fails with how much is free, nothing half is left, and what was there stays', async () => {
    const files = localFileSystem(root);
    if (!small) {
      // Not allowed to mount: the device that is always full answers for the kernel's ENOSPC.
      await expect(localFileSystem('/dev').append('full', new Uint8Array(10))).rejects.toMatchObject(full);
      return;
    }
    const head = await files.put('head', new TextEncoder().encode('settled'), { ifNoneMatch: '*' });
    await expect(files.stage({ staged: 's/a', final: 'd/a' }, body(2000))).rejects.toMatchObject(full);
    expect(await collect(files.staged('s'))).toEqual([]);
    const kept = await files.stage({ staged: 's/b', final: 'd/b' }, body(400));
    const large = new Uint8Array(200 * 1024);
    await expect(files.put('record', large, { ifNoneMatch: '*' })).rejects.toMatchObject(full);
    await expect(files.put('head', large, { ifMatch: head.outcome === 'written' ? head.etag : '' })).rejects.toMatchObject(full);
    await expect(files.append('log', large.fill(0x61))).rejects.toMatchObject(full);
    expect(new TextDecoder().decode(await files.read('head'))).toBe('settled');
    expect(await files.stat('record')).toBeUndefined();
    // Publishing needs no room.
    expect(await files.publish(kept)).toBe('published');
    expect((await readdir(root)).filter((name) => name.startsWith('.hygge-tmp'))).toEqual([]);
  });

  test('once there is room again, the journal continues after the line that did not fit', async () => {
    if (!small) return expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
    const files = localFileSystem(root);
    await files.append('log', new TextEncoder().encode('first'));
    await writeFile(join(root, 'ballast'), new Uint8Array(470 * 1024));
    await expect(files.append('log', new Uint8Array(60 * 1024).fill(0x61))).rejects.toMatchObject(full);
    await rm(join(root, 'ballast'));
    await files.append('log', new TextEncoder().encode('last'));
    const lines = (await readFile(join(root, 'log'), 'utf8')).split('\n');
    expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual(['first', 'last', '']);
  });

  test('a state that no longer fits is told with its folder, and no message says to change a store', async () => {
    const state = join(root, '.hygge');
    const files = small ? localFileSystem(root, { state }) : localFileSystem('/dev', { state });
    if (small) await writeFile(join(root, 'ballast'), new Uint8Array(500 * 1024));
    await expect(files.append(small ? 'log' : 'full', new Uint8Array(60 * 1024).fill(0x61))).rejects.toMatchObject({
      ...full,
      why: [expect.stringContaining('bytes are free'), expect.stringContaining(`keeps its state in ${state}`)],
      tryThis: [expect.stringMatching(/^Free some space on the disk of (?!.*store\.path)/)],
    });
  });

  test('a read-only disk says so', async () => {
    if (!small || spawnSync('mount', ['-o', 'remount,ro', root]).status !== 0) {
      const answer = await diskFault(Object.assign(new Error('x'), { code: 'EROFS' }), { doing: 'writing', path: root });
      expect(answer).toMatchObject({ code: 'HYG-4004' });
      return;
    }
    const put = localFileSystem(root).put('a', new Uint8Array(1), { ifNoneMatch: '*' });
    await expect(put).rejects.toMatchObject({ name: 'StoreError', code: 'HYG-4004' });
  });
});

describe('what the system refuses becomes what a person can act on', () => {
  const deed = { doing: 'writing', path: '/nowhere/file' } as const;
  test.each([
    ['ENOSPC', 'HYG-4002', false],
    ['EDQUOT', 'HYG-4002', false],
    ['EACCES', 'HYG-4003', false],
    ['EPERM', 'HYG-4003', false],
    ['EROFS', 'HYG-4004', false],
    ['ENOTDIR', 'HYG-4005', false],
    ['EIO', 'HYG-4006', false],
    ['ESTALE', 'HYG-4006', true],
    ['EMFILE', 'HYG-4007', true],
    ['ENAMETOOLONG', 'HYG-4008', false],
  ])('%s is %s', async (errno, code, transient) => {
    const cause = Object.assign(new Error(errno), { code: errno });
    const answer = await diskFault(cause, deed);
    expect(answer).toMatchObject({
      name: 'StoreError',
      code,
      transient,
      cause,
      what: expect.stringContaining('/nowhere/file'),
      tryThis: expect.arrayContaining([expect.any(String)]),
    });
  });

  test('an error that is not the system’s goes through as it is', async () => {
    const error = new TypeError('a bug');
    expect(await diskFault(error, deed)).toBe(error);
  });
});
