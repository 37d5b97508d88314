/** Sums of rows, by which `verify` compares a source with the settled rows. docs/building/row-sum.md defines the sums. The interface names no system. */
import type { DataType } from '../../frames/schema.ts';
import type { Window } from './home.ts';

/** A column whose values enter a sum. */
export interface SummedColumn {
  /** The name of the column on this side. */
  readonly name: string;
  /** The type in which both sides compare the values. With `Home.sums`, this type has the same canonical text as the side’s own type. */
  readonly type: DataType;
  /** Present if a JSON document that is `null` has the text of a missing value. Only for columns of JSON whose texts hygge makes while it reads. */
  readonly nullDocuments?: 'missing';
}

/**
 * The rows in a range of values, or the rows whose hash of the key begins with certain bits. `from` and `to` are canonical text of the column’s type.
 * Null: the range is open at this end. A row without a value is in no range of values.
 */
export type DivisionPart =
  | { readonly by: 'value'; readonly column: SummedColumn; readonly from: string | null; readonly below: string | null }
  | { readonly by: 'no value'; readonly column: SummedColumn }
  /** The rows whose key has a row sum that begins with `prefix`, an integer of `bits` bits. `bits` is at most 30. */
  | { readonly by: 'hash'; readonly key: readonly SummedColumn[]; readonly bits: number; readonly prefix: number };

/** The rows to compare: the rows of the window that are also in the part. */
export interface PartOfWindow {
  readonly window: Window;
  /** The part of the window. Null: the whole window. */
  readonly part: DivisionPart | null;
}

/** How the rows of a scope are divided into buckets. Each row is in exactly one bucket. */
export type Division =
  | { readonly by: 'nothing' }
  /** Bucket n has the values from `bounds[n - 1]` up to, but not including, `bounds[n]`. The last bucket, `bounds.length + 1`, has the rows without a value. There are at most 31 bounds. */
  | { readonly by: 'value'; readonly column: SummedColumn; readonly bounds: readonly string[] }
  /** Bucket n has the rows whose key has a row sum with the number n in the five bits after the first `bits` bits. */
  | { readonly by: 'hash'; readonly key: readonly SummedColumn[]; readonly bits: number };

export interface SumsRequest {
  readonly scope: PartOfWindow;
  readonly division: Division;
  /** The columns of a row, in the order in which both sides sum them. */
  readonly columns: readonly SummedColumn[];
  /** `rows`: only the sum over whole rows. `columns`: the sum of each column, too. */
  readonly of: 'rows' | 'columns';
}

/** The sums of one bucket. A bucket without rows has no sums and is left out. */
export interface OneBucketSums {
  readonly bucket: number;
  readonly rows: number;
  /** The sum over whole rows, as a decimal integer. */
  readonly sum: string;
  /** The sums of the columns, in the order of the request. Present if `of` is `columns`. */
  readonly columns?: readonly { readonly count: number; readonly sum: string }[];
}

/** What the sums of a side’s own system can cover. The plan needs to know this. */
export interface SumsSupport {
  /** The columns whose sums the system can’t compute, each with the reason as the end of a sentence. If there is any such column, hygge reads the rows instead. */
  readonly unable: readonly { readonly column: string; readonly why: string }[];
  /** Whether one statement sees all rows as of one moment, and later statements of this home see exactly the same rows. */
  readonly oneMoment: boolean;
}

/** A statement that `Home.sums` runs. The proof shows the same text that is run. */
export interface SumsStatement {
  readonly sql: string;
  /** The names of the result’s columns, in their order: `bucket`, `rows`, `sum`, and then a count and a sum for each column. */
  readonly answers: readonly string[];
}

/** Thrown if the system can’t hash rows of a scope, or accepts no statement that sums them. The message gives the reason as the end of a sentence. */
export class RowsWithoutHash extends Error {}

/** What a proof needs: a statement that a person can run, and the sums that it returns. */
export type ProvesRows = Pick<ComparesInside, 'system' | 'whyUnable' | 'supports' | 'statement' | 'sums'>;

/** A system that sums the rows of files which are not its own. */
export interface SumsOfFiles {
  readonly inside: ProvesRows;
  /** Whether the system can run statements. If not, it is not installed or can’t reach the files. Then `inside` makes statements, but runs none. */
  readonly canRun: boolean;
}

/** A home whose own system computes sums, and which can read the rows of a scope. */
export interface ComparesInside {
  /** The `type:` of the connector. It decides with which program a person runs the statements. */
  readonly system: string;
  /** Why the system can’t sum rows at all, as the end of a sentence. Undefined: the system can sum rows. Called after `describe`; asks the system at most once. */
  whyUnable(signal: AbortSignal): Promise<string | undefined>;
  /** Which of the columns can be summed. After `describe` it is pure. */
  supports(columns: readonly SummedColumn[], division: Division): SumsSupport;
  /** The statement that computes the sums of a request. The statement contains no secret. */
  statement(request: SumsRequest): Promise<SumsStatement>;
  /** The sums of each bucket, from one statement. If the signal aborts, the statement is stopped in the system, too. Throws RowsWithoutHash if a row of the scope has no hash. */
  sums(request: SumsRequest, signal: AbortSignal): Promise<readonly OneBucketSums[]>;
  /** The smallest and the largest value of a column in a scope, as canonical text. Undefined: the scope has no value in the column. */
  extremes(
    scope: PartOfWindow,
    column: SummedColumn,
    signal: AbortSignal,
  ): Promise<{ readonly min: string; readonly max: string } | undefined>;
}
