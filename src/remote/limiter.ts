import type { RequestLimiter } from '../ports/network.ts';
import { type HostContact, newContact, type Waiting } from '../ports/retry.ts';

/** Of many that are turned away together, one counts. */
const narrowEveryMs = 1_000;

/**
 * Requests to one account: a bounded number at once, first come first served. Half as many when the account asks to be asked less, and then one
 * more for every round that goes well.
 */
export class Limiter implements RequestLimiter {
  readonly contact: HostContact = newContact();
  readonly #most: number;
  readonly #waiting: Array<() => void> = [];
  #width: number;
  #underWay = 0;
  #narrowedMs = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
    this.#width = most;
  }

  /** How many may be under way now. */
  get width(): number {
    return Math.floor(this.#width);
  }

  async run<T>(request: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.width) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#underWay++;
    try {
      return await request();
    } finally {
      this.#underWay--;
      this.#admit();
    }
  }

  /** A request went well. */
  widen(): void {
    if (this.#width >= this.#most) return;
    this.#width = Math.min(this.#most, this.#width + 1 / this.#width);
    this.#admit();
  }

  /** A request was turned away because there were too many. */
  narrow(clock: Waiting['clock']): void {
    const now = clock.monotonicMs();
    if (now - this.#narrowedMs < narrowEveryMs) return;
    this.#narrowedMs = now;
    this.#width = Math.max(1, this.#width / 2);
  }

  #admit(): void {
    while (this.#underWay < this.width) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#underWay++;
      next();
    }
  }
}
