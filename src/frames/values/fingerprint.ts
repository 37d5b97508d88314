import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { DefectError } from '../../errors/hygge-error.ts';
import { bit, bytesOf } from '../bytes/arrow-buffers.ts';
import { GrowingBytes } from '../bytes/growing-bytes.ts';
import { type Arrow, arrow, type DataFrame } from '../native.ts';
import type { Fingerprint } from '../watermark.ts';
import { toArrow } from './from-polars.ts';

/** How many rows are summed between two turns of the event loop. So many rows take some tens of milliseconds. */
const rowsPerTurn = 32_768;
/** How many 32-bit numbers can be added before their sum is no longer exact in a JavaScript number. */
const rowsPerFold = 1 << 20;

/**
 * The sum, modulo 2^128, of the first 128 bits of SHA-256 of the canonical bytes of all rows. The same rows have the same sum in any order,
 * in any process and in any version of the native engine. The native engine’s own hashes may differ from process to process and from
 * version to version.
 */
export async function fingerprintOf(data: DataFrame): Promise<Fingerprint> {
  const A = await arrow();
  const table = await toArrow(data);
  const sum = new Sum128();
  for (const batch of table.batches) {
    const rows = new RowBytes(A, batch.data.children);
    for (let row = 0; row < batch.numRows; row++) {
      sum.add(hash('sha256', rows.row(row), 'buffer'));
      if (row % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
    }
  }
  return { rows: data.height, hash: sum.hex() };
}

/** Adds numbers of 128 bits in four lanes of 32 bits. The lanes are carried before they could lose a bit. */
class Sum128 {
  #lanes: [number, number, number, number] = [0, 0, 0, 0];
  #total = 0n;
  #rows = 0;

  add(digest: Buffer): void {
    for (let lane = 0; lane < 4; lane++) this.#lanes[lane] = (this.#lanes[lane] ?? 0) + digest.readUInt32BE(lane * 4);
    if (++this.#rows % rowsPerFold === 0) this.#fold();
  }

  hex(): string {
    this.#fold();
    return this.#total.toString(16).padStart(32, '0');
  }

  #fold(): void {
    const [a, b, c, d] = this.#lanes;
    this.#total = BigInt.asUintN(128, this.#total + (BigInt(a) << 96n) + (BigInt(b) << 64n) + (BigInt(c) << 32n) + BigInt(d));
    this.#lanes = [0, 0, 0, 0];
  }
}

/**
 * Writes rows as canonical bytes, column after column. Equal rows have equal bytes in every frame, slice and process, and for every Arrow
 * layout. A null is one byte. A value is a mark and then the value, little-endian. Text, binary and lists begin with their length. All NaNs
 * are equal. 0.0 and -0.0 differ, because their bits differ.
 */
class RowBytes {
  readonly #bytes = new GrowingBytes();
  readonly #cells: readonly Cell[];

  constructor(A: typeof Arrow, columns: readonly Arrow.Data[]) {
    this.#cells = columns.map((column) => cellOf(A, column));
  }

  /** The bytes of one row, which are valid until the next call. */
  row(index: number): Uint8Array {
    this.#bytes.clear();
    for (const cell of this.#cells) cell(index, this.#bytes);
    return this.#bytes.bytes;
  }
}

/** Writes one cell of a row. */
type Cell = (row: number, out: GrowingBytes) => void;

function cellOf(A: typeof Arrow, data: Arrow.Data): Cell {
  if (data.offset !== 0) throw unexpected('a column that does not begin at its first row');
  const value = valueCell(A, data);
  const bitmap = data.nullCount > 0 ? data.nullBitmap : undefined;
  const always = A.DataType.isNull(data.type);
  return (row, out) => {
    if (always || (bitmap !== undefined && bitmap.length > 0 && !bit(bitmap, row))) return out.byte(0);
    out.byte(1);
    value(row, out);
  };
}

function valueCell(A: typeof Arrow, data: Arrow.Data): Cell {
  const { type } = data;
  if (A.DataType.isNull(type)) return () => undefined;
  if (A.DataType.isBool(type)) {
    const bits = bytesOf(data.values);
    return (row, out) => out.byte(bit(bits, row) ? 1 : 0);
  }
  if (A.DataType.isFloat(type)) return floatCell(data);
  if (A.DataType.isUtf8(type) || A.DataType.isLargeUtf8(type) || A.DataType.isBinary(type) || A.DataType.isLargeBinary(type))
    return textCell(data);
  if (A.DataType.isList(type) || isLargeList(A, type)) return listCell(A, data);
  if (A.DataType.isStruct(type)) {
    const fields = data.children.map((child) => cellOf(A, child));
    return (row, out) => {
      for (const field of fields) field(row, out);
    };
  }
  return fixedCell(data);
}

function fixedCell(data: Arrow.Data): Cell {
  const bytes = bytesOf(data.values);
  const width = data.length === 0 ? 0 : Math.floor(bytes.length / data.length);
  const known = fixedWidth(data.type);
  if (known === undefined) throw unexpected(`values of type ${String(data.type)}`);
  if (width < known && data.length > 0) throw unexpected(`values of ${width} bytes for ${String(data.type)}`);
  return (row, out) => out.append(bytes, row * known, (row + 1) * known);
}

/** The number of bytes of each value, for types of a fixed width. Undefined: the type has no fixed width. */
function fixedWidth(type: Arrow.DataType): number | undefined {
  const sized = type as { readonly bitWidth?: number; readonly byteWidth?: number; readonly unit?: number };
  if (sized.byteWidth !== undefined) return sized.byteWidth;
  if (sized.bitWidth !== undefined) return sized.bitWidth / 8;
  if (type.typeId === dateTypeId) return sized.unit === 0 ? 4 : 8;
  return type.typeId === timestampTypeId || type.typeId === durationTypeId ? 8 : undefined;
}

const dateTypeId = 8;
const timestampTypeId = 10;
const durationTypeId = 18;

function floatCell(data: Arrow.Data): Cell {
  const values = data.values as Float32Array | Float64Array;
  const bytes = bytesOf(values);
  const width = values.BYTES_PER_ELEMENT;
  const oneNaN = new Uint8Array(width).fill(0xff);
  return (row, out) => {
    if (Number.isNaN(values[row])) out.append(oneNaN, 0, width);
    else out.append(bytes, row * width, (row + 1) * width);
  };
}

function textCell(data: Arrow.Data): Cell {
  const bytes = bytesOf(data.values);
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  return (row, out) => {
    const start = Number(offsets[row]);
    const end = Number(offsets[row + 1]);
    out.uint32(end - start);
    out.append(bytes, start, end);
  };
}

function listCell(A: typeof Arrow, data: Arrow.Data): Cell {
  const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
  const child = data.children[0];
  if (child === undefined) throw unexpected('a list without items');
  const item = cellOf(A, child);
  return (row, out) => {
    const start = Number(offsets[row]);
    const end = Number(offsets[row + 1]);
    out.uint32(end - start);
    for (let i = start; i < end; i++) item(i, out);
  };
}

function isLargeList(A: typeof Arrow, type: Arrow.DataType): boolean {
  return type.typeId === A.Type.LargeList;
}

function unexpected(what: string): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `The rows of a frame can't be walked: ${what}.`,
    tryThis: ['Leave the column out with exclude, and report it with the type of the column'],
  });
}
