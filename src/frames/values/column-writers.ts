/**
 * Columns that a decoder of bytes writes directly, word by word, without making a JavaScript value for each cell. For a list or a struct,
 * the writer receives cells, as a builder does.
 */

import { putUuidText, uuidLength } from '../bytes/uuids.ts';
import type { Cell, ColumnBuilder } from '../cell.ts';
import { withRoom } from '../growing-array.ts';
import { type Arrow, arrow, type Polars, polars } from '../native.ts';
import type { DataType, Schema } from '../schema.ts';
import { arrowSchema, arrowType } from './arrow-type.ts';
import { columnBuilder } from './column-builders.ts';
import { PolarsFrame } from './polars-frame.ts';
import { type ArrowStream, arrowStreamOf, dataFrameFromArrow, dataFrameOf } from './to-polars.ts';

const firstRows = 4096;

/** A column writer. Its memory is overwritten after each `taken`, so the result of `taken` is valid only until then. */
abstract class Writer {
  protected readonly type: Arrow.DataType;
  rows = 0;
  nulls = 0;
  /** One bit for each row, with the lowest bit first. A set bit means that the row is not null. */
  protected valid: Uint8Array = new Uint8Array(firstRows >> 3).fill(0xff);

  constructor(type: Arrow.DataType) {
    this.type = type;
  }

  /** The number of bytes that were written. */
  abstract readonly bytes: number;

  protected mark(isNull: boolean): void {
    const byte = this.rows >> 3;
    if (byte === this.valid.length) {
      const larger = new Uint8Array(this.valid.length * 2).fill(0xff);
      larger.set(this.valid);
      this.valid = larger;
    }
    if (isNull) {
      this.valid[byte] = (this.valid[byte] ?? 0) & ~(1 << (this.rows & 7));
      this.nulls++;
    }
    this.rows++;
  }

  protected get validity(): { readonly length: number; readonly nullCount: number; readonly nullBitmap: Uint8Array | null } {
    const nullBitmap = this.nulls === 0 ? null : this.valid.subarray(0, (this.rows + 7) >> 3);
    return { length: this.rows, nullCount: this.nulls, nullBitmap };
  }

  /** Removes the last row. */
  back(): void {
    this.rows--;
    const byte = this.rows >> 3;
    const bit = 1 << (this.rows & 7);
    if (((this.valid[byte] ?? 0) & bit) !== 0) return;
    this.valid[byte] = (this.valid[byte] ?? 0) | bit;
    this.nulls--;
  }

  begin(): void {
    if (this.nulls > 0) this.valid.fill(0xff);
    this.rows = 0;
    this.nulls = 0;
  }

  /** Starts an empty writer whose rows are all written by their positions. `rows`: the number of rows. */
  protected fill(rows: number): void {
    if (this.rows !== 0) throw new RangeError('a column that is written by places has rows already');
    const bytes = (rows + 7) >> 3;
    if (bytes > this.valid.length) this.valid = new Uint8Array(Math.max(bytes, this.valid.length * 2)).fill(0xff);
    this.rows = rows;
  }

  /** Makes a row null that was written by its position. */
  nullAt(row: number): void {
    this.valid[row >> 3] = (this.valid[row >> 3] ?? 0) & ~(1 << (row & 7));
    this.nulls++;
  }
}

/** Writes whole numbers of 16 bits. */
export class Int16Writer extends Writer {
  #values: Int16Array = new Int16Array(firstRows);

  get bytes(): number {
    return this.rows * 2;
  }

