import { afterAll, beforeAll, expect, test } from 'vitest';
import { activities, type EntityInput } from '../../functions/run-input.ts';
import { onRun } from '../../functions/triggers/run.ts';
import { onCancel, onOneRun } from '../../functions/triggers/runs.ts';
import { AppOnAzurite, bodyOf } from '../functions/app-on-azurite.ts';
import { workspace } from '../support/azure-hosts/azure.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';

const azurite = sharedAzurite();
let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

interface Call extends EntityInput {
  readonly cursor?: unknown;
  readonly plan?: string;
}

const label = (name: string, { n, cursor }: Call) => `${name.slice('hygge-'.length)} ${n}${cursor === undefined ? '' : ' again'}`;

/** Two tables in one lane. @param more a line of the flow. */
async function mirroredFlow(name: string, more = '') {
  const config = [
    'home: in',
    `store: { type: open_mirroring, workspace: ${workspace.id}, mirror_name: ${mirror.id}, schema: ${name} }`,
    'entities: [first, second]',
    more,
  ].join('\n');
  const options = { options: '{ concurrency: 1 }', env: () => fabric.azure.env };
  const app = new AppOnAzurite(await azurite(), { [`flows/${name}/flow.yml`]: config }, options);
  const rows = async (from: number, to: number) => {
    for (const table of ['first', 'second'])
      await app.workspace.parquet(`in/${table}/0.parquet`, `select range as id from range(${from}, ${to})`);
  };
  const asked = (run: unknown) => app.asked(`flows/${name}/runs/${run}`);
  const run = async () => {
    const { run_id } = bodyOf(await onRun(app.app, { name }, app.asked(`flows/${name}/runs`, {}), app.called));
    await app.ended(`flow-${name}`);
    return bodyOf(await onOneRun(app.app, name, asked(run_id), app.called));
  };
  const cancel = async (run: string) => bodyOf(await onCancel(app.app, name, asked(run), app.called));
  const settled = async () => {
    const tables = fabric.replicator.tables.filter((one) => one.schema === name).map((one) => one.name);
    return await Promise.all(tables.map(async (table) => (await fabric.replicator.rows(table)).length));
  };
  await rows(0, 10);
  return { app, rows, run, cancel, settled, [Symbol.dispose]: () => app[Symbol.dispose]() };
}

/** Full loads of two tables, after a run that made them. */
async function mirrored(name: string) {
  const flow = await mirroredFlow(name);
  expect(await flow.run()).toMatchObject({ status: 'pass', summary: { pass: 2, rows: 20 } });
  await fabric.replicator.turn();
  expect(await flow.settled()).toEqual([10, 10]);
  return flow;
}

test('a full load that waits until its table is gone lets the other entities of its lane move, though each step is delivered twice', async () => {
  using at = await mirrored('moves');
  await at.rows(5, 25);
  const order: string[] = [];
  let isWithin = false;
  at.app.before = async (name, input) => {
    if (isWithin) return;
    const call = input as unknown as Call;
    if (name === activities.planEntity || name === activities.commitEntity) order.push(label(name, call));
    // Fabric works once all have begun to wait.
    if (name === activities.commitEntity && call.cursor !== undefined) await fabric.replicator.turn();
    isWithin = true;
    await at.app.activity(name, input).finally(() => {
      isWithin = false;
    });
  };
  expect(await at.run()).toMatchObject({ status: 'pass', summary: { pass: 2, rows: 40 } });
  expect(order.slice(0, 4)).toEqual(['plan-entity 0', 'commit-entity 0', 'plan-entity 1', 'commit-entity 1']);
  expect(new Set(order.slice(4))).toEqual(new Set([0, 1].map((n) => `commit-entity ${n} again`)));
  await fabric.replicator.turn();
  expect(await at.settled()).toEqual([20, 20]);
  expect(fabric.replicator.violations).toEqual([]);
});

test('a run that is cancelled while a full load waits says that its commit is decided, and the next run finishes it', async () => {
  using at = await mirrored('cancelled');
  await at.rows(5, 25);
  let told: Record<string, unknown> = {};
  at.app.before = async (name, input) => {
    const { of, cursor } = input as unknown as Call;
    if (name !== activities.commitEntity || cursor === undefined || told.run_id !== undefined) return;
    told = { ...(await at.cancel(of.run)) };
  };
  const stopped = await at.run();
  expect(told).toMatchObject({ stopping: true, decided: ['first', 'second'] });
  expect(stopped).toMatchObject({ status: 'error', summary: { pass: 0, error: 2, cancelled: true, failure: { code: 'HYG-2020' } } });
  const order: string[] = [];
  at.app.before = async (name, input) => {
    if (name === activities.planEntity) order.push(label(name, input as unknown as Call));
    // Fabric works only where it is waited for.
    if ((input as unknown as Call).cursor !== undefined) await fabric.replicator.turn();
  };
  expect(await at.run()).toMatchObject({ status: 'pass', summary: { pass: 2, error: 0 } });
  expect(order.slice(0, 2)).toEqual(['plan-entity 0', 'plan-entity 1']);
  expect(new Set(order.slice(2))).toEqual(new Set(['plan-entity 0 again', 'plan-entity 1 again']));
  await fabric.replicator.turn();
  expect(await at.settled()).toEqual([20, 20]);
  expect(fabric.replicator.violations).toEqual([]);
});
