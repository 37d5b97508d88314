/** Rows of a frame that are stored in parquet pages, for a database that can read parquet pages itself. */
import type { Column } from '../../frames/schema.ts';
import type { SpoolFile } from '../../frames/values/scratch-parquet.ts';
import type { Scratch } from '../../ports/scratch.ts';

/** The value of `stored` for a frame whose rows are whole row groups with all their columns. */
export interface ParquetPages {
  readonly pagesOf: 'parquet';
  /** All columns of the rows, in the order of the rows. */
  readonly columns: readonly Column[];
  /** For each column, the smallest and largest value that the writer stored for these rows. Null: the file has no such statistics, or they are not exact. */
  readonly edges: readonly (PageEdges | null)[];
  /**
   * The pages, copied from the source into a scratch file without a change. In the scratch file, the columns are named by their positions
   * (`scratchColumn`). Undefined: other readers may decode other values from these pages than Polars does.
   */
  spooled(scratch: Scratch): Promise<SpoolFile | undefined>;
}

/** The smallest and the largest value of a column, as numbers: whole numbers, days since 1970, time units since 1970, or unscaled decimals. */
export interface PageEdges {
  readonly min: bigint;
  readonly max: bigint;
}

export const isParquetPages = (stored: object | undefined): stored is ParquetPages =>
  stored !== undefined && 'pagesOf' in stored && stored.pagesOf === 'parquet';