  put(value: number): void {
    if (this.rows === this.#values.length) this.#values = withRoom(this.#values, this.rows + 1);
    this.#values[this.rows] = value;
    this.mark(false);
  }

  null(): void {
    if (this.rows === this.#values.length) this.#values = withRoom(this.#values, this.rows + 1);
    this.#values[this.rows] = 0;
    this.mark(true);
  }

  /** Returns the memory for `rows` values, which the caller must fill at once. Only for an empty writer. */
  places(rows: number): Int16Array {
    this.fill(rows);
    if (rows > this.#values.length) this.#values = withRoom(this.#values, rows);
    return this.#values;
  }

  data(A: typeof Arrow): Arrow.Data {
    return A.makeData({ type: this.type as Arrow.Int16, ...this.validity, data: this.#values.subarray(0, this.rows) });
  }
}

/** The two halves of a number of 128 bits. The next constant has its words, the lowest word first, as on all machines on which Polars runs. */
const halves = new BigUint64Array(2);
const wordsOfHalves = new Uint32Array(halves.buffer);

/** Writes words of 32 bits: one, two or four words for each row, the lowest word first. Such values are whole numbers, days, floats, times and decimals. */
export class WordsWriter extends Writer {
  readonly #width: 1 | 2 | 4;
  readonly #view: (words: Uint32Array) => Int32Array;
  #words: Uint32Array;
  #at = 0;

  constructor(type: Arrow.DataType, width: 1 | 2 | 4, view: (words: Uint32Array) => unknown) {
    super(type);
    this.#width = width;
    this.#view = view as (words: Uint32Array) => Int32Array;
    this.#words = new Uint32Array(firstRows * width);
  }

  get bytes(): number {
    return this.#at * 4;
  }

  one(word: number): void {
    if (this.#at === this.#words.length) this.#words = withRoom(this.#words, this.#at + 1);
    this.#words[this.#at++] = word;
    this.mark(false);
  }

  two(low: number, high: number): void {
    if (this.#at === this.#words.length) this.#words = withRoom(this.#words, this.#at + 1);
    this.#words[this.#at] = low;
    this.#words[this.#at + 1] = high;
    this.#at += 2;
    this.mark(false);
  }

  /** Writes a signed number of 128 bits that a double holds exactly. */
  wide(value: number): void {
    if (this.#at === this.#words.length) this.#words = withRoom(this.#words, this.#at + 1);
    const high = Math.floor(value / 4_294_967_296);
    const sign = value < 0 ? 0xffffffff : 0;
    this.#words[this.#at] = value - high * 4_294_967_296;
    this.#words[this.#at + 1] = high;
    this.#words[this.#at + 2] = sign;
    this.#words[this.#at + 3] = sign;
    this.#at += 4;
    this.mark(false);
  }

  /** Writes any signed number of 128 bits. */
  widest(value: bigint): void {
    if (this.#at === this.#words.length) this.#words = withRoom(this.#words, this.#at + 1);
    halves[0] = value;
    halves[1] = value >> 64n;
    for (let word = 0; word < 4; word++) this.#words[this.#at++] = wordsOfHalves[word] as number;
    this.mark(false);
  }

  null(): void {
    if (this.#at === this.#words.length) this.#words = withRoom(this.#words, this.#at + 1);
    for (let word = 0; word < this.#width; word++) this.#words[this.#at++] = 0;
    this.mark(true);
  }

  /** Returns the memory for `rows` values, which the caller must fill at once. Each value has as many words as the type. Only for an empty writer. */
  places(rows: number): Uint32Array {
    this.fill(rows);
    this.#at = rows * this.#width;
    if (this.#at > this.#words.length) this.#words = withRoom(this.#words, this.#at);
    return this.#words;
  }

  override back(): void {
    super.back();
    this.#at -= this.#width;
  }

  override begin(): void {
    super.begin();
    this.#at = 0;
  }

  data(A: typeof Arrow): Arrow.Data {
    return A.makeData({ type: this.type as Arrow.Int32, ...this.validity, data: this.#view(this.#words.subarray(0, this.#at)) });
  }
}

export class BoolWriter extends Writer {
  #values: Uint8Array = new Uint8Array(firstRows >> 3);

  get bytes(): number {
    return (this.rows + 7) >> 3;
  }

  put(value: boolean): void {
    this.#bit(value);
    this.mark(false);
  }

  null(): void {
    this.#bit(false);
    this.mark(true);
  }

  #bit(value: boolean): void {
    const byte = this.rows >> 3;
    if (byte === this.#values.length) this.#values = withRoom(this.#values, byte + 1);
    if ((this.rows & 7) === 0) this.#values[byte] = 0;
    if (value) this.#values[byte] = (this.#values[byte] ?? 0) | (1 << (this.rows & 7));
  }

  /** Returns the memory for `rows` values, which the caller must fill at once. The values are bits, eight in a byte, and not set. Only for an empty writer. */
  places(rows: number): Uint8Array {
    this.fill(rows);
    if (this.bytes > this.#values.length) this.#values = withRoom(this.#values, this.bytes);
    return this.#values.fill(0, 0, this.bytes);
  }

  override back(): void {
    super.back();
    const byte = this.rows >> 3;
    this.#values[byte] = (this.#values[byte] ?? 0) & ~(1 << (this.rows & 7));
  }

  data(A: typeof Arrow): Arrow.Data {
    return A.makeData({ type: this.type as Arrow.Bool, ...this.validity, data: this.#values.subarray(0, this.bytes) });
  }
}

/** Writes texts as UTF-8, and binaries. The caller must check that a text is valid. */
export class BytesWriter extends Writer {
  #offsets: Int32Array = new Int32Array(firstRows + 1);
  #values: Buffer = Buffer.allocUnsafeSlow(firstRows * 16);
  #length = 0;

  get bytes(): number {
    return this.#length + this.rows * 4;
  }

  from(source: Buffer, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length);
    // For a few bytes, a call into the engine takes longer than copying the bytes.
    if (length <= 24) for (let at = start, to = this.#length; at < end; at++, to++) this.#values[to] = source[at] as number;
    else source.copy(this.#values, this.#length, start, end);
    this.#length += length;
    this.#end(false);
  }

  /** Writes a JavaScript string. False: the string contains half of a surrogate pair, and nothing was written. */
  text(value: string): boolean {
    const { length } = value;
    this.#reserve(length * 3);
    let to = this.#length;
    if (length <= 24) {
      for (let at = 0; at < length; at++, to++) {
        const unit = value.charCodeAt(at);
        if (unit > 0x7f) return this.#wide(value);
        this.#values[to] = unit;
      }
      this.#length = to;
    } else {
      const written = this.#values.write(value, to, 'utf8');
      if (written !== length && !value.isWellFormed()) return false;
      this.#length += written;
    }
    this.#end(false);
    return true;
  }

  #wide(value: string): boolean {
    if (!value.isWellFormed()) return false;
    this.#length += this.#values.write(value, this.#length, 'utf8');
    this.#end(false);
    return true;
  }

  /** Writes the 16 bytes of a UUID as the UUID’s usual text. */
  uuid(source: Buffer, start: number): void {
    this.#reserve(uuidLength);
    putUuidText(this.#values, this.#length, source, start);
    this.#length += uuidLength;
    this.#end(false);
  }

  null(): void {
    this.#end(true);
  }

  /** Returns the memory for `rows` values with `bytes` bytes in all. The caller must fill it at once, together with the end of each value. Only for an empty writer. */
  places(rows: number, bytes: number): { readonly offsets: Int32Array; readonly values: Buffer } {
    this.fill(rows);
    if (rows + 1 > this.#offsets.length) this.#offsets = withRoom(this.#offsets, rows + 1);
    this.#reserve(bytes);
    this.#length = bytes;
    return { offsets: this.#offsets, values: this.#values };
  }

  #end(isNull: boolean): void {
    if (this.rows + 1 === this.#offsets.length) this.#offsets = withRoom(this.#offsets, this.rows + 2);
    this.#offsets[this.rows + 1] = this.#length;
    this.mark(isNull);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#values.length * 2, this.#length + more));
    this.#values.copy(larger, 0, 0, this.#length);
    this.#values = larger;
  }

  override back(): void {
    super.back();
    this.#length = this.#offsets[this.rows] ?? 0;
  }

  override begin(): void {
    super.begin();
    this.#length = 0;
  }

  data(A: typeof Arrow): Arrow.Data {
    const valueOffsets = this.#offsets.subarray(0, this.rows + 1);
    return A.makeData({ type: this.type as Arrow.Binary, ...this.validity, valueOffsets, data: this.#values.subarray(0, this.#length) });
  }
}

/** Writes lists and structs, cell by cell. */
export class CellsWriter {
  rows = 0;
  nulls = 0;
  readonly #make: () => ColumnBuilder;
  #builder: ColumnBuilder;
  /** The last cell, which waits for the next row, because a builder can’t remove a value. */
  #waiting: Cell | undefined;

  constructor(make: () => ColumnBuilder) {
    this.#make = make;
    this.#builder = make();
  }

  get bytes(): number {
    return this.#builder.bytes;
  }

  put(cell: Cell): void {
    this.#append();
    this.#waiting = cell;
    this.rows++;
    if (cell === null) this.nulls++;
  }

  /** Removes the last row. May be called once after each `put`. */
  back(): void {
    if (this.#waiting === null) this.nulls--;
    this.#waiting = undefined;
    this.rows--;
  }

  #append(): void {
    if (this.#waiting !== undefined) this.#builder.append(this.#waiting);
    this.#waiting = undefined;
  }

  null(): void {
    this.put(null);
  }

  begin(): void {
    this.rows = 0;
    this.nulls = 0;
    this.#waiting = undefined;
    this.#builder = this.#make();
  }

  data(): Arrow.Data {
    this.#append();
    return this.#builder.finish();
  }
}

export type ColumnWriter = Int16Writer | WordsWriter | BoolWriter | BytesWriter | CellsWriter;

const signed = (words: Uint32Array) => new Int32Array(words.buffer, words.byteOffset, words.length);
const long = (words: Uint32Array) => new BigInt64Array(words.buffer, words.byteOffset, words.length >> 1);

function writerOf(A: typeof Arrow, type: DataType): ColumnWriter {
  const as = arrowType(A, type);
  switch (type.kind) {
    case 'bool':
      return new BoolWriter(as);
    case 'int16':
      return new Int16Writer(as);
    case 'int32':
    case 'date':
      return new WordsWriter(as, 1, signed);
    case 'uint32':
      return new WordsWriter(as, 1, (words) => words);
    case 'float32':
      return new WordsWriter(as, 1, (words) => new Float32Array(words.buffer, words.byteOffset, words.length));
    case 'uint64':
      return new WordsWriter(as, 2, (words) => new BigUint64Array(words.buffer, words.byteOffset, words.length >> 1));
    case 'int64':
    case 'time':
    case 'timestamp':
    case 'duration':
      return new WordsWriter(as, 2, long);
    case 'float64':
      return new WordsWriter(as, 2, (words) => new Float64Array(words.buffer, words.byteOffset, words.length >> 1));
    case 'decimal':
      return new WordsWriter(as, 4, (words) => words);
    case 'string':
    case 'json':
    case 'uuid':
    case 'binary':
      return new BytesWriter(as);
    default:
      return new CellsWriter(() => columnBuilder(A, type));
  }
}

export interface FrameWriter {
  /** The writers, in the schema’s order. Each writer gets one value or a null for each row. */
  readonly writers: readonly ColumnWriter[];
  readonly rows: number;
  readonly bytes: number;
  /** Takes the rows so far as a frame. The writers then start again. */
  take(): Promise<PolarsFrame>;
  /** Takes the rows so far as bytes, from which another thread makes a frame. */
  takeBytes(): ArrowStream;
}

/** For decoders of bytes. Homes whose rows arrive as values use `frameBuilder`. */
export async function frameWriter(schema: Schema): Promise<FrameWriter> {
  const A = await arrow();
  const writers = schema.columns.map(({ type }) => writerOf(A, type));
  const shape = arrowSchema(A, schema);
  let pl: typeof Polars | undefined;
  const table = (): Arrow.Table => {
    const rows = writers[0]?.rows ?? 0;
    const children = writers.map((writer) => writer.data(A));
    const data = A.makeData({ type: new A.Struct(shape.fields), length: rows, nullCount: 0, children });
    return new A.Table(shape, new A.RecordBatch(shape, data));
  };
  const begin = () => {
    for (const writer of writers) writer.begin();
  };
  return {
    writers,
    get rows() {
      return writers[0]?.rows ?? 0;
    },
    get bytes() {
      let sum = 0;
      for (const writer of writers) sum += writer.bytes;
      return sum;
    },
    async take() {
      const bytes = writers.reduce((sum, writer) => sum + writer.bytes, 0);
      // The frame is made before anything else happens, because the next rows are written into the same memory.
      const made = pl === undefined ? dataFrameFromArrow(arrowStreamOf(A, table())) : dataFrameOf(A, pl, table());
      begin();
      pl ??= await polars();
      return PolarsFrame.of({ schema, data: await made, bytes });
    },
    takeBytes() {
      const stream = arrowStreamOf(A, table());
      begin();
      return stream;
    },
  };
}
