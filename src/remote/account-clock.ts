import type { Instant } from '../ports/values.ts';

/** The maximum delay of a `Date` header: the header is cut to the second, and an answer takes some time to arrive. */
const toleranceMs = 5_000;

/** The service’s time: the `Date` of its last answers and the time since then. This clock is never ahead of the service’s clock. So a lease may seem to end too late, but never too early. */
export class AccountClock {
  readonly #monotonicMs: () => number;
  /** The service's time when this machine's monotonic clock was at zero. */
  #offsetMs: number | undefined;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Must be called with the `Date` header of an answer that just arrived. */
  hear(date: string | undefined): void {
    const heard = Date.parse(date ?? '') - this.#monotonicMs();
    if (Number.isNaN(heard)) return;
    // Each header is a lower bound of the service’s time. So the highest bound counts, unless the service’s clock was set back.
    const standing = this.#offsetMs ?? Number.NEGATIVE_INFINITY;
    if (heard > standing || heard < standing - toleranceMs) this.#offsetMs = heard;
  }

  now(): Instant | undefined {
    return this.#offsetMs === undefined ? undefined : new Date(Math.floor(this.#offsetMs + this.#monotonicMs())).toISOString();
  }
}
