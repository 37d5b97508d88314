import { type FileHandle, open } from 'node:fs/promises';
import { isAbsent } from './faults.ts';

const compareBytes = 1024 * 1024;

/** The bytes from `start` to `end` (exclusive) or to the end of the file. The bytes are in `into` if they fit. */
export async function readRange(
  at: string,
  { start, end }: { readonly start: number; readonly end: number },
  into?: Uint8Array,
): Promise<Uint8Array> {
  const file = await open(at, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(end, size) - start);
    const memory = into && into.length >= length ? Buffer.from(into.buffer, into.byteOffset, length) : Buffer.allocUnsafe(length);
    return await fill(file, memory, start);
  } finally {
    await file.close();
  }
}

/** Fills `bytes` with the bytes of the file from `start` on, as far as the file has them. */
async function fill(file: FileHandle, bytes: Buffer, start: number): Promise<Buffer> {
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await file.read(bytes, filled, bytes.byteLength - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Whether two files have the same bytes; undefined if one of the files does not exist. */
export async function sameContent(one: string, other: string): Promise<boolean | undefined> {
  const files = await Promise.allSettled([open(one, 'r'), open(other, 'r')]);
  try {
    const [first, second] = files.map((file) => {
      if (file.status === 'rejected') throw file.reason;
      return file.value;
    });
    return first && second && (await readAlike(first, second));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  } finally {
    for (const file of files) if (file.status === 'fulfilled') await file.value.close();
  }
}

async function readAlike(one: FileHandle, other: FileHandle): Promise<boolean> {
  const [a, b] = [Buffer.allocUnsafe(compareBytes), Buffer.allocUnsafe(compareBytes)];
  for (let at = 0; ; at += compareBytes) {
    const [left, right] = await Promise.all([fill(one, a, at), fill(other, b, at)]);
    if (left.compare(right) !== 0) return false;
    if (left.byteLength === 0) return true;
  }
}
