/** Frames of rows and results of steps, which homes and stores return to the engine. */
import type { Schema } from '../../frames/schema.ts';
import type { ConformsTo } from '../../frames/values/conform.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { Instant, Json } from '../../ports/values.ts';

/**
 * The result of a step. `done`: the step is finished. `again`: the step has to be called again with this cursor (at most 2 kB), after `notBefore` if
 * it is set. So no step occupies a worker for long. `waitsFor`: what another system has to do first, as a sentence without a full stop.
 */
export type Step<T> = { readonly done: T } | { readonly again: Json; readonly notBefore?: Instant; readonly waitsFor?: string };

/**
 * A bounded number of rows on their way from home to store. The engine never looks at rows itself, but calls the methods of the frame.
 *
 * Only `src/frames` implements frames, not the connectors. A home makes frames from rows with `frameBuilder` (frames/values/builders.ts) and gives
 * each value as the `Cell` of its type (frames/cell.ts). "A new connector" in docs/building/architecture.md says how a store gets the rows back.
 *
 * @example
 * const builder = await frameBuilder(schema);
 * for (const { id, updated } of page.items) builder.append([BigInt(id), updated === null ? null : microseconds(updated)]);
 * if (builder.rows > 0) yield await builder.take();
 */
export interface Frame {
  readonly rows: number;
  /** The estimated size in memory, in bytes. */
  readonly bytes: number;
  readonly schema: Schema;
  /** The name of the file that contains the rows, for people. Absent: the rows do not come from a single file. */
  readonly origin?: string;
  /** The columns that the file itself has. Absent: only the file’s records show its columns. */
  readonly columnsOfFile?: readonly string[];
  /**
   * The columns of these rows that the source shows. Present if the source’s feed of changes contains only changed values. The other columns are null
   * in this frame, though their values are not known. Columns of the key, and columns that the home adds, are always shown. Absent: all columns are
   * shown.
   */
  readonly shown?: ReadonlySet<string>;
  /** Returns the same rows, marked with the columns that the source shows of them. */
  showing(columns: ReadonlySet<string>): Frame;
  /** Returns the same rows, marked with the name of their file. */
  readFrom(origin: string, own?: readonly string[]): Frame;
  /** Returns the same rows with types that are more, or less, precise. The columns have the same names in the same order. */
  told(schema: Schema): Frame;
  /** The number of nulls in each column, in the schema’s order. */
  nullCounts(): Promise<readonly number[]>;
  /**
   * Separates the rows whose value equals `at` (compared exactly, by type) from the others. With `from` (canonical text), all rows with a value from
   * `from` to `at` count as equal. `nulls` says which of the two frames gets the rows with a null. Either frame may have 0 rows.
   */
  split(at: Watermark, nulls: 'with ties' | 'with rest', from?: string): Promise<{ readonly ties: Frame; readonly rest: Frame }>;
  /** Separates the rows in which the `bool` column is true from the others. Rows with a null count among the others. Both frames lack the column, and either may have 0 rows. */
  apart(column: string): Promise<{ readonly set: Frame; readonly unset: Frame }>;
  /**
   * Keeps the rows whose value is null or at most `at` (compared exactly, by type). Also returns how many other rows there were, and their largest
   * value. It is meant for sources that can’t be asked for an upper bound.
   */
  upTo(at: Watermark): Promise<{ readonly within: Frame; readonly beyond: { readonly rows: number; readonly latest: string | null } }>;
  /** The smallest and the largest value of a column, as canonical text. Undefined: all values are null. */
  extremes(of: Pick<Watermark, 'column' | 'type'>): Promise<{ readonly min: string; readonly max: string } | undefined>;
  /** Whether the values of a column are in strictly ascending order, compared exactly, by type. False if a value is null. */
  isAscending(of: Pick<Watermark, 'column' | 'type'>): Promise<boolean>;
  fingerprint(): Promise<Fingerprint>;
  /** Returns a frame in memory with the rows of this frame, followed by the rows of the other frames. All frames have the same columns. */
  followedBy(others: readonly Frame[]): Promise<Frame>;
  /** Returns the rows for which `keep` has a 1. `keep` has one item for each row. */
  pick(keep: Uint8Array): Promise<Frame>;
  /** Returns the same rows in the destination’s columns. Throws FlowError HYG-2023 if a value can’t settle exactly in the type of its column. */
  conform(to: ConformsTo): Promise<Frame>;
}
