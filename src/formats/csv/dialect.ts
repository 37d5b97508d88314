/** How a file is written, in bytes. */
export interface Dialect {
  /** The byte between fields. */
  readonly delimiter: number;
  /** The byte around fields. -1: quotes have no meaning. */
  readonly quote: number;
  /** The byte before a quote that is part of a value. If such a quote is written twice, this byte is the same as `quote`. */
  readonly escapeByte: number;
  /** The byte that ends a record: a line feed, or a carriage return alone. A carriage return before a line feed belongs to the line end. */
  readonly newline: number;
  /** The bytes that begin a line with a comment, which is not a record. Null: each line is a record. */
  readonly comment: readonly number[] | null;
}

export const lineFeed = 10;
export const carriageReturn = 13;

/** Whether the bytes at position `at` begin with `prefix`. */
export function standsAt(bytes: Uint8Array, at: number, prefix: readonly number[]): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}
