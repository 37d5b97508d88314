/** Randomness: ids and jitter. Seeded in the simulator. */
export interface Random {
  /** A ULID, which sorts by creation time. Invocations, runs and intents have ULIDs as ids. */
  id(): string;
  /** Ten characters of [0-9a-z]. A name that contains a nonce was never used before, and is never used again. */
  nonce(): string;
  /** A number in [0, 1), uniformly distributed. */
  fraction(): number;
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** When a ULID was made, in milliseconds since 1970; undefined: the text does not begin with a ULID. */
export function timeOfId(text: string): number | undefined {
  const [id] = /^[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Za-z])/.exec(text) ?? [];
  return id === undefined ? undefined : [...id.slice(0, 10)].reduce((ms, digit) => ms * 32 + digits.indexOf(digit), 0);
}
