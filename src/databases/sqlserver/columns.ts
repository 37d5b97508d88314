/** The column types of SQL Server for hygge’s values, and what the columns of a table can store. */
import type { Change, HowChanged, StoredType } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import { hasExactJson } from '../../frames/documents.ts';
import type { DataType, TimeUnit } from '../../frames/schema.ts';

/** Types that settle as another type, because SQL Server has no type for them. */
const standIns: Readonly<Partial<Record<DataType['kind'], DataType>>> = {
  ...{ int8: { kind: 'int16' }, uint16: { kind: 'int32' }, uint32: { kind: 'int64' } },
  ...{ uint64: { kind: 'decimal', precision: 20, scale: 0 }, null: { kind: 'string' } },
};

/** What a new column for values of the type would store. Undefined: no column can store the values. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'timestamp':
      // SQL Server’s times have ticks of 100 ns, so a value with a finer time is refused when it occurs.
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
  // Types of a fixed length are left out. SQL Server pads their values with blanks or zeros, which are not part of the value.
  ...{ varchar: { kind: 'string' }, nvarchar: { kind: 'string' }, varbinary: { kind: 'binary' } },
};

/** The type of the values that a type stores, if the type’s name is enough to know. Undefined: the name is not enough, as for times. */
export function namedType(name: string, [precision, scale]: readonly (string | undefined)[]): DataType | undefined {
  if (name !== 'decimal' && name !== 'numeric') return whole[name];
  return { kind: 'decimal', precision: Number(precision ?? 18), scale: Number(scale ?? 0) };
}

export const partsOf = (declaration: string): readonly (string | undefined)[] =>
  (/^([a-z0-9]+)(?:\((\w+)(?:,(\d+))?\))?$/.exec(declaration) ?? []).slice(1);

/** The type of the values that a column stores, by its declaration. Undefined: hygge writes no values of this type. */
export function holds(declaration: string): StoredType | undefined {
  const [name = '', first, second] = partsOf(declaration);
  const known = namedType(name, [first, second]);
  if (known) return { type: known };
  // A `datetime` has ticks of 1/300 of a second.
  if (name === 'datetime') return { type: { kind: 'timestamp', unit: 'ms' }, digits: 2 };
  if (name !== 'time' && name !== 'datetime2' && name !== 'datetimeoffset') return undefined;
  const digits = Number(first ?? 7);
  const unit = digits > 6 ? 'ns' : digits === 3 ? 'ms' : 'us';
  const zone = name === 'datetimeoffset' ? { zone: 'UTC' } : {};
  const type: DataType = name === 'time' ? { kind: 'time', unit } : { kind: 'timestamp', unit, ...zone };
  return digits >= digitsOf[unit] ? { type } : { type, digits };
}

/** Whether a column also accepts values of another type: times with the years of microseconds, and documents as texts. */
export function takes(declaration: string, type: DataType): boolean {
  const [name = '', first] = partsOf(declaration);
  if (name === 'datetime2' || name === 'datetimeoffset')
    return type.kind === 'timestamp' && (type.zone === undefined) === (name === 'datetime2') && Number(first ?? 7) >= digitsOf[type.unit];
  if (declaration === 'nvarchar(max)' || declaration === 'json')
    return type.kind === 'struct' || type.kind === 'list' || type.kind === 'json';
  return false;
}

/** The length of a type, in characters of a text type or in bytes of a binary type. Null: the type has no length. */
export function lengthOf(declaration: string): number | null {
  const [name = '', first] = partsOf(declaration);
  return /^n?varchar$|^varbinary$/.test(name) && first !== undefined && first !== 'max' ? Number(first) : null;
}

const spelt: Readonly<Record<string, string>> = { integer: 'int', dec: 'decimal', numeric: 'decimal', 'double precision': 'float' };
const lengths: Readonly<Record<string, number>> = { varchar: 8000, nvarchar: 4000, varbinary: 8000 };

/** The types of T-SQL that an engine has. */
export interface TypeFamily {
  holds(declaration: string): StoredType | undefined;
  /** The maximum declared length of each type of texts or bytes. */
  readonly lengths: Readonly<Record<string, number>>;
  /** The number of digits of a second in a time type that is declared without digits. */
  readonly timeDigits: number;
}

/** A type as a person writes it, such as `varchar(20)`, in the words of the catalogue. Undefined: hygge writes no values of this type. */
export const ownType = (written: string): OwnType | undefined => typeOf(written, { holds, lengths, timeDigits: 7 });

/** A type as a person writes it, for the types of another engine. */
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
  // A time column with fewer digits than its values would silently round the values, so such types are refused.
  if (found === undefined || found.digits !== undefined || isTooLong || (found.type.kind === 'decimal' && !isDecimal(found.type)))
    return undefined;
  const most = found.type.kind === 'string' ? lengthOf(declaration) : null;
  return { type: found.type, declared: declaration, ...(most === null ? {} : { most }) };
}

const isDecimal = ({ precision, scale }: { readonly precision: number; readonly scale: number }): boolean =>
  precision >= 1 && precision <= 38 && scale <= precision;

/** How SQL Server changes a table. Adding a column that may be null changes no row. */
export function howChanged(change: Change): HowChanged {
  return change.change === 'widen' ? (change.to.kind === 'string' ? 'in place' : 'rewrites') : 'in place';
}
