import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** Writes a pipe to a file, because readers of files move back and forth. Returns the number of bytes. */
export async function spoolToFile(input: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  await using file = await open(path, 'wx', 0o600);
  let bytes = 0;
  for await (const piece of input) {
    await file.writeFile(piece);
    bytes += piece.byteLength;
  }
  return bytes;
}

/** The content of a file, in pieces. */
export function readPieces(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1024 * 1024 });
}
