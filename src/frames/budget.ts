/** Releases the bytes. If it is called again, nothing happens. */
export type Release = () => void;

interface BudgetWaiter {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * A budget of bytes for all frames in flight in the process. Requests are served in order, so that small requests do not overtake a large
 * request forever. A request larger than the whole budget waits until no bytes are held. A holder of bytes must release them before it
 * requests more bytes. Holders of bytes may wait for other resources, such as a connection or a turn to write. A holder of such a resource
 * must never request bytes. docs/building/architecture.md has the order of waiting.
 */
export class ByteBudget {
  readonly #total: number;
  #used = 0;
  #queue: BudgetWaiter[] = [];

  /** @param total the size of the budget in bytes */
  constructor(total: number) {
    this.#total = total;
  }

  get used(): number {
    return this.#used;
  }

  /** Waits until the budget has room. If the signal aborts first, the promise rejects with the signal’s reason. */
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

  /** Reserves the bytes at once, before the waiting code runs, so that no other request can take them. */
  #serve(): void {
    for (let first = this.#queue[0]; first !== undefined && this.#fits(first.bytes); first = this.#queue[0]) {
      this.#queue.shift();
      this.#used += first.bytes;
      first.start();
    }
  }
}
