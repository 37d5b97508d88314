import type { Cell, ColumnBuilder } from '../../frames/cell.ts';
import type { Arrow } from '../../frames/native.ts';
import type { DataType } from '../../frames/schema.ts';
import { arrowType } from '../../frames/values/arrow-type.ts';
import { columnBuilder } from '../../frames/values/column-builders.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { areas } from '../kernels/layout.ts';
import { type ValuePath, valuePath, valuePathOf } from './value-path.ts';

const firstRows = 4_096;
const firstBytes = 65_536;
/** The longest text that is copied by words. Native code copies longer texts. */
const mostByWords = 64;
const word = 4_294_967_296;
const [leastInt64, mostInt64] = [-(2n ** 63n), 2n ** 63n - 1n];
/** The most digits of a whole number that a float always keeps. */
const safeDigits = 15;

/**
 * One column while records are decoded. The values are written from the bytes into Arrow’s own buffers. `cutTo` removes the values of a
 * record that turns out to be bad. One class serves all types of values, so that the engine compiles the loop over columns once.
 */
export class Column {
  readonly valuePath: ValuePath;
  readonly type: DataType;
  /** The number of values so far. */
  length = 0;
  /** The two halves of each int64. Columns of float64 use `#floats` instead. */
  #halves = new Int32Array(0);
  #floats = new Float64Array(0);
  #bits = new Uint8Array(0);
  #offsets = new Int32Array(0);
  #bytes: Buffer = Buffer.alloc(0);
  #view = new DataView(new ArrayBuffer(0));
  #used = 0;
  #nulls = 0;
  /** One bit for each value. A set bit means that the value is not null. */
  #valid = new Uint8Array(0);
  #capacity = 0;
  readonly #A: typeof Arrow;
  #builder: ColumnBuilder | undefined;
  /** The cells of the present record, which wait until the record is complete, because a builder can’t remove a value. */
  #waiting: Cell[] = [];

  constructor(A: typeof Arrow, type: DataType, how: ValuePath = valuePathOf(type)) {
    this.#A = A;
    this.type = type;
    this.valuePath = how;
    if (how === valuePath.cells) this.#builder = columnBuilder(A, type);
    else if (how !== valuePath.skip) this.#grow(firstRows);
    if (this.#isText) this.#reserve(firstBytes);
  }

  get #isText(): boolean {
    return this.valuePath === valuePath.text || this.valuePath === valuePath.raw;
  }

