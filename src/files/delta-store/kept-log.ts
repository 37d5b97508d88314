/** A log is read several times in a run, and its files never change: small ones are kept in memory, by the etag that a listing shows. */
import type { LogFiles } from '../../delta/log/log.ts';
import type { FileSystem } from '../../ports/filesystem.ts';

const mostBytes = 32 * 1024 * 1024;
const mostOfOne = 4 * 1024 * 1024;

/** Of all tables of this process, the least recently used one first. */
const kept = new Map<string, Uint8Array>();
let keptBytes = 0;

function keep(key: string, body: Uint8Array): void {
  if (body.length > mostOfOne || kept.has(key)) return;
  kept.set(key, body);
  keptBytes += body.length;
  for (const [oldest, { length }] of kept) {
    if (keptBytes <= mostBytes) return;
    kept.delete(oldest);
    keptBytes -= length;
  }
}

function used(key: string): Uint8Array | undefined {
  const body = kept.get(key);
  if (body === undefined) return undefined;
  kept.delete(key);
  kept.set(key, body);
  return body;
}

/** The files of one listing: a file that is read without one is read from the system. */
export function keptLog(files: FileSystem): LogFiles {
  const keys = new Map<string, string>();
  return {
    async *list(folder) {
      for await (const info of files.list(folder)) {
        keys.set(
          info.path,
          `${files.url}\0${info.path}\0${info.etag}\0${info.identity ?? ''}\0${info.inode ?? ''}\0${info.modifiedAt}\0${info.bytes}`,
        );
        yield info;
      }
    },
    async read(path, range, how) {
      const key = keys.get(path);
      if (key === undefined || range !== undefined || how?.etag !== undefined) return files.read(path, range, how);
      const known = used(key);
      if (known !== undefined) return known;
      const body = await files.read(path);
      keep(key, body);
      return body;
    },
  };
}
