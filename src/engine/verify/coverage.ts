/** Whether one comparison has looked at everything that another one did, so that its verdict may take the other's place. */
import type { Verification } from '../../ports/state.ts';

/** What a comparison looked at. */
export type Coverage = Pick<Verification, 'by' | 'range' | 'sample' | 'columns'>;

export function covers(one: Coverage, other: Coverage): boolean {
  const { by, range, sample, columns } = one;
  if (by === 'counts' && other.by !== 'counts') return false;
  const isSameRange = range?.from === other.range?.from && range?.to === other.range?.to;
  if (range !== null && !(other.range !== null && isSameRange)) return false;
  // Samples are chosen by the keys' hashes: a larger one has all keys of a smaller one.
  if (sample < other.sample) return false;
  return columns === null || (other.columns?.every((name) => columns.includes(name)) ?? false);
}

/**
 * Whether a new verdict stands in the place of the last one. A difference stands until a comparison of at least the same rows and columns says something else; what
 * is the same as a whole is no less so after a part of it was compared.
 */
export function takesPlaceOf(found: Verification, standing: Verification): boolean {
  if (standing.verdict === 'not told') return true;
  if (found.verdict === 'not told') return standing.verdict === 'same' && covers(found, standing);
  return (found.verdict === 'differs' && standing.verdict === 'same') || covers(found, standing);
}
