import { ByteReader, ByteWriter } from './bytes.ts';
import { decodeChars, encodeChars } from './collations.ts';
import type { TdsType } from './types.ts';
import * as types from './types.ts';

/**
 * A cell, exact in every type: text as SQL Server's own conversions write it (times with all digits of their scale, an offset's local time first), bytes of binaries
 * and of rowversion. Numbers and booleans may be given where they are exact; what is read is always text or bytes.
 */
export type Value = string | number | bigint | boolean | Uint8Array | null;
export type ReadValue = string | Uint8Array | null;

const textOf = (value: Value): string => (typeof value === 'boolean' ? String(Number(value)) : String(value));

function bytesOf(value: Value): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const text = textOf(value);
  return /^0x/i.test(text) ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text, 'utf8');
}

const dayMs = 86_400_000;
const firstDay = new Date(0).setUTCFullYear(1, 0, 1);
const day1900 = Date.UTC(1900, 0, 1);
const tenTo = (exponent: number): bigint => 10n ** BigInt(exponent);

const dayText = (since: number, days: number): string => new Date(since + days * dayMs).toISOString().slice(0, 10);
function daysOf(text: string, since: number): number {
  const [year = 1, month = 1, day = 1] = text.split('-').map(Number);
  return Math.round((new Date(0).setUTCFullYear(year, month - 1, day) - since) / dayMs);
}

/** `12.34` of scale 3 → 12340; digits beyond the scale round half away from zero, as the server does. */
function scaled(text: string, scale: number): bigint {
  const [, sign, whole = '0', after = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim()) ?? [];
  if (sign === undefined) throw new Error(`${JSON.stringify(text)} is no decimal number`);
  const kept = BigInt((whole || '0') + after.padEnd(scale, '0').slice(0, scale));
  const size = (after[scale] ?? '0') >= '5' ? kept + 1n : kept;
  return sign === '-' ? -size : size;
}

function unscaled(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}

/** Time of day in units of the scale. */
function unitsOf(text: string, scale: number): bigint {
  const [hours = '0', minutes = '0', seconds = '0'] = text.split(':');
  return BigInt(Number(hours) * 3600 + Number(minutes) * 60) * tenTo(scale) + scaled(seconds, scale);
}

