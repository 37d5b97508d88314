import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { count } from '../support/duck.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();

const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 7) minute as changed, md5(range::varchar) as noise from range(${from}, ${to})`;

const flow = (name: string, more = '') =>
  [
    more,
    `home: { type: parquet, path: "${name}/{entity}" }`,
    `store: { type: parquet, path: lake/${name} }`,
    'schedule: "0 0 2 * * *"',
    'run_type: incremental',
    'watermark: { column: changed }',
    'entities: [orders, lines]',
    '',
  ].join('\n');

const flows = ['posted', 'timed', 'chosen'] as const;
/** One for all; each test has a flow of its own. */
let app: HyggeApp;

beforeAll(async () => {
  const more = (name: string) => (name === 'timed' ? 'compact: { every: 1ms }' : '');
  const files = Object.fromEntries(flows.map((name) => [`flows/${name}/flow.yml`, flow(name, more(name))]));
  app = await startHyggeApp({ azurite: await azurite(), files });
  for (const name of flows) {
    await app.workspace.parquet(`${name}/orders/1.parquet`, rows(0, 1_000));
    await app.workspace.parquet(`${name}/lines/1.parquet`, rows(0, 5_000));
  }
});

afterAll(() => app?.[Symbol.asyncDispose]());

test('a run that is posted settles its entities in the lake, and their watermarks in Table Storage', async () => {
  const run = await app.run('posted');
  expect(run).toMatchObject({ status: 'pass', trigger: 'http', lane: 'live' });
  expect(await app.difference('lake/posted', 'posted', 'orders', rows(0, 1_000))).toBe(0);
  expect(await app.difference('lake/posted', 'posted', 'lines', rows(0, 5_000))).toBe(0);
  expect(await app.difference('lake/posted', 'posted', 'lines', rows(1, 5_001))).toBe(2);
  expect(await count(`select count(*) as n from '${app.workspace.path('lake/posted')}/orders/*.parquet'`)).toBe(1_000);
  expect((await app.hygge('status', '--output', 'json')).stdout).toContain('"watermark":"2026-01-01T11:54:00.000000"');
  expect((await app.hygge('journal', '--output', 'json')).stdout).toContain(run.run_id);
});

test('the timer fires, and the next one takes only what is new, and puts small files together where that is due', async () => {
  await app.door.fireTimer('timed-schedule');
  expect(await app.ended('timed')).toMatchObject({ status: 'Completed', output: { pass: 2, error: 0 } });
  await app.workspace.parquet('timed/orders/2.parquet', rows(1_000, 1_500));
  await app.door.fireTimer('timed-schedule');
  expect((await app.ended('timed')).output).toMatchObject({ pass: 1, skip: 1, error: 0 });
  expect(await app.difference('lake/timed', 'timed', 'orders', rows(0, 1_500))).toBe(0);
  const files = [...app.workspace.tree('lake/timed/orders').keys()];
  // One for the rows at the watermark, which the next run reads again.
  expect(files.filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
  expect((await app.hygge('journal', '-e', 'timed.orders', '--output', 'json')).stdout).toMatch(/"lane":"compact".*"status":"pass"/);
  expect(await app.difference('lake/timed', 'timed', 'lines', rows(0, 5_000))).toBe(0);
});
