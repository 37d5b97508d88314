import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Fields } from '../fields.ts';

/** A column that is read. */
export interface CsvColumn {
  readonly name: string;
  readonly type: DataType;
  /** A person gave the type: then `+5`, `05`, `1` for true and the like are accepted. A type that was only proposed accepts its own form alone. */
  readonly told: boolean;
}

/** The values of a column so far. */
export interface CollectedValues {
  readonly bytes: number;
  readonly nulls: number;
  /** Drops everything after the first `rows` values. */
  keep(rows: number): void;
  clear(): void;
}

/** Collects the values of one column by hygge’s own grammar of its type. */
export interface ColumnDecoder {
  readonly type: DataType;
  readonly values: CollectedValues;
  /** Appends field `column` of every row; `bad` is called with each row whose value does not fit. */
  decode(fields: Fields, column: number, bad: (row: number) => void): void;
  /** Everything so far as Arrow data. Its memory is reused after `values` are cleared. */
  finish(A: typeof Arrow): Arrow.Data;
}

/** Validity, one bit for each value as in Arrow. There are no bits until a value is null. */
export class Validity implements CollectedValues {
  length = 0;
  nulls = 0;
  readonly #valueBits: number;
  #bits = new Uint8Array(0);

  /** @param valueBits the bits of each value, wherever they are kept; 0: the subclass counts them. */
  constructor(valueBits: number) {
    this.#valueBits = valueBits;
  }

  get bytes(): number {
    return Math.ceil((this.length * this.#valueBits) / 8);
  }

  /** Makes room for this many more values. */
  reserve(more: number): void {
    const bytes = (this.length + more + 7) >> 3;
    if (bytes <= this.#bits.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.#bits.length * 2)).fill(255);
    larger.set(this.#bits);
    this.#bits = larger;
  }

  /** Adds this many values, none of them null so far. */
  add(count = 1): void {
    this.length += count;
  }

  addNull(): void {
    this.add();
    this.setNull(this.length - 1);
  }

  /** Adds a value that is not null so far. */
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

/** A column of values of one size, and how one batch of it is read. */
export interface Go {
  readonly fields: Fields;
  /** The index of the column among the fields. */
  readonly column: number;
  readonly values: Validity;
  /** Lets a kernel read what it can and copies its values; returns the number of nulls. Undefined: no kernel may be used. */
  readonly fast: ((kernels: Kernels, column: number, stride: number, rows: number) => number) | undefined;
  /** Reads the value of one row into position `at`. False: the value is null. */
  readonly one: (row: number, place: number, at: number) => boolean;
}

/** Rows that a kernel can’t read, or all rows, are read one by one. There is room for them. */
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
