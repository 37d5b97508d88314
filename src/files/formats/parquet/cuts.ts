import type { Window } from '../../../engine/contracts.ts';
import type { RowGroup } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { type Share, shareOf } from './prune.ts';
import { memoryOf } from './statistics.ts';

/** A run of rows that becomes one frame (before the window's filter): whole row groups, or a part of one that is too large. */
export interface Cut {
  /** Row of the file at which it begins. */
  readonly start: number;
  readonly rows: number;
  /** Estimated, in memory. */
  readonly bytes: number;
  /** Row groups it touches, by number: `from` inclusive to `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  readonly share: Exclude<Share, 'none'>;
}

export interface CutRequest {
  readonly groups: readonly RowGroup[];
  readonly from: number;
  readonly to: number;
  readonly columns: readonly FileColumn[];
  readonly window: Window;
  readonly windowColumn: FileColumn | undefined;
  readonly frameBytes: number;
  readonly frameRows: number;
}

/** Small row groups are read together, large ones in even parts; those that the window cannot touch are left out. */
export function cutsOf(request: CutRequest): readonly Cut[] {
  const { groups, from, to, columns, window, windowColumn } = request;
  const cuts: Cut[] = [];
  let start = groups.slice(0, from).reduce((sum, group) => sum + group.rows, 0);
  for (let number = from; number < to; number++) {
    const group = groups[number];
    if (group === undefined) break;
    const share = shareOf(window, group, windowColumn);
    if (share !== 'none' && group.rows > 0) {
      const cut: Cut = { start, rows: group.rows, bytes: memoryOf(group, columns), from: number, to: number + 1, whole: true, share };
      const last = cuts.at(-1);
      if (last && fitsBehind(last, cut, request))
        cuts.splice(-1, 1, { ...last, rows: last.rows + cut.rows, bytes: last.bytes + cut.bytes, to: cut.to });
      else cuts.push(...divided(cut, request));
    }
    start += group.rows;
  }
  return cuts;
}

function fitsBehind(last: Cut, cut: Cut, { frameBytes, frameRows }: CutRequest): boolean {
  return (
    last.whole &&
    last.share === cut.share &&
    last.to === cut.from &&
    last.rows + cut.rows <= frameRows &&
    last.bytes + cut.bytes <= frameBytes
  );
}

/** Even parts, so that none is a sliver; a cut a little over the limits stays whole, since each part costs a new start in the row group. */
function divided(cut: Cut, { frameBytes, frameRows }: CutRequest): readonly Cut[] {
  const overshoot = 1.25;
  const parts = Math.max(1, Math.ceil(cut.rows / (frameRows * overshoot)), Math.ceil(cut.bytes / (frameBytes * overshoot)));
  if (parts === 1) return [cut];
  const length = Math.min(parts, cut.rows);
  return Array.from({ length }, (_, index) => {
    const first = Math.floor((cut.rows * index) / length);
    const rows = Math.floor((cut.rows * (index + 1)) / length) - first;
    return { ...cut, start: cut.start + first, rows, bytes: Math.ceil((cut.bytes * rows) / cut.rows), whole: false };
  });
}
