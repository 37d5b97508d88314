import { ThriftDamaged } from './thrift.ts';

/** Encodings of parquet.thrift. Polars does not decode some of them for values of a fixed width. */
export const encodings = { plain: 0, rle: 3, deltaBytes: 7, streamSplit: 9 } as const;

/** The largest number of bytes. No page for Polars has more. */
const most = 2 ** 31 - 1;

/** Decodes values of a fixed width into values one after another, as in PLAIN. `values`: the largest number of values. */
export function plainValues(
  bytes: Uint8Array,
  { encoding, width, values }: { readonly encoding: number; readonly width: number; readonly values: number },
): Uint8Array {
  if (width < 1) throw new ThriftDamaged(`values of ${width} bytes`);
  if (width * values > most) throw new ThriftDamaged(`a page of ${values} values of ${width} bytes each`);
  const plain = encoding === encodings.deltaBytes ? fromDeltas(bytes, width, values) : fromStreams(bytes, width);
  if (plain.length > width * values) throw new ThriftDamaged(`${plain.length / width} values in a page of ${values}`);
  return plain;
}

/** Decodes `BYTE_STREAM_SPLIT`: the page has the first bytes of all values, then the second bytes of all values, and so on. */
function fromStreams(bytes: Uint8Array, width: number): Uint8Array {
  if (bytes.length % width !== 0) throw new ThriftDamaged(`${bytes.length} bytes of values that have ${width} each`);
  const count = bytes.length / width;
  const plain = new Uint8Array(bytes.length);
  for (let stream = 0; stream < width; stream++) for (let i = 0; i < count; i++) plain[i * width + stream] = bytes[stream * count + i] ?? 0;
  return plain;
}

/** Decodes `DELTA_BYTE_ARRAY`: the page has three lists. For each value, the first list has the number of bytes that the value shares with the value before. The second list has the number of further bytes, and the third list has these bytes. */
function fromDeltas(bytes: Uint8Array, width: number, values: number): Uint8Array {
  const shared = lengthsAt(bytes, 0, values);
  const own = lengthsAt(bytes, shared.end, values);
  const count = shared.lengths.length;
  if (own.lengths.length !== count) throw new ThriftDamaged(`${count} values begin, and ${own.lengths.length} continue`);
  const plain = new Uint8Array(count * width);
  let at = own.end;
  for (let i = 0; i < count; i++) {
    const [from, more] = [shared.lengths[i] ?? 0, own.lengths[i] ?? 0];
    if (from < 0 || more < 0 || from + more !== width || (i === 0 && from > 0))
      throw new ThriftDamaged(`a value of ${from} and ${more} bytes where all have ${width}`);
    if (at + more > bytes.length) throw new ThriftDamaged('values that end too early');
    const start = i * width;
    plain.copyWithin(start, start - width, start - width + from);
    plain.set(bytes.subarray(at, at + more), start + from);
    at += more;
  }
  if (at !== bytes.length) throw new ThriftDamaged(`${bytes.length - at} bytes behind the last value`);
  return plain;
}

interface Lengths {
  readonly lengths: Int32Array;
  /** The position at which the bytes after the lengths begin. */
  readonly end: number;
}

/** Decodes whole numbers of 32 bits in DELTA_BINARY_PACKED. The first number is followed by blocks of differences. A block consists of parts, and each part has its own width in bits. */
function lengthsAt(bytes: Uint8Array, start: number, mostOf: number): Lengths {
  const cursor = new Cursor(bytes, start);
  const block = cursor.varint();
  const parts = cursor.varint();
  const count = cursor.varint();
  const first = cursor.zigzag();
  const perPart = block / parts;
  if (!Number.isInteger(perPart) || perPart === 0 || perPart % 8 !== 0 || block > 2 ** 24)
    throw new ThriftDamaged(`lengths in ${parts} parts of ${block}`);
  if (count > mostOf) throw new ThriftDamaged(`${count} values in a page of ${mostOf}`);
  const lengths = new Int32Array(count);
  if (count > 0) lengths[0] = first;
  for (let i = 1; i < count; ) {
    const least = cursor.zigzag();
    const widths = cursor.take(parts);
    for (let part = 0; part < parts && i < count; part++) {
      const bits = widths[part] ?? 0;
      if (bits > 32) throw new ThriftDamaged(`lengths of ${bits} bits`);
      const packed = cursor.take((perPart / 8) * bits);
      // Differences wrap around at 32 bits, as the items of an Int32Array do.
      for (let j = 0; j < perPart && i < count; j++, i++) lengths[i] = (lengths[i - 1] ?? 0) + least + unpacked(packed, j * bits, bits);
    }
  }
  return { lengths, end: cursor.at };
}

/** A number of up to 32 bits that begins at bit `bit` of the bytes, with the low bit first. */
export function unpacked(bytes: Uint8Array, bit: number, bits: number): number {
  if (bits === 1) return ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  let value = 0;
  let factor = 1;
  const last = (bit + bits - 1) >> 3;
  for (let at = bit >> 3; bits > 0 && at <= last; at++, factor *= 256) value += (bytes[at] ?? 0) * factor;
  return Math.floor(value / 2 ** (bit & 7)) % 2 ** bits;
}

class Cursor {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 35; factor *= 128) {
      const [byte = 0] = this.take(1);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new ThriftDamaged('a length that does not end');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new ThriftDamaged('lengths that end too early');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
