/**
 * Decodes one column of a row group of a checkpoint, page by page, to JavaScript values. A checkpoint may have a hundred thousand small rows with
 * nested columns, of which a few leaves are needed. Native decoding of whole rows to Arrow needs several times the memory and the time.
 */
import { crc32 } from 'node:zlib';
import { decompressed } from '../../formats/parquet/decompress.ts';
import { integerAt, truthAt } from '../../formats/parquet/fields.ts';
import { unpacked } from '../../formats/parquet/fixed-values.ts';
import type { ColumnChunk } from '../../formats/parquet/footer.ts';
import { physical } from '../../formats/parquet/leaf-type.ts';
import { counted, kinds, part } from '../../formats/parquet/page-headers.ts';
import { decodeStructFrom, ThriftDamaged, type ThriftStruct } from '../../formats/parquet/thrift.ts';

export type LeafValue = string | number | bigint | boolean | Uint8Array;

export interface LeafForm {
  /** The maximum definition level and the maximum repetition level. */
  readonly definition: number;
  readonly repetition: number;
  /** The number of bytes in each value of FIXED_LEN_BYTE_ARRAY. */
  readonly width: number;
  /** Whether the bytes are UTF-8. */
  readonly isText: boolean;
  /** Shortens each text as it is decoded, so that the whole texts of a page are not in memory together. */
  readonly keep: ((text: string) => string | null) | undefined;
}

export interface DecodedLeaf {
  /** A value or null for each position. If nothing is repeated, each row has one position. */
  readonly slots: readonly (LeafValue | null)[];
  /** The levels of each position; empty if nothing is repeated. */
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
}

/** Constants of parquet.thrift. */
const encodings = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  deltaInteger: 5,
  deltaLength: 6,
  deltaBytes: 7,
  dictionary: 8,
  streamSplit: 9,
} as const;
/** The maximum number of values in a chunk. A larger number means that the file is damaged. */
const mostValues = 50_000_000;
const mostPageBytes = 512 * 1024 * 1024;

/** Reads a range of bytes of the file; the end is exclusive. */
export type ReadBytes = (start: number, end: number) => Uint8Array | Promise<Uint8Array>;

/** The values of a column chunk. Throws `ThriftDamaged`. */
export async function decodedLeaf(chunk: ColumnChunk, form: LeafForm, read: ReadBytes): Promise<DecodedLeaf> {
  if (chunk.values > mostValues) throw new ThriftDamaged(`${chunk.values} values in a row group`);
  const slots: (LeafValue | null)[] = [];
  const isRepeated = form.repetition > 0;
  const definitions = new Uint8Array(isRepeated ? chunk.values : 0);
  const repetitions = new Uint8Array(isRepeated ? chunk.values : 0);
  let dictionary: readonly (LeafValue | null)[] = [];
  for await (const page of pagesOf(chunk, read)) {
    if (page.kind === kinds.index) continue;
    const parts = await partsOf(page, chunk, form);
    if (page.kind === kinds.dictionary) {
      dictionary = plain(parts.values, counted(part(page.header, 7), 1, 'value count'), chunk, form);
      continue;
    }
    const levels = levelsOf(parts.definition, page.values, form.definition);
    const present = levels === undefined ? page.values : countOf(levels, form.definition);
    const values = valuesIn(parts.values, { count: present, encoding: parts.encoding, dictionary }, chunk, form);
    if (isRepeated) {
      definitions.set(levels ?? [], slots.length);
      repetitions.set(levelsOf(parts.repetition, page.values, form.repetition) ?? [], slots.length);
    }
    if (levels === undefined) for (const value of values) slots.push(value);
    else
      for (let at = 0, next = 0; at < levels.length; at++)
        slots.push(levels[at] === form.definition ? (values[next++] as LeafValue | null) : null);
  }
  return { slots, definitions, repetitions };
}

interface Page {
  readonly header: ThriftStruct;
  readonly kind: number | undefined;
  readonly content: Uint8Array;
  /** The number of bytes after decompression. */
  readonly plain: number;
  /** Number of values, including nulls. */
  readonly values: number;
}

