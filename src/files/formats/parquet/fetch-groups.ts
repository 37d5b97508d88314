import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { mapConcurrent } from '../../../ports/map-concurrent.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import { encoderDefect } from '../../bytes/encoder-errors.ts';
import { type Range, writeAt } from '../../bytes/file-bytes.ts';
import { scratchFailed } from '../../bytes/scratch-errors.ts';
import type { FileSource } from '../../format.ts';
import { damagedData, damagedPage } from './errors.ts';
import { integerAt, listAt, structAt } from './fields.ts';
import type { Chunk, Footer } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { mark, tailOf } from './join.ts';
import { plainFooter } from './plain.ts';
import { decodeStructFrom, ThriftDamaged, type ThriftStruct } from './thrift.ts';

/** Requests for remote files are cut to this size, so that one lost connection does not cost a whole row group. Half of it costs a tenth more processor time. */
const rangeBytes = 16 * 1024 * 1024;
/** Requests for the pages of one frame at once. */
const atOnce = 4;
/** So many bytes that nobody wants are fetched rather than asking twice. */
const passedOver = 256 * 1024;
/** Memory for answers that nobody has at the moment: fresh memory for each makes the garbage collector the busiest part of a large read. */
const idle: Uint8Array[] = [];
const mostIdle = 6;

export interface FetchRequest {
  readonly source: FileSource;
  readonly scratch: Scratch;
  readonly footer: Footer;
  /** Row groups, by number: `from` inclusive to `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly columns: readonly FileColumn[];
  readonly signal?: AbortSignal;
}

interface Piece extends Range {
  readonly memory: Uint8Array;
  /** In `memory`, unless the filesystem brought its own. */
  readonly bytes: Uint8Array;
}

/** The pages of some columns of some row groups, out of a file that is reached by requests. */
export class Fetched {
  readonly #of: FetchRequest;
  /** In the order of the file; undefined: given back. */
  #pieces: readonly Piece[] | undefined;
  #file: Promise<string> | undefined;

  private constructor(of: FetchRequest, pieces: readonly Piece[]) {
    this.#of = of;
    this.#pieces = pieces;
  }

  static async from(request: FetchRequest): Promise<Fetched> {
    const { source, signal } = request;
    const fetch = async (range: Range): Promise<Piece> => {
      signal?.throwIfAborted();
      const memory = idle.pop() ?? new Uint8Array(rangeBytes);
      const bytes = await source.read(range, memory);
      if (bytes.length < range.end - range.start) throw await cutShort(source, range.start + bytes.length);
      return { ...range, memory, bytes };
    };
    const fetched = new Fetched(request, await mapConcurrent(pagesOf(request).flatMap(evenly), fetch, atOnce));
    fetched.#check();
    return fetched;
  }

  /** The bytes of a range of which all was fetched; good until `recycle`. */
  *read({ start, end }: Range): Generator<Uint8Array> {
    for (const piece of this.#held()) {
      const [from, to] = [Math.max(start, piece.start), Math.min(end, piece.end)];
      if (from < to) yield piece.bytes.subarray(from - piece.start, to - piece.start);
    }
  }

  /**
   * A sparse scratch file as long as the source, in which every page lies where it does there, under a footer of our own that has nothing but the
   * columns and row groups that were fetched: Polars never opens a file that another program may change, nor reads what its writer said of it.
   * It goes with `free`.
   */
  file(): Promise<string> {
    this.#file ??= this.#written();
    return this.#file;
  }

  /** Nobody reads the bytes any more: what is fetched next may take their place. Never after a failure: somebody may be at them still. */
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
    for (const group of footer.groups.slice(from, to))
      for (const { name, leaf, leaves } of columns)
        for (const chunk of group.chunks.slice(leaf, leaf + leaves))
          checkPages(chunk, (start, end) => this.#bytes(start, end), { name: source.name, column: name });
  }

  #bytes(start: number, end: number): Uint8Array {
    const [first, ...more] = this.read({ start, end });
    return more.length === 0 ? (first ?? new Uint8Array()) : Buffer.concat([first ?? new Uint8Array(), ...more]);
  }

  #held(): readonly Piece[] {
    if (this.#pieces === undefined) throw encoderDefect(`Rows of ${this.#of.source.name} were read after the next ones had come.`, []);
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
        await writeAt(file, [tailOf(plainFooter(columns, groups))], source.bytes);
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      await scratch.free(path);
      throw scratchFailed(error) ?? error;
    }
  }
}

