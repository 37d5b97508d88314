/**
 * Writes values without quotes that Polars’ writer can’t write so: `json`, and whole numbers beyond int64 (`decimal(…,0)`). The values may
 * be whole columns, or be in lists and structs.
 */

import { jsonStoreCodes } from '../../errors/codes/text.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import { dateText, fractionDigits, timestampText, unitsPerSecond } from '../../frames/calendar.ts';
import type { Arrow } from '../../frames/native.ts';
import type { Column, DataType, TimeUnit } from '../../frames/schema.ts';
import { shortestFloat32 } from '../bytes/json-texts.ts';

/** Whether Polars can’t write the column. */
export function isRaw(type: DataType): boolean {
  if (type.kind === 'list') return isRaw(type.item);
  if (type.kind === 'struct') return type.fields.some((field) => isRaw(field.type));
  return type.kind === 'json' || (type.kind === 'decimal' && type.scale === 0);
}

/** The end of each row’s object: `"name":value,…}` for these columns, and a line feed. Throws HYG-4304 if a text is not JSON. */
export function* rowEnds(table: Arrow.Table, columns: readonly Column[]): Generator<string> {
  for (const batch of table.batches) {
    const writers = columns.map(({ name, type }, i) => ({
      name: JSON.stringify(name),
      text: inColumn(name, valueWriter(type, batch.data.children[i] as Arrow.Data)),
    }));
    for (let row = 0; row < batch.numRows; row++) yield `${writers.map(({ name, text }) => `${name}:${text(row)}`).join(',')}}\n`;
  }
}

type Writer = (row: number) => string;

class NotJson extends Error {}

function inColumn(name: string, write: Writer): Writer {
  return (row) => {
    try {
      return write(row);
    } catch (cause) {
      if (!(cause instanceof NotJson)) throw cause;
      throw new StoreError({
        code: 'HYG-4304',
        what: `Column ${name} is json, but has a value that is not JSON: ${cause.message}`,
        why: ['Written unchanged, this value would break the file for every reader.'],
        tryThis: jsonStoreCodes['HYG-4304'].tryThis,
        cause,
      });
    }
  };
}

function valueWriter(type: DataType, data: Arrow.Data): Writer {
  const write = presentWriter(type, data);
  return data.nullCount === 0 ? write : (row) => (data.getValid(row) ? write(row) : 'null');
}

function presentWriter(type: DataType, data: Arrow.Data): Writer {
  switch (type.kind) {
    case 'json':
      return (row) => asJson(textAt(data, row));
    case 'string':
    case 'uuid':
      return (row) => JSON.stringify(textAt(data, row));
    case 'list':
      return listWriter(valueWriter(type.item, data.children[0] as Arrow.Data), data);
    case 'struct': {
      const fields = type.fields.map((field, i) => ({
        name: JSON.stringify(field.name),
        write: valueWriter(field.type, data.children[i] as Arrow.Data),
      }));
      return (row) => `{${fields.map(({ name, write }) => `${name}:${write(row)}`).join(',')}}`;
    }
    case 'bool':
      return (row) => (((data.values[row >> 3] as number) >> (row & 7)) & 1 ? 'true' : 'false');
    case 'float32':
    case 'float64':
      return (row) => floatText(data.values[row] as number, type.kind);
    case 'decimal':
      return (row) => decimalText(wideAt(data, row), type.scale);
    case 'date':
      return (row) => `"${dateText(data.values[row] as number)}"`;
    case 'timestamp': {
      const zone = type.zone === undefined ? '' : 'Z';
      return (row) => `"${timestampText(longAt(data, row), type.unit)}${zone}"`;
    }
    case 'time':
      return (row) => `"${timestampText(longAt(data, row), 'ns').slice('1970-01-01T'.length)}"`;
    case 'duration':
      return (row) => `"${durationText(longAt(data, row), type.unit)}"`;
    case 'null':
    case 'binary':
      return () => 'null';
    default:
      return (row) => String(data.values[row]);
  }
}

function listWriter(item: Writer, data: Arrow.Data): Writer {
  const ends = data.valueOffsets;
  return (row) => {
    const items: string[] = [];
    for (let i = Number(ends[row]); i < Number(ends[row + 1]); i++) items.push(item(i));
    return `[${items.join(',')}]`;
  };
}

/** The JSON on one line. The text is checked, because a source may declare any text as json. Line ends become blanks, because a line end in JSON is always white space. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new NotJson(text.length <= 60 ? text : `${text.slice(0, 59)}…`, { cause });
  }
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ') : text;
}

function textAt({ values, valueOffsets: ends }: Arrow.Data, row: number): string {
  const bytes = values as Uint8Array;
  const start = Number(ends[row]);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Number(ends[row + 1]) - start).toString();
}

const longAt = (data: Arrow.Data, row: number): bigint => (data.values as BigInt64Array)[row] as bigint;

/** A value of 128 bits. Its lowest word is stored first. */
function wideAt(data: Arrow.Data, row: number): bigint {
  const words = data.values as Uint32Array;
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => BigInt(words[4 * row + i] as number)) as [bigint, bigint, bigint, bigint];
  return BigInt.asIntN(128, a | (b << 32n) | (c << 64n) | (d << 96n));
}

/** The text of a float. A whole number gets a fraction or an exponent, so that it is read back as a float. */
function floatText(value: number, kind: 'float32' | 'float64'): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(kind === 'float64' ? value : shortestFloat32(value));
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** The text of a decimal. A decimal with a fraction is in quotes, so that no reader rounds it. A whole number is not in quotes. */
function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `"${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}"`;
}

function durationText(value: bigint, unit: TimeUnit): string {
  const size = value < 0n ? -value : value;
  const fraction = (size % unitsPerSecond[unit]).toString().padStart(fractionDigits[unit], '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}PT${size / unitsPerSecond[unit]}${fraction === '' ? '' : `.${fraction}`}S`;
}

/** Appends the ends of objects to the lines that Polars wrote for the other columns. */
export class LinesWithEnds {
  readonly #ends: Iterator<string>;
  #cut: Buffer = Buffer.alloc(0);

  constructor(ends: Iterator<string>) {
    this.#ends = ends;
  }

  /** Processes the whole lines of a piece. The rest of the piece’s last line waits for the next piece. */
  of(piece: Buffer): Buffer {
    const bytes = this.#cut.length === 0 ? piece : Buffer.concat([this.#cut, piece]);
    const out: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      const next = this.#ends.next();
      if (next.done) return bytes;
      // A line is `{…}`, so its last brace is replaced by the end of the object.
      out.push(bytes.subarray(from, end - 1), Buffer.from(`,${next.value}`));
      from = end + 1;
    }
    this.#cut = Buffer.from(bytes.subarray(from));
    return Buffer.concat(out);
  }
}
