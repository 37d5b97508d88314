import { homeCodes } from '../errors/codes/home.ts';
import { DefectError, HomeError } from '../errors/hygge-error.ts';
import { dateText, epochDays, parseInstant, timestampText, unitsPerSecond } from './calendar.ts';
import { describeType, sameType } from './describe-type.ts';
import type { DataType } from './schema.ts';
import type { Watermark } from './watermark.ts';

/** Converts canonical texts of watermarks (see `Watermark`) from and to the exact integer or text that they mean, and compares them by type. */

/** A value in the form in which it is compared. Integers, days, units since 1970 and unscaled decimals are bigints. Texts are compared by their UTF-8 bytes. */
export type WatermarkKey = bigint | string;

const integerRange: Readonly<Partial<Record<DataType['kind'], readonly [bigint, bigint]>>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  date: [-(2n ** 31n), 2n ** 31n - 1n],
  timestamp: [-(2n ** 63n), 2n ** 63n - 1n],
};

export function canBeWatermark(type: DataType): boolean {
  return type.kind in integerRange || type.kind === 'decimal' || type.kind === 'string' || type.kind === 'uuid';
}

/** The type as one line of text, which the state’s binding contains. Throws HYG-3110 for types without an exact order and an exact text (floats in particular). */
export function describeWatermarkType(type: DataType, column: string): string {
  if (canBeWatermark(type)) return describeType(type);
  throw new HomeError({
    code: 'HYG-3110',
    what: `Column ${column} is ${describeType(type)}, which can't be a watermark.`,
    why: type.kind.startsWith('float')
      ? ['Two systems may round or print the same float differently, so rows could be lost or read twice.']
      : [],
    tryThis: homeCodes['HYG-3110'].tryThis,
  });
}

/** The canonical text of an exact value. */
export function watermarkText(type: DataType, key: WatermarkKey): string {
  if (typeof key === 'string') return type.kind === 'uuid' ? key.toLowerCase() : key;
  if (type.kind === 'date') return dateText(Number(key));
  if (type.kind === 'timestamp') return timestampText(key, type.unit) + (type.zone === undefined ? '' : 'Z');
  if (type.kind !== 'decimal' || type.scale === 0) return key.toString();
  const digits = (key < 0n ? -key : key).toString().padStart(type.scale + 1, '0');
  return `${key < 0n ? '-' : ''}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
}

/** The exact value of a canonical text. Throws a defect for a text that is not canonical, because canonical texts never come from a person. */
export function watermarkKey(type: DataType, text: string): WatermarkKey {
  const key = keyOf(type, text);
  if (key === undefined || watermarkText(type, key) !== text)
    throw new DefectError({
      code: 'HYG-9001',
      what: `${JSON.stringify(text)} is not the canonical text of a ${describeType(type)}.`,
      tryThis: ['Report it with the state file of this entity: this should not be possible'],
    });
  return key;
}

/** Below zero if `a` is smaller, and above zero if `a` is larger. Both watermarks must have the same type. */
export function compareWatermarks(a: Pick<Watermark, 'type' | 'text'>, b: Pick<Watermark, 'type' | 'text'>): number {
  if (!sameType(a.type, b.type))
    throw new DefectError({
      code: 'HYG-9001',
      what: `A ${describeType(a.type)} and a ${describeType(b.type)} were compared as watermarks.`,
      tryThis: ['Report it with the state file of this entity: this should not be possible'],
    });
  return compareWatermarkKeys(watermarkKey(a.type, a.text), watermarkKey(b.type, b.text));
}

export function compareWatermarkKeys(a: WatermarkKey, b: WatermarkKey): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  // JavaScript orders strings by UTF-16 units, but Polars and databases order them by code points. The two orders differ above U+FFFF.
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/**
 * A text that a person wrote (`watermark.initial`, `reset --adopt`) as a watermark of the column’s type: `2024-01-01`, `2024-01-01 10:00`,
 * `2024-01-01T10:00:00+02:00`, `42`, `3.5`. In a column with a zone, a text without an offset is in UTC. Throws HYG-3111 if the text can’t
 * be a value of the type.
 */
export function parseWatermark(written: string, column: Pick<Watermark, 'column' | 'type'>): Watermark {
  describeWatermarkType(column.type, column.column);
  const key = keyOf(column.type, column.type.kind === 'string' ? written : written.trim());
  if (key !== undefined) return { ...column, text: watermarkText(column.type, key) };
  throw new HomeError({
    code: 'HYG-3111',
    what: `${JSON.stringify(written)} can't be a value of column ${column.column} (${describeType(column.type)}).`,
    tryThis: [`Write it like ${exampleOf(column.type)}`, 'Or name another column in watermark.column'],
  });
}

