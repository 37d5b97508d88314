import { codecIds, decompressed, isKnownCodec } from './decompress.ts';
import { integerAt, truthAt } from './fields.ts';
import { encodings, plainValues } from './fixed-values.ts';
import type { ColumnChunk } from './footer.ts';
import { physical } from './leaf-type.ts';
import { type BytesAt, counted, kinds, type Page, part } from './page-headers.ts';
import type { LeafShape } from './plain.ts';
import { encodeStruct, ThriftDamaged, type ThriftField, type ThriftStruct, wire } from './thrift.ts';

/**
 * Rewrites valid pages that Polars can’t read. Such a page is compressed by gzip in several members, or has values of a fixed width encoded as
 * `DELTA_BYTE_ARRAY` or `BYTE_STREAM_SPLIT`. Polars gets the same levels and values, plain and uncompressed.
 */

/** A column of a row group whose pages have to be rewritten. */
export interface Unreadable {
  readonly chunk: ColumnChunk;
  readonly pages: readonly Page[];
  readonly leaf: LeafShape;
}

export function isUnreadable({ chunk, pages }: Unreadable, bytesAt: BytesAt): boolean {
  if (!isKnownCodec(chunk.codec)) return false;
  const isFixed = chunk.physicalType === physical.fixed;
  if (isFixed && pages.some((page) => isOther(encodingOf(page)))) return true;
  return chunk.codec === codecIds.gzip && pages.some((page) => hasMembers(page, bytesAt));
}

/** The pages of the column, one by one, in a form that Polars reads. `isDictionary`: the page is a dictionary, and data pages follow it. */
export async function* repaged(
  { chunk, pages, leaf }: Unreadable,
  bytesAt: BytesAt,
): AsyncGenerator<{ readonly pieces: readonly Uint8Array[]; readonly isDictionary: boolean }> {
  for (const page of pages) {
    if (page.kind === kinds.index) continue;
    const content = bytesAt(page.start, page.end);
    const { levels, isCompressed } = layoutOf(page);
    const rest = content.subarray(levels);
    const size = page.plain - levels;
    const plain = isCompressed ? await decompressed(rest, { codec: chunk.codec, size }) : rest;
    const isAsIs = chunk.physicalType !== physical.fixed || !isOther(encodingOf(page));
    const body = [content.subarray(0, levels), ...(isAsIs ? [plain] : fixedValues(page, plain, leaf))];
    const bytes = body.reduce((sum, { length }) => sum + length, 0);
    yield { pieces: [encodeStruct(headerLike(page, { bytes, isAsIs })), ...body], isDictionary: page.kind === kinds.dictionary };
  }
}

/** The footer’s entry for a column whose pages were rewritten. */
export function repagedChunk(chunk: ColumnChunk, at: Pick<ColumnChunk, 'start' | 'end' | 'dataStart'>): ColumnChunk {
  const kept = chunk.encodings.filter((encoding) => !isOther(encoding) && encoding !== encodings.plain && encoding !== encodings.rle);
  return {
    ...chunk,
    ...at,
    codec: codecIds.uncompressed,
    encodings: [encodings.plain, encodings.rle, ...kept],
    uncompressedBytes: at.end - at.start,
  };
}

const isOther = (encoding: unknown): boolean => encoding === encodings.deltaBytes || encoding === encodings.streamSplit;

function encodingOf({ header, kind }: Page): number | undefined {
  if (kind === kinds.data) return integerAt(part(header, 5), 2);
  return kind === kinds.dataV2 ? integerAt(part(header, 8), 4) : undefined;
}

/** Where the levels of a page end, and whether the rest is compressed. Pages of the second version have uncompressed levels before the compressed part. */
function layoutOf({ header, kind }: Page): { readonly levels: number; readonly isCompressed: boolean } {
  if (kind !== kinds.dataV2) return { levels: 0, isCompressed: true };
  const page = part(header, 8);
  const levels = counted(page, 5, 'length of levels') + counted(page, 6, 'length of levels');
  return { levels, isCompressed: truthAt(page, 7) !== false };
}

/** Whether a page has several gzip members. A gzip member ends with the size of its content. The last size is the size of the whole content only if all other members are empty. */
function hasMembers(page: Page, bytesAt: BytesAt): boolean {
  const { levels, isCompressed } = layoutOf(page);
  const start = page.start + levels;
  const size = page.plain - levels;
  if (!isCompressed || page.end - start < shortest) return false;
  const head = Buffer.from(bytesAt(start, start + shortest));
  if (head.readUInt16BE(0) !== gzipMark) return false;
  const last = Buffer.from(bytesAt(page.end - 4, page.end)).readUInt32LE(0);
  return (
    last !== size >>> 0 || (size > 0 && head[3] === 0 && emptyBlocks.some((block) => block.equals(head.subarray(10, 10 + block.length))))
  );
}

const gzipMark = 0x1f8b;
/** The size of the shortest gzip member: a header of ten bytes, an empty block, a checksum and a size. */
const shortest = 20;
const emptyBlocks = [Buffer.from([3, 0]), Buffer.from([1, 0, 0, 0xff, 0xff])];

function fixedValues(page: Page, content: Uint8Array, { width, definition, repetition }: LeafShape): readonly Uint8Array[] {
  const encoding = encodingOf(page) ?? encodings.plain;
  const levels = page.kind === kinds.data ? levelsIn(page, content, [repetition, definition]) : 0;
  const plain = plainValues(content.subarray(levels), { encoding, width, values: page.values });
  const nulls = page.kind === kinds.dataV2 ? counted(part(page.header, 8), 2, 'null count') : definition === 0 ? 0 : undefined;
  if (nulls !== undefined && plain.length !== (page.values - nulls) * width)
    throw new ThriftDamaged(`${plain.length / width} values in a page of ${page.values - nulls}`);
  return [content.subarray(0, levels), plain];
}

const bitPacked = 4;

/** How many bytes the levels take at the beginning of a page of the first version. The repetition levels come first, and then the definition levels. A column may lack either of them. */
function levelsIn({ header, values }: Page, content: Uint8Array, [repetition, definition]: readonly [number, number]): number {
  const said = part(header, 5);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  for (const [most, encoding] of [
    [repetition, integerAt(said, 4)],
    [definition, integerAt(said, 3)],
  ] as const) {
    if (most === 0) continue;
    if (encoding === bitPacked) at += Math.ceil((values * (32 - Math.clz32(most))) / 8);
    else if (at + 4 > content.length) throw new ThriftDamaged('levels that are longer than their page');
    else at += 4 + view.getUint32(at, true);
    if (at > content.length) throw new ThriftDamaged('levels that are longer than their page');
  }
  return at;
}

const i32 = (value: number): ThriftField => ({ type: wire.i32, value });
/** The field number of a page’s checksum. */
const checksum = 4;

function headerLike({ header, kind }: Page, { bytes, isAsIs }: { readonly bytes: number; readonly isAsIs: boolean }): ThriftStruct {
  const made = new Map(header).set(2, i32(bytes)).set(3, i32(bytes));
  made.delete(checksum);
  const id = kind === kinds.dataV2 ? 8 : 5;
  if (kind === kinds.dictionary) return made;
  const own = new Map(part(header, id));
  own.delete(kind === kinds.dataV2 ? 8 : 5);
  if (kind === kinds.dataV2) own.set(7, { type: wire.false, value: false });
  if (!isAsIs) own.set(kind === kinds.dataV2 ? 4 : 2, i32(encodings.plain));
  return made.set(id, { type: wire.struct, value: own });
}
