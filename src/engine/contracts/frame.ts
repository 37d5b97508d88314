/** What homes and stores give the engine: frames of rows, and the answers of steps. */
import type { ConformsTo } from '../../frames/conform.ts';
import type { Measures, Rule } from '../../frames/judge.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { Instant, Json } from '../../ports/values.ts';

/** A step either is done or says "again, with this cursor (≤ 2 kB), not before then". So nothing long ever holds a worker. */
export type Step<T> = { readonly done: T } | { readonly again: Json; readonly notBefore?: Instant };

/**
 * A bounded piece of data in flight. The engine never looks at rows; it asks the frame.
 *
 * Connectors do not implement it: `src/frames` does. A home makes frames from rows with `frameBuilder` (frames/builders.ts) and gives each value as the
 * `Cell` of its type (frames/cell.ts). How a store gets the rows back says "A new connector" in docs/architecture.md.
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
  /** What it was read from (the file as people know it), where that is one thing. */
  readonly origin?: string;
  /** The columns that what it was read from has itself, where its records need not be looked at for that. */
  readonly own?: readonly string[];
  /** The same rows, and what they were read from. */
  readFrom(origin: string, own?: readonly string[]): Frame;
  /** Nulls per column, in the schema's order. */
  nullCounts(): Promise<readonly number[]>;
  /**
   * Rows whose value equals `at` (compared exactly, by type) apart from the others, or with `from` (canonical text) those from there to `at`; rows
   * with a null there go as `nulls` says. Either may have 0 rows.
   */
  split(at: Watermark, nulls: 'with ties' | 'with rest', from?: string): Promise<{ readonly ties: Frame; readonly rest: Frame }>;
  /** The rows in which the `bool` column is true, and the others (nulls among them), both without that column. Either may have 0 rows. */
  apart(column: string): Promise<{ readonly set: Frame; readonly unset: Frame }>;
  /**
   * The rows whose value is at most `at` (compared exactly, by type), and those with a null there; of the others how many there are, and the
   * largest. For sources that can't be asked for an upper bound.
   */
  upTo(at: Watermark): Promise<{ readonly within: Frame; readonly beyond: { readonly rows: number; readonly latest: string | null } }>;
  /** The smallest and the largest value of a column, in canonical text; undefined: it has none but nulls. */
  extremes(of: Pick<Watermark, 'column' | 'type'>): Promise<{ readonly min: string; readonly max: string } | undefined>;
  fingerprint(): Promise<Fingerprint>;
  /** Which rows keep the rules, and which break one, with its name and column; what is counted of all of them adds up over frames. */
  judge(rules: readonly Rule[]): Promise<{ readonly kept: Frame; readonly broken: Frame; readonly measures: Measures }>;
  /** The same rows in the destination's columns. A FlowError HYG-2023 when a value can't settle in its type exactly. */
  conform(to: ConformsTo): Promise<Frame>;
}
