import { DefectError } from '../../errors/hygge-error.ts';
import { bit, bytesOf } from '../bytes/arrow-buffers.ts';
import { dateText, timestampText, unitsPerSecond } from '../calendar.ts';
import { describeType } from '../describe-type.ts';
import type { Arrow } from '../native.ts';
import type { DataType, TimeUnit } from '../schema.ts';
import { watermarkText } from '../watermark-text.ts';
import type { TextBytes } from './text-bytes.ts';

/**
 * The canonical text that hash ids are made from. docs/polish.md defines the text byte for byte, because any change of the text changes all
 * existing ids. A value is `<tag><bytes>:<text>;` and a null is `_;`, so rows with different values have different texts.
 */

/** Writes the value of one column for a row. */
export type Cell = (row: number, out: TextBytes) => void;

export function cellOf(type: DataType, data: Arrow.Data): Cell {
  if (data.offset !== 0 || data.dictionary !== undefined) throw unexpected(type);
  const value = presentCell(type, data);
  const bitmap = data.nullCount > 0 ? data.nullBitmap : undefined;
  return (row, out) => {
    if (type.kind === 'null' || (bitmap !== undefined && bitmap.length > 0 && !bit(bitmap, row))) out.ascii('_;');
    else value(row, out);
  };
}

function presentCell(type: DataType, data: Arrow.Data): Cell {
  switch (type.kind) {
    case 'null':
      return () => undefined;
    case 'bool': {
      const bits = bytesOf(data.values);
      return (row, out) => out.value('b', bit(bits, row) ? 'true' : 'false');
    }
    case 'float32':
      return numbers(data, float32Text);
    case 'float64':
      return numbers(data, float64Text);
    case 'decimal':
      return decimals(type, data);
    case 'string':
    case 'json':
      return texts(data, (bytes, start, end, out) => out.utf8('s', bytes, start, end));
    case 'uuid':
      return texts(data, (bytes, start, end, out) =>
        out.value('s', Buffer.from(bytes.subarray(start, end)).toString('latin1').toLowerCase()),
      );
    case 'binary':
      return texts(data, (bytes, start, end, out) => out.value('x', Buffer.from(bytes.subarray(start, end)).toString('hex')));
    case 'date':
      return integers(data, (days, out) => out.value('d', dateText(Number(days))));
    case 'time':
      // Polars stores each time of day in nanoseconds.
      return integers(data, (nanos, out) => out.value('c', clockText(BigInt(nanos))));
    case 'timestamp':
      return units(type, data, (value, out) => out.value('t', instantText(value, type.unit, type.zone !== undefined)));
    case 'duration':
      return units(type, data, (value, out) => out.value('u', secondsText(value, type.unit)));
    case 'list':
      return lists(type, data);
    case 'struct':
      return structs(type, data);
    default:
      return integers(data, (value, out) => out.value('n', value.toString()));
  }
}

function integers(data: Arrow.Data, write: (value: number | bigint, out: TextBytes) => void): Cell {
  const values = data.values as ArrayLike<number | bigint>;
  return (row, out) => write(values[row] ?? 0, out);
}

/** Writes units of time. Throws if the data has other units than the type. */
function units(type: DataType & { readonly unit: TimeUnit }, data: Arrow.Data, write: (value: bigint, out: TextBytes) => void): Cell {
  if (arrowUnits[(data.type as Arrow.Timestamp).unit] !== type.unit) throw unexpected(type);
  return integers(data, (value, out) => write(BigInt(value), out));
}

/** The units of time, by Arrow’s number for the unit. */
const arrowUnits: readonly (TimeUnit | 's')[] = ['s', 'ms', 'us', 'ns'];

function numbers(data: Arrow.Data, text: (value: number) => string): Cell {
  const values = data.values as ArrayLike<number>;
  return (row, out) => out.value('n', text(values[row] ?? 0));
}

