/** Whether one comparison covers all that another comparison covered. Only then may its verdict replace the other verdict. */
import type { Verification } from '../../ports/state.ts';

/** Which rows and columns a comparison looked at. */
export type Coverage = Pick<Verification, 'by' | 'range' | 'sample' | 'columns'>;

export function covers(one: Coverage, other: Coverage): boolean {
  const { by, range, sample, columns } = one;
  if (by === 'counts' && other.by !== 'counts') return false;
  const isSameRange = range?.from === other.range?.from && range?.to === other.range?.to;
  if (range !== null && !(other.range !== null && isSameRange)) return false;
  // Samples are chosen by the hashes of keys, so a larger sample has all keys of a smaller one.
  if (sample < other.sample) return false;
  return columns === null || (other.columns?.every((name) => columns.includes(name)) ?? false);
}

/**
 * Whether a new verdict replaces the last one. A difference stays until a comparison of at least the same rows and columns gives another verdict. A
 * verdict `same` about all rows stays if a later comparison finds a part of them the same.
 */
export function takesPlaceOf(found: Verification, standing: Verification): boolean {
  if (standing.verdict === 'not told') return true;
  if (found.verdict === 'not told') return standing.verdict === 'same' && covers(found, standing);
  return (found.verdict === 'differs' && standing.verdict === 'same') || covers(found, standing);
}
