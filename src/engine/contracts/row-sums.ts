/** Sums of rows, by which `verify` compares a source with the settled rows. docs/building/row-sum.md defines the sums; the interface names no system. */
import type { DataType } from '../../frames/schema.ts';
import type { Window } from './home.ts';

/** A column whose values enter a sum. */
export interface SummedColumn {
  /** The side's own name of the column. */
  readonly name: string;
  /** The type in which the values are compared. If `Home.sums` is used, its canonical text is the same as that of the side's own type. */
  readonly type: DataType;
  /** A JSON document that is `null` has the text of a missing value. Only for columns of JSON, whose texts are made by reading. */
  readonly nullDocuments?: 'missing';
}

/**
 * Rows of a range of values, or rows whose key has a hash that begins with certain bits. `to` and `from` are canonical text of the column's type; null: the range
 * is open at that end. Rows without a value are in no range of values.
 */
export type DivisionPart =
  | { readonly by: 'value'; readonly column: SummedColumn; readonly from: string | null; readonly below: string | null }
  | { readonly by: 'no value'; readonly column: SummedColumn }
  /** The first `bits` bits of the row sum of the key's columns are `prefix`, an integer of so many bits. At most 30 bits. */
  | { readonly by: 'hash'; readonly key: readonly SummedColumn[]; readonly bits: number; readonly prefix: number };

/** The rows to compare: the rows of the window that are in the part. */
export interface PartOfWindow {
  readonly window: Window;
  /** Null: all rows of the window. */
  readonly part: DivisionPart | null;
}

/** How the rows of a scope are divided into buckets. Each row is in exactly one. */
export type Division =
  | { readonly by: 'nothing' }
  /** Bucket n has the values from `bounds[n - 1]` on and below `bounds[n]`; the last bucket, `bounds.length + 1`, the rows without a value. At most 31 bounds. */
  | { readonly by: 'value'; readonly column: SummedColumn; readonly bounds: readonly string[] }
  /** Bucket n has the rows in whose row sum of the key the five bits behind the first `bits` bits are n. */
  | { readonly by: 'hash'; readonly key: readonly SummedColumn[]; readonly bits: number };

export interface SumsRequest {
  readonly scope: PartOfWindow;
  readonly division: Division;
  /** The columns of a row, in the order in which both sides sum them. */
  readonly columns: readonly SummedColumn[];
  /** `rows`: the sum over whole rows. `columns`: the sum of each column as well. */
  readonly of: 'rows' | 'columns';
}

/** The sums of one bucket. Buckets without rows are left out. */
export interface OneBucketSums {
  readonly bucket: number;
  readonly rows: number;
  /** The sum over whole rows, a decimal integer. */
  readonly sum: string;
  /** In the order of the request; only if `of` is `columns`. */
  readonly columns?: readonly { readonly count: number; readonly sum: string }[];
}

/** What the sums of a side's own system can cover, for the plan. */
export interface SumsSupport {
  /** Columns whose sums the system can't compute, each with the reason as the end of a sentence. If there is such a column, rows are read instead. */
  readonly unable: readonly { readonly column: string; readonly why: string }[];
  /** Whether one statement sees all rows as of one moment, and later statements of this home see the same rows. */
  readonly oneMoment: boolean;
}

/** A statement that `Home.sums` runs, exactly as it is run, for the proof. */
export interface SumsStatement {
  readonly sql: string;
  /** The names of the result's columns, in their order: `bucket`, `rows`, `sum`, then a count and a sum for each column. */
  readonly answers: readonly string[];
}

/** The system can't hash rows of a scope, or accepts no statement that sums them. The message says why, as the end of a sentence. */
export class RowsWithoutHash extends Error {}

/** What a proof needs: a statement that a person can run, and its sums. */
export type ProvesRows = Pick<ComparesInside, 'system' | 'whyUnable' | 'supports' | 'statement' | 'sums'>;

/** A system that sums the rows of files outside of it. */
export interface SumsOfFiles {
  readonly inside: ProvesRows;
  /** False: the system is not installed, or does not reach the files. `inside` makes statements then, and runs none. */
  readonly canRun: boolean;
}

/** A home whose system computes sums, and that reads the rows of a scope. */
export interface ComparesInside {
  /** The connector's type, which decides by which program a person runs the statements. */
  readonly system: string;
  /** Why the system can't sum rows at all, as the end of a sentence; undefined: it can. Asks the system at most once, after `describe`. */
  whyUnable(signal: AbortSignal): Promise<string | undefined>;
  /** Which of the columns can be summed. Pure after `describe`. */
  supports(columns: readonly SummedColumn[], division: Division): SumsSupport;
  /** The statement of a request. It holds no secret. */
  statement(request: SumsRequest): Promise<SumsStatement>;
  /** The sums of each bucket, by one statement. An aborted signal stops the statement in the system, too. Throws RowsWithoutHash if a row of the scope has no hash. */
  sums(request: SumsRequest, signal: AbortSignal): Promise<readonly OneBucketSums[]>;
  /** The smallest and the largest value of a column in a scope, as canonical text; undefined: there is none. */
  extremes(
    scope: PartOfWindow,
    column: SummedColumn,
    signal: AbortSignal,
  ): Promise<{ readonly min: string; readonly max: string } | undefined>;
}
