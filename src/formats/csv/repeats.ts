/** Where the header of a file stands again among its rows: files that were put together have it there, and it would settle as a row of names. */

import { unescapeField } from './columns/texts.ts';
import type { Fields } from './fields.ts';
import type { CsvHomeOptions } from './options.ts';
import type { LooseRecord } from './records.ts';

/** The mark that files of Windows begin with: where such files are put together it stands before the names again. */
const mark = '\ufeff';

const unmarked = (text: string): string => (text.startsWith(mark) ? text.slice(1).replace(/^"(.*)"$/, '$1') : text);

/** Names that programs write in capitals or in small letters, with blanks or underscores between words. */
const plainly = (name: string): string =>
  unmarked(name)
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

/** `moved`: the names are there, and stand above other columns than in the first row. */
export type HeaderRepeat = 'same' | 'moved';

/** The names to look for among the rows; none where the file has none. */
export function namesToFind(first: LooseRecord | undefined, header: boolean, options: CsvHomeOptions): readonly string[] {
  if (Array.isArray(options.header)) return options.header as readonly string[];
  return header && first !== undefined ? first.fields.map(({ text }) => text) : [];
}

/** Bytes that padding, quotes and a mark add to a name. */
const mostAdded = 16;

/** Compares rows with names: in quotes or not, and with a byte order mark or not. Of several names, capitals and blanks do not count. */
export class RepeatedHeader {
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #sorted: string;
  /** What a first field may begin with, and how long it may be: most rows are told by that. */
  readonly #begins = new Uint8Array(256);
  readonly #most: number;
  readonly #read: (text: string) => string;

  constructor(names: readonly string[]) {
    // A column of words may well hold the word for it in other letters.
    this.#read = names.length > 1 ? plainly : unmarked;
    this.#names = names.map(this.#read);
    this.#known = new Set(this.#names);
    this.#sorted = JSON.stringify([...this.#names].sort());
    this.#most = Math.max(0, ...names.map((name) => Buffer.byteLength(name))) + mostAdded;
    for (const name of [...this.#names, mark, ' ', '\t', '"', '_', '-'])
      for (const text of [name, name.toUpperCase()]) this.#begins[Buffer.from(text)[0] ?? 0] = 1;
  }

  /** Whether a record is the names again. */
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
    // Rows of a sparse table have the same texts in other places.
    if (this.#known.has('')) return undefined;
    return JSON.stringify(found.sort()) === this.#sorted ? 'moved' : undefined;
  }

  /** Rows that are the names. */
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
