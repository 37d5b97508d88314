import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { activities } from '../../functions/run-input.ts';
import { realHost } from '../../src/adapters/real-host.ts';
import { fateOf, ownIdentity } from '../../src/filesystems/disk/processes.ts';
import type { Lease, StateRow } from '../../src/ports/state.ts';
import type { Json } from '../../src/ports/values.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { AppOnAzurite, bodyOf, rows } from './app-on-azurite.ts';

const azurite = sharedAzurite();
const hour = 3_600_000;
const at = '2026-11-20T02:00:00.000Z';
const flow = 'home: { type: parquet, path: "in/{entity}" }\nstore: { type: parquet, path: lake }\nentities: [orders]\n';
let app: AppOnAzurite;
let config: string;

beforeEach(async () => {
  app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': flow });
  await app.workspace.parquet('in/orders/1.parquet', rows(0, 100));
  ({ config } = await pinned());
});

afterEach(() => app[Symbol.dispose]());

const about = (run: string) => ({ invocation: 'i', run, flow: 'shop', config, date: '2026-11-20', startedAt: at });
const pinned = () => app.app.pin({ ...about('r'), config: 'current' });
const entityId = { flow: 'shop', entity: 'orders' };

async function row(): Promise<StateRow> {
  const found = await (await pinned()).state.read(entityId);
  if (found === undefined) throw new Error('there is no state row');
  return found.row;
}

/** Starts a run and answers its id, when it has ended or, where starts are not carried out, at once. */
async function start(body: unknown = {}): Promise<string> {
  const answer = await app.post(body);
  const { run_id } = bodyOf(answer) as unknown as { run_id: string };
  expect(answer.status).toBe(202);
  await app.ended('flow-shop');
  return run_id;
}

interface PlanAnswer {
  readonly step: { readonly done?: Record<string, unknown>; readonly again?: Json; readonly notBefore?: string };
  readonly error?: { readonly code: string };
}

/** One delivery of hygge-plan-entity. */
const plan = async (run: string, more: { readonly [key: string]: Json } = {}) =>
  (await app.activity(activities.planEntity, { of: about(run), n: 0, at, ...more })) as PlanAnswer;

/** A run that is on the board and has claimed its entity, and goes no further. */
async function runWithClaim(): Promise<string> {
  app.carriesOut = false;
  const run = await start();
  app.carriesOut = true;
  expect(await plan(run)).toMatchObject({ step: { done: { outcome: 'planned' } } });
  return run;
}

/** As somebody does who ends its instance at the platform. */
function terminated(): void {
  const instance = app.instances.started.get('flow-shop');
  if (instance !== undefined) instance.running = false;
}

async function endedOnBoard(run: string): Promise<void> {
  const { board } = await pinned();
  const record = await board.get('shop', run);
  if (record === undefined) throw new Error('the run is not on the board');
  await board.end({ ...record, ended_at: at, status: 'error', summary: {} });
}

async function heldBy(lease: Lease): Promise<void> {
  await start();
  const { state } = await pinned();
  const found = await state.read(entityId);
  if (found === undefined) throw new Error('there is no state row');
  expect(await state.write(entityId, found.etag, { ...found.row, owner: lease, writeId: 'held-by-another' })).toBe('written');
}

const laptop = (): Lease => ({
  run: 'cli.1',
  until: new Date(Date.now() + hour).toISOString(),
  holder: { host: 'laptop', boot: '1', pid: 4711, started: '1', program: 'hygge go' },
});

