import type { FileInfo } from '../../ports/filesystem.ts';
import type { Account } from './account.ts';
import { isAbsent } from './refusals.ts';

/** Of a file's metadata: who wrote it. It stays with a file that is renamed. */
export const writeKey = 'hygge_write';

/** A file, as its own properties tell. */
export interface Seen extends FileInfo {
  readonly write: string | undefined;
}

/** What is at a key; folders are nothing. @param path what it is called in the answer. */
export async function look(account: Account, key: string, path: string): Promise<Seen | undefined> {
  const blob = account.blobs.getBlobClient(key);
  const seen = await account.send<Awaited<ReturnType<typeof blob.getProperties>> | 'absent'>(
    { doing: 'read', again: 'safe', expected: (answer) => (isAbsent(answer) ? 'absent' : undefined) },
    (abortSignal) => blob.getProperties({ abortSignal }),
  );
  if (seen === 'absent' || isFolder(seen.metadata)) return undefined;
  const { contentLength = 0, etag, lastModified, metadata } = seen;
  const modifiedAt = (lastModified ?? new Date(0)).toISOString();
  return { path, bytes: contentLength, etag: plain(etag), modifiedAt, write: metadata?.[writeKey] };
}

/** How the Blob protocol tells of a directory. */
export function isFolder(metadata: Readonly<Record<string, string>> | undefined): boolean {
  return metadata?.hdi_isfolder === 'true';
}

/** Etags come quoted in headers and bare in listings. */
export function plain(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}
