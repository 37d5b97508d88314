/** The Delta types for hygge's types, and their names in the log. */
import type { Column, DataType } from '../../frames/schema.ts';
import type { DeltaField, DeltaType } from '../table.ts';

/**
 * The column type in a Delta table for values of a type; undefined: no type stores the values exactly. Delta does not support unsigned numbers, times of day,
 * nanoseconds or durations. Names of fields in a struct must not differ only in case.
 */
export function heldByDelta(type: DataType): DataType | undefined {
  switch (type.kind) {
    case 'uint8':
      return { kind: 'int16' };
    case 'uint16':
      return { kind: 'int32' };
    case 'uint32':
      return { kind: 'int64' };
    case 'uint64':
      return { kind: 'decimal', precision: 20, scale: 0 };
    case 'timestamp':
      if (type.unit === 'ns') return undefined;
      return { kind: 'timestamp', unit: 'us', ...(type.zone === undefined ? {} : { zone: 'UTC' }) };
    case 'time':
    case 'null':
    case 'uuid':
    case 'json':
      return { kind: 'string' };
    case 'duration':
      return undefined;
    case 'list': {
      const item = heldByDelta(type.item);
      return item && { kind: 'list', item };
    }
    case 'struct': {
      // Readers treat names that differ only in case as one name, and can’t read a table with both names.
      const names = new Set(type.fields.map(({ name }) => name.toLowerCase()));
      if (names.size < type.fields.length) return undefined;
      const fields = type.fields.map((field) => ({ ...field, type: heldByDelta(field.type) }));
      return fields.every((field): field is Column => field.type !== undefined) ? { kind: 'struct', fields } : undefined;
    }
    default:
      return type;
  }
}

/** Characters that column names can’t have without column mapping. The flag `g` is for replacements. */
export const notInNames = /[ ,;{}()\n\t=]/g;

const words: Readonly<Partial<Record<DataType['kind'], string>>> = {
  bool: 'boolean',
  int8: 'byte',
  int16: 'short',
  int32: 'integer',
  int64: 'long',
  float32: 'float',
  float64: 'double',
  string: 'string',
  binary: 'binary',
  date: 'date',
};

/** The log's form of a type that `heldByDelta` returned. */
export function deltaTypeOf(type: DataType): DeltaType {
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`;
  if (type.kind === 'timestamp') return type.zone === undefined ? 'timestamp_ntz' : 'timestamp';
  if (type.kind === 'list') return { type: 'array', elementType: deltaTypeOf(type.item), containsNull: true };
  if (type.kind === 'struct') return { type: 'struct', fields: type.fields.map(deltaField) };
  const word = words[type.kind];
  if (word === undefined) throw new TypeError(`${type.kind} is not a type of a Delta table`);
  return word;
}

export function deltaField({ name, type, nullable }: Column): DeltaField {
  return { name, type: deltaTypeOf(type), nullable, metadata: {} };
}

/** Whether a type contains wall-clock times, which a table may only have with the feature `timestampNtz`. */
export function hasWallClock(type: DeltaType): boolean {
  if (typeof type === 'string') return type === 'timestamp_ntz';
  if (type.type === 'struct') return type.fields.some((field) => hasWallClock(field.type));
  if (type.type === 'array') return hasWallClock(type.elementType);
  return hasWallClock(type.keyType) || hasWallClock(type.valueType);
}

/** A partition value in the log's form. In wall-clock times, a blank separates the day from the time of day, because other readers refuse a T. */
export function partitionTextOf(type: DeltaType | undefined, text: string | null): string | null {
  return text !== null && type === 'timestamp_ntz' ? text.replace('T', ' ') : text;
}
