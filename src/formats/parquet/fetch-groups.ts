import { type FileHandle, open } from 'node:fs/promises';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { encoderDefect } from '../bytes/encoder-errors.ts';
import { type Range, writeAt } from '../bytes/file-bytes.ts';
import { scratchErrorOf } from '../bytes/scratch-errors.ts';
import type { FileSource } from '../contract/format.ts';
import { damagedData, damagedPage } from './errors.ts';
import { listAt } from './fields.ts';
import type { ColumnChunk, Footer } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { mark, tailOf } from './join.ts';
import { type BytesAt, pagesOf } from './page-headers.ts';
import { isUnreadable, repaged, repagedChunk, type Unreadable } from './page-rewrite.ts';
import { leafShapes, plainFooter } from './plain.ts';
import { ThriftDamaged, type ThriftStruct } from './thrift.ts';

/** The size of a request for a remote file, in bytes. With this size, a lost connection does not cost a whole row group. Half the size would cost a tenth more processor time. */
const rangeBytes = 16 * 1024 * 1024;
/** How many requests for the pages of one frame run at the same time. */
const atOnce = 4;
/** How many unwanted bytes are fetched to save a second request. */
const passedOver = 256 * 1024;
/** Unused memory for answers. With new memory for each answer, the garbage collector would be the busiest part of a large read. */
const idle: Uint8Array[] = [];
const mostIdle = 6;

export interface FetchRequest {
  readonly source: FileSource;
  readonly scratch: Scratch;
  readonly footer: Footer;
  /** The numbers of the row groups: `from` inclusive to `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly columns: readonly FileColumn[];
  readonly signal?: AbortSignal;
}

interface Piece extends Range {
  readonly memory: Uint8Array;
  /** The bytes of the answer, which are in `memory` unless the filesystem returned memory of its own. */
  readonly bytes: Uint8Array;
}

/** The pages of some columns of some row groups, from a file that is read by range requests. */
export class FetchedGroups {
  readonly #of: FetchRequest;
  /** The fetched pieces, in the order of the file. Undefined: their memory was released. */
  #pieces: readonly Piece[] | undefined;
  #file: Promise<string> | undefined;
  /** For each chunk that Polars can’t read: its pages, which have to be rewritten first, and its column. */
  readonly #unreadable = new Map<ColumnChunk, Unreadable & { readonly column: string }>();

  private constructor(of: FetchRequest, pieces: readonly Piece[]) {
    this.#of = of;
    this.#pieces = pieces;
  }

  static async from(request: FetchRequest): Promise<FetchedGroups> {
    const { source, signal } = request;
    const fetch = async (range: Range): Promise<Piece> => {
      signal?.throwIfAborted();
      const memory = idle.pop() ?? new Uint8Array(rangeBytes);
      const bytes = await source.read(range, memory);
      if (bytes.length < range.end - range.start) throw await cutShort(source, range.start + bytes.length);
      return { ...range, memory, bytes };
    };
    const fetched = new FetchedGroups(request, await mapConcurrent(rangesOf(request).flatMap(evenly), fetch, atOnce));
    fetched.#check();
    return fetched;
  }

  /** Whether every reader can read all pages. */
  get isReadable(): boolean {
    return this.#unreadable.size === 0;
  }

  /** The bytes of a range that was fetched completely. The bytes are valid until `recycle` is called. */
  *read({ start, end }: Range): Generator<Uint8Array> {
    for (const piece of this.#held()) {
      const [from, to] = [Math.max(start, piece.start), Math.min(end, piece.end)];
      if (from < to) yield piece.bytes.subarray(from - piece.start, to - piece.start);
    }
  }

  /**
   * Writes a sparse scratch file as long as the source. Each page is at the position that it has in the source. The footer is hygge’s own,
   * and lists only the fetched columns and row groups. Polars therefore never opens a file that another program may change, and never reads
   * the footer of another writer. `free` deletes the file.
   */
  file(): Promise<string> {
    this.#file ??= this.#written();
    return this.#file;
  }

