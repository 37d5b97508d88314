/** Spools the bytes of a file while they are staged, so that they can be read back before the commit: what is staged may not be readable yet. */
import { type FileHandle, open } from 'node:fs/promises';
import { scratchErrorOf } from '../../../formats/bytes/scratch-errors.ts';
import type { FileSource } from '../../../formats/contract/format.ts';
import type { Scratch } from '../../../ports/scratch.ts';

/** Beyond it they lie in scratch. */
const mostInMemory = 4 * 1024 * 1024;

export class ByteSpool implements AsyncDisposable {
  #bytes = 0;
  #pieces: Uint8Array[] = [];
  #file: { readonly path: string; readonly handle: FileHandle } | undefined;
  readonly #scratch: Scratch;
  readonly #suffix: string;

  /** @param suffix the extension of the format, with the dot. */
  constructor(scratch: Scratch, suffix: string) {
    this.#scratch = scratch;
    this.#suffix = suffix;
  }

  /** Passes the bytes on, and keeps them. */
  async *tee(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      await this.#keep(piece);
      yield piece;
    }
  }

  /** All bytes so far, as a format reads them. @param name for messages. */
  source(name: string): FileSource {
    const [file, bytes] = [this.#file, this.#bytes];
    if (file !== undefined)
      return { name, bytes, localPath: file.path, read: ({ start, end }) => readRange(file.handle, start, Math.min(end, bytes)) };
    const all = Buffer.concat(this.#pieces);
    return { name, bytes, read: async ({ start, end }) => new Uint8Array(all.subarray(start, end)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pieces = [];
    if (this.#file === undefined) return;
    await this.#file.handle.close();
    await this.#scratch.free(this.#file.path);
    this.#file = undefined;
  }

  /** The caller may reuse its memory. */
  async #keep(piece: Uint8Array): Promise<void> {
    this.#bytes += piece.byteLength;
    if (this.#file === undefined && this.#bytes <= mostInMemory) {
      this.#pieces.push(Uint8Array.from(piece));
      return;
    }
    try {
      this.#file ??= await this.#moved();
      await this.#file.handle.writeFile(piece);
    } catch (cause) {
      throw scratchErrorOf(cause) ?? cause;
    }
  }

  async #moved(): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    const path = await this.#scratch.path(this.#suffix);
    const handle = await open(path, 'wx+', 0o600);
    for (const piece of this.#pieces) await handle.writeFile(piece);
    this.#pieces = [];
    return { path, handle };
  }
}

async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const into = new Uint8Array(end - start);
  let at = 0;
  while (at < into.byteLength) {
    const { bytesRead } = await handle.read(into, at, into.byteLength - at, start + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return into.subarray(0, at);
}
