/** The column types of MySQL and MariaDB for hygge’s values, and what the columns of a table can store. */
import type { Change, HowChanged, StoredType } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import { hasExactJson } from '../../frames/documents.ts';
import type { DataType } from '../../frames/schema.ts';
import { typeReadAs } from './types.ts';

/** The maximum number of digits after the point in a DECIMAL. */
const mostScale = 30;

/** What a new column for values of the type would store. Undefined: no column stores the values exactly. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'decimal':
      return type.scale <= mostScale ? { type } : undefined;
    case 'timestamp':
      return type.unit === 'ns' ? undefined : { type: { ...type, unit: 'us' } };
    case 'time':
    case 'duration':
      return type.unit === 'ns' ? undefined : { type: { kind: type.kind, unit: 'us' } };
    case 'null':
      return { type: { kind: 'string' } };
    case 'list':
    case 'struct':
      return hasExactJson(type) ? { type } : undefined;
    default:
      return { type };
  }
}

const plain = {
  bool: 'tinyint(1)',
  int8: 'tinyint',
  int16: 'smallint',
  int32: 'int',
  int64: 'bigint',
  uint8: 'tinyint unsigned',
  uint16: 'smallint unsigned',
  uint32: 'int unsigned',
  uint64: 'bigint unsigned',
  float32: 'float',
  float64: 'double',
  string: 'longtext',
  binary: 'longblob',
  uuid: 'char(36)',
  json: 'json',
  list: 'json',
  struct: 'json',
  date: 'date',
  // Instants are stored in UTC as DATETIME, because a TIMESTAMP ends in 2038.
  timestamp: 'datetime(6)',
  time: 'time(6)',
  duration: 'time(6)',
  null: 'longtext',
} as const;

/** The declaration of a column for values of the type, in the words of the catalogue. */
export function declared(type: DataType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : plain[type.kind];
}

/** The declaration of a column after its type is widened. A TIMESTAMP stays a TIMESTAMP, because each session sees its values in the session’s own time zone. */
export function widened(declaration: string, to: DataType): string {
  const isInstant = to.kind === 'timestamp' && to.zone !== undefined;
  return isInstant && declaration.startsWith('timestamp') ? 'timestamp(6)' : declared(to);
}

/** Whether hygge stores values of a type in a column, in addition to the type that `holds` returns. */
export function takes(declaration: string, type: DataType): boolean {
  const also: readonly DataType['kind'][] = ['bool', 'uuid', 'time', 'duration', 'json', 'list', 'struct'];
  const isInstant = type.kind === 'timestamp' && type.zone !== undefined;
  return (isInstant || also.includes(type.kind)) && type.kind !== 'null' && declared(type) === declaration;
}

/** The declaration in the catalogue without display widths, which older servers show, and which have no effect. */
export function plainly(declaration: string): string {
  const text =
    declaration.toLowerCase().startsWith('enum') || declaration.toLowerCase().startsWith('set') ? declaration : declaration.toLowerCase();
  if (/^tinyint\(1\)(?! unsigned)/.test(text)) return text;
  return text.replace(/^(tinyint|smallint|mediumint|int|bigint)\(\d+\)/, '$1');
}

/** The type of the values that a column stores, by its declaration. Undefined: hygge writes no values of this type. */
export function holds(declaration: string): StoredType | undefined {
  const name = /^\w+/.exec(declaration)?.[0] ?? '';
  if (unwritten.test(name)) return undefined;
  const { type, shownAsText } = typeReadAs(declaration, false);
  if (shownAsText && name !== 'uuid') return undefined;
  const digits = /^(?:datetime|timestamp|time)(?:\((\d)\))?/.exec(declaration);
  const kept = digits === null ? 6 : Number(digits[1] ?? 0);
  return kept < 6 ? { type, digits: kept } : { type };
}

/** Types that hygge does not write: types with their own rules for values, and words that are not types. */
const unwritten =
  /^(?!(?:tiny|small|medium|big)?int$|float$|double$|decimal$|date$|datetime$|timestamp$|time$|uuid$|json$|bit$|char$|varchar$|(?:tiny|medium|long)?text$|(?:tiny|medium|long)?blob$|binary$|varbinary$)/;

/** The length of a text type in characters. Null: the type has no such length. */
export function lengthOf(declaration: string): number | null {
  const [, length] = /^(?:var)?(?:char|binary)\((\d+)\)$/.exec(declaration) ?? [];
  return length === undefined ? null : Number(length);
}

const spelt: Readonly<Record<string, string>> = {
  ...{ bool: 'tinyint(1)', boolean: 'tinyint(1)', integer: 'int', int4: 'int', int8: 'bigint', numeric: 'decimal', dec: 'decimal' },
  ...{ 'double precision': 'double', real: 'double', 'character varying': 'varchar' },
  // Types with a limit in bytes become the largest type, because the length in bytes is unknown before the texts are written. The server would cut longer values without an error: see `altersValue`.
  ...{ tinyblob: 'longblob', blob: 'longblob', mediumblob: 'longblob' },
};