function timeText(units: bigint, scale: number): string {
  const two = (value: bigint): string => value.toString().padStart(2, '0');
  const seconds = units / tenTo(scale);
  const fraction = scale === 0 ? '' : `.${(units % tenTo(scale)).toString().padStart(scale, '0')}`;
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`;
}

const uuidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const inUuidOrder = (bytes: Uint8Array): Buffer => Buffer.from(uuidOrder.map((at) => bytes[at] ?? 0));

function writeSized(to: ByteWriter, name: types.SizedName, text: string): void {
  if (name === 'bit' || name === 'tinyint') to.u8(Number(text));
  else if (name === 'smallint') to.u16(Number(text) & 0xffff);
  else if (name === 'int') to.i32(Number(text));
  else if (name === 'bigint') to.u64(BigInt(text));
  else if (name === 'real') to.f32(Number(text));
  else if (name === 'float') to.f64(Number(text));
  else if (name === 'smallmoney') to.i32(Number(scaled(text, 4)));
  else if (name === 'money') {
    const units = BigInt.asUintN(64, scaled(text, 4));
    to.u32(Number(units >> 32n)).u32(Number(units & 0xffffffffn));
  } else {
    const [day = '', time = '00:00:00'] = text.split(/[ T]/);
    if (name === 'smalldatetime') to.u16(daysOf(day, day1900)).u16(Number(unitsOf(time, 0) / 60n));
    else to.i32(daysOf(day, day1900)).u32(Math.round(Number(unitsOf(time, 3)) * 0.3));
  }
}

function readSized(from: ByteReader, name: types.SizedName): string {
  if (name === 'bit' || name === 'tinyint') return String(from.u8());
  if (name === 'smallint') return String(from.i16());
  if (name === 'int') return String(from.i32());
  if (name === 'bigint') return String(from.i64());
  if (name === 'real') return String(from.f32());
  if (name === 'float') return String(from.f64());
  if (name === 'smallmoney') return unscaled(BigInt(from.i32()), 4);
  if (name === 'money') return unscaled((BigInt(from.i32()) << 32n) | BigInt(from.u32()), 4);
  if (name === 'smalldatetime') return `${dayText(day1900, from.u16())} ${timeText(BigInt(from.u16() * 60), 0)}`;
  return `${dayText(day1900, from.i32())} ${timeText(BigInt(Math.round((from.u32() * 10) / 3)), 3)}`;
}

const offsetPattern = /^(\S+)[ T](\S+) ?([+-])(\d\d):(\d\d)$/;

function writeInstant(to: ByteWriter, type: TdsType, text: string): void {
  const { name, scale } = type;
  const perDay = 86_400n * tenTo(scale);
  const size = types.timeSize(scale);
  if (name === 'time') {
    to.unsigned(unitsOf(text, scale) % perDay, size);
    return;
  }
  const [, day = text.slice(0, 10), time = text.slice(11) || '00:00:00', sign = '+', hours = '0', minutes = '0'] =
    offsetPattern.exec(text) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const units = BigInt(daysOf(day, firstDay)) * perDay + unitsOf(time, scale) - BigInt(offset * 60) * tenTo(scale);
  to.unsigned(units % perDay, size).unsigned(units / perDay, 3);
  if (name === 'datetimeoffset') to.u16(offset & 0xffff);
}

function readInstant(from: ByteReader, { name, scale }: TdsType, size: number): string {
  const perDay = 86_400n * tenTo(scale);
  const bytes = size - (name === 'time' ? 0 : name === 'datetime2' ? 3 : 5);
  const time = from.unsigned(bytes);
  if (name === 'time') return timeText(time, scale);
  const days = from.unsigned(3);
  const offset = name === 'datetimeoffset' ? from.i16() : 0;
  const units = days * perDay + time + BigInt(offset * 60) * tenTo(scale);
  const text = `${dayText(firstDay, Number(units / perDay))} ${timeText(units % perDay, scale)}`;
  if (name === 'datetime2') return text;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, '0'));
  return `${text} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** The value's bytes alone; how long they are is said by whoever writes them. */
function payloadOf(type: TdsType, value: Value): Uint8Array {
  const { name, length } = type;
  const to = new ByteWriter();
  if (types.isSized(name)) writeSized(to, name, textOf(value));
  else if (types.isTimed(name)) writeInstant(to, type, textOf(value));
  else if (name === 'date') to.unsigned(BigInt(daysOf(textOf(value), firstDay)), 3);
  else if (types.isDecimal(name)) {
    const digits = scaled(textOf(value), type.scale);
    to.u8(digits < 0n ? 0 : 1).unsigned(digits < 0n ? -digits : digits, types.digitsSize(type.precision));
  } else if (name === 'uniqueidentifier') to.bytes(inUuidOrder(Buffer.from(textOf(value).replaceAll('-', ''), 'hex')));
  else if (types.isBinary(name)) {
    const bytes = bytesOf(value);
    return name === 'binary' ? Buffer.concat([bytes, Buffer.alloc(Math.max(0, Number(length) - bytes.length))]) : bytes;
  } else if (types.isNarrow(name)) {
    const bytes = encodeChars(textOf(value), type.collation);
    return name === 'char' ? Buffer.concat([bytes, Buffer.alloc(Math.max(0, Number(length) - bytes.length), ' ')]) : bytes;
  } else {
    const text = textOf(value);
    return Buffer.from(name === 'nchar' ? text.padEnd(Number(length)) : text, 'utf16le');
  }
  return to.take();
}

function readPayload(from: ByteReader, type: TdsType, size: number): string | Uint8Array {
  const { name, scale } = type;
  if (types.isSized(name)) return readSized(from, name);
  if (types.isTimed(name)) return readInstant(from, type, size);
  if (name === 'date') return dayText(firstDay, Number(from.unsigned(3)));
  if (types.isDecimal(name)) {
    const positive = from.u8() === 1;
    const digits = from.unsigned(size - 1);
    return unscaled(positive ? digits : -digits, scale);
  }
  const bytes = Buffer.from(from.bytes(size));
  if (name === 'uniqueidentifier') {
    return inUuidOrder(bytes)
      .toString('hex')
      .toUpperCase()
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
  if (types.isBinary(name)) return bytes;
  return types.isNarrow(name) ? decodeChars(bytes, type.collation) : bytes.toString('utf16le');
}

const noChunks = 0xffffffffffffffffn;
const chunk = 4_000;

function writeChunks(to: ByteWriter, bytes: Uint8Array): void {
  to.u64(BigInt(bytes.length));
  for (let at = 0; at < bytes.length; at += chunk) {
    const part = bytes.subarray(at, at + chunk);
    to.u32(part.length).bytes(part);
  }
  to.u32(0);
}

function readChunks(from: ByteReader): Buffer | null {
  if (from.u64() === noChunks) return null;
  const parts: Buffer[] = [];
  for (let size = from.u32(); size > 0; size = from.u32()) parts.push(from.bytes(size));
  return Buffer.concat(parts);
}

const isShort = ({ name }: TdsType): boolean =>
  types.isSized(name) || types.isTimed(name) || types.isDecimal(name) || ['date', 'uniqueidentifier'].includes(name);

/** A cell of a row or a parameter, with its length before it; `fixed`: of a type whose size needs no saying. */
export function writeValue(to: ByteWriter, type: TdsType, value: Value, fixed = !type.nullable): void {
  if (value === null) {
    if (types.isChunked(type)) to.u64(noChunks);
    else if (isShort(type)) to.u8(0);
    else to.u16(0xffff);
    return;
  }
  const payload = payloadOf(type, value);
  if (types.isChunked(type)) {
    writeChunks(to, payload);
    return;
  }
  if (!isShort(type)) to.u16(payload.length);
  else if (!(fixed && types.isSized(type.name))) to.u8(payload.length);
  to.bytes(payload);
}

export function readValue(from: ByteReader, type: TdsType): ReadValue {
  const { name } = type;
  if (types.isChunked(type)) {
    const bytes = readChunks(from);
    return bytes && readPayload(new ByteReader(bytes), type, bytes.length);
  }
  if (types.isSized(name) && !type.nullable) return readPayload(from, type, types.sizeOf(name));
  const size = isShort(type) ? from.u8() : from.u16();
  if (size === (isShort(type) ? 0 : 0xffff)) return null;
  return readPayload(from, type, size);
}
