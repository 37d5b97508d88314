import type { FileInfo } from '../../ports/filesystem.ts';
import { plain } from '../azure/etags.ts';
import { isFolder, lookAt } from '../azure/look.ts';
import type { Account } from './account.ts';

/** The metadata key for the writer of a file. A renamed file keeps its metadata. */
export const writeKey = 'hygge_write';

/** A file with the properties that identify its content and its writer. */
export interface WrittenFile extends FileInfo {
  readonly write: string | undefined;
}

/** The file at a key; undefined for a folder. @param path the path of the file in the result. */
export async function look({ requests, blobs }: Account, key: string, path: string): Promise<WrittenFile | undefined> {
  const seen = await lookAt(requests, blobs.getBlobClient(key));
  if (seen === null || isFolder(seen.metadata)) return undefined;
  const { contentLength = 0, etag, lastModified, metadata } = seen;
  const modifiedAt = (lastModified ?? new Date(0)).toISOString();
  return { path, bytes: contentLength, etag: plain(etag), modifiedAt, write: metadata?.[writeKey] };
}
