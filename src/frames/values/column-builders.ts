import { type Cell, type ColumnBuilder, cellDoesNotFit, Rows } from '../cell.ts';
import { BitmapBuilder, GrowingArray, type TypedArray } from '../growing-array.ts';
import type { Arrow } from '../native.ts';
import type { DataType } from '../schema.ts';
import { arrowType } from './arrow-type.ts';

/** The builder for a column of hygge’s type. Lists and structs have further builders for their items and fields. */
export function columnBuilder(A: typeof Arrow, type: DataType): ColumnBuilder {
  switch (type.kind) {
    case 'bool':
      return boolBuilder(A, type);
    case 'string':
    case 'json':
    case 'uuid':
    case 'binary':
      return new BytesBuilder(A, type);
    case 'decimal':
      return decimalBuilder(A, type);
    case 'list':
      return listBuilder(A, type);
    case 'struct':
      return structBuilder(A, type);
    case 'null':
      return nullBuilder(A, type);
    default:
      return fixedBuilder(A, type, fixedLayouts[type.kind]);
  }
}

type OfKind<K extends DataType['kind']> = DataType & { readonly kind: K };

function listBuilder(A: typeof Arrow, type: OfKind<'list'>): ColumnBuilder {
  const rows = new Rows();
  const offsets = new GrowingArray(Int32Array);
  const items = columnBuilder(A, type.item);
  let length = 0;
  offsets.push(0);
  return {
    get bytes() {
      return offsets.bytes + items.bytes;
    },
    append(value) {
      if (value !== null && !isCells(value)) throw cellDoesNotFit(type, value);
      for (const item of value ?? []) items.append(item);
      length += value?.length ?? 0;
      rows.add(value === null);
      offsets.push(length);
    },
    finish() {
      const child = items.finish();
      return A.makeData({ type: arrowType(A, type) as Arrow.List, ...rows.data, valueOffsets: offsets.taken() as Int32Array, child });
    },
  };
}

function structBuilder(A: typeof Arrow, type: OfKind<'struct'>): ColumnBuilder {
  const rows = new Rows();
  const fields = type.fields.map((field) => columnBuilder(A, field.type));
  return {
    get bytes() {
      return fields.reduce((sum, field) => sum + field.bytes, 0);
    },
    append(value) {
      if (value !== null && (!isCells(value) || value.length !== fields.length)) throw cellDoesNotFit(type, value);
      for (const [index, field] of fields.entries()) field.append(value?.[index] ?? null);
      rows.add(value === null);
    },
    finish: () => A.makeData({ type: arrowType(A, type) as Arrow.Struct, ...rows.data, children: fields.map((field) => field.finish()) }),
  };
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
    // Half of a surrogate pair has no UTF-8. Node would silently write U+FFFD for it, so the text is refused.
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

function fixedBuilder(A: typeof Arrow, type: DataType, layout: FixedLayout): ColumnBuilder {
  const rows = new Rows();
  const values = new GrowingArray(layout.array);
  return {
    get bytes() {
      return values.bytes;
    },
    append(value) {
      if (value !== null && !layout.holds(value)) throw cellDoesNotFit(type, value);
      rows.add(value === null);
      values.push(value as number | bigint | null);
    },
    finish: () => A.makeData({ type: arrowType(A, type) as Arrow.Int, ...rows.data, data: values.taken() as Int32Array }),
  };
}

function boolBuilder(A: typeof Arrow, type: DataType): ColumnBuilder {
  const rows = new Rows();
  const values = new BitmapBuilder();
  return {
    get bytes() {
      return Math.ceil(rows.length / 8);
    },
    append(value) {
      if (value !== null && typeof value !== 'boolean') throw cellDoesNotFit(type, value);
      rows.add(value === null);
      values.push(value === true);
    },
    finish: () => A.makeData({ type: new A.Bool(), ...rows.data, data: values.bytes() }),
  };
}

function decimalBuilder(A: typeof Arrow, type: OfKind<'decimal'>): ColumnBuilder {
  const limit = 10n ** BigInt(type.precision);
  const rows = new Rows();
  const words = new GrowingArray(BigUint64Array);
  return {
    get bytes() {
      return words.bytes;
    },
    append(value) {
      if (value !== null && (typeof value !== 'bigint' || value >= limit || value <= -limit)) throw cellDoesNotFit(type, value);
      rows.add(value === null);
      words.push(value === null ? 0n : BigInt.asUintN(64, value));
      words.push(value === null ? 0n : BigInt.asUintN(64, value >> 64n));
    },
    finish() {
      const all = words.taken();
      const data = new Uint32Array(all.buffer, all.byteOffset, all.byteLength / 4);
      return A.makeData({ type: arrowType(A, type) as Arrow.Decimal, ...rows.data, data });
    },
  };
}

function nullBuilder(A: typeof Arrow, type: DataType): ColumnBuilder {
  let length = 0;
  return {
    bytes: 0,
    append(value) {
      if (value !== null) throw cellDoesNotFit(type, value);
      length++;
    },
    finish: () => A.makeData({ type: new A.Null(), length }),
  };
}
