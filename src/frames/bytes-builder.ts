import { type Cell, type ColumnBuilder, Rows, refused } from './cell.ts';
import { Growing } from './growing.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';

export class BytesBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType;
  readonly #rows = new Rows();
  readonly #offsets = new Growing(Int32Array);
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
    else if (value !== null) throw refused(this.#type, value);
    this.#rows.add(value === null);
    this.#offsets.push(this.#length);
  }

  #text(value: string): void {
    // Half a surrogate pair has no UTF-8; Node would write U+FFFD for it without a word.
    if (!value.isWellFormed()) throw refused(this.#type, value);
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
