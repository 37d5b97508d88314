import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockName, withFolderLock } from '../../src/filesystems/disk/lock.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hygge-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Somebody who holds the lock and does not let go: a suspended process looks just like it. */
function held(): DatabaseSync {
  const database = new DatabaseSync(join(folder, lockName));
  database.exec('BEGIN IMMEDIATE');
  return database;
}

test('a caller that finds the lock held waits, and continues when it is free', async () => {
  const holder = held();
  let entered = false;
  const waiting = withFolderLock(folder, () => {
    entered = true;
    return 'done';
  });
  expect(entered).toBe(false);
  holder.close();
  expect(await waiting).toBe('done');
});

test('a caller that waits too long says so and may be tried again; nothing was done', async () => {
  const holder = held();
  let entered = false;
  const enter = (): void => {
    entered = true;
  };
  const busy = { name: 'StoreError', code: 'HYG-4009', transient: true, tryThis: [expect.stringContaining('suspended')] };
  await expect(withFolderLock(folder, enter, 20)).rejects.toMatchObject(busy);
  expect(entered).toBe(false);
  holder.close();
});

test('the lock is free after an act that throws', async () => {
  const failing = (): never => {
    throw new RangeError('in the middle');
  };
  await expect(withFolderLock(folder, failing)).rejects.toThrow('in the middle');
  expect(await withFolderLock(folder, () => 'next', 0)).toBe('next');
});
