/** A half of a sum is carried at this size, below 2^53, so that each addition to it is exact. */
const mostInHalf = 2 ** 52;

/** The row sum of docs/building/row-sum.md over any number of rows, exact. */
export class RowSum {
  rows = 0;
  #full = 0n;
  #high = 0;
  #low = 0;

  /** @param hashes the hashes of rows, from `rowHashes`. */
  add(hashes: BigInt64Array): void {
    // Little-endian, as on every machine that Node runs on.
    const halves = new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);
    for (let at = 0; at < halves.length; at += 2) {
      this.#low += halves[at] as number;
      this.#high += (halves[at + 1] as number) | 0;
      if (this.#low > mostInHalf || Math.abs(this.#high) > mostInHalf) this.#putAway();
    }
    this.rows += hashes.length;
  }

  get sum(): bigint {
    return this.#full + (BigInt(this.#high) << 32n) + BigInt(this.#low);
  }

  equals(other: RowSum): boolean {
    return this.rows === other.rows && this.sum === other.sum;
  }

  #putAway(): void {
    this.#full = this.sum;
    this.#high = 0;
    this.#low = 0;
  }
}
