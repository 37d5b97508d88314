/** What is in the files of a home: opened when asked for, a few at a time, and only the last of them kept, so that memory does not grow with their number. */

import type { HomeError } from '../../errors/hygge-error.ts';
import { contentChecksum } from '../../formats/bytes/content-checksum.ts';
import { changedWhileRead } from '../../formats/contract/errors.ts';
import type { FileContent, FileSource, Format } from '../../formats/contract/format.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { FileNotFound, FileReplaced } from '../../ports/filesystem.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import { gone } from './errors.ts';

/** A file as it was when it was listed. */
export type FileVersion = Pick<FileInfo, 'path' | 'bytes' | 'etag'>;

type ByteRange = { readonly start: number; readonly end: number };

export interface OpenedFile {
  readonly info: FileVersion;
  readonly source: FileSource;
  readonly content: FileContent;
}

const atOnce = 16;
const mostKept = 64;

export class Footers {
  readonly #files: FileSystem;
  readonly #format: Format;
  readonly #pinned: () => Json | null;
  readonly #display: (path: string) => string;
  readonly #kept = new LruCache<Promise<FileContent>>(mostKept);
  readonly #small = new SmallFiles();

  constructor(of: {
    readonly files: FileSystem;
    readonly format: Format;
    readonly pinned: () => Json | null;
    readonly display: (path: string) => string;
  }) {
    this.#pinned = of.pinned;
    this.#files = of.files;
    this.#format = of.format;
    this.#display = of.display;
  }

  async open(info: FileVersion): Promise<OpenedFile> {
    const source = this.source(info);
    const key = `${info.path} ${info.etag}`;
    try {
      return { info, source, content: await this.#kept.get(key, () => this.#format.inspect(source, this.#pinned())) };
    } catch (error) {
      throw await this.orChanged(info, error);
    }
  }

  /** Whatever `look` answers, in the order of the files. */
  async each<T>(infos: readonly FileVersion[], look: (file: OpenedFile) => T | Promise<T>): Promise<T[]> {
    return mapConcurrent(infos, async (info) => look(await this.open(info)), atOnce);
  }

  source(info: FileVersion): FileSource {
    const { path, bytes, etag } = info;
    const localPath = this.#files.localPath?.(path);
    const load = (range: ByteRange, into?: Uint8Array) => this.#read(info, range, into);
    const isSmall = localPath === undefined && bytes <= smallBytes;
    const all = { start: 0, end: bytes };
    return {
      name: this.#display(path),
      bytes,
      ...(localPath === undefined ? {} : { localPath }),
      read: isSmall
        ? async (range, into) => rangeOf(await this.#small.whole(`${path} ${etag}`, bytes, () => load(all)), range, into)
        : load,
      orReplaced: (failure) => this.orChanged(info, failure),
    };
  }

  async #read({ path, etag }: FileVersion, range: ByteRange, into: Uint8Array | undefined): Promise<Uint8Array> {
    try {
      return await retry(() => this.#files.read(path, range, { into, etag }));
    } catch (error) {
      if (error instanceof FileReplaced) throw changedWhileRead(this.#display(path));
      throw error instanceof FileNotFound ? gone(this.#display(path)) : error;
    }
  }

  /** The checksum of the file's present content. */
  async checksum({ path, bytes, etag }: FileVersion): Promise<string | undefined> {
    try {
      return await contentChecksum(this.#files, { path, bytes, etag }, 'gmac:');
    } catch (error) {
      throw error instanceof FileNotFound ? gone(this.#display(path)) : error;
    }
  }

  /** What became of a file since `info`; undefined: it is the same. */
  async changed({ path, bytes, etag }: FileVersion): Promise<HomeError | undefined> {
    const now = await retry(() => this.#files.stat(path));
    if (!now) return gone(this.#display(path));
    return now.etag === etag && now.bytes === bytes ? undefined : changedWhileRead(this.#display(path));
  }

  /** Half of one file and half of another look like a damaged one: that it was replaced is what a person must know. */
  async orChanged<E>(info: FileVersion, error: E): Promise<E | HomeError> {
    return (await this.changed(info).catch(() => undefined)) ?? error;
  }
}

/** A file of at most so many bytes is read whole over a network, since a request costs more than the bytes. */
const smallBytes = 256 * 1024;
/** The most bytes of small files that are kept in memory, from the plan until their slices are read. */
const keptBytes = 32 * 1024 * 1024;

/** Small files, fetched whole when anything of them is asked for first. Of more than may be kept the oldest go, and are fetched again. */
class SmallFiles {
  readonly #kept = new Map<string, { readonly body: Promise<Uint8Array>; readonly bytes: number }>();
  #bytes = 0;

  /** @param key of this version of the file. @param load all of it. */
  async whole(key: string, bytes: number, load: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known.body;
    const body = load();
    this.#kept.set(key, { body, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= keptBytes) break;
      this.#forget(oldest);
    }
    try {
      return await body;
    } catch (error) {
      if (this.#kept.get(key)?.body === body) this.#forget(key);
      throw error;
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

/** A range of the file in memory of its own, which the caller may change or give away. */
function rangeOf(whole: Uint8Array, { start, end }: { readonly start: number; readonly end: number }, into?: Uint8Array): Uint8Array {
  const part = whole.subarray(start, Math.max(start, end));
  if (into === undefined || into.byteLength < part.byteLength) return part.slice();
  into.set(part);
  return into.subarray(0, part.byteLength);
}
