import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';

/** The longest timer of Node, 24.8 days. A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock. */
export function realClock(): Clock {
  return {
    now: () => new Date().toISOString(),
    monotonicMs: () => performance.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      for (let left = Math.max(0, ms); ; left -= longestTimerMs) {
        await timer(Math.min(left, longestTimerMs), signal);
        if (left <= longestTimerMs) return;
      }
    },
  };
}

async function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(ms, undefined, signal && { signal });
  } catch (error) {
    // Node’s timer wraps the reason in an AbortError. The port promises to throw the reason itself.
    signal?.throwIfAborted();
    throw error;
  }
}
