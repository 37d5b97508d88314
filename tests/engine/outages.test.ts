import { describe, expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { type OutagePatience, Outages } from '../../src/engine/entity/outages.ts';
import { type Retry, timerAfterMs, timerAttempts, withRetries } from '../../src/engine/entity/retry.ts';
import { ConnectionError, type HyggeError, StoreError } from '../../src/errors/hygge-error.ts';
import { Budget, newContact, stepWaiting, type Waiting } from '../../src/ports/retry.ts';

const system = 'postgres db.example:5432/erp';
const minute = 60_000;

/** Time passes only while somebody sleeps; several sleep at once. */
function scene() {
  let now = 0;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const turn = () => {
    const next = sleepers.sort((a, b) => a.until - b.until).shift();
    if (next === undefined) return;
    now = Math.max(now, next.until);
    next.wake();
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const sleeper = { until: now + ms, wake: resolve };
      sleepers.push(sleeper);
      const stop = () => {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        reject(signal?.reason);
      };
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop, { once: true });
      setImmediate(turn);
    });
  const ports = { clock: { now: () => '', monotonicMs: () => now, sleep }, random: { fraction: () => 0.5 } } as unknown as EnginePorts;
  const outages = new Outages(ports);
  const told: Retry[] = [];
  let since: number | null = null;
  /** A system that does not answer before `upMs`, as its pool says. */
  const asks = (upMs: number) => async () => {
    if (now >= upMs) {
      since = null;
      return now;
    }
    since ??= now;
    throw unreached(since);
  };
  const step = (
    work: (attempt: number) => Promise<number>,
    more: Partial<OutagePatience> & { untilMs?: number; signal?: AbortSignal } = {},
  ) =>
    withRetries(
      ports,
      {
        step: 'slice',
        signal: more.signal ?? new AbortController().signal,
        untilMs: more.untilMs,
        onRetry: (retry) => void told.push(retry),
        outages: {
          shared: outages,
          patience: {
            retryForMs: more.retryForMs ?? minute,
            isConfigured: more.isConfigured ?? false,
            hasEverWorked: more.hasEverWorked ?? (async () => true),
          },
        },
      },
      work,
    );
  const pass = (ms: number) => {
    now += ms;
  };
  return { asks, step, told, now: () => now, pass };
}

function unreached(sinceMs: number): HyggeError {
  return new ConnectionError({
    code: 'HYG-6501',
    what: `${system} can't be reached.`,
    why: ['ECONNREFUSED.'],
    tryThis: ['Wait'],
    transient: true,
  }).during({ system, sinceMs });
}

const lost = () =>
  new StoreError({ code: 'HYG-4208', what: 'Writing was interrupted.', tryThis: ['Again'], transient: true }).during({
    system,
    sinceMs: null,
  });

