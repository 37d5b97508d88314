import { withRoom } from '../../../frames/growing-array.ts';
import type { Arrow } from '../../../frames/native.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import type { Fields } from '../fields.ts';
import { type CollectedValues, Validity } from './decoder.ts';

/** The bytes of texts one after the other, as Arrow stores texts. */
export class TextBuffer implements CollectedValues {
  readonly validity = new Validity(0);
  #data = new Uint8Array(64);
  #offsets = new Int32Array(16);
  #length = 0;

  get bytes(): number {
    return this.#length + 4 * this.validity.length;
  }

  get nulls(): number {
    return this.validity.nulls;
  }

  /** The number of bytes of the texts, without their offsets. */
  get size(): number {
    return this.#length;
  }

  /** Makes room for all fields of a column in one call, because the call adds up the lengths of the fields. `more`: the bytes by which the texts may be longer than their fields. */
  reserve({ rows, columns, starts, ends }: Fields, column: number, more = 0): void {
    let bytes = more;
    for (let row = 0, place = column; row < rows; row++, place += columns) bytes += (ends[place] as number) - (starts[place] as number);
    this.#room(rows, bytes);
  }

  #room(rows: number, bytes: number): void {
    this.validity.reserve(rows);
    this.#offsets = withRoom(this.#offsets, this.validity.length + rows + 1);
    this.#data = withRoom(this.#data, this.#length + bytes);
  }

  /** Appends the texts of `rows` rows, which the text kernel wrote. */
  addAll(kernels: Kernels, rows: number, nulls: number): void {
    const used = kernels.answer('used');
    const first = this.validity.length;
    this.#room(rows, used);
    this.#data.set(kernels.bytes.subarray(areas.texts, areas.texts + used), this.#length);
    this.#offsets.set(new Int32Array(kernels.memory, areas.values, rows), first + 1);
    this.#length += used;
    this.validity.add(rows);
    for (const row of kernels.rows('nulls', nulls)) this.validity.setNull(first + row);
  }

  addNull(): void {
    this.validity.addNull();
    this.#offsets[this.validity.length] = this.#length;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const data = this.#data;
    let to = this.#length;
    // Most values are short, and for a short value a call costs more time than the copy itself.
    if (end - start > 64) {
      data.set(bytes.subarray(start, end), to);
      to += end - start;
    } else for (let i = start; i < end; i++) data[to++] = bytes[i] as number;
    this.#end(to);
  }

  /**
   * Adds a field if it has the usual form of a number, and copies its bytes while it checks them. In that form, digits with at most one
   * point have no extra zero before them, and the number of digits is limited. False: the field has another form, and nothing was added.
   */
  addPlainNumber(bytes: Uint8Array, start: number, end: number, mostDigits: number): boolean {
    const data = this.#data;
    let to = this.#length;
    let i = start;
    if (bytes[i] === 45) {
      data[to++] = 45;
      i++;
    }
    const first = i;
    let point = -1;
    for (; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte < 48 || byte > 57) {
        if (byte !== 46 || point >= 0 || i === first || i === end - 1) return false;
        point = i;
      }
      data[to++] = byte;
    }
    const digits = end - first - (point < 0 ? 0 : 1);
    const padded = bytes[first] === 48 && digits > 1 && point !== first + 1;
    if (digits === 0 || digits > mostDigits || padded) return false;
    this.#end(to);
    return true;
  }

  /** Adds a text without the escape bytes before its quotes. `escapeByte` may be the quote itself. */
  addEscaped(bytes: Uint8Array, start: number, end: number, escapeByte: number): void {
    const data = this.#data;
    let to = this.#length;
    for (let i = start; i < end; i++) {
      if (bytes[i] === escapeByte && i + 1 < end) i++;
      data[to++] = bytes[i] as number;
    }
    this.#end(to);
  }

  #end(length: number): void {
    this.#length = length;
    this.validity.add();
    this.#offsets[this.validity.length] = length;
  }

  keep(rows: number): void {
    this.validity.keep(rows);
    this.#length = this.#offsets[rows] ?? 0;
  }

  clear(): void {
    this.validity.clear();
    this.#length = 0;
  }

  finish(A: typeof Arrow, type: 'text' | 'binary'): Arrow.Data {
    const { data } = this.validity;
    const rest = { ...data, valueOffsets: this.#offsets.subarray(0, data.length + 1), data: this.#data.subarray(0, this.#length) };
    return type === 'text' ? A.makeData({ type: new A.Utf8(), ...rest }) : A.makeData({ type: new A.Binary(), ...rest });
  }
}
