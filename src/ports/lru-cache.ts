/** A cache of values by key. `get` makes a missing value. A full cache drops the least recently used value. A promise that fails is dropped too. */
export class LruCache<T> {
  readonly #most: number;
  /** The values by key, in the order of last use. */
  readonly #kept = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => T): T {
    const known = this.#kept.get(key);
    const value = known ?? make();
    this.set(key, value);
    if (known === undefined && value instanceof Promise) value.catch(() => this.#forget(key, value));
    return value;
  }

  /** Replaces the value of the key. */
  set(key: string, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
  }

  values(): readonly T[] {
    return [...this.#kept.values()];
  }

  /** Drops a value, but keeps a newer value that another caller has made meanwhile. */
  #forget(key: string, value: T): void {
    if (this.#kept.get(key) === value) this.#kept.delete(key);
  }
}
