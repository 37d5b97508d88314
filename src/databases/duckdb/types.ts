/** The type table of DuckDB: the type of hygge that each type is read as, and how its values are written to a parquet file without loss. */
import type { DuckDBType } from '@duckdb/node-api';
import type { Column, DataType } from '../../frames/schema.ts';
import { quoteName, quoteText } from './dialect.ts';

type Decimal = DataType & { readonly kind: 'decimal' };

export interface Choices {
  /** The decimal type for whole numbers with more digits than hygge’s integers. Undefined: the source’s own type decides. */
  readonly decimal: Decimal | 'text' | undefined;
  readonly specialValues: 'fail' | 'to_null';
  /** The position of the column, which an error names. */
  readonly at: number;
}

export interface ReadAs {
  readonly type: DataType;
  /** SQL that converts an expression to the written value. Null: the expression is written unchanged. */
  readonly written: ((expression: string, depth: number) => string) | null;
  /** SQL that counts the values in an expression that are read as null. Null: the expression has no such values, or such values are errors. */
  readonly specials: ((expression: string, depth: number) => string) | null;
  /** The type is read as text, because no type of hygge can store its values. */
  readonly shownAsText: boolean;
  /** hygge’s type can’t store some of its values: infinity, years after 9999, 24:00:00. */
  readonly hasSpecialValues: boolean;
}

const plain = (type: DataType): ReadAs => ({ type, written: null, specials: null, shownAsText: false, hasSpecialValues: false });
const cast = (type: DataType): ReadAs => ({ ...plain(type), written: (value) => `${value}::VARCHAR` });
const asText: ReadAs = { ...cast({ kind: 'string' }), shownAsText: true };

/** What SQL’s `error` function reports about a value: its column, whether the value is special, and the value as text. */
export const refusal = /hygge refuses (\d+) (special|unheld) (.*)/s;

const refused = (value: string, at: number, why: 'special' | 'unheld') => `error('hygge refuses ${at} ${why} ' || ${value}::VARCHAR)`;

/** How a type is read if some of its values are outside of hygge’s type. */
function within(type: DataType, { specialValues, at }: Choices, holds: (value: string) => string, as = ''): ReadAs {
  const other = (value: string) => (specialValues === 'to_null' ? '' : ` WHEN ${value} IS NOT NULL THEN ${refused(value, at, 'special')}`);
  return {
    ...plain(type),
    written: (value) => `CASE WHEN ${holds(value)} THEN ${value}${as}${other(value)} END`,
    specials: specialValues === 'to_null' ? (value) => `CASE WHEN ${value} IS NOT NULL AND NOT (${holds(value)}) THEN 1 ELSE 0 END` : null,
    hasSpecialValues: true,
  };
}

const years =
  (word: string, zone = '') =>
  (value: string) =>
    `${value} >= '0001-01-01 00:00:00${zone}'::${word} AND ${value} < '10000-01-01 00:00:00${zone}'::${word}`;

const simple: Readonly<Record<string, ReadAs>> = {
  BOOLEAN: plain({ kind: 'bool' }),
  TINYINT: plain({ kind: 'int8' }),
  SMALLINT: plain({ kind: 'int16' }),
  INTEGER: plain({ kind: 'int32' }),
  BIGINT: plain({ kind: 'int64' }),
  UTINYINT: plain({ kind: 'uint8' }),
  USMALLINT: plain({ kind: 'uint16' }),
  UINTEGER: plain({ kind: 'uint32' }),
  UBIGINT: plain({ kind: 'uint64' }),
  FLOAT: plain({ kind: 'float32' }),
  DOUBLE: plain({ kind: 'float64' }),
  VARCHAR: plain({ kind: 'string' }),
  BLOB: plain({ kind: 'binary' }),
  UUID: cast({ kind: 'uuid' }),
};

/** The type of hygge that a type of DuckDB is read as. */
export function readAs(type: DuckDBType, choices: Choices): ReadAs {
  if (type.alias === 'JSON') return cast({ kind: 'json' });
  if ('keyType' in type) return readMap(type, choices);
  if ('entryNames' in type) return readStruct(type.entryNames, type.entryTypes, choices);
  if ('valueType' in type) return readList(type.valueType, choices);
  if ('scale' in type && 'width' in type) return plain({ kind: 'decimal', precision: type.width, scale: type.scale });
  if ('values' in type) return cast({ kind: 'string' });
  const name = String(type);
  return simple[name] ?? timed(name, choices) ?? wide(name, choices) ?? asText;
}

