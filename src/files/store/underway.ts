/** Work that goes on side by side: at most so much at once, and of so many bytes together unless one alone has more. */
export class Underway {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #all = new Set<Promise<void>>();
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor({ most, mostBytes }: { readonly most: number; readonly mostBytes: number }) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** Waits until something of so many bytes has room beside the rest. Throws what any of it failed with. */
  async room(bytes: number): Promise<void> {
    const isFull = () => this.#all.size >= this.#most || this.#bytes + bytes > this.#mostBytes;
    while (this.#failure === undefined && this.#all.size > 0 && isFull()) await Promise.race(this.#all);
    this.#mustGoOn();
  }

  add(bytes: number, work: Promise<unknown>): void {
    this.#bytes += bytes;
    const over = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#bytes -= bytes;
        this.#all.delete(over);
      });
    this.#all.add(over);
  }

  /** Resolves when nothing is under way any more. Throws what any of it failed with. */
  async done(): Promise<void> {
    await this.over();
    this.#mustGoOn();
  }

  /** The same, however it ended. */
  async over(): Promise<void> {
    await Promise.all(this.#all);
  }

  #mustGoOn(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
