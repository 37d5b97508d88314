import type { DataType } from './schema.ts';

/**
 * A watermark: the source’s own text without loss, and its type. A watermark is never a JavaScript number or Date. The canonical text
 * depends on the kind. Integers and decimals are plain digits (`-12`, `3.50`). A `date` is `YYYY-MM-DD`. A `timestamp` is
 * `YYYY-MM-DDTHH:MM:SS[.fraction]`, with exactly as many fraction digits as the unit has (3, 6, 9). With a zone, a `Z` follows. Strings and
 * uuids stay unchanged.
 */
export interface Watermark {
  readonly column: string;
  readonly type: DataType;
  readonly text: string;
  /**
   * The position from which the source itself continues, in a form that only the source can read, such as a delta link. The token settles
   * with the watermark, and never earlier. Absent: the source continues at the text.
   */
  readonly token?: string | undefined;
  /**
   * Set if rows with larger values settled apart, so that the watermark is not the largest value that was read. The next run reads again
   * from the watermark on, and its rows replace the rows that settled from there on. Absent: the next run continues above the watermark.
   */
  readonly readsAgain?: true | undefined;
}

/** A summary of a set of rows that does not depend on their order. Equal sets have equal fingerprints. The fingerprints of slices and frames can be added. */
export interface Fingerprint {
  readonly rows: number;
  /** The sum of the 128-bit hashes of all rows, modulo 2^128, as 32 hex digits. The hash of an empty set is all zeros. */
  readonly hash: string;
}

/** The rows of the open boundary group, as the source has them. */
export interface BoundaryGroup extends Fingerprint {
  /** How many rows of the group break a rule and settled apart, so that the destination has fewer rows of the group. Absent: none. */
  readonly apart?: number;
  /** How many rows of the group in the destination have no watermark. Absent: none, or an older hygge settled the group. */
  readonly nulls?: number;
  /** How many rows without a watermark from earlier groups the destination still has, although the source no longer has them. Absent: none. */
  readonly left?: number;
}

/** How many rows the destination has at the watermark of the group. If rows without a watermark belong to the group, they are counted as well. */
export function rowsThere({ rows, apart = 0, left = 0 }: BoundaryGroup): number {
  return rows - apart + left;
}

export const emptyFingerprint: Fingerprint = { rows: 0, hash: '0'.repeat(32) };

export function addFingerprints(a: Fingerprint, b: Fingerprint): Fingerprint {
  const sum = BigInt.asUintN(128, BigInt(`0x${a.hash}`) + BigInt(`0x${b.hash}`));
  return { rows: a.rows + b.rows, hash: sum.toString(16).padStart(32, '0') };
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.rows === b.rows && a.hash === b.hash;
}
