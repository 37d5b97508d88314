import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { onStatus } from '../../functions/triggers/status.ts';
import { onWatch } from '../../functions/triggers/watch.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { webhook } from '../support/webhook.ts';
import { AppOnAzurite, bodyOf, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();
let hook: Awaited<ReturnType<typeof webhook>>;

beforeEach(async () => {
  hook = await webhook();
});
afterEach(() => hook[Symbol.asyncDispose]());

const notices = () => hook.told.map((text) => JSON.parse(text) as { readonly failed?: readonly unknown[] });

/** Of three entities one settles, one has its claim, and one has not begun when all orchestrations of the run end. */
async function lostRun(app: AppOnAzurite): Promise<string> {
  for (const entity of ['orders', 'lines', 'people']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  const reached = Promise.withResolvers<void>();
  app.before = async (name, input) => {
    const { n } = input as unknown as { readonly n?: number };
    if (n === undefined || n === 0 || (n === 1 && name === 'hygge-plan-entity')) return;
    if (n === 1) reached.resolve();
    await new Promise(() => undefined);
  };
  const { run_id } = bodyOf(await app.post()) as unknown as { run_id: string };
  await reached.promise;
  const { state } = await app.app.look('shop');
  await expect.poll(async () => (await state.journal({ flow: 'shop' })).length).toBe(1);
  const instance = app.instances.started.get('flow-shop');
  if (instance) instance.running = false;
  app.before = () => undefined;
  return run_id;
}

function openShop(connection: Awaited<ReturnType<typeof azurite>>): AppOnAzurite {
  const notify = `notify: { on: [error], webhook: "${hook.url}" }\n`;
  const flow = `${shop.replace('[orders, lines]', '[orders, lines, people]')}${notify}`;
  return new AppOnAzurite(connection, { 'flows/shop/flow.yml': flow }, { options: '{ concurrency: 3 }' });
}

/** What may find the run, and what is asked of the app. */
const finders: readonly (readonly [string, (app: AppOnAzurite, run: string) => Promise<unknown>])[] = [
  ['hygge-watch', async (app) => await onWatch(app.app, (await servedAtStart(app.app)).flows, app.called)],
  ['the next start', (app) => app.post()],
  ['GET …/runs/<id>', (app, run) => app.view(run)],
];

describe('a run whose orchestrations are gone', () => {
  test.each(finders)('is reported once by %s', async (name, find) => {
    using app = openShop(await azurite());
    const run = await lostRun(app);
    await find(app, run);
    await app.ended(`${run}-lost`);
    if (name === 'the next start') await app.ended('flow-shop');
    for (const [, again] of finders.filter(([other]) => other !== 'the next start')) await again(app, run);
    const { board, state } = await app.app.look('shop');
    expect(await board.get('shop', run)).toMatchObject({
      status: 'error',
      summary: { pass: 1, error: 2, total: 3, rows: 10, failure: { code: 'HYG-2053' } },
    });
    const told = (await state.journal({ flow: 'shop', run })).map(({ entity, status, error_code }) => [entity, status, error_code]);
    expect(told.sort()).toEqual([
      ['lines', 'error', 'HYG-2053'],
      ['orders', 'pass', null],
      ['people', 'error', 'HYG-2053'],
    ]);
    expect(notices()).toMatchObject([{ what: 'error', run_id: run, counts: { pass: 1, error: 2 } }]);
    expect(notices()[0]?.failed).toHaveLength(2);
    const own = app.events().filter(({ run_id }) => run_id === run);
    expect(own.filter(({ event }) => event === 'summary')).toMatchObject([{ pass: 1, error: 2 }]);
    expect(own.filter(({ event }) => event === 'error')).toHaveLength(2);
    if (name === 'the next start') {
      // It gave its claims back: what it had begun settles.
      const settled = (await state.journal({ flow: 'shop' })).filter(({ run_id, status }) => run_id !== run && status === 'pass');
      expect(settled.map(({ entity, rows: count }) => [entity, count]).sort()).toEqual([
        ['lines', 10],
        ['people', 10],
      ]);
      return;
    }
    const headers = { get: () => 'application/json' };
    const page = await onStatus(app.app, await servedAtStart(app.app), { ...app.asked('status'), headers }, app.called);
    expect(bodyOf(page)).toMatchObject({ level: 'bad' });
  });

  test('that ends meanwhile is not reported as gone', async () => {
    using app = openShop(await azurite());
    for (const entity of ['orders', 'lines', 'people']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
    const { run_id } = bodyOf(await app.post()) as unknown as { run_id: string };
    await app.ended('flow-shop');
    for (const [, find] of finders) await find(app, run_id);
    expect(app.instances.started.has(`${run_id}-lost`)).toBe(false);
    expect(hook.told).toEqual([]);
  });
});
