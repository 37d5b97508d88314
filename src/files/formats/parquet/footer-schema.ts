import type { Column, DataType, Schema, TimeUnit } from '../../../frames/schema.ts';
import { type ArrowHint, arrowHints, noHint } from './arrow-hints.ts';
import { parquetError } from './errors.ts';
import { integerAt, structAt, textAt, truthAt } from './fields.ts';
import type { Footer } from './footer.ts';
import { ThriftDamaged, type ThriftStruct } from './thrift.ts';

export const physical = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7 } as const;
const repeated = 2;

/** A column of the file: our type, and what is known about how its values lie in it. */
export interface FileColumn extends Column {
  /** Its first leaf and how many there are, in the order of the row groups' chunks. A flat column has one. */
  readonly leaf: number;
  readonly leaves: number;
  readonly flat: boolean;
  /** Physical type of a flat column. */
  readonly physical: number | undefined;
  /** What the reader must do to get the values of `type`. */
  readonly reading: 'as is' | 'uuid from bytes' | 'text from bytes' | 'text from categories' | 'float from half' | 'check range';
}

export interface FileSchema extends Schema {
  readonly columns: readonly FileColumn[];
}

/** Our schema of a parquet file. Throws a HomeError for types that would lose data and for names that can't be told apart. */
export async function schemaOf(footer: Footer, name: string): Promise<FileSchema> {
  const hints = await arrowHints(footer.metadata.get('ARROW:schema'));
  const cursor = { at: 1, leaf: 0 };
  const columns: FileColumn[] = [];
  const count = integerAt(footer.elements[0] ?? new Map(), 5) ?? 0;
  for (let i = 0; i < count; i++) columns.push(topColumn(footer.elements, cursor, { hints, name }));
  checkNames(columns, name);
  return { columns };
}

interface Cursor {
  at: number;
  leaf: number;
}
interface About {
  readonly hints: ReadonlyMap<string, ArrowHint>;
  readonly name: string;
}

function topColumn(elements: readonly ThriftStruct[], cursor: Cursor, about: About): FileColumn {
  const first = cursor.leaf;
  const element = elementAt(elements, cursor.at);
  const name = textAt(element, 4) ?? '';
  const hint = about.hints.get(name) ?? noHint;
  const flat = (integerAt(element, 5) ?? 0) === 0 && integerAt(element, 3) !== repeated;
  const field = readField(elements, cursor, { hint, file: about.name, path: name });
  return {
    name,
    type: field.type,
    nullable: field.nullable,
    sourceType: describeElement(element),
    leaf: first,
    leaves: cursor.leaf - first,
    flat,
    physical: flat ? integerAt(element, 1) : undefined,
    reading: flat ? readingOf(element, field.type, hint) : 'as is',
  };
}

interface Place {
  readonly hint: ArrowHint;
  readonly file: string;
  readonly path: string;
}

/** One element with all below it; moves the cursor past them. A repeated element outside a LIST is itself a list. */
function readField(
  elements: readonly ThriftStruct[],
  cursor: Cursor,
  place: Place,
): { readonly type: DataType; readonly nullable: boolean } {
  const element = elementAt(elements, cursor.at);
  const repetition = integerAt(element, 3) ?? 0;
  const type = readType(elements, cursor, place);
  return repetition === repeated ? { type: { kind: 'list', item: type }, nullable: false } : { type, nullable: repetition === 1 };
}

function readType(elements: readonly ThriftStruct[], cursor: Cursor, place: Place): DataType {
  const element = elementAt(elements, cursor.at++);
  const children = integerAt(element, 5) ?? 0;
  if (children === 0) {
    cursor.leaf++;
    return leafType(element, place);
  }
  const logical = structAt(element, 10);
  const converted = integerAt(element, 6);
  const isList = logical?.has(3) || converted === 3;
  const isMap = logical?.has(2) || converted === 1 || converted === 2;
  if ((isList || isMap) && children === 1) return listType(elements, cursor, { place, name: textAt(element, 4) ?? '', isMap });
  return { kind: 'struct', fields: readFields(elements, cursor, { count: children, place }) };
}

/** The format's rules for old writers: a middle group with several fields, named `array` or `<list>_tuple`, is the item itself. */
function listType(
  elements: readonly ThriftStruct[],
  cursor: Cursor,
  list: { readonly place: Place; readonly name: string; readonly isMap: boolean },
): DataType {
  const middle = elementAt(elements, cursor.at);
  const children = integerAt(middle, 5) ?? 0;
  const middleName = textAt(middle, 4) ?? '';
  const hint = list.place.hint.children[0] ?? noHint;
  const place = { ...list.place, hint, path: `${list.place.path}[]` };
  if (integerAt(middle, 3) !== repeated) throw new ThriftDamaged('a list without a repeated item');
  const itemIsMiddle = children !== 1 || (!list.isMap && (middleName === 'array' || middleName === `${list.name}_tuple`));
  if (itemIsMiddle) return { kind: 'list', item: readType(elements, cursor, place) };
  cursor.at++;
  return { kind: 'list', item: readField(elements, cursor, place).type };
}

