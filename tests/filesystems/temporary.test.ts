import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { type Identity, ownIdentity } from '../../src/filesystems/disk/processes.ts';
import { temporaryName } from '../../src/filesystems/disk/temporary.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import { collect } from '../support/collect.ts';

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const fresh = { ifNoneMatch: '*' } as const;
const linux = process.platform === 'linux';

/** A pid that was somebody's a moment ago. */
async function killedProcess(): Promise<Identity> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'inherit'] });
  await once(child, 'spawn');
  child.kill('SIGKILL');
  await once(child, 'close');
  return { ...ownIdentity(), pid: child.pid ?? 0, started: '1' };
}

describe('a temporary file', () => {
  let root: string;
  let files: AppendableFileSystem;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hygge-temporary-'));
    files = localFileSystem(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function left(folder: string, writer: Identity, ageMs = 0): Promise<string> {
    const path = join(root, folder, temporaryName(writer));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'half');
    const then = new Date(Date.now() - ageMs);
    await utimes(path, then, then);
    return path;
  }

  test('of a process that was killed goes with the next file that is put next to it', async () => {
    const path = await left('d', await killedProcess());
    await files.put('d/a', bytes('1'), fresh);
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(linux)('of a process that lives stays, however old it is and under whatever user', async () => {
    const path = await left('d', ownIdentity(), 7_200_000);
    await files.put('d/a', bytes('1'), fresh);
    await collect(files.list(''));
    await files.put('e/a', bytes('1'), fresh);
    expect(existsSync(path)).toBe(true);
  });

  test.runIf(linux)('of a pid that is used again goes', async () => {
    const path = await left('d', { ...ownIdentity(), started: '1' });
    await files.put('d/a', bytes('1'), fresh);
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(linux)('of an earlier boot goes', async () => {
    const path = await left('d', { ...ownIdentity(), boot: `00000000-0000-0000-0000-000000000000 ${ownIdentity().boot.split(' ')[1]}` });
    await files.put('d/a', bytes('1'), fresh);
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(linux)('of a writer of whom nothing is known goes after an hour', async () => {
    const strangers: readonly Identity[] = [
      { ...ownIdentity(), host: 'another-machine' },
      { ...ownIdentity(), boot: `${ownIdentity().boot.split(' ')[0]} pid:[1]` },
    ];
    const young = await Promise.all(strangers.map((stranger) => left('d', stranger, 3_000_000)));
    const old = await Promise.all(strangers.map((stranger) => left('d', stranger, 4_000_000)));
    await files.put('d/a', bytes('1'), fresh);
    expect(young.map((path) => existsSync(path))).toEqual([true, true]);
    expect(old.map((path) => existsSync(path))).toEqual([false, false]);
  });

  const writes: readonly [string, () => Promise<unknown>][] = [
    ['put', () => files.put('elsewhere/a', bytes('1'), fresh)],
    ['staged', () => files.stage({ staged: 'elsewhere/a', final: 'a' }, (async function* () {})())],
    ['appended', () => files.append('elsewhere/a', bytes('1'))],
    ['removed', () => files.remove('elsewhere/a')],
  ];

  test.each(writes)('seen in a listing goes, and its empty folders with it, when something is %s elsewhere', async (_, write) => {
    await left('deep/down', await killedProcess());
    expect(await collect(files.list(''))).toEqual([]);
    await write();
    expect(await readdir(root)).not.toContain('deep');
  });

  test('stays where it is while files are only read and listed', async () => {
    await writeFile(join(root, 'a'), 'x');
    const paths = [await left('', await killedProcess()), await left('d', await killedProcess())];
    await collect(files.list(''));
    await collect(files.staged('d'));
    await files.get('a');
    await collect(files.list(''));
    expect(paths.map((path) => existsSync(path))).toEqual([true, true]);
  });

  test('next to one that cannot be removed is no reason to fail', async () => {
    const dead = await killedProcess();
    await mkdir(join(root, 'd', temporaryName(dead)), { recursive: true });
    await expect(files.put('d/a', bytes('1'), fresh)).resolves.toMatchObject({ outcome: 'written' });
  });
});
