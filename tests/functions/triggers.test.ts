import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { onPurge } from '../../functions/triggers/purge.ts';
import { onRun } from '../../functions/triggers/run.ts';
import { onCancel, onOneRun, onRuns } from '../../functions/triggers/runs.ts';
import { onSchedule } from '../../functions/triggers/schedule.ts';
import { raisedStopFlags, raiseStopFlag } from '../../src/assembly/stop-flags.ts';
import type { Json } from '../../src/ports/values.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { type AppOnAzurite, appOfShop, bodyOf, pinnedShop, runSince, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

/** Starts stay where they begin: these tests are about who may start. */
const shopApp = async (flow = shop) => appOfShop(await azurite(), { flow, carriesOut: false });

/** For requests that are refused: one for all of them. */
let refusing: AppOnAzurite;
beforeAll(async () => {
  refusing = await shopApp();
});
afterAll(() => refusing[Symbol.dispose]());

describe('a request for a run', () => {
  test('is answered with where to ask for it, and without the key that it came with', async () => {
    using app = await shopApp();
    const answer = await onRun(app.app, { name: 'shop' }, app.asked('flows/shop/runs?code=a-function-key', {}), app.called);
    const body = bodyOf(answer) as unknown as { run_id: string; links: Record<string, unknown> };
    expect(answer.status).toBe(202);
    expect(answer.headers?.Location).toBe(`https://app.example/api/flows/shop/runs/${body.run_id}`);
    expect(body.links).toEqual({
      self: answer.headers?.Location,
      cancel: { method: 'DELETE', href: answer.headers?.Location },
      runs: 'https://app.example/api/flows/shop/runs',
    });
    expect(JSON.stringify(answer)).not.toContain('a-function-key');
    expect(app.instances.started.get('flow-shop')).toMatchObject({ run: body.run_id });
  });

  test('is refused while a run is going on, with who and since when', async () => {
    using app = await shopApp();
    const first = bodyOf(await app.post()) as unknown as { run_id: string; started_at: string };
    const second = await app.post();
    expect(second.status).toBe(409);
    const body = bodyOf(second);
    expect(body).toMatchObject({ run: { run_id: first.run_id, trigger: 'http', status: 'running' } });
    expect(body.errors).toEqual([
      expect.objectContaining({
        code: 'HYG-2051',
        what: `A run of shop has been running since ${first.started_at}.`,
        why: [expect.stringContaining(first.run_id)],
      }),
    ]);
  });

  test.each(['dryRun=true', 'entities=orders'])('with %s in its address starts nothing: those are read from the body', async (query) => {
    const app = refusing;
    const answer = await onRun(app.app, { name: 'shop' }, app.asked(`flows/shop/runs?code=a&${query}`, {}), app.called);
    const [written = ''] = query.split('=');
    expect(answer.status).toBe(400);
    expect(bodyOf(answer).errors).toEqual([
      expect.objectContaining({ code: 'HYG-1950', what: expect.stringContaining(`\`${written}\` is in the address`) }),
    ]);
    expect(app.instances.started.size).toBe(0);
  });

  test('that names an entity often runs it once, and plans it once', async () => {
    using app = await shopApp();
    const entities = Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? 'orders' : 'lines'));
    const { plans } = bodyOf(await app.post({ entities, dry_run: true })) as unknown as { plans: unknown[] };
    expect(plans.length).toBe(2);
    expect(bodyOf(await app.post({ entities }))).toMatchObject({ entities: 2 });
    expect(app.instances.started.get('flow-shop')?.input).toMatchObject({ entities: '0-1' });
  });

  test('that is too large is refused, and one with many mistakes is not answered at any length', async () => {
    const app = refusing;
    const large = await app.post({ entities: Array.from({ length: 200_000 }, (_, n) => `orders${n}`) });
    expect([large.status, bodyOf(large).errors[0]?.code]).toEqual([413, 'HYG-1963']);
    for (const body of [
      { entities: Array.from({ length: 15_000 }, (_, n) => `orders${n}`) },
      { entities: ['orders'.repeat(40_000)] },
      Object.fromEntries(Array.from({ length: 15_000 }, (_, n) => [`key${n}`, n])),
      { vars: Object.fromEntries(Array.from({ length: 15_000 }, (_, n) => [`key${n}`, n])) },
    ]) {
      const answer = await app.post(body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(bodyOf(answer)).length).toBeLessThan(100_000);
    }
  });

  test('wins against all others of the same moment', async () => {
    using app = await shopApp();
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.post()));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(4).fill(409)]);
  });

  test('takes over from a run whose orchestration is gone', async () => {
    using app = await shopApp();
    const { run_id } = bodyOf(await app.post()) as unknown as { run_id: string };
    const gone = app.instances.started.get('flow-shop');
    if (gone) gone.running = false;
    expect((await app.post()).status).toBe(202);
    const before = await onOneRun(app.app, 'shop', app.asked(`flows/shop/runs/${run_id}`), app.called);
    expect(bodyOf(before)).toMatchObject({ status: 'error', summary: { failure: { code: 'HYG-2053' } } });
  });

  test('takes over from a starter that died between its word on the board and the start', async () => {
    using app = await shopApp();
    const { board } = await pinnedShop(app);
    await board.start(runSince('2026-11-01T00:00:00.000Z', { trigger: 'http' }), undefined);
    expect((await app.post()).status).toBe(202);
  });

  test('ends a backfill on the board whose orchestration is gone: its claims hold nothing up', async () => {
    using app = await shopApp();
    const { board } = await pinnedShop(app);
    const dead = runSince('2026-11-01T00:00:00.000Z', { lane: 'backfill:2026-01-01..2026-02-01', trigger: 'backfill' });
    await board.start(dead, undefined);
    expect((await app.post()).status).toBe(202);
    expect(await board.get('shop', dead.run_id)).toMatchObject({ status: 'error', summary: { failure: { code: 'HYG-2053' } } });
  });

  test('waits for such a starter a little while', async () => {
    using app = await shopApp();
    const { board } = await pinnedShop(app);
    await board.start(runSince(app.app.clock.now()), undefined);
    expect((await app.post()).status).toBe(409);
  });

  test('that the platform does not take is given back', async () => {
    using app = await shopApp();
    const { start } = app.instances;
    app.instances.start = () => Promise.reject(new Error('The operation failed with an unexpected status code: 500.'));
    const answer = await app.post();
    expect(answer.status).toBe(503);
    expect(bodyOf(answer).errors).toEqual([expect.objectContaining({ code: 'HYG-6050' })]);
    app.instances.start = start;
    expect((await app.post()).status).toBe(202);
  });

  test('whose start was carried out without an answer is started', async () => {
    using app = await shopApp();
    const { start } = app.instances;
    app.instances.start = async (...of) => {
      await start(...of);
      throw new Error('socket hang up');
    };
    expect((await app.post()).status).toBe(202);
  });

  test('for a backfill goes next to the live run, and once for each range', async () => {
    using app = await shopApp();
    app.carriesOut = true;
    await app.post();
    await app.ended('flow-shop');
    app.carriesOut = false;
    const backfill = { from: '2026-01-01T00:00:00', to: '2026-01-01T00:05:00' };
    expect([(await app.post()).status, (await app.post({ backfill })).status]).toEqual([202, 202]);
    const again = await app.post({ backfill });
    expect([again.status, bodyOf(again).errors[0]?.what]).toEqual([
      409,
      expect.stringContaining('A backfill of this range of shop has been running'),
    ]);
    const otherwise = { from: '2026-01-01T00:00:00.000', to: '2026-01-01 00:05:00' };
    expect((await app.post({ backfill: otherwise })).status).toBe(409);
    expect((await app.post({ backfill: { ...backfill, to: '2026-01-01T00:04:00' } })).status).toBe(202);
  });
});

