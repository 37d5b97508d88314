import { describe, expect, test, vi } from 'vitest';
import { activities } from '../../functions/run-input.ts';
import { onRuns } from '../../functions/triggers/runs.ts';
import { StoreError } from '../../src/errors/hygge-error.ts';
import { FileCompaction } from '../../src/files/store/compaction.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { type AppOnAzurite, appOfShop, bodyOf, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

const shopApp = async (more: { readonly options?: string } = {}, flow = shop) =>
  appOfShop(await azurite(), { ...more, flow, orders: 100, lines: 300 });

const settled = async (app: AppOnAzurite, entity: string) => (await app.workspace.settled('lake', 'shop', entity)).length;

describe('a run', () => {
  test('settles its entities and tells so by events, and the next one only what is new', async () => {
    using app = await shopApp();
    const first = await app.run();
    expect(first).toMatchObject({ status: 'pass', trigger: 'http', entities: 2, summary: { pass: 2, rows: 400 } });
    const told = app.events();
    expect(told.map(({ event }) => event)).toEqual(expect.arrayContaining(['run_start', 'plan', 'entity_done', 'summary']));
    expect(told.every((one) => one.run_id === first.run_id && one.flow === 'shop' && one.invocation_id === 'an-invocation')).toBe(true);
    expect(told.find(({ event, entity }) => event === 'entity_done' && entity === 'lines')).toMatchObject({ status: 'pass', rows: 300 });
    await app.workspace.parquet('in/orders/2.parquet', rows(100, 150));
    const second = await app.run();
    expect(second).toMatchObject({ status: 'pass', summary: { pass: 1, skip: 1, rows: 50 } });
    expect([await settled(app, 'orders'), await settled(app, 'lines')]).toEqual([150, 300]);
    const runs = bodyOf(await onRuns(app.app, 'shop', app.asked('flows/shop/runs'), app.called)).runs as unknown[];
    expect(runs).toHaveLength(2);
  });

  test('warns of special values that were read as null, with their number', async () => {
    using source = new DuckdbTestFile();
    await source.sql('create table orders as select 1 as id, $$infinity$$::date as due', 'create table lines as select 1 as id');
    const home = `home: { type: duckdb, path: ${JSON.stringify(source.path)}, table: "{entity}", special_values: to_null }`;
    using app = await shopApp({}, `${home}\nstore: { type: parquet, path: lake }\nentities: [orders, lines]\n`);
    const { done } = await app.run();
    const message = '1 special value was read as null (due: 1), as special_values: to_null says';
    expect(done).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ entity: 'orders', status: 'warn', message }),
        expect.objectContaining({ entity: 'lines', status: 'pass' }),
      ]),
    );
  });

  test('starts no other entity after one that fails, when the workspace says so, and counts those apart', async () => {
    using app = await shopApp(
      { options: '{ continue_on_error: false, concurrency: 1 }' },
      shop.replace('[orders, lines]', '[lines, orders]'),
    );
    app.workspace.write({ 'in/lines/1.parquet': 'no parquet' });
    expect(await app.run()).toMatchObject({ status: 'error', summary: { error: 1, skip: 0, not_started: 1, total: 2, failed: ['lines'] } });
    expect(app.events().filter(({ event, entity }) => event === 'entity_done' && entity === 'orders')).toEqual([
      expect.objectContaining({ status: 'skip', reason: 'not_started', message: 'not started: an earlier entity failed' }),
    ]);
    app.workspace.write({});
    await app.workspace.parquet('in/lines/1.parquet', rows(0, 300));
    expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 2 } });
  });

  /** One after the other here, so that each second delivery finds the first one done. */
  function deliverTwice(app: AppOnAzurite) {
    let within = false;
    app.before = async (name, input) => {
      if (within) return;
      within = true;
      await app.activity(name, input);
      within = false;
    };
  }

  test('puts small files together behind it where that is due, each step of which may be delivered twice', async () => {
    using app = await shopApp({}, `${shop}compact: { every: 1ms }\n`);
    const orders = async (from: number, to: number) => {
      await app.workspace.parquet(`in/orders/${from}.parquet`, rows(from, to));
      const { done, ...said } = await app.run({ entities: ['orders'] });
      return {
        ...said,
        lanes: (done as readonly Readonly<Record<string, unknown>>[]).map(({ lane, status }) => `${lane} ${status}`).sort(),
      };
    };
    await app.run();
    deliverTwice(app);
    // Counted as one entity, with the rows of the live run alone.
    const second = await orders(100, 150);
    expect(second).toMatchObject({ status: 'pass', summary: { pass: 1, skip: 0, total: 1, rows: 50 } });
    expect(second.lanes).toEqual(['compact pass', 'live pass']);
    expect([...app.workspace.tree('lake/orders').keys()].filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
    expect(await settled(app, 'orders')).toBe(150);
    expect(app.events().filter(({ event, compacts }) => event === 'entity_done' && compacts === 'files')).not.toEqual([]);
    const shown = await app.workspace.run(['state', 'show', 'shop.orders', '--output', 'json'], { env: app.env });
    expect(JSON.parse(shown.stdout).lanes).toMatchObject({ compact: { column: 'compact' } });
  });

  test('is a warning where small files could not be put together, and continues with the other entities', async () => {
    using app = await shopApp({ options: '{ continue_on_error: false, concurrency: 1 }' }, `${shop}compact: { every: 1ms }\n`);
    await app.run();
    await app.workspace.parquet('in/orders/2.parquet', rows(100, 150));
    const error = new StoreError({ code: 'HYG-4110', what: 'A settled file is gone.', tryThis: ['Look for it'] });
    const fails = vi.spyOn(FileCompaction.prototype, 'stage').mockRejectedValue(error);
    const body = await app.run();
    fails.mockRestore();
    expect(body).toMatchObject({ status: 'warn', summary: { pass: 0, warn: 1, error: 0, skip: 1, rows: 50 } });
    expect(body.summary).not.toHaveProperty('not_started');
    expect(body.done).toContainEqual(expect.objectContaining({ entity: 'orders', lane: 'live', status: 'pass', rows: 50 }));
    expect(body.done).toContainEqual(expect.objectContaining({ entity: 'orders', lane: 'compact', status: 'error', error: 'HYG-4110' }));
    const next = await app.run();
    expect(next).toMatchObject({ status: 'skip' });
    expect(next.done).toContainEqual(expect.objectContaining({ entity: 'orders', lane: 'compact', status: 'pass' }));
    expect(await settled(app, 'orders')).toBe(150);
  });
});

