/** The deleted rows of a file by row number: bits in blocks of 65,536 rows. Only blocks with a deleted row exist. */
export class DeletedRows {
  /** The number of rows in the file. */
  readonly rows: number;
  #count = 0;
  readonly #blocks = new Map<number, Uint8Array>();

  /** A set without deleted rows. Needs at most one bit of memory per row of the file. */
  constructor(rows: number) {
    this.rows = rows;
  }

  /** The number of deleted rows. */
  get count(): number {
    return this.#count;
  }

  /** Deletes the rows from `from` (inclusive) to `to` (exclusive). None of these rows may be deleted already. Throws a RangeError for rows that the file does not have. */
  add(from: number, to: number): void {
    if (!(from >= 0 && from < to && to <= this.rows)) throw new RangeError(`row ${to - 1} of ${this.rows}`);
    for (let row = from; row < to; ) {
      const block = Math.floor(row / blockRows);
      const start = block * blockRows;
      const end = Math.min(to, start + blockRows);
      setBits(this.#block(block), row - start, end - start);
      row = end;
    }
    this.#count += to - from;
  }

  #block(number: number): Uint8Array {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const bits = new Uint8Array(blockRows / 8);
    this.#blocks.set(number, bits);
    return bits;
  }

  /** Deletes a row. False: it was already deleted. */
  addOne(row: number): boolean {
    if (this.isDeleted(row)) return false;
    this.add(row, row + 1);
    return true;
  }

  /** Also deletes the rows that another vector of the file deletes. */
  addAll(others: DeletedRows): void {
    for (const [number, bits] of others.blocks()) {
      const own = this.#block(number);
      for (let byte = 0; byte < bits.length; byte++) {
        const added = (bits[byte] as number) & ~(own[byte] as number);
        if (added === 0) continue;
        own[byte] = (own[byte] as number) | added;
        this.#count += ones[added] as number;
      }
    }
  }

  /** The blocks with deleted rows, in order. A block has one bit for each of 65,536 rows, lowest bit of a byte first. */
  blocks(): readonly (readonly [number: number, bits: Uint8Array])[] {
    return [...this.#blocks].sort(([a], [b]) => a - b);
  }

  isDeleted(row: number): boolean {
    const bits = this.#blocks.get(Math.floor(row / blockRows));
    if (bits === undefined) return false;
    const at = row % blockRows;
    return ((bits[at >> 3] as number) & (1 << (at & 7))) !== 0;
  }

  /** The number of deleted rows from `from` (inclusive) to `to` (exclusive). */
  countIn(from: number, to: number): number {
    let count = 0;
    for (let row = from; row < to; ) {
      const block = Math.floor(row / blockRows);
      const start = block * blockRows;
      const end = Math.min(to, start + blockRows);
      const bits = this.#blocks.get(block);
      if (bits !== undefined) count += countBits(bits, row - start, end - start);
      row = end;
    }
    return count;
  }

  /** All rows of a file as deleted, except the rows that `some` deletes and `others` does not. `others` null: deletes no row. */
  static allBut(rows: number, some: DeletedRows, others: DeletedRows | null): DeletedRows {
    const left = new DeletedRows(rows);
    let from = 0;
    for (let row = 0; row <= rows; row++) {
      if (row < rows && (!some.isDeleted(row) || others?.isDeleted(row) === true)) continue;
      if (from < row) left.add(from, row);
      from = row + 1;
    }
    return left;
  }

  /** One bit for each of the `rows` rows from `from` on: 1 for a row that stays. The lowest bit of a byte is first, as in Arrow. */
  kept(from: number, rows: number): Uint8Array {
    const kept = new Uint8Array(Math.ceil(rows / 8)).fill(0xff);
    for (let at = 0; at < rows; ) {
      const row = from + at;
      const block = Math.floor(row / blockRows);
      const start = block * blockRows;
      const end = Math.min(from + rows, start + blockRows);
      const bits = this.#blocks.get(block);
      if (bits !== undefined) clearBits(kept, at, { bits, from: row - start, to: end - start });
      at = end - from;
    }
    return kept;
  }
}

const blockRows = 65_536;

function setBits(bits: Uint8Array, from: number, to: number): void {
  let at = from;
  for (; at < to && (at & 7) !== 0; at++) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
  const whole = at + ((to - at) & ~7);
  if (whole > at) bits.fill(0xff, at >> 3, whole >> 3);
  for (at = Math.max(at, whole); at < to; at++) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
}

const ones: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});

function countBits(bits: Uint8Array, from: number, to: number): number {
  let count = 0;
  let at = from;
  for (; at < to && (at & 7) !== 0; at++) count += ((bits[at >> 3] as number) >> (at & 7)) & 1;
  for (; at + 8 <= to; at += 8) count += ones[bits[at >> 3] as number] as number;
  for (; at < to; at++) count += ((bits[at >> 3] as number) >> (at & 7)) & 1;
  return count;
}

/** For each 1 of `of.bits` between `of.from` and `of.to`, clears the corresponding bit; the bit for `of.from` is bit `at`. */
function clearBits(kept: Uint8Array, at: number, of: { readonly bits: Uint8Array; readonly from: number; readonly to: number }): void {
  const shift = at - of.from;
  for (let byte = of.from >> 3; byte << 3 < of.to; byte++) {
    const eight = of.bits[byte] as number;
    if (eight === 0) continue;
    if ((shift & 7) === 0 && byte << 3 >= of.from && (byte + 1) << 3 <= of.to) {
      const target = byte + (shift >> 3);
      kept[target] = (kept[target] as number) & ~eight;
      continue;
    }
    for (let bit = Math.max(byte << 3, of.from); bit < Math.min((byte + 1) << 3, of.to); bit++) {
      if ((eight & (1 << (bit & 7))) === 0) continue;
      const target = bit + shift;
      kept[target >> 3] = (kept[target >> 3] as number) & ~(1 << (target & 7));
    }
  }
}
