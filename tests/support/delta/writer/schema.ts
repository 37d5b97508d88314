/**
 * The types of the foreign committer's tables (see table.ts): a column knows its number, which stays when it is renamed, and its name in data files. Rows of the
 * model are keyed by that number; values have one written form (`canonicalValue`), whatever wrote them.
 */
export type Primitive =
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'string'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | `decimal(${number},${number})`;

/** A field of a struct. It keeps its name for good; under column mapping its physical name is another. */
export interface Member {
  readonly id: number;
  readonly name: string;
  readonly physicalName: string;
  readonly type: DeltaType;
}

export interface StructType {
  readonly type: 'struct';
  readonly fields: readonly Member[];
}

export interface ArrayType {
  readonly type: 'array';
  readonly elementType: Primitive;
}

export type DeltaType = Primitive | StructType | ArrayType;

/** A column of a table; `id` is the key of its values in rows, and its id under column mapping. */
export interface Column extends Member {
  /** What was widened, as `delta.typeChanges` has it. */
  readonly typeChanges: readonly { readonly fromType: string; readonly toType: string }[];
}

/**
 * Whole numbers and floating-point ones as numbers (NaN and infinities as such), decimals as texts with all their digits, dates as `2026-01-31`, times as
 * `2026-01-31 12:00:00.123456` in UTC.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** By the id of the column. A column without a value is null. */
export type Row = Readonly<Record<number, Value>>;

/** In DuckDB. @param named the names of struct fields: those of data files, or those that people see. */
export function sqlType(type: DeltaType, named: 'physicalName' | 'name'): string {
  if (typeof type === 'string') return type.startsWith('decimal') ? type.toUpperCase() : (sqlNames[type] ?? type);
  if (type.type === 'array') return `${sqlType(type.elementType, named)}[]`;
  return `STRUCT(${type.fields.map((field) => `${quoted(field[named])} ${sqlType(field.type, named)}`).join(', ')})`;
}

const sqlNames: Readonly<Record<string, string>> = {
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
};

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const isWhole = (type: DeltaType): boolean => type === 'byte' || type === 'short' || type === 'integer' || type === 'long';

/** What null is in a column of structs or lists: `null`, or for a reader that has none there, a struct of nulls and an empty list (`filled`). */
export type Nests = 'null' | 'filled';

/** One form for one value, equal for readers that agree. Whole numbers are compared as texts, so that a widened column has them as before. */
export function canonicalValue(type: DeltaType, value: Value | undefined, nests: Nests = 'null'): Value {
  if (typeof type !== 'string' && (nests === 'filled' || (value !== null && value !== undefined))) {
    if (type.type === 'array') return ((value ?? []) as readonly Value[]).map((one) => canonicalValue(type.elementType, one));
    const members = (value ?? {}) as { readonly [name: string]: Value };
    return Object.fromEntries(type.fields.map((field) => [field.name, canonicalValue(field.type, members[field.name], nests)]));
  }
  if (value === null || value === undefined || typeof type !== 'string') return null;
  if (isWhole(type)) return String(value);
  if (type === 'double' || type === 'float') return Object.is(Number(value), -0) ? '-0' : String(Number(value));
  if (type === 'timestamp' || type === 'timestamp_ntz') return canonicalTime(String(value));
  return type.startsWith('decimal') ? canonicalDecimal(String(value), scaleOf(type)) : value;
}

const scaleOf = (type: string): number => Number(/,(\d+)\)/.exec(type)?.[1]);

/** With as many digits after the point as its column has now: it may have had fewer once. */
function canonicalDecimal(text: string, scale: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

function canonicalTime(text: string): string {
  const [whole = '', fraction = ''] = text
    .replace('T', ' ')
    .replace(/(\+00(:00)?|Z)$/, '')
    .split('.');
  // A day that became a time.
  return `${whole.length === 10 ? `${whole} 00:00:00` : whole}.${fraction.padEnd(6, '0')}`;
}

/** As a data file's JSON has it on its way into parquet: struct fields by their physical names. */
export function physicalValue(type: DeltaType, value: Value | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (typeof type === 'string') return typeof value === 'number' && !Number.isFinite(value) ? String(value) : minusZero(value);
  if (type.type === 'array') return (value as readonly Value[]).map((one) => physicalValue(type.elementType, one));
  const members = value as { readonly [name: string]: Value };
  return Object.fromEntries(type.fields.map((field) => [field.physicalName, physicalValue(field.type, members[field.name])]));
}

/** JSON of JavaScript has no minus zero of its own. */
const minusZero = (value: Value): Value => (Object.is(value, -0) ? '-0.0' : value);

/** `schemaString` of metaData. @param mapped whether columns carry their id and physical name. */
export function schemaString(columns: readonly Column[], mapped: boolean): string {
  return JSON.stringify({ type: 'struct', fields: columns.map((column) => fieldOf(column, mapped, column.typeChanges)) });
}

function fieldOf(member: Member, mapped: boolean, typeChanges: Column['typeChanges'] = []): object {
  return {
    name: member.name,
    type: typeOf(member.type, mapped),
    nullable: true,
    metadata: {
      ...(mapped ? { 'delta.columnMapping.id': member.id, 'delta.columnMapping.physicalName': member.physicalName } : {}),
      ...(typeChanges.length > 0 ? { 'delta.typeChanges': typeChanges } : {}),
    },
  };
}

function typeOf(type: DeltaType, mapped: boolean): unknown {
  if (typeof type === 'string') return type;
  if (type.type === 'array') return { type: 'array', elementType: type.elementType, containsNull: true };
  return { type: 'struct', fields: type.fields.map((field) => fieldOf(field, mapped)) };
}
