/** Opens the files of a home when they are needed, a few at a time. Only the files that were used last are kept, so that memory does not grow with the number of files. */

import type { HomeError } from '../../errors/hygge-error.ts';
import { gmacOf } from '../../filesystems/checksum/checksum.ts';
import { contentChecksum } from '../../formats/bytes/content-checksum.ts';
import { rangeOf, SmallFiles, smallBytes } from '../../formats/bytes/small-files.ts';
import { changedWhileRead } from '../../formats/contract/errors.ts';
import type { FileContent, FileSource, Format, ReadBytes } from '../../formats/contract/format.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { FileNotFound, FileReplaced } from '../../ports/filesystem.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import { gone } from './errors.ts';
import type { FileSlice, ReadSummary } from './slices.ts';

/** A file with the facts of its listing. */
export type FileVersion = Pick<FileInfo, 'path' | 'bytes' | 'etag' | 'inode'>;

type ByteRange = { readonly start: number; readonly end: number };

export interface OpenedFile {
  readonly info: FileVersion;
  readonly source: FileSource;
  readonly content: FileContent;
}

const atOnce = 16;
const mostKept = 64;
/** The number of files for which the checksums of read bytes are kept. */
const mostSums = 10_000;
const mostComparisons = 3;
/** The maximum number of read ranges that a plan keeps for a slice. With more ranges, plans would grow for a rare case. */
const mostPlannedRanges = 400;

export class Footers {
  readonly #files: FileSystem;
  readonly #format: Format;
  readonly #pinned: () => Json | null;
  readonly #display: (path: string) => string;
  readonly #kept = new LruCache<Promise<FileContent>>(mostKept);
  readonly #small = new SmallFiles();
  readonly #reads = new Map<string, FileReads>();
  /** Whether this home has made the plan, so that the bytes that the plan read are known. */
  knowsPlan = false;
  #hasForgotten = false;

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

  /** The results of `look`, in the order of the files. */
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
      readsDirectly: () => adder(this.#readsOf(info)),
      read: isSmall
        ? async (range, into) => rangeOf(await this.#small.whole(`${path} ${etag}`, bytes, () => load(all)), range, into)
        : load,
      orReplaced: (failure) => this.orChanged(info, failure),
    };
  }

  /** Reads bytes of a file. If the file ends early, it was cut since it was listed, so an error is thrown. */
  async #read(info: FileVersion, range: ByteRange, into: Uint8Array | undefined): Promise<Uint8Array> {
    const bytes = await this.#readNow(info, range, into);
    if (bytes.length < Math.min(range.end, info.bytes) - range.start) throw changedWhileRead(this.#display(info.path));
    return bytes;
  }

