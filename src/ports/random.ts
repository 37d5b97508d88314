/** Randomness: ids and jitter. Seeded in the simulator. */
export interface Random {
  /** A ULID: sorts by creation time; used for invocation, run and intent ids. */
  id(): string;
  /** Ten characters of [0-9a-z]: makes a name that was never used before and never will be again. */
  nonce(): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}
