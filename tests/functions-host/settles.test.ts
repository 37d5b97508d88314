import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { count } from '../support/duck.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();

const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 7) minute as changed, md5(range::varchar) as noise from range(${from}, ${to})`;

const flow = [
  'home: { type: parquet, path: "in/{entity}" }',
  'store: { type: parquet, path: lake }',
  'schedule: "0 0 2 * * *"',
  'run_type: incremental',
  'watermark: { column: changed }',
  'entities: [orders, lines]',
  '',
].join('\n');

async function shop() {
  const app = await startHyggeApp({ azurite: await azurite(), files: { 'flows/shop/flow.yml': flow } });
  await app.workspace.parquet('in/orders/1.parquet', rows(0, 1_000));
  await app.workspace.parquet('in/lines/1.parquet', rows(0, 5_000));
  return app;
}

test('a run that is posted settles its entities in the lake, and their watermarks in Table Storage', async () => {
  await using app = await shop();
  const run = await app.run('shop');
  expect(run).toMatchObject({ status: 'pass', trigger: 'http', lane: 'live' });
  expect(await app.difference('lake', 'shop', 'orders', rows(0, 1_000))).toBe(0);
  expect(await app.difference('lake', 'shop', 'lines', rows(0, 5_000))).toBe(0);
  expect(await app.difference('lake', 'shop', 'lines', rows(1, 5_001))).toBe(2);
  expect(await count(`select count(*) as n from '${app.workspace.path('lake')}/orders/*.parquet'`)).toBe(1_000);
  expect((await app.hygge('status', '--output', 'json')).stdout).toContain('"watermark":"2026-01-01T11:54:00.000000"');
  expect((await app.hygge('journal', '--output', 'json')).stdout).toContain(run.run_id);
});

test('the timer fires, and the next one takes only what is new', async () => {
  await using app = await shop();
  await app.door.fireTimer('shop-schedule');
  expect(await app.ended('shop')).toMatchObject({ status: 'Completed', output: { pass: 2, error: 0 } });
  await app.workspace.parquet('in/orders/2.parquet', rows(1_000, 1_500));
  await app.door.fireTimer('shop-schedule');
  expect((await app.ended('shop')).output).toMatchObject({ pass: 1, skip: 1, error: 0 });
  expect(await app.difference('lake', 'shop', 'orders', rows(0, 1_500))).toBe(0);
  expect(await app.difference('lake', 'shop', 'lines', rows(0, 5_000))).toBe(0);
});

test('some entities of a flow, as a full load', async () => {
  await using app = await shop();
  await app.run('shop');
  await app.workspace.parquet('in/orders/1.parquet', rows(0, 10));
  expect(await app.run('shop', { entities: ['orders'], run_type: 'full_drop' })).toMatchObject({ status: 'pass' });
  expect(await app.difference('lake', 'shop', 'orders', rows(0, 10))).toBe(0);
  expect(await app.difference('lake', 'shop', 'lines', rows(0, 5_000))).toBe(0);
});
