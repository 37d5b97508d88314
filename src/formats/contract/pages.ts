/** Rows of a frame that are stored in parquet pages, for a database that reads such pages itself. */
import type { Column } from '../../frames/schema.ts';
import type { SpoolFile } from '../../frames/values/scratch-parquet.ts';
import type { Scratch } from '../../ports/scratch.ts';

/** The value of `stored` of a frame whose rows are whole row groups with all their columns. */
export interface ParquetPages {
  readonly pagesOf: 'parquet';
  /** All columns of the rows, in their order. */
  readonly columns: readonly Column[];
  /** For each column, the statistics of these rows by the writer. Null: there are none, or none that are exact. */
  readonly edges: readonly (PageEdges | null)[];
  /**
   * The pages in a scratch file, as they are in the source. The columns are named by their positions (`scratchColumn`). Undefined: readers
   * may decode other values from these pages than Polars does.
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
