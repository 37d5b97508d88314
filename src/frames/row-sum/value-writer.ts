import type { Arrow } from '../native.ts';

/** Writes the text of one value after another. The writer is never called for a row whose value is null. */
export interface ValueWriter {
  /** The most bytes of a value’s text. A number holds for all values. A function is called for a row before `write`. */
  readonly most: number | ((row: number) => number);
  /** Writes the text from `at` on. Returns the position after the text. */
  write(row: number, bytes: Uint8Array, at: number): number;
}

/** A writer whose texts have at most this many bytes. */
export function fixed(most: number, write: ValueWriter['write']): ValueWriter {
  return { most, write };
}

/** Values of 64 or 128 bits as words of 32 bits, with the lowest word first. */
export function wordsOf(data: Arrow.Data): Int32Array {
  const { buffer, byteOffset, byteLength } = data.values as ArrayBufferView<ArrayBuffer>;
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}
