/** The column types of SQL Server for hygge's values, and what the columns of a table can store. */
import type { Change, HowChanged, StoredType } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import { hasExactJson } from '../../frames/documents.ts';
import type { DataType, TimeUnit } from '../../frames/schema.ts';

/** Types that settle as another type, since SQL Server has no own type for them. */
const standIns: Readonly<Partial<Record<DataType['kind'], DataType>>> = {
  ...{ int8: { kind: 'int16' }, uint16: { kind: 'int32' }, uint32: { kind: 'int64' } },
  ...{ uint64: { kind: 'decimal', precision: 20, scale: 0 }, null: { kind: 'string' } },
};

/** What a new column for values of the type would store; undefined: no column can store them. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'timestamp':
      // A tick is 100 ns: a value with a finer time is refused when it occurs.
      return { type: { kind: 'timestamp', unit: type.unit, ...(type.zone === undefined ? {} : { zone: 'UTC' }) } };
    case 'duration':
      return undefined;
    case 'list':
    case 'struct':
      return hasExactJson(type) ? { type } : undefined;
    default:
      return { type: standIns[type.kind] ?? type };
  }
}

const digitsOf: Readonly<Record<TimeUnit, number>> = { ms: 3, us: 6, ns: 7 };

const plain: Readonly<Partial<Record<DataType['kind'], string>>> = {
  ...{ bool: 'bit', uint8: 'tinyint', int8: 'smallint', int16: 'smallint', uint16: 'int', int32: 'int', uint32: 'bigint', int64: 'bigint' },
  ...{ uint64: 'decimal(20,0)', float32: 'real', float64: 'float', binary: 'varbinary(max)', uuid: 'uniqueidentifier', date: 'date' },
};

/** The declaration of a column for values of the type, in the words of the catalogue. Texts and documents have no limit. */
export function declared(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
      return `time(${digitsOf[type.unit]})`;
    case 'timestamp':
      return `${type.zone === undefined ? 'datetime2' : 'datetimeoffset'}(${digitsOf[type.unit]})`;
    default:
      return plain[type.kind] ?? 'nvarchar(max)';
  }
}

const whole: Readonly<Record<string, DataType>> = {
  ...{ bit: { kind: 'bool' }, tinyint: { kind: 'uint8' }, smallint: { kind: 'int16' }, int: { kind: 'int32' }, bigint: { kind: 'int64' } },
  ...{
    real: { kind: 'float32' },
    float: { kind: 'float64' },
    date: { kind: 'date' },
    uniqueidentifier: { kind: 'uuid' },
    json: { kind: 'json' },
  },
  money: { kind: 'decimal', precision: 19, scale: 4 },
  smallmoney: { kind: 'decimal', precision: 10, scale: 4 },
  // Types of a fixed length are missing here: SQL Server pads them with blanks or zeros, which are not part of the value.
  ...{ varchar: { kind: 'string' }, nvarchar: { kind: 'string' }, varbinary: { kind: 'binary' } },
};

/** What a type stores, if its name is enough to know; undefined: another type, such as a time. */
export function namedType(name: string, [precision, scale]: readonly (string | undefined)[]): DataType | undefined {
  if (name !== 'decimal' && name !== 'numeric') return whole[name];
  return { kind: 'decimal', precision: Number(precision ?? 18), scale: Number(scale ?? 0) };
}

export const partsOf = (declaration: string): readonly (string | undefined)[] =>
  (/^([a-z0-9]+)(?:\((\w+)(?:,(\d+))?\))?$/.exec(declaration) ?? []).slice(1);

