import { expect, test } from 'vitest';
import { onRun } from '../../functions/triggers/run.ts';
import { notInstalled } from '../../src/databases/duckdb/errors.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { appOfShop, bodyOf } from './app-on-azurite.ts';

const azurite = sharedAzurite();

const shopApp = async () => appOfShop(await azurite());

const silentLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test('an answer of dry_run is the plan, and nothing is touched', async () => {
  using app = await shopApp();
  const before = app.workspace.tree();
  const answer = await app.post({ dry_run: true, entities: ['orders'] });
  expect(answer.status).toBe(200);
  const body = bodyOf(answer) as unknown as { plans: Record<string, unknown>[] };
  expect(body.plans).toEqual([
    expect.objectContaining({ event: 'plan', entity: 'orders', mode: 'full', to: expect.stringContaining('lake/orders') }),
  ]);
  expect(app.workspace.tree()).toEqual(before);
  expect(app.instances.started.size).toBe(0);
});

test('an answer of dry_run that takes too long is the part that is ready, with what is missing', async () => {
  using app = await shopApp();
  const hurried = { ...app.app, clock: { ...app.app.clock, sleep: async () => undefined } };
  const answer = await onRun(hurried, { name: 'shop' }, app.asked('flows/shop/runs', { dry_run: true }), app.called);
  expect([answer.status, bodyOf(answer)]).toMatchObject([200, { plans: [], missing: ['orders', 'lines'] }]);
});

test('an answer of dry_run says by its status who can put right what is wrong', async () => {
  using app = await shopApp();
  app.workspace.write({ 'in/lines/1.parquet': 'no parquet' });
  const answer = await app.post({ dry_run: true });
  const { plans } = bodyOf(answer) as unknown as { plans: { event: string; entity: string; code?: string }[] };
  expect([answer.status, plans.map(({ event, entity }) => [event, entity])]).toEqual([
    400,
    [
      ['plan', 'orders'],
      ['error', 'lines'],
    ],
  ]);
});

test('an answer of dry_run names the entities whose backfill is impossible, and plans the others', async () => {
  using app = await shopApp();
  app.workspace.write({ 'in/lines/1.parquet': 'no parquet' });
  const backfill = { from: '2026-01-01', to: '2026-01-02' };
  const some = await app.post({ dry_run: true, backfill });
  const told = (answer: typeof some) => (bodyOf(answer) as unknown as { plans: { event: string; entity: string }[] }).plans;
  expect([some.status, told(some).map(({ event, entity }) => [event, entity])]).toEqual([
    400,
    expect.arrayContaining([['error', 'lines']]),
  ]);
  const none = await app.post({ dry_run: true, backfill: { from: 'soon', to: '2026-01-02' } });
  expect([none.status, told(none).map(({ event }) => event)]).toEqual([400, ['error', 'error']]);
});

test('a source that does not answer a dry_run is 503: asked again, it may', async () => {
  using app = await shopApp();
  const silent: typeof app.app.pin = async (request) => {
    const pinned = await app.app.pin(request);
    const home = () =>
      Promise.reject(new ConnectionError({ code: 'HYG-6001', what: 'No answer.', tryThis: ['Ask again'], transient: true }));
    return { ...pinned, ports: async (emit) => ({ ...(await pinned.ports(emit)), home }) };
  };
  const asked = app.asked('flows/shop/runs', { dry_run: true });
  expect((await onRun({ ...app.app, pin: silent }, { name: 'shop' }, asked, app.called)).status).toBe(503);
});

test('what is not in the app is 500 and not asked again: it will not be there the next time either', async () => {
  using app = await shopApp();
  const lean: typeof app.app.pin = async (request) => {
    const pinned = await app.app.pin(request);
    const home = () => Promise.reject(notInstalled(new Error('Cannot find package')));
    return { ...pinned, ports: async (emit) => ({ ...(await pinned.ports(emit)), home }) };
  };
  const asked = app.asked('flows/shop/runs', { dry_run: true });
  const answer = await onRun({ ...app.app, pin: lean }, { name: 'shop' }, asked, app.called);
  expect([answer.status, answer.headers?.['Retry-After']]).toEqual([500, undefined]);
});

test('plans that are more than an answer holds are left out by name, and can be asked for', async () => {
  using app = await shopApp();
  const wide: typeof app.app.pin = async (request) => {
    const pinned = await app.app.pin(request);
    const ports: typeof pinned.ports = (emit) => pinned.ports((event) => emit(Object.assign({ noise: 'x'.repeat(3_000_000) }, event)));
    return { ...pinned, ports };
  };
  const ask = async (entities: readonly string[]) => {
    const asked = app.asked('flows/shop/runs', { dry_run: true, entities });
    return bodyOf(await onRun({ ...app.app, pin: wide }, { name: 'shop' }, asked, { ...app.called, log: silentLog }));
  };
  expect(await ask(['orders', 'lines'])).toMatchObject({ plans: [{ entity: 'orders' }], omitted: ['lines'] });
  expect(await ask(['lines'])).not.toHaveProperty('omitted');
});