describe('a system that does not answer', () => {
  it('for half a minute is waited for by all entities, reported once when it begins and once when it is over', async () => {
    const { asks, step, told, now } = scene();
    const all = await Promise.all(Array.from({ length: 8 }, () => step(asks(34_000))));
    expect(all.every((at) => at >= 34_000 && at < 45_000)).toBe(true);
    expect(now()).toBeLessThan(45_000);
    expect(told).toMatchObject([
      { error: { code: 'HYG-6501' }, outage: { system, retry_for_ms: minute } },
      { error: { code: 'HYG-6501' }, wait_ms: 0, outage: { system, over_after_ms: expect.any(Number) } },
    ]);
    expect(told[1]?.outage?.over_after_ms).toBeGreaterThanOrEqual(34_000);
  });

  it('again, after it has answered unnoticed, is waited for anew and reported as the same one', async () => {
    const { step, told, now } = scene();
    const work = async () => {
      if (now() < 40_000) throw unreached(0);
      if (now() < 90_000) throw unreached(40_000);
      return now();
    };
    expect(await step(work)).toBeGreaterThanOrEqual(90_000);
    expect(told.map(({ outage }) => Object.keys(outage ?? {}).at(-1))).toEqual(['retry_for_ms', 'over_after_ms']);
  });

  it('for longer fails each entity when the patience is over, and says for how long it did not answer', async () => {
    const { asks, step, told, now } = scene();
    const all = await Promise.allSettled([step(asks(90_000)), step(asks(90_000))]);
    for (const one of all) {
      expect(one).toMatchObject({
        status: 'rejected',
        reason: { code: 'HYG-6501', spent: true, why: ['ECONNREFUSED.', 'It has not answered for 60 s.'] },
      });
      expect(String((one as PromiseRejectedResult).reason.tryThis)).toContain('--retry-for 10m');
    }
    expect(now()).toBe(minute);
    expect(told).toHaveLength(1);
  });

  it('is not waited for anew by an entity that begins when the patience is over', async () => {
    const { asks, step, now } = scene();
    await expect(step(asks(90_000))).rejects.toMatchObject({ spent: true });
    await expect(step(asks(90_000))).rejects.toMatchObject({ spent: true });
    expect(now()).toBe(minute);
  });

  it('again, after it has answered unnoticed, wakes those that wait since its first outage as well', async () => {
    const sleep = (_: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const ports = { clock: { now: () => '', monotonicMs: () => 20_000, sleep }, random: { fraction: () => 0.5 } };
    const outages = new Outages(ports as unknown as EnginePorts);
    const patience = { retryForMs: minute, isConfigured: true, hasEverWorked: async () => true };
    const awake: number[] = [];
    for (const since of [0, 10_000])
      outages.wait(unreached(since), patience, { signal: new AbortController().signal, report: () => undefined }).then(
        () => awake.push(since),
        () => undefined,
      );
    outages.reportOver(system, () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(awake).toEqual([0, 10_000]);
  });

  it('again, after it has answered in between, is another outage', async () => {
    const { asks, step, told, pass } = scene();
    await expect(step(asks(90_000))).rejects.toMatchObject({ spent: true });
    pass(10 * minute);
    // An entity that met no outage moves on; nothing tells the shared record of it but the pool's new beginning.
    expect(await step(asks(0))).toBe(11 * minute);
    expect(await step(asks(11 * minute + 20_000))).toBeGreaterThanOrEqual(11 * minute + 20_000);
    expect(told.filter(({ outage }) => outage?.over_after_ms !== undefined)).toHaveLength(1);
  });

  it('is waited for as long as a person asked, even where nothing ever settled', async () => {
    const { asks, step } = scene();
    const never = { hasEverWorked: async () => false };
    expect(await step(asks(4 * minute), { ...never, retryForMs: 5 * minute, isConfigured: true })).toBeGreaterThanOrEqual(4 * minute);
    await expect(scene().step(asks(Number.POSITIVE_INFINITY), { ...never, retryForMs: 0, isConfigured: true })).rejects.toMatchObject({
      spent: true,
    });
  });

  it('that is only too busy is waited for a moment where a person asked for none, and else for minutes', async () => {
    for (const [asked, least, most] of [
      [{ retryForMs: 0, isConfigured: true }, 0, 10_000],
      [{ retryForMs: minute, isConfigured: true }, 20_000, minute],
      [{}, 2 * minute, 5 * minute],
    ] as const) {
      const { step, now } = scene();
      let pausedMs = 0;
      await step(async () => {
        const budget = new Budget(newContact(), {}, stepWaiting() as Waiting);
        const busy = { ending: 'throttled', status: 429, retryAfterMs: undefined, error: () => new Error('too busy') } as const;
        for (let over = false; !over; ) await budget.goOn(busy).catch(() => (over = true));
        pausedMs = now();
        return 1;
      }, asked);
      expect(pausedMs).toBeGreaterThanOrEqual(least);
      expect(pausedMs).toBeLessThanOrEqual(most);
    }
  });

  it('at an address that has never been right is tried four times', async () => {
    const { asks, step, told, now } = scene();
    await expect(step(asks(34_000), { hasEverWorked: async () => false })).rejects.toMatchObject({ code: 'HYG-6501', spent: false });
    expect(now()).toBeLessThan(10_000);
    expect(told).toHaveLength(1);
  });

  it('is waited for no longer than the step may take', async () => {
    const { asks, step, now } = scene();
    await expect(step(asks(34_000), { untilMs: 10_000 })).rejects.toMatchObject({ spent: true });
    expect(now()).toBeLessThanOrEqual(10_000);
  });

  it('is not waited for by a run that is stopped', async () => {
    const { asks, step } = scene();
    const stop = new AbortController();
    const work = asks(34_000);
    let tries = 0;
    const stopped = step(
      async () => {
        if (++tries === 2) setImmediate(() => stop.abort(new Error('stopped')));
        return work();
      },
      { signal: stop.signal },
    );
    await expect(stopped).rejects.toThrow(/stopped|reached/);
    expect(tries).toBeLessThanOrEqual(3);
  });

  it('breaks connections first: a step whose connections break each time fails after four tries, and reports the first', async () => {
    const { step, told } = scene();
    let tries = 0;
    const work = async () => {
      tries++;
      throw lost();
    };
    await expect(step(work)).rejects.toMatchObject({ code: 'HYG-4208' });
    expect(tries).toBe(4);
    expect(told).toHaveLength(1);
  });

  it('gives each try its own number: what an attempt has staged is never written over', async () => {
    const { asks, step } = scene();
    const numbers: number[] = [];
    const work = asks(20_000);
    await step((n) => {
      numbers.push(n);
      return work();
    });
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBeGreaterThan(4);
  });
});

describe('in the function app, where a timer waits', () => {
  const hour = 60 * minute;
  const waited = (retryForMs: number) => {
    const error = unreached(0);
    const attempts = timerAttempts(error, retryForMs);
    return Array.from({ length: attempts - 1 }, (_, n) =>
      timerAfterMs(n + 1, { now: '2026-01-01T00:00:00.000Z', fraction: 0.5, error, retryForMs }),
    );
  };

  it.each([0, 10_000, 5 * minute, 30 * minute, 24 * hour])('a system is waited for at least %d ms, by few timers', (retryForMs) => {
    const timers = waited(retryForMs);
    expect(timers.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(retryForMs);
    expect(timers.length).toBeLessThanOrEqual(24);
  });

  it('what is not an outage is tried four times, whatever the connection says', () => {
    const deadlock = new StoreError({ code: 'HYG-4208', what: 'Deadlock.', tryThis: ['Again'], transient: true });
    expect(timerAttempts(deadlock, 24 * hour)).toBe(4);
    expect(timerAttempts(unreached(0), undefined)).toBe(4);
  });
});
