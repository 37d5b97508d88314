/** The checksum of the present content of a file. The file is read piece by piece. */
import { checksumLike } from '../../filesystems/checksum/checksum.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';

const pieceBytes = 8 * 1024 * 1024;

/** @param like a checksum, or its beginning up to the colon. The new checksum has the same algorithm. @returns undefined: hygge does not know that algorithm. */
export async function contentChecksum(
  files: FileSystem,
  { path, bytes, etag }: Pick<FileInfo, 'path' | 'bytes' | 'etag'>,
  like: string,
): Promise<string | undefined> {
  const checksum = checksumLike(like);
  if (checksum === undefined) return undefined;
  const how = files.readsVersions ? { etag } : {};
  // Two buffers take turns: while one is hashed, the next piece is read into the other.
  const memory = Array.from({ length: bytes > pieceBytes ? 2 : 1 }, () => new Uint8Array(Math.min(bytes, pieceBytes)));
  const piece = (start: number) => {
    const into = memory[(start / pieceBytes) % 2];
    return retry(() => files.read(path, { start, end: Math.min(bytes, start + pieceBytes) }, { ...how, into }));
  };
  let next = bytes > 0 ? piece(0) : undefined;
  for (let start = 0; next !== undefined; ) {
    const read = await next;
    start += pieceBytes;
    next = start < bytes ? piece(start) : undefined;
    // While a piece is hashed, no code waits for the next piece yet. If reading the next piece fails, the error is thrown as soon as the next piece is awaited.
    next?.catch(() => undefined);
    checksum.update(read);
  }
  return checksum.digest();
}
