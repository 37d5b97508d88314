/** The column types of SQLite for hygge’s values. Hygge reads columns by their declarations, which have more meaning for hygge than for SQLite. */
import type { Change, HowChanged, StoredType } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import { hasExactJson } from '../../frames/documents.ts';
import type { DataType } from '../../frames/schema.ts';
import { readAs } from './types.ts';

const wholeNumber: DataType = { kind: 'int64' };

/** Types that settle as another type, because SQLite has no type for them. */
const standIns: Readonly<Partial<Record<DataType['kind'], DataType>>> = {
  ...{ int8: wholeNumber, int16: wholeNumber, int32: wholeNumber, uint8: wholeNumber, uint16: wholeNumber, uint32: wholeNumber },
  ...{ uint64: { kind: 'decimal', precision: 20, scale: 0 }, float32: { kind: 'float64' }, null: { kind: 'string' } },
};

/** What a new column for values of the type would store. Undefined: no column stores the values exactly. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'timestamp':
      return { type: { kind: 'timestamp', unit: type.unit, ...(type.zone === undefined ? {} : { zone: 'UTC' }) } };
    case 'time':
      return { type: { kind: 'time', unit: type.unit === 'ns' ? 'ns' : 'us' } };
    case 'list':
    case 'struct':
      return hasExactJson(type) ? { type } : undefined;
    case 'duration':
      return undefined;
    default:
      return { type: standIns[type.kind] ?? type };
  }
}

const digits = { ms: '(3)', us: '', ns: '(9)' } as const;

const words: Readonly<Partial<Record<DataType['kind'], string>>> = {
  ...{ bool: 'BOOLEAN', float32: 'REAL', float64: 'REAL', uint64: 'DECIMAL_TEXT(20,0)', binary: 'BLOB', uuid: 'UUID', date: 'DATE' },
  ...{ json: 'JSON_TEXT', list: 'JSON_TEXT', struct: 'JSON_TEXT', string: 'TEXT', null: 'TEXT' },
};

/** The declaration of a column. For texts, the declaration has a word that SQLite reads as a text type, so that SQLite converts no text to a number. */
export function declared(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL_TEXT(${type.precision},${type.scale})`;
    case 'time':
      return type.unit === 'ns' ? 'TIME(9)' : 'TIME';
    case 'timestamp':
      return `${type.zone === undefined ? 'DATETIME' : 'TIMESTAMPTZ'}${digits[type.unit]}`;
    default:
      return words[type.kind] ?? 'INTEGER';
  }
}

/** The declaration in a strict table, which can only have SQLite’s own types. So dates and decimals are stored as texts, and true and false as numbers. */
export function strictly(declaration: string): string {
  if (/^(int|integer|real|text|blob|any)$/i.test(declaration)) return declaration;
  const kind = holds(declaration)?.type.kind;
  if (kind === 'bool' || kind === 'int64') return 'INTEGER';
  return kind === 'float64' ? 'REAL' : kind === 'binary' ? 'BLOB' : 'TEXT';
}

/** The number of decimal digits that a double keeps. SQLite converts a decimal to a double if the column is declared as a number. */
const exactDigits = 15;

/** The type of the values that an existing column stores. Undefined: the declaration does not show the type. */
export function holds(declaration: string): StoredType | undefined {
  const read = readAs(declaration, undefined);
  if (read === undefined || read.takesNumbers) return undefined;
  const isNumber = read.type.kind === 'decimal' && !/^\s*DECIMAL_TEXT/i.test(declaration);
  return isNumber && read.type.kind === 'decimal' && read.type.precision > exactDigits ? undefined : { type: read.type };
}

const asTexts: readonly DataType['kind'][] = ['date', 'time', 'timestamp', 'uuid', 'json', 'decimal', 'list', 'struct'];

/** Whether an existing column also accepts values of another type. Columns of texts accept every type that is written as text. Columns of whole numbers accept true and false. */
export function takes(declaration: string, { kind }: DataType): boolean {
  const own = holds(declaration)?.type.kind;
  if (own === 'json') return kind === 'list' || kind === 'struct';
  return (own === 'string' && asTexts.includes(kind)) || (own === 'int64' && kind === 'bool');
}

/** How a column is changed. SQLite can’t change the type of an existing column. Before version 3.53, SQLite can’t change NOT NULL either. */
export function howChanged({ change }: Change, sqlite = process.versions.sqlite ?? ''): HowChanged {
  const [major = 0, minor = 0] = sqlite.split('.').map(Number);
  const dropsNotNull = major > 3 || (major === 3 && minor >= 53);
  return change === 'widen' || (change === 'drop not null' && !dropsNotNull) ? 'no' : 'in place';
}

/** A type as a person writes it. Undefined: SQLite would change values of this type when it stores them. */
export function ownType(written: string): OwnType | undefined {
  const found = holds(written);
  return found && /^[\w ]+(\( ?\d+( ?, ?\d+)? ?\))?$/.test(written.trim())
    ? { type: found.type, declared: written.trim().toUpperCase() }
    : undefined;
}
