/** Reads a list or a struct from its settled JSON document (documents.ts). Each number keeps all its digits. */
import type { Json } from '../../ports/values.ts';
import { fractionDigits } from '../calendar.ts';
import type { Cell } from '../cell.ts';
import type { DataType } from '../schema.ts';
import { exactCell } from './exact-cell.ts';

/** A number, as the document writes it. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Parsed = null | boolean | string | Digits | readonly Parsed[] | { readonly [name: string]: Parsed };

/** Keeps all digits of a number. The declarations of the standard library still lack the third parameter. */
const asDigits = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value;

/** Throws HYG-9001 if the document is not a value of the type. */
export function documentCell(type: DataType, document: string): Cell {
  return cellOf(type, JSON.parse(document, asDigits) as Parsed);
}

function cellOf(type: DataType, value: Parsed): Cell {
  if (value === null) return null;
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((item) => cellOf(type.item, item as Parsed)) : exactCell(type, jsonOf(value));
    case 'struct':
      return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Digits)
        ? type.fields.map((field) => cellOf(field.type, ownIn(value as Readonly<Record<string, Parsed>>, field.name)))
        : exactCell(type, jsonOf(value));
    case 'json':
      return textOf(value);
    case 'int64':
    case 'uint64':
      return exactCell(type, value instanceof Digits ? value.text : jsonOf(value));
    case 'decimal':
      return exactCell(type, value instanceof Digits ? withScale(value.text, type.scale) : jsonOf(value));
    case 'time':
      // In a document, these times are in nanoseconds.
      return exactCell(type, typeof value === 'string' ? value.slice(0, '00:00:00.'.length + fractionDigits[type.unit]) : jsonOf(value));
    default:
      return exactCell(type, jsonOf(value));
  }
}

const ownIn = (object: Readonly<Record<string, Parsed>>, name: string): Parsed =>
  Object.hasOwn(object, name) ? (object[name] ?? null) : null;

/** Gives a decimal as many digits after the point as the type has, because a database may drop zeros at the end. */
function withScale(digits: string, scale: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

/** The JSON form that `exactCell` accepts. */
function jsonOf(value: Parsed): Json {
  if (value instanceof Digits) return Number(value.text);
  return value as Json;
}

/** The text of the document, with its original digits. */
function textOf(value: Parsed): string {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, of]) => `${JSON.stringify(name)}:${textOf(of as Parsed)}`)
    .join(',')}}`;
}
