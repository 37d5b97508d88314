/** A buffer that grows with each piece. All rows use the same memory, one row after another. */
export class GrowingBytes {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  /** The bytes that were written since `clear`, which are valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Writes a number of 32 bits, little-endian. */
  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** Writes a text that has only ASCII characters. */
  ascii(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  append(from: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.#reserve(size);
    // Most cells have a few bytes, for which a loop is faster than a call into native code.
    if (size <= 16) for (let i = start; i < end; i++) this.#bytes[this.#length++] = from[i] ?? 0;
    else {
      this.#bytes.set(from.subarray(start, end), this.#length);
      this.#length += size;
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
