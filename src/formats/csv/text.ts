/** Reads the text of a file as UTF-8 bytes, stretch by stretch. The file is read by ranges if possible, and else as a stream. */

import { readingAhead } from '../bytes/prefetch-ranges.ts';
import { changedWhileRead } from '../contract/errors.ts';
import type { FileSource } from '../contract/format.ts';
import type { Dialect } from './dialect.ts';
import { tooLarge } from './errors.ts';

/** The most bytes of a row. A value may have slightly fewer. The usual reason for a larger row is a quote that is never closed. */
export const mostRowBytes = 96 * 1024 * 1024;

/** A stretch of text that begins with a record. The reader moves `from` to the next record. */
export interface Text {
  readonly bytes: Buffer;
  from: number;
  readonly to: number;
  /** Whether the whole text ends at `to`. */
  readonly last: boolean;
  /** Whether the text is known to be UTF-8. */
  readonly isText: boolean;
  /** The position of `bytes[0]` in the whole text. */
  readonly offset: number;
  /** Reads more text after the unread rest from `from` on. False: the whole text was read. Throws if a row is larger than `mostRowBytes`. */
  more(): Promise<boolean>;
  /** The number of lines from the beginning of the file to `bytes[at]`. */
  linesBefore(at: number): Promise<number>;
}

export interface TextOptions {
  readonly source: FileSource;
  readonly newline: Dialect['newline'];
  readonly chunkBytes: number;
}

const none: Buffer = Buffer.alloc(0);

/** Text that the file contains in plain form, so any stretch can be read. */
export class RangedText implements Text {
  bytes = none;
  from = 0;
  to = 0;
  offset: number;
  last: boolean;
  readonly isText = false;
  readonly #options: TextOptions;
  readonly #end: number;
  #memory = none;
  /** How many lines were counted, and up to which position. */
  #counted = { lines: 0, offset: 0 };

  /** @param start where a record begins, or where the first line begins that is to be skipped */
  constructor(options: TextOptions, start: number, end: number) {
    this.#options = { ...options, source: readingAhead(options.source) };
    this.#end = end;
    this.offset = start;
    this.last = start >= end;
  }

  async more(): Promise<boolean> {
    if (this.last) return false;
    const { source, chunkBytes } = this.#options;
    const left = this.to - this.from;
    const start = this.offset + this.from;
    if (left >= mostRowBytes) throw tooLarge(source.name, (await this.linesBefore(this.from)) + 1, mostRowBytes);
    const end = Math.min(this.#end, start + Math.min(Math.max(chunkBytes, 2 * left), Math.max(chunkBytes, mostRowBytes + 1)));
    // The rest of the record is read again, together with the text after it, because that costs less time than joining the two.
    this.bytes = none;
    // The memory is reused, because new memory for each chunk would keep the garbage collector busy with marking all other memory.
    if (this.#memory.length < end - start) this.#memory = Buffer.alloc(end - start);
    const bytes = await source.read({ start, end }, this.#memory);
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.offset = start;
    this.from = 0;
    this.to = bytes.length;
    if (bytes.length < end - start) throw changedWhileRead(source.name);
    this.last = end >= this.#end;
    return this.to > 0;
  }

  async linesBefore(at: number): Promise<number> {
    const { source, newline, chunkBytes } = this.#options;
    const target = this.offset + at;
    let { lines, offset } = target >= this.#counted.offset ? this.#counted : { lines: 0, offset: 0 };
    while (offset < target) {
      const end = Math.min(target, offset + chunkBytes);
      const inside = offset >= this.offset && end <= this.offset + this.to;
      const bytes = inside
        ? this.bytes.subarray(offset - this.offset, end - this.offset)
        : await source.read({ start: offset, end: offset < this.offset ? Math.min(end, this.offset) : end });
      if (bytes.length === 0) break;
      lines += count(bytes, newline);
      offset += bytes.length;
    }
    this.#counted = { lines, offset };
    return lines;
  }
}

/** Text that has to be decompressed, or converted to UTF-8. */
export class StreamedText implements Text {
  bytes = none;
  from = 0;
  to = 0;
  offset = 0;
  last = false;
  readonly isText = true;
  readonly #options: TextOptions;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #lines = 0;
  /** The number of bytes to skip at the beginning. */
  #skipped: number;

  /** @param start where the first record begins */
  constructor(options: TextOptions, chunks: AsyncIterable<Uint8Array>, start: number) {
    this.#options = options;
    this.#skipped = start;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async more(): Promise<boolean> {
    if (this.last) return false;
    const { newline, chunkBytes } = this.#options;
    const left = this.bytes.subarray(this.from, this.to);
    if (left.length >= mostRowBytes) throw tooLarge(this.#options.source.name, (await this.linesBefore(this.from)) + 1, mostRowBytes);
    this.#lines += count(this.bytes.subarray(0, this.from), newline);
    const parts: Uint8Array[] = [left];
    const wanted = Math.min(Math.max(chunkBytes, 2 * left.length), Math.max(chunkBytes, mostRowBytes + 1));
    let length = left.length;
    while (length < Math.max(wanted, this.#skipped)) {
      const next = await this.#chunks.next();
      if (next.done) this.last = true;
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    this.offset += this.from;
    this.bytes = Buffer.concat(parts, length);
    this.from = Math.min(this.#skipped, length);
    this.#skipped = 0;
    this.to = length;
    return length > 0;
  }

  async linesBefore(at: number): Promise<number> {
    return this.#lines + count(this.bytes.subarray(0, at), this.#options.newline);
  }

  /** Closes the file, at any position of the text. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

export function count(bytes: Uint8Array, byte: number): number {
  let found = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === byte) found++;
  return found;
}
