import { arrowType } from './arrow-type.ts';
import { type Cell, type ColumnBuilder, Rows, refused } from './cell.ts';
import { Bits, Growing, type TypedArray } from './growing.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';

export interface FixedLayout {
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

export const fixedLayouts: Readonly<Record<FixedKind, FixedLayout>> = {
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

export class FixedBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  readonly #layout: FixedLayout;
  readonly #rows = new Rows();
  readonly #values: Growing;

  constructor(A: typeof Arrow, type: DataType, layout: FixedLayout) {
    this.#A = A;
    this.#type = type;
    this.#layout = layout;
    this.#values = new Growing(layout.array);
  }

  get bytes(): number {
    return this.#values.bytes;
  }

  append(value: Cell): void {
    if (value !== null && !this.#layout.holds(value)) throw refused(this.#type, value);
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

export class BoolBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  readonly #rows = new Rows();
  readonly #values = new Bits();

  constructor(A: typeof Arrow, type: DataType) {
    this.#A = A;
    this.#type = type;
  }

  get bytes(): number {
    return Math.ceil(this.#rows.length / 8);
  }

  append(value: Cell): void {
    if (value !== null && typeof value !== 'boolean') throw refused(this.#type, value);
    this.#rows.add(value === null);
    this.#values.push(value === true);
  }

  finish(): Arrow.Data {
    return this.#A.makeData({ type: new this.#A.Bool(), ...this.#rows.data, data: this.#values.bytes() });
  }
}

export class DecimalBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType & { readonly kind: 'decimal' };
  readonly #limit: bigint;
  readonly #rows = new Rows();
  readonly #words = new Growing(BigUint64Array);

  constructor(A: typeof Arrow, type: DataType & { readonly kind: 'decimal' }) {
    this.#A = A;
    this.#type = type;
    this.#limit = 10n ** BigInt(type.precision);
  }

  get bytes(): number {
    return this.#words.bytes;
  }

  append(value: Cell): void {
    if (value !== null && (typeof value !== 'bigint' || value >= this.#limit || value <= -this.#limit)) throw refused(this.#type, value);
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

export class NullBuilder implements ColumnBuilder {
  readonly bytes = 0;
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  #length = 0;

  constructor(A: typeof Arrow, type: DataType) {
    this.#A = A;
    this.#type = type;
  }

  append(value: Cell): void {
    if (value !== null) throw refused(this.#type, value);
    this.#length++;
  }

  finish(): Arrow.Data {
    return this.#A.makeData({ type: new this.#A.Null(), length: this.#length });
  }
}
