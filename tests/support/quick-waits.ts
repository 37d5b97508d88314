import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';

/** Waits of half a second to four seconds pass at once in this process, and its clock goes on by as much: for runs that poll a model of a service. */
export function quickWaits(): Disposable {
  const [pause, RealDate] = [timers.setTimeout, Date];
  let aheadMs = 0;
  const now = () => RealDate.now() + aheadMs;
  globalThis.Date = class extends RealDate {
    constructor(...given: readonly unknown[]) {
      super(...((given.length === 0 ? [now()] : given) as [number]));
    }
    static override now(): number {
      return now();
    }
  } as DateConstructor;
  const quick: typeof pause = async (ms = 0, value, options) => {
    const isPassed = ms >= 400 && ms <= 4_000;
    if (isPassed) aheadMs += Math.ceil(ms);
    return await pause(isPassed ? 0 : ms, value, options);
  };
  const put = (as: typeof pause) => {
    Object.assign(timers, { setTimeout: as });
    syncBuiltinESMExports();
  };
  put(quick);
  return {
    [Symbol.dispose]() {
      globalThis.Date = RealDate;
      put(pause);
    },
  };
}

/** The same in each test of a file. */
export function quickWaitsInEachTest(): void {
  let waits: Disposable | undefined;
  beforeEach(() => {
    waits = quickWaits();
  });
  afterEach(() => waits?.[Symbol.dispose]());
}
