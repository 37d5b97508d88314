/** Randomness: ids and jitter. Seeded in the simulator. */
export interface Random {
  /** A ULID, which sorts by creation time. Invocations, runs and intents have such ids. */
  id(): string;
  /** Ten characters of [0-9a-z]. A name with a nonce was never used before and never will be again. */
  nonce(): string;
  /** A number in [0, 1), uniformly distributed. */
  fraction(): number;
}
