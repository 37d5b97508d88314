import type { Instant } from '../ports/values.ts';

/** More than a `Date` header may lag behind for being cut to the second and for its way here. */
const toleranceMs = 5_000;

/** The service's time, from the `Date` of its answers and from what has passed here since. Never ahead of it: a lease is rather seen too long than too short. */
export class AccountClock {
  readonly #monotonicMs: () => number;
  /** The service's time when this machine's monotonic clock stood at zero. */
  #offsetMs: number | undefined;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** The `Date` header of an answer that just came. */
  hear(date: string | undefined): void {
    const heard = Date.parse(date ?? '') - this.#monotonicMs();
    if (Number.isNaN(heard)) return;
    // Each header is a lower bound, so the highest counts; unless the service itself was set back.
    const standing = this.#offsetMs ?? Number.NEGATIVE_INFINITY;
    if (heard > standing || heard < standing - toleranceMs) this.#offsetMs = heard;
  }

  now(): Instant | undefined {
    return this.#offsetMs === undefined ? undefined : new Date(Math.floor(this.#offsetMs + this.#monotonicMs())).toISOString();
  }
}
