/** One bit for each row of a commit, by the position of the row among all rows. */
export class RowMarks {
  /** The number of marked rows. */
  count = 0;
  readonly #bits: Uint8Array;

  constructor(rows: number) {
    this.#bits = new Uint8Array(Math.ceil(rows / 8));
  }

  has(row: number): boolean {
    return ((this.#bits[Math.floor(row / 8)] as number) & (1 << (row % 8))) !== 0;
  }

  add(row: number): void {
    if (this.has(row)) return;
    (this.#bits[Math.floor(row / 8)] as number) |= 1 << (row % 8);
    this.count++;
  }

  /** For each row from `from` on: 1 if the row is marked, else 0. Undefined: no row of the range is marked. */
  of(from: number, rows: number): Uint8Array | undefined {
    if (!this.hasAny(from, rows)) return undefined;
    return Uint8Array.from({ length: rows }, (_, i) => (this.has(from + i) ? 1 : 0));
  }

  hasAny(from: number, rows: number): boolean {
    for (let row = from; row < from + rows; ) {
      if (row % 8 === 0 && this.#bits[row / 8] === 0) row += 8;
      else if (this.has(row)) return true;
      else row++;
    }
    return false;
  }
}
