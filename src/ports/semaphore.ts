/** Limits how many calls run at once; waiting calls start in order of arrival. */
export class Semaphore {
  #free: number;
  readonly #waiting: Array<() => void> = [];

  constructor(count: number) {
    this.#free = Math.max(1, count);
  }

  /** Waits for its turn and runs `work`. @param signal when the signal aborts, the wait ends and throws the signal’s reason. Work that has begun continues. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const done = await this.take(signal);
    try {
      return await work();
    } finally {
      done();
    }
  }

  /** Waits for a turn and takes it. @returns a function that ends the turn. A second call of the function does nothing. */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((go, stop) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        go();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        stop(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(begin);
    });
  }
}