describe('a request that says something wrong', () => {
  const wrong = async (body: unknown) => {
    const answer = await refusing.post(body);
    expect([answer.status, refusing.instances.started.size]).toEqual([400, 0]);
    return bodyOf(answer).errors;
  };

  test('is told all of it at once, and what was meant', async () => {
    const errors = await wrong({ entites: ['orders'], run_type: 'all', dry_run: 'yes', backfill: { form: 1 } });
    expect(errors.map(({ code }) => code)).toEqual(Array(6).fill('HYG-1950'));
    expect(errors[0]?.what).toBe('There is no key `entites` in the request. Did you mean `entities`?');
  });

  test.each(['{', '[]', '{"entities": []}', '{"entities": "orders"}'])('%s', async (body) => {
    expect((await wrong(body)).map(({ code }) => code)).toEqual(['HYG-1950']);
  });

  test.each<[string, object]>([
    ...['entities', 'run_type', 'backfill', 'vars', 'dry_run'].map((key) => [key, { [key]: null }] as [string, object]),
    ['backfill.from', { backfill: { from: null, to: '2026-02-01' } }],
    ['backfill.to', { backfill: { from: '2026-01-01', to: null } }],
    ['backfill.chunk', { backfill: { from: '2026-01-01', to: '2026-02-01', chunk: null } }],
    ['backfill.again', { backfill: { from: '2026-01-01', to: '2026-02-01', again: null } }],
  ])('gives null for %s, which is not a value', async (key, body) => {
    const errors = await wrong(body);
    expect(errors.map(({ code, what }) => [code, what])).toEqual([['HYG-1950', `\`${key}\` is null, which is not a value.`]]);
    expect(JSON.stringify(errors)).toContain('leave the key out');
  });

  test('names entities that are not there', async () => {
    expect(await wrong({ entities: ['orders', 'line'] })).toEqual([
      expect.objectContaining({ code: 'HYG-1902', what: 'The flow shop has no entity `line`. Did you mean `lines`?' }),
    ]);
  });

  test.each(['store.path', 'home.path', 'store', 'home.type', '__proto__', 'constructor', 'watermark.column'])(
    'sets %s, which redirects data',
    async (key) => {
      const [error, ...more] = await wrong(`{"vars": {${JSON.stringify(key)}: "elsewhere"}}`);
      expect([error?.code, more]).toEqual(['HYG-1951', []]);
    },
  );

  test('sets a key that is allowed to something that it can not be', async () => {
    const [error] = await wrong({ vars: { 'watermark.lag': 'soon' } });
    expect(error).toMatchObject({ code: 'HYG-1013', where: { file: 'vars: watermark.lag' } });
  });

  test('says more with vars than travels with every step', async () => {
    expect((await wrong({ vars: { 'watermark.lag': 'x'.repeat(2_000) } })).map(({ code }) => code)).toEqual(['HYG-1950']);
  });

  test('hides a variable in a value: it is taken for what it is', async () => {
    const [error] = await wrong({ vars: { 'watermark.lag': ['$', '{AzureWebJobsStorage}'].join('') } });
    expect(JSON.stringify(error)).not.toContain('AccountKey');
  });
});

