/** Releases the bytes; a second call does nothing. */
export type Release = () => void;

interface BudgetWaiter {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * A budget of bytes for frames in flight in the whole process. Requests are served in order, so that small ones do not overtake a large one
 * forever. A request larger than the whole budget is served when it is alone. A holder of bytes must release them before it requests more.
 * A holder of anything that holders of bytes wait for (a connection, a turn to write) must not request bytes at all.
 * docs/building/architecture.md has the order of waiting.
 */
export class ByteBudget {
  readonly #total: number;
  #used = 0;
  #queue: BudgetWaiter[] = [];

  /** @param total the bytes of the budget */
  constructor(total: number) {
    this.#total = total;
  }

  get used(): number {
    return this.#used;
  }

  /** Waits until there is room. Rejects with the signal’s reason if the signal aborts first. */
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

  /** Reserves the bytes here, before the waiter runs, so that no other request can come in between. */
  #serve(): void {
    for (let first = this.#queue[0]; first !== undefined && this.#fits(first.bytes); first = this.#queue[0]) {
      this.#queue.shift();
      this.#used += first.bytes;
      first.start();
    }
  }
}
