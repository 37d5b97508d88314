import { expect, test } from 'vitest';
import { removeOlder } from '../../src/files/store/remove-older.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';

const bytes = new TextEncoder().encode('x');

/** Each was modified on the day of January that its name ends with. */
async function withFiles(names: readonly string[]) {
  const days = names.values();
  const files = new MemoryFileSystem({ now: () => `2026-01-0${(days.next().value ?? '9').slice(1)}T00:00:00.000Z` });
  for (const name of names) await files.put(`folder/${name}`, bytes, { ifNoneMatch: '*' });
  const left = async () => {
    const found: string[] = [];
    for await (const { path } of files.list('folder')) found.push(path.slice('folder/'.length));
    return found;
  };
  return { files, left };
}

test('files are removed that were modified before a moment, but for those that are kept', async () => {
  const { files, left } = await withFiles(['a1', 'b2', 'c3', 'd4']);
  expect(await removeOlder(files, 'folder', '2026-01-04T00:00:00.000Z', async () => new Set(['folder/b2']))).toBe(2);
  expect(await left()).toEqual(['b2', 'd4']);
});

test('what is kept is not asked for where no file is that old', async () => {
  const { files, left } = await withFiles(['a1', 'b2']);
  const kept = () => Promise.reject(new Error('asked'));
  expect(await removeOlder(files, 'folder', '2026-01-01T00:00:00.000Z', kept)).toBe(0);
  expect(await left()).toEqual(['a1', 'b2']);
});
