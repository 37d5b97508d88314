/** Reads `types:` of a home: types as a person writes them. All formats whose files do not contain types use the same texts. */
import * as z from 'zod';
import type { DataType, TimeUnit } from './schema.ts';

const simple: Readonly<Record<string, DataType>> = {
  bool: { kind: 'bool' },
  boolean: { kind: 'bool' },
  int8: { kind: 'int8' },
  int16: { kind: 'int16' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  int: { kind: 'int64' },
  bigint: { kind: 'int64' },
  uint8: { kind: 'uint8' },
  uint16: { kind: 'uint16' },
  uint32: { kind: 'uint32' },
  uint64: { kind: 'uint64' },
  float32: { kind: 'float32' },
  float64: { kind: 'float64' },
  float: { kind: 'float64' },
  double: { kind: 'float64' },
  string: { kind: 'string' },
  text: { kind: 'string' },
  binary: { kind: 'binary' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
  date: { kind: 'date' },
};

const units: readonly string[] = ['ms', 'us', 'ns'];
const shown =
  'bool, int8 … int64, uint8 … uint64, float32, float64, decimal(18,2), string, binary, uuid, json, date, time, timestamp, "timestamp[us, UTC]", "list<int64>", "struct<a: int64, b: string>"';

/** The type that a text means, or a sentence that says why the text is not a type. */
export type ReadType = { readonly type: DataType } | { readonly problem: string };

/**
 * Reads the text of a type: `int64`, `decimal(18,2)`, `timestamp`, `timestamp[ns]`, `timestamp[us, UTC]`, `list<string>`, `struct<a: int64,
 * b: list<date>>`. Times without a unit are in microseconds. Each text that `describeType` writes can be read back.
 */
export function readColumnType(written: string): ReadType {
  const text = written.trim();
  const plain = Object.hasOwn(simple, text.toLowerCase()) ? simple[text.toLowerCase()] : undefined;
  if (plain) return { type: plain };
  const [, word = '', , inside = ''] = /^([a-z]+)\s*([([<])(.*)[)\]>]$/is.exec(text) ?? [];
  const bracket = text.charAt(word.length).trim() || text.slice(word.length).trim().charAt(0);
  switch (word.toLowerCase()) {
    case 'decimal':
    case 'numeric':
      return bracket === '(' ? decimalOf(inside, text) : unknown(text);
    case 'timestamp':
    case 'datetime':
    case 'time':
    case 'duration':
      return bracket === '[' ? timed(word.toLowerCase(), inside, text) : unknown(text);
    case 'list':
      return bracket === '<' ? listOf(inside) : unknown(text);
    case 'struct':
      return bracket === '<' ? structOf(inside, text) : unknown(text);
    default:
      return bareTime(text.toLowerCase()) ?? unknown(text);
  }
}

function unknown(text: string): ReadType {
  const hint = /^(decimal|numeric)$/i.test(text) ? 'A decimal needs its digits, such as decimal(18,2).' : `Types are ${shown}.`;
  return { problem: `${JSON.stringify(text.slice(0, 60))} is not a type. ${hint}` };
}

function bareTime(text: string): ReadType | undefined {
  if (text === 'timestamp' || text === 'datetime') return { type: { kind: 'timestamp', unit: 'us' } };
  if (text === 'timestamptz') return { type: { kind: 'timestamp', unit: 'us', zone: 'UTC' } };
  if (text === 'time') return { type: { kind: 'time', unit: 'us' } };
  return text === 'duration' ? { type: { kind: 'duration', unit: 'us' } } : undefined;
}

function decimalOf(inside: string, text: string): ReadType {
  const match = /^\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?$/.exec(inside);
  const [precision, scale] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (!match || precision < 1 || precision > 38 || scale > precision)
    return { problem: `${text} is not a decimal: it has 1 to 38 digits in all, and at most that many after the point, as decimal(18,2).` };
  return { type: { kind: 'decimal', precision, scale } };
}

function timed(word: string, inside: string, text: string): ReadType {
  const [first = '', second, ...more] = inside.split(',').map((part) => part.trim());
  const unit = units.includes(first) ? (first as TimeUnit) : undefined;
  const zone = unit === undefined ? first : second;
  if (more.length > 0 || (unit === undefined && second !== undefined))
    return { problem: `${text} is not a ${word}: write ${word}[us] or timestamp[us, UTC].` };
  if (word === 'time' || word === 'duration') {
    if (unit === undefined || zone !== undefined)
      return { problem: `${text} is not a ${word}: write ${word}[ms], ${word}[us] or ${word}[ns].` };
    return { type: { kind: word, unit } };
  }
  if (zone === undefined) return { type: { kind: 'timestamp', unit: unit ?? 'us' } };
  if (!isZone(zone)) return { problem: `${text}: ${JSON.stringify(zone)} is not a time zone. Zones are like UTC or Europe/Copenhagen.` };
  return { type: { kind: 'timestamp', unit: unit ?? 'us', zone } };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function listOf(inside: string): ReadType {
  const item = readColumnType(inside);
  return 'problem' in item ? item : { type: { kind: 'list', item: item.type } };
}

function structOf(inside: string, text: string): ReadType {
  const fields: { name: string; type: DataType; nullable: boolean }[] = [];
  for (const part of splitOutside(inside)) {
    const at = part.indexOf(':');
    const name = part.slice(0, at).trim();
    if (at < 0 || name === '') return { problem: `${text} is not a struct: write struct<name: type, …>.` };
    const field = readColumnType(part.slice(at + 1));
    if ('problem' in field) return field;
    fields.push({ name, type: field.type, nullable: true });
  }
  return { type: { kind: 'struct', fields } };
}

/** The parts of a text between commas. Commas inside brackets are ignored. */
function splitOutside(text: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if ('<(['.includes(char)) depth++;
    if ('>)]'.includes(char)) depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${char}`);
  }
  return parts.every((part) => part.trim() === '') ? [] : parts;
}

/** The key `types` of a home. */
export const typesKey = z
  .record(
    z.string().min(1),
    z.string().superRefine((written, context) => {
      const read = readColumnType(written);
      if ('problem' in read)
        context.addIssue({
          code: 'custom',
          message: read.problem,
          params: { tryThis: 'Correct the type, or leave the column out: samples decide its type then.' },
        });
    }),
  )
  .optional()
  .describe(
    'Types of columns, by name: {zip: string, amount: decimal(18,2), at: timestamp}. Columns not named here are decided from samples.',
  );

/** The types of a checked config, by the name of the column. */
export function typesGiven(written: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, DataType> {
  const types = new Map<string, DataType>();
  for (const [column, text] of Object.entries(written ?? {})) {
    const read = readColumnType(text);
    if ('type' in read) types.set(column, read.type);
  }
  return types;
}
