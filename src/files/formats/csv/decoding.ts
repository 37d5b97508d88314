/** Text → columns, a go at a time; what does not fit is told apart, row by row. */

import { kernels } from '../../kernels/kernels.ts';
import type { ColumnDecoder, CsvColumn } from './columns/decoder.ts';
import { decoderOf } from './columns/decoders.ts';
import { unescaped } from './columns/texts.ts';
import type { Dialect } from './dialect.ts';
import { brokenReason, misfitReason, repeatReason } from './errors.ts';
import { Fields } from './fields.ts';
import { type CsvHomeOptions, formsOf } from './options.ts';
import { splitRecords, type ToSplit } from './split.ts';

/** All that decoding needs to know: nothing that could not go to a thread. */
export interface HowToDecode {
  readonly options: CsvHomeOptions;
  readonly dialect: Dialect;
  /** In the order of the file. */
  readonly columns: readonly CsvColumn[];
  /** Of them, those that are read. */
  readonly wanted: readonly number[];
  /** See `headerLines` (repeats.ts). */
  readonly headerLines?: readonly string[];
}

/** A row that is left out. Places are those of the text. */
export interface BadRow {
  readonly start: number;
  readonly reason: string;
  /** As it is written, as far as somebody keeps it. */
  readonly text: string;
  /** The value that does not fit, and its column among those of the file. */
  readonly misfit: { readonly column: number; readonly value: string } | undefined;
}

export interface Taking {
  readonly text: ToSplit;
  readonly badRows: 'fail' | 'skip' | 'quarantine';
  /** Where the header stands again. */
  readonly repeats?: readonly number[];
}

/** More of a bad row is not kept. */
const mostText = 64 * 1024;

/** The columns of a file, filled from stretches of its text. */
export class Decoding {
  rows = 0;
  bad: BadRow[] = [];
  readonly #how: HowToDecode;
  readonly #fields: Fields;
  readonly #decoders: readonly ColumnDecoder[];

  constructor(how: HowToDecode) {
    this.#how = how;
    const forms = formsOf(how.options);
    this.#fields = new Fields(how.columns.length, kernels());
    this.#decoders = how.wanted.map((place) => decoderOf(how.columns[place] as CsvColumn, forms, how.dialect.escapeByte));
  }

  get decoders(): readonly ColumnDecoder[] {
    return this.#decoders;
  }

  get bytes(): number {
    let bytes = 0;
    for (const { values } of this.#decoders) bytes += values.bytes;
    return bytes;
  }

  /** Takes some rows; answers where the next one begins, which is `text.from` when there is no whole one. Throws `Unterminated`. */
  take({ text, badRows, repeats = [] }: Taking): number {
    const fields = this.#fields;
    const next = splitRecords(fields, text, this.#how.dialect);
    this.#leaveOut(
      repeats.filter((at) => at >= text.from && at < next),
      badRows,
    );
    const misfits = this.#decode();
    for (const { start, end, fields: found } of fields.broken)
      this.bad.push({ start, reason: brokenReason(found, fields.columns), text: this.#written(start, end, badRows), misfit: undefined });
    for (const [row, place] of misfits) this.bad.push(this.#misfit(row, place, badRows));
    if (misfits.size > 0) {
      // Where some don't fit, all are decoded again without them.
      for (const { values } of this.#decoders) values.keep(this.rows);
      fields.remove([...misfits.keys()]);
      this.#decode();
    }
    this.rows += fields.rows;
    return next;
  }

  /** Rows that begin at these places. */
  #leaveOut(repeats: readonly number[], badRows: Taking['badRows']): void {
    const { rows, rowStarts, rowEnds } = this.#fields;
    const places = repeats.map((at) => rowStarts.subarray(0, rows).indexOf(at)).filter((row) => row >= 0);
    if (places.length === 0) return;
    for (const row of places) {
      const start = rowStarts[row] ?? 0;
      this.bad.push({ start, reason: repeatReason, text: this.#written(start, rowEnds[row] ?? 0, badRows), misfit: undefined });
    }
    this.#fields.remove(places);
  }

  /** What was taken is taken away. */
  clear(): void {
    for (const { values } of this.#decoders) values.clear();
    this.rows = 0;
  }

  /** Rows that don't fit, with the first column that says so. */
  #decode(): ReadonlyMap<number, number> {
    const misfits = new Map<number, number>();
    for (const [index, decoder] of this.#decoders.entries()) {
      const place = this.#how.wanted[index] ?? 0;
      decoder.decode(this.#fields, place, (row) => void (misfits.has(row) || misfits.set(row, place)));
    }
    return misfits;
  }

  #misfit(row: number, place: number, badRows: Taking['badRows']): BadRow {
    const fields = this.#fields;
    const start = fields.rowStarts[row] ?? 0;
    const { name, type } = this.#how.columns[place] as CsvColumn;
    const value = badRows === 'fail' ? unescaped(fields, row * fields.columns + place, this.#how.dialect.escapeByte) : '';
    const text = this.#written(start, fields.rowEnds[row] ?? 0, badRows);
    return { start, reason: misfitReason({ name, type, nullable: true }), text, misfit: { column: place, value } };
  }

  #written(start: number, end: number, badRows: Taking['badRows']): string {
    if (badRows === 'skip') return '';
    return Buffer.from(this.#fields.bytes.subarray(start, Math.min(end, start + mostText))).toString('utf8');
  }
}
