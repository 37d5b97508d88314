/** Replacing a range of rows, or the type of a column: part of what stores implement (store.ts). */
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
  /** As it settles. */
  readonly column: string;
  readonly type: Watermark['type'];
  readonly from: Edge;
  /** Null: to the end. */
  readonly to: Edge | null;
  /** `whole`: rows without a watermark that are in the open boundary group go with it (they are read again). `rows`: they stay. */
  readonly group: 'whole' | 'rows';
}

/** A column in which no value has settled so far, and the type that its first values give it. */
export interface RetypedColumn {
  /** As it settles. */
  readonly column: string;
  readonly type: DataType;
}

/** What of the settled parts is written anew. */
export interface ReworkScope {
  /** These rows go. Null: none do. */
  readonly range: Range | null;
  /** Parts that have such a column in another type get it in this one: it holds nothing but nulls in them. */
  readonly retyped: readonly RetypedColumn[];
}

/** What reading a slice of rework came to. */
export interface ReworkResult {
  readonly slice: SliceRef;
  /** Rows of its part that are in the range, and so not in what is staged instead. */
  readonly dropped: number;
  /** Another type of a column: what is staged takes the part's place, whether rows of it are in the range or not. Absent: without such rows it stays. */
  readonly anew?: true;
}

/**
 * How stores that can't change single rows of a part replace a range, or the type of a column without values: a part that is concerned is written
 * anew, as staged work like any other. Stores that do so in place do without.
 */
export interface Rework {
  /**
   * Metadata only. A slice for each part that may hold rows of the range and others, or whose rows are unknown; and for each that may have a retyped
   * column. Parts of rows that settled apart are looked into for the range, where their watermarks are known.
   */
  plan(work: ReworkScope, cursor?: Json): Promise<Step<ReworkPlan>>;
  /** How many rows of the slice's part are in the range, how many there are (null: not known without reading them), and whether a column is retyped. */
  count(slice: SliceRef, work: ReworkScope, signal: AbortSignal): Promise<ReworkCount>;
  /** The rows that stay, as they settled but for what is retyped. */
  read(slice: SliceRef, work: ReworkScope, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint>;
}

export interface ReworkCount {
  readonly inside: number;
  readonly all: number | null;
  readonly retypes: boolean;
}

export interface ReworkPlan {
  readonly slices: readonly SliceRef[];
  /** Parts all of whose rows are in the range. */
  readonly whole: number;
  /** Some part with the entity's rows stays listed untouched, whatever becomes of the others. */
  readonly leaves: boolean;
}
