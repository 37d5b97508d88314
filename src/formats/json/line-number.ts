import { type Compression, plainBytes } from '../bytes/compression.ts';
import type { FileSource, LinePlace } from '../contract/format.ts';

/** Finds the line of a byte in a file. Lines are counted only if one has an error, and then once, from the beginning. */
export class LineNumbers implements AsyncDisposable {
  readonly #source: FileSource;
  readonly #compression: Compression;
  #stream: AsyncGenerator<Uint8Array> | undefined;
  #piece: Buffer = Buffer.alloc(0);
  /** The offset of the piece’s first byte; then the offset and the number of the last counted line. */
  #offset = 0;
  #at = 0;
  #line = 1;

  constructor(source: FileSource, compression: Compression) {
    this.#source = source;
    this.#compression = compression;
  }

  /** Counted from 1. Fastest for rising offsets. */
  async at(offset: number): Promise<number> {
    if (this.#stream === undefined || offset < this.#at) await this.#begin();
    for (;;) {
      const end = this.#offset + this.#piece.length;
      let found = this.#piece.indexOf(0x0a, this.#at - this.#offset);
      while (found >= 0 && this.#offset + found < offset) {
        this.#line++;
        this.#at = this.#offset + found + 1;
        found = this.#piece.indexOf(0x0a, found + 1);
      }
      if (offset < end || !(await this.#next())) return this.#line;
    }
  }

  /** As `at`, with the name of the source that contains the line. */
  async placeAt(offset: number): Promise<LinePlace> {
    const line = await this.at(offset);
    return this.#source.placeOf?.(line) ?? { name: this.#source.name, line };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream?.return(undefined);
  }

  async #begin(): Promise<void> {
    await this.#stream?.return(undefined);
    this.#stream = plainBytes(this.#source, this.#compression);
    [this.#piece, this.#offset, this.#at, this.#line] = [Buffer.alloc(0), 0, 0, 1];
  }

  async #next(): Promise<boolean> {
    const next = await this.#stream?.next();
    if (!next || next.done) return false;
    this.#offset += this.#piece.length;
    this.#at = Math.max(this.#at, this.#offset);
    this.#piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    return true;
  }
}
