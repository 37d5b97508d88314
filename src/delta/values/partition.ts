import { dayNumber, parseInstant } from '../../frames/calendar.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { DeltaField } from '../table.ts';
import { valueError } from './errors.ts';
import { charTypeIn, leafOf } from './schema.ts';

/**
 * A value of a partition column as canonical text (see `Watermark`); of other types: `true` and `false`; a float in the form of Polars; bytes as the text that
 * they encode in UTF-8. Null: the rows have no value.
 */
export interface PartitionText {
  readonly type: DataType;
  readonly text: string | null;
}

/**
 * The value of a partition column in the log. An empty text is null, by the protocol, although delta-rs and Spark read it as an empty string. A
 * timestamp without a zone is in UTC, as in other readers: the protocol leaves it to the writer's system.
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

/** Java and Rust have other words for NaN and infinity. */
function floatText(text: string): string | undefined {
  if (/^[+-]?nan$/i.test(text)) return 'NaN';
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? '-inf' : 'inf';
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? text : undefined;
}

/** `1E-7`, as Java writes small decimals, in plain digits. */
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

/** Years beyond 9999 have as many digits as they need, with a sign. */
function dateText(text: string): string | undefined {
  const match = /^([+-]?)(\d{4,6})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [, sign, year = '', month, day] = match;
  const days = dayNumber(Number(year) * (sign === '-' ? -1 : 1), Number(month), Number(day));
  return Number.isNaN(days) ? undefined : watermarkText({ kind: 'date' }, BigInt(days));
}

function instantText(type: DataType & { readonly kind: 'timestamp' }, text: string): string | undefined {
  // A day alone is not a timestamp of the protocol, and a wall-clock time has no offset.
  if (!/^[^ T]+[ T]\d\d:\d\d:\d\d/.test(text)) return undefined;
  const instant = parseInstant(text, type.unit);
  return instant === undefined ? undefined : keyText(type, text);
}

/** Padded with blanks to the number of characters of the type. */
function padded(text: string, length: number): string {
  const characters = Array.from(text).length;
  return characters >= length ? text : text + ' '.repeat(length - characters);
}

function noValue(column: string, type: DataType, text: string): Error {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return valueError('HYG-3803', `The partition value ${JSON.stringify(shown)} of ${column} is not a value of ${describeType(type)}.`, {
    why: ['The log has this text for a partition, and hygge can’t read it as one value.'],
  });
}
