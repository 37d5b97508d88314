import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { noPostgres, noPostgresTools, postgresDatabase } from '../support/postgres.ts';
import { node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const run = promisify(execFile);
const blocks = blocksOf(readFileSync(join(root, 'docs', 'reading.md'), 'utf8'));
const block = (language: string, nth = 0): string => {
  const found = blocks.filter((one) => one.language === language)[nth];
  if (found === undefined) throw new Error(`the page has no ${nth + 1}. block in ${language}`);
  return found.text;
};
const sql = blocks.filter(({ language }) => language === 'sql').map(({ text }) => text);
const [files = '', folder = '', latest = '', ...ofDatabase] = sql;

/** 100 orders, then ten of them changed, by the flow of the page. */
const workspace = new TestWorkspace();
beforeAll(async () => {
  workspace.write({ 'flows/shop/flow.yml': block('yaml') });
  const rows = (from: string, n: number) =>
    `select range as id, timestamp '${from}' + interval (range) minute as updated_at from range(${n})`;
  for (const [path, query] of [
    ['data/orders/1.parquet', rows('2026-01-01', 100)],
    ['data/orders/2.parquet', rows('2026-02-01', 10)],
  ] as const) {
    await workspace.parquet(path, query);
    expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
  }
});
afterAll(() => workspace[Symbol.dispose]());

/** Statements as DuckDB's own client runs them, in the folder of the workspace. */
async function inDuckdb(text: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const here = text.replaceAll("'data/lake/", `'${workspace.path('data/lake')}/`);
  const rows = (await connection.runAndReadAll(here)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('docs/reading.md', () => {
  test('DuckDB reads the files that current.json lists, and the same from the folder', async () => {
    expect(await inDuckdb(files)).toEqual([{ rows: '110' }]);
    expect(await inDuckdb(folder)).toEqual([{ rows: '110' }]);
  });

  test('DuckDB reads them as well where a later file has a column more', async () => {
    await workspace.parquet(
      'data/orders/3.parquet',
      "select range as id, timestamp '2026-03-01' + interval (range) minute as updated_at, 'web' as channel from range(2)",
    );
    expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
    expect(await inDuckdb(files)).toEqual([{ rows: '112' }]);
  });

  test('hygge query runs what the page shows', async () => {
    const commands = blocks.flatMap(({ text }) => text.split('\n')).filter((line) => line.startsWith('hygge query'));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const [, sql = '', more = ''] = /^hygge query '([^']*)' ?(.*)$/.exec(command) ?? [];
      const run = await workspace.run(['query', sql, ...more.split(' ').filter(Boolean)]);
      expect([command, run.code, run.stderr]).toEqual([command, 0, '']);
      expect(run.stdout).toMatch(/112|One row|"column_name":"updated_at"/);
    }
  });

  test('the view of newest rows has one for each key', async () => {
    expect(await inDuckdb(latest)).toEqual([{ rows: '100' }]);
    const newest = latest.replace(
      /SELECT count\(\*\) AS rows FROM orders_latest;/,
      'SELECT id, updated_at::text AS at FROM orders_latest WHERE id IN (1, 50) ORDER BY id;',
    );
    expect(await inDuckdb(newest)).toEqual([
      { id: '1', at: '2026-03-01 00:01:00' },
      { id: '50', at: '2026-01-01 00:50:00' },
    ]);
  });

  test('the keys that it explains are in the file', () => {
    const manifest = JSON.parse(readFileSync(workspace.path('data/lake/_hygge/shop/orders/current.json'), 'utf8'));
    const page = readFileSync(join(root, 'docs', 'reading.md'), 'utf8');
    const keys = [...page.matchAll(/^\| (`.*`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key),
    );
    expect(keys.length).toBeGreaterThan(10);
    for (const key of keys) {
      const value = key.split('.').reduce((at, part) => (part.endsWith('[]') ? at?.[part.slice(0, -2)]?.[0] : at?.[part]), manifest);
      expect([key, value === undefined]).toEqual([key, false]);
    }
    expect(existsSync(workspace.path('data/lake', manifest.files[0].name))).toBe(true);
  });

  test('Polars reads them in JavaScript', async () => {
    using one = new TestWorkspace({ 'flows/shop/flow.yml': block('yaml') });
    await one.parquet('data/orders/1.parquet', "select range as id, timestamp '2026-01-01' as updated_at from range(7)");
    expect(await one.run(['go'])).toMatchObject({ code: 0 });
    const polars = JSON.stringify(join(root, 'node_modules', 'nodejs-polars', 'bin', 'index.js'));
    writeFileSync(one.path('read.mjs'), block('js').replace("'nodejs-polars'", polars));
    expect((await run(node, ['read.mjs'], { cwd: one.root })).stdout).toBe('7\n');
  });

  test.skipIf(!existsSync('/usr/bin/python3'))('Python lists them', async () => {
    writeFileSync(workspace.path('read.py'), block('python'));
    const { files: listed } = JSON.parse(readFileSync(workspace.path('data/lake/_hygge/shop/orders/current.json'), 'utf8'));
    expect((await run('/usr/bin/python3', ['read.py'], { cwd: workspace.root })).stdout).toBe(`${listed.length}\n`);
  });

  test.skipIf(noPostgres() !== '' || noPostgresTools() !== '')('psql reads the table, and when it settled', async () => {
    await using db = await postgresDatabase();
    workspace.write({
      'flows/warehouse/flow.yml': `home: { type: parquet, path: "data/{entity}/1.parquet" }
store: { type: postgres, host: ${db.host}, port: ${db.port}, user: ${db.user}, password: "\${DB_SECRET}", database: ${db.database}, table: "shop.{entity}" }
entities: [orders]
`,
    });
    const done = await workspace.run(['go', '-f', 'warehouse'], { env: { DB_SECRET: db.password } });
    expect([done.code, done.stderr + done.stdout]).toEqual([0, expect.anything()]);
    const [count = '', commits = ''] = ofDatabase;
    expect((await db.psql(count)).trim()).toBe('100');
    expect((await db.psql(commits)).trim()).toMatch(/^100\|0\|0\|\|2\d{3}-/);
  });
});
