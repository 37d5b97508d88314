/** Columns of SQLite for values of ours. Their declarations say more than SQLite itself understands of them: they tell what to read them as. */
import type { Change, Held, HowChanged } from '../../engine/contracts/catalog.ts';
import type { OwnType } from '../../engine/contracts/connector.ts';
import type { DataType } from '../../frames/schema.ts';
import { hasExactJson } from '../documents.ts';
import { readAs } from './types.ts';

/** What a new column for values of the type would hold; undefined: nothing holds them exactly. */
export function held(type: DataType): Held | undefined {
  switch (type.kind) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return { type: { kind: 'int64' } };
    case 'uint64':
      return { type: { kind: 'decimal', precision: 20, scale: 0 } };
    case 'float32':
      return { type: { kind: 'float64' } };
    case 'timestamp':
      return { type: { kind: 'timestamp', unit: type.unit, ...(type.zone === undefined ? {} : { zone: 'UTC' }) } };
    case 'time':
      return { type: { kind: 'time', unit: type.unit === 'ns' ? 'ns' : 'us' } };
    case 'null':
      return { type: { kind: 'string' } };
    case 'list':
    case 'struct':
      return hasExactJson(type) ? { type } : undefined;
    case 'duration':
      return undefined;
    default:
      return { type };
  }
}

const digits = { ms: '(3)', us: '', ns: '(9)' } as const;

/** The declaration of a column. What is a text has a word that SQLite takes for one, so that it makes no number of it. */
export function declared(type: DataType): string {
  switch (type.kind) {
    case 'bool':
      return 'BOOLEAN';
    case 'float32':
    case 'float64':
      return 'REAL';
    case 'decimal':
      return `DECIMAL_TEXT(${type.precision},${type.scale})`;
    case 'uint64':
      return 'DECIMAL_TEXT(20,0)';
    case 'binary':
      return 'BLOB';
    case 'uuid':
      return 'UUID';
    case 'date':
      return 'DATE';
    case 'time':
      return type.unit === 'ns' ? 'TIME(9)' : 'TIME';
    case 'timestamp':
      return `${type.zone === undefined ? 'DATETIME' : 'TIMESTAMPTZ'}${digits[type.unit]}`;
    case 'json':
    case 'list':
    case 'struct':
      return 'JSON_TEXT';
    case 'string':
    case 'null':
      return 'TEXT';
    default:
      return 'INTEGER';
  }
}

/** The declaration in a strict table, which knows no other types than those of values: dates and decimals are texts there, true and false numbers. */
export function strictly(declaration: string): string {
  if (/^(int|integer|real|text|blob|any)$/i.test(declaration)) return declaration;
  const kind = holds(declaration)?.type.kind;
  if (kind === 'bool' || kind === 'int64') return 'INTEGER';
  return kind === 'float64' ? 'REAL' : kind === 'binary' ? 'BLOB' : 'TEXT';
}

/** So many digits a double keeps, and SQLite makes a double of a decimal wherever it is declared as a number. */
const exactDigits = 15;

/** What a column that is there holds; undefined: its declaration does not say. */
export function holds(declaration: string): Held | undefined {
  const read = readAs(declaration, undefined);
  if (read === undefined || read.takesNumbers) return undefined;
  const isNumber = read.type.kind === 'decimal' && !/^\s*DECIMAL_TEXT/i.test(declaration);
  return isNumber && read.type.kind === 'decimal' && read.type.precision > exactDigits ? undefined : { type: read.type };
}

const asTexts: readonly DataType['kind'][] = ['date', 'time', 'timestamp', 'uuid', 'json', 'decimal', 'list', 'struct'];

/** Columns of texts take whatever is written as one, those of whole numbers true and false. */
export function takes(declaration: string, { kind }: DataType): boolean {
  const own = holds(declaration)?.type.kind;
  if (own === 'json') return kind === 'list' || kind === 'struct';
  return (own === 'string' && asTexts.includes(kind)) || (own === 'int64' && kind === 'bool');
}

/** SQLite alters no column that is there: its type and its NOT NULL stay as they were declared. */
export const howChanged = ({ change }: Change): HowChanged => (change === 'widen' || change === 'drop not null' ? 'no' : 'in place');

/** A type as a person writes it; undefined: one that SQLite would keep other values in than those that go in. */
export function ownType(written: string): OwnType | undefined {
  const found = holds(written);
  return found && /^[\w ]+(\( ?\d+( ?, ?\d+)? ?\))?$/.test(written.trim())
    ? { type: found.type, declared: written.trim().toUpperCase() }
    : undefined;
}
