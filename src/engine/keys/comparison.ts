/** The comparison of keys (`deletes: { compare }`), which removes settled rows that are gone from the source. */
import type { Watermark } from '../../frames/watermark.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { everything } from '../contracts/home.ts';
import type { DeletesComparison, EntitySpec } from '../contracts/spec.ts';
import { beganAt } from '../protocol/periodic.ts';

/** The name under which the state remembers the last comparison of keys. */
export const comparisonName = 'deletes';

/** The only slice of a comparison. With a single slice, each side is read as of one moment. */
export function keysAsSlice({ watermark }: Pick<EntitySpec, 'watermark'>) {
  const slice = { ref: {}, rows: null, bytes: null };
  const planned = {
    slices: [{ slice, work: { kind: 'compare' } as const }],
    seen: null,
    movesOn: false,
    changed: [],
    renamed: [],
    unsure: [],
  };
  const windows = {
    window: { ...everything, columns: watermark?.key ?? [] },
    nothingToRead: false,
    boundaryWindow: null,
    windows: [],
    replaced: null,
  };
  return { windows, planned, ranges: null, retyped: [], rework: null };
}

/** When a comparison began, and how many rows the source had. The state keeps both where it keeps the watermarks of backfills. */
export function comparedAt(at: Instant, sourceRows: number): Watermark {
  return beganAt(`${rowsPrefix}${sourceRows}`, at);
}

const rowsPrefix = `${comparisonName}:`;

/** How many rows the source had at the last comparison. Undefined: keys were never compared, or the number is unknown. */
export function rowsAtLastComparison(row: StateRow | undefined): number | undefined {
  const column = row?.lanes[comparisonName]?.column;
  return column?.startsWith(rowsPrefix) ? Number(column.slice(rowsPrefix.length)) : undefined;
}

/** How many of `of` rows may be gone at most. */
export function mostGone({ mostPercent, mostRows = 0 }: Pick<DeletesComparison, 'mostPercent' | 'mostRows'>, of: number): number {
  // A tiny number is added, because a double can’t hold a percentage such as 0.57 exactly.
  const share = Math.floor((mostPercent * of) / 100 + 1e-9);
  return Math.max(share, Math.min(mostRows, Math.floor(of / 2)));
}
