import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isAbsent } from './faults.ts';

/** The bytes from `start` to `end` (exclusive), cut at the end of the file. */
export async function readRange(at: string, { start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
  const file = await open(at, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start));
    let filled = 0;
    while (filled < bytes.byteLength) {
      const { bytesRead } = await file.read(bytes, filled, bytes.byteLength - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Hex SHA-256 of a file of any size; undefined when it is not there. */
export async function checksumAt(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    const file = await open(path, 'r');
    for await (const chunk of file.createReadStream()) hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
