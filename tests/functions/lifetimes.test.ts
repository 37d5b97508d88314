import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerConnector } from '../../src/registry.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { CountedConnector } from '../support/counted-connector.ts';
import { AppOnAzurite, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();
let counted: CountedConnector;
let registration: Disposable;

beforeEach(() => {
  counted = new CountedConnector();
  registration = registerConnector(counted.connector);
});
afterEach(() => registration[Symbol.dispose]());

async function shopApp(): Promise<AppOnAzurite> {
  const flow = shop.replaceAll('type: parquet,', 'type: counted, format: parquet,');
  const app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': flow });
  for (let i = 0; i < 8; i++) await app.workspace.parquet(`in/orders/${i}.parquet`, rows(i * 10, i * 10 + 10));
  await app.workspace.parquet('in/lines/1.parquet', rows(0, 30));
  return app;
}

test('all activities of an entity run in one process share a home and a store, and the last one closes them', async () => {
  using app = await shopApp();
  await app.run();
  // Two entities; closing the flow opens their stores once more.
  expect(counted.homes).toEqual({ opened: 2, closed: 2, again: 0 });
  expect(counted.stores).toEqual({ opened: 4, closed: 4, again: 0 });
});

test('what a connection bears at once limits lanes and waves together', async () => {
  using app = await shopApp();
  await app.run();
  expect(counted.reads.peak).toBeGreaterThan(3);
  counted.reads.peak = 0;
  const hygge = readFileSync(app.workspace.path('hygge.yml'), 'utf8');
  const flow = readFileSync(app.workspace.path('flows/shop/flow.yml'), 'utf8');
  app.workspace.write({
    'hygge.yml': `${hygge}connections: { disk: { type: counted, max_reads: 3 } }\n`,
    'flows/shop/flow.yml': flow.replace('home: { type: counted,', 'home: { connection: disk,'),
  });
  for (let i = 8; i < 16; i++) await app.workspace.parquet(`in/orders/${i}.parquet`, rows(i * 10, i * 10 + 10));
  await app.workspace.parquet('in/lines/2.parquet', rows(30, 60));
  await app.run();
  expect(counted.reads.peak).toBeGreaterThan(0);
  expect(counted.reads.peak).toBeLessThanOrEqual(3);
});

test('two flows that run at once keep together, in one process, to what their connection bears', async () => {
  using app = await shopApp();
  const hygge = readFileSync(app.workspace.path('hygge.yml'), 'utf8');
  const flow = readFileSync(app.workspace.path('flows/shop/flow.yml'), 'utf8').replace(
    'home: { type: counted,',
    'home: { connection: disk,',
  );
  app.workspace.write({
    'hygge.yml': `${hygge}connections: { disk: { type: counted, max_reads: 2 } }\n`,
    'flows/shop/flow.yml': flow,
    'flows/twin/flow.yml': flow.replace('path: lake', 'path: twin'),
  });
  await Promise.all([app.run(), app.run({}, 'twin')]);
  expect(counted.reads.peak).toBe(2);
  expect(app.events().filter(({ event }) => event === 'entity_done')).toHaveLength(4);
});

test('a run that is given up closes what it has open', async () => {
  using app = await shopApp();
  app.workspace.write({ 'in/lines/2.parquet': 'not a parquet file' });
  await app.run();
  expect(counted.homes.opened).toBeGreaterThanOrEqual(2);
  expect(counted.homes.closed).toBe(counted.homes.opened);
  expect(counted.stores.closed).toBe(counted.stores.opened);
});

test('what a trigger looks at is closed when it has answered', async () => {
  using app = await shopApp();
  const answer = await app.post({ dry_run: true });
  expect(answer.status).toBe(200);
  expect(counted.homes).toEqual({ opened: 2, closed: 2, again: 0 });
  expect(counted.stores).toEqual({ opened: 2, closed: 2, again: 0 });
});
