import { withRoom } from '../../../frames/growing-array.ts';
import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { isBeyondFloat, isRoundedWhole } from '../../bytes/json-texts.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, takeGo, Validity } from './decoder.ts';
import { withoutGroups } from './number-form.ts';
import { TextBuffer } from './text-buffer.ts';
import { arePlainNumbers, type ValueForms, ValueReader } from './value-reader.ts';

/** The most digits that a program writes for a float64. A number with more digits was an exact number at its origin. */
const mostDigits = 17;
/** A float of 64 or 32 bits holds each whole number of up to this many digits. Longer numbers are checked.  */
const wholeDigits = 15;
const wholeDigits32 = 7;

/** Reads floats in other forms, as Polars reads them. Undefined: the text is not a number that the column accepts. */
class FloatForm {
  readonly #told: boolean;
  readonly #kind: 'float32' | 'float64';
  readonly #decimal: number;
  readonly #thousands: number;

  constructor(kind: 'float32' | 'float64', told: boolean, { decimal, thousands }: ValueForms) {
    this.#told = told;
    this.#kind = kind;
    this.#decimal = decimal;
    this.#thousands = thousands;
  }

  /** The text as a float64. */
  number(bytes: Buffer, place: FieldPlace): number | undefined {
    const text = this.#withPoint(bytes, place);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (isPrinted(text, value)) return value;
    const form = this.#formOf(text);
    return form === undefined ? undefined : (specials.get(form) ?? Number(form));
  }

  rewritten(bytes: Buffer, place: FieldPlace): string | undefined {
    const text = this.#withPoint(bytes, place);
    return text === undefined ? undefined : this.#formOf(text);
  }

  /** The text with a point before the fraction, and without the separators of groups. */
  #withPoint(bytes: Buffer, { start, end }: FieldPlace): string | undefined {
    if (end - start > 400) return undefined;
    let text = bytes.toString('latin1', start, end);
    if (this.#thousands >= 0) {
      const ungrouped = withoutGroups(text, String.fromCharCode(this.#thousands), String.fromCharCode(this.#decimal));
      if (ungrouped === undefined) return undefined;
      text = ungrouped;
    }
    if (this.#decimal !== 46) {
      if (text.includes('.')) return undefined;
      text = text.replace(String.fromCharCode(this.#decimal), '.');
    }
    return text;
  }

  #formOf(text: string): string | undefined {
    const form = isRoundedWhole(this.#kind, text) ? undefined : floatForm(text, this.#told);
    const isLost = form !== undefined && !specials.has(form) && isBeyondFloat(this.#kind, form);
    return isLost ? undefined : form;
  }
}

interface FieldPlace {
  readonly start: number;
  readonly end: number;
}

const bufferOver = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** Whether the text is finite, and is what JavaScript prints for the number. JavaScript prints the shortest text, which has the usual form and no digit to lose. */
const isPrinted = (text: string, value: number): boolean => Number.isFinite(value) && String(value) === text;

/** Decodes 64-bit floating-point numbers. Each number is rounded once, to the nearest float. */
export class Float64Decoder implements ColumnDecoder {
  readonly type: DataType = { kind: 'float64' };
  readonly values = new Validity(64);
  readonly #reader: ValueReader;
  readonly #form: FloatForm;
  readonly #plain: boolean;
  readonly #told: boolean;
  #numbers = new Float64Array(16);

  constructor(told: boolean, forms: ValueForms) {
    this.#told = told;
    this.#reader = new ValueReader(forms.nulls, told);
    this.#form = new FloatForm('float64', told, forms);
    this.#plain = arePlainNumbers(forms);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows } = fields;
    const { values } = this;
    const bytes = bufferOver(fields.bytes);
    const reader = this.#reader;
    values.reserve(rows);
    this.#numbers = withRoom(this.#numbers, values.length + rows);
    const one = (row: number, place: number, at: number): boolean => {
      this.#numbers[at] = 0;
      if (!reader.find(fields, place)) return false;
      const number = this.#form.number(bytes, reader);
      if (number === undefined) bad(row);
      else this.#numbers[at] = number;
      return true;
    };
    takeGo({ fields, column, values, fast: this.#plain ? (...of) => this.#fast(...of) : undefined, one });
  }

  #fast(kernels: Kernels, column: number, stride: number, rows: number): number {
    const nulls = kernels.call.floats(column, stride, rows, this.#told ? wholeDigits : mostDigits, this.#told ? 0 : 1);
    this.#numbers.set(new Float64Array(kernels.memory, areas.values, rows), this.values.length - rows);
    return nulls;
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    return A.makeData({ type: new A.Float64(), ...data, data: this.#numbers.subarray(0, data.length) });
  }
}

/** Decodes 32-bit floating-point numbers. The decoder checks the form of the text, and keeps the text. Polars turns the text into a number, with a single rounding. */
export class Float32Decoder implements ColumnDecoder {
  readonly type: DataType = { kind: 'float32' };
  readonly values = new TextBuffer();
  readonly #reader: ValueReader;
  readonly #form: FloatForm;
  readonly #plain: boolean;

  constructor(told: boolean, forms: ValueForms) {
    this.#reader = new ValueReader(forms.nulls, told);
    this.#form = new FloatForm('float32', told, forms);
    this.#plain = arePlainNumbers(forms);
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, columns } = fields;
    const bytes = bufferOver(fields.bytes);
    const reader = this.#reader;
    const texts = this.values;
    texts.reserve(fields, column);
    for (let row = 0, place = column; row < rows; row++, place += columns) {
      if (!reader.find(fields, place)) texts.addNull();
      else if (this.#plain && texts.addPlainNumber(bytes, reader.start, reader.end, wholeDigits32)) continue;
      else {
        const text = this.#form.rewritten(bytes, reader);
        if (text === undefined) bad(row);
        if (text === undefined) texts.addNull();
        else texts.add(Buffer.from(text, 'latin1'), 0, text.length);
      }
    }
  }

  finish(A: typeof Arrow): Arrow.Data {
    return this.values.finish(A, 'text');
  }
}

const specials = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/** The text of a number as a float64. Undefined: the text is not a number, or would become infinity or zero. Also undefined if the number would lose digits, unless the type was given. */
export function floatForm(text: string, told: boolean): string | undefined {
  const value = Number(text);
  if (isPrinted(text, value)) return text;
  const special = /^([+-]?)(?:inf|infinity|(nan))$/i.exec(text);
  if (special) return !told ? undefined : special[2] ? 'nan' : `${special[1] === '-' ? '-' : ''}inf`;
  const match = (told ? /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/ : /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/).exec(text);
  if (!match) return undefined;
  // JavaScript prints the shortest text that means exactly this number.
  const form = Object.is(value, -0) ? '-0.0' : String(value);
  const digits = digitsOf(text);
  if (!Number.isFinite(value) || (value === 0 && digits !== '0')) return undefined;
  return told || digitsOf(form) === digits ? form : undefined;
}

/** The significant digits of a number and their decimal positions. */
function digitsOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const all = `${whole}${fraction}`;
  const digits = all.replace(/^0+/, '');
  const point = Number(exponent) - fraction.length;
  const bare = digits.replace(/0+$/, '');
  return bare === '' ? '0' : `${sign}${bare}e${point + digits.length - bare.length}`;
}
