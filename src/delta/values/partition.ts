import { dayNumber, parseInstant } from '../../frames/calendar.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { DeltaField } from '../table.ts';
import { valueError } from './errors.ts';
import { charTypeIn, leafOf } from './schema.ts';

/**
 * A value of a partition column as canonical text (see `Watermark`); of other types: `true` and `false`; a float in the form of Polars; bytes as the text that
 * they encode in UTF-8. `text` null: the rows have no value.
 */
export interface PartitionText {
  readonly type: DataType;
  readonly text: string | null;
}

/**
 * The value of a partition column in the log. An empty text is null, by the protocol, although delta-rs and Spark read it as an empty string. A
 * timestamp without a zone is read as UTC, as in other readers; by the protocol, the zone depends on the writer’s system.
 * @throws HYG-3803 for a text that can't be a value of the type.
 */
export function partitionValueOf(
  { name, type, metadata }: Pick<DeltaField, 'name' | 'type' | 'metadata'>,
  text: string | null | undefined,
): PartitionText {
  const leaf = leafOf(type, name, charTypeIn(metadata));
  if (text === null || text === undefined || text === '') return { type: leaf.type, text: null };
  const canonical = canonicalText(leaf.type, text);
  if (canonical === undefined) throw noValue(name, leaf.type, text);
  return { type: leaf.type, text: leaf.pad === undefined ? canonical : padded(canonical, leaf.pad) };
}

function canonicalText(type: DataType, text: string): string | undefined {
  switch (type.kind) {
    case 'string':
    case 'binary':
      return text;
    case 'bool':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined;
    case 'float32':
    case 'float64':
      return floatText(text);
    case 'decimal':
      return keyText(type, plainDecimal(text));
    case 'date':
      return dateText(text);
    case 'timestamp':
      return instantText(type, text);
    default:
      return keyText(type, text);
  }
}

function keyText(type: DataType, text: string | undefined): string | undefined {
  const key = text === undefined ? undefined : parsedKey(type, text);
  return key === undefined ? undefined : watermarkText(type, key);
}

/** A float in the form of Polars, because Java and Rust have other words for NaN and infinity. */
function floatText(text: string): string | undefined {
  if (/^[+-]?nan$/i.test(text)) return 'NaN';
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? '-inf' : 'inf';
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? text : undefined;
}

/** A decimal in plain digits, because Java writes small decimals like `1E-7`. */
function plainDecimal(text: string): string | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const from = Math.max(0, -point);
  const all = '0'.repeat(from) + digits.padEnd(point, '0');
  const before = all.slice(0, point + from);
  const behind = all.slice(point + from);
  return `${sign}${before === '' ? '0' : before}${behind === '' ? '' : `.${behind}`}`;
}

/** A day as text. A year after 9999 has more digits and a sign. */
function dateText(text: string): string | undefined {
  const match = /^([+-]?)(\d{4,6})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [, sign, year = '', month, day] = match;
  const days = dayNumber(Number(year) * (sign === '-' ? -1 : 1), Number(month), Number(day));
  return Number.isNaN(days) ? undefined : watermarkText({ kind: 'date' }, BigInt(days));
}

function instantText(type: DataType & { readonly kind: 'timestamp' }, text: string): string | undefined {
  // Refuses a day without a time, which is no timestamp by the protocol, and a wall-clock time with an offset.
  if (!/^[^ T]+[ T]\d\d:\d\d:\d\d/.test(text)) return undefined;
  const instant = parseInstant(text, type.unit);
  return instant === undefined ? undefined : keyText(type, text);
}

/** A text padded with blanks to the length of the type, in characters. */
function padded(text: string, length: number): string {
  const characters = Array.from(text).length;
  return characters >= length ? text : text + ' '.repeat(length - characters);
}

function noValue(column: string, type: DataType, text: string): Error {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return valueError('HYG-3803', `The partition value ${JSON.stringify(shown)} of ${column} is not a value of ${describeType(type)}.`, {
    why: ['The log has this text for a partition, but hygge can’t read the text as one value.'],
  });
}
