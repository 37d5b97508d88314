/** The connections of one process: whoever finds none free waits for one. */
export class Pool {
  #free = 2;
  readonly #waiting: (() => void)[] = [];

  async use<T>(work: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  #take(): Promise<void> | void {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
