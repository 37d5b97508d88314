import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { activities } from '../../functions/run-input.ts';
import { openApp } from '../../src/assembly/app.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { AppOnAzurite, bodyOf, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

test('a run keeps the version of the config that it began with, whatever is pushed meanwhile', async () => {
  const { connectionString } = await azurite();
  // No folder: the config comes from the storage account. Its relative paths begin in one all the same.
  const fromBlob = (root: string) => ({ HYGGE_CONFIG: '', HYGGE_ROOT: root });
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop }, { env: fromBlob });
  const { workspace } = app;
  for (const entity of ['orders', 'lines']) await workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  const push = async () => {
    const pushed = await workspace.run(['config', 'push'], { env: { AzureWebJobsStorage: connectionString } });
    if (pushed.code !== 0) throw new Error(pushed.stderr);
  };
  await push();
  const run = async () => {
    const answer = await app.post();
    await app.ended('flow-shop');
    return bodyOf(answer) as unknown as { config: string; entities: number };
  };

  app.before = async (name) => {
    if (name !== activities.planEntity) return;
    app.before = () => undefined;
    workspace.write({ 'flows/shop/flow.yml': shop.replace('path: lake', 'path: elsewhere').replace('[orders, lines]', '[lines]') });
    await push();
  };
  const first = await run();
  const settled = (base: string, entity: string) => workspace.settled(base, 'shop', entity).then((all) => all.length);
  expect([await settled('lake', 'orders'), await settled('lake', 'lines')]).toEqual([10, 10]);

  workspace.write({ 'flows/shop/flow.yml': shop.replace('[orders, lines]', '[orders]') });
  await push();
  const second = await run();
  expect([first.config, second.config]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(second.config).not.toBe(first.config);
  expect([first.entities, second.entities]).toEqual([2, 1]);
});

test('a folder is pinned by the checksum of its files: on another machine with others the step stops', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop, 'flows/other/flow.yml': shop.replace('lake', 'pond') });
  const { workspace } = app;
  const request = { flow: 'shop', date: '2026-11-20', run: 'r' };
  const idNow = async () => (await openApp(app.env).pin({ ...request, config: 'current' })).config;
  const began = await idNow();
  expect(began).toMatch(/^[0-9a-f]{64}$/);
  // What is not part of the flow's config changes nothing.
  workspace.write({ 'readme.md': 'hello', 'flows/other/flow.yml': shop.replace('lake', 'sea') });
  expect(await idNow()).toBe(began);
  expect((await openApp(app.env).pin({ ...request, config: began })).flow.entities.map(({ entity }) => entity)).toEqual([
    'orders',
    'lines',
  ]);

  workspace.write({ 'flows/shop/flow.yml': shop.replace('[orders, lines]', '[lines, orders]') });
  expect(await idNow()).not.toBe(began);
  const input = { of: { ...request, config: began, invocation: 'i', startedAt: '2026-11-20T00:00:00.000Z' }, n: 0, attempt: 1 };
  expect(await app.activity(activities.planEntity, input)).toMatchObject({
    ...{ ok: false, transient: false },
    error: { code: 'HYG-2054', what: 'The config of shop changed during its run.' },
  });
});

test('runs of one config that are given other variables, or begin on another day, do not share what they load of it', async () => {
  const daily = shop.replace('"in/{entity}"', '"in/{entity}/{date}"').replace('incremental', 'full_drop');
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': daily });
  const request = { flow: 'shop', run: 'r' };
  const { config } = await app.app.pin({ ...request, config: 'current', date: '2026-11-20' });
  const pinned = async (date: string, lag?: string) => {
    const vars = lag === undefined ? {} : { vars: { 'watermark.lag': lag } };
    const { flow } = await app.app.pin({ ...request, config, date, ...vars });
    return flow.entities.map(({ home, watermark }) => [basename((home.config as { readonly path: string }).path), watermark?.lagMs])[0];
  };
  expect(await pinned('2026-11-20', '1h')).toEqual(['2026-11-20', 3_600_000]);
  expect(await pinned('2026-11-20', '1m')).toEqual(['2026-11-20', 60_000]);
  expect(await pinned('2026-11-20')).toEqual(['2026-11-20', 0]);
  expect(await pinned('2026-11-21')).toEqual(['2026-11-21', 0]);
  expect(await pinned('2026-11-20', '1h')).toEqual(['2026-11-20', 3_600_000]);
});

test('a machine that has read the folder of a run continues with it', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop });
  for (const entity of ['orders', 'lines']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  app.before = (name) => {
    if (name !== activities.moveSlice) return;
    app.before = () => undefined;
    app.workspace.write({ 'flows/shop/flow.yml': shop.replace('[orders, lines]', '[lines]') });
  };
  await app.post();
  await app.ended('flow-shop');
  const settled = (entity: string) => app.workspace.settled('lake', 'shop', entity).then((all) => all.length);
  expect([await settled('orders'), await settled('lines')]).toEqual([10, 10]);
});

test('a run whose folder is another one by now stops, and the next one is started', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop });
  for (const entity of ['orders', 'lines']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  let machine = app.app;
  app.before = (name) => {
    if (name !== activities.planEntity || machine !== app.app) return;
    app.workspace.write({ 'flows/shop/flow.yml': shop.replace('[orders, lines]', '[lines]') });
    machine = openApp(app.env);
    Object.assign(app, { app: machine });
  };
  const start = async () => {
    const { status } = await app.post();
    const ended = await Promise.resolve(app.ended('flow-shop')).catch((error: unknown) => String(error));
    return { status, ended };
  };
  expect(await start()).toMatchObject({ status: 202, ended: expect.stringContaining('HYG-2054') });
  expect(Object.keys(app.workspace.tree()).filter((path) => path.startsWith('lake/'))).toEqual([]);
  app.before = () => undefined;
  expect(await start()).toMatchObject({ status: 202, ended: { pass: 1, error: 0 } });
});