/** A chunk is read in pieces of this size. A page is at most some megabytes. */
const windowBytes = 8 * 1024 * 1024;
const headerBytes = 64 * 1024;

async function* pagesOf(chunk: ColumnChunk, read: ReadBytes): AsyncGenerator<Page> {
  let from = chunk.start;
  let bytes: Uint8Array = none;
  const ahead = async (at: number, length: number): Promise<Uint8Array> => {
    if (at < from || at + length > from + bytes.length) {
      from = at;
      bytes = await read(at, Math.min(chunk.end, at + Math.max(length, windowBytes)));
    }
    return bytes.subarray(at - from);
  };
  let values = 0;
  for (let at = chunk.start; at < chunk.end && values < chunk.values; ) {
    const { struct: header, length } = decodeStructFrom(await ahead(at, Math.min(headerBytes, chunk.end - at)));
    const size = counted(header, 3, 'compressed size');
    const plain = counted(header, 2, 'size');
    if (at + length + size > chunk.end || plain > mostPageBytes)
      throw new ThriftDamaged(`a page of ${size} bytes, ${plain} without compression`);
    const content = (await ahead(at + length, size)).subarray(0, size);
    const sum = integerAt(header, 4);
    if (sum !== undefined && crc32(content) !== sum >>> 0) throw new ThriftDamaged('the checksum of a page does not match');
    const kind = integerAt(header, 1);
    const held = kind === kinds.data || kind === kinds.dataV2 ? counted(part(header, kind === kinds.data ? 5 : 8), 1, 'value count') : 0;
    values += held;
    if (values > chunk.values) break;
    yield { header, kind, content, plain, values: held };
    at += length + size;
  }
  if (values !== chunk.values) throw new ThriftDamaged(`its pages hold ${values} values, but its footer says ${chunk.values}`);
}

interface PageParts {
  readonly repetition: Uint8Array;
  readonly definition: Uint8Array;
  readonly values: Uint8Array;
  readonly encoding: number;
}

const none = new Uint8Array(0);

async function partsOf(page: Page, { codec }: ColumnChunk, form: LeafForm): Promise<PageParts> {
  const { content } = page;
  if (page.kind === kinds.dataV2) {
    const said = part(page.header, 8);
    const [definitions, repetitions] = [counted(said, 5, 'length of levels'), counted(said, 6, 'length of levels')];
    const rest = content.subarray(repetitions + definitions);
    const size = page.plain - repetitions - definitions;
    const values = truthAt(said, 7) === false ? rest : await decompressed(rest, { codec, size });
    const levels = { repetition: content.subarray(0, repetitions), definition: content.subarray(repetitions, repetitions + definitions) };
    return { ...levels, values, encoding: integerAt(said, 4) ?? encodings.plain };
  }
  const whole = await decompressed(content, { codec, size: page.plain });
  if (page.kind === kinds.dictionary) return { repetition: none, definition: none, values: whole, encoding: encodings.plain };
  const said = part(page.header, 5);
  const repetition = prefixed(whole, 0, form.repetition, integerAt(said, 4));
  const definition = prefixed(whole, repetition.end, form.definition, integerAt(said, 3));
  return {
    repetition: repetition.bytes,
    definition: definition.bytes,
    values: whole.subarray(definition.end),
    encoding: integerAt(said, 2) ?? encodings.plain,
  };
}

/** The levels of a version 1 page, after their length. */
function prefixed(
  bytes: Uint8Array,
  at: number,
  most: number,
  encoding: number | undefined,
): { readonly bytes: Uint8Array; readonly end: number } {
  if (most === 0) return { bytes: none, end: at };
  if (encoding !== encodings.rle) throw new ThriftDamaged(`levels of encoding ${encoding}`);
  const end = at + 4 + viewOf(bytes).getUint32(at, true);
  if (end > bytes.length) throw new ThriftDamaged('levels that are longer than their page');
  return { bytes: bytes.subarray(at + 4, end), end };
}

