/** If a half of the sum reaches this number, the half is carried. The number is below 2^53, so that each addition to the half is exact. */
const mostInHalf = 2 ** 52;

/** The row sum of docs/building/row-sum.md. The sum is exact for any number of rows. */
export class RowSum {
  rows = 0;
  #full = 0n;
  #high = 0;
  #low = 0;

  /** @param hashes the hashes of rows, from `rowHashes`. */
  add(hashes: BigInt64Array): void {
    // The words are little-endian, as on all machines on which Node runs.
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
