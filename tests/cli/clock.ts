import type { Clock } from '../../src/ports/clock.ts';

/** Time that moves only when told to. Whoever sleeps wakes when its moment comes. */
export function handClock(start = '2026-11-20T08:00:00.000Z'): Clock & { advance(ms: number): Promise<void>; set(iso: string): void } {
  let nowMs = Date.parse(start);
  const sleeping: { readonly untilMs: number; readonly wake: () => void }[] = [];
  return {
    now: () => new Date(nowMs).toISOString(),
    monotonicMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        sleeping.push({ untilMs: nowMs + ms, wake: resolve });
      }),
    set: (iso) => {
      nowMs = Date.parse(iso);
    },
    async advance(ms) {
      nowMs += ms;
      for (const one of sleeping.splice(0)) {
        if (one.untilMs <= nowMs) one.wake();
        else sleeping.push(one);
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
