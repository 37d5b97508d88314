/** Gives the bytes back; a second call does nothing. */
export type Release = () => void;

interface BudgetWaiter {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Bytes of frames in flight over the whole process. Requests are served in their order, so that a large request is not overtaken for ever
 * by small ones; one larger than the whole budget is served when it is alone. A holder of bytes must not ask for more before giving
 * them back, and a holder of anything that holders of bytes wait for (a connection, a turn to write) must not ask at all: the order of
 * what is waited for is in docs/building/architecture.md.
 */
export class ByteBudget {
  readonly #total: number;
  #used = 0;
  #queue: BudgetWaiter[] = [];

  /** @param total bytes */
  constructor(total: number) {
    this.#total = total;
  }

  get used(): number {
    return this.#used;
  }

  /** Waits until there is room. Rejects with the signal's reason when it aborts first. */
  async acquire(bytes: number, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    if (this.#queue.length > 0 || !this.#fits(bytes)) await this.#turn(bytes, signal);
    else this.#used += bytes;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#used -= bytes;
      this.#serve();
    };
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#total;
  }

  #turn(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        this.#serve();
        reject(signal.reason as Error);
      };
      const waiting: BudgetWaiter = {
        bytes,
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  /** Takes the bytes here, before the waiter runs, so that no other request can come in between. */
  #serve(): void {
    for (let first = this.#queue[0]; first !== undefined && this.#fits(first.bytes); first = this.#queue[0]) {
      this.#queue.shift();
      this.#used += first.bytes;
      first.start();
    }
  }
}