async function cutShort(source: FileSource, end: number): Promise<Error> {
  const failure = damagedData(source.name, new Error(`It ends at ${end} of ${source.bytes} bytes.`));
  return (await source.orReplaced?.(failure)) ?? failure;
}

/** Where the wanted pages lie, in order; what lies close together is one range. */
function pagesOf({ footer, from, to, columns }: FetchRequest): readonly Range[] {
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

/** In requests of even size, which end together. */
function evenly({ start, end }: Range): readonly Range[] {
  const length = Math.ceil((end - start) / rangeBytes);
  const size = Math.ceil((end - start) / length);
  return Array.from({ length }, (_, i): Range => ({ start: start + i * size, end: Math.min(end, start + (i + 1) * size) }));
}

/** Bytes of the file, `end` exclusive; of all that was fetched. */
type BytesAt = (start: number, end: number) => Uint8Array;

const kinds = { data: 0, index: 1, dictionary: 2, dataV2: 3 } as const;
/** Most headers are some 20 bytes; with statistics of texts in them they may be long. */
const firstLook = 128;

/**
 * Walks through the pages of a column of a row group, before anything is decoded: headers that can be read, sizes that fit, as many values as the
 * footer says, and the checksum of each page that has one. A decoder believes these numbers, and reserves the memory that they ask for.
 */
function checkPages(chunk: Chunk, bytesAt: BytesAt, at: { readonly name: string; readonly column: string }): void {
  try {
    walk(chunk, bytesAt);
  } catch (cause) {
    throw cause instanceof ThriftDamaged ? damagedPage(at.name, at.column, cause) : cause;
  }
}

function walk(chunk: Chunk, bytesAt: BytesAt): void {
  let values = 0;
  for (let at = chunk.start; at < chunk.end && values < chunk.values; ) {
    const { header, length } = headerAt(at, chunk.end, bytesAt);
    const start = at + length;
    const size = counted(header, 3, 'compressed size');
    if (start + size > chunk.end) throw new ThriftDamaged(`a page of ${size} bytes reaches past its column`);
    values += valuesOf(header, { size, plain: counted(header, 2, 'size') });
    const sum = integerAt(header, 4);
    if (sum !== undefined && crc32(bytesAt(start, start + size)) !== sum >>> 0)
      throw new ThriftDamaged('the checksum of a page is another one');
    at = start + size;
  }
  if (values !== chunk.values) throw new ThriftDamaged(`its pages hold ${values} values, and its footer says ${chunk.values}`);
}

function headerAt(at: number, end: number, bytesAt: BytesAt): { readonly header: ThriftStruct; readonly length: number } {
  for (let look = firstLook; ; look *= 8) {
    try {
      const { struct: header, length } = decodeStructFrom(bytesAt(at, Math.min(end, at + look)));
      return { header, length };
    } catch (cause) {
      if (!(cause instanceof ThriftDamaged) || at + look >= end) throw cause;
    }
  }
}

/** How many values of the column are in the page. */
function valuesOf(header: ThriftStruct, { size, plain }: { readonly size: number; readonly plain: number }): number {
  switch (integerAt(header, 1)) {
    case kinds.data:
      return counted(part(header, 5), 1, 'value count');
    case kinds.dictionary:
      // A value takes a bit or more.
      if (counted(part(header, 7), 1, 'value count') > plain * 8) throw new ThriftDamaged('a dictionary of more values than fit');
      return 0;
    case kinds.dataV2: {
      const page = part(header, 8);
      const values = counted(page, 1, 'value count');
      if (counted(page, 2, 'null count') > values || counted(page, 3, 'row count') > values)
        throw new ThriftDamaged('a page of more nulls or rows than values');
      const levels = counted(page, 5, 'length of levels') + counted(page, 6, 'length of levels');
      if (levels > size || levels > plain) throw new ThriftDamaged('levels that are longer than their page');
      return values;
    }
    case kinds.index:
      return 0;
    default:
      throw new ThriftDamaged('a page of no kind that there is');
  }
}

function part(header: ThriftStruct, id: number): ThriftStruct {
  const found = structAt(header, id);
  if (found === undefined) throw new ThriftDamaged('a page without the header of its kind');
  return found;
}

function counted(struct: ThriftStruct, id: number, what: string): number {
  const value = integerAt(struct, id);
  if (value === undefined || value < 0) throw new ThriftDamaged(`a ${what} of ${value ?? 'nothing'}`);
  return value;
}
