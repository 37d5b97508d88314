import { open, writeFile } from 'node:fs/promises';
import type { Scratch } from '../ports/scratch.ts';
import type { Json } from '../ports/values.ts';

/** Keeps bytes in temporary files until the scratch folder goes, and reads ranges of them. */
export function spilledBytes(scratch: Scratch) {
  return {
    async leave(_of: unknown, bytes: Uint8Array): Promise<Json> {
      const path = await scratch.path('.spilled');
      await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
      return path;
    },

    /** @param range its end is exclusive. */
    async read(ref: Json, { start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
      await using file = await open(String(ref));
      const bytes = Buffer.allocUnsafe(end - start);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, start + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    },
  };
}
