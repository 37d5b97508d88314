import type { Fields } from '../fields.ts';
import type { Pattern } from './patterns.ts';

/** How values are written in all columns. */
export interface ValueForms {
  /** The texts that mean null, in addition to the empty field without quotes. */
  readonly nulls: NullTexts;
  /** The byte before the fraction of a number: `.` or `,`. */
  readonly decimal: number;
  /** The byte between groups of digits. -1: groups have no separator. */
  readonly thousands: number;
  readonly date: Pattern | null;
  readonly timestamp: Pattern | null;
}

/** Which fields mean null. */
export class NullTexts {
  /** Whether an empty field without quotes is null in text columns too. */
  readonly empty: boolean;
  /** Whether a text in quotes can mean null as well. */
  readonly inQuotes: boolean;
  readonly #texts: readonly Uint8Array[];

  constructor(texts: readonly string[] | null, inQuotes: boolean) {
    this.empty = texts === null || texts.includes('');
    this.inQuotes = inQuotes;
    this.#texts = (texts ?? []).filter((text) => text !== '').map((text) => Buffer.from(text));
  }

  get any(): boolean {
    return this.#texts.length > 0;
  }

  /** Whether one of the texts for null could be a number, a time or a truth value. */
  get likeValues(): boolean {
    return this.#texts.some((text) => /^[-\dtf]/.test(String.fromCharCode(text[0] ?? 0)));
  }

  /** Whether these bytes are one of the texts for null. `isQuoted`: the field is in quotes. */
  has(bytes: Uint8Array, start: number, end: number, isQuoted: boolean): boolean {
    if (isQuoted && !this.inQuotes) return false;
    return this.#texts.some((text) => text.length === end - start && same(bytes, start, text));
  }
}

function same(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** Whether numbers are written as programs write them. */
export function arePlainNumbers({ nulls, decimal, thousands }: ValueForms): boolean {
  return !nulls.likeValues && decimal === 46 && thousands < 0;
}

/** Finds the value of a field for a column of numbers, times or truth values: the position of the value without surrounding blanks, or null. */
export class ValueReader {
  start = 0;
  end = 0;
  readonly #nulls: NullTexts;
  readonly #trims: boolean;
  readonly #hasTexts: boolean;

  constructor(nulls: NullTexts, told: boolean) {
    this.#nulls = nulls;
    this.#trims = told;
    this.#hasTexts = nulls.any;
  }

  /** Finds the position of the value. False: the field is null. In such a column, an empty field is null even in quotes. */
  find(fields: Fields, place: number): boolean {
    const { bytes } = fields;
    let start = fields.starts[place] as number;
    let end = fields.ends[place] as number;
    if (start === end) return false;
    if (this.#hasTexts && this.#nulls.has(bytes, start, end, false)) return false;
    if (this.#trims) {
      while (start < end && bytes[start] === 32) start++;
      while (start < end && bytes[end - 1] === 32) end--;
    }
    this.start = start;
    this.end = end;
    return true;
  }
}