  async #readNow(info: FileVersion, range: ByteRange, into: Uint8Array | undefined): Promise<Uint8Array> {
    const { path, etag } = info;
    try {
      if (this.#files.readsVersions) return await retry(() => this.#files.read(path, range, { into, etag }));
      const reads = this.#readsOf(info);
      for (;;) {
        const add = adder(reads);
        const bytes = await retry(() => this.#files.read(path, range, { into }));
        if (await add({ ...range, sum: gmacOf(bytes) })) return bytes;
      }
    } catch (error) {
      if (error instanceof FileReplaced) throw changedWhileRead(this.#display(path));
      throw error instanceof FileNotFound ? gone(this.#display(path)) : error;
    }
  }

  /** The checksum of the file's current content. */
  async checksum({ path, bytes, etag }: FileVersion): Promise<string | undefined> {
    try {
      return await contentChecksum(this.#files, { path, bytes, etag }, 'gmac:');
    } catch (error) {
      throw error instanceof FileNotFound ? gone(this.#display(path)) : error;
    }
  }

  /** The error for a file that has changed since `info`; undefined: the file is the same. */
  async changed(info: FileVersion): Promise<HomeError | undefined> {
    const { path, bytes, etag } = info;
    const now = await retry(() => this.#files.stat(path));
    if (!now) return gone(this.#display(path));
    const reads = this.#readsOf(info);
    if (this.#files.readsVersions || reads.inode === undefined || now.bytes !== bytes)
      return now.etag === etag && now.bytes === bytes ? undefined : changedWhileRead(this.#display(path));
    if (now.inode === reads.inode) return undefined;
    reads.comparing ??= this.#isAsRead(info, reads).finally(() => {
      delete reads.comparing;
    });
    return (await reads.comparing) ? undefined : changedWhileRead(this.#display(path));
  }

  /** Whether a file whose inode has changed still contains the bytes that were read. The result is valid until a writer changes the file again. */
  async #isAsRead({ path, bytes }: FileVersion, reads: FileReads): Promise<boolean> {
    for (let comparison = 1; comparison <= mostComparisons; comparison++) {
      const before = await retry(() => this.#files.stat(path));
      if (before?.bytes !== bytes || !(await reads.sums.hold((range) => retry(() => this.#files.read(path, range))))) return false;
      const after = await retry(() => this.#files.stat(path));
      if (after?.inode !== before.inode) continue;
      reads.inode = before.inode;
      return true;
    }
    return false;
  }

  #readsOf({ path, etag, inode }: FileVersion): FileReads {
    const key = `${path} ${etag}`;
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    const made: FileReads = { inode, sums: new ReadSums(!this.#hasForgotten) };
    this.#reads.set(key, made);
    const [oldest = key] = this.#reads.keys();
    if (this.#reads.size > mostSums) this.#hasForgotten = this.#reads.delete(oldest);
    return made;
  }

  /**
   * The bytes of a file that were read until now. Undefined: the system needs no comparison, or the ranges are too many
   * for a plan. @param slice only the bytes of one of several slices; also undefined if some bytes of the slice were not
   * read.
   */
  readSoFar(info: FileVersion, slice?: ByteRange): ReadSummary | undefined {
    return info.inode === undefined ? undefined : this.#readsOf(info).sums.summary(slice);
  }

  /** Passes on the rows of a file, and checks that the file is the same before the first row and after the last row. */
  async *watched<T>(part: FileSlice, rows: AsyncIterable<T>): AsyncGenerator<T> {
    if (!this.knowsPlan) await this.#expectPlanned(part);
    // The first rows are read at the same time, but are passed on only after this check.
    const before = this.changed(part);
    before.catch(() => undefined);
    for await (const read of rows) {
      const changed = await before;
      if (changed) throw changed;
      yield read;
    }
    const after = await this.changed(part);
    if (after) throw after;
  }

  /** Adds the bytes that the plan read of a slice to the comparison, because a comparison for another slice does not include these bytes. */
  async #expectPlanned(part: FileSlice): Promise<void> {
    const reads = this.#readsOf(part);
    while (reads.comparing) await reads.comparing.catch(() => false);
    reads.sums.expect(part.planned);
    reads.inode = part.inode;
  }

  /** The error, or the error that the file was replaced. A file that was replaced during a read looks damaged, but the user must know that it was replaced. */
  async orChanged<E>(info: FileVersion, error: E): Promise<E | HomeError> {
    return (await this.changed(info).catch(() => undefined)) ?? error;
  }
}

/** What a run has read of a file so far. */
interface FileReads {
  /** `FileInfo.inode` of the file at the time of `sums`; undefined: the system has no inodes. */
  inode: string | undefined;
  readonly sums: ReadSums;
  /** A comparison that is still running. */
  comparing?: Promise<boolean>;
}

/** Called before bytes are read. The returned function adds the checksum of the read bytes. False: the file was compared during the read, so the read bytes may be older than the comparison. */
function adder(reads: FileReads): (read: ReadBytes) => Promise<boolean> {
  const { inode } = reads;
  return async (read) => {
    await reads.comparing?.catch(() => false);
    if (reads.inode !== inode) return false;
    reads.sums.add(read);
    return true;
  };
}

/**
 * Checksums of the bytes that a run has read of a file. The change time of the inode changes by `chmod`, a hard link or a backup, but also by a
 * writer that restores the modification time. Only the bytes show whether the content changed.
 */
class ReadSums {
  readonly #sums = new Map<string, string>();
  /** The bytes that other processes have read for the plan, by slice. */
  readonly #planned = new Map<string, ReadSummary>();
  #isComplete: boolean;

  /** @param isComplete false: the run has read some bytes that are unknown to this process. */
  constructor(isComplete: boolean) {
    this.#isComplete = isComplete;
  }

  add({ start, end, sum }: ReadBytes): void {
    const range = `${start} ${end}`;
    if ((this.#sums.get(range) ?? sum) !== sum) this.#isComplete = false;
    this.#sums.set(range, sum);
  }

  /** @param planned the bytes that another process read for the plan; undefined: unknown. */
  expect(planned: ReadSummary | undefined): void {
    if (planned === undefined) this.#isComplete = false;
    else this.#planned.set(JSON.stringify(planned), planned);
  }

  /** The ranges that were read, and their checksum. @param slice limits the result to the bytes of the slice and of the file’s beginning, which shows how to read rows. Absent: all bytes that were read. */
  summary(slice?: ByteRange): ReadSummary | undefined {
    const all = [...this.#sums].map(([range, sum]) => [...rangeNamed(range), sum] as const);
    const reads = slice === undefined ? all : all.filter(([start, end]) => start === 0 || (start <= slice.end && end > slice.start));
    if (!this.#isComplete || reads.length > mostPlannedRanges || (slice !== undefined && !isCovered(slice, reads))) return undefined;
    return { ranges: reads.flatMap((read) => [read[0], read[1]]), sum: gmacOf(Buffer.from(reads.map(([, , sum]) => sum).join(' '))) };
  }

  /** Whether the file still has the bytes that were read. */
  async hold(read: (range: ByteRange) => Promise<Uint8Array>): Promise<boolean> {
    if (!this.#isComplete) return false;
    const sumAt = async (start: number, end: number) => gmacOf(await read({ start, end }));
    for (const [range, sum] of this.#sums) if ((await sumAt(...rangeNamed(range))) !== sum) return false;
    for (const { ranges, sum } of this.#planned.values()) {
      const sums: string[] = [];
      for (let i = 0; i < ranges.length; i += 2) sums.push(await sumAt(ranges[i] as number, ranges[i + 1] as number));
      if (gmacOf(Buffer.from(sums.join(' '))) !== sum) return false;
    }
    return true;
  }
}

function rangeNamed(name: string): readonly [start: number, end: number] {
  const [start = 0, end = 0] = name.split(' ').map(Number);
  return [start, end];
}

function isCovered({ start, end }: ByteRange, reads: readonly (readonly [start: number, end: number, sum: string])[]): boolean {
  let to = start;
  for (const read of [...reads].sort(([a], [b]) => a - b)) if (read[0] <= to) to = Math.max(to, read[1]);
  return to >= end;
}