/** What a column stores, by its declaration; undefined: hygge writes no values of this type. */
export function holds(declaration: string): StoredType | undefined {
  const [name = '', first, second] = partsOf(declaration);
  const known = namedType(name, [first, second]);
  if (known) return { type: known };
  // Ticks of 1/300 of a second.
  if (name === 'datetime') return { type: { kind: 'timestamp', unit: 'ms' }, digits: 2 };
  if (name !== 'time' && name !== 'datetime2' && name !== 'datetimeoffset') return undefined;
  const digits = Number(first ?? 7);
  const unit = digits > 6 ? 'ns' : digits === 3 ? 'ms' : 'us';
  const zone = name === 'datetimeoffset' ? { zone: 'UTC' } : {};
  const type: DataType = name === 'time' ? { kind: 'time', unit } : { kind: 'timestamp', unit, ...zone };
  return digits >= digitsOf[unit] ? { type } : { type, digits };
}

/** Columns that also accept other values than their own: the years of microseconds, and documents as texts. */
export function takes(declaration: string, type: DataType): boolean {
  const [name = '', first] = partsOf(declaration);
  if (name === 'datetime2' || name === 'datetimeoffset')
    return type.kind === 'timestamp' && (type.zone === undefined) === (name === 'datetime2') && Number(first ?? 7) >= digitsOf[type.unit];
  if (declaration === 'nvarchar(max)' || declaration === 'json')
    return type.kind === 'struct' || type.kind === 'list' || type.kind === 'json';
  return false;
}

/** The length of a type: characters of a text type, bytes of a binary type. */
export function lengthOf(declaration: string): number | null {
  const [name = '', first] = partsOf(declaration);
  return /^n?varchar$|^varbinary$/.test(name) && first !== undefined && first !== 'max' ? Number(first) : null;
}

const spelt: Readonly<Record<string, string>> = { integer: 'int', dec: 'decimal', numeric: 'decimal', 'double precision': 'float' };
const lengths: Readonly<Record<string, number>> = { varchar: 8000, nvarchar: 4000, varbinary: 8000 };

/** Which types of T-SQL an engine has. */
export interface TypeFamily {
  holds(declaration: string): StoredType | undefined;
  /** The maximum declared length of a type of texts or bytes. */
  readonly lengths: Readonly<Record<string, number>>;
  /** The digits of times that are declared without digits. */
  readonly timeDigits: number;
}

/** A type as a person writes it, `varchar(20)`, in the words of the catalogue; undefined: hygge writes no values of this type. */
export const ownType = (written: string): OwnType | undefined => typeOf(written, { holds, lengths, timeDigits: 7 });

/** The same type of another family. */
export function typeOf(written: string, { holds, lengths, timeDigits }: TypeFamily): OwnType | undefined {
  const text = written
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),]) ?/g, '$1');
  const [, name = '', digits = ''] = /^([a-z0-9 ]+?)(\(\w+(?:,\d+)?\))?$/.exec(text) ?? [];
  const called = spelt[name] ?? name;
  const short = /^decimal(\(\d+\))?$/.exec(`${called}${digits}`);
  const timed = /^(time|datetime2|datetimeoffset)$/.test(called) && digits === '' ? `(${timeDigits})` : digits;
  const declaration = short ? `decimal(${digits.slice(1, -1) || '18'},0)` : `${called}${timed}`;
  const found = holds(declaration);
  const [, first] = partsOf(declaration);
  const longest = lengths[called];
  const isTooLong = longest !== undefined && first !== 'max' && !(Number(first ?? 0) >= 1 && Number(first) <= longest);
  // A time column with fewer digits than its values would round them without an error.
  if (found === undefined || found.digits !== undefined || isTooLong || (found.type.kind === 'decimal' && !isDecimal(found.type)))
    return undefined;
  const most = found.type.kind === 'string' ? lengthOf(declaration) : null;
  return { type: found.type, declared: declaration, ...(most === null ? {} : { most }) };
}

const isDecimal = ({ precision, scale }: { readonly precision: number; readonly scale: number }): boolean =>
  precision >= 1 && precision <= 38 && scale <= precision;

/** Adding a column that may be null changes no row. */
export function howChanged(change: Change): HowChanged {
  return change.change === 'widen' ? (change.to.kind === 'string' ? 'in place' : 'rewrites') : 'in place';
}
