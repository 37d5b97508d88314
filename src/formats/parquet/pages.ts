import type { Compression } from './codecs.ts';

/** How pages and row groups are written. */
export interface Pages {
  readonly compression: Compression;
  readonly compressionLevel?: number;
  /** Rows of a row group, at most; undefined: about `usualGroupRows`. */
  readonly groupRows?: number;
  readonly statistics: boolean;
  /** Rows that lie in such pages already may be copied: nobody asked for anything that their writer may have done otherwise. */
  readonly copies: boolean;
}

const usualGroupRows = 122_880;

/** A frame's rows in even row groups. Where nobody says how large, a little over the usual stays one. */
export function groupSize(rows: number, { groupRows }: Pick<Pages, 'groupRows'>): number {
  const groups = groupRows === undefined ? Math.round(rows / usualGroupRows) : Math.ceil(rows / groupRows);
  return Math.max(1, Math.ceil(rows / Math.max(1, groups)));
}
