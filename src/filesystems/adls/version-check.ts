import type { FileInfo } from '../../ports/filesystem.ts';
import { plain } from '../azure/etags.ts';
import { isFolder, lookAt } from '../azure/look.ts';
import type { Account } from './account.ts';

/** In a file's metadata: the writer. It stays with a renamed file. */
export const writeKey = 'hygge_write';

/** A file by its own properties. */
export interface WrittenFile extends FileInfo {
  readonly write: string | undefined;
}

/** The file at a key; folders do not count. @param path its path in the result. */
export async function look({ requests, blobs }: Account, key: string, path: string): Promise<WrittenFile | undefined> {
  const seen = await lookAt(requests, blobs.getBlobClient(key));
  if (seen === null || isFolder(seen.metadata)) return undefined;
  const { contentLength = 0, etag, lastModified, metadata } = seen;
  const modifiedAt = (lastModified ?? new Date(0)).toISOString();
  return { path, bytes: contentLength, etag: plain(etag), modifiedAt, write: metadata?.[writeKey] };
}
