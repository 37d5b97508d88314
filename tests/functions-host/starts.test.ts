import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectionStringOf, sharedAzurite } from '../support/azurite.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();
const shop = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\n';
const rows = 'select range as id from range(100)';

test('an app that does not start says why, and is there once its config is mended, without a person', async () => {
  await using app = await startHyggeApp({ azurite: await azurite(), files: { 'hygge.yml': 'name: [', 'flows/shop/flow.yml': shop } });
  expect((await app.host.fetch('/api/flows')).status).toBe(404);
  expect(app.host.logText()).toMatch(/hygge does not start: HYG-1\d\d\d/);
  app.workspace.write({ 'hygge.yml': 'name: test\nstate: { type: table_storage }\n' });
  let status = 404;
  while (status !== 200) {
    await wait(200);
    // A host that ended in another way is a failure of its own.
    await app.host.ask('idle');
    status = await app.host.fetch('/api/flows').then(
      (answer) => answer.status,
      () => 0,
    );
  }
  expect(app.host.recycled).toBe(1);
});

test('a worker that starts again while its config is out of reach takes no steps: the run waits, and passes', async () => {
  const real = await azurite();
  await using blobs = await startFaultProxy(real.blobUrl);
  const account = { ...real, connectionString: connectionStringOf(`BlobEndpoint=${blobs.url};TableEndpoint=${real.tableUrl};`) };
  await using app = await startHyggeApp({ azurite: account, pushed: true, files: { 'flows/shop/flow.yml': shop } });
  await app.workspace.parquet('in/1.parquet', rows);
  await app.host.ask('hold', { 'hygge-commit-entity': 0 });
  const run = await app.begin('shop');
  await app.host.ask('idle');
  await app.host.ask('armWorker', 0, { atWrite: 1, when: 'before', what: 'kill' });
  blobs.rule(({ path }) => (path.includes('-config') ? { status: 503, code: 'ServerBusy' } : undefined));
  await app.host.ask('hold', {});
  while (!app.host.logText().includes('hygge ends this worker')) await wait(100);
  blobs.rule(() => undefined);
  await app.ended('shop');
  expect(await app.view('shop', run)).toMatchObject({ status: 'pass' });
  expect(app.host.logText()).toMatch(/hygge ends this worker, so that the platform starts it again: hygge does not start: HYG-6303/);
  expect((await app.host.ask('stats')).replaced).toBeGreaterThan(1);
});