function timed(name: string, choices: Choices): ReadAs | undefined {
  switch (name) {
    case 'DATE':
      return within({ kind: 'date' }, choices, (value) => `${value} BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE`);
    case 'TIME':
    case 'TIME_NS':
      return within({ kind: 'time', unit: name === 'TIME' ? 'us' : 'ns' }, choices, (value) => `${value} < '24:00:00'::${name}`);
    case 'TIMESTAMP':
      return within({ kind: 'timestamp', unit: 'us' }, choices, years('TIMESTAMP'));
    case 'TIMESTAMP_S':
      return within({ kind: 'timestamp', unit: 'us' }, choices, years('TIMESTAMP_S'), '::TIMESTAMP');
    case 'TIMESTAMP_MS':
      return within({ kind: 'timestamp', unit: 'ms' }, choices, years('TIMESTAMP_MS'));
    case 'TIMESTAMP_NS':
      return within({ kind: 'timestamp', unit: 'ns' }, choices, (value) => `isfinite(${value})`);
    case 'TIMESTAMP WITH TIME ZONE':
      return within({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, choices, years('TIMESTAMPTZ', '+00'));
    default:
      return undefined;
  }
}

const widest: Decimal = { kind: 'decimal', precision: 38, scale: 0 };

/** Reads whole numbers of 39 digits or more. Sums of integers have this type, so they are read as numbers if each value fits. */
function wide(name: string, { decimal = name === 'BIGNUM' ? 'text' : widest, at }: Choices): ReadAs | undefined {
  if (name !== 'HUGEINT' && name !== 'UHUGEINT' && name !== 'BIGNUM') return undefined;
  if (decimal === 'text') return asText;
  const from = (value: string) => (name === 'BIGNUM' ? `${value}::VARCHAR` : value);
  return {
    ...plain(decimal),
    written: (value) =>
      `coalesce(TRY_CAST(${from(value)} AS DECIMAL(${decimal.precision}, ${decimal.scale})), CASE WHEN ${value} IS NOT NULL THEN ${refused(value, at, 'unheld')} END)`,
  };
}

function readList(item: DuckDBType, choices: Choices): ReadAs {
  const inside = readAs(item, choices);
  const { written, specials } = inside;
  return {
    ...inside,
    type: { kind: 'list', item: inside.type },
    written: written && ((value, depth) => `list_transform(${value}, lambda v${depth}: ${written(`v${depth}`, depth + 1)})`),
    specials: specials && ((value, depth) => specialsIn(value, depth, specials)),
  };
}

function specialsIn(list: string, depth: number, specials: NonNullable<ReadAs['specials']>): string {
  return `coalesce(list_sum(list_transform(${list}, lambda v${depth}: ${specials(`v${depth}`, depth + 1)})), 0)`;
}

function readStruct(names: readonly string[], types: readonly DuckDBType[], choices: Choices): ReadAs {
  // A struct such as ROW(1, 2) has fields without names, so it is read as text.
  if (names.includes('')) return asText;
  const inside = types.map((type) => readAs(type, choices));
  const fields: readonly Column[] = names.map((name, i) => ({ name, type: (inside[i] as ReadAs).type, nullable: true }));
  const own = (value: string, i: number) => `struct_extract(${value}, ${quoteText(names[i] as string)})`;
  const field = (value: string, i: number, depth: number) =>
    `${quoteName(names[i] as string)} := ${(inside[i] as ReadAs).written?.(own(value, i), depth) ?? own(value, i)}`;
  return {
    type: { kind: 'struct', fields },
    written: inside.every(({ written }) => written === null)
      ? null
      : (value, depth) => `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${names.map((_, i) => field(value, i, depth)).join(', ')}) END`,
    specials: inside.every(({ specials }) => specials === null)
      ? null
      : (value, depth) => inside.flatMap(({ specials }, i) => (specials ? [specials(own(value, i), depth)] : [])).join(' + '),
    shownAsText: inside.some(({ shownAsText }) => shownAsText),
    hasSpecialValues: inside.some(({ hasSpecialValues }) => hasSpecialValues),
  };
}

/** Reads a map as a list of its entries. */
function readMap({ keyType, valueType }: { readonly keyType: DuckDBType; readonly valueType: DuckDBType }, choices: Choices): ReadAs {
  const entry = readStruct(['key', 'value'], [keyType, valueType], choices);
  const { written, specials } = entry;
  return {
    ...entry,
    type: { kind: 'list', item: entry.type },
    written: (value, depth) => {
      const entries = `map_entries(${value})`;
      return written === null ? entries : `list_transform(${entries}, lambda v${depth}: ${written(`v${depth}`, depth + 1)})`;
    },
    specials: specials && ((value, depth) => specialsIn(`map_entries(${value})`, depth, specials)),
  };
}
