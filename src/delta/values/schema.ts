/** The columns of a Delta table as a schema, and the names of the columns in the table’s files. */
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import type { DeltaField, DeltaMetadata, DeltaProtocol, DeltaSnapshot, DeltaType } from '../table.ts';
import { valueError } from './errors.ts';

/** The part of a snapshot that defines the meaning of its values. */
export type TableDescription = Pick<DeltaSnapshot, 'protocol' | 'metadata'>;

/** How columns are found in files: by the names of the table, by physical names, or by field ids. */
export type MappingMode = 'none' | 'name' | 'id';

/** The parts of a value of the table. */
export type Shape =
  | {
      readonly kind: 'leaf';
      readonly type: DataType /** `pad` of a CHAR(n): texts are padded with blanks to n characters. */;
      readonly pad?: number;
    }
  | { readonly kind: 'struct'; readonly type: DataType; readonly fields: readonly TableField[] }
  | { readonly kind: 'list'; readonly type: DataType; readonly item: Shape }
  | { readonly kind: 'map'; readonly type: DataType; readonly key: Shape; readonly value: Shape };

export interface TableField {
  readonly name: string;
  readonly nullable: boolean;
  /** The name of the column in files, in partition values and in statistics. */
  readonly physicalName: string;
  /** The field id of the column; null: columns are not found by ids. */
  readonly id: number | null;
  readonly shape: Shape;
}

export interface TableColumn extends TableField {
  readonly column: Column;
  readonly isPartition: boolean;
}

export interface DeltaColumns {
  readonly mode: MappingMode;
  readonly columns: readonly TableColumn[];
}

/**
 * The columns of the table, in the table’s order. @throws HYG-3801 for an unsupported type, HYG-3802 for a schema that
 * contradicts itself. @param needed the columns to read; the others may have unsupported types. Null: all.
 */
export function schemaOf(metadata: DeltaMetadata, needed: readonly string[] | null = null): Schema {
  mustDiffer(metadata.schema.fields, 'The table');
  return { columns: metadata.schema.fields.filter(({ name }) => needed === null || needed.includes(name)).map(columnOf) };
}

const known = new WeakMap<DeltaMetadata, Map<string, { readonly protocol: DeltaProtocol; readonly columns: DeltaColumns }>>();

/**
 * The columns with their names in files. Computed once for all files of a snapshot.
 * @param needed the columns to read; the others may have unsupported types. Null: all.
 */
export function columnsOf({ protocol, metadata }: TableDescription, needed: readonly string[] | null = null): DeltaColumns {
  const made = known.get(metadata) ?? new Map();
  known.set(metadata, made);
  const key = JSON.stringify(needed);
  const before = made.get(key);
  if (before?.protocol === protocol) return before.columns;
  const columns = described({ protocol, metadata }, needed);
  made.set(key, { protocol, columns });
  return columns;
}

function described({ protocol, metadata }: TableDescription, needed: readonly string[] | null): DeltaColumns {
  mustDiffer(metadata.schema.fields, 'The table');
  const mode = mappingMode({ protocol, metadata });
  const names = metadata.schema.fields.map(({ name }) => name);
  for (const name of metadata.partitionColumns)
    if (!names.includes(name))
      throw contradiction(`The table is partitioned by ${JSON.stringify(name)}, but its schema has no column with this name.`);
  const wanted = metadata.schema.fields.filter(({ name }) => needed === null || needed.includes(name));
  const columns = wanted.map((field): TableColumn => {
    const named = fieldOf(field, { mode, path: field.name });
    const isPartition = metadata.partitionColumns.includes(field.name);
    return { ...named, column: columnOf(field), isPartition };
  });
  mustDifferInFiles(columns, mode);
  return { mode, columns };
}

/** How columns are found in files. The table’s property counts only if the protocol has column mapping. Throws HYG-3802 for an unknown mode. */
export function mappingMode({ protocol, metadata }: TableDescription): MappingMode {
  const { minReaderVersion, readerFeatures } = protocol;
  const isSupported = minReaderVersion === 2 || (minReaderVersion >= 3 && readerFeatures?.includes('columnMapping') === true);
  const mode = isSupported ? (metadata.configuration['delta.columnMapping.mode'] ?? 'none') : 'none';
  if (mode === 'none' || mode === 'name' || mode === 'id') return mode;
  throw contradiction(`The table maps its columns by ${JSON.stringify(mode)}, but the protocol allows none, name and id.`);
}

