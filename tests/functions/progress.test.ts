import { expect, test } from 'vitest';
import { onCancel, onOneRun } from '../../functions/triggers/runs.ts';
import type { Json } from '../../src/ports/values.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { but } from '../support/but.ts';
import { stateRow } from '../support/state-rows.ts';
import { AppOnAzurite, bodyOf, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

/** A run that has begun, and what its orchestrations last said of themselves. */
async function begun(app: AppOnAzurite, progress: (run: string) => Readonly<Record<string, Json>>) {
  app.carriesOut = false;
  await app.workspace.parquet('in/orders/1.parquet', rows(0, 10));
  const { run_id } = bodyOf(await app.post()) as unknown as {
    run_id: string;
  };
  const said = progress(run_id);
  const find = async (id: string) => (said[id] === undefined ? undefined : { running: true, run: run_id, progress: said[id] });
  const called = { ...app.called, instances: { ...app.instances, find } };
  const asked = app.asked(`flows/shop/runs/${run_id}`);
  return {
    run: run_id,
    called,
    asked,
    told: async () => (bodyOf(await onOneRun(app.app, 'shop', asked, called)) as { progress?: Json }).progress,
  };
}

test('the progress of a lane counts what was done by those that continue with its rest', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop });
  const { told } = await begun(app, (run) => ({
    'flow-shop': { run, stage: 'moving', lanes: 3 },
    // One lane has no rest; one has come to its third part; the rest of one has not said anything yet.
    [`${run}-l0`]: { entities: 20, done: 7, rows: 70 },
    [`${run}-l1`]: { entities: 170, done: 49, rows: 490, waiting: '49', rest: `${run}-l1.1` },
    [`${run}-l1.1`]: { entities: 120, done: 50, rows: 500, rest: `${run}-l1.2` },
    [`${run}-l1.2`]: { entities: 70, done: 12, rows: 120 },
    [`${run}-l2`]: { entities: 20, done: 3, rows: 30, waiting: '60', rest: `${run}-l2.1` },
  }));
  expect(await told()).toMatchObject({ stage: 'moving', lanes: 3, done: 121, rows: 1210 });
});

test('the progress of a backfill tells the chunks of the entity that it is at', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop });
  const { told } = await begun(app, (run) => ({
    'flow-shop': { run, stage: 'moving', pass: 1, rows: 5, entity: 1, chunk: 50 },
    [`${run}-b1-50`]: { chunks: 181, done: 73, rows: 2300 },
  }));
  expect(await told()).toMatchObject({ pass: 1, chunks: 181, done: 73, rows: 2300 });
});

test('the progress of a run says until when its entities wait, and why', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop });
  const because = 'the source or the store asks for a pause';
  const [later, past] = [new Date(Date.now() + 3_600_000), new Date(Date.now() - 1_000)].map((at) => at.toISOString());
  const { told } = await begun(app, (run) => ({
    'flow-shop': { run, stage: 'moving', lanes: 4 },
    [`${run}-l0`]: { entities: 1, done: 0, rows: 0, under: `${run}-e0` },
    // Its slices are in an orchestration of their own.
    [`${run}-e0`]: { stage: 'moving', under: `${run}-e0-s1` },
    [`${run}-e0-s1`]: { stage: 'waiting', for: because, until: later ?? '' },
    // Another has left its lane, one has waited, and one moves.
    [`${run}-l1`]: { entities: 2, done: 1, rows: 0, waiting: '1', rest: `${run}-l1.1` },
    [`${run}-e1-w`]: { stage: 'waiting', for: 'Fabric has to make the table first', until: later ?? '' },
    [`${run}-l2`]: { entities: 1, done: 0, rows: 0, under: `${run}-e2` },
    [`${run}-e2`]: { stage: 'waiting', for: because, until: past ?? '' },
    [`${run}-l3`]: { entities: 1, done: 0, rows: 0, under: `${run}-e3` },
    [`${run}-e3`]: { stage: 'moving', slices: 3 },
  }));
  expect(await told()).toMatchObject({
    waits: [
      { entity: 'orders', until: later, for: because },
      { entity: 'lines', until: later, for: 'Fabric has to make the table first' },
    ],
  });
});

test('a run of very many entities is stopped without asking for one after the other', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop });
  const { run, called, asked } = await begun(app, () => ({}));
  let [now, most] = [0, 0];
  const entities = Array.from({ length: 300 }, (_, n) => ({ flow: 'shop', entity: `e${n}` }));
  const look: typeof app.app.look = async (flow) => {
    const pinned = await app.app.look(flow);
    const read = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return {
        row: stateRow({ owner: { run: `${run}.1`, until: '', holder: { host: '', boot: '', pid: 1, started: '', program: '' } } }),
        etag: '',
      };
    };
    return { ...pinned, state: but(pinned.state, { entities: async () => entities, read }) };
  };
  expect((await onCancel({ ...app.app, look }, 'shop', asked, called)).status).toBe(202);
  expect(most).toBeGreaterThan(8);
  expect(most).toBeLessThanOrEqual(16);
});
