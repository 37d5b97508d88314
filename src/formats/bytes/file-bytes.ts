import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Scratch } from '../../ports/scratch.ts';
import { encoderDefect } from './encoder-errors.ts';
import { scratchErrorOf } from './scratch-errors.ts';

/** A range of the bytes of a file, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const chunkBytes = 1024 * 1024;
/** Unused buffers: one for each file that was read at the same time. */
const idle: Uint8Array[] = [];

/** Writes pieces one after the other. The system only reports how many bytes it wrote, so `writeAt` throws if that is not all of them. */
export async function writeAt(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<number> {
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { bytesWritten } = await file.writev(pieces as Uint8Array[], position);
  if (bytesWritten < bytes) throw new Error(`no space left on device: ${bytesWritten} of ${bytes} bytes fit`);
  return position + bytes;
}

/**
 * The bytes of a range of a local file, piece by piece. A piece is valid until the next piece is requested, since all pieces share one
 * buffer. With a new buffer for each piece, the garbage collector was the busiest part of a large copy.
 */
export async function* fileBytes(path: string, { start, end }: Range): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  // The buffer must not be a Buffer. The `slice()` of a Buffer is a view, so a caller could not keep the bytes of a slice.
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

/** The bytes that `write` puts into a scratch file, piece by piece. A piece is valid until the next piece is requested. Throws StoreError if scratch has no room. */
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
