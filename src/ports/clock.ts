import type { Instant } from './values.ts';

/** The clock of the engine: real in `adapters/`, virtual in the simulator. */
export interface Clock {
  now(): Instant;
  /** The milliseconds of a clock that never goes back, for durations and budgets. Never stored. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal’s reason when the signal aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
