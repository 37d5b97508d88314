import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { whatIsMissing } from '../../scripts/installed.mjs';
import { root } from '../architecture/sources.ts';

const zod = { 'node_modules/zod': { version: '4.0.0' } };
const natives = ['nodejs-polars-linux-x64-gnu', '@duckdb/node-bindings-linux-x64', '@esbuild/linux-x64'];

function clone(wanted: object, present: object | undefined, packages: readonly string[] = natives): string {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('package-lock.json', JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (present !== undefined) write('node_modules/.package-lock.json', JSON.stringify({ packages: present }));
  for (const name of packages) write(`node_modules/${name}/package.json`, '{}');
  return folder;
}

test('this clone is complete', () => {
  expect(whatIsMissing(root)).toBeUndefined();
});

test('a bare clone misses everything', () => {
  expect(whatIsMissing(clone(zod, undefined))).toBe('the dependencies are not installed yet');
});

test('a package that the lockfile has and node_modules does not is missing', () => {
  expect(whatIsMissing(clone(zod, {}))).toBe('zod 4.0.0 is not installed');
});

test('a package of another version is missing', () => {
  expect(whatIsMissing(clone(zod, { 'node_modules/zod': { version: '3.9.9' } }))).toBe('zod 4.0.0 is not installed');
});

test('an optional package of another platform is not missed', () => {
  const wanted = { ...zod, 'node_modules/nodejs-polars-win32-x64-msvc': { version: '1.0.0', optional: true } };
  expect(whatIsMissing(clone(wanted, zod))).toBeUndefined();
});

test.each([
  ['nodejs-polars-linux-x64-gnu', 'nodejs-polars'],
  ['@duckdb/node-bindings-linux-x64', '@duckdb/node-bindings'],
  ['@esbuild/linux-x64', 'esbuild'],
])('npm that leaves %s out, as it does under an old Node, is found out', (left, name) => {
  const others = natives.filter((native) => native !== left);
  expect(whatIsMissing(clone(zod, zod, others))).toBe(`the native part of ${name} is not installed`);
});
