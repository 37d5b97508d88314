import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';
import { differenceToday, type Invoke, recordedHistories, recordHistory } from '../support/function-host/recorded.ts';

const azurite = sharedAzurite();
const histories = recordedHistories();
const files = {
  'flows/shop/flow.yml': [
    'home: { type: parquet, path: "in/{entity}" }',
    'store: { type: parquet, path: lake }',
    'run_type: incremental',
    'watermark: { column: changed }',
    'entities: [orders, lines]',
    '',
  ].join('\n'),
  'flows/gone/flow.yml': 'home: { type: parquet, path: nowhere }\nstore: { type: parquet, path: lake/gone }\n',
};
let app: HyggeApp;

beforeAll(async () => {
  app = await startHyggeApp({ azurite: await azurite(), files });
});

afterAll(() => app[Symbol.asyncDispose]());

const today: Invoke = (orchestrator, triggerInput) => app.host.ask('replay', orchestrator, triggerInput);

test.each(histories.map((history) => [history.name, history] as const))('%s goes on today', async (_, history) => {
  expect(await differenceToday(history, today)).toBeNull();
});

/** `RECORD_HISTORIES=v2 npm test -- tests/functions-host/recorded` writes what today's orchestrators do; otherwise nothing is recorded. */
test.runIf(process.env.RECORD_HISTORIES !== undefined)('records', async () => {
  const version = process.env.RECORD_HISTORIES ?? '';
  const record = async (shows: string) => {
    const ended = await app.host.ask('instances');
    for (const { id } of ended) {
      const instance = await app.host.ask('instance', id);
      if (instance !== null) recordHistory(version, instance, shows);
      await app.host.ask('purge', id);
    }
  };
  const rows = "select range as id, timestamp '2026-01-01' + interval (range) hour as changed from range(48)";
  for (const [n, entity] of ['orders', 'orders', 'lines'].entries()) await app.workspace.parquet(`in/${entity}/${n}.parquet`, rows);
  await app.run('shop');
  await record('a run');
  await app.run('shop');
  await record('nothing new');
  await app.run('gone');
  await record('a failure');
  const backfill = await app.begin('shop', { entities: ['orders'], backfill: { from: '2026-01-01', to: '2026-01-03', chunk: '1d' } });
  await app.host.ask('ended', `backfill-shop-${backfill}`);
  await record('a backfill');
  await app.host.ask('hold', { 'hygge-move-slice': 0 });
  const run = await app.begin('shop', { run_type: 'full_drop', entities: ['orders'] });
  await app.host.ask('idle');
  await app.host.fetch(`/api/flows/shop/runs/${run}`, { method: 'DELETE' });
  await app.host.ask('hold', {});
  await app.ended('shop');
  await record('a cancelled run');
});
