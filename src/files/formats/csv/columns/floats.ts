import type { Arrow } from '../../../../frames/native.ts';
import type { DataType } from '../../../../frames/schema.ts';
import type { Fields } from '../fields.ts';
import type { ColumnDecoder } from './decoder.ts';
import { type ValueForms, ValueReader } from './reading.ts';
import { TextBuffer } from './text-buffer.ts';

/** As many digits as a program writes of a float64. A number with more was exact before it came here. */
const mostDigits = 17;

/**
 * Floating-point numbers: their form is checked here, their text kept, and the correctly rounded number made of it by Polars, which is
 * faster than anything in JavaScript that is exact.
 */
export class FloatDecoder implements ColumnDecoder {
  readonly type: DataType;
  readonly values = new TextBuffer();
  readonly #reader: ValueReader;
  readonly #told: boolean;
  readonly #decimal: number;
  readonly #thousands: number;

  constructor(type: DataType, told: boolean, forms: ValueForms) {
    this.type = type;
    this.#told = told;
    this.#reader = new ValueReader(forms.nulls, told);
    this.#decimal = forms.decimal;
    this.#thousands = forms.thousands;
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, columns, bytes } = fields;
    const reader = this.#reader;
    const texts = this.values;
    const plain = this.#decimal === 46 && this.#thousands < 0;
    texts.reserve(fields, column);
    for (let row = 0, place = column; row < rows; row++, place += columns) {
      if (!reader.find(fields, place)) texts.addNull();
      else if (plain && texts.addPlainNumber(bytes, reader.start, reader.end, mostDigits)) continue;
      else {
        const text = this.#rewritten(bytes, reader.start, reader.end);
        if (text === undefined) bad(row);
        if (text === undefined) texts.addNull();
        else texts.add(text, 0, text.length);
      }
    }
  }

  /** Any other form, as Polars reads it; undefined when it is no number, or not one of this column. */
  #rewritten(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
    if (end - start > 400) return undefined;
    let text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
    const thousands = this.#thousands < 0 ? '' : String.fromCharCode(this.#thousands);
    if (thousands !== '') text = text.replaceAll(thousands, '');
    if (this.#decimal !== 46) {
      if (text.includes('.')) return undefined;
      text = text.replace(String.fromCharCode(this.#decimal), '.');
    }
    const form = floatForm(text, this.#told);
    return form === undefined ? undefined : Buffer.from(form, 'latin1');
  }

  finish(A: typeof Arrow): Arrow.Data {
    return this.values.finish(A, 'text');
  }
}

/** A number as a float64 can hold it; undefined: it is none, or one that would turn into infinity, into zero, or (unless told) lose digits. */
export function floatForm(text: string, told: boolean): string | undefined {
  const special = /^([+-]?)(?:inf|infinity|(nan))$/i.exec(text);
  if (special) return !told ? undefined : special[2] ? 'nan' : `${special[1] === '-' ? '-' : ''}inf`;
  const match = (told ? /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/ : /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/).exec(text);
  if (!match) return undefined;
  const mantissa = text
    .replace(/[eE].*$/, '')
    .replace(/[+.-]/g, '')
    .replace(/^0+/, '');
  const significant = mantissa.replace(/0+$/, '');
  if (!told && significant.length > mostDigits) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || (value === 0 && significant !== '')) return undefined;
  // What JavaScript prints is the shortest text of the very same number.
  return Object.is(value, -0) ? '-0.0' : String(value);
}
