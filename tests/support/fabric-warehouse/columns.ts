/**
 * Columns of a Warehouse, and what they take. Sources: "Data types in Fabric Data Warehouse" (which types, six digits of a second, 16 MB), "CREATE TABLE
 * (Fabric Data Warehouse)", "IDENTITY columns in Fabric Data Warehouse", "Collation", "Tables", and "Database engine events and errors 24000 to 24999" for the
 * numbers 24574, 24584, 24597, 24741 and 24742. Numbers below 24000 are those of SQL Server for the same mistake.
 */

import type { Value } from '../tds/values.ts';
import { clausesOf, dotted, parenthesized, partsOf, tokensOf } from '../tsql/scan.ts';
import { plain, ServerError } from '../tsql/sqlite.ts';
import { clockText, dateText, decimalText, momentOf, rounded, unscaledOf } from '../tsql/types.ts';

export interface WarehouseColumn {
  readonly name: string;
  /** As T-SQL declares it, in lower case: `varchar(8000)`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly collation: string | null;
  readonly counted: boolean;
}

/** "Collation": the default of a Warehouse, and the other one that it may have. */
export const warehouseCollation = 'Latin1_General_100_BIN2_UTF8';
const collations = new Set([warehouseCollation, 'Latin1_General_100_CI_AS_KS_WS_SC_UTF8']);

const synonyms: Readonly<Record<string, string>> = { integer: 'int', dec: 'decimal', 'double precision': 'float' };
const supported = new Set(
  'bit smallint int bigint decimal numeric float real date time datetime2 char varchar varbinary uniqueidentifier'.split(' '),
);
/** "Data types": storage in `varchar(max)` and `varbinary(max)`. */
export const mostBytes = 16 * 1024 * 1024;

export interface TypeParts {
  readonly name: string;
  readonly length: number | 'max';
  readonly precision: number;
  readonly scale: number;
}

export function typeParts(type: string): TypeParts {
  const [, name = '', first, second] = /^(\w+)(?:\(\s*(\w+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(type.trim().toLowerCase()) ?? [];
  const isTimed = name === 'time' || name === 'datetime2';
  return {
    name,
    length: first === 'max' ? 'max' : Number(first ?? 1),
    precision: Number(first ?? 18),
    scale: isTimed ? Number(first ?? 7) : Number(second ?? 0),
  };
}

/** A type as it may be stored; anything else is refused. */
export function storedType(column: string, written: string): string {
  const lower = written.trim().toLowerCase().replace(/\s+/g, '');
  const [, said = '', sizes = ''] = /^(\w+)(\(.*\))?$/.exec(lower) ?? [];
  const type = `${synonyms[said] ?? said}${sizes}`;
  const { name, length, precision, scale } = typeParts(type);
  if (!supported.has(name))
    throw new ServerError(24574, `The data type '${lower}' in column '${column}' is not supported in this edition of SQL Server.`);
  if (/^(var)?(char|binary)$/.test(name)) {
    if (length !== 'max' && (length > 8000 || length < 1))
      throw new ServerError(
        131,
        `The size (${length}) given to the column '${column}' exceeds the maximum allowed for any data type (8000).`,
      );
    if (length === 'max' && name === 'char') throw new ServerError(102, "Incorrect syntax near 'max'.");
    return `${name}(${length})`;
  }
  if (name === 'time' || name === 'datetime2') {
    if (scale > 6) throw new ServerError(24597, 'An integer precision value between 0 and 6 must be specified.');
    return `${name}(${scale})`;
  }
  if (name === 'decimal' || name === 'numeric') {
    if (precision > 38)
      throw new ServerError(
        2750,
        `Column or parameter '${column}': Specified column precision ${precision} is greater than the maximum precision of 38.`,
      );
    if (scale > precision) throw new ServerError(192, 'The scale must be less than or equal to the precision.');
    return `decimal(${precision},${scale})`;
  }
  return name === 'float' && sizes !== '' && precision <= 24 ? 'real' : name;
}

/** A column of CREATE TABLE or of ADD. */
export function columnIn(written: string, statement: 'CREATE TABLE' | 'ALTER TABLE'): WarehouseColumn {
  const { parts, rest } = dotted(written);
  const name = plain(parts[0] ?? '');
  const [first] = tokensOf(rest);
  const sized = first === undefined ? undefined : parenthesized(rest.slice(first.end).trim());
  const type = `${first?.text.replace(/^\[|\]$/g, '') ?? ''}${sized === undefined ? '' : `(${sized[0]})`}`;
  const after = first === undefined ? '' : sized === undefined ? rest.slice(first.end).trim() : sized[1];
  const words = tokensOf(after).map(({ text }) => text.toUpperCase());
  // "Primary, foreign, and unique keys": keys are added by ALTER TABLE, and default constraints are not supported. For the others the number is a guess.
  const keyword = ['PRIMARY', 'UNIQUE', 'REFERENCES', 'DEFAULT', 'CHECK', 'MASKED', 'SPARSE', 'ROWGUIDCOL', 'GENERATED'].find((one) =>
    words.includes(one),
  );
  if (keyword !== undefined || first?.text.toUpperCase() === 'AS')
    throw notSupported(keyword === 'PRIMARY' ? 'PRIMARY KEY' : (keyword ?? 'AS'), statement);
  const counted = words.includes('IDENTITY');
  const stored = storedType(name, type);
  if (counted && stored !== 'bigint') throw new ServerError(24741, `Identity column '${name}' must be of data type BIGINT.`);
  if (counted && /identity\s*\(/i.test(after))
    throw new ServerError(24742, `Identity column '${name}' does not support specifying SEED or INCREMENT.`);
  const [, collation = warehouseCollation] = /collate\s+(\w+)/i.exec(after) ?? [];
  if (!collations.has(collation))
    throw new ServerError(24574, `The collation '${collation}' is not supported in this edition of SQL Server.`);
  const isText = /char/.test(stored);
  return { name, type: stored, nullable: !/\bnot\s+null\b/i.test(after) && !counted, collation: isText ? collation : null, counted };
}

export const notSupported = (keyword: string, statement: string): ServerError =>
  new ServerError(24584, `The ${keyword} keyword is not supported in the ${statement} statement in this edition of SQL Server.`);

/** What stands in the parentheses of CREATE TABLE. */
export function columnsIn(written: string): readonly WarehouseColumn[] {
  const columns = partsOf(written, ',').map((part) => {
    const [first] = tokensOf(part);
    const word = first?.kind === 'word' ? first.text.toUpperCase() : '';
    if (['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'INDEX'].includes(word)) {
      const key = clausesOf(part, ['PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK']);
      throw notSupported(key.PRIMARY !== undefined ? 'PRIMARY KEY' : word, 'CREATE TABLE');
    }
    return columnIn(part, 'CREATE TABLE');
  });
  // "Tables": 1,024 columns.
  if (columns.length > 1024) throw new ServerError(1702, 'CREATE TABLE failed because it exceeds the maximum of 1024 columns.');
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new ServerError(2705, `Column names in each table must be unique. Column name '${twice}' is specified more than once.`);
  return columns;
}

/** SQLite's own declaration. Texts are equal whatever blanks follow them, as in T-SQL. */
export function sqliteColumn({ type, collation }: WarehouseColumn): string {
  if (/^(bit|smallint|int|bigint)$/.test(type)) return 'integer';
  if (/^(float|real)$/.test(type)) return 'real';
  if (type.startsWith('varbinary')) return 'blob';
  return collation === null ? 'text' : `text collate ${sqliteCollation(collation)}`;
}

export const sqliteCollation = (collation: string): string => (/_CI_/.test(collation) ? 'nocase' : 'rtrim');

const ranges: Readonly<Record<string, bigint>> = { smallint: 15n, int: 31n, bigint: 63n };

/** A text by the bytes that its column holds, cut between two characters. */
export function cutTo(text: string, bytes: number): string {
  const all = Buffer.from(text, 'utf8');
  if (all.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((all[end] ?? 0) & 0xc0) === 0x80) end--;
  return all.subarray(0, end).toString('utf8');
}

const failed = (value: Value, type: string): ServerError =>
  new ServerError(245, `Conversion failed when converting the value '${value}' to data type ${type}.`);

/** Half away from zero, as T-SQL rounds what a decimal has no digits for. */
function asDecimal(text: string, precision: number, scale: number, type: string): string {
  const plainer = /e/i.test(text) ? Number(text).toFixed(Math.min(scale + 1, 20)) : text;
  let unscaled: bigint;
  try {
    unscaled = unscaledOf(plainer, scale + 1);
  } catch {
    throw failed(text, type);
  }
  const whole = (unscaled + (unscaled < 0n ? -5n : 5n)) / 10n;
  if (String(whole).replace('-', '').length > precision)
    throw new ServerError(8115, `Arithmetic overflow error converting numeric to data type ${type}.`);
  return decimalText(whole, scale);
}

/** A value as a column keeps it. Texts that are too long end the statement; COPY INTO cuts them beforehand. */
export function stored({ name, type, nullable }: WarehouseColumn, value: Value | undefined, table: string): Value {
  if (value === null || value === undefined) {
    if (!nullable)
      throw new ServerError(
        515,
        `Cannot insert the value NULL into column '${name}', table '${table}'; column does not allow nulls. INSERT fails.`,
      );
    return null;
  }
  const parts = typeParts(type);
  const most = parts.length === 'max' ? mostBytes : parts.length;
  const tooLong = () => new ServerError(2628, `String or binary data would be truncated in table '${table}', column '${name}'.`);
  switch (parts.name) {
    case 'varbinary': {
      if (!(value instanceof Uint8Array)) throw new ServerError(257, `Implicit conversion to data type varbinary is not allowed.`);
      if (value.length > most) throw tooLong();
      return value;
    }
    case 'varchar':
    case 'char': {
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
      if (Buffer.byteLength(text) > most) throw tooLong();
      return parts.name === 'char' ? text + ' '.repeat(most - Buffer.byteLength(text)) : text;
    }
    case 'bit': {
      const text = String(value).toLowerCase();
      if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
      return /^-?\d/.test(text) ? Number(Number(text) !== 0) : raise(failed(value, type));
    }
    case 'smallint':
    case 'int':
    case 'bigint': {
      if (!/^[-+]?\d+(\.\d+)?$/.test(String(value).trim())) throw failed(value, type);
      const whole = BigInt(String(value).trim().replace(/\..*$/, ''));
      const limit = 1n << (ranges[parts.name] ?? 63n);
      if (whole >= limit || whole < -limit)
        throw new ServerError(220, `Arithmetic overflow error for data type ${type}, value = ${value}.`);
      return whole;
    }
    case 'float':
    case 'real': {
      const number = Number(value);
      if (Number.isNaN(number)) throw failed(value, type);
      return parts.name === 'real' ? Math.fround(number) : number;
    }
    case 'decimal':
      return asDecimal(String(value), parts.precision, parts.scale, type);
    case 'uniqueidentifier':
      if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(String(value)))
        throw new ServerError(8169, 'Conversion failed when converting from a character string to uniqueidentifier.');
      return String(value).toUpperCase();
    default:
      return asMoment(String(value), parts);
  }
}

function asMoment(text: string, { name, scale }: TypeParts): string {
  try {
    if (name === 'time') return clockText(rounded(momentOf(text.replace(/^.*[ T]/, '')), scale).ticks, scale);
    const moment = momentOf(text);
    if (name === 'date') return dateText(moment.day);
    const { day, ticks } = rounded(moment, scale);
    return `${dateText(day)} ${clockText(ticks, scale)}`;
  } catch {
    throw new ServerError(241, 'Conversion failed when converting date and/or time from character string.');
  }
}

const raise = (error: Error): never => {
  throw error;
};
