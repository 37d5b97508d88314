import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Fills `into` with the bytes of a file from `start` on, synchronously, for threads with no other work. False if the
 * read fails; the caller then reads asynchronously, which reports the reason.
 */
export function readSynchronously(at: string, start: number, into: Uint8Array): boolean {
  let file: number | undefined;
  try {
    file = openSync(at, 'r');
    for (let filled = 0; filled < into.length; ) {
      const bytes = readSync(file, into, filled, into.length - filled, start + filled);
      if (bytes === 0) return false;
      filled += bytes;
    }
    return true;
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
