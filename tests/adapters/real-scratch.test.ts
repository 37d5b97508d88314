import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { realHost } from '../../src/adapters/real-host.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';

const host = realHost();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hygge-test-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('paths are fresh, absolute, end as asked, and can be written', async () => {
  await using scratch = realScratch({ host, folder });
  const [a, b] = await Promise.all([scratch.path('.parquet'), scratch.path('.parquet')]);
  expect(a).not.toBe(b);
  for (const path of [a, b]) {
    expect(isAbsolute(path) && path.endsWith('.parquet') && !existsSync(path)).toBe(true);
    await writeFile(path, 'x');
  }
});

test('a folder that could not be made is tried again when the next path is asked for', async () => {
  const file = join(folder, 'in-the-way');
  await writeFile(file, 'x');
  await using scratch = realScratch({ host, folder: file });
  await expect(scratch.path('')).rejects.toMatchObject({ code: 'HYG-4011' });
  await rm(file);
  expect(await scratch.path('')).toContain(file);
});

test('no other user can look into it', async () => {
  await using scratch = realScratch({ host, folder });
  await scratch.path('');
  const [own = ''] = await readdir(folder);
  expect((await stat(join(folder, own))).mode & 0o077).toBe(0);
});

test('a path is given back, a file or a folder; an absent one is fine', async () => {
  await using scratch = realScratch({ host, folder });
  const [file, directory] = [await scratch.path('.bin'), await scratch.path('')];
  await writeFile(file, 'x');
  await mkdir(join(directory, 'deep'), { recursive: true });
  for (const path of [file, directory, directory]) await scratch.free(path);
  expect([existsSync(file), existsSync(directory)]).toEqual([false, false]);
});

test('all of it goes when it is disposed, and nothing is made when nothing was asked for', async () => {
  {
    await using scratch = realScratch({ host, folder });
    await writeFile(await scratch.path('.bin'), 'x');
    expect(await readdir(folder)).toHaveLength(1);
  }
  expect(await readdir(folder)).toEqual([]);
  {
    await using unused = realScratch({ host, folder });
    expect(unused).toBeDefined();
  }
  expect(await readdir(folder)).toEqual([]);
});

/** A folder of scratch as a process leaves it that is killed. */
async function leave(name: string, owner: unknown, above = folder): Promise<void> {
  await mkdir(join(above, name));
  await writeFile(join(above, name, 'owner.json'), JSON.stringify(owner));
}

const dead = { ...host.self, pid: 2 ** 22 + 1 };

test('leftovers of dead processes go; those of living, unknown and foreign ones stay', async () => {
  await leave('hygge-scratch-dead', dead);
  await leave('hygge-scratch-alive', host.self);
  await leave('hygge-scratch-elsewhere', { ...dead, host: 'another-machine' });
  await leave('hygge-scratch-odd', 'no holder');
  await leave('somebody-else', dead);
  await using scratch = realScratch({ host, folder });
  await scratch.path('');
  const left = (await readdir(folder)).filter((name) => !name.includes(`-${process.pid}-`));
  expect(left.sort()).toEqual(['hygge-scratch-alive', 'hygge-scratch-elsewhere', 'hygge-scratch-odd', 'somebody-else']);
});

test('leftovers go from memory and from the disk, wherever there is room now', async () => {
  vi.stubEnv('HYGGE_SCRATCH', undefined);
  vi.stubEnv('TMPDIR', folder);
  const name = `hygge-scratch-dead-${process.pid}`;
  const places = [folder, '/dev/shm'].filter((place) => existsSync(place));
  for (const place of places) await leave(name, dead, place);
  await using scratch = realScratch({ host });
  await scratch.path('');
  expect(places.filter((place) => existsSync(join(place, name)))).toEqual([]);
});

test('a place where no folder can be made is reported, with what to set', async () => {
  const file = join(folder, 'file');
  await writeFile(file, 'x');
  await using scratch = realScratch({ host, folder: file });
  await expect(scratch.path('.bin')).rejects.toMatchObject({
    name: 'StoreError',
    code: 'HYG-4011',
    tryThis: [expect.stringContaining('HYGGE_SCRATCH')],
  });
});
