import { type Compression, plainBytes } from '../bytes/compression.ts';
import type { FileSource, LinePlace } from '../contract/format.ts';

/** Finds the number of the line that contains a byte. Lines are counted only if a line has an error. The lines are counted once, from the beginning of the file. */
export class LineNumbers implements AsyncDisposable {
  readonly #source: FileSource;
  readonly #compression: Compression;
  #stream: AsyncGenerator<Uint8Array> | undefined;
  #piece: Buffer = Buffer.alloc(0);
  /** The position of the piece’s first byte. The next two: the position and the number of the last counted line. */
  #offset = 0;
  #at = 0;
  #line = 1;

  constructor(source: FileSource, compression: Compression) {
    this.#source = source;
    this.#compression = compression;
  }

  /** The number of the line that contains the byte at `offset`, counted from 1. Rising offsets are fastest. */
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

  /** The number of the line as `at` finds it, and the name of the source that contains the line. */
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
