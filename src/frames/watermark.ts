import type { DataType } from './schema.ts';

/**
 * A watermark is never a JS number or Date: it is the source’s own lossless text plus its type. Canonical text per kind: integers and
 * decimals in plain digits (`-12`, `3.50`); `date` `YYYY-MM-DD`; `timestamp` `YYYY-MM-DDTHH:MM:SS[.fraction]` with exactly as many fraction
 * digits as the unit has (3, 6, 9) and a trailing `Z` if it has a zone; strings and uuids unchanged.
 */
export interface Watermark {
  readonly column: string;
  readonly type: DataType;
  readonly text: string;
  /**
   * Where the source itself continues, in a form that only it can read, such as a delta link. It settles with the watermark, and no
   * earlier. Absent: the source continues at the text.
   */
  readonly token?: string | undefined;
  /**
   * Rows with larger values settled apart, so this is not the largest value that was read. The next run reads from here on again, and its
   * rows replace those that settled from here on. Absent: it continues above.
   */
  readonly readsAgain?: true | undefined;
}

/** A summary of a set of rows, independent of their order: equal sets have equal fingerprints, and fingerprints of slices and frames can be added. */
export interface Fingerprint {
  readonly rows: number;
  /** 32 hex digits; the sum of a 128-bit hash of every row, modulo 2^128. Empty set: all zeros. */
  readonly hash: string;
}

/** The rows of the open boundary group, as they are in the source. */
export interface BoundaryGroup extends Fingerprint {
  /** How many of them break a rule and settled apart, so that the destination has fewer rows of the group. Absent: none. */
  readonly apart?: number;
  /** How many of its rows in the destination have no watermark. Absent: none, or an earlier version settled the group. */
  readonly nulls?: number;
  /** Rows without a watermark from earlier groups that the source no longer has, but the destination still has. Absent: none. */
  readonly left?: number;
}

/** How many rows the destination has at the watermark of the group, plus those without a watermark if they belong to the group. */
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
