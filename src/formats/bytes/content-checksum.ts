/** The checksum of the present content of a file, which is read piece by piece. */
import { checksumLike } from '../../filesystems/checksum/checksum.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';

const pieceBytes = 8 * 1024 * 1024;

/** @param like a checksum (or its beginning, up to the colon) whose algorithm is used; undefined: that algorithm is not known here. */
export async function contentChecksum(
  files: FileSystem,
  { path, bytes, etag }: Pick<FileInfo, 'path' | 'bytes' | 'etag'>,
  like: string,
): Promise<string | undefined> {
  const checksum = checksumLike(like);
  if (checksum === undefined) return undefined;
  const how = files.readsVersions ? { etag } : {};
  // One piece is read into the first buffer while the other buffer is hashed.
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
    // No code waits for the next piece while this one is hashed. Its failure is thrown to the code that waits for it later.
    next?.catch(() => undefined);
    checksum.update(read);
  }
  return checksum.digest();
}
