import type { Compression } from './codecs.ts';

/** How pages and row groups are written. */
export interface Pages {
  readonly compression: Compression;
  readonly compressionLevel?: number;
  /** The most rows of a row group; undefined: about `usualGroupRows`. */
  readonly groupRows?: number;
  readonly statistics: boolean;
  /** Rows in such pages may be copied, since no option requires anything that their writer may have done differently. */
  readonly copies: boolean;
}

const usualGroupRows = 122_880;

/** Divides a frame's rows into even row groups. Without a given size a group may be a little larger than usual. */
export function groupSize(rows: number, { groupRows }: Pick<Pages, 'groupRows'>): number {
  const groups = groupRows === undefined ? Math.round(rows / usualGroupRows) : Math.ceil(rows / groupRows);
  return Math.max(1, Math.ceil(rows / Math.max(1, groups)));
}
