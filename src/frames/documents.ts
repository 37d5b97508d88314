/** Makes JSON documents of structs, and of lists if the destination has no array type for them. All destinations get the same document. */
import { dateText, timestampText } from './calendar.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';
import { watermarkText } from './watermark-text.ts';

/** Whether JSON has an exact form for all values of the type, including nested values. */
export function hasExactJson(type: DataType): boolean {
  switch (type.kind) {
    case 'binary':
    case 'duration':
      return false;
    case 'list':
      return hasExactJson(type.item);
    case 'struct': {
      const names = new Set(type.fields.map(({ name }) => name));
      return names.size > 0 && names.size === type.fields.length && type.fields.every((field) => hasExactJson(field.type));
    }
    default:
      return true;
  }
}

/** Thrown for a value that has no form in JSON. */
export class NotInJson extends Error {
  override readonly name = 'NotInJson';
}

/** Returns the document of a row. Only for types for which `hasExactJson` is true. */
export type JsonValueAt = (row: number) => string;

export function jsonOfRows(type: DataType, data: Arrow.Data): JsonValueAt {
  const document = documentOfRows(type, data);
  return (row) => document(row) ?? 'null';
}

/** Returns the document of a row, or null for a row without a value. */
export function documentOfRows(type: DataType, data: Arrow.Data): (row: number) => string | null {
  if (type.kind === 'null') return () => null;
  const value = presentIn(type, data);
  const bits = data.nullCount > 0 ? data.nullBitmap : undefined;
  if (bits === undefined || bits.length === 0) return value;
  return (row) => (((bits[(data.offset + row) >> 3] ?? 0) >> ((data.offset + row) & 7)) & 1 ? value(row) : null);
}

function presentIn(type: DataType, data: Arrow.Data): JsonValueAt {
  const values = data.values as ArrayLike<number | bigint>;
  const number = (row: number) => values[row] ?? 0;
  switch (type.kind) {
    case 'bool': {
      const bits = data.values as Uint8Array;
      return (row) => (((bits[(data.offset + row) >> 3] ?? 0) >> ((data.offset + row) & 7)) & 1 ? 'true' : 'false');
    }
    case 'float32':
      return (row) => finite(shortestFloat32(Number(number(row))));
    case 'float64':
      return (row) => finite(String(number(row)));
    case 'decimal': {
      const bytes = Buffer.from(data.values.buffer, data.values.byteOffset, data.values.byteLength);
      return (row) => watermarkText(type, (bytes.readBigInt64LE(row * 16 + 8) << 64n) | bytes.readBigUInt64LE(row * 16));
    }
    case 'json':
      return texts(data, (text) => text);
    case 'string':
    case 'uuid':
      return texts(data, (text) => JSON.stringify(type.kind === 'uuid' ? text.toLowerCase() : withoutNul(text)));
    case 'date':
      return (row) => `"${dateText(Number(number(row)))}"`;
    case 'time':
      // Polars stores each time of day in nanoseconds.
      return (row) => `"${timestampText(BigInt(number(row)), 'ns').slice('1970-01-01T'.length)}"`;
    case 'timestamp':
      return (row) => `"${timestampText(BigInt(number(row)), type.unit)}${type.zone === undefined ? '' : 'Z'}"`;
    case 'list': {
      const item = jsonOfRows(type.item, childOf(data, 0));
      const offsets = data.valueOffsets as ArrayLike<number | bigint>;
      return (row) => {
        const [from, to] = [Number(offsets[row]), Number(offsets[row + 1])];
        return `[${Array.from({ length: to - from }, (_, at) => item(from + at)).join(',')}]`;
      };
    }
    case 'struct': {
      const fields = type.fields.map(({ name, type: of }, at) => [`${JSON.stringify(name)}:`, jsonOfRows(of, childOf(data, at))] as const);
      return (row) => `{${fields.map(([name, of]) => name + of(row)).join(',')}}`;
    }
    default:
      return (row) => String(number(row));
  }
}

function texts(data: Arrow.Data, form: (text: string) => string): JsonValueAt {
  const bytes = Buffer.from(data.values.buffer, data.values.byteOffset, data.values.byteLength);
  const offsets = data.valueOffsets as ArrayLike<number | bigint>;
  return (row) => form(bytes.toString('utf8', Number(offsets[row]), Number(offsets[row + 1])));
}

function withoutNul(text: string): string {
  if (text.includes('\0')) throw new NotInJson('holds a NUL character');
  return text;
}

/** The text of a number. Throws for NaN and infinity, which JSON does not have. */
function finite(text: string): string {
  if (text === 'NaN' || text.endsWith('Infinity')) throw new NotInJson(`holds ${text}, which JSON can't express`);
  return text;
}

/** The text of a float of 32 bits, with the fewest digits that distinguish the float from its neighbours. */
export function shortestFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

function childOf(data: Arrow.Data, at: number): Arrow.Data {
  const found = data.children[at];
  if (found === undefined) throw new RangeError(`a nested value has no part ${at}`);
  return found;
}

/** For messages: the properties of a document that a store may change. */
export const documentLoss = 'a store may keep a document in another form: blanks, the order of keys, digits';
