import type { Instant } from './values.ts';

/** Time, as the engine sees it. Real in `adapters/`, virtual in the simulator. */
export interface Clock {
  now(): Instant;
  /** Milliseconds that only rise; for durations and budgets, never for stored times. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
