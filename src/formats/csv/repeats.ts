/** Finds the header of a file again among its rows: files that were joined contain it, and it would settle as a row of names. */

import { unescapeField } from './columns/texts.ts';
import type { Fields } from './fields.ts';
import type { CsvHomeOptions } from './options.ts';
import type { LooseRecord } from './records.ts';

/** The mark at the beginning of files from Windows. If such files are joined, it comes before the repeated names. */
const mark = '\ufeff';

const unmarked = (text: string): string => (text.startsWith(mark) ? text.slice(1).replace(/^"(.*)"$/, '$1') : text);

/** Names that programs may write in other letter case, with blanks or underscores between words. */
const plainly = (name: string): string =>
  unmarked(name)
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

/** `moved`: the row has the names, but in another order than the first row. */
export type HeaderRepeat = 'same' | 'moved';

/** The names to search for among the rows; empty if the file has no header. */
export function namesToFind(first: LooseRecord | undefined, header: boolean, options: CsvHomeOptions): readonly string[] {
  if (Array.isArray(options.header)) return options.header as readonly string[];
  return header && first !== undefined ? first.fields.map(({ text }) => text) : [];
}

/** The bytes that padding, quotes and a mark may add to a name. */
const mostAdded = 16;

/** Compares rows with the names, with or without quotes and a byte order mark. If there are several names, letter case and blanks are ignored. */
export class RepeatedHeader {
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #sorted: string;
  /** The possible first bytes and the length limit of a first field: most rows are rejected by these. */
  readonly #begins = new Uint8Array(256);
  readonly #most: number;
  readonly #read: (text: string) => string;

  constructor(names: readonly string[]) {
    // A column of words may contain its own name in other letters.
    this.#read = names.length > 1 ? plainly : unmarked;
    this.#names = names.map(this.#read);
    this.#known = new Set(this.#names);
    this.#sorted = JSON.stringify([...this.#names].sort());
    this.#most = Math.max(0, ...names.map((name) => Buffer.byteLength(name))) + mostAdded;
    for (const name of [...this.#names, mark, ' ', '\t', '"', '_', '-'])
      for (const text of [name, name.toUpperCase()]) this.#begins[Buffer.from(text)[0] ?? 0] = 1;
  }

  /** Whether a record repeats the names. */
  of({ fields }: Pick<LooseRecord, 'fields'>): HeaderRepeat | undefined {
    return fields.length === this.#names.length ? this.#in((place) => fields[place]?.text ?? '') : undefined;
  }

  #in(textAt: (place: number) => string): HeaderRepeat | undefined {
    const found: string[] = [];
    let isMoved = false;
    for (const [place, name] of this.#names.entries()) {
      const text = this.#read(textAt(place));
      if (!this.#known.has(text)) return undefined;
      isMoved ||= text !== name;
      found.push(text);
    }
    if (!isMoved) return 'same';
    // Rows of a sparse table have the same texts in other positions.
    if (this.#known.has('')) return undefined;
    return JSON.stringify(found.sort()) === this.#sorted ? 'moved' : undefined;
  }

  /** The rows that repeat the names. */
  rowsIn(fields: Fields, escapeByte: number): readonly { readonly row: number; readonly again: HeaderRepeat }[] {
    const { bytes, columns, starts, ends, rows } = fields;
    const found: { readonly row: number; readonly again: HeaderRepeat }[] = [];
    const mayBeEmpty = this.#known.has('');
    for (let row = 0; row < rows; row++) {
      const start = starts[row * columns] ?? 0;
      const length = (ends[row * columns] ?? 0) - start;
      if (length > this.#most || (length === 0 ? !mayBeEmpty : this.#begins[bytes[start] ?? 0] === 0)) continue;
      const again = this.#in((place) => unescapeField(fields, row * columns + place, escapeByte));
      if (again !== undefined) found.push({ row, again });
    }
    return found;
  }
}
