/** Caches the small files of a log by the etag in the listing, because a run reads a log several times and the files of a log never change. */
import type { LogFiles } from '../../delta/log/log.ts';
import type { TableDescription } from '../../delta/values/schema.ts';
import type { FileSystem } from '../../ports/filesystem.ts';

const mostBytes = 32 * 1024 * 1024;
const mostOfOne = 4 * 1024 * 1024;

/** Files that were read, the least recently used one first. */
export class LogCache {
  readonly #kept = new Map<string, Uint8Array>();
  /** Files that are being read. A second reader of such a file gets the same bytes. */
  readonly #underway = new Map<string, Promise<Uint8Array>>();
  #bytes = 0;
  /** The columns of the table at the last read. Null: the table did not exist. Undefined: the log was not read yet. */
  table: TableDescription | null | undefined;
  /** The row counts of data files whose commits have no row count, by file name. Null: the file does not show its row count either. */
  readonly rows = new Map<string, number | null>();

  /** The content of a file, from the cache or by a new read. */
  async get(key: string, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.used(key);
    if (known !== undefined) return known;
    const underway = this.#underway.get(key) ?? read().finally(() => this.#underway.delete(key));
    this.#underway.set(key, underway);
    const body = await underway;
    this.keep(key, body);
    return body;
  }

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

/** The files of a log, read through the cache. Only files that a listing has shown are looked up in the cache. */
export function cachedLog(files: FileSystem, cache: LogCache): LogFiles {
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
      return cache.get(key, () => files.read(path));
    },
  };
}
