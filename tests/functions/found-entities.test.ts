import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { onDebug } from '../../functions/triggers/debug.ts';
import { onPurge } from '../../functions/triggers/purge.ts';
import { onStatus } from '../../functions/triggers/status.ts';
import { findFlows, openConfig } from '../../src/assembly/app-config.ts';
import { pruneFound } from '../../src/assembly/run-entities.ts';
import { postgres } from '../databases/databases.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { AppOnAzurite, bodyOf, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();
const finding = shop.replace('entities: [orders, lines]', 'entities: "*"');

async function run(app: AppOnAzurite, body: object = {}) {
  const { entities, status, done } = await app.run(body);
  return { entities, status, each: done.map((one) => `${one.entity} ${one.status}`).sort() };
}

async function atStart({ app, env }: AppOnAzurite) {
  const flows = await findFlows(env, await openConfig(env, app.network, 'current'), '2026-01-01');
  return { config: 'folder', flows: flows.map((found) => ({ found, schedule: null, scheduleError: null })) };
}

test('a run moves what is at the home when it begins, in every step, and forgets the list in time', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': finding });
  for (const entity of ['orders', 'lines']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  let come = false;
  // In the middle of the run one comes that stands before all others, which would move each position by one.
  app.before = async (name) => {
    if (name !== 'hygge-plan-entity' || come) return;
    come = true;
    await app.workspace.parquet('in/accounts/1.parquet', rows(0, 10));
  };
  expect(await run(app)).toEqual({ entities: 2, status: 'pass', each: ['lines pass', 'orders pass'] });
  expect(await run(app)).toEqual({ entities: 3, status: 'warn', each: ['accounts warn', 'lines skip', 'orders skip'] });
  expect(await run(app, { entities: ['orders'] })).toEqual({ entities: 1, status: 'skip', each: ['orders skip'] });

  const start = await atStart(app);
  const status = bodyOf(
    await onStatus(app.app, start, { ...app.asked('status'), headers: new Headers({ accept: 'application/json' }) }, app.called),
  );
  expect((status as unknown as { entities: readonly { entity: string }[] }).entities.map(({ entity }) => entity)).toEqual([
    'accounts',
    'lines',
    'orders',
  ]);
  expect(bodyOf(await onDebug(app.app, start, app.asked('debug'), app.called))).toMatchObject({ ok: true });

  rmSync(app.workspace.path('in/lines'), { recursive: true });
  expect((await run(app)).each).toEqual(['accounts skip', 'lines error', 'orders skip']);
  expect(app.events().find(({ event }) => event === 'error')).toMatchObject({ code: 'HYG-3214', entity: 'lines' });

  await onPurge(app.app, start.flows, app.called);
  const { state } = await app.app.look('shop');
  expect(await pruneFound(state, 'shop', '2026-01-01T00:00:00Z')).toBe(0);
  expect(await pruneFound(state, 'shop', '2126-01-01T00:00:00Z')).toBe(4);
});

test('a name in `entities` that is misspelt is told to who starts the run, and nothing is moved', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': finding.replace('"*"', '{ exclude: [salary] }') });
  for (const entity of ['orders', 'salaries']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  for (const body of [{}, { dry_run: true }]) {
    const answer = await app.post(body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(bodyOf(answer))).toContain('Did you mean `salaries`?');
  }
  // What fits nothing, and resembles nothing, is not kept with the run.
  app.workspace.write({ 'flows/shop/flow.yml': finding.replace('"*"', '{ exclude: [salaries, audit] }') });
  expect(await run(app)).toEqual({ entities: 1, status: 'pass', each: ['orders pass'] });
});

test('tables that can not be read are reported by a run, a plan and the look of the app', async (context) => {
  if (postgres.missing !== '') return context.skip(postgres.missing);
  await using database = await postgres.open();
  const connection = JSON.parse(database.connection.replace(/\$\{SHOP_SECRET\}/, database.password));
  const home = JSON.stringify({ ...connection, type: 'postgres' });
  using app = new AppOnAzurite(await azurite(), {
    'flows/shop/flow.yml': `home: ${home}\nstore: { type: parquet, path: lake }\nentities: "*"\n`,
  });
  await database.sql('create table orders (id int)', 'insert into orders values (1)', 'create table nothing ()', 'select 1');
  const left = expect.stringContaining('flow shop: 1 of 2 tables can be read; left out: public.nothing (no columns).');
  expect(await run(app)).toEqual({ entities: 1, status: 'pass', each: ['orders pass'] });
  expect(app.events().filter(({ event }) => event === 'warning')).toEqual([expect.objectContaining({ flow: 'shop', message: left })]);
  const plan = bodyOf(await app.post({ dry_run: true }));
  expect(plan).toMatchObject({ warnings: [left] });
  const debug = bodyOf(await onDebug(app.app, await atStart(app), app.asked('debug'), app.called));
  expect(debug).toMatchObject({ ok: true });
  expect(JSON.stringify(debug).split('left out: public.nothing')).toHaveLength(2);
});

test('steps of a run whose list is gone from the state say so', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': finding });
  await app.workspace.parquet('in/orders/1.parquet', rows(0, 10));
  const request = { flow: 'shop', config: (await app.app.pin({ flow: 'shop', config: 'current', date: '2026-01-01', run: '' })).config };
  const pinning = app.app.pin({ ...request, date: '2026-01-01', run: '01M85KXBYSJXRJ6G4KH80Q59Y0', found: 'run' });
  await expect(pinning).rejects.toMatchObject({ code: 'HYG-5031' });
});
