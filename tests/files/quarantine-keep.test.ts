import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const start = Date.parse('2026-03-01T08:00:00Z');

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => void vi.useRealTimers());

/** An entity that reads a file a day. Each has a row that keeps the rule, and some have one that breaks it. */
function shop(validation: string) {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': `home: { path: "in/{entity}/*.csv", format: csv, types: { id: int64, amount: int64 }, bad_rows: quarantine }
store: lake
entities: [orders]
run_type: incremental
keep: 1d
validation: { contract: contracts/orders.yml, mode: quarantine${validation} }
`,
    'contracts/orders.yml': 'columns:\n  id: int64\n  amount: { type: int64, min: 0 }\n',
  });
  const on = async (day: number, ...lines: readonly string[]) => {
    vi.setSystemTime(start + day * 24 * 3_600_000);
    if (lines.length > 0) workspace.write({ [`in/orders/${day}.csv`]: `id,amount\n${lines.join('\n')}\n` });
    const { code, events } = await workspace.run(['go', '--output', 'json']);
    const done = events.find((one) => one.event === 'entity_done');
    return { code, status: done?.status, message: String(done?.message ?? '') };
  };
  const apart = async () => {
    const { stdout } = await workspace.run(['quarantine', 'show', 'shop.orders', '--output', 'json']);
    const rows = stdout.split('\n').filter((line) => line.startsWith('{'));
    return rows.map((line) => JSON.parse(line) as { readonly id?: number; readonly text?: string }).map(({ id, text }) => id ?? text);
  };
  return { workspace, on, apart, [Symbol.dispose]: () => workspace[Symbol.dispose]() };
}

test('rows in quarantine stay for ever where keep_quarantined is absent, however short keep is', async () => {
  using scene = shop('');
  expect(await scene.on(0, '1,1', '2,-2', 'three,3')).toMatchObject({ code: 0, status: 'warn' });
  expect(await scene.on(500, '4,4')).toMatchObject({ code: 0, status: 'pass' });
  expect(new Set(await scene.apart())).toEqual(new Set([2, 'three,3']));
});

test('rows older than keep_quarantined are reported by each run of the week before, leave with the next commit, and the younger ones stay', async () => {
  using scene = shop(', keep_quarantined: 30d');
  await scene.on(0, '1,1', '2,-2', 'three,3');
  await scene.on(10, '4,4', '5,-5');
  expect(await scene.on(22, '6,6')).toMatchObject({ status: 'pass', message: '' });
  expect(await scene.on(24, '7,7')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('2 rows in quarantine leave it permanently from 2026-03-31 on'),
  });
  expect(await scene.on(25)).toMatchObject({ status: 'warn', message: expect.stringContaining('hygge quarantine show shop.orders') });
  // Nothing is committed: nothing goes, and it is reported all the same.
  expect(await scene.on(31)).toMatchObject({ status: 'warn', message: expect.stringContaining('2 rows in quarantine leave it') });
  expect(await scene.apart()).toHaveLength(3);
  const { stdout } = await scene.workspace.run(['go', '--dry-run', '--output', 'json']);
  expect(stdout).not.toContain('"status":"error"');
  expect(await scene.on(32, '8,8')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('2 rows in quarantine were older than 30d and were removed'),
  });
  expect(await scene.apart()).toEqual([5]);
  expect(readdirSync(scene.workspace.path('lake/orders/_hygge/shop/orders/quarantine').replace('lake/orders/', 'lake/'))).toHaveLength(1);
  const journal = (await scene.workspace.run(['journal', '--entity', 'shop.orders', '--limit', '1', '--output', 'json'])).stdout;
  expect(JSON.parse(journal)).toMatchObject({ status: 'warn', message: expect.stringContaining('older than 30d') });
  expect(await scene.on(33, '9,9')).toMatchObject({ status: 'warn', message: expect.stringContaining('1 row in quarantine leaves it') });
  expect(await scene.on(34, '10,10', '11,-11')).toMatchObject({ status: 'warn' });
  expect(await scene.on(45, '12,12')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('1 row in quarantine was older than 30d and was removed'),
  });
  expect(await scene.apart()).toEqual([11]);
});

test('of rows that are kept for less than two weeks, runs of the second half of that time report', async () => {
  using scene = shop(', keep_quarantined: 4d');
  await scene.on(0, '1,1', '2,-2');
  expect(await scene.on(1, '3,3')).toMatchObject({ status: 'pass' });
  expect(await scene.on(3, '4,4')).toMatchObject({ status: 'warn', message: expect.stringContaining('from 2026-03-05 on') });
});

test('max_quarantined bounds rows that can’t be read where nothing else is validated', async () => {
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml':
      'home: { path: "in/{entity}", format: csv, types: { id: int64 }, bad_rows: quarantine }\nstore: lake\nentities: [orders]\nvalidation: { max_quarantined: 1 }\n',
    'in/orders/a.csv': 'id\n1\ntwo\nthree\n',
  });
  const { code, stdout } = await workspace.run(['go']);
  expect([code, stdout]).toEqual([1, expect.stringContaining('HYG-2122')]);
  workspace.write({ 'in/orders/a.csv': 'id\n1\ntwo\n' });
  const { stdout: planned } = await workspace.run(['go', '--dry-run', '-v']);
  expect(planned).not.toContain('judged by');
  expect((await workspace.run(['go'])).code).toBe(0);
});
