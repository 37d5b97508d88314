import type { Column, DataType, Schema } from './schema.ts';

/** A type as one line of text: `int64`, `decimal(18,4)`, `timestamp[us, UTC]`, `list<struct<a: int32, b: string>>`. */
export function describeType(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
    case 'duration':
      return `${type.kind}[${type.unit}]`;
    case 'timestamp':
      return type.zone === undefined ? `timestamp[${type.unit}]` : `timestamp[${type.unit}, ${type.zone}]`;
    case 'list':
      return `list<${describeType(type.item)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}: ${describeType(field.type)}`).join(', ')}>`;
    default:
      return type.kind;
  }
}

/** Whether two types have the same values with the same meaning. The nullability of nested fields is ignored, because all fields in frames are nullable. */
export function sameType(a: DataType, b: DataType): boolean {
  if (a.kind === 'list' && b.kind === 'list') return sameType(a.item, b.item);
  if (a.kind === 'struct' && b.kind === 'struct') return sameColumns(a.fields, b.fields);
  return a.kind === b.kind && describeType(a) === describeType(b);
}

/** Whether two schemas have the same names and types in the same order. */
export function sameSchema(a: Schema, b: Schema): boolean {
  return sameColumns(a.columns, b.columns);
}

function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return (
    a.length === b.length &&
    a.every((column, index) => {
      const other = b[index];
      return other !== undefined && column.name === other.name && sameType(column.type, other.type);
    })
  );
}

/** The size of one value in memory, in bytes. For text and binary, this is only the size of the fixed part. */
export function cellBytes(type: DataType): number {
  switch (type.kind) {
    case 'null':
      return 0;
    case 'bool':
      return 0.125;
    case 'int8':
    case 'uint8':
      return 1;
    case 'int16':
    case 'uint16':
      return 2;
    case 'int32':
    case 'uint32':
    case 'float32':
    case 'date':
      return 4;
    case 'decimal':
    case 'string':
    case 'binary':
    case 'uuid':
    case 'json':
      return 16;
    case 'struct':
      return type.fields.reduce((sum, field) => sum + cellBytes(field.type), 0);
    case 'list':
      return 8 + cellBytes(type.item);
    default:
      return 8;
  }
}
