import { withRoom } from '../../../frames/growing-array.ts';
import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { decimalOf } from '../../bytes/json-texts.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, takeGo, Validity } from './decoder.ts';
import { store } from './integers.ts';
import { NumberForm } from './number-form.ts';
import { arePlainNumbers, type ValueForms, ValueReader } from './value-reader.ts';

/** The most characters of a number with an exponent: 38 digits, a sign, a point and the exponent. */
const longest = 60;
const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** Decodes exact decimals as 128-bit whole numbers that count units of the last digit. Zeros after the scale are dropped. If another digit follows the scale, the number does not fit. */
export class DecimalDecoder implements ColumnDecoder {
  readonly type: DataType & { readonly kind: 'decimal' };
  readonly values = new Validity(128);
  readonly #form: NumberForm;
  readonly #reader: ValueReader;
  readonly #told: boolean;
  readonly #plain: boolean;
  readonly #limit: bigint;
  readonly #most: number;
  #words = new Int32Array(64);

  constructor(type: DataType & { readonly kind: 'decimal' }, told: boolean, forms: ValueForms) {
    this.type = type;
    this.#form = new NumberForm(told, forms);
    this.#reader = new ValueReader(forms.nulls, told);
    this.#told = told;
    this.#plain = arePlainNumbers(forms);
    this.#limit = 10n ** BigInt(type.precision);
    this.#most = 10 ** Math.min(15, type.precision);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows } = fields;
    const { values } = this;
    const reader = this.#reader;
    const form = this.#form;
    const { scale } = this.type;
    values.reserve(rows);
    this.#words = withRoom(this.#words, 4 * (values.length + rows));
    const words = this.#words;
    const one = (row: number, place: number, value: number): boolean => {
      if (!reader.find(fields, place)) return false;
      const at = 4 * value;
      const written = form.unscaled(fields.bytes, reader.start, reader.end);
      const missing = scale - form.scale;
      const number = form.exact && missing >= 0 && missing <= 15 ? written * (powers[missing] as number) : Number.NaN;
      if (number > -this.#most && number < this.#most) {
        store(words, at, number);
        words[at + 2] = words[at + 3] = number < 0 ? -1 : 0;
      } else if (!this.#long(words, at, missing) && !this.#withExponent(words, at, fields.bytes.subarray(reader.start, reader.end))) {
        bad(row);
        words.fill(0, at, at + 4);
      }
      return true;
    };
    takeGo({ fields, column, values, fast: this.#plain ? (...of) => this.#fast(...of) : undefined, one });
  }

  #fast(kernels: Kernels, column: number, stride: number, rows: number): number {
    const { precision, scale } = this.type;
    const nulls = kernels.call.decimals(column, stride, rows, scale, Math.min(18, precision));
    this.#words.set(new Int32Array(kernels.memory, areas.values, 4 * rows), 4 * (this.values.length - rows));
    return nulls;
  }

  #long(words: Int32Array, at: number, missing: number): boolean {
    let value = this.#form.bigint(Math.max(0, missing));
    if (value === undefined) return false;
    if (missing < 0) {
      const extra = 10n ** BigInt(-missing);
      if (value % extra !== 0n) return false;
      value /= extra;
    }
    if (value >= this.#limit || value <= -this.#limit) return false;
    storeWide(words, at, value);
    return true;
  }

  /** Reads a number with an exponent, such as `1.0E7`, as programs write floating-point numbers. If the type was only proposed, such numbers do not fit. */
  #withExponent(words: Int32Array, at: number, written: Uint8Array): boolean {
    if (!this.#told || !this.#plain || written.length > longest) return false;
    const value = decimalOf(Buffer.from(written).toString('latin1'), this.type);
    if (value !== undefined) storeWide(words, at, value);
    return value !== undefined;
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    const { precision, scale } = this.type;
    const words = new Uint32Array(this.#words.buffer, this.#words.byteOffset, 4 * data.length);
    return A.makeData({ type: new A.Decimal(scale, precision, 128), ...data, data: words });
  }
}

function storeWide(words: Int32Array, at: number, value: bigint): void {
  for (let word = 0n; word < 4n; word++) words[at + Number(word)] = Number(BigInt.asIntN(32, value >> (32n * word)));
}
