import { describe, expect, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { whateverTheFlow } from '../../functions/triggers/any-flow.ts';
import { onRun } from '../../functions/triggers/run.ts';
import { onCancel, onOneRun, onRuns } from '../../functions/triggers/runs.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import type { Json } from '../../src/ports/values.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { stateRow } from '../support/state-rows.ts';
import { AppOnAzurite, appOfShop, bodyOf, pinnedShop, runSince, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

const shopApp = async (env: Readonly<Record<string, string>> = {}) => appOfShop(await azurite(), { env, carriesOut: false });

const post = (app: AppOnAzurite, within = app.app) => onRun(within, { name: 'shop' }, app.asked('flows/shop/runs', {}), app.called);

/** A run that another app has on the board since so many hours. */
async function foreign(app: AppOnAzurite, hours: number): Promise<RunRecord> {
  const began = new Date(Date.parse(app.app.clock.now()) - hours * 3_600_000).toISOString();
  const record = runSince(began, { app: 'other-app' });
  await (await pinnedShop(app)).board.start(record, undefined);
  return record;
}

describe('a run that another app on the same account carries out', () => {
  test('is going on, though nothing of it is seen here, and the answer says where', async () => {
    using app = await shopApp({ WEBSITE_SITE_NAME: 'this-app' });
    const { run_id } = await foreign(app, 20);
    const answer = await post(app);
    expect([answer.status, bodyOf(answer)]).toMatchObject([
      409,
      {
        errors: [{ code: 'HYG-2051', why: [`It is run ${run_id}, started by its schedule, in the app other-app.`] }],
        run: { app: 'other-app' },
      },
    ]);
    const one = await onOneRun(app.app, 'shop', app.asked(`flows/shop/runs/${run_id}`), app.called);
    expect(bodyOf(one)).toMatchObject({ status: 'running', progress: null });
  });

  test('is given up after a day without a word of it', async () => {
    using app = await shopApp();
    const { run_id } = await foreign(app, 30);
    expect((await post(app)).status).toBe(202);
    expect((await (await pinnedShop(app)).board.get('shop', run_id))?.status).toBe('error');
  });

  test('is going on as long as it holds a lease', async () => {
    using app = await shopApp();
    const { run_id } = await foreign(app, 30);
    const { state } = await pinnedShop(app);
    const holder = { host: 'elsewhere', boot: '', pid: 1, started: '', program: 'other-app' };
    const owner = { run: `${run_id}.1`, until: app.app.clock.now(), holder };
    await state.write({ flow: 'shop', entity: 'orders' }, undefined, stateRow({ owner }));
    expect((await post(app)).status).toBe(409);
  });
});

test('a slot is an app of its own, and so is every laptop', () => {
  expect(appName({ WEBSITE_SITE_NAME: 'crm', WEBSITE_SLOT_NAME: 'Production' })).toBe('crm');
  expect(appName({ WEBSITE_SITE_NAME: 'crm', WEBSITE_SLOT_NAME: 'staging' })).toBe('crm/staging');
  expect(appName({})).not.toBe('');
  expect(appName({ CONTAINER_APP_NAME: 'crm' })).toBe('crm');
  expect(appName({ WEBSITE_SITE_NAME: 'crm', HYGGE_APP: 'sales' })).toBe('sales');
});

test('a step of another app’s run, which came because they share a task hub, is refused by name and does nothing', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': shop }, { env: () => ({ WEBSITE_SITE_NAME: 'crm-dev' }) });
  app.carriesOut = false;
  await post(app);
  const { of } = (app.instances.started.get('flow-shop')?.input ?? {}) as { of: Record<string, Json> };
  expect(of).toMatchObject({ app: 'crm-dev' });
  const answer = await app.activity('hygge-plan-flow', { of: { ...of, app: 'crmdev', config: '0'.repeat(64) }, entities: '0-1' });
  expect(answer).toMatchObject({
    ok: false,
    transient: false,
    error: { code: 'HYG-1961', what: expect.stringMatching(/crm-dev .*crmdev/) },
  });
  expect(await app.activity('hygge-plan-flow', { of, entities: '0-1' })).toMatchObject({ ok: true });
  // Begun by a release that did not say whose it is.
  expect(await app.activity('hygge-plan-flow', { of: { ...of, app: undefined }, entities: '0-1' } as never)).toMatchObject({ ok: true });
});

describe('an instance that is at work for another run than the board says', () => {
  const unhurried = (app: AppOnAzurite) => ({ ...app.app, clock: { ...app.app.clock, sleep: async () => undefined } });

  test('is going on: no other is put on the board', async () => {
    using app = await shopApp();
    const { run_id } = bodyOf(await post(app)) as unknown as { run_id: string };
    const { board } = await pinnedShop(app);
    const record = await board.get('shop', run_id);
    if (record !== undefined) await board.end({ ...record, ended_at: app.app.clock.now(), status: 'error' });
    const answer = await post(app, unhurried(app));
    expect([answer.status, bodyOf(answer)]).toMatchObject([409, { run: { run_id, status: 'running' } }]);
    expect(await board.list('shop', 10)).toHaveLength(1);
  });

  test('that began only when the next one was to be started is the one that continues', async () => {
    using app = await shopApp();
    const { run_id } = bodyOf(await post(app)) as unknown as { run_id: string };
    const late = app.instances.started.get('flow-shop');
    const { board } = await pinnedShop(app);
    const record = await board.get('shop', run_id);
    if (record !== undefined) await board.end({ ...record, ended_at: app.app.clock.now(), status: 'error' });
    app.instances.started.clear();
    app.instances.start = async () => {
      if (late !== undefined) app.instances.started.set('flow-shop', late);
      throw new Error('An Orchestration instance with the status Running already exists.');
    };
    const answer = await post(app);
    expect([answer.status, bodyOf(answer)]).toMatchObject([409, { run: { run_id, status: 'running' } }]);
    expect((await board.current('shop', 'live'))?.record).toMatchObject({ status: 'skip', summary: { for: run_id } });
  });
});

describe('a flow that is wrong or gone since the app started again', () => {
  const good = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: "lake/{flow}" }\n';

  async function restarted(files: Readonly<Record<string, string>>) {
    const app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': files['flows/shop/flow.yml'] ?? good, ...files });
    app.carriesOut = false;
    return { app, served: (await servedAtStart(app.app)).flows };
  }

  test('has its runs seen and stopped through any other', async () => {
    const { app, served } = await restarted({ 'flows/bad/flow.yml': 'home: in\n' });
    using _ = app;
    const { board, state } = await pinnedShop(app);
    for (const flow of ['bad', 'gone']) {
      const record = runSince(app.app.clock.now(), { flow });
      const { run_id } = record;
      await board.start(record, undefined);
      const asked = app.asked(`flows/${flow}/runs/${run_id}`);
      const list = await whateverTheFlow(served, onRuns)(app.app, flow, app.asked(`flows/${flow}/runs`), app.called);
      expect([list.status, bodyOf(list)]).toMatchObject([200, { runs: [{ run_id }] }]);
      expect((await whateverTheFlow(served, onOneRun)(app.app, flow, asked, app.called)).status).toBe(200);
      expect((await whateverTheFlow(served, onCancel)(app.app, flow, asked, app.called)).status).toBe(202);
      expect([...(await raisedStopFlags(state, { flow, run: run_id }))]).toEqual(['cancelled']);
    }
  });

  test('and has no runs is told what is wrong with it', async () => {
    const { app, served } = await restarted({ 'flows/bad/flow.yml': 'home: in\n' });
    using _ = app;
    const list = async (flow: string) => {
      const answer = await whateverTheFlow(served, onRuns)(app.app, flow, app.asked(`flows/${flow}/runs`), app.called);
      return [answer.status, bodyOf(answer).errors?.[0]?.code];
    };
    expect([await list('shop'), await list('bad'), await list('goof')]).toEqual([
      [200, undefined],
      [500, 'HYG-1012'],
      [404, 'HYG-1954'],
    ]);
  });
});
