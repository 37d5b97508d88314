import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';

beforeAll(buildOnce);

/** A package of its own with our launcher and this bundle. */
function installation(bundle: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-launcher-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['bin', 'dist', 'node_modules']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  copyFileSync(join(dirname(hyggeCommand), 'hygge.mjs'), join(folder, 'bin', 'hygge.mjs'));
  if (bundle !== undefined) writeFileSync(join(folder, 'dist/hygge.js'), bundle);
  return folder;
}

/** Options of a Node that takes itself for `version`. */
function pretending(version: string): readonly string[] {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(versions)}`];
}

/** Starts the launcher in such a Node, or in this one. */
function launch(folder: string, args: readonly string[] = [], version?: string) {
  const pretend = version === undefined ? [] : pretending(version);
  // The tests have a cache of their own; the launcher begins without one.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  return spawnSync(node, [...pretend, join(folder, 'bin/hygge.mjs'), ...args], { encoding: 'utf8', cwd: folder, env });
}

test('the bundle gets the arguments, and its exit code is the answer', () => {
  const folder = installation("process.stdout.write(process.argv.slice(2).join('|')); process.exitCode = 3;");
  expect(launch(folder, ['go', '-f', 'a b'])).toMatchObject({ status: 3, stdout: 'go|-f|a b', stderr: '' });
});

test('files of the bundle find each other without a look at a manifest, packages are found as ever', () => {
  const folder = installation("import { told } from './chunks/told.js'; process.stdout.write(told);");
  mkdirSync(join(folder, 'dist/chunks'));
  // By this one the file would be no module.
  writeFileSync(join(folder, 'dist/chunks/package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(folder, 'dist/chunks/told.js'), "import { word } from 'a-package'; export const told = 'it is ' + word;");
  mkdirSync(join(folder, 'node_modules/a-package'));
  writeFileSync(join(folder, 'node_modules/a-package/package.json'), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(join(folder, 'node_modules/a-package/index.js'), "export { word } from './word.js';");
  writeFileSync(join(folder, 'node_modules/a-package/word.js'), "export const word = 'there';");
  expect(launch(folder)).toMatchObject({ status: 0, stdout: 'it is there', stderr: '' });
});

test('node:sqlite brings no warning, other warnings stay', () => {
  const folder = installation("await import('node:sqlite'); process.emitWarning('something else');");
  const { stderr } = launch(folder);
  expect(stderr).toContain('something else');
  expect(stderr).not.toMatch(/sqlite/i);
});

test('what was compiled is remembered next to it, for threads too; where that can not be, nothing is said', () => {
  const told =
    "import { Worker } from 'node:worker_threads'; const code = 'console.log(require(`node:module`).getCompileCacheDir() ?? `none`)';";
  const folder = installation(`${told} new Worker(code, { eval: true });`);
  const kept = launch(folder);
  expect(kept).toMatchObject({ status: 0, stderr: '' });
  expect(kept.stdout.trim()).toContain(join(folder, '.cache', 'compiled'));
  const other = installation(`${told} new Worker(code, { eval: true });`);
  writeFileSync(join(other, '.cache'), 'a file where the folder would be');
  expect(launch(other)).toMatchObject({ status: 0, stdout: 'none\n', stderr: '' });
});

test('a launcher without a bundle says how to get one', () => {
  const { status, stderr } = launch(installation(undefined));
  expect(status).toBe(2);
  expect(stderr).toMatch(/not been built.*\n {2}Try: .*npm run setup/);
});

test.each(['20.19.0', '22.14.9'])('Node %s hands over to the pinned one, with arguments and exit code', (version) => {
  const folder = installation("process.stdout.write([process.versions.node, ...process.argv.slice(2)].join(' ')); process.exitCode = 130;");
  symlinkSync(join(root, 'node_modules/node'), join(folder, 'node_modules/node'));
  const { status, stdout } = launch(folder, ['go', '-v'], version);
  expect(stdout).toBe(`${process.versions.node} go -v`);
  expect(status).toBe(130);
});

test.each(['22.15.0', '23.0.0'])('Node %s is new enough', (version) => {
  const folder = installation("process.stdout.write(process.versions.node + ' here')");
  expect(launch(folder, ['list'], version).stdout).toBe(`${version} here`);
});

test('an old Node without a pinned one next to it is told so', () => {
  const { status, stderr } = launch(installation('process.exitCode = 0;'), [], '20.19.0');
  expect(status).toBe(2);
  expect(stderr).toMatch(/needs Node 22\.15 or newer; this is Node 20\.19\.0\.\n {2}Try: /);
});

test('the bundle itself, started by an old Node, says so and what to start', () => {
  const { status, stdout, stderr } = spawnSync(node, [...pretending('20.20.2'), join(root, 'dist/hygge.js'), '--version'], {
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^hygge needs Node 22\.15 or newer, .*\. This is Node 20\.20\.2\.\n {2}Try: start bin\/hygge\.mjs, .*\n$/);
});

describe('bin/hygge, as a shell or cron starts it', () => {
  const launcher = join(dirname(hyggeCommand), 'hygge');
  const start = (path: string, env: Readonly<Record<string, string>>) =>
    spawnSync(path, ['--version'], { encoding: 'utf8', cwd: '/', env });

  test('runs from anywhere, through a link, with the Node on the path', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hygge linked-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    symlinkSync(launcher, join(folder, 'hygge'));
    for (const path of [launcher, join(folder, 'hygge')])
      expect(start(path, { PATH: `${dirname(node)}:/usr/bin:/bin` })).toMatchObject({ status: 0, stderr: '' });
  });

  test("brings the clone's own Node where there is none", () => {
    const folder = mkdtempSync(join(tmpdir(), 'hygge-few-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const tool of ['readlink', 'dirname', 'sh']) symlinkSync(join('/usr/bin', tool), join(folder, tool));
    expect(start(launcher, { PATH: folder })).toMatchObject({ status: 0, stderr: '' });
  });
});
