import { arrowType } from '../../../../frames/arrow-type.ts';
import type { Arrow } from '../../../../frames/native.ts';
import type { DataType } from '../../../../frames/schema.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, Validity, withRoom } from './decoder.ts';
import { NumberForm } from './number-form.ts';
import { type ValueForms, ValueReader } from './reading.ts';

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => {
    const half = 2n ** BigInt(bits - 1);
    return [
      [`int${bits}`, [-half, half - 1n]],
      [`uint${bits}`, [0n, 2n * half - 1n]],
    ];
  }),
);

/** Whole numbers (durations too: so many of their unit), kept as pairs of 32 bits; narrower ones are narrowed at the end. */
export class IntegerDecoder implements ColumnDecoder {
  readonly type: DataType;
  readonly values = new Validity(64);
  readonly #form: NumberForm;
  readonly #reader: ValueReader;
  readonly #least: number;
  readonly #most: number;
  readonly #range: readonly [bigint, bigint];
  #words = new Int32Array(32);

  constructor(type: DataType, told: boolean, forms: ValueForms) {
    this.type = type;
    this.#form = new NumberForm(told, forms);
    this.#reader = new ValueReader(forms.nulls, told);
    this.#range = ranges[type.kind === 'duration' ? 'int64' : type.kind] ?? [0n, 0n];
    this.#least = Number(this.#range[0]);
    this.#most = Number(this.#range[1]);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, columns } = fields;
    const validity = this.values;
    const reader = this.#reader;
    const form = this.#form;
    validity.reserve(rows);
    this.#words = withRoom(this.#words, 2 * (validity.length + rows));
    const words = this.#words;
    for (let row = 0, place = column; row < rows; row++, place += columns) {
      if (!reader.find(fields, place)) {
        validity.addNull();
        continue;
      }
      const at = 2 * validity.length;
      const value = form.whole(fields.bytes, reader.start, reader.end);
      if (value >= this.#least && value <= this.#most && form.exact) store(words, at, value);
      else if (form.exact || !this.#long(words, at)) {
        bad(row);
        words[at] = words[at + 1] = 0;
      }
      validity.add();
    }
  }

  /** More digits than a number of JavaScript holds exactly. */
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

const two32 = 4294967296;

/** A whole number below 2^53 as two words of two's complement. */
export function store(words: Int32Array, at: number, value: number): void {
  const high = Math.floor(value / two32);
  words[at] = (value - high * two32) | 0;
  words[at + 1] = high | 0;
}

/** Any other that 64 bits hold. */
export function storeLong(words: Int32Array, at: number, value: bigint): void {
  words[at] = Number(BigInt.asIntN(32, value));
  words[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
}
