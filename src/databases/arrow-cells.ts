/** Cells of a frame as they lie in Arrow: for encoders, which make no object of a row. */
import type { Arrow } from '../frames/native.ts';

/** Rows of a column that are null; undefined: none is. */
export type Nulls = { readonly bits: Uint8Array; readonly offset: number } | undefined;

/** @param isEmpty all are. */
export function nullsOf(data: Arrow.Data, isEmpty: boolean): Nulls {
  if (isEmpty) return { bits: new Uint8Array((data.length >> 3) + 1), offset: 0 };
  const bits = data.nullCount > 0 ? data.nullBitmap : undefined;
  return bits === undefined || bits.length === 0 ? undefined : { bits, offset: data.offset };
}

export function isNullAt(nulls: Nulls, row: number): boolean {
  if (nulls === undefined) return false;
  const at = nulls.offset + row;
  return (((nulls.bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 0;
}

const two32 = 4_294_967_296;

export interface Bytes {
  readonly bytes: Buffer;
  start(row: number): number;
}

/** Of Utf8 and Binary offsets are 32 bits wide, of their large kin 64. */
export function bytesOf(data: Arrow.Data): Bytes {
  const values = data.values as Uint8Array;
  const start = offsetsOf(data);
  return { bytes: Buffer.from(values.buffer, values.byteOffset, values.byteLength), start };
}

export function offsetsOf(data: Arrow.Data): (row: number) => number {
  const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
  if (offsets instanceof Int32Array) return (row) => offsets[row] ?? 0;
  const words = new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length * 2);
  return (row) => ((words[2 * row] ?? 0) >>> 0) + (words[2 * row + 1] ?? 0) * two32;
}

export function childOf(data: Arrow.Data, at: number): Arrow.Data {
  const found = data.children[at];
  if (found === undefined) throw new RangeError(`a frame has no column ${at}`);
  return found;
}
