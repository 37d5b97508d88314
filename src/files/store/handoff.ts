/** Passes items from one writer to one reader, one at a time: `put` waits until the reader has come back for the next. */
export class Handoff<T> implements AsyncIterable<T> {
  #item: { readonly value: T; readonly done: () => void; readonly failed: (error: unknown) => void } | undefined;
  #wake: (() => void) | undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  put(value: T): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    return new Promise((done, failed) => {
      this.#item = { value, done, failed };
      this.#wake?.();
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Whoever waits, on either side, gets the error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#item?.failed(error);
    this.#item = undefined;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const item = this.#item;
      if (item) {
        yield item.value;
        if (this.#item === item) this.#item = undefined;
        item.done();
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
  }
}
