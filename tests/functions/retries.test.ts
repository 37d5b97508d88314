import { describe, expect, test } from 'vitest';
import { carryOut } from '../../functions/activities/activity.ts';
import { activities } from '../../functions/run-input.ts';
import type { App } from '../../src/assembly/app.ts';
import { timerAfterMs } from '../../src/engine/entity/retry.ts';
import { ConnectionError, StateError } from '../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { failure } from '../../src/state/table-storage/answers.ts';
import { testNetwork } from '../support/test-network.ts';

const now = '2026-01-01T00:00:00.000Z';

const said: unknown[] = [];
const say = (...what: unknown[]) => void said.push(...what);
const log = { info: say, warn: say, error: say };
const run = { run: 'r', flow: 'shop', config: 'c', date: '2026-11-20', invocation: 'i', startedAt: '2026-11-20T00:00:00.000Z' };

const pinned = { flow: { entities: [{ entity: 'orders', home: {}, store: {} }] }, ports: async () => ({}) };

interface Activity {
  readonly name?: string;
  /** Of its input, beside the run and the attempt. */
  readonly given?: object;
  readonly pin?: () => Promise<unknown>;
}

/** What the orchestrator is told of an activity that fails with `error` at this attempt. */
async function answerTo(error: unknown, attempt: number, fraction: number, of: Activity = {}) {
  const app = {
    clock: { now: () => '2026-11-20T00:00:00.000Z', monotonicMs: () => 0 },
    random: { fraction: () => fraction },
    network: testNetwork,
    pin: of.pin ?? (async () => pinned),
    entityRuns: {
      borrow: () => ({ sides: { over: (ports: unknown) => ports }, end: () => undefined, [Symbol.asyncDispose]: async () => undefined }),
    },
  } as unknown as App;
  const body = async () => async () => {
    throw error;
  };
  return await carryOut(of.name ?? activities.moveSlice, body, { app, log: log as never, input: { of: run, attempt, ...of.given } });
}

const busy = (retryAfterMs?: number) =>
  new StateError({ code: 'HYG-5008', what: 'Busy.', tryThis: ['Wait'], transient: true, retryAfterMs });

describe('what may go better later, in the function app', () => {
  test.each([
    [1, 15_000],
    [2, 60_000],
    [3, 240_000],
  ])('is tried again after a timer: attempt %d waits about %d ms', async (attempt, aboutMs) => {
    for (const fraction of [0, 0.5, 0.999]) {
      const answer = await answerTo(busy(), attempt, fraction);
      expect(answer).toMatchObject({ ok: false, transient: true });
      const { waitMs } = answer as { waitMs: number };
      expect(waitMs).toBeGreaterThanOrEqual(aboutMs * 0.75);
      expect(waitMs).toBeLessThanOrEqual(aboutMs * 1.25);
    }
  });

  test('is not tried a fifth time', async () => {
    expect(await answerTo(busy(), 4, 0.5)).toMatchObject({ ok: false, transient: false, waitMs: 0 });
  });

  test.each(['home', 'store'] as const)(
    'is tried for as long as the connection of its %s says, where a system does not answer',
    async (side) => {
      const connection = { name: 'erp', type: 'postgres' };
      const sides = {
        home: { connection: { ...connection, retryForMs: 30_000 } },
        store: { connection: { ...connection, retryForMs: 30_000 } },
      };
      const patient = { ...sides, [side]: { connection: { ...connection, retryForMs: 1_800_000 } } };
      const pin = async () => ({ flow: { entities: [{ entity: 'orders', ...patient }] }, ports: async () => ({}) });
      const silent = new ConnectionError({ code: 'HYG-6501', what: 'No answer.', tryThis: ['Wait'], transient: true });
      const error = silent.during({ system: 'postgres db.example/erp', sinceMs: 0 });
      let waitedMs = 0;
      let attempt = 1;
      for (; attempt < 50; attempt++) {
        const answer = await answerTo(error, attempt, 0.5, { given: { n: 0 }, pin });
        if (!('transient' in answer && answer.transient)) break;
        waitedMs += answer.waitMs;
      }
      expect(waitedMs).toBeGreaterThanOrEqual(1_800_000);
      expect(attempt).toBeLessThan(25);
    },
  );

  test('waits no less than the service asked for, and runs that were asked the same come apart', async () => {
    const [early, late] = [await answerTo(busy(90_000), 1, 0), await answerTo(busy(90_000), 1, 0.9)] as { waitMs: number }[];
    expect(early?.waitMs).toBeGreaterThanOrEqual(90_000);
    expect(late?.waitMs).toBeGreaterThan(early?.waitMs ?? 0);
    expect(timerAfterMs(2, { now, fraction: 0.5, error: new OutcomeUnknown('lost', { retryAfterMs: 300_000 }) })).toBeGreaterThanOrEqual(
      300_000,
    );
  });

  test('never waits for more than a day, whatever is asked', () => {
    expect(timerAfterMs(1, { now, fraction: 0.9, error: busy(400 * 86_400_000) })).toBe(86_400_000);
  });
});

describe('the log', () => {
  const events = () => said.splice(0).map((line) => JSON.parse(String(line)));
  const broken = new StateError({ code: 'HYG-5008', what: 'Broken.', tryThis: ['Mend it'] });

  test('names the entity of which a step is tried again', async () => {
    events();
    await answerTo(busy(), 1, 0, { given: { n: 0 } });
    expect(events()).toMatchObject([{ event: 'retry', flow: 'shop', entity: 'orders' }]);
  });

  test('names none where the config could not be read', async () => {
    events();
    const answer = await answerTo(broken, 1, 0, { given: { n: 0 }, pin: () => Promise.reject(busy()) });
    expect(answer).toMatchObject({ ok: false, transient: true, error: { what: 'Busy.' } });
    expect(events()).toEqual([expect.not.objectContaining({ entity: expect.anything() })]);
  });

  test.each([
    ['of a flow', activities.closeFlow, {}, 1],
    ['of an entity, of which giving up tells', activities.commitEntity, { n: 0, plan: 'plans/1' }, 0],
    ['of an entity, in giving up', activities.abandonEntity, { n: 0 }, 1],
    ['of an entity, in finishing what is decided', activities.commitEntity, { n: 0, plan: '' }, 1],
  ])('has a failed step %s', async (_, name, given, times) => {
    events();
    await answerTo(broken, 1, 0, { name, given });
    expect(events().filter(({ event, code }) => event === 'error' && code === 'HYG-5008')).toHaveLength(times);
  });
});

describe('what the state asked for is known to the next try', () => {
  const refused = { statusCode: 503, message: 'busy', response: { headers: { get: () => '42' } } };

  test.each(['read', 'write'] as const)('after a %s', (sent) => {
    const told = failure(refused, { place: 'the account', sent, spent: true });
    expect(timerAfterMs(1, { now, fraction: 0, error: told })).toBe(42_000);
  });
});