  /** The number of bytes of the collected values. */
  get bytes(): number {
    if (this.#builder) return this.#builder.bytes;
    return this.valuePath === valuePath.skip
      ? 0
      : this.#isText
        ? this.#used + this.length * 4
        : this.length * (this.valuePath === valuePath.bool ? 0.125 : 8);
  }

  addNull(): void {
    if (this.valuePath === valuePath.cells) {
      this.addCell(null);
      return;
    }
    if (this.valuePath !== valuePath.skip) {
      const at = this.#next();
      this.#valid[at >> 3] = (this.#valid[at >> 3] ?? 0) & ~(1 << (at & 7));
      this.#nulls++;
      if (this.#isText) this.#offsets[at + 1] = this.#used;
    }
    this.length++;
  }

  /** Adds a whole number from -2^53 to 2^53. */
  addSmall(value: number): void {
    const at = this.#next();
    this.#halves[at * 2] = value;
    this.#halves[at * 2 + 1] = Math.floor(value / word);
    this.length++;
  }

  addLong(value: bigint): void {
    const at = this.#next();
    this.#halves[at * 2] = Number(BigInt.asIntN(32, value));
    this.#halves[at * 2 + 1] = Number(value >> 32n);
    this.length++;
  }

  addFloat(value: number): void {
    // The call must come first, because the call may replace the array on the left by a larger one.
    const at = this.#next();
    this.#floats[at] = value;
    this.length++;
  }

  addBool(value: boolean): void {
    const at = this.#next();
    this.#setBit(at, value);
    this.length++;
  }

  #setBit(at: number, value: boolean): void {
    const bit = 1 << (at & 7);
    this.#bits[at >> 3] = value ? (this.#bits[at >> 3] ?? 0) | bit : (this.#bits[at >> 3] ?? 0) & ~bit;
  }

  /** Adds the bytes from `start` to `end` of `src` unchanged. */
  addBytes(src: Buffer, start: number, end: number): void {
    const at = this.#next();
    const size = end - start;
    const used = this.#used;
    if (used + size > this.#bytes.length) this.#reserve(size);
    const bytes = this.#bytes;
    // Most texts are short, and for a short text a loop is faster than a call into native code.
    if (size <= 32) for (let i = 0; i < size; i++) bytes[used + i] = src[start + i] as number;
    else src.copy(bytes, used, start, end);
    this.#used = used + size;
    this.#offsets[at + 1] = this.#used;
    this.length++;
  }

  /** Does the same as `addBytes`, but copies four bytes at a time. Up to three bytes after the text are copied too, and the next text overwrites them. */
  addPlain({ src, view }: { readonly src: Buffer; readonly view: DataView }, start: number, end: number): void {
    const size = end - start;
    if (size > mostByWords || end + 4 > view.byteLength) {
      this.addBytes(src, start, end);
      return;
    }
    const at = this.#next();
    const used = this.#used;
    if (used + size + 4 > this.#bytes.length) this.#reserve(size + 4);
    const to = this.#view;
    for (let i = 0; i < size; i += 4) to.setInt32(used + i, view.getInt32(start + i, true), true);
    this.#used = used + size;
    this.#offsets[at + 1] = this.#used;
    this.length++;
  }

  addText(text: string): void {
    const bytes = Buffer.from(text);
    this.addBytes(bytes, 0, bytes.length);
  }

  addCell(value: Cell): void {
    this.#waiting.push(value);
    this.length++;
  }

  /** Adds the values that kernels found in lines. Returns the rows whose values other code must read. */
  addLines(
    kernels: Kernels,
    { place, stride, lines }: { readonly place: number; readonly stride: number; readonly lines: number },
  ): Uint32Array {
    const first = this.length;
    while (first + lines > this.#capacity) this.#grow(this.#capacity * 2);
    if (this.valuePath === valuePath.text) {
      const nulls = kernels.call.texts(place, stride, lines, this.#used, 1, -1);
      const used = kernels.answer('used');
      if (this.#used + used > this.#bytes.length) this.#reserve(used);
      this.#bytes.set(kernels.bytes.subarray(areas.texts, areas.texts + used), this.#used);
      this.#offsets.set(new Int32Array(kernels.memory, areas.values, lines), first + 1);
      this.#used += used;
      this.length += lines;
      this.#areNull(kernels.rows('nulls', nulls), first);
      return new Uint32Array(0);
    }
    const nulls = this.#numbers(kernels, { place, stride, lines });
    this.length += lines;
    this.#areNull(kernels.rows('nulls', nulls), first);
    return kernels.rows('odd', kernels.answer('odd'));
  }

  #numbers(
    { call, memory }: Kernels,
    { place, stride, lines }: { readonly place: number; readonly stride: number; readonly lines: number },
  ): number {
    const { length } = this;
    let nulls: number;
    if (this.valuePath === valuePath.int64) {
      nulls = call.integers(place, stride, lines, leastInt64, mostInt64);
      this.#halves.set(new Int32Array(memory, areas.values, 2 * lines), 2 * length);
    } else if (this.valuePath === valuePath.float64) {
      nulls = call.floats(place, stride, lines, safeDigits, 0);
      this.#floats.set(new Float64Array(memory, areas.values, lines), length);
    } else {
      nulls = call.truths(place, stride, lines);
      const values = new Uint8Array(memory, areas.values, lines);
      for (let i = 0; i < lines; i++) this.#setBit(length + i, values[i] === 1);
    }
    return nulls;
  }

  #areNull(rows: Uint32Array, first: number): void {
    for (const row of rows) this.#valid[(first + row) >> 3] = (this.#valid[(first + row) >> 3] ?? 0) & ~(1 << ((first + row) & 7));
    this.#nulls += rows.length;
  }

  /** Stores the only value of column `only` at position `at`, after a kernel left this value to other code. */
  replace(at: number, only: Column): void {
    if (this.valuePath === valuePath.int64) for (const half of [0, 1]) this.#halves[2 * at + half] = only.#halves[half] ?? 0;
    else if (this.valuePath === valuePath.float64) this.#floats[at] = only.#floats[0] ?? 0;
    else this.#setBit(at, ((only.#bits[0] ?? 0) & 1) === 1);
  }

  addNulls(count: number): void {
    for (let i = 0; i < count; i++) this.addNull();
  }

  /** Counts a value that was skipped. */
  addNothing(): void {
    this.length++;
  }

  /** Adds the waiting cells, because their record is complete. */
  keep(): void {
    if (this.#waiting.length === 0) return;
    for (const value of this.#waiting) this.#builder?.append(value);
    this.#waiting = [];
  }

  /** Drops all values after the first `rows` values. */
  cutTo(rows: number): void {
    this.#waiting = [];
    for (let at = rows; at < this.length && this.#valid.length > 0; at++) {
      const bit = 1 << (at & 7);
      if (((this.#valid[at >> 3] ?? 0) & bit) === 0) this.#nulls--;
      this.#valid[at >> 3] = (this.#valid[at >> 3] ?? 0) | bit;
    }
    this.length = Math.min(this.length, rows);
    if (this.#isText) this.#used = this.#offsets[this.length] ?? 0;
  }

  /** Takes all values so far. The column then starts again in the same buffers, so the result must be copied before the next value is added. */
  take(): Arrow.Data {
    const A = this.#A;
    const data = this.#builder ? this.#builder.finish() : this.#data();
    if (this.#builder) this.#builder = columnBuilder(A, this.type);
    this.length = 0;
    this.#used = 0;
    this.#nulls = 0;
    return data;
  }

  /** Called after the result of `take` was copied. */
  clear(): void {
    this.#valid.fill(0xff);
  }

  #data(): Arrow.Data {
    const A = this.#A;
    const rest = { length: this.length, nullCount: this.#nulls, nullBitmap: this.#valid.subarray(0, (this.length + 7) >> 3) };
    const type = arrowType(A, this.type);
    switch (this.valuePath) {
      case valuePath.int64:
        return A.makeData({ type: type as Arrow.Int64, ...rest, data: new BigInt64Array(this.#halves.buffer, 0, this.length) });
      case valuePath.float64:
        return A.makeData({ type: type as Arrow.Float64, ...rest, data: this.#floats.subarray(0, this.length) });
      case valuePath.bool:
        return A.makeData({ type: type as Arrow.Bool, ...rest, data: this.#bits.subarray(0, (this.length + 7) >> 3) });
      default: {
        const valueOffsets = this.#offsets.subarray(0, this.length + 1);
        return A.makeData({ type: type as Arrow.Utf8, ...rest, valueOffsets, data: this.#bytes.subarray(0, this.#used) });
      }
    }
  }

  #next(): number {
    if (this.length >= this.#capacity) this.#grow(this.#capacity * 2);
    return this.length;
  }

  #grow(rows: number): void {
    this.#capacity = rows;
    const valid = new Uint8Array(rows >> 3).fill(0xff);
    valid.set(this.#valid);
    this.#valid = valid;
    if (this.valuePath === valuePath.int64) this.#halves = larger(this.#halves, new Int32Array(rows * 2));
    else if (this.valuePath === valuePath.float64) this.#floats = larger(this.#floats, new Float64Array(rows));
    else if (this.valuePath === valuePath.bool) this.#bits = larger(this.#bits, new Uint8Array(rows >> 3));
    else this.#offsets = larger(this.#offsets, new Int32Array(rows + 1));
  }

  #reserve(more: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(bytes, 0, 0, this.#used);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
