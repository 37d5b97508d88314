/** Replacing a range of rows: part of what stores implement (store.ts). */
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

/** What reading a slice of rework came to. */
export interface Reworked {
  readonly slice: SliceRef;
  /** Rows of its part that are in the range, and so not in what is staged instead. 0: the part stays as it is. */
  readonly dropped: number;
}

/**
 * How stores that can't take single rows out of a part replace a range: a part that holds rows in and outside of it is written anew without the
 * former, as staged work like any other. Stores that delete rows themselves do without.
 */
export interface Rework {
  /** Metadata only. A slice for each part that may hold rows of the range and others, or of which nobody knows. */
  plan(range: Range, cursor?: Json): Promise<Step<ReworkPlan>>;
  /** How many rows of the slice's part are in the range, and how many there are; null: not known without reading them. */
  count(slice: SliceRef, range: Range, signal: AbortSignal): Promise<{ readonly inside: number; readonly all: number | null }>;
  /** The rows that stay, as they settled. */
  read(slice: SliceRef, range: Range, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint>;
}

export interface ReworkPlan {
  readonly slices: readonly SliceRef[];
  /** Parts all of whose rows are in the range. */
  readonly whole: number;
  /** Some part stays listed untouched, whatever becomes of the others. */
  readonly leaves: boolean;
}