/** A type as a person writes it, such as `varchar(20)`, in the words of the catalogue. Undefined: hygge writes no values of this type. */
export function ownType(written: string): OwnType | undefined {
  const text = written.trim().toLowerCase().replace(/\s+/g, ' ');
  const [, name = '', digits = '', unsigned = ''] =
    /^([a-z0-9 ]+?) ?(\( ?\d+ ?(?:, ?\d+ ?)?\))?( unsigned)?$/.exec(text.replace(/ unsigned$/, '')) ?? [];
  const isUnsigned = / unsigned$/.test(text) || unsigned !== '';
  const word = spelt[name] ?? name;
  const whole = `${word}${digits.replaceAll(' ', '')}`.replace(/^decimal\((\d+)\)$/, 'decimal($1,0)');
  const declaration = plainly(`${whole}${isUnsigned ? ' unsigned' : ''}`);
  const found = holds(declaration);
  const needsLength = /^(varchar|varbinary)$/.test(declaration) || declaration === 'decimal';
  // The server would silently cut times and floats with more digits than the type, and pad a blob of a fixed length. So such types are refused.
  if (found === undefined || found.digits !== undefined || needsLength || /^(?:(?:binary|char|bit)\b|(?:float|double)\()/.test(declaration))
    return undefined;
  if (found.type.kind === 'decimal' && (found.type.precision > 38 || found.type.scale > Math.min(mostScale, found.type.precision)))
    return undefined;
  const most = found.type.kind === 'string' ? (lengthOf(declaration) ?? shorter[declaration] ?? null) : null;
  return { type: found.type, declared: declaration, ...(most === null ? {} : { most }) };
}

/** The number of characters that always fit in a type with a limit in bytes. A character has at most four bytes. */
const shorter: Readonly<Record<string, number>> = { tinytext: 63, text: 16_383, mediumtext: 4_194_303 };

/** How the server changes a table. The server copies the table, unless a column is added at the end. */
export function howChanged(change: Change): HowChanged {
  if (change.change === 'add column' || change.change === 'rename column') return 'in place';
  return 'rewrites';
}

/** An expression as a value of the type. CAST does not accept `longtext` and similar types. @param expression a column of the type, or a canonical text. */
export function asType(expression: string, type: DataType): string {
  switch (type.kind) {
    case 'bool':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return `CAST(${expression} AS SIGNED)`;
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return `CAST(${expression} AS UNSIGNED)`;
    case 'float32':
    case 'float64':
      return `(${expression} + 0e0)`;
    case 'decimal':
      return `CAST(${expression} AS DECIMAL(${type.precision}, ${type.scale}))`;
    case 'date':
      return `CAST(${expression} AS DATE)`;
    case 'timestamp':
      return `CAST(REPLACE(${expression}, 'Z', '') AS DATETIME(6))`;
    case 'time':
    case 'duration':
      return `CAST(${expression} AS TIME(6))`;
    case 'binary':
      return `CAST(${expression} AS BINARY)`;
    default:
      return `CAST(${expression} AS CHAR)`;
  }
}

const mostBytes: Readonly<Record<string, number>> = {
  ...{ tinytext: 255, text: 65_535, mediumtext: 16_777_215, tinyblob: 255, blob: 65_535, mediumblob: 16_777_215 },
};

/** The character set of a collation: https://dev.mysql.com/doc/refman/8.0/en/charset-collation-names.html */
export const charsetOf = (collation: string): string => collation.split('_')[0] ?? collation;

/** A condition for values that a column with this declaration would change without an error, even in strict mode. */
export function altersValue(value: string, { to, collation }: { readonly to: string; readonly collation: string | null }): string {
  const [, name = '', length, scale] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(to) ?? [];
  // The server rounds the value in this way for FLOAT(7,2) and DOUBLE(12,2).
  const kept = scale === undefined ? value : `(FLOOR(${value}) + ROUND(${value} - FLOOR(${value}), ${scale}))`;
  const bytes = mostBytes[name];
  // The server silently cuts a text or blob that goes into a smaller type to its length modulo 256 or 65,536.
  if (bytes !== undefined) return `LENGTH(${collation === null ? value : `CONVERT(${value} USING ${charsetOf(collation)})`}) > ${bytes}`;
  switch (name) {
    case 'varchar':
      return `CHAR_LENGTH(${value}) > ${length}`;
    case 'char':
      return `(CHAR_LENGTH(${value}) > ${length} OR ${value} LIKE '% ')`;
    case 'binary':
      return `LENGTH(${value}) <> ${length}`;
    case 'varbinary':
      return `LENGTH(${value}) > ${length}`;
    case 'decimal':
      return `NOT (CAST(${value} AS ${to.replace(' unsigned', '')}) <=> ${value})`;
    case 'float':
      return `NOT ((CAST(${kept} AS FLOAT) + 0e0) <=> (${value} + 0e0))`;
    case 'double':
      return `NOT (${kept} <=> ${value})`;
    case 'datetime':
    case 'timestamp':
      return `NOT (CAST(${value} AS DATETIME(${length ?? 0})) <=> ${value})`;
    case 'time':
      return `NOT (CAST(${value} AS TIME(${length ?? 0})) <=> ${value})`;
    case 'date':
      return `NOT (CAST(${value} AS DATE) <=> ${value})`;
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
      return `NOT (ROUND(${value}) <=> ${value})`;
    default:
      return '1 = 0';
  }
}
