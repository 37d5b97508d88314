/** Bytes that are read back later. A small amount stays in memory, and a larger amount goes to a scratch file. */
import { type FileHandle, open } from 'node:fs/promises';
import { withRoom } from '../../frames/growing-array.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { type Range, writeAt } from './file-bytes.ts';
import { scratchErrorOf } from './scratch-errors.ts';

const mostInMemory = 4 * 1024 * 1024;

export class SpilledBytes implements AsyncDisposable {
  size = 0;
  #memory = new Uint8Array();
  #file: { readonly path: string; readonly handle: FileHandle } | undefined;
  readonly #scratch: Scratch;
  readonly #suffix: string;

  /** @param suffix the end of the scratch file’s name. */
  constructor(scratch: Scratch, suffix: string) {
    this.#scratch = scratch;
    this.#suffix = suffix;
  }

  /** The path of the scratch file with all bytes. Undefined: the bytes are in memory. */
  get path(): string | undefined {
    return this.#file?.path;
  }

  /** Appends a piece. The caller must wait before it appends the next piece, and may then use the memory of the piece again. Throws StoreError when scratch has no room. @returns the position of the piece’s first byte. */
  async append(bytes: Uint8Array): Promise<number> {
    const start = this.size;
    this.size += bytes.byteLength;
    if (this.#file === undefined && this.size <= mostInMemory) {
      this.#memory = withRoom(this.#memory, this.size);
      this.#memory.set(bytes, start);
      return start;
    }
    try {
      this.#file ??= await this.#opened(start);
      await writeAt(this.#file.handle, [bytes], start);
    } catch (cause) {
      throw scratchErrorOf(cause) ?? cause;
    }
    return start;
  }

  /** Returns a copy of the bytes of a range. @param from the position that the range is relative to, as `append` returned it. */
  async read(range: Range, from = 0): Promise<Uint8Array> {
    const [start, last] = [from + range.start, Math.min(from + range.end, this.size)];
    if (this.#file === undefined) return this.#memory.slice(start, last);
    const bytes = new Uint8Array(last - start);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await this.#file.handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw new Error(`a scratch file ended at ${start + at}`);
      at += bytesRead;
    }
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#memory = new Uint8Array();
    if (this.#file === undefined) return;
    const { path, handle } = this.#file;
    this.#file = undefined;
    await handle.close();
    await this.#scratch.free(path);
  }

  /** @param held the number of bytes in memory. */
  async #opened(held: number): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    const path = await this.#scratch.path(this.#suffix);
    const handle = await open(path, 'wx+', 0o600);
    await writeAt(handle, [this.#memory.subarray(0, held)], 0);
    this.#memory = new Uint8Array();
    return { path, handle };
  }
}
