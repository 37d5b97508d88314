import { arrowType } from './arrow-type.ts';
import { type Cell, type ColumnBuilder, cellDoesNotFit, Rows } from './cell.ts';
import { BitmapBuilder, GrowingArray, type TypedArray } from './growing-array.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';

/** The builder of a column of our type; lists and structs build their items with builders of their own. */
export function columnBuilder(A: typeof Arrow, type: DataType): ColumnBuilder {
  switch (type.kind) {
    case 'bool':
      return new BoolBuilder(A, type);
    case 'string':
    case 'json':
    case 'uuid':
    case 'binary':
      return new BytesBuilder(A, type);
    case 'decimal':
      return new DecimalBuilder(A, type);
    case 'list':
      return new ListBuilder(A, type);
    case 'struct':
      return new StructBuilder(A, type);
    case 'null':
      return new NullBuilder(A, type);
    default:
      return new FixedBuilder(A, type, fixedLayouts[type.kind]);
  }
}

class ListBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType & { readonly kind: 'list' };
  readonly #rows = new Rows();
  readonly #offsets = new GrowingArray(Int32Array);
  readonly #items: ColumnBuilder;
  #length = 0;

  constructor(A: typeof Arrow, type: DataType & { readonly kind: 'list' }) {
    this.#A = A;
    this.#type = type;
    this.#items = columnBuilder(A, type.item);
    this.#offsets.push(0);
  }

  get bytes(): number {
    return this.#offsets.bytes + this.#items.bytes;
  }

  append(value: Cell): void {
    if (value !== null && !isCells(value)) throw cellDoesNotFit(this.#type, value);
    for (const item of value ?? []) this.#items.append(item);
    this.#length += value?.length ?? 0;
    this.#rows.add(value === null);
    this.#offsets.push(this.#length);
  }

  finish(): Arrow.Data {
    const type = arrowType(this.#A, this.#type) as Arrow.List;
    const child = this.#items.finish();
    return this.#A.makeData({ type, ...this.#rows.data, valueOffsets: this.#offsets.taken() as Int32Array, child });
  }
}

class StructBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType & { readonly kind: 'struct' };
  readonly #rows = new Rows();
  readonly #fields: readonly ColumnBuilder[];

  constructor(A: typeof Arrow, type: DataType & { readonly kind: 'struct' }) {
    this.#A = A;
    this.#type = type;
    this.#fields = type.fields.map((field) => columnBuilder(A, field.type));
  }

  get bytes(): number {
    return this.#fields.reduce((sum, field) => sum + field.bytes, 0);
  }

  append(value: Cell): void {
    if (value !== null && (!isCells(value) || value.length !== this.#fields.length)) throw cellDoesNotFit(this.#type, value);
    for (const [index, field] of this.#fields.entries()) field.append(value?.[index] ?? null);
    this.#rows.add(value === null);
  }

  finish(): Arrow.Data {
    const type = arrowType(this.#A, this.#type) as Arrow.Struct;
    return this.#A.makeData({ type, ...this.#rows.data, children: this.#fields.map((field) => field.finish()) });
  }
}

function isCells(value: Cell): value is readonly Cell[] {
  return Array.isArray(value);
}

class BytesBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  readonly #rows = new Rows();
  readonly #offsets = new GrowingArray(Int32Array);
  #values = Buffer.allocUnsafe(4096);
  #length = 0;

  constructor(A: typeof Arrow, type: DataType) {
    this.#A = A;
    this.#type = type;
    this.#offsets.push(0);
  }

  get bytes(): number {
    return this.#length + this.#offsets.bytes;
  }

  append(value: Cell): void {
    if (typeof value === 'string' && this.#type.kind !== 'binary') this.#text(value);
    else if (value instanceof Uint8Array && this.#type.kind !== 'uuid') this.#raw(value);
    else if (value !== null) throw cellDoesNotFit(this.#type, value);
    this.#rows.add(value === null);
    this.#offsets.push(this.#length);
  }

  #text(value: string): void {
    // Half a surrogate pair has no UTF-8; Node would write U+FFFD for it without a word.
    if (!value.isWellFormed()) throw cellDoesNotFit(this.#type, value);
    this.#reserve(value.length * 3);
    this.#length += this.#values.write(value, this.#length, 'utf8');
  }

  #raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#values.set(value, this.#length);
    this.#length += value.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#values.length * 2, this.#length + more));
    this.#values.copy(larger, 0, 0, this.#length);
    this.#values = larger;
  }

  finish(): Arrow.Data {
    const { kind } = this.#type;
    const rest = { ...this.#rows.data, valueOffsets: this.#offsets.taken() as Int32Array, data: this.#values.subarray(0, this.#length) };
    return kind === 'binary'
      ? this.#A.makeData({ type: new this.#A.Binary(), ...rest })
      : this.#A.makeData({ type: new this.#A.Utf8(), ...rest });
  }
}

interface FixedLayout {
  readonly array: new (length: number) => TypedArray;
  readonly holds: (value: Cell) => boolean;
}

const integer =
  (min: number, max: number) =>
  (value: Cell): boolean =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const long = (value: Cell): boolean => typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
const longLayout: FixedLayout = { array: BigInt64Array, holds: long };

type FixedKind = Exclude<DataType['kind'], 'bool' | 'string' | 'json' | 'uuid' | 'binary' | 'decimal' | 'list' | 'struct' | 'null'>;

const fixedLayouts: Readonly<Record<FixedKind, FixedLayout>> = {
  int8: { array: Int8Array, holds: integer(-(2 ** 7), 2 ** 7 - 1) },
  int16: { array: Int16Array, holds: integer(-(2 ** 15), 2 ** 15 - 1) },
  int32: { array: Int32Array, holds: integer(-(2 ** 31), 2 ** 31 - 1) },
  int64: longLayout,
  uint8: { array: Uint8Array, holds: integer(0, 2 ** 8 - 1) },
  uint16: { array: Uint16Array, holds: integer(0, 2 ** 16 - 1) },
  uint32: { array: Uint32Array, holds: integer(0, 2 ** 32 - 1) },
  uint64: { array: BigUint64Array, holds: (value) => typeof value === 'bigint' && BigInt.asUintN(64, value) === value },
  float32: { array: Float32Array, holds: (value) => typeof value === 'number' && (Math.fround(value) === value || Number.isNaN(value)) },
  float64: { array: Float64Array, holds: (value) => typeof value === 'number' },
  date: { array: Int32Array, holds: integer(-(2 ** 31), 2 ** 31 - 1) },
  time: { array: BigInt64Array, holds: (value) => typeof value === 'bigint' && value >= 0n && value < 86_400_000_000_000n },
  timestamp: longLayout,
  duration: longLayout,
};

class FixedBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  readonly #layout: FixedLayout;
  readonly #rows = new Rows();
  readonly #values: GrowingArray;

  constructor(A: typeof Arrow, type: DataType, layout: FixedLayout) {
    this.#A = A;
    this.#type = type;
    this.#layout = layout;
    this.#values = new GrowingArray(layout.array);
  }

  get bytes(): number {
    return this.#values.bytes;
  }

  append(value: Cell): void {
    if (value !== null && !this.#layout.holds(value)) throw cellDoesNotFit(this.#type, value);
    this.#rows.add(value === null);
    this.#values.push(value as number | bigint | null);
  }

  finish(): Arrow.Data {
    return this.#A.makeData({
      type: arrowType(this.#A, this.#type) as Arrow.Int,
      ...this.#rows.data,
      data: this.#values.taken() as Int32Array,
    });
  }
}

class BoolBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  readonly #rows = new Rows();
  readonly #values = new BitmapBuilder();

  constructor(A: typeof Arrow, type: DataType) {
    this.#A = A;
    this.#type = type;
  }

  get bytes(): number {
    return Math.ceil(this.#rows.length / 8);
  }

  append(value: Cell): void {
    if (value !== null && typeof value !== 'boolean') throw cellDoesNotFit(this.#type, value);
    this.#rows.add(value === null);
    this.#values.push(value === true);
  }

  finish(): Arrow.Data {
    return this.#A.makeData({ type: new this.#A.Bool(), ...this.#rows.data, data: this.#values.bytes() });
  }
}

class DecimalBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType & { readonly kind: 'decimal' };
  readonly #limit: bigint;
  readonly #rows = new Rows();
  readonly #words = new GrowingArray(BigUint64Array);

  constructor(A: typeof Arrow, type: DataType & { readonly kind: 'decimal' }) {
    this.#A = A;
    this.#type = type;
    this.#limit = 10n ** BigInt(type.precision);
  }

  get bytes(): number {
    return this.#words.bytes;
  }

  append(value: Cell): void {
    if (value !== null && (typeof value !== 'bigint' || value >= this.#limit || value <= -this.#limit))
      throw cellDoesNotFit(this.#type, value);
    this.#rows.add(value === null);
    this.#words.push(value === null ? 0n : BigInt.asUintN(64, value));
    this.#words.push(value === null ? 0n : BigInt.asUintN(64, value >> 64n));
  }

  finish(): Arrow.Data {
    const words = this.#words.taken();
    const data = new Uint32Array(words.buffer, words.byteOffset, words.byteLength / 4);
    return this.#A.makeData({ type: arrowType(this.#A, this.#type) as Arrow.Decimal, ...this.#rows.data, data });
  }
}

class NullBuilder implements ColumnBuilder {
  readonly bytes = 0;
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  #length = 0;

  constructor(A: typeof Arrow, type: DataType) {
    this.#A = A;
    this.#type = type;
  }

  append(value: Cell): void {
    if (value !== null) throw cellDoesNotFit(this.#type, value);
    this.#length++;
  }

  finish(): Arrow.Data {
    return this.#A.makeData({ type: new this.#A.Null(), length: this.#length });
  }
}
