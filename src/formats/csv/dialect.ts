/** How a file is written, in bytes. */
export interface Dialect {
  /** The byte between fields. */
  readonly delimiter: number;
  /** The byte around fields; -1: quotes mean nothing. */
  readonly quote: number;
  /** The byte before a quote that is part of a value; the same as `quote` if that quote is written twice. */
  readonly escapeByte: number;
  /** The byte that ends a record: line feed (a carriage return before it belongs to it), or carriage return alone. */
  readonly newline: number;
  /** The beginning of lines that are not records; null: all lines are records. */
  readonly comment: readonly number[] | null;
}

export const lineFeed = 10;
export const carriageReturn = 13;

/** Whether `prefix` is at position `at`. */
export function standsAt(bytes: Uint8Array, at: number, prefix: readonly number[]): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}
