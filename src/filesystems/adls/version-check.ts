import type { FileInfo } from '../../ports/filesystem.ts';
import { plain } from '../azure/etags.ts';
import { isFolder, lookAt } from '../azure/look.ts';
import type { Account } from './account.ts';

/** Of a file's metadata: who wrote it. It stays with a file that is renamed. */
export const writeKey = 'hygge_write';

/** A file, as its own properties tell. */
export interface WrittenFile extends FileInfo {
  readonly write: string | undefined;
}

/** What is at a key; folders are nothing. @param path what it is called in the answer. */
export async function look({ requests, blobs }: Account, key: string, path: string): Promise<WrittenFile | undefined> {
  const seen = await lookAt(requests, blobs.getBlobClient(key));
  if (seen === null || isFolder(seen.metadata)) return undefined;
  const { contentLength = 0, etag, lastModified, metadata } = seen;
  const modifiedAt = (lastModified ?? new Date(0)).toISOString();
  return { path, bytes: contentLength, etag: plain(etag), modifiedAt, write: metadata?.[writeKey] };
}
