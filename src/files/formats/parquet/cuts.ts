import type { Window } from '../../../engine/contracts/contracts.ts';
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

/**
 * Even parts, so that none is a sliver. Each part costs a new start in its row group (twice the time for 8 parts, 7 times for 40), so they may
 * be larger than frames otherwise are: up to twice, and in very large row groups up to four times.
 */
function divided(cut: Cut, { frameBytes, frameRows }: CutRequest): readonly Cut[] {
  const parts = Math.max(cut.rows / frameRows, cut.bytes / frameBytes);
  const length = Math.min(cut.rows, Math.ceil(parts / Math.min(4, Math.max(2, parts / 8))));
  if (length <= 1) return [cut];
  return Array.from({ length }, (_, index) => {
    const first = Math.floor((cut.rows * index) / length);
    const rows = Math.floor((cut.rows * (index + 1)) / length) - first;
    return { ...cut, start: cut.start + first, rows, bytes: Math.ceil((cut.bytes * rows) / cut.rows), whole: false };
  });
}
