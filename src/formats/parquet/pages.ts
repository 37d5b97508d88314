import type { Compression } from './codecs.ts';

/** How pages and row groups are written. */
export interface Pages {
  readonly compression: Compression;
  readonly compressionLevel?: number;
  /** The most rows of a row group. Undefined: row groups have about `usualGroupRows` rows. */
  readonly groupRows?: number;
  readonly statistics: boolean;
  /** Whether rows in parquet pages may be copied. True if no option requires something that another writer may have done differently. */
  readonly copies: boolean;
}

const usualGroupRows = 122_880;

/** The number of rows in a row group, so that a frame is divided into row groups of equal size. If no size is given, a group may be a little larger than usual. */
export function groupSize(rows: number, { groupRows }: Pick<Pages, 'groupRows'>): number {
  const groups = groupRows === undefined ? Math.round(rows / usualGroupRows) : Math.ceil(rows / groupRows);
  return Math.max(1, Math.ceil(rows / Math.max(1, groups)));
}
