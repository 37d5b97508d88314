import type { Waiting } from '../../src/ports/retry.ts';

/** Nobody waits; how long it would have been is noted, and is what a clock says has passed. Pauses are as long as they can be. */
export function noWaiting(waits: number[] = []): Waiting {
  return {
    clock: {
      monotonicMs: () => waits.reduce((sum, ms) => sum + ms, 0),
      sleep: async (ms) => {
        waits.push(ms);
      },
    },
    fraction: () => 1,
  };
}
