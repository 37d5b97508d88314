import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolders } from '../../../src/filesystems/disk/make-folders.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hygge-folders-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('makes those that are missing, and says which came first', () => {
  expect(makeFolders(join(root, 'a', 'b', 'c'))).toBe(join(root, 'a'));
  expect(existsSync(join(root, 'a', 'b', 'c'))).toBe(true);
  expect(makeFolders(join(root, 'a', 'b', 'd'))).toBe(join(root, 'a', 'b', 'd'));
  expect(makeFolders(join(root, 'a', 'b'))).toBeUndefined();
});

test('a file in the way, at the end or further up, is what the system says of it', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolders(join(root, 'file'))).toThrow('EEXIST');
  expect(() => makeFolders(join(root, 'file', 'a', 'b'))).toThrow(/EEXIST|ENOTDIR/);
});

test('a link that leads nowhere is in the way; one to a folder is that folder', () => {
  symlinkSync(join(root, 'nowhere'), join(root, 'link'));
  expect(() => makeFolders(join(root, 'link', 'a'))).toThrow();
  symlinkSync(root, join(root, 'self'));
  expect(makeFolders(join(root, 'self', 'a'))).toBe(join(root, 'self', 'a'));
});

test.skipIf(!existsSync('/proc/self'))('where a system makes none, that is told, and nothing goes round for ever', () => {
  expect(() => makeFolders('/proc/hygge/a')).toThrow('ENOENT');
});
