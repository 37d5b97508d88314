import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { duck } from '../support/duck.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'apis.md'), 'utf8'));
const hour = 3_600_000;
let hoursAgo = 12;
const now = () => Date.now() - hoursAgo * hour;
let server: ShiftingPages;
beforeEach(async () => {
  hoursAgo = 12;
  server = await startShiftingPages({ position: 'page', admits: (authorization) => authorization === 'Bearer t0k3n' }, { nowMs: now });
});
afterEach(() => server[Symbol.asyncDispose]());

test('the example of docs/apis.md runs as it stands, and once more for what is new', async () => {
  using workspace = new TestWorkspace();
  const files = blocks
    .filter(({ language }) => language === 'yaml')
    .map(({ text }) => ({ path: /^# (\S+\.yml)/.exec(text)?.[1] ?? '', text }));
  for (const { path, text } of files) workspace.write({ [path]: text });
  for (const id of [1, 2, 3, 4]) server.rows('/orders').put(id, {}, { stampMs: now() - hour });
  server.rows('/customers').put(1, {}, { stampMs: now() - hour });
  const run = (command: string) => inProcess([command, '--no-color'], workspace.root, { SHOP_URL: server.url, SHOP_TOKEN: 't0k3n' });
  const debug = await run('debug');
  expect([debug.code, debug.stdout]).toEqual([0, expect.stringContaining('/orders lists 3 records on its first page; more pages follow')]);
  // What an app has to be given.
  expect(debug.stdout).toMatch(/secret\s+SHOP_TOKEN \(token\)\s+for shop/);
  expect((await run('go')).code).toBe(0);
  hoursAgo = 11;
  server.rows('/orders').put(5, {}, { stampMs: now() - hour / 2 });
  expect((await run('go')).code).toBe(0);
  const found = await duck(`select id from '${workspace.path('lake/shop/orders/*.parquet')}' order by id`);
  expect(found.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5]);
});
