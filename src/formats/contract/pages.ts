/** Rows of a frame that are in pages of parquet, for a database that reads such pages itself. */
import type { Column } from '../../frames/schema.ts';
import type { SpoolFile } from '../../frames/values/scratch-parquet.ts';
import type { Scratch } from '../../ports/scratch.ts';

/** What a frame knows as `stored` where its rows are whole row groups, all columns of them. */
export interface ParquetPages {
  readonly pagesOf: 'parquet';
  /** All columns of the rows, in their order. */
  readonly columns: readonly Column[];
  /** Of each column what the writer noted of these rows. Null: it noted none, or none that is exact. */
  readonly edges: readonly (PageEdges | null)[];
  /**
   * The pages in a scratch file, as they are in the source. The columns are called by their places (`scratchColumn`). Undefined: readers may take these pages for other
   * values than Polars does.
   */
  spooled(scratch: Scratch): Promise<SpoolFile | undefined>;
}

/** The smallest and the largest value of a column: whole numbers, days and units since 1970, unscaled decimals. */
export interface PageEdges {
  readonly min: bigint;
  readonly max: bigint;
}

export const isParquetPages = (stored: object | undefined): stored is ParquetPages =>
  stored !== undefined && 'pagesOf' in stored && stored.pagesOf === 'parquet';
