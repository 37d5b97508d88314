import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSynchronously } from '../../../src/filesystems/disk/read-at-once.ts';

const folder = await mkdtemp(join(tmpdir(), 'hygge-read-at-once-'));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, 'constructor 🏡.txt');
await writeFile(path, '0123456789');

test('as many bytes as there is room for, from where it is told', () => {
  const into = Buffer.alloc(4);
  expect(readSynchronously(path, 3, into)).toBe(true);
  expect(into.toString()).toBe('3456');
  expect(readSynchronously(path, 10, Buffer.alloc(0))).toBe(true);
});

test.each([
  ['the file has less', path, 8],
  ['it is gone', join(folder, 'gone'), 0],
  ['it is a folder', folder, 0],
])('says no when %s', (_, at, start) => {
  expect(readSynchronously(at, start, Buffer.alloc(4))).toBe(false);
});