/** The exact value of a text that a person wrote. Undefined: the text can’t be a value of the type. */
export function parsedKey(type: DataType, written: string): WatermarkKey | undefined {
  return keyOf(type, written);
}

function keyOf(type: DataType, text: string): WatermarkKey | undefined {
  switch (type.kind) {
    case 'string':
      return text;
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
    case 'decimal':
      return decimalKey(text, type);
    case 'date':
      return dateKey(text);
    case 'timestamp':
      return inRange(timestampKey(text, type), 'timestamp');
    default:
      return /^[+-]?\d+$/.test(text) ? inRange(BigInt(text.replace(/^\+/, '')), type.kind) : undefined;
  }
}

function decimalKey(text: string, type: { readonly precision: number; readonly scale: number }): bigint | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', written = ''] = match;
  const fraction = written.length > type.scale ? written.replace(/0+$/, '').padEnd(type.scale, '0') : written.padEnd(type.scale, '0');
  const unscaled = BigInt(whole + fraction);
  if (fraction.length > type.scale || unscaled >= 10n ** BigInt(type.precision)) return undefined;
  return sign === '-' ? -unscaled : unscaled;
}

/** Reads a date. Midnight may follow the date, because editors and databases often write it. */
function dateKey(text: string): bigint | undefined {
  const days = epochDays(text.replace(/[T ]00:00(:00(\.0+)?)?$/, ''));
  return days === undefined ? undefined : inRange(BigInt(days), 'date');
}

function timestampKey(text: string, type: DataType & { readonly kind: 'timestamp' }): bigint | undefined {
  const instant = parseInstant(text, type.unit);
  if (instant === undefined) return undefined;
  // A wall-clock time has no zone. If an offset were converted to a guessed zone, the window would move.
  if (type.zone === undefined) return instant.offsetSeconds === undefined ? instant.wall : undefined;
  return instant.wall - BigInt(instant.offsetSeconds ?? 0) * unitsPerSecond[type.unit];
}

function inRange(key: bigint | undefined, kind: DataType['kind']): bigint | undefined {
  const range = integerRange[kind];
  return key !== undefined && range !== undefined && key >= range[0] && key <= range[1] ? key : undefined;
}

function exampleOf(type: DataType): string {
  if (type.kind === 'date') return '2024-01-01';
  if (type.kind === 'timestamp') return type.zone === undefined ? '2024-01-01 10:00:00 (no offset)' : '2024-01-01T10:00:00Z';
  if (type.kind === 'uuid') return '00000000-0000-0000-0000-000000000000';
  return type.kind === 'decimal' ? watermarkText(type, 150n) : '42';
}

/** The type of a watermark’s bounds, if a file stores the watermark in another type than the source. The type has the digits of the file. For a time without a zone, it has the form of the source. */
export function markType(source: DataType, held: DataType): DataType {
  if (source.kind !== 'timestamp' || held.kind !== 'timestamp') return held;
  const { zone: _, ...wallClock } = held;
  return source.zone === undefined ? wallClock : held;
}