  /** Releases the bytes, so that the next answer may overwrite them. After a failure, native code may still read the bytes, so `recycle` is not called then. */
  recycle(): void {
    for (const { memory } of this.#held()) if (idle.length < mostIdle) idle.push(memory);
    this.#pieces = undefined;
  }

  async free(): Promise<void> {
    const path = await this.#file?.catch(() => undefined);
    if (path !== undefined) await this.#of.scratch.free(path);
  }

  #check(): void {
    const { source, footer, from, to, columns } = this.#of;
    const bytesAt: BytesAt = (start, end) => this.#bytes(start, end);
    for (const { name: column, leaf: first, plain } of columns)
      for (const [i, leaf] of leafShapes(plain).entries())
        for (const group of footer.groups.slice(from, to)) {
          const chunk = group.chunks[first + i];
          if (chunk === undefined) continue;
          try {
            const found = { chunk, pages: pagesOf(chunk, bytesAt), leaf, column };
            if (isUnreadable(found, bytesAt)) this.#unreadable.set(chunk, found);
          } catch (cause) {
            throw cause instanceof ThriftDamaged ? damagedPage(source.name, column, cause) : cause;
          }
        }
  }

  #bytes(start: number, end: number): Uint8Array {
    const [first, ...more] = this.read({ start, end });
    return more.length === 0 ? (first ?? new Uint8Array()) : Buffer.concat([first ?? new Uint8Array(), ...more]);
  }

  #held(): readonly Piece[] {
    if (this.#pieces === undefined) throw encoderDefect(`Rows of ${this.#of.source.name} were read after the next rows had arrived.`, []);
    return this.#pieces;
  }

  async #written(): Promise<string> {
    const { source, scratch, footer, columns, from, to } = this.#of;
    const trees = listAt(footer.tree, 4) as readonly ThriftStruct[];
    const groups = footer.groups.slice(from, to).map((group, i) => ({ group, tree: trees[from + i] ?? new Map() }));
    const pieces = this.#held();
    const path = await scratch.path('.parquet');
    try {
      const file = await open(path, 'wx');
      try {
        await file.truncate(source.bytes);
        await writeAt(file, [mark], 0);
        for (const { start, bytes } of pieces) await writeAt(file, [bytes], start);
        const { end, moved } = await this.#repaged(file);
        const readable = groups.map(({ group, tree }) => ({
          group: { ...group, chunks: group.chunks.map((chunk) => moved.get(chunk) ?? chunk) },
          tree,
        }));
        await writeAt(file, [tailOf(plainFooter(columns, readable))], end);
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      await scratch.free(path);
      throw scratchErrorOf(error) ?? error;
    }
  }

  /** Writes the rewritten pages after all other pages, page by page. */
  async #repaged(file: FileHandle): Promise<{ readonly end: number; readonly moved: ReadonlyMap<ColumnChunk, ColumnChunk> }> {
    const { source } = this.#of;
    const moved = new Map<ColumnChunk, ColumnChunk>();
    let end = source.bytes;
    for (const [chunk, unreadable] of this.#unreadable) {
      const start = end;
      let dataStart = start;
      try {
        for await (const { pieces, isDictionary } of repaged(unreadable, (from, to) => this.#bytes(from, to))) {
          end = await writeAt(file, pieces, end);
          if (isDictionary) dataStart = end;
        }
      } catch (cause) {
        throw cause instanceof ThriftDamaged ? damagedPage(source.name, unreadable.column, cause) : cause;
      }
      moved.set(chunk, repagedChunk(chunk, { start, end, dataStart }));
    }
    return { end, moved };
  }
}

async function cutShort(source: FileSource, end: number): Promise<Error> {
  const failure = damagedData(source.name, new Error(`The file ends at ${end} of ${source.bytes} bytes.`));
  return (await source.orReplaced?.(failure)) ?? failure;
}

/** The ranges of the wanted pages, in order. Pages that are close together are one range. */
function rangesOf({ footer, from, to, columns }: FetchRequest): readonly Range[] {
  const wanted = columns.flatMap(({ leaf, leaves }) => Array.from({ length: leaves }, (_, i) => leaf + i));
  const chunks = footer.groups.slice(from, to).flatMap((group) => wanted.map((leaf) => group.chunks[leaf]));
  const ranges: Range[] = [];
  for (const chunk of chunks.filter((one) => one !== undefined).sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && chunk.start - last.end <= passedOver) ranges.splice(-1, 1, { start: last.start, end: Math.max(last.end, chunk.end) });
    else ranges.push({ start: chunk.start, end: chunk.end });
  }
  return ranges;
}

/** Cuts a range into requests of equal size, which end at about the same time. */
function evenly({ start, end }: Range): readonly Range[] {
  const length = Math.ceil((end - start) / rangeBytes);
  const size = Math.ceil((end - start) / length);
  return Array.from({ length }, (_, i): Range => ({ start: start + i * size, end: Math.min(end, start + (i + 1) * size) }));
}
