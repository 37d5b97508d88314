import { expect, test } from 'vitest';
import { type Azurite, connectionStringOf, sharedAzurite } from '../support/azurite.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { eventTypes } from '../support/function-host/durable-protocol.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';
import { recordHistory } from '../support/function-host/recorded.ts';

const azurite = sharedAzurite();
const rows = 'select range as id from range(1000)';
const files = { 'flows/shop/flow.yml': 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\n' };

/** The same account behind proxies. */
async function behind(real: Azurite): Promise<{ readonly account: Azurite; readonly proxies: readonly FaultProxy[] }> {
  const proxies = await Promise.all([real.blobUrl, real.tableUrl].map((url) => startFaultProxy(url)));
  const [blob, table] = proxies;
  const endpoints = `BlobEndpoint=${blob?.url};TableEndpoint=${table?.url};`;
  return { account: { ...real, connectionString: connectionStringOf(endpoints) }, proxies };
}

async function withShop(how: { clock?: 'held' }, work: (app: HyggeApp, proxies: readonly FaultProxy[]) => Promise<void>): Promise<void> {
  const { account, proxies } = await behind(await azurite());
  try {
    await using app = await startHyggeApp({ azurite: account, files, ...how });
    await app.workspace.parquet('in/1.parquet', rows, ', row_group_size 250');
    await work(app, proxies);
  } finally {
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  }
}

test('storage that refuses for a while costs a durable timer, not the run', async () => {
  await withShop({ clock: 'held' }, async (app, proxies) => {
    await app.host.ask('hold', { 'hygge-move-slice': 0 });
    const run = await app.begin('shop');
    await app.host.ask('idle');
    for (const proxy of proxies) proxy.rule(() => ({ status: 503, code: 'ServerBusy' }));
    await app.host.ask('hold', {});
    await app.host.ask('idle');
    for (const proxy of proxies) proxy.rule(() => undefined);
    const waiting = await app.host.ask('instance', `${run}-e0`);
    expect(waiting).toMatchObject({ status: 'Running' });
    expect(waiting?.history.filter(({ EventType }) => EventType === eventTypes.TimerCreated)).not.toEqual([]);
    await app.host.ask('advance', 3_600_000);
    expect((await app.ended('shop')).output).toMatchObject({ pass: 1, error: 0 });
    expect(await app.difference('lake', 'shop', 'shop', rows)).toBe(0);
    const ended = await app.host.ask('ended', `${run}-e0`);
    if (process.env.RECORD_HISTORIES !== undefined) recordHistory(process.env.RECORD_HISTORIES, ended, 'a retry');
  });
});
