import { withRoom } from '../../../frames/growing-array.ts';
import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { arrowType } from '../../../frames/values/arrow-type.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, takeGo, Validity } from './decoder.ts';
import { NumberForm } from './number-form.ts';
import { arePlainNumbers, type ValueForms, ValueReader } from './value-reader.ts';

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => {
    const half = 2n ** BigInt(bits - 1);
    return [
      [`int${bits}`, [-half, half - 1n]],
      [`uint${bits}`, [0n, 2n * half - 1n]],
    ];
  }),
);

/** Decodes whole numbers, and durations as whole numbers of their unit. Each number is stored as two words of 32 bits, and `finish` makes narrower numbers of them if the type is narrower. */
export class IntegerDecoder implements ColumnDecoder {
  readonly type: DataType;
  readonly values = new Validity(64);
  readonly #form: NumberForm;
  readonly #reader: ValueReader;
  readonly #least: number;
  readonly #most: number;
  readonly #range: readonly [bigint, bigint];
  readonly #plain: boolean;
  #words = new Int32Array(32);

  constructor(type: DataType, told: boolean, forms: ValueForms) {
    this.type = type;
    this.#form = new NumberForm(told, forms);
    this.#reader = new ValueReader(forms.nulls, told);
    this.#range = ranges[type.kind === 'duration' ? 'int64' : type.kind] ?? [0n, 0n];
    this.#plain = arePlainNumbers(forms);
    this.#least = Number(this.#range[0]);
    this.#most = Number(this.#range[1]);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows } = fields;
    const { values } = this;
    const reader = this.#reader;
    const form = this.#form;
    values.reserve(rows);
    this.#words = withRoom(this.#words, 2 * (values.length + rows));
    const words = this.#words;
    const one = (row: number, place: number, value: number): boolean => {
      if (!reader.find(fields, place)) return false;
      const at = 2 * value;
      const number = form.whole(fields.bytes, reader.start, reader.end);
      if (number >= this.#least && number <= this.#most && form.exact) store(words, at, number);
      else if (form.exact || !this.#long(words, at)) {
        bad(row);
        words[at] = words[at + 1] = 0;
      }
      return true;
    };
    takeGo({ fields, column, values, fast: this.#plain ? (...of) => this.#fast(...of) : undefined, one });
  }

  #fast(kernels: Kernels, column: number, stride: number, rows: number): number {
    const nulls = kernels.call.integers(column, stride, rows, this.#range[0], smaller(this.#range[1], most64));
    this.#words.set(new Int32Array(kernels.memory, areas.values, 2 * rows), 2 * (this.values.length - rows));
    return nulls;
  }

  /** Reads a number with more digits than a JavaScript number holds exactly. */
  #long(words: Int32Array, at: number): boolean {
    const value = this.#form.bigint(0);
    if (value === undefined || value < this.#range[0] || value > this.#range[1]) return false;
    storeLong(words, at, value);
    return true;
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    const words = this.#words.subarray(0, 2 * data.length);
    return A.makeData({ type: arrowType(A, this.type) as Arrow.Int, ...data, data: this.#narrowed(words) as Int32Array });
  }

  #narrowed(words: Int32Array): ArrayBufferView {
    const { kind } = this.type;
    if (kind === 'int64' || kind === 'duration') return new BigInt64Array(words.buffer, words.byteOffset, words.length / 2);
    if (kind === 'uint64') return new BigUint64Array(words.buffer, words.byteOffset, words.length / 2);
    const arrays = { int8: Int8Array, int16: Int16Array, int32: Int32Array, uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array };
    const narrow = new arrays[kind as keyof typeof arrays](words.length / 2);
    for (let i = 0; i < narrow.length; i++) narrow[i] = words[2 * i] as number;
    return narrow;
  }
}

const most64 = 2n ** 63n - 1n;
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const two32 = 4294967296;

/** Stores a whole number below 2^53 as two words in two’s complement. */
export function store(words: Int32Array, at: number, value: number): void {
  const high = Math.floor(value / two32);
  words[at] = (value - high * two32) | 0;
  words[at + 1] = high | 0;
}

/** Stores any other whole number of 64 bits as two words. */
export function storeLong(words: Int32Array, at: number, value: bigint): void {
  words[at] = Number(BigInt.asIntN(32, value));
  words[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
}
