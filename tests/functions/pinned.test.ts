import { expect, test } from 'vitest';
import { activities } from '../../functions/run-input.ts';
import { onRun } from '../../functions/triggers/run.ts';
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
    const answer = await onRun(app.app, { name: 'shop' }, app.asked('flows/shop/runs', {}), app.called);
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
