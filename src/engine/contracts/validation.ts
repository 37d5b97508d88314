/** What an entity's rows have to be: rules of single rows, and checks of all rows of a run together. */
import { type Judging, judged } from '../../frames/rules/judge.ts';
import type { Measures } from '../../frames/rules/measures.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import type { Frame } from './frame.ts';

/** The validated `validation` of an entity. */
export interface ValidationSpec {
  /** The contract's file, relative to the workspace, for messages; null: there is none. */
  readonly contract: string | null;
  /** What happens where a rule or a check says nothing of its own. */
  readonly mode: Severity;
  readonly rules: readonly Rule[];
  readonly checks: readonly Check[];
  /** More rows in quarantine than this end the run; null: any number may go there. A share is of the rows that were read. */
  readonly maxQuarantined: { readonly percent: number } | { readonly rows: number } | null;
  /** Whether reports show values of rows that break a rule, or only their form. */
  readonly samples: 'mask' | 'show';
}

/** A check is judged over all rows that a run read, after they are staged and before the commit is decided. */
export type Check = NamedCheck & CheckType;

interface NamedCheck {
  /** Unique among the checks of an entity; made of its type and columns where the config gives none. */
  readonly name: string;
  readonly onFail: Severity;
}

export type CheckType =
  /** At least this share (0 to 1) of the column's values is not null. */
  | { readonly type: 'completeness'; readonly column: string; readonly threshold: number }
  /** No two rows of the run have the same values in these columns. Rows with a null in one of them are not compared. */
  | { readonly type: 'uniqueness'; readonly columns: readonly string[] }
  /** The newest value of the column is at most this old. */
  | { readonly type: 'freshness'; readonly column: string; readonly maxAgeMs: number }
  /** Bounds of the number of rows; null: no bound. `withinPercent`: of the median of recent runs of the same kind. */
  | { readonly type: 'volume'; readonly minRows: number | null; readonly maxRows: number | null; readonly withinPercent: number | null }
  /** Bounds, as canonical text, of a number that the column's values give together; null: no bound. */
  | { readonly type: 'range'; readonly column: string; readonly of: ColumnFigure; readonly min: string | null; readonly max: string | null }
  /** Bounds of the one number that a query gives. The home is asked, which has to speak SQL. */
  | { readonly type: 'sql'; readonly query: string; readonly min: string | null; readonly max: string | null };

export const columnFigures = ['min', 'max', 'sum', 'mean', 'distinct'] as const;
export type ColumnFigure = (typeof columnFigures)[number];

/** Rows told apart by rules: see `JudgedFrame`. */
export interface JudgedRows {
  readonly kept: Frame;
  readonly broken: Frame | null;
  readonly measures: Measures;
}

export type Judge = (frame: Frame, judging: Judging) => Promise<JudgedRows>;

/** @param ports.judge in the place of `judged`. */
export function judgeRows(ports: { readonly judge?: Judge }, frame: Frame, judging: Judging): Promise<JudgedRows> {
  return ports.judge === undefined ? judged(frame, judging) : ports.judge(frame, judging);
}
