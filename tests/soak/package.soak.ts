import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { commands, InstalledPackage } from '../support/installed-package.ts';

let hygge: InstalledPackage;
const ran = (command: string, cwd?: string) => hygge.ran(command, cwd);

beforeAll(async () => {
  hygge = new InstalledPackage();
  await hygge.install();
});
afterAll(() => hygge[Symbol.dispose]());

describe('hygge from its package', () => {
  test('packs an app for the cloud', () => {
    const workspace = join(hygge.folder, 'shop');
    expect(ran('hygge init shop --example')).toMatchObject({ code: 0 });
    const packed = ran('hygge pack --all --out app.zip --output json', workspace);
    expect([packed.code, packed.stderr]).toMatchObject([0, expect.not.stringContaining('✗')]);
    expect(JSON.parse(packed.stdout)).toMatchObject({
      packages: expect.arrayContaining([expect.objectContaining({ name: 'nodejs-polars' })]),
    });
    expect(existsSync(join(workspace, 'app.zip'))).toBe(true);
  });

  test('is made whole by another install where npm left the engine out', () => {
    // As npm does under an older Node, without a word.
    const natives = readdirSync(hygge.modules, { recursive: true }).map(String);
    for (const path of natives.filter((one) => /nodejs-polars-[^/]+$/.test(one))) rmSync(join(hygge.modules, path), { recursive: true });
    writeFileSync(join(hygge.folder, 'buns.csv'), 'id,name\n1,bun\n');
    const { code, stdout, stderr } = ran('hygge copy buns.csv buns');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('HYG-6002');
    const [, advised = ''] = /(npm install --global \S+)/.exec(stdout + stderr) ?? [];
    expect(ran(advised.replace(/hygge-<version>\.tgz/, hygge.archive))).toMatchObject({ code: 0 });
    expect(ran('hygge copy buns.csv buns')).toMatchObject({ code: 0 });
  });

  test('says how DuckDB comes where a flow needs it', () => {
    const folderOf = join(hygge.folder, 'ducks');
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
  });
});