/** The levels in the bytes; undefined: the column can have no missing values, so no levels were written. */
function levelsOf(bytes: Uint8Array, count: number, most: number): Uint8Array | undefined {
  if (most === 0) return undefined;
  const levels = new Uint8Array(count);
  hybrid(bytes, 0, 32 - Math.clz32(most), levels);
  return levels;
}

function countOf(levels: Uint8Array, wanted: number): number {
  let count = 0;
  for (const level of levels) if (level === wanted) count++;
  return count;
}

/** Decodes runs of one value mixed with groups of eight bit-packed values. Fills `into`. */
function hybrid(bytes: Uint8Array, start: number, bits: number, into: Uint8Array | Uint32Array): void {
  const cursor = new Cursor(bytes, start);
  const width = Math.ceil(bits / 8);
  for (let at = 0; at < into.length; ) {
    const head = cursor.varint();
    if (head % 2 === 0) {
      let value = 0;
      for (let i = 0; i < width; i++) value += cursor.byte() * 256 ** i;
      const end = Math.min(into.length, at + head / 2);
      if (end === at) throw new ThriftDamaged('an empty run');
      into.fill(value, at, end);
      at = end;
      continue;
    }
    const groups = (head - 1) / 2;
    if (groups === 0) throw new ThriftDamaged('an empty run');
    const packed = cursor.upTo(groups * bits);
    for (let i = 0; i < groups * 8 && at < into.length; i++, at++) into[at] = unpacked(packed, i * bits, bits);
  }
}

interface Encoded {
  readonly count: number;
  readonly encoding: number;
  readonly dictionary: readonly (LeafValue | null)[];
}

function valuesIn(
  bytes: Uint8Array,
  { count, encoding, dictionary }: Encoded,
  chunk: ColumnChunk,
  form: LeafForm,
): readonly (LeafValue | null)[] {
  const { physicalType } = chunk;
  if (count === 0) return [];
  if (encoding === encodings.plain) return plain(bytes, count, chunk, form);
  if (encoding === encodings.dictionary || encoding === encodings.plainDictionary) {
    const indices = new Uint32Array(count);
    const bits = bytes[0] ?? 0;
    if (bits > 32) throw new ThriftDamaged(`places of ${bits} bits`);
    hybrid(bytes, 1, bits, indices);
    return Array.from(indices, (index) => {
      const value = dictionary[index];
      if (value === undefined) throw new ThriftDamaged(`place ${index} of a dictionary of ${dictionary.length}`);
      return value;
    });
  }
  if (encoding === encodings.rle && physicalType === physical.boolean) {
    const levels = new Uint8Array(count);
    hybrid(bytes, 4, 1, levels);
    return Array.from(levels, (level) => level === 1);
  }
  if (encoding === encodings.deltaInteger && (physicalType === physical.int32 || physicalType === physical.int64))
    return deltas(new Cursor(bytes, 0), count, physicalType === physical.int64 ? 64 : 32);
  if (encoding === encodings.deltaLength && physicalType === physical.bytes) {
    const cursor = new Cursor(bytes, 0);
    const lengths = deltas(cursor, count, 32);
    return lengths.map((length) => asValue(cursor.take(Number(length)), form));
  }
  if (encoding === encodings.deltaBytes && (physicalType === physical.bytes || physicalType === physical.fixed))
    return continued(new Cursor(bytes, 0), count).map((value) => asValue(value, form));
  throw new ThriftDamaged(`values of encoding ${encoding} and type ${physicalType}`);
}

/** DELTA_BYTE_ARRAY: for each value, the number of bytes that it shares with the previous value, then its other bytes. */
function continued(cursor: Cursor, count: number): readonly Uint8Array[] {
  const shared = deltas(cursor, count, 32).map(Number);
  const own = deltas(cursor, count, 32).map(Number);
  let before: Uint8Array = none;
  return shared.map((from, at) => {
    const rest = cursor.take(own[at] ?? 0);
    if (from < 0 || from > before.length) throw new ThriftDamaged(`a value that shares ${from} bytes with one of ${before.length}`);
    before = from === 0 ? rest : Buffer.concat([before.subarray(0, from), rest]);
    return before;
  });
}

