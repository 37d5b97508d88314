import { describe, expect, test } from 'vitest';
import {
  Budget,
  backoffMs,
  type Failure,
  firstContactSends,
  mostSends,
  newContact,
  OutcomeUnknown,
  retry,
  usualGiveUpMs,
  type Waiting,
  withWaiting,
} from '../../src/ports/retry.ts';
import { noWaiting } from '../support/no-waiting.ts';

const failure = (ending: Failure['ending'], more: Partial<Failure> = {}): Failure => ({
  ending,
  status: ending === 'undone' ? undefined : 500,
  retryAfterMs: undefined,
  error: (spent) => new OutcomeUnknown('no answer', { spent }),
  ...more,
});

/** Meets the same failure until it gives up: how often it was sent, what was thrown, how long was waited. */
async function untilOver(
  of: Failure,
  { once, known = true, waiting = {} }: { once?: string; known?: boolean; waiting?: Partial<Waiting> } = {},
) {
  const waits: number[] = [];
  const contact = { ...newContact(), answered: known };
  const budget = new Budget(contact, { once }, { ...noWaiting(waits), ...waiting });
  for (let sends = 1; ; sends++) {
    const thrown = await budget.goOn(of).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (thrown !== undefined) return { sends, waits, thrown };
  }
}

describe('a pause', () => {
  test('doubles, and half of it is by chance', () => {
    expect([0, 1, 2, 5, 9].map((failures) => backoffMs('open', failures, 1))).toEqual([500, 1_000, 2_000, 16_000, 20_000]);
    expect([0, 4, 5].map((failures) => backoffMs('throttled', failures, 1))).toEqual([1_000, 16_000, 30_000]);
    expect([0, 0.5, 1].map((fraction) => backoffMs('open', 1, fraction))).toEqual([500, 750, 1_000]);
  });
});

describe('a request', () => {
  test('that is not answered is sent 8 times, and to a host that never answered 4 times', async () => {
    expect(await untilOver(failure('open'))).toMatchObject({ sends: mostSends, thrown: { spent: true } });
    expect(await untilOver(failure('undone'), { known: false })).toMatchObject({ sends: firstContactSends, thrown: { spent: true } });
  });

  test('that is throttled is sent again for five minutes, and never before it was told to come', async () => {
    const { waits, thrown } = await untilOver(failure('throttled', { status: 429 }));
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(usualGiveUpMs - 30_000);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(usualGiveUpMs);
    expect(thrown).toMatchObject({ spent: true });
    const asked = await untilOver(failure('throttled', { status: 429, retryAfterMs: 70_000 }));
    expect(asked.waits).toEqual([70_000, 70_000, 70_000, 70_000]);
    expect((await untilOver(failure('throttled', { status: 429, retryAfterMs: 1_800_000 }))).sends).toBe(1);
  });

  test('that is answered 503 is waited for as one that is throttled, unless it may have changed something', async () => {
    expect((await untilOver(failure('open', { status: 503 }))).sends).toBeGreaterThan(mostSends);
    expect((await untilOver(failure('open', { status: 503 }), { once: 'head' })).sends).toBe(1);
  });

  test('that has its answer is over at once', async () => {
    expect(await untilOver(failure('final'))).toMatchObject({ sends: 1, waits: [], thrown: { spent: false } });
  });

  test('waits no longer than its step may', async () => {
    expect((await untilOver(failure('open'), { waiting: { untilMs: 4_000 } })).waits).toEqual([500, 1_000, 2_000]);
    const stop = new AbortController();
    stop.abort();
    expect(await untilOver(failure('open'), { waiting: { signal: stop.signal } })).toMatchObject({ sends: 1, waits: [] });
    const stopped = new AbortController();
    const clock = { monotonicMs: () => 0, sleep: async () => stopped.abort() };
    expect(await untilOver(failure('open'), { waiting: { clock, signal: stopped.signal } })).toMatchObject({ sends: 1 });
  });

  test('waits as its step does, and the step hears of it', async () => {
    const waits: number[] = [];
    const told: number[] = [];
    const step = { ...noWaiting(waits), onPause: ({ ms }: { ms: number }) => void told.push(ms) };
    const outside = { ...noWaiting(), clock: { monotonicMs: () => 0, sleep: () => Promise.reject(new Error('the wrong clock')) } };
    await withWaiting(step, () => new Budget(newContact(), {}, outside).goOn(failure('open')));
    expect([waits, told]).toEqual([[500], [500]]);
  });
});

describe('a conditional write without an answer', () => {
  test('is looked for after a pause, and sent again 8 times in all, however many calls that takes', async () => {
    const waits: number[] = [];
    const contact = newContact();
    const thrown: unknown[] = [];
    for (let sends = 1; sends <= mostSends; sends++)
      await new Budget(contact, { once: 'head' }, noWaiting(waits)).goOn(failure('open')).catch((error: unknown) => thrown.push(error));
    expect(thrown.map((error) => (error as OutcomeUnknown).spent)).toEqual([...Array.from({ length: mostSends - 1 }, () => false), true]);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
  });

  test('begins again when it was answered, and apart from another write', async () => {
    const contact = newContact();
    const send = (once: string, waits: number[]) =>
      new Budget(contact, { once }, noWaiting(waits)).goOn(failure('open')).catch(() => undefined);
    const [head, row]: [number[], number[]] = [[], []];
    await send('head', head);
    await send('row', row);
    new Budget(contact, { once: 'head' }, noWaiting()).done();
    await send('head', head);
    expect([head, row]).toEqual([[500, 500], [500]]);
  });
});

describe('retry', () => {
  test('does again what has no known outcome, and says when it was often enough', async () => {
    let calls = 0;
    const lost = async () => {
      calls++;
      throw new OutcomeUnknown('lost');
    };
    await expect(retry(() => retry(lost))).rejects.toMatchObject({ name: 'OutcomeUnknown', spent: true });
    expect(calls).toBe(mostSends);
  });

  test('does nothing again that has used up its budget', async () => {
    let calls = 0;
    const spent = async () => {
      calls++;
      throw new OutcomeUnknown('lost', { spent: true });
    };
    await expect(retry(spent)).rejects.toThrow('lost');
    expect(calls).toBe(1);
  });
});
