/** Decodes text into columns, in batches. Rows that do not fit are reported separately. */

import { kernels } from '../kernels/kernels.ts';
import type { ColumnDecoder, CsvColumn } from './columns/decoder.ts';
import { decoderOf } from './columns/decoders.ts';
import { unescapeField } from './columns/texts.ts';
import type { Dialect } from './dialect.ts';
import { brokenReason, misfitReason, movedReason, repeatedHeaderReason } from './errors.ts';
import { Fields } from './fields.ts';
import { type CsvHomeOptions, formsOf } from './options.ts';
import { RepeatedHeader } from './repeats.ts';
import { filledAtEnd } from './row-ends.ts';
import { splitRecords, type ToSplit } from './split.ts';

/** Everything that is needed for decoding, in a form that can be sent to a thread. */
export interface HowToDecode {
  readonly options: CsvHomeOptions;
  readonly dialect: Dialect;
  /** The columns of the file, in the order of the file. */
  readonly columns: readonly CsvColumn[];
  /** The positions of the columns that are to be read. */
  readonly wanted: readonly number[];
  /** Whether rows end with a delimiter (row-ends.ts). */
  readonly trailing?: boolean;
  /** See `namesToFind` (repeats.ts). */
  readonly namesToFind?: readonly string[];
}

/** A row that is left out. Its positions are positions in the text. */
export interface BadRow {
  readonly start: number;
  readonly reason: string;
  /** The text of the row, if the caller keeps bad rows. */
  readonly text: string;
  /** The value that does not fit, and the number of its column among the columns of the file. */
  readonly misfit: { readonly column: number; readonly value: string } | undefined;
  /** If set, the run stops whatever `bad_rows` says, because the rows below would settle in the wrong columns. */
  readonly stops?: true;
}

export interface DecodeRequest {
  readonly text: ToSplit;
  readonly badRows: 'fail' | 'skip' | 'quarantine';
}

/** The text of a bad row is cut at this length. */
const mostText = 64 * 1024;

/** The columns of a file, which are filled from one stretch of the file’s text after another. */
export class CsvDecoder {
  rows = 0;
  bad: BadRow[] = [];
  readonly #how: HowToDecode;
  readonly #fields: Fields;
  readonly #decoders: readonly ColumnDecoder[];
  readonly #header: RepeatedHeader | undefined;

  constructor(how: HowToDecode) {
    this.#how = how;
    const forms = formsOf(how.options);
    this.#header = how.namesToFind?.length ? new RepeatedHeader(how.namesToFind) : undefined;
    this.#fields = new Fields(how.columns.length + (how.trailing ? 1 : 0), kernels());
    this.#fields.mayLackLast = how.trailing === true;
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

  /** Reads some rows. Returns where the next row begins. Returns `text.from` if the text has no whole row. Throws `Unterminated`. */
  take({ text, badRows }: DecodeRequest): number {
    const fields = this.#fields;
    const next = splitRecords(fields, text, this.#how.dialect);
    this.#leaveOutHeader(badRows);
    if (this.#how.trailing) this.#leaveOutLonger(badRows);
    const misfits = this.#decode();
    for (const { start, end, fields: found } of fields.broken)
      this.bad.push({
        start,
        reason: brokenReason(found, this.#how.columns.length),
        text: this.#written(start, end, badRows),
        misfit: undefined,
      });
    for (const [row, place] of misfits) this.bad.push(this.#misfit(row, place, badRows));
    if (misfits.size > 0) {
      // If some rows don’t fit, the other rows are decoded again.
      for (const { values } of this.#decoders) values.keep(this.rows);
      fields.remove([...misfits.keys()]);
      this.#decode();
    }
    this.rows += fields.rows;
    return next;
  }

  /** Leaves out rows that repeat the header. */
  #leaveOutHeader(badRows: DecodeRequest['badRows']): void {
    const { rowStarts, rowEnds } = this.#fields;
    const found = this.#header?.rowsIn(this.#fields, this.#how.dialect.escapeByte) ?? [];
    if (found.length === 0) return;
    for (const { row, again } of found) {
      const start = rowStarts[row] ?? 0;
      const bad = { start, text: this.#written(start, rowEnds[row] ?? 0, badRows), misfit: undefined };
      this.bad.push(again === 'moved' ? { ...bad, reason: movedReason, stops: true } : { ...bad, reason: repeatedHeaderReason });
    }
    this.#fields.remove(found.map(({ row }) => row));
  }

  /** Leaves out rows that have a value after the last delimiter, where other rows have none. */
  #leaveOutLonger(badRows: DecodeRequest['badRows']): void {
    const { rowStarts, rowEnds, columns } = this.#fields;
    const rows = filledAtEnd(this.#fields);
    if (rows.length === 0) return;
    for (const row of rows) {
      const start = rowStarts[row] ?? 0;
      const text = this.#written(start, rowEnds[row] ?? 0, badRows);
      this.bad.push({ start, reason: brokenReason(columns, columns - 1), text, misfit: undefined });
    }
    this.#fields.remove(rows);
  }

  /** Drops the rows that were read. */
  clear(): void {
    for (const { values } of this.#decoders) values.clear();
    this.rows = 0;
  }

  /** The rows that don’t fit, each with the first column whose value does not fit. */
  #decode(): ReadonlyMap<number, number> {
    const misfits = new Map<number, number>();
    for (const [index, decoder] of this.#decoders.entries()) {
      const place = this.#how.wanted[index] ?? 0;
      decoder.decode(this.#fields, place, (row) => void (misfits.has(row) || misfits.set(row, place)));
    }
    return misfits;
  }

  #misfit(row: number, place: number, badRows: DecodeRequest['badRows']): BadRow {
    const fields = this.#fields;
    const start = fields.rowStarts[row] ?? 0;
    const { name, type } = this.#how.columns[place] as CsvColumn;
    const value = badRows === 'fail' ? unescapeField(fields, row * fields.columns + place, this.#how.dialect.escapeByte) : '';
    const text = this.#written(start, fields.rowEnds[row] ?? 0, badRows);
    return { start, reason: misfitReason({ name, type, nullable: true }), text, misfit: { column: place, value } };
  }

  #written(start: number, end: number, badRows: DecodeRequest['badRows']): string {
    if (badRows === 'skip') return '';
    return Buffer.from(this.#fields.bytes.subarray(start, Math.min(end, start + mostText))).toString('utf8');
  }
}