/** DELTA_BINARY_PACKED: the first number, then blocks of differences. Each block has parts with different bit widths. */
function deltas(cursor: Cursor, wanted: number, bits: 32 | 64): readonly (number | bigint)[] {
  const [block, parts, count] = [cursor.varint(), cursor.varint(), cursor.varint()];
  const perPart = block / parts;
  if (!Number.isInteger(perPart) || perPart % 8 !== 0 || perPart === 0 || block > 2 ** 20)
    throw new ThriftDamaged(`differences in ${parts} parts of ${block}`);
  if (count !== wanted) throw new ThriftDamaged(`${count} values where ${wanted} are wanted`);
  let value = cursor.zigzag();
  const values = [value];
  while (values.length < count) {
    const least = cursor.zigzag();
    const widths = cursor.take(parts);
    for (let one = 0; one < parts && values.length < count; one++) {
      const width = widths[one] ?? 0;
      if (width > 64) throw new ThriftDamaged(`differences of ${width} bits`);
      const packed = cursor.take((perPart / 8) * width);
      for (let i = 0; i < perPart && values.length < count; i++) {
        value = BigInt.asIntN(bits, value + least + wide(packed, i * width, width));
        values.push(value);
      }
    }
  }
  return values.map((one) => smallest(one));
}

function wide(bytes: Uint8Array, bit: number, bits: number): bigint {
  let value = 0n;
  const last = (bit + bits - 1) >> 3;
  for (let at = bits === 0 ? 0 : last; bits > 0 && at >= bit >> 3; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return BigInt.asUintN(bits, value >> BigInt(bit & 7));
}

/** A JavaScript number if it is exact, else a bigint. */
const smallest = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

function plain(bytes: Uint8Array, count: number, { physicalType }: ColumnChunk, form: LeafForm): readonly (LeafValue | null)[] {
  const view = viewOf(bytes);
  const cursor = new Cursor(bytes, 0);
  const values: (LeafValue | null)[] = [];
  for (let i = 0; i < count; i++) {
    if (physicalType === physical.bytes) values.push(asValue(cursor.take(view.getUint32(cursor.skip(4), true)), form));
    else if (physicalType === physical.int64) values.push(longAt(view, i * 8));
    else if (physicalType === physical.int32) values.push(view.getInt32(i * 4, true));
    else if (physicalType === physical.boolean) values.push(((view.getUint8(i >> 3) >> (i & 7)) & 1) === 1);
    else if (physicalType === physical.double) values.push(view.getFloat64(i * 8, true));
    else if (physicalType === physical.float) values.push(view.getFloat32(i * 4, true));
    else values.push(asValue(cursor.take(physicalType === physical.int96 ? 12 : form.width), form));
  }
  return values;
}

function longAt(view: DataView, at: number): number | bigint {
  const high = view.getInt32(at + 4, true);
  return high >= -(2 ** 21) && high < 2 ** 21 ? high * 2 ** 32 + view.getUint32(at, true) : view.getBigInt64(at, true);
}

/** A value from bytes of a page. The bytes are copied, because the memory of the page is reused. */
function asValue(bytes: Uint8Array, { isText, keep }: LeafForm): LeafValue | null {
  if (!isText) return Uint8Array.from(bytes);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return keep === undefined ? text : keep(text);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

class Cursor {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new ThriftDamaged('values that end too early');
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 35; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new ThriftDamaged('a number that does not end');
  }

  zigzag(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new ThriftDamaged('a number that does not end');
  }

  /** Skips `length` bytes, and returns the position of the first skipped byte. */
  skip(length: number): number {
    const at = this.#at;
    this.take(length);
    return at;
  }

  take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new ThriftDamaged('values that end too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** `length` bytes. At the end of the page there may be fewer bytes, because writers may cut the last group. */
  upTo(length: number): Uint8Array {
    return this.take(Math.min(length, this.#bytes.length - this.#at));
  }
}