interface Place {
  readonly mode: MappingMode;
  /** The path of the column or field, for messages. */
  readonly path: string;
  /** The type in Spark's notation, if it contains CHAR or VARCHAR. */
  readonly written?: string | undefined;
}

function fieldOf(field: DeltaField, { mode, path, written }: Place): TableField {
  const physicalName = field.metadata['delta.columnMapping.physicalName'];
  const id = field.metadata['delta.columnMapping.id'];
  if (mode !== 'none' && (typeof physicalName !== 'string' || physicalName === ''))
    throw contradiction(`The table maps its columns by ${mode}, but column ${path} has no physical name.`);
  if (mode === 'id' && !Number.isSafeInteger(id)) throw contradiction(`The table maps its columns by id, but column ${path} has no id.`);
  return {
    name: field.name,
    nullable: field.nullable,
    physicalName: mode === 'none' ? field.name : (physicalName as string),
    id: mode === 'id' ? (id as number) : null,
    shape: shapeOf(field.type, { mode, path, written: written ?? charTypeIn(field.metadata) }),
  };
}

function shapeOf(type: DeltaType, { mode, path, written }: Place): Shape {
  if (typeof type === 'string') return { kind: 'leaf', ...leafOf(type, path, written) };
  const parts = written === undefined ? [] : partsOf(written);
  if (type.type === 'struct') {
    const fields = type.fields.map((field, i) =>
      fieldOf(field, { mode, path: `${path}.${field.name}`, written: parts[i]?.slice(field.name.length + 1) }),
    );
    return { kind: 'struct', type: dataType(type, path), fields };
  }
  const [first, second] = parts;
  if (type.type === 'array')
    return { kind: 'list', type: dataType(type, path), item: shapeOf(type.elementType, { mode, path: `${path}.element`, written: first }) };
  const key = shapeOf(type.keyType, { mode, path: `${path}.key`, written: first });
  return { kind: 'map', type: dataType(type, path), key, value: shapeOf(type.valueType, { mode, path: `${path}.value`, written: second }) };
}

