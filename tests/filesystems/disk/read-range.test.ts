import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRange } from '../../../src/filesystems/disk/read.ts';

const folder = await mkdtemp(join(tmpdir(), 'hygge-read-range-'));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, 'digits.txt');
await writeFile(path, '0123456789');

test.each([
  ['in its middle', { start: 3, end: 5 }, '34'],
  ['up to its end, where it has less', { start: 8, end: 20 }, '89'],
  ['behind its end', { start: 12, end: 20 }, ''],
  ['of no bytes', { start: 4, end: 4 }, ''],
])('a range of a file %s', async (_, range, text) => {
  expect(Buffer.from(await readRange(path, range)).toString()).toBe(text);
});

/** One entry for each file that this process has open. */
const openFiles = '/dev/fd';

test.skipIf(!existsSync(openFiles))('a file that was read, or could not be read, is not left open', async () => {
  const before = readdirSync(openFiles).length;
  for (let reads = 0; reads < 50; reads++) {
    await readRange(path, { start: 0, end: 4 });
    await expect(readRange(folder, { start: 0, end: 4 })).rejects.toThrow('EISDIR');
  }
  expect(readdirSync(openFiles).length).toBeLessThan(before + 20);
});
