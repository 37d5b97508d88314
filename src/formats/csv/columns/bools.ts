import { withRoom } from '../../../frames/growing-array.ts';
import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, takeGo, Validity } from './decoder.ts';
import { type ValueForms, ValueReader } from './value-reader.ts';

const words = (yes: readonly string[], no: readonly string[]): ReadonlyMap<string, boolean> =>
  new Map([...yes.map((word) => [word, true] as const), ...no.map((word) => [word, false] as const)]);

const proposed = words(['true', 'True', 'TRUE'], ['false', 'False', 'FALSE']);
const meant = words(['true', 't', 'yes', 'y', '1'], ['false', 'f', 'no', 'n', '0']);

/** The truth value that a text means. Undefined: the text is no word for a truth value. */
export function truthOf(text: string, told: boolean): boolean | undefined {
  return told ? meant.get(text.toLowerCase()) : proposed.get(text);
}

/** Decodes truth values. The finished column has one bit for each value. */
export class BoolDecoder implements ColumnDecoder {
  readonly type: DataType = { kind: 'bool' };
  readonly values = new Validity(1);
  readonly #reader: ValueReader;
  readonly #told: boolean;
  readonly #plain: boolean;
  /** The values so far, with one byte for each. The finished column has one bit for each. */
  #values = new Uint8Array(16);

  constructor(told: boolean, forms: ValueForms) {
    this.#told = told;
    this.#plain = !forms.nulls.likeValues;
    this.#reader = new ValueReader(forms.nulls, told);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, bytes } = fields;
    const { values } = this;
    const reader = this.#reader;
    values.reserve(rows);
    this.#values = withRoom(this.#values, values.length + rows);
    const one = (row: number, place: number, at: number): boolean => {
      this.#values[at] = 0;
      if (!reader.find(fields, place)) return false;
      const value = this.#truth(bytes, reader.start, reader.end);
      if (value === undefined) bad(row);
      else this.#values[at] = value ? 1 : 0;
      return true;
    };
    takeGo({ fields, column, values, fast: this.#plain ? (...of) => this.#fast(...of) : undefined, one });
  }

  #fast(kernels: Kernels, column: number, stride: number, rows: number): number {
    const nulls = kernels.call.truths(column, stride, rows);
    this.#values.set(new Uint8Array(kernels.memory, areas.values, rows), this.values.length - rows);
    return nulls;
  }

  #truth(bytes: Uint8Array, start: number, end: number): boolean | undefined {
    return end - start > 5 ? undefined : truthOf(Buffer.from(bytes.subarray(start, end)).toString('latin1'), this.#told);
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    const bits = new Uint8Array((data.length + 7) >> 3);
    for (let i = 0; i < data.length; i++) if (this.#values[i] === 1) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
    return A.makeData({ type: new A.Bool(), ...data, data: bits });
  }
}
