/** Frames of rows and answers of steps, which homes and stores give to the engine. */
import type { Schema } from '../../frames/schema.ts';
import type { ConformsTo } from '../../frames/values/conform.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { Instant, Json } from '../../ports/values.ts';

/**
 * The answer of a step: either it is done, or it has to be called again with a cursor (at most 2 kB), after a certain time. So no step occupies a worker
 * for long. `waitsFor`: what another system has to do first, as a sentence without a full stop.
 */
export type Step<T> = { readonly done: T } | { readonly again: Json; readonly notBefore?: Instant; readonly waitsFor?: string };

/**
 * A bounded number of rows between home and store. The engine never looks at rows; it asks the frame.
 *
 * Connectors do not implement it: `src/frames` does. A home makes frames from rows with `frameBuilder` (frames/values/builders.ts) and gives each value as the
 * `Cell` of its type (frames/cell.ts). "A new connector" in docs/building/architecture.md says how a store gets the rows back.
 *
 * @example
 * const builder = await frameBuilder(schema);
 * for (const { id, updated } of page.items) builder.append([BigInt(id), updated === null ? null : microseconds(updated)]);
 * if (builder.rows > 0) yield await builder.take();
 */
export interface Frame {
  readonly rows: number;
  /** Estimated bytes in memory. */
  readonly bytes: number;
  readonly schema: Schema;
  /** The name of the file that the rows come from, for people. Absent: they do not come from one file. */
  readonly origin?: string;
  /** The columns that the file itself has. Absent: only its records show that. */
  readonly columnsOfFile?: readonly string[];
  /**
   * The columns of these rows that the source shows, if its feed of changes contains only changed values. The other columns are null here, and their values are not known.
   * Columns that the home adds and columns of the key are always shown. Absent: all columns.
   */
  readonly shown?: ReadonlySet<string>;
  /** Returns the same rows with a note of which of their columns the source shows. */
  showing(columns: ReadonlySet<string>): Frame;
  /** Returns the same rows with the name of their file. */
  readFrom(origin: string, own?: readonly string[]): Frame;
  /** Returns the same rows with more, or less, precise columns: the same names in the same order. */
  told(schema: Schema): Frame;
  /** Nulls per column, in the schema's order. */
  nullCounts(): Promise<readonly number[]>;
  /**
   * Separates the rows whose value equals `at` (compared exactly, by type) from the others. With `from` (canonical text) the ties are the rows from
   * there to `at`. `nulls` says which frame gets rows with a null. Either frame may have 0 rows.
   */
  split(at: Watermark, nulls: 'with ties' | 'with rest', from?: string): Promise<{ readonly ties: Frame; readonly rest: Frame }>;
  /** Separates the rows in which the `bool` column is true from the others, nulls included. Both frames lack that column, and may have 0 rows. */
  apart(column: string): Promise<{ readonly set: Frame; readonly unset: Frame }>;
  /**
   * Keeps the rows whose value is null or at most `at` (compared exactly, by type). It returns the number and the largest value of the other rows. For
   * sources that can't be asked for an upper bound.
   */
  upTo(at: Watermark): Promise<{ readonly within: Frame; readonly beyond: { readonly rows: number; readonly latest: string | null } }>;
  /** The smallest and the largest value of a column, as canonical text; undefined: all values are null. */
  extremes(of: Pick<Watermark, 'column' | 'type'>): Promise<{ readonly min: string; readonly max: string } | undefined>;
  /** Whether the values of a column are in strictly ascending order, compared exactly, by type; a null is not. */
  isAscending(of: Pick<Watermark, 'column' | 'type'>): Promise<boolean>;
  fingerprint(): Promise<Fingerprint>;
  /** Returns the rows of this frame and then those of the others, which have the same columns, in memory. */
  followedBy(others: readonly Frame[]): Promise<Frame>;
  /** Keeps the rows for which `keep` has a 1. `keep` has one item a row. */
  pick(keep: Uint8Array): Promise<Frame>;
  /** Returns the same rows in the destination's columns. Throws FlowError HYG-2023 if a value can't settle exactly in its type. */
  conform(to: ConformsTo): Promise<Frame>;
}
