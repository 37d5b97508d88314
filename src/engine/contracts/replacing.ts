/** The types for replacing a range of rows, or the type of a column, in a store (store.ts). */
import type { DataType } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { Json } from '../../ports/values.ts';
import type { Frame, Step } from './frame.ts';
import type { Checkpoint, Edge, SliceRef } from './home.ts';

/**
 * The settled rows whose watermark lies between two values, both canonical text of the column's type. Rows without a watermark lie in no range;
 * rows that hygge did not settle are never touched.
 */
export interface Range {
  /** The settled name of the watermark's column. */
  readonly column: string;
  readonly type: Watermark['type'];
  readonly from: Edge;
  /** The end of the range; null: it has no end. */
  readonly to: Edge | null;
  /** `whole`: rows without a watermark in the open boundary group are replaced as well, since they are read again. `rows`: they stay. */
  readonly group: 'whole' | 'rows';
  /** In a table that can't tell the rows of others, those in the range go as well. Absent: such a table is refused if it has some. */
  readonly foreign?: 'replace';
}

/** A column without a settled value so far, and the type that its first values give it. */
export interface RetypedColumn {
  /** The column's settled name. */
  readonly column: string;
  readonly type: DataType;
}

/** Which rows or columns of the settled parts are written anew. */
export interface ReworkScope {
  /** The rows that are removed. Null: none is. */
  readonly range: Range | null;
  /** The columns that get another type. A part in which such a column has its old type holds only nulls in it. */
  readonly retyped: readonly RetypedColumn[];
}

/** The result of reading a slice of rework. */
export interface ReworkResult {
  readonly slice: SliceRef;
  /** How many rows of the part are in the range, and therefore not staged again. */
  readonly dropped: number;
  /** A column has another type, so the staged part replaces the old one even if none of its rows is in the range. Absent: without such rows the part stays. */
  readonly anew?: true;
}

/**
 * Rework replaces a range, or the type of a column without values, in stores that can't change single rows of a part: it stages an affected part anew. A
 * store that can change rows in place has no rework.
 */
export interface Rework {
  /**
   * Plans the slices from metadata only: one for each part that may hold rows inside and outside of the range, or whose rows are unknown, and one for each
   * part that may have a retyped column. Parts of rows that settled apart are included for the range if their watermarks are known.
   */
  plan(work: ReworkScope, cursor?: Json): Promise<Step<ReworkPlan>>;
  /** Counts the rows of the slice's part: those in the range, and all (null: unknown without reading them). It also says whether a column is retyped. */
  count(slice: SliceRef, work: ReworkScope, signal: AbortSignal): Promise<ReworkCount>;
  /** Reads the rows that stay. They are as they settled, except for retyped columns. */
  read(slice: SliceRef, work: ReworkScope, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint>;
}

export interface ReworkCount {
  readonly rowsInRange: number;
  readonly rowsOfPart: number | null;
  readonly retypes: boolean;
}

export interface ReworkPlan {
  readonly slices: readonly SliceRef[];
  /** How many parts lie completely in the range. */
  readonly whole: number;
  /** At least one part with the entity's rows stays unchanged. */
  readonly leaves: boolean;
}
