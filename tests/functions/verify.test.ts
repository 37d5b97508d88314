import { describe, expect, test, vi } from 'vitest';
import { activities } from '../../functions/run-input.ts';
import { onVerify } from '../../functions/triggers/verify.ts';
import { lastVerifications } from '../../src/engine/verify/last-verification.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { webhook } from '../support/webhook.ts';
import { type AppOnAzurite, appOfShop, bodyOf, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();
const ofShop = { name: 'shop' };

async function shopApp(flow = shop) {
  const app = await appOfShop(await azurite(), { flow, orders: 100, lines: 30 });
  await app.run();
  return app;
}

const post = (app: AppOnAzurite, body: unknown = {}) => onVerify(app.app, ofShop, app.asked('flows/shop/verify', body), app.called);

/** Asks for a comparison and waits for its end; answers what is said of it afterwards. */
async function verified(app: AppOnAzurite, body: unknown = {}) {
  const answer = await post(app, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({
    status: 202,
    headers: { Location: expect.stringContaining('/flows/shop/runs/') },
  });
  const { run_id } = bodyOf(answer) as unknown as { run_id: string };
  await app.ended('verify-shop');
  return await app.view(run_id);
}

/** The source of orders, with another id in row 7. */
const planted = `select case id when 7 then 1471239007 else id end as id, changed from (${rows(0, 100)})`;

describe('a comparison over HTTP', () => {
  test('is a run of its own, with a verdict for each entity, and leaves the state of the last run alone', async () => {
    using app = await shopApp();
    const before = app.replayer.calls.length;
    const told = await verified(app);
    expect(told).toMatchObject({ status: 'pass', lane: 'verify', entities: 2, summary: { pass: 2, error: 0 } });
    expect(told.done.map(({ entity, verified: found }) => [entity, found])).toEqual(
      expect.arrayContaining([
        ['orders', expect.objectContaining({ verdict: 'same', rows: { source: 100, destination: 100 } })],
        ['lines', expect.objectContaining({ verdict: 'same', rows: { source: 30, destination: 30 } })],
      ]),
    );
    const names = new Set(app.replayer.calls.slice(before).map(({ name }) => name));
    expect(names).toEqual(new Set([activities.planFlow, activities.verifyEntity, activities.closeFlow]));
  });

  test('names the rows that differ to the caller, and no values to the log', async () => {
    using app = await shopApp();
    await app.workspace.parquet('in/orders/1.parquet', planted);
    const told = await verified(app, { entities: ['orders'], key: ['changed'], columns: ['id'], rows: 5 });
    expect(told).toMatchObject({ status: 'error', summary: { failed: ['orders'], failure: { code: 'HYG-2095' } } });
    expect(told.done[0]).toMatchObject({
      status: 'error',
      error: 'HYG-2095',
      verified: { verdict: 'differs', differences: { changed: 1 }, columns: expect.arrayContaining(['id']) },
      differing: [{ found: 'changed', columns: [{ column: 'id', source: '1471239007', destination: '7' }] }],
    });
    expect(app.log.map(({ line }) => line).join('\n')).not.toContain('1471239007');
  });

  test('that names a column by mistake is an error for the caller, and no notice', async () => {
    await using hook = await webhook();
    using app = await shopApp(`${shop}notify: { on: [error], webhook: "${hook.url}" }\n`);
    await verified(app, { entities: ['orders'] });
    const told = await verified(app, { entities: ['orders'], columns: ['nope'] });
    expect(told).toMatchObject({ status: 'error', summary: { failure: { code: 'HYG-1913' } } });
    expect(hook.told).toEqual([]);
    const { state } = await app.app.look('shop');
    expect((await lastVerifications(state, { flow: 'shop', entity: 'orders' }))?.standing).toMatchObject({ verdict: 'same' });
    await app.workspace.parquet('in/orders/1.parquet', planted);
    await verified(app, { entities: ['orders'] });
    expect(hook.told).toEqual([expect.stringContaining('HYG-2095')]);
  });

  test('is delivered twice and told once; a machine that dies under it leaves nothing behind', async () => {
    using app = await shopApp();
    let deaths = 1;
    app.before = (name) => {
      if (name === activities.verifyEntity && deaths-- > 0) throw new Error('the machine went away');
    };
    const told = await verified(app, { entities: ['lines'] });
    expect(told).toMatchObject({ status: 'pass' });
    const [call] = app.replayer.calls.filter(({ name }) => name === activities.verifyEntity).slice(-1);
    await app.activity(activities.verifyEntity, call?.input as never);
    const journal = await (await app.app.look('shop')).state.journal({ flow: 'shop', entity: 'lines', withVerifications: true });
    expect(journal.filter(({ lane }) => lane === 'verify')).toHaveLength(1);
  });

  test('continues in further steps below the rows at the watermark, where the next run brings some there', async () => {
    using app = await shopApp();
    await app.workspace.parquet('in/orders/2.parquet', `select 500 as id, timestamp '2026-01-01' + interval 99 minute as changed`);
    const before = app.replayer.calls.length;
    let ms = 0;
    const clock = vi.spyOn(app.app.clock, 'monotonicMs').mockImplementation(() => (ms += 4 * 60_000));
    const told = await verified(app, { entities: ['orders'] });
    clock.mockRestore();
    expect(told).toMatchObject({ status: 'pass' });
    expect(told.done[0]).toMatchObject({ verified: { verdict: 'same', because: 'so far', rows: { source: 100, destination: 100 } } });
    const steps = app.replayer.calls.slice(before).filter(({ name }) => name === activities.verifyEntity);
    const paused = steps.map(({ input }) => (input as { cursor?: { paused: number } }).cursor?.paused ?? 0);
    // Slices of all rows, twice for those that differ, and then slices of those below the watermark.
    expect(paused).toEqual(Array.from({ length: 17 }, (_, n) => n));
    const { state } = await app.app.look('shop');
    expect(await state.listObjects({ flow: 'shop', entity: 'orders' }, 'verifying/')).toEqual([]);
  });

  test('begins again where a run settles between two of its steps, and gives up at the third', async () => {
    using app = await shopApp();
    let ms = 0;
    const clock = vi.spyOn(app.app.clock, 'monotonicMs').mockImplementation(() => (ms += 4 * 60_000));
    let settled = 0;
    const settles = async (most: number, name: string, input: unknown) => {
      if (name !== activities.verifyEntity || (input as { cursor?: unknown }).cursor === undefined || settled >= most) return;
      settled++;
      await app.workspace.parquet(`in/orders/${settled + 1}.parquet`, rows(settled * 100, settled * 100 + 100));
      await app.run();
    };
    app.before = (name, input) => settles(1, name, input);
    expect((await verified(app, { entities: ['orders'] })).done[0]).toMatchObject({
      verified: { verdict: 'same', rows: { source: 200, destination: 200 } },
    });
    app.before = (name, input) => settles(9, name, input);
    expect((await verified(app, { entities: ['orders'] })).done[0]).toMatchObject({
      verified: { verdict: 'not told', because: 'changed meanwhile' },
    });
    clock.mockRestore();
  });

  test('is refused by what is wrong with the request', async () => {
    using app = await appOfShop(await azurite());
    for (const [body, what] of [
      [{ range: { from: '1' } }, '`range.to` needs text'],
      [{ sample: 0 }, '`sample` needs a number above 0'],
      [{ rows: 1000 }, '`rows` needs a whole number up to 100'],
      [{ colums: ['id'] }, 'Did you mean `columns`?'],
      [{ columns: [] }, '`columns` needs a list of names of columns'],
      [{ entities: ['nope'] }, 'has no entity `nope`'],
    ] as const) {
      const answer = await post(app, body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining(what)]);
    }
  });
});

describe('the comparison after a commit in the app', () => {
  test('follows where the config asks for it, and a difference is what the config says', async () => {
    using app = await shopApp(`${shop}verify: { checksums: true, on_difference: fail }\n`);
    expect(app.events().filter(({ event }) => event === 'verified')).toHaveLength(2);
    await app.workspace.parquet('in/orders/1.parquet', `${planted} union all (${rows(100, 110)})`);
    const told = await app.run();
    expect(told).toMatchObject({ status: 'error', summary: { error: 1, failed: ['orders'], failure: { code: 'HYG-2095' } } });
    expect(told.done).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ entity: 'orders', lane: 'live', status: 'pass', rows: 10 }),
        expect.objectContaining({ entity: 'orders', lane: 'verify', status: 'error', error: 'HYG-2095' }),
      ]),
    );
  });

  test('is not made any more where the run is to stop', async () => {
    using app = await shopApp(`${shop}verify: { checksums: true, on_difference: fail }\n`);
    await app.workspace.parquet('in/orders/1.parquet', `${planted} union all (${rows(100, 110)})`);
    app.before = async (name, input) => {
      if (name !== activities.verifyEntity) return;
      app.before = () => undefined;
      const { of } = input as unknown as { of: { run: string } };
      await app.cancel(of.run);
    };
    const told = await app.run({ entities: ['orders'] });
    expect(told).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 10, cancelled: true } });
    expect(told.done).toEqual([expect.objectContaining({ entity: 'orders', lane: 'live', status: 'pass', rows: 10 })]);
  });
});