/** Writes decimals: 128 bits for each value, in two’s complement, little-endian. */
function decimals(type: DataType & { readonly kind: 'decimal' }, data: Arrow.Data): Cell {
  const bytes = Buffer.from(bytesOf(data.values).buffer, data.values.byteOffset, data.values.byteLength);
  return (row, out) => {
    const value = (bytes.readBigInt64LE(row * 16 + 8) << 64n) | bytes.readBigUInt64LE(row * 16);
    const text = watermarkText(type, value);
    out.value('n', type.scale === 0 ? text : trimmed(text));
  };
}

function texts(data: Arrow.Data, write: (bytes: Uint8Array, start: number, end: number, out: TextBytes) => void): Cell {
  const bytes = bytesOf(data.values);
  const offsets = data.valueOffsets as Int32Array | BigInt64Array | undefined;
  if (offsets === undefined) throw unexpected({ kind: 'string' });
  return (row, out) => write(bytes, Number(offsets[row]), Number(offsets[row + 1]), out);
}

function lists(type: DataType & { readonly kind: 'list' }, data: Arrow.Data): Cell {
  const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
  const [items] = data.children;
  if (items === undefined) throw unexpected(type);
  const item = cellOf(type.item, items);
  return (row, out) => {
    const [start, end] = [Number(offsets[row]), Number(offsets[row + 1])];
    out.ascii(`l${end - start}[`);
    for (let i = start; i < end; i++) item(i, out);
    out.ascii(']');
  };
}

function structs(type: DataType & { readonly kind: 'struct' }, data: Arrow.Data): Cell {
  const fields = type.fields.map((field, index) => {
    const child = data.children[index];
    if (child === undefined) throw unexpected(type);
    return cellOf(field.type, child);
  });
  return (row, out) => {
    out.ascii(`r${fields.length}[`);
    for (const field of fields) field(row, out);
    out.ascii(']');
  };
}

/** The text of an instant. The same instant has the same text in every unit. */
function instantText(value: bigint, unit: TimeUnit, zoned: boolean): string {
  return trimmed(timestampText(value, unit)) + (zoned ? 'Z' : '');
}

function clockText(nanos: bigint): string {
  return trimmed(timestampText(nanos, 'ns').slice('1970-01-01T'.length));
}

function secondsText(value: bigint, unit: TimeUnit): string {
  const [scale, size] = [unitsPerSecond[unit], value < 0n ? -value : value];
  const fraction = (size % scale).toString().padStart(scale.toString().length - 1, '0');
  return `${value < 0n ? '-' : ''}${trimmed(`${size / scale}.${fraction}`)}`;
}

function unexpected(type: DataType): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A column of ${describeType(type)} has a form that hash ids can't be made from.`,
    tryThis: ['Make the id from other columns, and report this with the type of the column'],
  });
}

/** Writes numbers as plain decimal text without an exponent, a plus sign or extra zeros. Equal numbers have equal texts in every type. */

/** The text of a float: the shortest digits that are read back as the same float. A whole number has all its digits. */
function float64Text(value: number): string {
  return special(value) ?? plain(String(value));
}

/** The text of a float of 32 bits: the shortest digits that are read back as the same float. A float of 32 bits needs fewer digits than a float of 64 bits. */
function float32Text(value: number): string {
  const known = special(value);
  if (known !== undefined) return known;
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return plain(text);
  }
  return plain(value.toPrecision(9));
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  // Above 2^53, the shortest digits of a whole number differ from its exact digits, so a bigint is used.
  return Number.isInteger(value) ? BigInt(value).toString() : undefined;
}

/** Writes `1.5e-7` as `0.00000015`. */
function plain(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  return sign + trimmed(`${padded.slice(0, at)}.${padded.slice(at)}`);
}

/** Removes the zeros at the end of a fraction, and a point at the end. The text must have a point. */
function trimmed(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  return text.slice(0, text.charCodeAt(end - 1) === 46 ? end - 1 : end);
}
