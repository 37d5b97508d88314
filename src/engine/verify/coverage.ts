/** Whether one comparison has covered everything that another one covered, so that its verdict may replace the other's. */
import type { Verification } from '../../ports/state.ts';

/** What a comparison looked at. */
export type Coverage = Pick<Verification, 'by' | 'range' | 'sample' | 'columns'>;

export function covers(one: Coverage, other: Coverage): boolean {
  const { by, range, sample, columns } = one;
  if (by === 'counts' && other.by !== 'counts') return false;
  const isSameRange = range?.from === other.range?.from && range?.to === other.range?.to;
  if (range !== null && !(other.range !== null && isSameRange)) return false;
  // Samples are chosen by the keys' hashes: a larger sample has all keys of a smaller one.
  if (sample < other.sample) return false;
  return columns === null || (other.columns?.every((name) => columns.includes(name)) ?? false);
}

/**
 * Whether a new verdict replaces the last one. A difference stays until a comparison of at least the same rows and columns gives another verdict. A verdict `same`
 * about the whole stays when only a part was compared and is the same.
 */
export function takesPlaceOf(found: Verification, standing: Verification): boolean {
  if (standing.verdict === 'not told') return true;
  if (found.verdict === 'not told') return standing.verdict === 'same' && covers(found, standing);
  return (found.verdict === 'differs' && standing.verdict === 'same') || covers(found, standing);
}
