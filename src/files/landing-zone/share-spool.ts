/** Bytes in a scratch file, each block of one share of all keys, so that a share can be read alone. */
import { type FileHandle, open } from 'node:fs/promises';
import { writeAt } from '../../formats/bytes/file-bytes.ts';
import { scratchErrorOf } from '../../formats/bytes/scratch-errors.ts';
import type { Scratch } from '../../ports/scratch.ts';

interface Block {
  readonly start: number;
  readonly bytes: number;
}

export class ShareSpool implements AsyncDisposable {
  readonly #scratch: Scratch;
  readonly #blocks: Block[][];
  #file: { readonly path: string; readonly handle: FileHandle } | undefined;
  #end = 0;

  constructor(scratch: Scratch, shares: number) {
    this.#scratch = scratch;
    this.#blocks = Array.from({ length: shares }, () => []);
  }

  /** Throws StoreError when scratch has no room. The bytes may be used again afterwards. */
  async append(share: number, bytes: Uint8Array): Promise<void> {
    const start = this.#end;
    this.#end += bytes.byteLength;
    this.#blocks[share]?.push({ start, bytes: bytes.byteLength });
    await this.#guarded(async () => {
      this.#file ??= await this.#opened();
      await writeAt(this.#file.handle, [bytes], start);
    });
  }

  /** All bytes of a share, in the order in which they came. */
  async read(share: number): Promise<Uint8Array> {
    const blocks = this.#blocks[share] ?? [];
    const whole = new Uint8Array(blocks.reduce((sum, { bytes }) => sum + bytes, 0));
    await this.#guarded(async () => {
      let at = 0;
      for (const { start, bytes } of blocks) {
        const { bytesRead = 0 } = (await this.#file?.handle.read(whole, at, bytes, start)) ?? {};
        if (bytesRead < bytes) throw new Error(`a scratch file ended at ${start + bytesRead}`);
        at += bytes;
      }
    });
    return whole;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#file === undefined) return;
    const { path, handle } = this.#file;
    this.#file = undefined;
    await handle.close();
    await this.#scratch.free(path);
  }

  async #opened(): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    const path = await this.#scratch.path('.keys');
    return { path, handle: await open(path, 'wx+', 0o600) };
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw scratchErrorOf(cause) ?? cause;
    }
  }
}