describe('a run that is to stop', () => {
  async function cancelBefore(step: string, app: AppOnAzurite) {
    let told: Record<string, unknown> | undefined;
    app.before = async (name, input) => {
      if (name !== step || told !== undefined) return;
      const { of } = input as unknown as { of: { run: string } };
      told = {};
      const answer = await app.cancel(of.run);
      told = { http: answer.status, ...bodyOf(answer) };
    };
    const body = await app.run();
    return { told, body };
  }

  test('gives up what is not decided, and starts nothing else', async () => {
    using app = await shopApp({ options: '{ concurrency: 1 }' });
    const { told, body } = await cancelBefore(activities.moveSlice, app);
    expect(told).toMatchObject({ http: 202, status: 'running', stopping: true, decided: [] });
    expect(body).toMatchObject({
      status: 'error',
      summary: { pass: 0, error: 1, skip: 0, not_started: 1, cancelled: true, failure: { code: 'HYG-2020' } },
    });
    expect(body.done).toEqual([
      expect.objectContaining({ entity: 'orders', status: 'skip', message: expect.stringContaining('Cancelled') }),
    ]);
    app.before = () => undefined;
    expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 2, rows: 400 } });
  });

  test('finishes what is decided, and says so', async () => {
    using app = await shopApp({ options: '{ concurrency: 1 }' }, shop.replace('[orders, lines]', '[orders]'));
    let told: Record<string, unknown> = {};
    app.before = async (name, input) => {
      if (name !== activities.commitEntity) return;
      app.before = () => undefined;
      const { of } = input as unknown as { of: { run: string } };
      // Decided and finished, but its answer is lost.
      await app.activity(name, input);
      told = bodyOf(await app.cancel(of.run));
    };
    expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 1, error: 0, rows: 100 } });
    expect(told).toMatchObject({ stopping: true });
    expect(await settled(app, 'orders')).toBe(100);
  });

  test('is told when it has ended already', async () => {
    using app = await shopApp();
    const { run_id } = await app.run();
    const answer = await app.cancel(run_id);
    expect(answer.status).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ status: 'pass', message: expect.stringContaining('ended already') });
  });
});

