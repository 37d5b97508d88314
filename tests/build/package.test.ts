import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { commands, InstalledPackage } from '../support/installed-package.ts';

let hygge: InstalledPackage;
const ran = (command: string, cwd?: string) => hygge.ran(command, cwd);

function bytesBelow(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

beforeAll(async () => {
  hygge = new InstalledPackage();
  await hygge.install();
});
afterAll(() => hygge[Symbol.dispose]());

describe('hygge from its package', () => {
  test('is installed by what the page says', () => {
    expect(commands[0]).toBe('npm run package');
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
      scripts: { package: expect.stringContaining('package.mjs') },
    });
    expect(commands).toContain(`npm install --global ./${hygge.archive}`);
  });

  test('is made by that alone: npm pack in the clone refuses, names the command and leaves nothing', () => {
    const { code, stderr } = ran('npm pack', root);
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('Try this: npm run package\n')]);
    expect(readdirSync(root).filter((name) => name.endsWith('.tgz'))).toEqual([]);
  });

  test('is at most ten packages and 160 MB, none of which runs a script', () => {
    const manifests = readdirSync(hygge.modules, { recursive: true })
      .map(String)
      .filter((path) => /(^|\/)(node_modules\/)?(@[^/]+\/)?[^/]+\/package\.json$/.test(path) && !/\/(dist|bin)\//.test(path));
    const told = manifests.map(
      (path) => JSON.parse(readFileSync(join(hygge.modules, path), 'utf8')) as { name?: string; scripts?: object },
    );
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(10);
    expect(told.filter(({ scripts = {} }) => 'install' in scripts || 'preinstall' in scripts || 'postinstall' in scripts)).toEqual([]);
    expect(bytesBelow(hygge.modules)).toBeLessThan(160 * 1024 ** 2);
    expect(existsSync(join(hygge.modules, 'hygge', 'src'))).toBe(false);
  });

  test('says what it runs on, and that DuckDB is not there', () => {
    const { code, stdout } = ran('hygge version --verbose');
    expect(code).toBe(0);
    expect(stdout).toMatch(/node +\d+\.\d+\.\d+ on linux-x64/);
    expect(stdout).toMatch(/engine +nodejs-polars \d+\.\d+\.\d+/);
    expect(stdout).toMatch(/duckdb +not installed/);
    expect(JSON.parse(ran('hygge version --output json').stdout)).toMatchObject({ engine: { problem: null }, duckdb: { version: null } });
  });

  test('brings its documentation, which answers questions', () => {
    const found = ran('hygge docs install without clone');
    expect([found.code, found.stderr]).toEqual([0, '']);
    expect(found.stdout).toContain('  read  hygge docs install\n');
    expect(ran('hygge docs install').stdout).toMatch(/^# Installing hygge\n/);
  });

  test('has no link to what only the repository has', () => {
    const inside = join(hygge.modules, 'hygge');
    const markdown = readdirSync(inside, { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.md'));
    expect(markdown).toEqual(expect.arrayContaining(['README.md', 'docs/guarantees.md']));
    const lost = markdown.flatMap((path) =>
      [...readFileSync(join(inside, path), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
        .map(([, target = '']) => join(dirname(path), target))
        .filter((target) => !existsSync(join(inside, target))),
    );
    expect(lost).toEqual([]);
  });

  test('makes a workspace and moves it', () => {
    expect(ran('hygge init example --example')).toMatchObject({ code: 0 });
    const workspace = join(hygge.folder, 'example');
    expect(ran('hygge go', workspace)).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS=2 WARN=0 ERROR=0') });
    expect(ran('hygge debug', workspace)).toMatchObject({ code: 0 });
  });

  test('reaches for databases and clouds with what is in the bundle', () => {
    const folderOf = join(hygge.folder, 'reaching');
    mkdirSync(folderOf);
    writeFileSync(
      join(folderOf, 'hygge.yml'),
      `name: reaching
connections:
  a: { type: mysql, host: 127.0.0.1, port: 1, database: d, user: u }
  b: { type: sqlserver, server: "localhost,1", database: d, user: u, password: "\${P:-p}" }
  c: { type: postgres, host: 127.0.0.1, port: 1, database: d, user: u }
flows:
  a: { home: { connection: a, table: t }, store: lake/a }
  b: { home: { connection: b, table: t }, store: lake/b }
  c: { home: { connection: c, table: t }, store: lake/c }
`,
    );
    const { stdout } = ran('hygge debug', folderOf);
    expect(stdout.match(/can't be reached/g)).toHaveLength(3);
    expect(stdout).not.toMatch(/HYG-9001|Cannot find/);
  });
});
