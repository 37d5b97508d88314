import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Fields } from '../fields.ts';

/** A column to read. */
export interface CsvColumn {
  readonly name: string;
  readonly type: DataType;
  /** Whether a person gave the type. If so, the column also accepts `+5`, `05`, `1` for true and the like. If the type was only proposed, the column accepts only the usual form of its values. */
  readonly told: boolean;
}

/** The values that were read from a column so far. */
export interface CollectedValues {
  readonly bytes: number;
  readonly nulls: number;
  /** Drops all values after the first `rows` values. */
  keep(rows: number): void;
  clear(): void;
}

/** Collects the values of one column. hygge’s own grammar of the column’s type decides which texts are values. */
export interface ColumnDecoder {
  readonly type: DataType;
  readonly values: CollectedValues;
  /** Appends field `column` of each row. `bad` is called with each row whose value does not fit. */
  decode(fields: Fields, column: number, bad: (row: number) => void): void;
  /** All values so far, as Arrow data. The memory of the data is reused after `values` are cleared. */
  finish(A: typeof Arrow): Arrow.Data;
}

/** Stores which values are null, with one bit for each value as in Arrow. The bits exist only after the first null. */
export class Validity implements CollectedValues {
  length = 0;
  nulls = 0;
  readonly #valueBits: number;
  #bits = new Uint8Array(0);

  /** @param valueBits how many bits each value has, wherever the values are stored. 0: the subclass counts the bits. */
  constructor(valueBits: number) {
    this.#valueBits = valueBits;
  }

  get bytes(): number {
    return Math.ceil((this.length * this.#valueBits) / 8);
  }

  /** Makes room for `more` further values. */
  reserve(more: number): void {
    const bytes = (this.length + more + 7) >> 3;
    if (bytes <= this.#bits.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.#bits.length * 2)).fill(255);
    larger.set(this.#bits);
    this.#bits = larger;
  }

  /** Adds `count` values that are not null. `setNull` may make them null later. */
  add(count = 1): void {
    this.length += count;
  }

  addNull(): void {
    this.add();
    this.setNull(this.length - 1);
  }

  /** Makes an added value null. */
  setNull(at: number): void {
    this.#bits[at >> 3] = (this.#bits[at >> 3] as number) & ~(1 << (at & 7));
    this.nulls++;
  }

  keep(rows: number): void {
    for (; this.length > rows; this.length--) {
      const last = this.length - 1;
      const bit = 1 << (last & 7);
      const byte = this.#bits[last >> 3] as number;
      if ((byte & bit) !== 0) continue;
      this.#bits[last >> 3] = byte | bit;
      this.nulls--;
    }
  }

  clear(): void {
    if (this.nulls > 0) this.#bits.fill(255);
    this.length = 0;
    this.nulls = 0;
  }

  get data(): { readonly length: number; readonly nullCount: number; readonly nullBitmap: Uint8Array | null } {
    return {
      length: this.length,
      nullCount: this.nulls,
      nullBitmap: this.nulls === 0 ? null : this.#bits.subarray(0, (this.length + 7) >> 3),
    };
  }
}

/** A batch of one column whose values all have the same size, and how the batch is read. */
export interface Go {
  readonly fields: Fields;
  /** The position of the column among the fields of a row. */
  readonly column: number;
  readonly values: Validity;
  /** Lets a kernel read the batch, and copies the values that the kernel could read. Returns the number of nulls. Undefined: the column has no kernel. */
  readonly fast: ((kernels: Kernels, column: number, stride: number, rows: number) => number) | undefined;
  /** Reads the value of one row, and stores the value at position `at`. False: the value is null. */
  readonly one: (row: number, place: number, at: number) => boolean;
}

/** Reads a batch. The rows that the kernel can’t read, or all rows without a kernel, are read one by one. The column must have room for the batch. */
export function takeGo({ fields, column, values, fast, one }: Go): void {
  const { rows, columns, fast: kernels } = fields;
  const first = values.length;
  values.add(rows);
  if (kernels === undefined || fast === undefined) {
    for (let row = 0, place = column; row < rows; row++, place += columns) if (!one(row, place, first + row)) values.setNull(first + row);
    return;
  }
  const nulls = fast(kernels, column, columns, rows);
  for (const row of kernels.rows('nulls', nulls)) values.setNull(first + row);
  for (const row of kernels.rows('odd', kernels.answer('odd')))
    if (!one(row, row * columns + column, first + row)) values.setNull(first + row);
}