function readFields(
  elements: readonly ThriftStruct[],
  cursor: Cursor,
  group: { readonly count: number; readonly place: Place },
): readonly Column[] {
  return Array.from({ length: group.count }, (_, index) => {
    const name = textAt(elementAt(elements, cursor.at), 4) ?? '';
    const hint = group.place.hint.children[index] ?? noHint;
    return { name, ...readField(elements, cursor, { ...group.place, hint, path: `${group.place.path}.${name}` }) };
  });
}

function leafType(element: ThriftStruct, place: Place): DataType {
  const type = integerAt(element, 1);
  const logical = structAt(element, 10) ?? new Map();
  const converted = integerAt(element, 6);
  const nested = place.path.endsWith(']') || place.path.includes('.');
  if (converted === 21 || logical.has(16)) throw lossy(place, describeElement(element));
  if (logical.has(11)) return { kind: 'null' };
  if (logical.has(5) || converted === 5) return decimalType(element, logical, place);
  switch (type) {
    case physical.boolean:
      return { kind: 'bool' };
    case physical.int32:
      return int32Type(logical, converted);
    case physical.int64:
      return int64Type(logical, converted, place.hint);
    case physical.int96:
      return { kind: 'timestamp', unit: 'ns' };
    case physical.float:
      return { kind: 'float32' };
    case physical.double:
      return { kind: 'float64' };
    case physical.bytes:
      if (logical.has(12) || converted === 19) return { kind: nested ? 'binary' : 'json' };
      return logical.has(1) || logical.has(4) || converted === 0 || converted === 4 ? { kind: 'string' } : { kind: 'binary' };
    case physical.fixed:
      if (logical.has(15)) return { kind: 'float32' };
      return logical.has(14) && !nested ? { kind: 'uuid' } : { kind: 'binary' };
    default:
      throw new ThriftDamaged(`physical type ${type}`);
  }
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

function decimalType(element: ThriftStruct, logical: ThriftStruct, place: Place): DataType {
  const decimal = structAt(logical, 5);
  const precision = (decimal && integerAt(decimal, 2)) ?? integerAt(element, 8) ?? 0;
  const scale = (decimal && integerAt(decimal, 1)) ?? integerAt(element, 7) ?? 0;
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) throw lossy(place, `DECIMAL(${precision},${scale})`);
  return { kind: 'decimal', precision, scale };
}

function readingOf(element: ThriftStruct, type: DataType, hint: ArrowHint): FileColumn['reading'] {
  if (type.kind === 'uuid') return 'uuid from bytes';
  if (type.kind === 'json') return 'text from bytes';
  if (type.kind === 'string' && hint.dictionary) return 'text from categories';
  if (type.kind === 'float32' && integerAt(element, 1) === physical.fixed) return 'float from half';
  return integerAt(element, 1) === physical.int96 ? 'check range' : 'as is';
}

const physicalNames = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'];
const logicalNames: Readonly<Record<number, string>> = {
  1: 'STRING', 2: 'MAP', 3: 'LIST', 4: 'ENUM', 5: 'DECIMAL', 6: 'DATE', 7: 'TIME', 8: 'TIMESTAMP',
  10: 'INTEGER', 11: 'UNKNOWN', 12: 'JSON', 13: 'BSON', 14: 'UUID', 15: 'FLOAT16', 16: 'VARIANT',
}; // biome-ignore format: a table
const convertedNames = [
  'UTF8', 'MAP', 'MAP_KEY_VALUE', 'LIST', 'ENUM', 'DECIMAL', 'DATE', 'TIME_MILLIS', 'TIME_MICROS', 'TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS',
  'UINT_8', 'UINT_16', 'UINT_32', 'UINT_64', 'INT_8', 'INT_16', 'INT_32', 'INT_64', 'JSON', 'BSON', 'INTERVAL',
]; // biome-ignore format: a table

/** The file's own words for a column's type: `INT64 TIMESTAMP`. */
function describeElement(element: ThriftStruct): string {
  const logical = structAt(element, 10);
  const id = logical && [...logical.keys()][0];
  const meaning = id === undefined ? convertedNames[integerAt(element, 6) ?? -1] : logicalNames[id];
  return [physicalNames[integerAt(element, 1) ?? -1], meaning].filter((word) => word !== undefined).join(' ') || 'GROUP';
}

function lossy(place: Place, type: string): Error {
  return parquetError('HYG-3106', `Column ${place.path} of ${place.file} is ${type}, which can't be carried over without loss.`);
}

/** Polars takes `*` and `^…$` for patterns, and cannot hold two columns of one name. */
function checkNames(columns: readonly Column[], file: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw parquetError('HYG-3109', `${file} has two columns named ${JSON.stringify(name)}.`);
    if (name === '*' || (name.startsWith('^') && name.endsWith('$')))
      throw parquetError('HYG-3109', `${file} has a column named ${JSON.stringify(name)}, which reads like a pattern.`);
    seen.add(name);
  }
}

function elementAt(elements: readonly ThriftStruct[], at: number): ThriftStruct {
  const element = elements[at];
  if (element === undefined) throw new ThriftDamaged('the schema ends too early');
  return element;
}
