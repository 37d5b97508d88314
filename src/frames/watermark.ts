import type { DataType } from './schema.ts';

/**
 * A watermark is never a JS number or Date: it is the source's own lossless text plus its type. Canonical text per kind:
 * integers and decimals in plain digits (`-12`, `3.50`); `date` `YYYY-MM-DD`; `timestamp` `YYYY-MM-DDTHH:MM:SS[.fraction]` with exactly
 * as many fraction digits as the unit has (3, 6, 9) and a trailing `Z` when it has a zone; strings and uuids as they are.
 */
export interface Watermark {
  readonly column: string;
  readonly type: DataType;
  readonly text: string;
  /**
   * Where the source itself continues from here, in words that only it can read, such as a delta link: it settles with the watermark, and no earlier. Absent: the
   * text says it.
   */
  readonly token?: string | undefined;
  /**
   * Rows with larger values lie apart, so that this is not the largest value that was read: the next run reads from here on again, and what it reads takes the
   * place of what settled from here on. Absent: it continues above.
   */
  readonly readsAgain?: true | undefined;
}

/** An order-independent summary of a set of rows: equal sets give equal fingerprints, and they add up over slices and frames. */
export interface Fingerprint {
  readonly rows: number;
  /** 32 hex digits; the sum of a 128-bit hash of every row, modulo 2^128. Empty set: all zeros. */
  readonly hash: string;
}

/** The rows of the open boundary group, as the source has them. */
export interface BoundaryGroup extends Fingerprint {
  /** How many of them break a rule and settled apart, so that the destination has fewer rows of the group. Absent: none. */
  readonly apart?: number;
  /** How many of its rows in the destination have no watermark. Absent: none, or an earlier version settled the group. */
  readonly nulls?: number;
  /** Rows without a watermark of earlier groups, which the source lost, and which stayed in the destination. Absent: none. */
  readonly left?: number;
}

/** How many rows the destination has at the watermark of the group and, where such rows belong to it, without a watermark. */
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
