/** The type table of MySQL and MariaDB: the type of hygge that each type is read as, and the format of its bytes. Every value is sent as text. */
import type { DataType } from '../../frames/schema.ts';
import { sameEntryFor, type TypeMapping, typeMapping } from '../source-columns.ts';

/** The format of a value’s text. */
export type Wire =
  | 'bool'
  | 'number'
  | 'long'
  | 'float'
  | 'double'
  | 'decimal'
  | 'text'
  | 'bytes'
  | 'vector'
  | 'date'
  | 'timestamp'
  | 'duration';

const string: DataType = { kind: 'string' };
/** Reads a FLOAT as a double, since the text of a FLOAT has only six of its digits. The text of a DOUBLE has all digits. */
const asDouble = (column: string): string => `(${column} + 0e0)`;
const asNumber = (column: string): string => `(${column} + 0)`;
/** The bytes of a geometry without the first four bytes, which name a reference system. */
const asWkb = (column: string): string => `ST_AsBinary(${column})`;

const bits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 32, int: 32, bigint: 64 };

/** All other types are read as text, including `enum` and `set`, which sort by the numbers of their words. */
const otherwise = typeMapping<Wire>(string, 'text', { shownAsText: true });

const known: Readonly<Record<string, TypeMapping<Wire>>> = {
  year: typeMapping({ kind: 'int16' }, 'number'),
  float: typeMapping({ kind: 'float32' }, 'float', { castInSelect: asDouble }),
  double: typeMapping({ kind: 'float64' }, 'double'),
  date: typeMapping({ kind: 'date' }, 'date', { hasSpecialValues: true }),
  datetime: typeMapping({ kind: 'timestamp', unit: 'us' }, 'timestamp', { hasSpecialValues: true }),
  // Instants arrive in UTC, because the session’s zone is UTC.
  timestamp: typeMapping({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 'timestamp', { hasSpecialValues: true }),
  time: typeMapping({ kind: 'duration', unit: 'us' }, 'duration'),
  uuid: typeMapping({ kind: 'uuid' }, 'text', { shownAsText: true }),
  json: typeMapping({ kind: 'json' }, 'text'),
  // The server’s own text of a vector has only six digits of each number.
  vector: typeMapping(string, 'vector', { shownAsText: true }),
  ...sameEntryFor('binary varbinary tinyblob blob mediumblob longblob', typeMapping<Wire>({ kind: 'binary' }, 'bytes')),
  ...sameEntryFor(
    'geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geomcollection',
    typeMapping<Wire>({ kind: 'binary' }, 'bytes', { castInSelect: asWkb, loss: 'the number of its reference system (SRID) is not kept' }),
  ),
  ...sameEntryFor('char varchar tinytext text mediumtext longtext', typeMapping<Wire>(string, 'text')),
};

/** @param declared the declaration in the catalogue: `decimal(38,10) unsigned`, `tinyint(1)`, `enum('a','b')`. */
export function typeReadAs(declared: string, booleans: boolean): TypeMapping<Wire> {
  const [, name = '', first, second] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(declared.toLowerCase()) ?? [];
  const width = bits[name];
  if (name === 'tinyint' && first === '1' && booleans) return typeMapping({ kind: 'bool' }, 'bool');
  if (width !== undefined) {
    const isUnsigned = /\bunsigned\b/i.test(declared.replace(/\(.*\)/s, ''));
    const loss = /\bzerofill\b/i.test(declared) ? 'zeros in front are not kept' : null;
    return typeMapping({ kind: `${isUnsigned ? 'uint' : 'int'}${width}` } as DataType, width === 64 ? 'long' : 'number', { loss });
  }
  if (name === 'bit') {
    const isOne = (first ?? '1') === '1';
    const loss = isOne ? null : 'the number of its bits is not kept';
    return typeMapping<Wire>(isOne ? { kind: 'bool' } : { kind: 'uint64' }, isOne ? 'bool' : 'long', { castInSelect: asNumber, loss });
  }
  if (name === 'decimal') {
    const [precision, scale] = [Number(first ?? 10), Number(second ?? 0)];
    return precision > 38 ? otherwise : typeMapping({ kind: 'decimal', precision, scale }, 'decimal');
  }
  return known[name] ?? otherwise;
}

/** A column of a result, as the server describes it. */
export interface Field {
  readonly name: string;
  readonly columnType?: number;
  readonly flags?: number | readonly string[];
  readonly columnLength?: number;
  readonly decimals?: number;
  readonly characterSet?: number;
}

const flagged = { unsigned: 32, enum: 256, set: 2048 };
const binary = 63;
const integers: Readonly<Record<number, string>> = { 2: 'smallint', 3: 'int', 8: 'bigint', 9: 'mediumint' };
const plainly: Readonly<Record<number, string>> = {
  ...{ 4: 'float', 5: 'double', 7: 'timestamp', 10: 'date', 11: 'time', 12: 'datetime', 13: 'year', 242: 'vector', 245: 'json' },
  255: 'geometry',
};

/** The type of a query’s column as a table would declare it. Nothing else is known about such a column. */
export function declaredOf({ columnType, flags = 0, columnLength = 0, decimals = 0, characterSet }: Field): string {
  const has = (flag: number): boolean => typeof flags === 'number' && (flags & flag) !== 0;
  const unsigned = has(flagged.unsigned) ? ' unsigned' : '';
  if (columnType === 0 || columnType === 246)
    return `decimal(${columnLength - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1)},${decimals})${unsigned}`;
  if (columnType === 1) return `tinyint${columnLength === 1 ? '(1)' : ''}${unsigned}`;
  if (columnType === 16) return `bit(${columnLength})`;
  const integer = integers[columnType ?? -1];
  if (integer !== undefined) return `${integer}${unsigned}`;
  const found = plainly[columnType ?? -1];
  if (found !== undefined) return found;
  if (has(flagged.enum)) return 'enum';
  if (has(flagged.set)) return 'set';
  return characterSet === binary ? 'varbinary' : 'varchar';
}
