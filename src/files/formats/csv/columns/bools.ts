import type { Arrow } from '../../../../frames/native.ts';
import type { DataType } from '../../../../frames/schema.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, Validity, withRoom } from './decoder.ts';
import { type ValueForms, ValueReader } from './reading.ts';

const words = (yes: readonly string[], no: readonly string[]): ReadonlyMap<string, boolean> =>
  new Map([...yes.map((word) => [word, true] as const), ...no.map((word) => [word, false] as const)]);

const proposed = words(['true', 'True', 'TRUE'], ['false', 'False', 'FALSE']);
const meant = words(['true', 't', 'yes', 'y', '1'], ['false', 'f', 'no', 'n', '0']);

/** What a text means as true or false; undefined: neither. */
export function truthOf(text: string, told: boolean): boolean | undefined {
  return told ? meant.get(text.toLowerCase()) : proposed.get(text);
}

/** True and false, one bit each. */
export class BoolDecoder implements ColumnDecoder {
  readonly type: DataType = { kind: 'bool' };
  readonly values = new Validity(1);
  readonly #reader: ValueReader;
  readonly #told: boolean;
  /** A byte a value until the end. */
  #values = new Uint8Array(16);

  constructor(told: boolean, forms: ValueForms) {
    this.#told = told;
    this.#reader = new ValueReader(forms.nulls, told);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, columns, bytes } = fields;
    const validity = this.values;
    const reader = this.#reader;
    validity.reserve(rows);
    this.#values = withRoom(this.#values, validity.length + rows);
    for (let row = 0, place = column; row < rows; row++, place += columns) {
      const at = validity.length;
      this.#values[at] = 0;
      if (!reader.find(fields, place)) {
        validity.addNull();
        continue;
      }
      const value = this.#truth(bytes, reader.start, reader.end);
      if (value === undefined) bad(row);
      else this.#values[at] = value ? 1 : 0;
      validity.add();
    }
  }

  #truth(bytes: Uint8Array, start: number, end: number): boolean | undefined {
    const length = end - start;
    // `true` and `false`, which nearly all are.
    if (length === 4 && bytes[start] === 116 && bytes[start + 1] === 114 && bytes[start + 2] === 117 && bytes[start + 3] === 101)
      return true;
    if (length === 5 && bytes[start] === 102 && bytes[start + 1] === 97 && bytes[start + 2] === 108 && bytes[start + 3] === 115)
      return bytes[start + 4] === 101 ? false : undefined;
    return length > 5 ? undefined : truthOf(Buffer.from(bytes.subarray(start, end)).toString('latin1'), this.#told);
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    const bits = new Uint8Array((data.length + 7) >> 3);
    for (let i = 0; i < data.length; i++) if (this.#values[i] === 1) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
    return A.makeData({ type: new A.Bool(), ...data, data: bits });
  }
}
