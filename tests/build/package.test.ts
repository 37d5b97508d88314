import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePackage } from '../../scripts/package.mjs';
import { root } from '../architecture/sources.ts';
import { blocksOf } from '../docs/blocks.ts';
import { node } from '../support/run-hygge.ts';
import { sampled } from '../support/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'hygge-package-'));
const prefix = join(folder, 'prefix');
const page = readFileSync(join(root, 'docs/install.md'), 'utf8');
const commands = blocksOf(page)
  .filter(({ language }) => language === 'bash')
  .flatMap(({ text }) => text.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()))
  .filter((line) => line !== '');
let archive = '';

/** How this machine reaches what npm fetches. */
const theWayOut = /^npm_config_(registry|cafile|strict_ssl)$|proxy$|^(NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i;

/** In a folder that has nothing of the clone, and with a PATH that has nothing but this Node and what npm installs there. */
function ran(command: string, cwd = folder) {
  const [program = '', ...args] = command.split(' ');
  const env = {
    ...{ HOME: folder, npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME ?? '', '.npm') },
    ...{ npm_config_prefix: prefix, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' },
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => theWayOut.test(name))),
    PATH: [join(prefix, 'bin'), dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

const installed = () => join(prefix, 'lib', 'node_modules');

function bytesBelow(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

beforeAll(async () => {
  archive = await makePackage({ out: folder });
  const done = ran(`npm install --global ./${archive.slice(folder.length + 1)}`);
  if (done.code !== 0) throw new Error(done.stderr);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('hygge from its package', () => {
  test('is installed by what the page says', () => {
    expect(commands[0]).toBe('npm run package');
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
      scripts: { package: expect.stringContaining('package.mjs') },
    });
    expect(commands).toContain(`npm install --global ./${archive.slice(folder.length + 1)}`);
  });

  test('is made by that alone: npm pack in the clone refuses, names the command and leaves nothing', () => {
    const { code, stderr } = ran('npm pack', root);
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('Try this: npm run package\n')]);
    expect(readdirSync(root).filter((name) => name.endsWith('.tgz'))).toEqual([]);
  });

  test('is at most ten packages and 160 MB, none of which runs a script', () => {
    const manifests = readdirSync(installed(), { recursive: true })
      .map(String)
      .filter((path) => /(^|\/)(node_modules\/)?(@[^/]+\/)?[^/]+\/package\.json$/.test(path) && !/\/(dist|bin)\//.test(path));
    const told = manifests.map((path) => JSON.parse(readFileSync(join(installed(), path), 'utf8')) as { name?: string; scripts?: object });
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(10);
    expect(told.filter(({ scripts = {} }) => 'install' in scripts || 'preinstall' in scripts || 'postinstall' in scripts)).toEqual([]);
    expect(bytesBelow(installed())).toBeLessThan(160 * 1024 ** 2);
    expect(existsSync(join(installed(), 'hygge', 'src'))).toBe(false);
  });

  test('tells what it runs on, and that DuckDB is not there', () => {
    expect(ran('hygge version')).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
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
    const inside = join(installed(), 'hygge');
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
    const workspace = join(folder, 'example');
    expect(ran('hygge go', workspace)).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS=2 WARN=0 ERROR=0') });
    expect(ran('hygge debug', workspace)).toMatchObject({ code: 0 });
  });

  test('reaches for databases and clouds with what is in the bundle', () => {
    const folderOf = join(folder, 'reaching');
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

  const needing = {
    'packs an app for the cloud': () => {
      const workspace = join(folder, 'shop');
      expect(ran('hygge init shop --example')).toMatchObject({ code: 0 });
      const packed = ran('hygge pack --all --out app.zip --output json', workspace);
      expect([packed.code, packed.stderr]).toMatchObject([0, expect.not.stringContaining('✗')]);
      expect(JSON.parse(packed.stdout)).toMatchObject({
        packages: expect.arrayContaining([expect.objectContaining({ name: 'nodejs-polars' })]),
      });
      expect(existsSync(join(workspace, 'app.zip'))).toBe(true);
    },
    'is made whole by another install where npm left the engine out': () => {
      // As npm does under an older Node, without a word.
      const natives = readdirSync(installed(), { recursive: true }).map(String);
      for (const path of natives.filter((one) => /nodejs-polars-[^/]+$/.test(one))) rmSync(join(installed(), path), { recursive: true });
      writeFileSync(join(folder, 'buns.csv'), 'id,name\n1,bun\n');
      const { code, stdout, stderr } = ran('hygge copy buns.csv buns');
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('HYG-6002');
      const [, advised = ''] = /(npm install --global \S+)/.exec(stdout + stderr) ?? [];
      expect(ran(advised.replace(/hygge-<version>\.tgz/, archive.slice(folder.length + 1)))).toMatchObject({ code: 0 });
      expect(ran('hygge copy buns.csv buns')).toMatchObject({ code: 0 });
    },
    'says how DuckDB comes where a flow needs it': () => {
      const folderOf = join(folder, 'ducks');
      mkdirSync(folderOf);
      writeFileSync(
        join(folderOf, 'hygge.yml'),
        'name: ducks\nflows:\n  a: { home: { type: duckdb, query: "select 1 as a" }, store: lake/a }\n',
      );
      const { code, stdout, stderr } = ran('hygge go', folderOf);
      expect(code).toBe(1);
      const [advised = ''] = commands.filter((command) => command.includes('duckdb'));
      const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
        dependencies: Readonly<Record<string, string>>;
      };
      expect(advised).toContain(`@duckdb/node-api@${dependencies['@duckdb/node-api']}`);
      expect(stdout + stderr).toContain(advised);
      expect(ran(advised)).toMatchObject({ code: 0 });
      expect(ran('hygge go', folderOf)).toMatchObject({ code: 0 });
      expect(ran('hygge version --verbose').stdout).toMatch(/duckdb +@duckdb\/node-api 1\./);
    },
  };

  // They take long.
  test.each(sampled(Object.entries(needing), 2))('%s', (_what, does) => does());
});