describe('the lease of an app', () => {
  test('is not dead when its worker is gone, on the same machine: the run continues with another worker', async () => {
    const run = await runWithClaim();
    const { holder } = (await row()).owner ?? {};
    if (holder === undefined) throw new Error('no one has the lease');
    const gone = { ...holder, pid: 2 ** 22 + 1 };
    expect(await realHost().fate(gone)).toBe('unknown');
    // As where the platform tells nothing of boots.
    expect(await fateOf(gone, { ...ownIdentity(), boot: '' })).toBe('unknown');
    expect((await row()).owner?.run).toBe(`${run}.1`);
  });

  test('outlasts a long queue of its steps', async () => {
    await runWithClaim();
    const until = (await row()).owner?.until ?? '';
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(2 * hour);
  });

  test('runs out before the wait of another run does, so that one that went without a word is not in the way', async () => {
    await runWithClaim();
    const left = Date.parse((await row()).owner?.until ?? '') - Date.now();
    const waited = (ms: number) => ({ cursor: { heldSince: new Date(Date.now() - ms).toISOString(), looks: 20 } });
    expect(await plan('another', waited(left + 5 * 60_000))).toMatchObject({ step: { again: { looks: 21 } } });
    expect(await plan('another', waited(left + hour))).toMatchObject({ ok: false, error: { code: 'HYG-2001' } });
  });
});

describe('a run that meets the lease of', () => {
  test('a run that was ended at the platform takes it, and settles', async () => {
    const dead = await runWithClaim();
    terminated();
    const next = await app.view(await start());
    expect(next).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 100 } });
    expect(await app.view(dead)).toMatchObject({ status: 'error' });
  });

  test('a run that is on looks again after 15 seconds, and ever less often, up to two minutes', async () => {
    await runWithClaim();
    vi.spyOn(app.app.clock, 'now').mockReturnValue(at);
    const waits: number[] = [];
    for (let look = 0, cursor: Json | undefined; look < 6; look++) {
      const { step } = await plan('another', cursor === undefined ? {} : { cursor });
      cursor = step.again;
      waits.push((Date.parse(step.notBefore ?? '') - Date.parse(at)) / 1000);
    }
    expect(waits).toEqual([15, 30, 60, 120, 120, 120]);
  });

  test('a run that is on does not wait to put small files together', async () => {
    await runWithClaim();
    expect(await plan('another', { compacts: true })).toMatchObject({ step: { done: { outcome: 'nothing', ended: { status: 'skip' } } } });
    expect(app.events().at(-1)).toMatchObject({ event: 'entity_done', status: 'skip', compacts: 'files' });
  });

  test('a run that ends while it waits takes it at its next look', async () => {
    const other = await runWithClaim();
    const { step } = await plan('another');
    await endedOnBoard(other);
    expect(await plan('another', { cursor: step.again ?? null })).toMatchObject({ step: { done: { outcome: 'planned' } } });
    expect((await row()).owner?.run).toBe('another.1');
  });

  test('another entity fails, and it is in the list of what the run came to', async () => {
    await heldBy(laptop());
    const before = await row();
    const body = await app.view(await start());
    expect(body).toMatchObject({ status: 'error', summary: { error: 1, failed: ['orders'], failure: { code: 'HYG-2001' } } });
    expect(body.done).toEqual([expect.objectContaining({ entity: 'orders', status: 'error', error: 'HYG-2001', rows: 0 })]);
    // Only told: the row is the holder's.
    expect(await row()).toEqual(before);
  });
});

describe('a step that begins an entity, of a run that has ended on the board,', () => {
  test('begins nothing', async () => {
    app.carriesOut = false;
    const run = await start();
    await endedOnBoard(run);
    expect(await plan(run)).toMatchObject({ step: { done: { outcome: 'nothing', ended: { status: 'skip' } } } });
    expect(app.events().at(-1)).toMatchObject({ event: 'entity_done', message: 'not started: its run has ended' });
  });

  test('returns what it had claimed before', async () => {
    const run = await runWithClaim();
    await endedOnBoard(run);
    expect(await plan(run)).toMatchObject({ ok: false, error: { code: 'HYG-2020' } });
    const error = { code: 'HYG-2020', what: 'Cancelled.', why: [], tryThis: [] };
    await app.activity(activities.abandonEntity, { of: about(run), n: 0, at, error, attempts: 1 });
    expect((await row()).owner).toBeNull();
  });
});