test('a flow can not allow what would redirect data', async () => {
  using app = await shopApp(shop.replace('[watermark.lag, run_type]', '[store.path]'));
  const answer = await app.post();
  expect(answer.status).toBe(400);
  expect(bodyOf(answer).errors[0]?.what).toContain('needs keys that cannot redirect data');
});

describe('a schedule', () => {
  test('starts the whole flow', async () => {
    using app = await shopApp();
    await onSchedule(app.app, 'shop', app.called);
    const body = bodyOf(await onRuns(app.app, 'shop', app.asked('flows/shop/runs'), app.called)) as unknown as { runs: unknown[] };
    expect(body.runs).toEqual([expect.objectContaining({ trigger: 'schedule', entities: 2, status: 'running' })]);
  });

  test('that fires during a run is a skip in the journal, one for the flow', async () => {
    using app = await shopApp();
    await app.post();
    await onSchedule(app.app, 'shop', app.called);
    const { state } = await pinnedShop(app);
    expect(await state.journal({ flow: 'shop' })).toEqual([
      expect.objectContaining({
        entity: '',
        status: 'skip',
        lane: 'live',
        message: expect.stringMatching(/^not started: run \S+ of shop has been running since/),
      }),
    ]);
  });

  test('whose flow is wrong by now fails, and the log says why', async () => {
    using app = await shopApp();
    app.workspace.write({ 'flows/shop/flow.yml': 'home: in\nstor: lake\n' });
    await expect(onSchedule(app.app, 'shop', app.called)).rejects.toThrow('HYG-1010');
    expect(app.events().map(({ event, code }) => [event, code])).toContainEqual(['error', 'HYG-1010']);
  });
});

