import type { Kernels } from '../kernels/kernels.ts';
import { areas, mostFields } from '../kernels/layout.ts';
import { marks } from '../kernels/texts.ts';

/** How a field was written. */
export const written = marks;

export type Torn = 'quote' | 'line feed';

/** A record that has another number of fields than there are columns, or that can’t be split. */
export interface BrokenRecord {
  readonly start: number;
  readonly end: number;
  /** The number of its fields, or the reason why it can’t be split: text after a closing quote, or the line end of other files. */
  readonly fields: number | Torn;
}

/**
 * The positions of the fields of some records in a piece of text: row by row, `columns` each. Records with another number of fields are in
 * `broken` instead. Reused from batch to batch.
 */
export class Fields {
  readonly columns: number;
  /** The number of rows that fit. */
  readonly capacity: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** One of `written`. Means nothing while `anyQuoted` is false. */
  readonly marks: Uint8Array;
  /** Where each row begins. */
  readonly rowStarts: Uint32Array;
  readonly rowEnds: Uint32Array;
  bytes: Uint8Array = new Uint8Array(0);
  /** Set if the bytes, and the arrays of this object, are in the memory of these kernels. */
  fast: Kernels | undefined;
  rows = 0;
  anyQuoted = false;
  /** A record may lack the last field, which is then empty. */
  mayLackLast = false;
  broken: BrokenRecord[] = [];

  /**
   * @param kernels whose memory is used, if it has room for this many columns
   * @param mostRows the most rows at a time; a full batch of the kernels unless it is lower
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

  /** @param kernels whose memory contains the bytes. */
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

  /** Removes rows; the rows after them move up. */
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
