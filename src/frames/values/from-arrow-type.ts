import type { Arrow } from '../native.ts';
import type { DataType, TimeUnit } from '../schema.ts';

/** hygge’s type for an Arrow type that Polars uses. Undefined: hygge has no such type. */
export function typeFromArrow(A: typeof Arrow, type: Arrow.DataType): DataType | undefined {
  const is = A.DataType;
  if (is.isNull(type)) return { kind: 'null' };
  if (is.isBool(type)) return { kind: 'bool' };
  if (is.isInt(type)) return { kind: `${type.isSigned ? '' : 'u'}int${type.bitWidth}` };
  if (is.isFloat(type)) return floatType(A, type);
  if (is.isDecimal(type)) return { kind: 'decimal', precision: type.precision, scale: type.scale };
  if (is.isUtf8(type) || is.isLargeUtf8(type)) return { kind: 'string' };
  if (is.isBinary(type) || is.isLargeBinary(type)) return { kind: 'binary' };
  if (is.isDate(type)) return type.unit === A.DateUnit.DAY ? { kind: 'date' } : undefined;
  if (is.isTime(type)) return timed(A, 'time', type.unit);
  if (is.isTimestamp(type)) return timestampType(A, type);
  if (is.isDuration(type)) return timed(A, 'duration', type.unit);
  return nestedType(A, type);
}

function nestedType(A: typeof Arrow, type: Arrow.DataType): DataType | undefined {
  if (A.DataType.isStruct(type)) {
    const fields = type.children.map((field) => ({ name: field.name, type: typeFromArrow(A, field.type), nullable: true }));
    return fields.every(hasType) ? { kind: 'struct', fields } : undefined;
  }
  const [child] = A.DataType.isList(type) || type.typeId === A.Type.LargeList ? (type.children ?? []) : [];
  const item = child && typeFromArrow(A, child.type);
  return item && { kind: 'list', item };
}

function hasType<T extends { readonly type: DataType | undefined }>(field: T): field is T & { readonly type: DataType } {
  return field.type !== undefined;
}

function floatType(A: typeof Arrow, type: Arrow.Float): DataType | undefined {
  if (type.precision === A.Precision.HALF) return undefined;
  return { kind: type.precision === A.Precision.SINGLE ? 'float32' : 'float64' };
}

function timestampType(A: typeof Arrow, type: Arrow.Timestamp): DataType | undefined {
  const timestamp = timed(A, 'timestamp', type.unit);
  return timestamp && type.timezone ? ({ ...timestamp, zone: type.timezone } as DataType) : timestamp;
}

function timed(A: typeof Arrow, kind: 'time' | 'timestamp' | 'duration', unit: Arrow.TimeUnit): DataType | undefined {
  const units: Readonly<Record<number, TimeUnit>> = {
    [A.TimeUnit.MILLISECOND]: 'ms',
    [A.TimeUnit.MICROSECOND]: 'us',
    [A.TimeUnit.NANOSECOND]: 'ns',
  };
  const found = units[unit];
  return found && { kind, unit: found };
}
