import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { toArrow } from './from-polars.ts';
import { arrow, type DataFrame } from './native.ts';
import { RowBytes } from './row-bytes.ts';
import type { Fingerprint } from './watermark.ts';

/** Rows between two turns of the event loop: some tens of milliseconds. */
const rowsPerTurn = 32_768;
/** Sums of so many 32-bit numbers stay exact in a JavaScript number. */
const rowsPerFold = 1 << 20;

/**
 * The sum, modulo 2^128, of the first 128 bits of SHA-256 of every row's canonical bytes: the same for the same rows in any order, in any
 * process and any version of the native engine, whose own hashes promise neither.
 */
export async function fingerprintOf(data: DataFrame): Promise<Fingerprint> {
  const A = await arrow();
  const table = await toArrow(data);
  const sum = new Sum128();
  for (const batch of table.batches) {
    const rows = new RowBytes(A, batch.data.children);
    for (let row = 0; row < batch.numRows; row++) {
      sum.add(hash('sha256', rows.row(row), 'buffer'));
      if (row % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
    }
  }
  return { rows: data.height, hash: sum.hex() };
}

/** 128-bit addition in four 32-bit lanes, folded before they could lose a bit. */
class Sum128 {
  #lanes: [number, number, number, number] = [0, 0, 0, 0];
  #total = 0n;
  #rows = 0;

  add(digest: Buffer): void {
    for (let lane = 0; lane < 4; lane++) this.#lanes[lane] = (this.#lanes[lane] ?? 0) + digest.readUInt32BE(lane * 4);
    if (++this.#rows % rowsPerFold === 0) this.#fold();
  }

  hex(): string {
    this.#fold();
    return this.#total.toString(16).padStart(32, '0');
  }

  #fold(): void {
    const [a, b, c, d] = this.#lanes;
    this.#total = BigInt.asUintN(128, this.#total + (BigInt(a) << 96n) + (BigInt(b) << 64n) + (BigInt(c) << 32n) + BigInt(d));
    this.#lanes = [0, 0, 0, 0];
  }
}
