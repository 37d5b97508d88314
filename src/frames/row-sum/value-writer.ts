import type { Arrow } from '../native.ts';

/** Writes the text of one value after another. It is never called for a row whose value is null. */
export interface ValueWriter {
  /** The most bytes of the text of a value: a number for all values, or a function that is called for a row before `write`. */
  readonly most: number | ((row: number) => number);
  /** Writes the text from `at` on. Returns the position after it. */
  write(row: number, bytes: Uint8Array, at: number): number;
}

/** A writer of texts that never exceed this many bytes. */
export function fixed(most: number, write: ValueWriter['write']): ValueWriter {
  return { most, write };
}

/** Values of 64 or 128 bits as words of 32, the lowest first. */
export function wordsOf(data: Arrow.Data): Int32Array {
  const { buffer, byteOffset, byteLength } = data.values as ArrayBufferView<ArrayBuffer>;
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}
