import type { Clock } from '../../../ports/clock.ts';
import type { Changed, Ledger } from '../../../ports/state.ts';
import type { Instant, Json } from '../../../ports/values.ts';

/** A ledger whose document exists only in this process, for a state that other processes do not see. */
export class OwnLedger implements Ledger {
  readonly place = '';
  readonly by = '';
  readonly skewMs = 0;
  readonly #clock: Pick<Clock, 'now'>;
  #document: Json | null = null;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  now(): Instant {
    return this.#clock.now();
  }

  async change<T>(decide: (document: Json | null, at: Instant) => Changed<T>): Promise<T> {
    const { to, answer } = decide(this.#document, this.now());
    if (to !== undefined) this.#document = to;
    return answer;
  }
}
