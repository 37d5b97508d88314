/** Rows of a frame that are in pages of parquet, for a database that reads such pages itself. */
import type { DataFrame } from '../../frames/native.ts';
import type { Column } from '../../frames/schema.ts';
import type { SpoolFile } from '../../frames/values/scratch-parquet.ts';
import type { Scratch } from '../../ports/scratch.ts';

/** What a frame knows as `stored` where its rows are whole row groups, all columns of them. */
export interface ParquetPages {
  readonly pagesOf: 'parquet';
  /** All columns of the rows, in their order. */
  readonly columns: readonly Column[];
  /** Undefined: readers may take these pages for other values than Polars does. */
  spooled(scratch: Scratch): Promise<SpooledPages | undefined>;
}

/** The pages in a scratch file, as they are in the source. The columns are called by their places (`scratchColumn`). */
export interface SpooledPages extends SpoolFile {
  /**
   * All rows as Polars decodes them, in parts; a uuid is sixteen bytes. The columns are called as in the source. Throws where the pages are damaged, or hold
   * other rows or nulls than the footer of the source says.
   */
  rows(): AsyncIterable<DataFrame>;
}

export const isParquetPages = (stored: object | undefined): stored is ParquetPages =>
  stored !== undefined && 'pagesOf' in stored && stored.pagesOf === 'parquet';
