import type { Window } from '../../../engine/contracts/contracts.ts';
import { compareKeys, watermarkKey } from '../../../frames/watermark-text.ts';
import type { RowGroup } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { boundsIn, nullsIn } from './statistics.ts';

/** How much of a row group a window takes, as far as its statistics can tell. */
export type Share = 'none' | 'all' | 'some';

/** True when the window takes every row there is. */
export function takesAll(window: Window): boolean {
  return window.column === null || (window.lower === null && window.upper === null && window.nulls === 'include');
}

export function shareOf(window: Window, group: RowGroup, column: FileColumn | undefined): Share {
  if (takesAll(window) || group.rows === 0) return 'all';
  if (column === undefined) return 'some';
  const nulls = nullsIn(group, column);
  if (nulls === group.rows) return window.nulls === 'include' ? 'all' : 'none';
  const nullShare = nulls === 0 ? 'both' : nulls === undefined ? 'unknown' : window.nulls === 'include' ? 'in' : 'out';
  const values = valueShare(window, group, column);
  if (values === 'all') return nullShare === 'both' || nullShare === 'in' || window.nulls === 'include' ? 'all' : 'some';
  if (values === 'none') return nullShare === 'both' || window.nulls === 'exclude' ? 'none' : 'some';
  return 'some';
}

function valueShare({ lower, upper }: Window, group: RowGroup, column: FileColumn): Share {
  if (lower === null && upper === null) return 'all';
  const bounds = boundsIn(group, column);
  if (bounds === undefined) return 'some';
  const { type } = column;
  const overLower =
    lower === null
      ? 'all'
      : side(
          compareKeys(bounds.min, watermarkKey(type, lower.text)),
          compareKeys(bounds.max, watermarkKey(type, lower.text)),
          lower.inclusive,
        );
  const underUpper =
    upper === null
      ? 'all'
      : side(
          -compareKeys(bounds.max, watermarkKey(type, upper.text)),
          -compareKeys(bounds.min, watermarkKey(type, upper.text)),
          upper.inclusive,
        );
  if (overLower === 'none' || underUpper === 'none') return 'none';
  return overLower === 'all' && underUpper === 'all' ? 'all' : 'some';
}

/** `near` and `far`: how the bound nearer to the edge and the one farther inside compare with it; positive is inside. */
function side(near: number, far: number, inclusive: boolean): Share {
  if (near > 0 || (inclusive && near === 0)) return 'all';
  return far < 0 || (!inclusive && far === 0) ? 'none' : 'some';
}
