import { describe, expect, test } from 'vitest';
import { StandstillWatch } from '../../src/engine/entity/standstill.ts';

/** A clock that goes on only when it is told to. */
class HandClock {
  ms = 0;
  #sleeping: { readonly at: number; readonly wake: () => void }[] = [];

  monotonicMs(): number {
    return this.ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      this.#sleeping.push({ at: this.ms + ms, wake: resolve });
    });
  }

  async pass(ms: number): Promise<void> {
    const until = this.ms + ms;
    for (;;) {
      const next = this.#sleeping.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#sleeping = this.#sleeping.filter((one) => one !== next);
      this.ms = Math.max(this.ms, next.at);
      next.wake();
      for (let n = 0; n < 5; n++) await Promise.resolve();
    }
    this.ms = until;
  }
}

const minute = 60_000;

function watched() {
  const clock = new HandClock();
  const told: number[] = [];
  const watch = new StandstillWatch(clock, { stallMs: 10 * minute, tell: (stoodMs) => told.push(stoodMs / minute) });
  return { clock, told, watch };
}

describe('work that stands still', () => {
  test('is told while it stands, once', async () => {
    const { clock, told } = watched();
    await clock.pass(9 * minute);
    expect(told).toEqual([]);
    await clock.pass(2 * minute);
    expect(told).toEqual([10]);
    await clock.pass(200 * minute);
    expect(told).toEqual([10]);
  });

  test('is not told while there are signs of life, and again after some', async () => {
    const { clock, told, watch } = watched();
    for (let n = 0; n < 30; n++) {
      await clock.pass(9 * minute);
      watch.hear();
    }
    expect(told).toEqual([]);
    await clock.pass(21 * minute);
    expect(told).toEqual([10]);
    watch.hear();
    await clock.pass(21 * minute);
    expect(told).toHaveLength(2);
  });

  test('is not told once it has ended', async () => {
    const { clock, told, watch } = watched();
    watch[Symbol.dispose]();
    await clock.pass(100 * minute);
    expect(told).toEqual([]);
  });
});
