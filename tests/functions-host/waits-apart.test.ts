/** The real app in a function host: a run into a mirrored database ends, and an instance of its own waits for Fabric. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitId } from '../../src/ports/runs.ts';
import { workspace } from '../support/azure-hosts/azure.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { type Fabric, mirror, startFabric } from '../support/fabric-replicator/fabric.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();
const flow = [
  'home: in',
  `store: { type: open_mirroring, workspace: ${workspace.id}, mirror_name: ${mirror.id} }`,
  'run_type: incremental',
  'watermark: { column: changed, key: [id] }',
  'verify: { replicated: 10m, on_difference: fail }',
  'entities: [first, second]',
].join('\n');
const minuteMs = 60_000;

let fabric: Fabric;
let app: HyggeApp;
beforeAll(async () => {
  fabric = await startFabric();
  const settings = fabric.azure.env;
  app = await startHyggeApp({
    azurite: await azurite(),
    files: { 'flows/up/flow.yml': flow },
    settings,
    clock: 'held',
    delivery: 'twice',
    workers: 2,
  });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await fabric[Symbol.asyncDispose]();
});

async function rows(file: number): Promise<void> {
  for (const table of ['first', 'second'])
    await app.workspace.parquet(
      `in/${table}/${file}.parquet`,
      `select range as id, range as changed from range(${file * 10}, ${file * 10 + 10})`,
    );
}

const viewOf = async (run: string) => (await app.view('up', run)) as unknown as Readonly<Record<string, unknown>>;

/** Each timer begins a step that may set the next one. */
async function advance(ms: number): Promise<void> {
  await app.host.ask('idle');
  await app.host.ask('advance', ms);
  await app.host.ask('idle');
}

test('runs end while Fabric does nothing, and their waits pass once it has worked, or fail when their time is over', async () => {
  await rows(0);
  const run = await app.run('up');
  expect(run).toMatchObject({ status: 'pass', summary: { pass: 2, rows: 20, waits: 2 } });
  await app.host.ask('idle');
  const id = waitId(run.run_id, 0);
  expect(await viewOf(id)).toMatchObject({
    status: 'running',
    summary: { replication: { entity: 'first', run: run.run_id } },
    progress: { stage: 'waiting', for: 'Fabric has not made the table yet', until: expect.any(String) },
  });
  await fabric.replicator.turn();
  await advance(minuteMs);
  for (const n of [0, 1])
    expect(await viewOf(waitId(run.run_id, n))).toMatchObject({ status: 'pass', summary: { replication: { result: 'replicated' } } });
  await rows(1);
  const late = await app.run('up');
  expect(late).toMatchObject({ status: 'pass', summary: { pass: 2, rows: 20, waits: 2 } });
  await app.host.fetch(`/api/flows/up/runs/${waitId(late.run_id, 1)}`, { method: 'DELETE' });
  for (let minutes = 0; minutes <= 11; minutes++) await advance(minuteMs);
  expect(await viewOf(waitId(late.run_id, 0))).toMatchObject({
    status: 'error',
    summary: { failed: ['first'], failure: { code: 'HYG-2096' }, replication: { result: 'not replicated' } },
  });
  expect(await viewOf(waitId(late.run_id, 1))).toMatchObject({ summary: { cancelled: true, replication: { result: 'cancelled' } } });
  expect(fabric.replicator.violations).toEqual([]);
});
