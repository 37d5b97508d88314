/** How a file is written, in bytes. */
export interface Dialect {
  /** Between fields. */
  readonly delimiter: number;
  /** Around fields; -1: quotes mean nothing. */
  readonly quote: number;
  /** Before a quote that is part of a value; the same as `quote` when it is written twice. */
  readonly escapeByte: number;
  /** What ends a record: line feed (a carriage return before it belongs to it), or carriage return alone. */
  readonly newline: number;
  /** What lines that are not records begin with; null: all are. */
  readonly comment: readonly number[] | null;
}

export const lineFeed = 10;
export const carriageReturn = 13;

/** True when `prefix` stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, prefix: readonly number[]): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}
