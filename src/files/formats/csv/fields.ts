/** How a field was written. */
export const plain = 0;
export const quoted = 1;
/** In quotes, with escapes in it that are not part of the value. */
export const escaped = 2;

/** A record that has another number of fields than there are columns, or one that can't be taken apart. */
export interface BrokenRecord {
  readonly start: number;
  readonly end: number;
  /** Undefined: text stands behind a closing quote. */
  readonly fields: number | undefined;
}

/** Most fields in one go: few enough for their places to stay near the processor, enough to make nothing of what a go costs. */
const mostFields = 64 * 1024;

/**
 * Where the fields of some records lie in a piece of text: row by row, `columns` each. Records that are not so many fields are in `broken`
 * instead. Reused from one go to the next.
 */
export class Fields {
  readonly columns: number;
  /** Rows that fit in. */
  readonly capacity: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** `plain`, `quoted`, `escaped`. Means nothing while `anyQuoted` is false. */
  readonly marks: Uint8Array;
  /** Where each row begins. */
  readonly rowStarts: Uint32Array;
  readonly rowEnds: Uint32Array;
  bytes: Uint8Array = new Uint8Array(0);
  rows = 0;
  anyQuoted = false;
  broken: BrokenRecord[] = [];

  constructor(columns: number) {
    this.columns = columns;
    this.capacity = Math.max(1, Math.floor(mostFields / columns));
    this.starts = new Uint32Array(this.capacity * columns);
    this.ends = new Uint32Array(this.capacity * columns);
    this.marks = new Uint8Array(this.capacity * columns);
    this.rowStarts = new Uint32Array(this.capacity);
    this.rowEnds = new Uint32Array(this.capacity);
  }

  clear(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.rows = 0;
    this.anyQuoted = false;
    if (this.broken.length > 0) this.broken = [];
  }

  /** Takes rows out; those behind them move up. `rows` rises. */
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