describe('a run', () => {
  test('that was never there is not found, neither to look at nor to stop', async () => {
    const app = refusing;
    const asked = app.asked('flows/shop/runs/01M7WBCT8NPS10X98J6TEFZ1KD');
    for (const answer of [await onOneRun(app.app, 'shop', asked, app.called), await onCancel(app.app, 'shop', asked, app.called)]) {
      expect([answer.status, bodyOf(answer).errors[0]?.code]).toEqual([404, 'HYG-2052']);
    }
  });

  test('says how far its lanes have come', async () => {
    using app = await shopApp();
    const { run_id } = bodyOf(await app.post()) as unknown as { run_id: string };
    const told = (id: string, progress: Json) =>
      app.instances.started.set(id, { running: true, run: run_id, done: Promise.resolve(), progress });
    told('flow-shop', { run: run_id, stage: 'moving', lanes: 2 });
    told(`${run_id}-l0`, { entities: 3, done: 2, rows: 40 });
    told(`${run_id}-l1`, { entities: 3, done: 1, rows: 2 });
    const body = await app.view(run_id);
    expect(body.progress).toEqual({ run: run_id, stage: 'moving', lanes: 2, done: 3, rows: 42 });
  });

  test('can be seen and stopped when its flow is wrong by now', async () => {
    using app = await shopApp();
    const { run_id } = bodyOf(await app.post()) as unknown as { run_id: string };
    app.workspace.write({ 'flows/shop/flow.yml': 'home: in\nstor: lake\n' });
    const asked = app.asked(`flows/shop/runs/${run_id}`);
    expect(bodyOf(await onOneRun(app.app, 'shop', asked, app.called))).toMatchObject({ run_id, status: 'running' });
    expect((await onCancel(app.app, 'shop', asked, app.called)).status).toBe(202);
  });

  test('is listed newest first, as many as are asked for', async () => {
    using app = await shopApp();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.unshift((bodyOf(await app.post()) as unknown as { run_id: string }).run_id);
      const instance = app.instances.started.get('flow-shop');
      if (instance) instance.running = false;
    }
    const body = bodyOf(await onRuns(app.app, 'shop', app.asked('flows/shop/runs?limit=2'), app.called)) as unknown as {
      runs: { run_id: string }[];
    };
    expect(body.runs.map(({ run_id }) => run_id)).toEqual(ids.slice(0, 2));
    const many = bodyOf(await onRuns(app.app, 'shop', app.asked('flows/shop/runs?limit=1000'), app.called)) as unknown as typeof body;
    expect(many.runs).toHaveLength(3);
  });

  test.each(['abc', '0', '1.5', ''])('is not listed by a limit that is none: %j', async (limit) => {
    const answer = await onRuns(refusing.app, 'shop', refusing.asked(`flows/shop/runs?limit=${limit}`), refusing.called);
    expect([answer.status, bodyOf(answer).errors[0]]).toMatchObject([
      400,
      { code: 'HYG-1950', what: '`limit` needs a whole number from 1.' },
    ]);
  });
});

test('what ended long ago is forgotten once a day', async () => {
  using app = await shopApp();
  const { state } = await pinnedShop(app);
  const [left, alive] = [ulid(Date.parse('2026-01-01T00:00:00.000Z')), ulid(Date.parse(app.app.clock.now()))];
  for (const run of [left, alive]) await raiseStopFlag(state, { flow: 'shop', run }, 'cancelled');
  await onPurge(app.app, (await servedAtStart(app.app)).flows, app.called);
  expect(app.events()).toEqual([expect.objectContaining({ event: 'purged', histories: 0, runs: 0, stops: 1 })]);
  expect([
    ...(await raisedStopFlags(state, { flow: 'shop', run: left })),
    ...(await raisedStopFlags(state, { flow: 'shop', run: alive })),
  ]).toEqual(['cancelled']);
});
