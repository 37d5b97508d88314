/**
 * The type table of SQL Server: the type of hygge that each type is read as, and how its values are sent. The client converts decimals and money to doubles,
 * and decodes code pages by its own tables. If that would change a type’s values, the server converts the type in the SELECT list.
 */
import type { DataType } from '../../frames/schema.ts';
import { sameEntryFor, type TypeMapping, typeMapping } from '../source-columns.ts';

/** How the client returns a value. */
export type Wire =
  | { readonly as: 'bool' | 'number' | 'real' | 'float' | 'bigint' | 'text' | 'bytes' | 'rowversion' | 'date' | 'time' }
  /** Bytes of UTF-8, or raw bytes. `cutFrom`: from this number of bytes on, the server may have cut the value. Null: the server never cuts. */
  | { readonly as: 'utf8' | 'bounded bytes'; readonly cutFrom: number | null }
  /** A double that has all digits of the decimal, or a text. */
  | { readonly as: 'decimal'; readonly scale: number }
  /** A `Date`, and in another property the remaining ticks of 100 ns. */
  | { readonly as: 'timestamp'; readonly unit: 'us' | 'ns' };

const string: DataType = { kind: 'string' };
const text = (castInSelect: TypeMapping<Wire>['castInSelect'], loss: string | null = null): TypeMapping<Wire> =>
  typeMapping(string, { as: 'text' }, { castInSelect, shownAsText: true, loss });
const converted =
  (to: string, style = '') =>
  (column: string) =>
    `CONVERT(${to}, ${column}${style})`;
/** Types that are classes are converted to text by one of their methods. */
const asString = (column: string) => `${column}.ToString()`;

/** The number of decimal digits that a double keeps. */
const digitsOfDoubles = 15;

function decimal(precision: number, scale: number): TypeMapping<Wire> {
  const castInSelect = precision > digitsOfDoubles ? converted('varchar(41)') : null;
  return typeMapping({ kind: 'decimal', precision, scale }, { as: 'decimal', scale }, { castInSelect });
}

const timestamp = (digits: number, zone: { readonly zone?: 'UTC' }, { timeUnit }: Choices): TypeMapping<Wire> => {
  const unit = digits > 6 && timeUnit === 'ns' ? 'ns' : 'us';
  // Nanoseconds in 64 bits cover only the years 1677 to 2262, so with this unit other times are special values.
  const loss = zone.zone === undefined ? null : 'the offset is not kept: `offsets: true` of the home keeps it in a second column';
  return typeMapping({ kind: 'timestamp', unit, ...zone }, { as: 'timestamp', unit }, { hasSpecialValues: unit === 'ns', loss });
};

/** Texts in the code page of their collation. The server converts such texts, because it knows code pages better than any client. */
const ofCodePage = (length: string | undefined): TypeMapping<Wire> =>
  text(converted(length === undefined || length === 'max' || Number(length) > 4000 ? 'nvarchar(max)' : `nvarchar(${length})`));

/** Converts a sql_variant by the type of its content, since the usual conversion rounds numbers and times. */
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

const wide = text(converted('nvarchar(max)'));

const known: Readonly<Record<string, TypeMapping<Wire>>> = {
  bit: typeMapping({ kind: 'bool' }, { as: 'bool' }),
  tinyint: typeMapping({ kind: 'uint8' }, { as: 'number' }),
  smallint: typeMapping({ kind: 'int16' }, { as: 'number' }),
  int: typeMapping({ kind: 'int32' }, { as: 'number' }),
  bigint: typeMapping({ kind: 'int64' }, { as: 'bigint' }),
  real: typeMapping({ kind: 'float32' }, { as: 'real' }),
  float: typeMapping({ kind: 'float64' }, { as: 'float' }),
  smallmoney: decimal(10, 4),
  money: typeMapping(
    { kind: 'decimal', precision: 19, scale: 4 },
    { as: 'decimal', scale: 4 },
    { castInSelect: converted('varchar(41)', ', 2') },
  ),
  date: typeMapping({ kind: 'date' }, { as: 'date' }),
  time: typeMapping({ kind: 'time', unit: 'ns' }, { as: 'time' }), // Frames also store times of day in nanoseconds.
  json: typeMapping({ kind: 'json' }, { as: 'text' }, { castInSelect: converted('nvarchar(max)') }),
  image: typeMapping({ kind: 'binary' }, { as: 'bytes' }, { castInSelect: converted('varbinary(max)') }),
  // A uuid sorts differently from its text, since SQL Server compares its last six bytes first.
  uniqueidentifier: typeMapping({ kind: 'uuid' }, { as: 'text' }, { shownAsText: true }),
  sql_variant: text(variant, 'the type of each value is not kept'),
  ...sameEntryFor('nchar nvarchar sysname', text(null)),
  ...sameEntryFor('binary varbinary', typeMapping<Wire>({ kind: 'binary' }, { as: 'bytes' })),
  ...sameEntryFor('timestamp rowversion', typeMapping<Wire>(string, { as: 'rowversion' })),
  hierarchyid: text(asString),
  ...sameEntryFor('geography geometry', text(asString, 'the number of its reference system (SRID) is not kept')),
};

/** @param declared the declaration in the catalogue: `decimal(38,10)`, `nvarchar(max)`. */
export function typeReadAs(declared: string, choices: Choices): TypeMapping<Wire> {
  const [, name = '', first, second] = /^([a-z0-9_]+)(?:\((\w+)(?:,(\d+))?\))?$/.exec(declared) ?? [];
  switch (name) {
    case 'decimal':
    case 'numeric':
      return decimal(Number(first ?? 18), Number(second ?? 0));
    case 'datetime':
    case 'smalldatetime':
      return timestamp(3, {}, choices);
    case 'datetime2':
      return timestamp(Number(first ?? 7), {}, choices);
    case 'datetimeoffset':
      return timestamp(Number(first ?? 7), { zone: 'UTC' }, choices);
    case 'char':
    case 'varchar':
      return ofCodePage(first);
    default:
      return known[name] ?? wide;
  }
}
