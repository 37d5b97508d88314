import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Scratch } from '../../ports/scratch.ts';
import { encoderDefect } from './encoder-errors.ts';
import { scratchErrorOf } from './scratch-errors.ts';

/** A range of bytes of a file, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const chunkBytes = 1024 * 1024;
/** Unused buffers, one for each file that is written at the same time. */
const idle: Uint8Array[] = [];

/** Writes pieces one after the other. Throws if not all of them fit: the system only reports how many did. */
export async function writeAt(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<number> {
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { bytesWritten } = await file.writev(pieces as Uint8Array[], position);
  if (bytesWritten < bytes) throw new Error(`no space left on device: ${bytesWritten} of ${bytes} bytes fit`);
  return position + bytes;
}

/**
 * The bytes of a range of a local file, piece by piece. Each piece is valid until the next is requested. All pieces share one buffer: a new
 * buffer for each made the garbage collector the busiest part of a large copy.
 */
export async function* fileBytes(path: string, { start, end }: Range): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  // Not a Buffer: slice() of a Buffer is a view, so a caller that keeps a slice would not keep the bytes.
  const buffer = idle.pop() ?? new Uint8Array(chunkBytes);
  try {
    for (let at = start; at < end; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) throw encoderDefect(`${path} ended at ${at} of ${end} bytes.`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    idle.push(buffer);
    await file.close();
  }
}

/** The bytes that `write` puts into a scratch file, piece by piece. Each is valid until the next is requested. Throws StoreError if scratch has no room. */
export async function* throughScratch(
  scratch: Scratch,
  suffix: string,
  write: (path: string) => Promise<unknown>,
): AsyncGenerator<Uint8Array> {
  const path = await scratch.path(suffix);
  try {
    await write(path).catch((cause: unknown) => {
      throw scratchErrorOf(cause) ?? cause;
    });
    const { size } = await stat(path);
    yield* fileBytes(path, { start: 0, end: size });
  } finally {
    await scratch.free(path);
  }
}
