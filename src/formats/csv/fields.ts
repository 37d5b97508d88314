import type { Kernels } from '../kernels/kernels.ts';
import { areas, mostFields } from '../kernels/layout.ts';
import { marks } from '../kernels/texts.ts';

/** How a field was written: plain, in quotes, or with escapes. */
export const written = marks;

export type Torn = 'quote' | 'line feed';

/** A record that can’t be split, or that has another number of fields than the file has columns. */
export interface BrokenRecord {
  readonly start: number;
  readonly end: number;
  /** The number of the record’s fields. If the record can’t be split, the reason: text follows a closing quote, or the record has the line end of other files. */
  readonly fields: number | Torn;
}

/**
 * The positions of the fields of some records in a text. The positions are stored row by row, with `columns` positions for each row.
 * Records with another number of fields are in `broken` instead. The object is reused from batch to batch.
 */
export class Fields {
  readonly columns: number;
  /** The most rows that fit. */
  readonly capacity: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** How each field is written, as one of `written`. While `anyQuoted` is false, the marks have no meaning. */
  readonly marks: Uint8Array;
  /** The positions at which rows begin. */
  readonly rowStarts: Uint32Array;
  readonly rowEnds: Uint32Array;
  bytes: Uint8Array = new Uint8Array(0);
  /** Set if the text, and the arrays of this object, are in the memory of these kernels. */
  fast: Kernels | undefined;
  rows = 0;
  anyQuoted = false;
  /** Whether a record may lack the last field. A missing last field is read as an empty field. */
  mayLackLast = false;
  broken: BrokenRecord[] = [];

  /**
   * @param kernels their memory is used if it has room for this many columns.
   * @param mostRows the most rows at a time. At most a full batch of the kernels is used.
   */
  constructor(columns: number, kernels?: Kernels, mostRows = mostFields) {
    this.columns = columns;
    this.capacity = Math.max(1, Math.min(mostRows, Math.floor(mostFields / columns)));
    const fields = this.capacity * columns;
    const memory = fields <= mostFields ? kernels?.memory : undefined;
    const words = (area: number, length: number) => (memory ? new Uint32Array(memory, area, length) : new Uint32Array(length));
    this.starts = words(areas.starts, fields);
    this.ends = words(areas.ends, fields);
    this.marks = memory ? new Uint8Array(memory, areas.marks, fields) : new Uint8Array(fields);
    this.rowStarts = words(areas.rowStarts, this.capacity);
    this.rowEnds = words(areas.rowEnds, this.capacity);
  }

  /** @param kernels the kernels whose memory contains the bytes. */
  clear(bytes: Uint8Array, kernels?: Kernels): void {
    this.bytes = bytes;
    this.fast = kernels?.memory === this.starts.buffer ? kernels : undefined;
    this.rows = 0;
    this.anyQuoted = false;
    this.marks.fill(written.plain);
    if (this.broken.length > 0) this.broken = [];
  }

  /** Adds a row whose last field is missing. */
  addEmptyLast(start: number, end: number): void {
    const last = (this.rows + 1) * this.columns - 1;
    this.starts[last] = this.ends[last] = end;
    this.marks[last] = written.plain;
    this.rowStarts[this.rows] = start;
    this.rowEnds[this.rows] = end;
    this.rows++;
  }

  /** Removes rows. The rows after them move up. */
  remove(rows: readonly number[]): void {
    const gone = new Set(rows);
    let to = 0;
    for (let from = 0; from < this.rows; from++) {
      if (gone.has(from)) continue;
      if (to !== from) this.#move(from, to);
      to++;
    }
    this.rows = to;
  }

  #move(from: number, to: number): void {
    const { columns } = this;
    for (const places of [this.starts, this.ends, this.marks]) places.copyWithin(to * columns, from * columns, (from + 1) * columns);
    this.rowStarts[to] = this.rowStarts[from] ?? 0;
    this.rowEnds[to] = this.rowEnds[from] ?? 0;
  }
}
