import { sameType } from '../../frames/describe-type.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import type { SpoolFile } from '../../frames/values/scratch-parquet.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Range } from '../bytes/file-bytes.ts';
import type { PageEdges, ParquetPages } from '../contract/pages.ts';
import { integerAt, listAt, structAt } from './fields.ts';
import type { ColumnChunk, RowGroup } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { movedGroup, plainFooter, signature } from './join.ts';
import type { OpenedParquet } from './opened-file.ts';
import { groupSize, type Pages } from './pages.ts';
import { boundsIn, nullsIn } from './statistics.ts';
import type { EncodedValue, ThriftStruct, ThriftValue } from './thrift.ts';

interface StoredIn {
  readonly opened: OpenedParquet;
  /** The name of the file in messages. */
  readonly name: string;
  /** Returns the bytes of a range of the file, piece by piece. All these bytes are in memory as long as the frame exists. */
  readonly pages: (range: Range) => Iterable<Uint8Array>;
  /** The numbers of the row groups: `from` inclusive to `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Writes the pages of the rows to scratch. */
  readonly spool: (stored: StoredRows, scratch: Scratch) => Promise<SpoolFile | undefined>;
}

/** Whole row groups of a file with all their columns, as the file has them. */
export class StoredRows implements ParquetPages {
  readonly pagesOf = 'parquet';
  readonly opened: OpenedParquet;
  readonly name: string;
  readonly pages: StoredIn['pages'];
  readonly #spool: StoredIn['spool'];
  /** The row groups. `tree`: the element of the footer that describes the row group. */
  readonly groups: readonly (RowGroup & { readonly tree: ThriftStruct })[];

  constructor(of: StoredIn) {
    this.opened = of.opened;
    this.name = of.name;
    this.pages = of.pages;
    this.#spool = of.spool;
    const { groups, tree } = of.opened.footer;
    const trees = listAt(tree, 4) as readonly ThriftStruct[];
    this.groups = groups.slice(of.from, of.to).map((group, i) => ({ ...group, tree: trees[of.from + i] ?? new Map() }));
  }

  get columns(): readonly Column[] {
    return this.opened.schema.columns;
  }

  get edges(): readonly (PageEdges | null)[] {
    return this.opened.schema.columns.map((column) => edgesIn(this, column));
  }

  spooled(scratch: Scratch): Promise<SpoolFile | undefined> {
    return this.#spool(this, scratch);
  }

  /** The footer of a file that has only such rows, without its row groups. `signature`: the signature of this footer. */
  get footer(): Bare {
    const known = footers.get(this.opened);
    if (known !== undefined) return known;
    const tree = plainFooter(this.opened.footer.tree);
    const made = { tree, signature: signature(tree) };
    footers.set(this.opened, made);
    return made;
  }
}

/** The smallest and the largest value of a column in all row groups that have values of the column. */
function edgesIn({ groups }: Pick<StoredRows, 'groups'>, column: FileColumn): PageEdges | null {
  const all: PageEdges[] = [];
  for (const group of groups) {
    if (nullsIn(group, column) === group.rows) continue;
    const { min, max, minExact, maxExact } = boundsIn(group, column) ?? {};
    if (typeof min !== 'bigint' || typeof max !== 'bigint' || minExact !== true || maxExact !== true) return null;
    all.push({ min, max });
  }
  const [first] = all;
  if (first === undefined) return null;
  const lowest = all.reduce((low, one) => (one.min < low.min ? one : low), first);
  const highest = all.reduce((high, one) => (one.max > high.max ? one : high), first);
  return { min: lowest.min, max: highest.max };
}

interface Bare {
  readonly tree: ThriftStruct;
  readonly signature: Uint8Array;
}

const footers = new WeakMap<OpenedParquet, Bare>();

/** Moves row groups to byte `at` of another file, one after another. Returns their new entries, and the ranges to copy in that order. */
export function placed(stored: StoredRows, at: number): { readonly groups: readonly EncodedValue[]; readonly ranges: readonly Range[] } {
  let next = at;
  const groups: EncodedValue[] = [];
  const ranges: Range[] = [];
  for (const { tree, chunks } of stored.groups) {
    const shifts = chunks.map(({ start, end }) => {
      const shift = next - start;
      next += end - start;
      const last = ranges.at(-1);
      if (last?.end === start) ranges.splice(-1, 1, { start: last.start, end });
      else ranges.push({ start, end });
      return shift;
    });
    groups.push(movedGroup(tree, (column) => shifts[column] ?? 0));
  }
  return { groups, ranges };
}

