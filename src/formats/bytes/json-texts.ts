import { epochDays, parseInstant, secondsPerDay, unitsPerSecond } from '../../frames/calendar.ts';
import type { Cell } from '../../frames/cell.ts';
import type { DataType, TimeUnit } from '../../frames/schema.ts';

/** The exact value of a text. Undefined: the type can’t hold the value exactly. */
export function valueOfText(type: DataType, text: string): Cell | undefined {
  switch (type.kind) {
    case 'string':
    case 'json':
      return text;
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'float32':
    case 'float64':
      return floatOf(type.kind, text);
    case 'decimal':
      return decimalOf(text, type);
    case 'uuid':
      return uuidOf(text);
    case 'binary':
      return bytesOf(text);
    case 'date':
      return epochDays(text);
    case 'time':
      return timeOf(text, type.unit);
    case 'timestamp':
      return instantOf(text, type);
    case 'duration':
      return durationOf(text, type.unit);
    case 'list':
    case 'struct':
    case 'null':
      return undefined;
    default:
      return wholeOf(type.kind, text);
  }
}

const hex32 = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/;

/** The usual form of a uuid: small letters and hyphens. A uuid with capitals or braces, or without hyphens, is read as well. Undefined: the text is not a uuid. */
export function uuidOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  const bare = lower.startsWith('{') && lower.endsWith('}') ? lower.slice(1, -1) : lower;
  return hex32.exec(bare)?.slice(1).join('-');
}

type WholeKind = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64';

/** The whole number that a text means: `1.0` and `1e3` are whole numbers too. */
function wholeOf(kind: WholeKind, text: string): Cell | undefined {
  const value = decimalOf(text, { precision: 38, scale: 0 });
  if (value === undefined) return undefined;
  const bits = Number(/\d+/.exec(kind)?.[0]);
  const held = kind.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  if (held !== value) return undefined;
  return bits === 64 ? value : Number(value);
}

/** The nearest float, as every reader of JSON computes it. Undefined: a whole number would lose digits, or the number is too large for a float. */
function floatOf(kind: 'float32' | 'float64', text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  if (text === 'Infinity' || text === '-Infinity') return Number(text);
  // OData and XML Schema write infinity as INF, and NaN as NaN.
  if (text === 'INF' || text === '-INF') return text === 'INF' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  return isBeyondFloat(kind, text) || isRoundedWhole(kind, text) ? undefined : floatIn(kind, text);
}

const floatIn = (kind: 'float32' | 'float64', text: string): number => (kind === 'float32' ? Math.fround(Number(text)) : Number(text));

/** Whether a float of this kind would turn the number into infinity, or a float of 32 bits would turn the number into zero. */
export function isBeyondFloat(kind: 'float32' | 'float64', text: string): boolean {
  const value = floatIn(kind, text);
  return !Number.isFinite(value) || (value === 0 && Number(text) !== 0);
}

/** Up to this many digits, a float of the kind holds every whole number exactly. */
const safeDigits = { float32: 7, float64: 15 } as const;
/** The usual form of floats: a fraction whose last digit is not zero. */
const hasFraction = /^[+-]?\d+\.\d*[1-9]$/;
/** The exponent of every float is smaller than this number. */
const mostExponent = 400;

/** Whether a float of this kind would round a whole number, written in any form: `16777217`, `16777217.0`, `1.6777217e7`. False for the text that a writer prints for the rounded float. */
export function isRoundedWhole(kind: 'float32' | 'float64', text: string): boolean {
  if (text.length <= safeDigits[kind] || hasFraction.test(text)) return false;
  const whole = wholeIn(text);
  const value = floatIn(kind, text);
  if (whole === undefined || !Number.isFinite(value) || BigInt(value) === whole) return false;
  // Some writers convert a float of 32 bits to a float of 64 bits, and print that.
  return wholeIn(String(value)) !== whole && (kind === 'float64' || wholeIn(String(shortestFloat32(value))) !== whole);
}

