import type { DataType } from '../../frames/schema.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { Json } from '../../ports/values.ts';

/** The text for the value null. A text value with these letters is shown in quotes. */
const nullText = 'NULL';

/**
 * A value as one unambiguous line.
 * @param value the value in the form of `exact-json.ts`. Plain text has no quotes. Text gets quotes and escapes if it is empty, ends in
 * blanks, contains invisible characters, or looks like NULL or like a quoted text.
 */
export function cellText(type: DataType, value: Json): string {
  if (value === null) return nullText;
  switch (type.kind) {
    case 'string':
    case 'uuid':
    case 'json':
      return textOf(String(value));
    case 'binary':
      return `\\x${Buffer.from(String(value), 'base64').toString('hex')}`;
    case 'float32':
      return typeof value === 'number' ? shortFloat(value) : String(value);
    case 'timestamp':
    case 'time':
      return String(value).replace(/\.0+(?=Z?$)/, '');
    case 'duration':
      return `${String(value)} ${type.unit}`;
    case 'list':
      return `[${(value as readonly Json[]).map((item) => nested(type.item, item)).join(', ')}]`;
    case 'struct':
      return `{${type.fields.map((field) => `${visible(field.name)}: ${nested(field.type, fieldOf(value, field.name))}`).join(', ')}}`;
    default:
      return String(value);
  }
}

/** A value inside a list or a struct, or next to other values. Text is always in quotes there, since it may contain commas and brackets. */
export function nested(type: DataType, value: Json): string {
  return value !== null && (type.kind === 'string' || type.kind === 'json') ? quoted(String(value)) : cellText(type, value);
}

function fieldOf(value: Json, name: string): Json {
  return (Object.hasOwn(Object(value), name) ? (value as Readonly<Record<string, Json>>)[name] : undefined) ?? null;
}

function textOf(text: string): string {
  const plain = text !== '' && text === text.trim() && visible(text) === text && !text.startsWith('"') && text.toUpperCase() !== nullText;
  return plain ? text : quoted(text);
}

function quoted(text: string): string {
  return `"${visible(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`;
}

/** The shortest decimal number that is read as this 32-bit float. */
function shortFloat(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** Whether values of a type are numbers, which are aligned to the right. */
export function isNumeric({ kind }: DataType): boolean {
  return /^(u?int\d+|float\d+|decimal|duration)$/.test(kind);
}
