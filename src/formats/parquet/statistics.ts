import { cellBytes } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, type WatermarkKey } from '../../frames/watermark-text.ts';
import { encodings } from './fixed-values.ts';
import type { ColumnChunk, RowGroup, Statistics } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { physical } from './leaf-type.ts';
import { leafShapes } from './plain.ts';

/** The smallest and the largest value of a column in a row group. */
export interface Bounds {
  readonly min: WatermarkKey;
  readonly max: WatermarkKey;
  /** Whether `max` is a value of the column. False: `max` is only a bound. */
  readonly maxExact: boolean;
  readonly minExact: boolean;
}

/** The number of nulls of a column in a row group. Undefined: the file does not say. */
export function nullsIn(group: RowGroup, column: FileColumn): number | undefined {
  if (column.type.kind === 'null') return group.rows;
  if (!column.nullable) return 0;
  // pandas does not count nulls in its categories, so the number would be wrong.
  if (column.reading === 'text from categories') return undefined;
  // In a list or struct, the nulls of a leaf are not the nulls of the column.
  return column.flat ? group.chunks[column.leaf]?.statistics.nulls : undefined;
}

/** The bounds of a column. Undefined: the bounds are unknown, or every value is null. INT96 has no bounds, because writers disagree about the order of its values. */
export function boundsIn(group: RowGroup, column: FileColumn): Bounds | undefined {
  const statistics = column.flat ? group.chunks[column.leaf]?.statistics : undefined;
  if (statistics?.min === undefined || statistics.max === undefined) return undefined;
  const min = keyFrom(column, statistics.min);
  const max = keyFrom(column, statistics.max);
  if (min === undefined || max === undefined || compareWatermarkKeys(min, max) > 0) return undefined;
  return { min, max, minExact: isExact(column.type, statistics, 'minExact'), maxExact: isExact(column.type, statistics, 'maxExact') };
}

/** Whether a bound is a value of the column. Writers may shorten text and bytes, and then the writer’s flag decides. Numbers are never shortened. */
function isExact(type: DataType, statistics: Statistics, flag: 'minExact' | 'maxExact'): boolean {
  const mayBeCut = type.kind === 'string' || type.kind === 'uuid';
  return mayBeCut ? statistics[flag] === true : statistics[flag] !== false;
}

function keyFrom(column: FileColumn, bytes: Uint8Array): WatermarkKey | undefined {
  switch (column.type.kind) {
    case 'string':
      return Buffer.from(bytes).toString('utf8');
    case 'uuid':
      return bytes.length === 16 ? uuidText(bytes) : undefined;
    case 'decimal':
      return column.physical === physical.int32 || column.physical === physical.int64
        ? integerFrom(column.physical, bytes, true)
        : bigEndian(bytes);
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return integerFrom(column.physical, bytes, false);
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'date':
    case 'timestamp':
      return integerFrom(column.physical, bytes, true);
    default:
      return undefined;
  }
}

function integerFrom(type: number | undefined, bytes: Uint8Array, signed: boolean): bigint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type === physical.int32 && bytes.length === 4) return BigInt(signed ? view.getInt32(0, true) : view.getUint32(0, true));
  if (type === physical.int64 && bytes.length === 8) return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
  return undefined;
}

function bigEndian(bytes: Uint8Array): bigint | undefined {
  if (bytes.length === 0 || bytes.length > 16) return undefined;
  const hex = Buffer.from(bytes).toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The estimated size of a row group in memory, in bytes. Equal values of a dictionary share their text, so the size of the pages is the best estimate for text. */
export function memoryOf(group: RowGroup, columns: readonly FileColumn[]): number {
  let bytes = 0;
  for (const column of columns) {
    for (let leaf = column.leaf; leaf < column.leaf + column.leaves; leaf++) {
      const chunk = group.chunks[leaf];
      if (chunk === undefined) continue;
      const holdsBytes = !column.flat || ['string', 'binary', 'json', 'uuid'].includes(column.type.kind);
      bytes += holdsBytes ? bytesOf(chunk, column, leaf) + 16 * chunk.values : cellBytes(column.type) * group.rows;
    }
  }
  return Math.ceil(bytes);
}

/** The estimated size of one leaf in memory. If values begin alike, their common beginning is once in the pages, but in memory once for each value. */
function bytesOf(chunk: ColumnChunk, column: FileColumn, leaf: number): number {
  if (chunk.physicalType !== physical.fixed || !chunk.encodings.includes(encodings.deltaBytes)) return chunk.uncompressedBytes;
  const width = leafShapes(column.plain)[leaf - column.leaf]?.width ?? 0;
  return Math.max(chunk.uncompressedBytes, width * chunk.values);
}
