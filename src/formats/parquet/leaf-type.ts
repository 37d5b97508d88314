import type { DataType, TimeUnit } from '../../frames/schema.ts';
import type { ArrowHint } from './arrow-hints.ts';
import { describeElement } from './element-names.ts';
import { parquetError } from './errors.ts';
import { integerAt, structAt, truthAt } from './fields.ts';
import { ThriftDamaged, type ThriftStruct } from './thrift.ts';

export const physical = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7 } as const;
/** The path of an element in its file, and what the writer’s Arrow schema says about the element. */
export interface ElementPlace {
  readonly hint: ArrowHint;
  readonly file: string;
  readonly path: string;
  /** The unit in which INT96 is read. */
  readonly int96: TimeUnit;
  /** Whether the column is not read. The bytes of such a column are skipped, whatever they are. */
  readonly leftOut: boolean;
}

/** The id of the logical type VARIANT: a group whose fields have little meaning alone. */
export const variantId = 16;
/** The ids of the logical types for shapes. The coordinate system and the form of the edges are in the type, and not in the bytes of a shape. */
const [geometryId, geographyId] = [17, 18];

/** The type of a column that has no columns below it. Throws HYG-3106 for types that can’t be converted without loss. */
export function leafType(element: ThriftStruct, place: ElementPlace): DataType {
  const type = integerAt(element, 1);
  const logical = structAt(element, 10) ?? new Map();
  const converted = integerAt(element, 6);
  if (place.leftOut && (type === physical.bytes || type === physical.fixed)) return { kind: 'binary' };
  if (converted === 21 || [variantId, geometryId, geographyId].some((id) => logical.has(id)))
    throw lossyType(place, describeElement(element));
  const isNested = place.path.endsWith(']') || place.path.includes('.');
  mustFit(type, logical, converted, describeElement(element));
  if (logical.has(11) && !isNested) return { kind: 'null' };
  if (logical.has(5) || converted === 5) return decimalType(element, logical, place);
  switch (type) {
    case physical.boolean:
      return { kind: 'bool' };
    case physical.int32:
      return int32Type(logical, converted);
    case physical.int64:
      return int64Type(logical, converted, place.hint);
    case physical.int96:
      return { kind: 'timestamp', unit: place.int96 };
    case physical.float:
      return { kind: 'float32' };
    case physical.double:
      return { kind: 'float64' };
    case physical.bytes:
      if (logical.has(12) || converted === 19) return { kind: isNested ? 'string' : 'json' };
      return logical.has(1) || logical.has(4) || converted === 0 || converted === 4 ? { kind: 'string' } : { kind: 'binary' };
    case physical.fixed:
      if (logical.has(15)) throw lossyType(place, describeElement(element));
      if (logical.has(14) && integerAt(element, 2) !== 16) throw new ThriftDamaged('a UUID that does not have 16 bytes');
      return logical.has(14) && !isNested ? { kind: 'uuid' } : { kind: 'binary' };
    default:
      throw new ThriftDamaged(`physical type ${type}`);
  }
}

/** Checks the width of stored numbers. Whole numbers, days and instants are stored in whole numbers of one width, so a footer with another width is damaged. */
function mustFit(type: number | undefined, logical: ThriftStruct, converted: number | undefined, said: string): void {
  const bits = structAt(logical, 10) && integerAt(structAt(logical, 10) ?? new Map(), 1);
  const isIn32 = logical.has(6) || [6, 7, 11, 12, 13, 15, 16, 17].includes(converted ?? -1) || (bits !== undefined && bits <= 32);
  const isIn64 = logical.has(8) || [8, 9, 10, 14, 18].includes(converted ?? -1) || (bits !== undefined && bits > 32);
  if ((isIn32 && type !== physical.int32) || (isIn64 && type !== physical.int64)) throw new ThriftDamaged(`${said} is a contradiction`);
}

function int32Type(logical: ThriftStruct, converted: number | undefined): DataType {
  if (logical.has(6) || converted === 6) return { kind: 'date' };
  if (logical.has(7) || converted === 7) return { kind: 'time', unit: 'ns' };
  const integer = structAt(logical, 10);
  const bits = integer ? integerAt(integer, 1) : bitsOf(converted);
  const signed = integer ? truthAt(integer, 2) !== false : !(converted !== undefined && converted >= 11 && converted <= 14);
  if (bits === 8) return { kind: signed ? 'int8' : 'uint8' };
  if (bits === 16) return { kind: signed ? 'int16' : 'uint16' };
  return { kind: signed ? 'int32' : 'uint32' };
}

function bitsOf(converted: number | undefined): number {
  return converted === 11 || converted === 15 ? 8 : converted === 12 || converted === 16 ? 16 : 32;
}

function int64Type(logical: ThriftStruct, converted: number | undefined, hint: ArrowHint): DataType {
  const timestamp = structAt(logical, 8);
  if (timestamp) {
    const unit = unitOf(timestamp);
    return truthAt(timestamp, 1) ? { kind: 'timestamp', unit, zone: hint.zone ?? 'UTC' } : { kind: 'timestamp', unit };
  }
  if (converted === 9 || converted === 10)
    return { kind: 'timestamp', unit: converted === 9 ? 'ms' : 'us', ...(hint.zone ? { zone: hint.zone } : {}) };
  if (logical.has(7) || converted === 8) return { kind: 'time', unit: 'ns' };
  if (hint.duration) return { kind: 'duration', unit: hint.duration };
  const integer = structAt(logical, 10);
  const signed = integer ? truthAt(integer, 2) !== false : converted !== 14;
  return { kind: signed ? 'int64' : 'uint64' };
}

function unitOf(time: ThriftStruct): TimeUnit {
  const unit = structAt(time, 2) ?? new Map();
  return unit.has(1) ? 'ms' : unit.has(2) ? 'us' : 'ns';
}

function decimalType(element: ThriftStruct, logical: ThriftStruct, place: ElementPlace): DataType {
  const decimal = structAt(logical, 5);
  const precision = (decimal && integerAt(decimal, 2)) ?? integerAt(element, 8) ?? 0;
  const scale = (decimal && integerAt(decimal, 1)) ?? integerAt(element, 7) ?? 0;
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) throw lossyType(place, `DECIMAL(${precision},${scale})`);
  return { kind: 'decimal', precision, scale };
}

export function lossyType(place: ElementPlace, type: string): Error {
  return parquetError('HYG-3106', `Column ${place.path} of ${place.file} is ${type}, which can't be carried over without loss.`);
}