/** The parts of a nested type: `a:char(5)` and `b:int` of `struct<a:char(5),b:int>`. */
function partsOf(written: string): readonly string[] {
  const inner = /^\w+<(.*)>$/s.exec(written)?.[1];
  if (inner === undefined) return [];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at++) {
    const character = inner[at];
    if (character === '<' || character === '(') depth++;
    else if (character === '>' || character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(inner.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, inner.slice(from)];
}

function columnOf({ name, type, nullable, metadata }: DeltaField): Column {
  const sourceType = charTypeIn(metadata) ?? wordOf(type);
  return { name, type: dataType(type, name), nullable, sourceType, ...(holdsMap(type) ? { restated: true } : {}) };
}

/** The table's name for a type: `long`, `array<string>`. */
function wordOf(type: DeltaType): string {
  if (typeof type === 'string') return type;
  if (type.type === 'array') return `array<${wordOf(type.elementType)}>`;
  if (type.type === 'map') return `map<${wordOf(type.keyType)},${wordOf(type.valueType)}>`;
  return `struct<${type.fields.map(({ name, type: of }) => `${name}:${wordOf(of)}`).join(',')}>`;
}

function holdsMap(type: DeltaType): boolean {
  if (typeof type === 'string') return false;
  if (type.type === 'array') return holdsMap(type.elementType);
  return type.type === 'map' || type.fields.some((field) => holdsMap(field.type));
}

function dataType(type: DeltaType, path: string): DataType {
  if (typeof type === 'string') return leafOf(type, path).type;
  if (type.type === 'array') return { kind: 'list', item: dataType(type.elementType, `${path}.element`) };
  if (type.type === 'map') {
    const key: Column = { name: 'key', type: dataType(type.keyType, `${path}.key`), nullable: false };
    const value: Column = { name: 'value', type: dataType(type.valueType, `${path}.value`), nullable: type.valueContainsNull };
    return { kind: 'list', item: { kind: 'struct', fields: [key, value] } };
  }
  mustDiffer(type.fields, `Column ${path}`);
  return {
    kind: 'struct',
    fields: type.fields.map(({ name, type: of, nullable }) => ({ name, type: dataType(of, `${path}.${name}`), nullable })),
  };
}

const primitives: Readonly<Record<string, DataType>> = {
  byte: { kind: 'int8' },
  short: { kind: 'int16' },
  integer: { kind: 'int32' },
  long: { kind: 'int64' },
  float: { kind: 'float32' },
  double: { kind: 'float64' },
  string: { kind: 'string' },
  binary: { kind: 'binary' },
  boolean: { kind: 'bool' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', unit: 'us', zone: 'UTC' },
  timestamp_ntz: { kind: 'timestamp', unit: 'us' },
  decimal: { kind: 'decimal', precision: 10, scale: 0 },
  void: { kind: 'null' },
};

/** The type of a column with CHAR or VARCHAR: `char(5)`, `array<varchar(3)>`. Spark writes this type into the column’s metadata. In the schema, the column has the type `string`. */
export function charTypeIn(metadata: DeltaField['metadata']): string | undefined {
  const written = metadata.__CHAR_VARCHAR_TYPE_STRING;
  return typeof written === 'string' ? written : undefined;
}

/** For `char(5)` and `varchar(5)`: the maximum number of characters, and whether readers pad texts with blanks to this number. */
export function charLength(written: string): { readonly most: number; readonly isPadded: boolean } | undefined {
  const [, variable, most] = /^(var)?char\((\d+)\)$/.exec(written) ?? [];
  return most === undefined ? undefined : { most: Number(most), isPadded: variable === undefined };
}

/** The table without the lengths of CHAR and VARCHAR, so that texts are read as in the files, without added blanks. */
export function asInFiles({ protocol, metadata }: TableDescription): TableDescription {
  const fields = metadata.schema.fields.map((field): DeltaField => {
    const { __CHAR_VARCHAR_TYPE_STRING: _, ...rest } = field.metadata;
    return { ...field, metadata: rest };
  });
  return { protocol, metadata: { ...metadata, schema: { ...metadata.schema, fields } } };
}

/** The data type for a type without nested types. @param path for messages. @param written see `charTypeIn`. @throws HYG-3801 for an unsupported type. */
export function leafOf(type: DeltaType, path: string, written?: string): { readonly type: DataType; readonly pad?: number } {
  if (typeof type !== 'string') throw unread(path, wordOf(type));
  const word = type === 'string' && written !== undefined ? written : type;
  const char = charLength(word);
  if (char) return char.isPadded ? { type: { kind: 'string' }, pad: char.most } : { type: { kind: 'string' } };
  const decimal = /^decimal\(\s*(\d+)\s*,\s*(-?\d+)\s*\)$/.exec(type);
  if (decimal) {
    const [precision, scale] = [Number(decimal[1]), Number(decimal[2])];
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) throw unread(path, type);
    return { type: { kind: 'decimal', precision, scale } };
  }
  const known = Object.hasOwn(primitives, type) ? primitives[type] : undefined;
  if (known === undefined) throw unread(path, type);
  return { type: known };
}

function unread(path: string, type: string): Error {
  return valueError('HYG-3801', `Column ${path} of the Delta table is ${type}, which hygge does not read.`);
}

function contradiction(what: string): Error {
  return valueError('HYG-3802', what);
}

/** Throws if two fields have the same name. Upper and lower case do not make a difference. */
function mustDiffer(fields: readonly DeltaField[], where: string): void {
  const seen = new Map<string, string>();
  for (const { name } of fields) {
    const folded = name.toLowerCase();
    const before = seen.get(folded);
    if (before !== undefined)
      throw contradiction(
        `${where} has the columns ${JSON.stringify(before)} and ${JSON.stringify(name)}, which are the same name if case is ignored.`,
      );
    seen.set(folded, name);
  }
}

/** Throws if two columns of the table are the same column in the files. */
function mustDifferInFiles(columns: readonly TableColumn[], mode: MappingMode): void {
  const seen = new Map<string | number, string>();
  for (const { name, physicalName, id } of columns) {
    const key = mode === 'id' ? (id as number) : physicalName;
    const before = seen.get(key);
    if (before !== undefined)
      throw contradiction(`The columns ${before} and ${name} of the table are one column in its files, ${JSON.stringify(key)}.`);
    seen.set(key, name);
  }
}
