/** Text grown piece by piece as UTF-8, one row after another in the same memory. */
export class TextBytes {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  /** What was written since `clear`; valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Text of ASCII characters only. */
  ascii(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  /** `<tag><bytes>:<text>;`, the text of ASCII characters only. */
  value(tag: string, text: string): void {
    this.ascii(tag);
    this.ascii(String(text.length));
    this.ascii(':');
    this.ascii(text);
    this.ascii(';');
  }

  /** The same of UTF-8 that lies in `from`. */
  utf8(tag: string, from: Uint8Array, start: number, end: number): void {
    this.ascii(tag);
    this.ascii(String(end - start));
    this.ascii(':');
    this.#reserve(end - start);
    if (end - start <= 16) for (let i = start; i < end; i++) this.#bytes[this.#length++] = from[i] ?? 0;
    else {
      this.#bytes.set(from.subarray(start, end), this.#length);
      this.#length += end - start;
    }
    this.ascii(';');
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
