/** A log is read several times in a run, and its files never change: small ones are kept in memory, by the etag that a listing shows. */
import type { LogFiles } from '../../delta/log/log.ts';
import type { FileSystem } from '../../ports/filesystem.ts';

const mostBytes = 32 * 1024 * 1024;
const mostOfOne = 4 * 1024 * 1024;

/** The files that one store has read, the least recently used one first. */
export class KeptFiles {
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;

  keep(key: string, body: Uint8Array): void {
    if (body.length > mostOfOne || this.#kept.has(key)) return;
    this.#kept.set(key, body);
    this.#bytes += body.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= mostBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }

  used(key: string): Uint8Array | undefined {
    const body = this.#kept.get(key);
    if (body === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, body);
    return body;
  }
}

/** The files of one listing: a file that is read without one is read from the system. */
export function keptLog(files: FileSystem, kept: KeptFiles): LogFiles {
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
      const known = kept.used(key);
      if (known !== undefined) return known;
      const body = await files.read(path);
      kept.keep(key, body);
      return body;
    },
  };
}