/** The whole number that a text of any form means. Undefined: the number has a fraction, or the text is not a number. */
export function wholeIn(text: string): bigint | undefined {
  const [, exponent = '0'] = /[eE]([+-]?\d+)$/.exec(text) ?? [];
  return Math.abs(Number(exponent)) > mostExponent ? undefined : decimalOf(text, { precision: text.length + mostExponent, scale: 0 });
}

/** The shortest digits that are read as this float of 32 bits. */
export function shortestFloat32(value: number): number {
  const digits = [6, 7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === value) ?? 9;
  return Number(value.toPrecision(digits));
}

/** Whether a text is a whole number that a double holds, or that writers print for a double: writers print 1.2345678901234568e20 as 123456789012345680000. */
export function isDoubleText(text: string): boolean {
  const value = Number(text);
  return String(value) === text || (Number.isFinite(value) && BigInt(value) === BigInt(text));
}

/** The unscaled value of a decimal. Undefined: the decimal would lose a digit. */
export function decimalOf(text: string, type: { readonly precision: number; readonly scale: number }): bigint | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  if (/^0*$/.test(digits)) return 0n;
  // The digits are multiplied by ten to the power of `shift`, so that the product counts units of the last decimal place.
  const shift = type.scale - fraction.length + Number(exponent);
  const cut = shift < 0 ? digits.slice(0, shift) : digits;
  if (shift < 0 && !/^0+$/.test(digits.slice(shift))) return undefined;
  if (cut.length + Math.max(0, shift) > type.precision) return undefined;
  const unscaled = BigInt(cut + '0'.repeat(Math.max(0, shift)));
  return sign === '-' ? -unscaled : unscaled;
}

/** Reads base64 or base64url, with or without padding. The two alphabets can’t be confused: a text that is valid in both means the same bytes. */
function bytesOf(text: string): Uint8Array | undefined {
  const match = /^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})$/.exec(text);
  if (match === null || (match[2] !== '' && text.length % 4 !== 0)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const [, digits = ''] = match;
  return bytes.toString('base64url') === digits.replaceAll('+', '-').replaceAll('/', '_') ? bytes : undefined;
}

/** The time of day in nanoseconds since midnight, whatever the unit is. Undefined: the time is finer than the unit. */
function timeOf(text: string, unit: TimeUnit): bigint | undefined {
  const instant = /^\d\d:\d\d/.test(text) ? parseInstant(`1970-01-01T${text}`, unit) : undefined;
  return instant && instant.offsetSeconds === undefined ? instant.wall * (unitsPerSecond.ns / unitsPerSecond[unit]) : undefined;
}

/** With a zone, the text is an instant, and must have an offset unless the zone is UTC. Without a zone, the text is a wall-clock time, and must not have an offset. */
function instantOf(text: string, type: { readonly unit: TimeUnit; readonly zone?: string }): bigint | undefined {
  const instant = parseInstant(text, type.unit);
  if (instant === undefined) return undefined;
  const isWritten = instant.offsetSeconds !== undefined;
  if (type.zone === undefined ? isWritten : !isWritten && type.zone !== 'UTC') return undefined;
  const value = instant.wall - BigInt(instant.offsetSeconds ?? 0) * unitsPerSecond[type.unit];
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Reads an ISO 8601 duration of days and smaller units, such as `PT1.5S`. Longer units are refused, because they have no fixed length. */
function durationOf(text: string, unit: TimeUnit): bigint | undefined {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/.exec(text);
  if (!match || /[PT]$/.test(text)) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  const places = unitsPerSecond[unit].toString().length - 1;
  if (digits.length > places) return undefined;
  const whole = BigInt(days) * BigInt(secondsPerDay) + BigInt(hours) * 3_600n + BigInt(minutes) * 60n + BigInt(seconds);
  const value = (whole * unitsPerSecond[unit] + BigInt(digits.padEnd(places, '0') || '0')) * (sign === '-' ? -1n : 1n);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
