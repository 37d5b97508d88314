import type { RequestLimiter } from '../ports/network.ts';
import { type HostContact, newContact, type Waiting } from '../ports/retry.ts';

/** The minimum time between two reductions. If several requests are refused within this time, only one refusal counts. */
const narrowEveryMs = 1_000;

/**
 * Limits the parallel requests to one account; waiting requests start in order. If the account refuses a request because there are too many, the limit is
 * halved. After every successful round, the limit grows by one.
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

  /** The current maximum of parallel requests. */
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

  /** Called when a request succeeded. */
  widen(): void {
    if (this.#width >= this.#most) return;
    this.#width = Math.min(this.#most, this.#width + 1 / this.#width);
    this.#admit();
  }

  /** Called when the account refused a request because it got too many requests. */
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