describe('a backfill', () => {
  test('says at once what there is to do; done before, it is not started again unless it is asked to', async () => {
    using app = await shopApp();
    await app.run();
    const backfill = { from: '2026-01-01T00:00:00', to: '2026-01-01T04:00:00', chunk: '1h' };
    const orders = {
      entity: 'orders',
      chunks: 2,
      done: 0,
      ends_at_mark: true,
      warning: expect.stringContaining('changed 2026-01-01T01:39'),
    };
    const answer = await app.post({ backfill });
    const told = bodyOf(answer) as unknown as { run_id: string };
    expect([answer.status, told]).toMatchObject([
      202,
      { backfill: [orders, { entity: 'lines', chunks: 4, done: 0, ends_at_mark: false }] },
    ]);
    await app.ended(`backfill-shop-${told.run_id}`);
    const short = { ...backfill, to: '2026-01-01T03:00:00' };
    await app.run({ entities: ['lines'], backfill: short });
    const again = await app.post({ entities: ['lines'], backfill: short });
    expect([again.status, bodyOf(again)]).toMatchObject([
      200,
      { message: expect.stringContaining('`"again": true`'), backfill: [{ entity: 'lines', chunks: 3, done: 3 }] },
    ]);
    expect(await app.run({ entities: ['lines'], backfill: { ...short, again: true } })).toMatchObject({ status: 'pass' });
  });

  test('of which one entity has all done before still replaces the range of the others', async () => {
    using app = await shopApp();
    await app.run();
    const backfill = { from: '2026-01-01T00:00:00', to: '2026-01-01T01:00:00' };
    await app.run({ entities: ['orders'], backfill });
    await app.workspace.parquet('in/lines/1.parquet', `select id, changed from (${rows(0, 300)}) where id >= 20`);
    const answer = await app.post({ backfill });
    const told = bodyOf(answer) as unknown as { run_id: string };
    expect([answer.status, told]).toMatchObject([
      202,
      {
        backfill: [
          { entity: 'orders', chunks: 1, done: 1 },
          { entity: 'lines', chunks: 1, done: 0 },
        ],
      },
    ]);
    await app.ended(`backfill-shop-${told.run_id}`);
    expect([await settled(app, 'orders'), await settled(app, 'lines')]).toEqual([100, 280]);
    expect((await app.post({ backfill })).status).toBe(200);
  });

  test('that can not be is refused at once, with what is wrong', async () => {
    using app = await shopApp();
    const backfill = { from: '2026-01-02', to: '2026-01-01' };
    const early = await app.post({ backfill });
    expect(early.status).toBe(400);
    expect(bodyOf(early).errors.map(({ code }) => code)).toEqual(['HYG-2032', 'HYG-2032']);
    await app.run();
    const swapped = bodyOf(await app.post({ entities: ['orders'], backfill }));
    expect(swapped.errors).toEqual([
      expect.objectContaining({ code: 'HYG-1911', what: 'backfill.from 2026-01-02 is not below backfill.to 2026-01-01.' }),
    ]);
  });
});

test('a step that says too much is a fault of hygge, and stops the entity', async () => {
  using app = await shopApp();
  const input = {
    of: { run: 'r', flow: 'shop', config: 'folder', date: '2026-11-20', invocation: 'i', startedAt: '2026-11-20T00:00:00.000Z' },
  };
  const answer = await app.activity(activities.planFlow, { ...input, entities: '0,'.repeat(3_000) });
  expect(answer).toMatchObject({ ok: false, transient: false, error: { code: 'HYG-9404' } });
});
