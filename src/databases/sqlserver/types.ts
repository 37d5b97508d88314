/**
 * The type table of SQL Server: what each of its types is read as, and how its values come. The client makes doubles of decimals and money, and
 * texts of code pages by tables of its own: what that would change is converted by the server, in the SELECT list.
 */
import type { DataType } from '../../frames/schema.ts';

/** As what the client gives a value. */
export type Wire =
  | { readonly as: 'bool' | 'number' | 'real' | 'float' | 'bigint' | 'text' | 'bytes' | 'rowversion' | 'date' | 'time' }
  /** A double that holds all of its digits, or a text. */
  | { readonly as: 'decimal'; readonly scale: number }
  /** A `Date`, and the ticks of 100 ns that it has no room for. */
  | { readonly as: 'timestamp'; readonly unit: 'us' | 'ns' };

export interface ReadAs {
  readonly type: DataType;
  readonly wire: Wire;
  /** Its place in the SELECT list, of the quoted column; null: it is sent as it is. */
  readonly select: ((column: string) => string) | null;
  /** Nothing of ours holds it, or its order is another one. */
  readonly shownAsText: boolean;
  /** Some of its values ours can't hold. */
  readonly hasSpecialValues: boolean;
}

interface More extends Partial<Omit<ReadAs, 'type' | 'wire'>> {}

const of = (type: DataType, wire: Wire, more: More = {}): ReadAs => ({
  ...{ type, wire, select: null, shownAsText: false, hasSpecialValues: false },
  ...more,
});

const string: DataType = { kind: 'string' };
const text = (select: ReadAs['select']): ReadAs => of(string, { as: 'text' }, { select, shownAsText: true });
const converted =
  (to: string, style = '') =>
  (column: string) =>
    `CONVERT(${to}, ${column}${style})`;
/** Methods of its classes. */
const asString = (column: string) => `${column}.ToString()`;

/** Doubles keep 15 digits. */
const digitsOfDoubles = 15;

function decimal(precision: number, scale: number): ReadAs {
  const select = precision > digitsOfDoubles ? converted('varchar(41)') : null;
  return of({ kind: 'decimal', precision, scale }, { as: 'decimal', scale }, { select });
}

const timestamp = (digits: number, zone: { readonly zone?: 'UTC' }, { timeUnit }: Choices): ReadAs => {
  const unit = digits > 6 && timeUnit === 'ns' ? 'ns' : 'us';
  // 64 bits of nanoseconds reach from 1677 to 2262.
  return of({ kind: 'timestamp', unit, ...zone }, { as: 'timestamp', unit }, { hasSpecialValues: unit === 'ns' });
};

/** In the code page of its collation: the server knows it better than any client. */
const ofCodePage = (length: string | undefined): ReadAs =>
  text(converted(length === undefined || length === 'max' || Number(length) > 4000 ? 'nvarchar(max)' : `nvarchar(${length})`));

/** By what it holds: the usual conversion rounds numbers and times. */
function variant(column: string): string {
  const held = `CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY(${column}, 'BaseType'))`;
  const as = (type: string, style: number) => `CONVERT(nvarchar(max), CONVERT(${type}, ${column}), ${style})`;
  const cases = [
    [`IN (N'float', N'real')`, as('float', 3)],
    [`IN (N'money', N'smallmoney')`, as('money', 2)],
    [`IN (N'datetime', N'smalldatetime', N'datetime2')`, as('datetime2(7)', 126)],
    [`= N'datetimeoffset'`, as('datetimeoffset(7)', 126)],
    [`IN (N'binary', N'varbinary')`, as('varbinary(8000)', 1)],
  ];
  return `CASE ${cases.map(([when, then]) => `WHEN ${held} ${when} THEN ${then}`).join(' ')} ELSE CONVERT(nvarchar(max), ${column}) END`;
}

export interface Choices {
  readonly timeUnit: 'ns' | 'us';
}

/** @param declared as the catalogue has it: `decimal(38,10)`, `nvarchar(max)`. */
export function readAs(declared: string, choices: Choices): ReadAs {
  const [, name = '', first, second] = /^([a-z0-9_]+)(?:\((\w+)(?:,(\d+))?\))?$/.exec(declared) ?? [];
  const digits = Number(first ?? 7);
  switch (name) {
    case 'bit':
      return of({ kind: 'bool' }, { as: 'bool' });
    case 'tinyint':
      return of({ kind: 'uint8' }, { as: 'number' });
    case 'smallint':
      return of({ kind: 'int16' }, { as: 'number' });
    case 'int':
      return of({ kind: 'int32' }, { as: 'number' });
    case 'bigint':
      return of({ kind: 'int64' }, { as: 'bigint' });
    case 'real':
      return of({ kind: 'float32' }, { as: 'real' });
    case 'float':
      return of({ kind: 'float64' }, { as: 'float' });
    case 'decimal':
    case 'numeric':
      return decimal(Number(first ?? 18), Number(second ?? 0));
    case 'smallmoney':
      return decimal(10, 4);
    case 'money':
      return of({ kind: 'decimal', precision: 19, scale: 4 }, { as: 'decimal', scale: 4 }, { select: converted('varchar(41)', ', 2') });
    case 'date':
      return of({ kind: 'date' }, { as: 'date' });
    case 'time':
      return of({ kind: 'time', unit: 'ns' }, { as: 'time' }); // as frames keep it
    case 'datetime':
    case 'smalldatetime':
      return timestamp(3, {}, choices);
    case 'datetime2':
      return timestamp(digits, {}, choices);
    case 'datetimeoffset':
      return timestamp(digits, { zone: 'UTC' }, choices);
    case 'nchar':
    case 'nvarchar':
      return text(null);
    case 'sysname':
      return text(null);
    case 'char':
    case 'varchar':
      return ofCodePage(first);
    case 'text':
    case 'ntext':
    case 'xml':
      return text(converted('nvarchar(max)'));
    case 'json':
      return of({ kind: 'json' }, { as: 'text' }, { select: converted('nvarchar(max)') });
    case 'binary':
    case 'varbinary':
      return of({ kind: 'binary' }, { as: 'bytes' });
    case 'image':
      return of({ kind: 'binary' }, { as: 'bytes' }, { select: converted('varbinary(max)') });
    case 'timestamp':
    case 'rowversion':
      return of(string, { as: 'rowversion' });
    case 'uniqueidentifier':
      // It compares its last six bytes first.
      return of({ kind: 'uuid' }, { as: 'text' }, { shownAsText: true });
    case 'hierarchyid':
    case 'geography':
    case 'geometry':
      return text(asString);
    case 'sql_variant':
      return text(variant);
    default:
      return text(converted('nvarchar(max)'));
  }
}
