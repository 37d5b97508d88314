/** The column types of DuckDB for hygge’s values, and what the columns of a table can store. */
import type { DuckDBType } from '@duckdb/node-api';
import type { Change, HowChanged, StoredType } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { integers, quoteName } from './dialect.ts';

/** What a new column for values of the type would store. Undefined: no column stores the values exactly. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'timestamp':
      if (type.zone === undefined) return { type };
      return type.unit === 'ns' ? undefined : { type: { kind: 'timestamp', unit: 'us', zone: 'UTC' } };
    case 'time':
      return { type: { kind: 'time', unit: type.unit === 'ns' ? 'ns' : 'us' } };
    case 'duration':
      return type.unit === 'ns' ? undefined : { type: { kind: 'duration', unit: 'us' } };
    case 'null':
      return { type: { kind: 'string' } };
    case 'list': {
      const item = heldInside(type.item);
      return item && { type: { kind: 'list', item } };
    }
    case 'struct': {
      const fields = type.fields.map((field) => ({ ...field, type: heldInside(field.type) }));
      const names = new Set(type.fields.map(({ name }) => name.toLowerCase()));
      if (names.size < fields.length || names.has('')) return undefined;
      return fields.every(isTyped) ? { type: { kind: 'struct', fields } } : undefined;
    }
    default:
      return { type };
  }
}

const isTyped = <T extends { readonly type: DataType | undefined }>(field: T): field is T & Column => field.type !== undefined;

/** A parquet file has its own format of intervals. Only an interval in a top-level column, outside of lists and structs, can be converted to that format. */
const heldInside = (type: DataType): DataType | undefined => (type.kind === 'duration' ? undefined : held(type)?.type);

const plain = {
  bool: 'BOOLEAN',
  ...integers,
  float32: 'FLOAT',
  float64: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  uuid: 'UUID',
  json: 'JSON',
  date: 'DATE',
  duration: 'INTERVAL',
  null: 'VARCHAR',
} as const;

/** The declaration of a column for values of the type, in the words of the catalogue. */
export function declared(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'time':
      return type.unit === 'ns' ? 'TIME_NS' : 'TIME';
    case 'timestamp':
      if (type.zone !== undefined) return 'TIMESTAMP WITH TIME ZONE';
      return type.unit === 'us' ? 'TIMESTAMP' : `TIMESTAMP_${type.unit.toUpperCase()}`;
    case 'list':
      return `${declared(type.item)}[]`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${declared(field.type)}`).join(', ')})`;
    default:
      return plain[type.kind];
  }
}

const named: Readonly<Record<string, StoredType>> = {
  ...Object.fromEntries(
    Object.entries(plain)
      .filter(([kind]) => kind !== 'null')
      .map(([kind, name]) => [name, { type: (kind === 'duration' ? { kind, unit: 'us' } : { kind }) as DataType }]),
  ),
  HUGEINT: { type: { kind: 'decimal', precision: 38, scale: 0 } },
  TIME: { type: { kind: 'time', unit: 'us' } },
  TIME_NS: { type: { kind: 'time', unit: 'ns' } },
  TIMESTAMP: { type: { kind: 'timestamp', unit: 'us' } },
  TIMESTAMP_S: { type: { kind: 'timestamp', unit: 'us' }, digits: 0 },
  TIMESTAMP_MS: { type: { kind: 'timestamp', unit: 'ms' } },
  TIMESTAMP_NS: { type: { kind: 'timestamp', unit: 'ns' } },
  'TIMESTAMP WITH TIME ZONE': { type: { kind: 'timestamp', unit: 'us', zone: 'UTC' } },
};

/** The type of the values that a column stores. Undefined: hygge writes no values of this type. */
export function holds(type: DuckDBType): StoredType | undefined {
  if (type.alias === 'JSON') return { type: { kind: 'json' } };
  if ('keyType' in type || 'values' in type || 'length' in type) return undefined;
  if ('entryNames' in type) {
    const fields = type.entryNames.map((name, i) => ({ name, type: holds(type.entryTypes[i] as DuckDBType)?.type, nullable: true }));
    return fields.every(isTyped) ? { type: { kind: 'struct', fields } } : undefined;
  }
  if ('valueType' in type) {
    const item = holds(type.valueType);
    return item && item.digits === undefined ? { type: { kind: 'list', item: item.type } } : undefined;
  }
  if ('scale' in type && 'width' in type) return { type: { kind: 'decimal', precision: type.width, scale: type.scale } };
  return named[String(type)];
}

/** The name of a type in the catalogue. */
export const calledOf = (type: DuckDBType): string => (type.alias === 'JSON' ? 'JSON' : String(type));

/** DuckDB stores each column separately, so only a column whose values change is rewritten. */
export const howChanged = (change: Change): HowChanged => (change.change === 'widen' ? 'rewrites' : 'in place');

/** Further names of DuckDB’s types. Text types have no length here, because DuckDB would accept `VARCHAR(10)` and ignore the length. */
const spelt: Readonly<Record<string, string>> = {
  ...{ BOOL: 'BOOLEAN', LOGICAL: 'BOOLEAN', INT1: 'TINYINT', INT2: 'SMALLINT', SHORT: 'SMALLINT', INT: 'INTEGER', INT4: 'INTEGER' },
  ...{ SIGNED: 'INTEGER', INT8: 'BIGINT', LONG: 'BIGINT', REAL: 'FLOAT', FLOAT4: 'FLOAT', FLOAT8: 'DOUBLE', 'DOUBLE PRECISION': 'DOUBLE' },
  ...{
    TEXT: 'VARCHAR',
    STRING: 'VARCHAR',
    BYTEA: 'BLOB',
    BINARY: 'BLOB',
    VARBINARY: 'BLOB',
    DATETIME: 'TIMESTAMP',
    TIMESTAMP_US: 'TIMESTAMP',
  },
  ...{ TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP WITHOUT TIME ZONE': 'TIMESTAMP', 'TIME WITHOUT TIME ZONE': 'TIME' },
  ...{ INT128: 'HUGEINT' },
};

/** A type as a person writes it, such as `decimal(10, 2)[]`, in the words of the catalogue. Undefined: hygge writes no values of this type. */
export function ownType(written: string): OwnType | undefined {
  const [, name = '', digits, scale, array = ''] =
    /^([A-Z0-9_ ]+?) ?(?:\( ?(\d+) ?(?:, ?(\d+) ?)?\))?((?:\[\])*)$/.exec(written.trim().toUpperCase().replace(/\s+/g, ' ')) ?? [];
  const isDecimal = /^(DECIMAL|NUMERIC|DEC)$/.test(name);
  const [precision, places] = [Number(digits), Number(scale ?? 0)];
  // DuckDB would read DECIMAL without digits as DECIMAL(18,3), unlike other databases, so the digits are required.
  if (isDecimal !== (digits !== undefined) || (isDecimal && (precision < 1 || precision > 38 || places > precision))) return undefined;
  const called = spelt[name] ?? name;
  const found: StoredType | undefined = isDecimal ? { type: { kind: 'decimal', precision, scale: places } } : named[called];
  // A time column with fewer digits than its values would silently round the values, so such types are refused.
  if (found === undefined || found.digits !== undefined) return undefined;
  const lists = array.length / 2;
  const type = Array.from({ length: lists }).reduce<DataType>((item) => ({ kind: 'list', item }), found.type);
  // A type that is only possible for a top-level column can’t be the type of list items.
  return held(type) && { type, declared: `${isDecimal ? `DECIMAL(${precision},${places})` : called}${array}` };
}
