/** Finds the header of a file again among the file’s rows. Files that were joined contain the header of each part, which would settle as a row of values. */

import { unescapeField } from './columns/texts.ts';
import type { Fields } from './fields.ts';
import type { CsvHomeOptions } from './options.ts';
import type { LooseRecord } from './records.ts';

/** The byte order mark, with which files from Windows begin. If such files are joined, the mark comes before the repeated names. */
const mark = '\ufeff';

const unmarked = (text: string): string => (text.startsWith(mark) ? text.slice(1).replace(/^"(.*)"$/, '$1') : text);

/** A name in one plain form. Programs may write the same name in other letter case, or with blanks or underscores between words. */
const plainly = (name: string): string =>
  unmarked(name)
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

/** `same`: the row repeats the names in the same order. `moved`: the row repeats the names in another order. */
export type HeaderRepeat = 'same' | 'moved';

/** The names that are searched for among the rows. If the file has no header, the list is empty. */
export function namesToFind(first: LooseRecord | undefined, header: boolean, options: CsvHomeOptions): readonly string[] {
  if (Array.isArray(options.header)) return options.header as readonly string[];
  return header && first !== undefined ? first.fields.map(({ text }) => text) : [];
}

/** How many bytes padding, quotes and a byte order mark may add to a name. */
const mostAdded = 16;

/** Finds the rows that repeat the names, with or without quotes and a byte order mark. If the file has several names, letter case and blanks are ignored. */
export class RepeatedHeader {
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #sorted: string;
  /** The first bytes that the first field of a repeated header may have, and its largest length. Most rows are rejected by these two. */
  readonly #begins = new Uint8Array(256);
  readonly #most: number;
  readonly #read: (text: string) => string;

  constructor(names: readonly string[]) {
    // A column of words may contain its own name in other letter case, so a single name must be the same.
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
    // In a sparse table, a row may have the same texts in other positions.
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
