/** The type table of SQLite. In SQLite a declaration is only a hint, since any column can store any value. Columns are read by their declarations. A value of another type is never converted. */

import { hasExactJson } from '../../frames/documents.ts';
import type { DataType } from '../../frames/schema.ts';

export interface ReadAs {
  readonly type: DataType;
  /** Numbers in the column are read as the texts that SQLite shows for them. */
  readonly takesNumbers?: true;
}

/** The storage class of a value, which is the result of `typeof()`. */
export type StorageClass = 'integer' | 'real' | 'text' | 'blob';

const us = 'us';
const exactly: Readonly<Record<string, DataType>> = {
  ...{ BOOLEAN: { kind: 'bool' }, BOOL: { kind: 'bool' }, LOGICAL: { kind: 'bool' } },
  ...{ DATE: { kind: 'date' }, TIME: { kind: 'time', unit: us }, 'TIME WITHOUT TIME ZONE': { kind: 'time', unit: us } },
  ...{ UUID: { kind: 'uuid' }, JSON: { kind: 'json' }, JSON_TEXT: { kind: 'json' } },
};

const unitOf = (digits: string | undefined) => (digits === undefined ? us : Number(digits) <= 3 ? 'ms' : Number(digits) <= 6 ? us : 'ns');

const timeOfDay = /^TIME ?\( ?(\d) ?\)$/;
const wallClock = /^(?:DATETIME|TIMESTAMP)(?: ?\( ?(\d) ?\))?(?: WITHOUT TIME ZONE)?$/;
const instant =
  /^(?:TIMESTAMPTZ|DATETIMETZ|DATETIMEOFFSET|(?:TIMESTAMP|DATETIME)(?= ?(?:\(\d\) ?)?WITH (?:LOCAL )?TIME ZONE))(?: ?\( ?(\d) ?\))?/;
const decimal = /^(?:DECIMAL|NUMERIC|NUMBER|DEC|DECIMAL_TEXT)(?: ?\( ?(\d+) ?(?:, ?(\d+) ?)?\))?$/;

/** How a column with this declaration is read. Undefined: the declaration names no type, so the values decide. @param decimals the type for numbers without digits. */
export function readAs(declared: string | null, decimals: DataType | 'text' | undefined): ReadAs | undefined {
  const word = (declared ?? '').trim().toUpperCase().replace(/\s+/g, ' ');
  const own = exactly[word];
  if (own !== undefined) return { type: own };
  const [, timeDigits] = timeOfDay.exec(word) ?? [];
  if (timeDigits !== undefined) return { type: { kind: 'time', unit: Number(timeDigits) > 6 ? 'ns' : us } };
  const [, wallDigits] = wallClock.exec(word) ?? [];
  if (wallClock.test(word)) return { type: { kind: 'timestamp', unit: unitOf(wallDigits) } };
  const [, digits] = instant.exec(word) ?? [];
  if (instant.test(word)) return { type: { kind: 'timestamp', unit: unitOf(digits), zone: 'UTC' } };
  const [isDecimal, precision, scale] = decimal.exec(word) ?? [];
  if (isDecimal !== undefined && precision !== undefined) {
    const [most, places] = [Number(precision), Number(scale ?? 0)];
    return most >= 1 && most <= 38 && places <= most ? { type: { kind: 'decimal', precision: most, scale: places } } : anyNumber;
  }
  if (isDecimal !== undefined) return decimals === undefined || decimals === 'text' ? anyNumber : { type: decimals };
  // Declarations are read by SQLite’s own rules, in SQLite’s order.
  if (word.includes('INT')) return { type: { kind: 'int64' } };
  if (/CHAR|CLOB|TEXT/.test(word)) return { type: { kind: 'string' } };
  if (word.includes('BLOB')) return { type: { kind: 'binary' } };
  if (/REAL|FLOA|DOUB/.test(word)) return { type: { kind: 'float64' } };
  return undefined;
}

const anyNumber: ReadAs = { type: { kind: 'string' }, takesNumbers: true };

/** How a column is read if only its values decide. Undefined: the values are of several storage classes. */
export function readAsFound(found: ReadonlySet<StorageClass>): ReadAs | undefined {
  const kinds = [...found].sort().join(' ');
  if (kinds === '' || kinds === 'text') return { type: { kind: 'string' } };
  if (kinds === 'integer') return { type: { kind: 'int64' } };
  if (kinds === 'real' || kinds === 'integer real') return { type: { kind: 'float64' } };
  return kinds === 'blob' ? { type: { kind: 'binary' } } : undefined;
}

/** The types of hygge that the key `types` may name. */
const readable: readonly DataType['kind'][] = [
  ...(['bool', 'int16', 'int32', 'int64', 'uint32', 'uint64', 'float32', 'float64', 'decimal'] as const),
  ...(['string', 'binary', 'uuid', 'json', 'date', 'time', 'timestamp'] as const),
];

/** How a column is read if a person names its type. Undefined: values in SQLite can’t be of that type. */
export function readAsGiven(type: DataType): ReadAs | undefined {
  // Lists and structs are read from JSON documents, as hygge writes them.
  if ((type.kind === 'list' || type.kind === 'struct') && hasExactJson(type)) return { type };
  if (!readable.includes(type.kind)) return undefined;
  return type.kind === 'string' ? anyNumber : { type };
}

/** A condition for values outside of the type’s order. Null: all values are in the order. */
export function strays(x: string, { kind, ...more }: DataType): string | null {
  const digits = (n: number) => '[0-9]'.repeat(n);
  const day = `${digits(4)}-${digits(2)}-${digits(2)}`;
  const isText = `typeof(${x}) <> 'text'`;
  switch (kind) {
    case 'bool':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint32':
      return `typeof(${x}) <> 'integer'`;
    case 'float32':
    case 'float64':
      return `typeof(${x}) NOT IN ('integer', 'real')`;
    case 'date':
      return `${isText} OR ${x} NOT GLOB '${day}'`;
    case 'timestamp': {
      const minute = `${day}[T ]${digits(2)}:${digits(2)}`;
      const zones = 'zone' in more && more.zone !== undefined ? ['[Zz]', `[+-]${digits(2)}:${digits(2)}`] : [''];
      const forms = zones.flatMap((zone) => [`${minute}${zone}`, `${minute}:${digits(2)}${zone}`, `${minute}:${digits(2)}.[0-9]*${zone}`]);
      const all = zones[0] === '' ? [day, ...forms] : forms;
      return `${isText} OR NOT (${all.map((form) => `${x} GLOB '${form}'`).join(' OR ')})`;
    }
    case 'string':
      return isText;
    case 'uuid':
      // A uuid must be in small letters, because all capital letters sort before all small letters.
      return `${isText} OR length(${x}) <> 36 OR ${x} GLOB '*[^0-9a-f-]*'`;
    case 'binary':
      return `typeof(${x}) <> 'blob'`;
    default:
      return null;
  }
}
