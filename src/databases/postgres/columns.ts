/** The column types of PostgreSQL for hygge’s values, and what the columns of a table can store. */
import type { Change, HowChanged, StoredType } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import { hasExactJson } from '../../frames/documents.ts';
import type { DataType } from '../../frames/schema.ts';
import { signedTypes } from '../sql/signed-types.ts';

/** What a new column for values of the type would store. Undefined: no column stores the values exactly. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'timestamp':
      if (type.unit === 'ns') return undefined;
      return { type: { kind: 'timestamp', unit: 'us', ...(type.zone === undefined ? {} : { zone: 'UTC' }) } };
    case 'time':
    case 'duration':
      return type.unit === 'ns' ? undefined : { type: { kind: type.kind, unit: 'us' } };
    case 'list': {
      if (isNested(type.item)) return hasExactJson(type) ? { type } : undefined;
      const item = held(type.item);
      return item && { type: { kind: 'list', item: item.type } };
    }
    case 'struct':
      return hasExactJson(type) ? { type } : undefined;
    default:
      return { type: signedTypes[type.kind] ?? type };
  }
}

/** Whether a type can’t be the item type of an array. Arrays of arrays must be rectangular, without null rows. Arrays of structs would need a new composite type. */
const isNested = ({ kind }: DataType): boolean => kind === 'list' || kind === 'struct';

/** What hygge stores in a column, in addition to the type that `holds` returns. A JSON column can store structs, which are written as documents. A numeric column can store numbers of fewer digits than its type. */
export function takes(declaration: string, type: DataType): boolean {
  if (declaration === 'jsonb' || declaration === 'json')
    return (type.kind === 'struct' || type.kind === 'list') && declared(type) === 'jsonb';
  const [, precision, scale = '0'] = /^numeric(?:\((\d+)(?:,(\d+))?\))?$/.exec(declaration) ?? [];
  if (!declaration.startsWith('numeric') || (precision === undefined && declaration !== 'numeric')) return false;
  const digits = type.kind === 'decimal' ? type : { precision: wholeDigits[type.kind] ?? Number.POSITIVE_INFINITY, scale: 0 };
  if (precision === undefined) return Number.isFinite(digits.precision);
  return Number(precision) > 38 && digits.scale <= Number(scale) && digits.precision - digits.scale <= Number(precision) - Number(scale);
}

const wholeDigits: Readonly<Partial<Record<DataType['kind'], number>>> = { int16: 5, int32: 10, int64: 19 };

const words: Readonly<Partial<Record<DataType['kind'], string>>> = {
  ...{ bool: 'boolean', int16: 'smallint', int32: 'integer', int64: 'bigint', float32: 'real', float64: 'double precision' },
  ...{ string: 'text', binary: 'bytea', uuid: 'uuid', date: 'date' },
};

/** The declaration of a column for a result of `held`. Undefined: no column type exists. */
export function declared(type: DataType): string | undefined {
  switch (type.kind) {
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`;
    case 'json':
    case 'struct':
      return 'jsonb';
    case 'time':
      return 'time without time zone';
    case 'timestamp':
      return type.zone === undefined ? 'timestamp without time zone' : 'timestamp with time zone';
    case 'duration':
      return 'interval';
    case 'list': {
      if (isNested(type.item)) return 'jsonb';
      const item = declared(type.item);
      return item && `${item}[]`;
    }
    default: {
      const standIn = signedTypes[type.kind];
      return standIn ? declared(standIn) : words[type.kind];
    }
  }
}

const plain: Readonly<Record<string, DataType>> = {
  ...Object.fromEntries(Object.entries(words).map(([kind, word]) => [word, { kind } as DataType])),

  'character varying': { kind: 'string' },
  json: { kind: 'json' },
  jsonb: { kind: 'json' },
  interval: { kind: 'duration', unit: 'us' },
};

/** The type of the values that a column stores, by its declaration from `format_type`. Undefined: hygge writes no values of this type. */
export function holds(declaration: string): StoredType | undefined {
  if (declaration.endsWith('[]')) {
    const item = holds(declaration.slice(0, -2));
    return item && item.digits === undefined ? { type: { kind: 'list', item: item.type } } : undefined;
  }
  const [, name = '', first, second, zone] =
    /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?((?: with| without) time zone)?$/.exec(declaration) ?? [];
  const known = plain[name];
  if (known && zone === undefined) return name === 'interval' && first !== undefined ? undefined : { type: known };
  const digits = first === undefined || Number(first) >= 6 ? {} : { digits: Number(first) };
  if (name === 'timestamp')
    return { type: { kind: 'timestamp', unit: 'us', ...(zone === ' with time zone' ? { zone: 'UTC' } : {}) }, ...digits };
  if (name === 'time' && zone === ' without time zone') return { type: { kind: 'time', unit: 'us' }, ...digits };
  const [precision, scale] = [Number(first ?? Number.NaN), Number(second ?? 0)];
  if (name === 'numeric' && precision <= 38 && scale >= 0 && scale <= precision) return { type: { kind: 'decimal', precision, scale } };
  return undefined;
}

/** The length of a text type in characters. Null: the type has no length. */
export function lengthOf(declaration: string): number | null {
  const [, length] = /^character varying\((\d+)\)$/.exec(declaration) ?? [];
  return length === undefined ? null : Number(length);
}

const spelt: Readonly<Record<string, string>> = {
  ...{ int: 'integer', int2: 'smallint', int4: 'integer', int8: 'bigint', float4: 'real', float8: 'double precision', bool: 'boolean' },
  ...{ varchar: 'character varying', dec: 'numeric', decimal: 'numeric', timestamptz: 'timestamp with time zone' },
  ...{ timestamp: 'timestamp without time zone', time: 'time without time zone' },
};

/** A type as a person writes it, such as `varchar(20)`, in the words of `format_type`. Undefined: hygge writes no values of this type. */
export function ownType(written: string): OwnType | undefined {
  const text = written.trim().toLowerCase().replace(/\s+/g, ' ');
  const [, name = '', digits = '', array = ''] = /^([a-z0-9 ]+?) ?(\( ?\d+ ?(?:, ?\d+ ?)?\))?((?:\[\])*)$/.exec(text) ?? [];
  const declared = `${spelt[name] ?? name}${digits.replaceAll(' ', '')}${array}`;
  const found = holds(declared.replace(/^numeric\((\d+)\)/, 'numeric($1,0)'));
  // A time column with fewer digits than its values would silently round the values, so such types are refused.
  if (found === undefined || found.digits !== undefined || array.length > 2) return undefined;
  const most = lengthOf(declared);
  return { type: found.type, declared: declared.replace(/^numeric\((\d+)\)/, 'numeric($1,0)'), ...(most === null ? {} : { most }) };
}

/** How PostgreSQL changes a column. Only changes that keep the same bytes are made in place. */
export function howChanged(change: Change): HowChanged {
  if (change.change !== 'widen') return 'in place';
  if (change.to.kind === 'string') return change.from.startsWith('character varying') ? 'in place' : 'rewrites';
  if (change.to.kind !== 'decimal') return 'rewrites';
  const from = holds(change.from)?.type;
  return from?.kind === 'decimal' && from.scale === change.to.scale ? 'in place' : 'rewrites';
}