/** The entries of the row groups after their pages were moved to byte `at` of another file, one after another, as `placed` moves them. */
export function movedTo({ groups }: StoredRows, at: number): readonly { readonly group: RowGroup; readonly tree: ThriftStruct }[] {
  let next = at;
  return groups.map(({ tree, ...group }) => {
    const chunks = group.chunks.map((chunk) => {
      const shift = next - chunk.start;
      next += chunk.end - chunk.start;
      return { ...chunk, start: chunk.start + shift, end: chunk.end + shift, dataStart: chunk.dataStart + shift };
    });
    return { group: { ...group, chunks }, tree };
  });
}

/** CompressionCodec of parquet.thrift. Number 5 is left out, because it is LZ4 in a framing about which readers disagree. */
const codecs: Readonly<Record<Pages['compression'], number>> = { uncompressed: 0, snappy: 1, gzip: 2, brotli: 4, zstd: 6, lz4: 7 };
/** The encodings that all readers have: PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED, RLE_DICTIONARY. Newer encodings are left out. */
const common: readonly ThriftValue[] = [0, 2, 3, 4, 8];
/** DATA_PAGE_V2, which not all readers support. */
const laterPages = 3;

/**
 * Whether the rows may be copied as they are. The copy must equal encoded rows in everything that an option requires. Columns in lists and
 * structs are never copied, because the meaning of their pages depends on their writer.
 */
export function canBeCopied(stored: StoredRows, schema: Schema, pages: Pages): boolean {
  if (!pages.copies || !isAlike(stored.opened, schema)) return false;
  const { groups } = stored;
  return (
    isSizedAlike(groups, pages) &&
    groups.every(({ tree, chunks }) => hasPagesLike(listAt(tree, 1) as readonly ThriftStruct[], chunks, pages))
  );
}

function isAlike({ schema: { columns } }: OpenedParquet, wanted: Schema): boolean {
  if (columns.length !== wanted.columns.length) return false;
  return columns.every(({ name, type, nullable, flat, reading }, i) => {
    const other = wanted.columns[i];
    return flat && nullable && reading === 'as is' && other !== undefined && other.name === name && sameType(other.type, type);
  });
}

/** Whether the pages are compressed and encoded in ways that all readers support. */
export function hasCommonPages({ groups }: StoredRows): boolean {
  const known = new Set(Object.values(codecs));
  return groups.every(({ tree, chunks }) =>
    (listAt(tree, 1) as readonly ThriftStruct[]).every((column, leaf) => {
      const metadata = structAt(column, 3);
      if (metadata === undefined || chunks[leaf] === undefined || column.has(8) || column.has(9)) return false;
      return known.has(integerAt(metadata, 4) ?? -1) && listAt(metadata, 2).every((encoding) => common.includes(encoding));
    }),
  );
}

/** Whether the number of row groups is about the number that hygge would make, and each row group is at most as large as requested. */
function isSizedAlike(groups: readonly RowGroup[], pages: Pages): boolean {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const most = pages.groupRows ?? Number.POSITIVE_INFINITY;
  return groups.length <= 2 * Math.ceil(rows / groupSize(rows, pages)) && groups.every((group) => group.rows <= most);
}

function hasPagesLike(columns: readonly ThriftStruct[], chunks: readonly ColumnChunk[], pages: Pages): boolean {
  return columns.every((column, leaf) => isChunkLike(column, chunks[leaf], pages));
}

function isChunkLike(column: ThriftStruct, chunk: ColumnChunk | undefined, { compression }: Pages): boolean {
  const metadata = structAt(column, 3);
  if (metadata === undefined || chunk === undefined || column.has(8) || column.has(9)) return false;
  if (integerAt(metadata, 4) !== codecs[compression]) return false;
  if (!listAt(metadata, 2).every((encoding) => common.includes(encoding))) return false;
  if (listAt(metadata, 13).some((pages) => integerAt(pages as ThriftStruct, 1) === laterPages)) return false;
  const { nulls, min, max } = chunk.statistics;
  return nulls !== undefined && (nulls === chunk.values || (min !== undefined && max !== undefined));
}
