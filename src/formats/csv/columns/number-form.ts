import type { ValueForms } from './value-reader.ts';

const zero = 48;
const nine = 57;
const minus = 45;
const plus = 43;

/** Removes the separators between the groups of a number. Undefined: a group has more or fewer than three digits, so the text is a code, a date or an address. */
export function withoutGroups(number: string, separator: string, decimal: string): string | undefined {
  if (!number.includes(separator)) return number;
  const point = number.indexOf(decimal);
  const [whole, rest] = point < 0 ? [number, ''] : [number.slice(0, point), number.slice(point)];
  const [first = '', ...groups] = whole.replace(/^[+-]/, '').split(separator);
  const areGroups = /^[1-9]\d{0,2}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group)) && !rest.includes(separator);
  return areGroups ? `${whole.replaceAll(separator, '')}${rest}` : undefined;
}

/** Reads how a number is written: its digits, in order, and the position of its point. A type from the config accepts the forms that people write. A proposed type accepts only the usual form. */
export class NumberForm {
  /** After a call: whether the result is the value itself. If not, either the number has too many digits, which `bigint` returns, or the text is not a number. */
  exact = false;
  /** The number of fraction digits in the text. */
  scale = 0;
  readonly #told: boolean;
  readonly #decimal: number;
  readonly #thousands: number;
  #isNumber = false;
  #negative = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;

  constructor(told: boolean, forms: ValueForms) {
    this.#told = told;
    this.#decimal = forms.decimal;
    this.#thousands = forms.thousands;
  }

  /** Reads a whole number. NaN: the text is not a whole number, or has more than 15 digits. */
  whole(bytes: Uint8Array, start: number, end: number): number {
    const digits = end - start;
    if (digits <= 15) {
      // Most numbers are short and plain: a plain number has only digits, and its first digit is not zero.
      const first = bytes[start] as number;
      if (first > zero && first <= nine) {
        let value = first - zero;
        let i = start + 1;
        for (; i < end; i++) {
          const digit = (bytes[i] as number) - zero;
          if (digit < 0 || digit > 9) break;
          value = value * 10 + digit;
        }
        if (i === end) {
          this.exact = true;
          return value;
        }
      }
    }
    const value = this.unscaled(bytes, start, end);
    if (this.#isNumber && this.scale > 0) return this.#none();
    return value;
  }

  /** Reads the digits without the point. `scale` is the number of digits after the point. NaN: the text is not a number, or has more than 15 digits. */
  unscaled(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    let value = 0;
    let digits = 0;
    let point = -1;
    // The number of digits since the last separator. -1: no separator was read yet.
    let group = -1;
    this.#negative = bytes[i] === minus;
    if (this.#negative || (this.#told && bytes[i] === plus)) i++;
    const first = i;
    for (; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        digits++;
        if (group >= 0 && point < 0) group++;
      } else if (byte === this.#decimal && point < 0 && (digits > 0 || this.#told)) point = i;
      else if (byte !== this.#thousands || point >= 0 || !this.#endsGroup(bytes[first], digits, group)) return this.#none();
      else group = 0;
    }
    if (group >= 0 && group !== 3) return this.#none();
    this.scale = point < 0 ? 0 : end - point - 1;
    const bare = digits === 0 || (!this.#told && point === end - 1);
    const padded = bytes[first] === zero && digits - this.scale > 1;
    // A whole number loses the sign if all its digits are zeros.
    const minusZero = this.#negative && value === 0 && this.scale === 0;
    if (bare || (!this.#told && (padded || minusZero))) return this.#none();
    this.#isNumber = true;
    this.exact = digits <= 15;
    this.#bytes = bytes;
    this.#start = first;
    this.#end = end;
    if (!this.exact) return Number.NaN;
    return this.#negative ? -value : value;
  }

  /** The digits of the last number as a bigint of any length, with `more` zeros appended. Undefined: the last text was not a number. */
  bigint(more: number): bigint | undefined {
    if (!this.#isNumber) return undefined;
    let digits = '';
    for (let i = this.#start; i < this.#end; i++) {
      const byte = this.#bytes[i] as number;
      if (byte >= zero && byte <= nine) digits += String.fromCharCode(byte);
    }
    const value = BigInt(digits + '0'.repeat(more));
    return this.#negative ? -value : value;
  }

  /** Whether a separator may follow these digits. A group has three digits, but the first group has one to three digits and does not begin with a zero. In another place, the separator may be a point or a part of a code. */
  #endsGroup(firstByte: number | undefined, digits: number, group: number): boolean {
    return group < 0 ? digits >= 1 && digits <= 3 && firstByte !== zero : group === 3;
  }

  #none(): number {
    this.#isNumber = false;
    this.exact = false;
    this.scale = 0;
    return Number.NaN;
  }
}
