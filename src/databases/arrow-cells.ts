/** Reads the cells of a frame in Arrow’s format, for encoders that make no object for each row. */
import type { Arrow } from '../frames/native.ts';

/** The bits that mark the null rows of a column. Undefined: no row is null. */
export type Nulls = { readonly bits: Uint8Array; readonly offset: number } | undefined;

/** @param isEmpty whether all rows are null. */
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

export interface BytesColumn {
  readonly bytes: Buffer;
  /** The position at which the value of each row begins. The last entry gives the end of the last value. */
  readonly starts: Starts;
  start(row: number): number;
}

/** Offsets are integers of 32 bits if 32 bits are enough, else floats. */
export type Starts = Int32Array | Float64Array;

export function bytesColumnOf(data: Arrow.Data): BytesColumn {
  const values = data.values as Uint8Array;
  const starts = startsOf(data);
  return { bytes: Buffer.from(values.buffer, values.byteOffset, values.byteLength), starts, start: (row) => starts[row] ?? 0 };
}

/** Offsets are 32 bits wide in Utf8, Binary and List columns, and 64 bits wide in their large variants. */
export function startsOf(data: Arrow.Data): Starts {
  const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
  if (offsets instanceof Int32Array) return offsets;
  const words = new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length * 2);
  // The buffer may be longer than its offsets.
  const count = data.length + 1;
  const isSmall = words[2 * count - 1] === 0 && (words[2 * count - 2] ?? -1) >= 0;
  const starts = isSmall ? new Int32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const low = words[2 * i] ?? 0;
    starts[i] = isSmall ? low : (low >>> 0) + (words[2 * i + 1] ?? 0) * two32;
  }
  return starts;
}

export function childOf(data: Arrow.Data, at: number): Arrow.Data {
  const found = data.children[at];
  if (found === undefined) throw new RangeError(`a frame has no column ${at}`);
  return found;
}
