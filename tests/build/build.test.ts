import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { build } from '../../scripts/build.mjs';
import { root } from '../architecture/sources.ts';
import { buildsLate } from '../support/bundle.ts';
import { node } from '../support/run-hygge.ts';

const entry = [
  "const name: string = process.argv[2] ?? 'you';",
  "void import('./greet.ts').then(({ mood }) => process.stdout.write('hello ' + name + ', ' + mood));",
].join('\n');

/** A small project with its own sources and our dependencies. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', version: '4.5.6' }));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'src/cli/main.ts'), entry);
  writeFileSync(join(folder, 'src/cli/greet.ts'), 'export const mood = (globalThis as { HYGGE_VERSION?: string }).HYGGE_VERSION;\n');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** What a module says. */
function evaluated(text: string): string {
  const { stdout, stderr } = spawnSync(node, ['--input-type=module', '-e', text], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

const bundle = (folder: string) => readFileSync(join(folder, 'dist/hygge.js'), 'utf8');

test('what is imported when it is needed gets a file of its own, with the version in it', async () => {
  const folder = project();
  expect(await build({ root: folder })).toBe(true);
  expect(bundle(folder)).not.toContain('4.5.6');
  const chunks = readdirSync(join(folder, 'dist/chunks')).filter((name) => name.endsWith('.js'));
  expect(chunks.map((name) => readFileSync(join(folder, 'dist/chunks', name), 'utf8')).join()).toContain('4.5.6');
});

test('a part for threads is a file of its own, which says where it is', async () => {
  const folder = project();
  const source = "import { shared } from './shared.ts';\nexport const url = import.meta.url;\nexport const say = () => shared;\n";
  writeFileSync(join(folder, 'src/cli/job.ts'), source);
  writeFileSync(join(folder, 'src/cli/shared.ts'), "export const shared = 'from a thread';\n");
  writeFileSync(join(folder, 'src/cli/main.ts'), "void import('./job.ts').then(({ url }) => console.log(url));");
  await build({ root: folder });
  const job = evaluated(`await import(${JSON.stringify(join(folder, 'dist/hygge.js'))});`).trim();
  expect(job).toContain('/dist/chunks/job-');
  expect(evaluated(`console.log((await import(${JSON.stringify(job)})).say());`)).toBe('from a thread\n');
  const { located } = JSON.parse(readFileSync(join(folder, 'dist/build.json'), 'utf8')) as { readonly located: Record<string, string> };
  expect(job).toMatch(new RegExp(`/${located['src/cli/job.ts']}$`));
});

test.skipIf(buildsLate)('a thread that hygge starts in the process of a test loads what is bundled', async () => {
  const { url } = await import('../../src/databases/sqlite/thread.ts');
  expect(url).toContain('/dist/chunks/thread-');
});

test('a module for threads that is no file of its own is refused', async () => {
  const folder = project();
  writeFileSync(join(folder, 'src/cli/job.ts'), 'export const url = import.meta.url;\n');
  writeFileSync(join(folder, 'src/cli/main.ts'), "import { url } from './job.ts';\nconsole.log(url);\n");
  await expect(build({ root: folder })).rejects.toThrow('has to be imported with import()');
});

test('a bundle that is not all there is built again', async () => {
  const folder = project();
  await build({ root: folder });
  rmSync(join(folder, 'dist/hygge.js'));
  expect(await build({ root: folder, ifStale: true })).toBe(true);
});

test('nothing is built while nothing has changed', async () => {
  const folder = project();
  await build({ root: folder });
  expect(await build({ root: folder, ifStale: true })).toBe(false);
});

test.each(['src/cli/main.ts', 'src/cli/greet.ts', 'package-lock.json'])('a change of %s makes the bundle stale', async (path) => {
  const folder = project();
  await build({ root: folder });
  writeFileSync(join(folder, path), `${readFileSync(join(folder, path), 'utf8')}\n`);
  expect(await build({ root: folder, ifStale: true })).toBe(true);
});

test('chunks of earlier builds stay for an hour, for a hygge that still runs', async () => {
  const folder = project();
  await build({ root: folder });
  const before = readdirSync(join(folder, 'dist/chunks'));
  writeFileSync(join(folder, 'src/cli/greet.ts'), "export const mood = 'other';\n");
  await build({ root: folder });
  expect(readdirSync(join(folder, 'dist/chunks'))).toEqual(expect.arrayContaining(before));

  for (const name of before) utimesSync(join(folder, 'dist/chunks', name), 0, 0);
  await build({ root: folder });
  const after = readdirSync(join(folder, 'dist/chunks'));
  expect(before.filter((name) => after.includes(name))).toEqual([]);
});

test('sources that do not build leave the bundle unchanged', async () => {
  const folder = project();
  await build({ root: folder });
  const before = bundle(folder);
  writeFileSync(join(folder, 'src/cli/main.ts'), "import './nowhere.ts';\n");
  await expect(build({ root: folder })).rejects.toThrow('nowhere.ts');
  expect(bundle(folder)).toBe(before);
});
