import { crc32 } from 'node:zlib';
import { integerAt, structAt } from './fields.ts';
import type { ColumnChunk } from './footer.ts';
import { decodeStructFrom, ThriftDamaged, type ThriftStruct } from './thrift.ts';

/** Returns bytes of the file from the fetched pages, `end` exclusive. */
export type BytesAt = (start: number, end: number) => Uint8Array;

export const kinds = { data: 0, index: 1, dictionary: 2, dataV2: 3 } as const;
/** How many bytes of a header are read first. Most headers have some 20 bytes, but a header with statistics of texts may be long. */
const firstLook = 128;

/** One page of a column of a row group. */
export interface Page {
  readonly header: ThriftStruct;
  readonly kind: number | undefined;
  /** The position of the page’s content, after the header. */
  readonly start: number;
  readonly end: number;
  /** The number of bytes of the content without compression. */
  readonly plain: number;
  /** The number of values in the page, including nulls. */
  readonly values: number;
}

/**
 * Reads the headers of all pages of a column in a row group, before anything is decoded. A header must be readable, its sizes must fit, and
 * the number of values must be the footer’s. If a page has a checksum, it is checked. A decoder trusts these numbers, and reserves the
 * memory that they require.
 */
export function pagesOf(chunk: ColumnChunk, bytesAt: BytesAt): readonly Page[] {
  const pages: Page[] = [];
  let values = 0;
  for (let at = chunk.start; at < chunk.end && values < chunk.values; ) {
    const { header, length } = headerAt(at, chunk.end, bytesAt);
    const start = at + length;
    const size = counted(header, 3, 'compressed size');
    const plain = counted(header, 2, 'size');
    if (start + size > chunk.end) throw new ThriftDamaged(`a page of ${size} bytes reaches past its column`);
    const held = valuesOf(header, { size, plain });
    const sum = integerAt(header, 4);
    if (sum !== undefined && crc32(bytesAt(start, start + size)) !== sum >>> 0)
      throw new ThriftDamaged('the checksum of a page does not match');
    pages.push({ header, kind: integerAt(header, 1), start, end: start + size, plain, values: held });
    values += held;
    at = start + size;
  }
  if (values !== chunk.values) throw new ThriftDamaged(`its pages hold ${values} values, but its footer says ${chunk.values}`);
  return pages;
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

/** The number of values in a page, including nulls. */
function valuesOf(header: ThriftStruct, { size, plain }: { readonly size: number; readonly plain: number }): number {
  switch (integerAt(header, 1)) {
    case kinds.data:
      return counted(part(header, 5), 1, 'value count');
    case kinds.dictionary:
      // Each value needs at least one bit.
      if (counted(part(header, 7), 1, 'value count') > plain * 8) throw new ThriftDamaged('a dictionary of more values than fit');
      return 0;
    case kinds.dataV2: {
      const page = part(header, 8);
      const values = counted(page, 1, 'value count');
      if (counted(page, 2, 'null count') > values || counted(page, 3, 'row count') > values)
        throw new ThriftDamaged('a page with more nulls or rows than values');
      const levels = counted(page, 5, 'length of levels') + counted(page, 6, 'length of levels');
      if (levels > size || levels > plain) throw new ThriftDamaged('levels that are longer than their page');
      return values;
    }
    case kinds.index:
      return 0;
    default:
      throw new ThriftDamaged('a page of an unknown kind');
  }
}

/** The part of a header that belongs to the page’s kind. */
export function part(header: ThriftStruct, id: number): ThriftStruct {
  const found = structAt(header, id);
  if (found === undefined) throw new ThriftDamaged('a page without the header of its kind');
  return found;
}

export function counted(struct: ThriftStruct, id: number, what: string): number {
  const value = integerAt(struct, id);
  if (value === undefined || value < 0) throw new ThriftDamaged(`a ${what} of ${value ?? 'nothing'}`);
  return value;
}
