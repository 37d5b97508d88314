/** Writes the texts of an Arrow column’s values as bytes. The texts are those of `canonicalText`, but no strings are made. */
import type { Cell } from '../cell.ts';
import type { Arrow } from '../native.ts';
import type { DataType } from '../schema.ts';
import { cellReader, isSet, offsetAt } from '../values/cells.ts';
import { canonicalText } from './canonical-text.ts';
import { putSigned, putUnsigned, putWhole } from './digits.ts';
import { dateWriter, decimalWriter, durationWriter, timestampWriter, timeWriter } from './exact-writers.ts';
import { fixed, type ValueWriter, wordsOf } from './value-writer.ts';

export function valueWriter(type: DataType, data: Arrow.Data): ValueWriter {
  switch (type.kind) {
    case 'bool':
      return boolWriter(data);
    case 'int64':
    case 'uint64':
      return longWriter(data, type.kind === 'int64' ? putSigned : (bytes, at, high, low) => putUnsigned(bytes, at, high >>> 0, low >>> 0));
    case 'float32':
    case 'float64':
      return floatWriter(data);
    case 'decimal':
      return decimalWriter(data, type.scale);
    case 'string':
      return textWriter(data);
    case 'uuid':
      return uuidWriter(data);
    case 'binary':
      return binaryWriter(data);
    case 'date':
      return dateWriter(data);
    case 'time':
      return timeWriter(data);
    case 'timestamp':
      return timestampWriter(data, type.unit);
    case 'duration':
      return durationWriter(data, type.unit);
    case 'json':
    case 'list':
    case 'struct':
    case 'null':
      return stringWriter(type, data);
    default:
      return integerWriter(data);
  }
}

function boolWriter(data: Arrow.Data): ValueWriter {
  const bits = data.values as Uint8Array;
  const [no, yes] = [Buffer.from('false'), Buffer.from('true')];
  return fixed(5, (row, bytes, at) => {
    const word = isSet(bits, data.offset + row) ? yes : no;
    for (let i = 0; i < word.length; i++) bytes[at + i] = word[i] as number;
    return at + word.length;
  });
}

/** Writes whole numbers of at most 32 bits. */
function integerWriter(data: Arrow.Data): ValueWriter {
  const values = data.values as Int32Array;
  return fixed(11, (row, bytes, at) => {
    const value = values[row] as number;
    if (value >= 0) return putWhole(bytes, at, value);
    bytes[at] = 45;
    return putWhole(bytes, at + 1, -value);
  });
}

function longWriter(data: Arrow.Data, put: typeof putSigned): ValueWriter {
  const words = wordsOf(data);
  return fixed(20, (row, bytes, at) => put(bytes, at, words[row * 2 + 1] as number, words[row * 2] as number));
}

const hexDigits = Buffer.from('0123456789abcdef');

function floatWriter(data: Arrow.Data): ValueWriter {
  const values = data.values as Float64Array | Float32Array;
  const double = new Float64Array(1);
  const octets = new Uint8Array(double.buffer);
  return fixed(16, (row, bytes, at) => {
    const value = values[row] as number;
    double[0] = value === 0 ? 0 : value;
    if (Number.isNaN(value)) octets.set(nan);
    for (let i = 0; i < 8; i++) putHex(bytes, at + i * 2, octets[7 - i] as number);
    return at + 16;
  });
}

const nan = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f);

function putHex(bytes: Uint8Array, at: number, octet: number): void {
  bytes[at] = hexDigits[octet >> 4] as number;
  bytes[at + 1] = hexDigits[octet & 15] as number;
}

function textWriter(data: Arrow.Data): ValueWriter {
  return ofBytes(data, 1, (from, start, end, bytes, at) => {
    const size = end - start;
    // Most texts have few bytes, for which a loop is faster than a call into native code.
    if (size <= 48) for (let i = 0; i < size; i++) bytes[at + i] = from[start + i] as number;
    else bytes.set(from.subarray(start, end), at);
    return at + size;
  });
}

/** For each byte, the same byte, or the small letter for a capital A to Z. */
const small = Uint8Array.from({ length: 256 }, (_, sign) => (sign >= 0x41 && sign <= 0x5a ? sign + 0x20 : sign));

function uuidWriter(data: Arrow.Data): ValueWriter {
  return ofBytes(data, 1, (from, start, end, bytes, at) => {
    for (let i = start, to = at; i < end; i++, to++) bytes[to] = small[from[i] as number] as number;
    return at + end - start;
  });
}

function binaryWriter(data: Arrow.Data): ValueWriter {
  return ofBytes(data, 2, (from, start, end, bytes, at) => {
    for (let i = start, to = at; i < end; i++, to += 2) putHex(bytes, to, from[i] as number);
    return at + (end - start) * 2;
  });
}

/** `each`: how many bytes of text are written for a byte of the value. */
function ofBytes(
  data: Arrow.Data,
  each: number,
  write: (from: Uint8Array, start: number, end: number, bytes: Uint8Array, at: number) => number,
): ValueWriter {
  const offset = offsetAt(data);
  const first = offset(0);
  const end = offset(data.length);
  const from = (data.values as Uint8Array).subarray(first, end);
  // Loops over small integers are several times as fast as loops over the numbers that are made from 64-bit offsets.
  const starts = end - first < 2 ** 31 ? new Int32Array(data.length + 1) : new Float64Array(data.length + 1);
  for (let row = 0; row <= data.length; row++) starts[row] = offset(row) - first;
  return {
    most: (row) => ((starts[row + 1] as number) - (starts[row] as number)) * each,
    write: (row, bytes, at) => write(from, starts[row] as number, starts[row + 1] as number, bytes, at),
  };
}

/** Writes values through a string, for types whose texts have several parts. */
function stringWriter(type: DataType, data: Arrow.Data): ValueWriter {
  const read: (row: number) => Cell = cellReader(type, data);
  let text: Buffer = Buffer.alloc(0);
  return {
    most(row) {
      text = Buffer.from(canonicalText(type, read(row)) ?? '');
      return text.length;
    },
    write(_row, bytes, at) {
      bytes.set(text, at);
      return at + text.length;
    },
  };
}
