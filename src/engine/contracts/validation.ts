/** What an entity's rows have to be: rules of single rows, and checks of all rows of a run together. */
import type { Check } from '../../checks/check.ts';
import type { Judging } from '../../frames/rules/judge.ts';
import type { Measures } from '../../frames/rules/measures.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import type { Samples } from '../../frames/rules/sample.ts';
import type { Frame } from './frame.ts';

export { type Check, type CheckType, type ColumnFigure, columnFigures } from '../../checks/check.ts';

/** The validated `validation` of an entity. */
export interface ValidationSpec {
  /** The contract's file, relative to the workspace, for messages; null: there is none. */
  readonly contract: string | null;
  /** The contract's columns, by settled names, without which no file may come. */
  readonly needed: readonly string[];
  /** The contract's other columns: nothing is said of a file without them. */
  readonly optional: readonly string[];
  /** What happens where a rule or a check says nothing of its own. */
  readonly mode: Severity;
  readonly rules: readonly Rule[];
  readonly checks: readonly Check[];
  /** More rows in quarantine than this end the run; null: any number may go there. A share is of the rows that were read. */
  readonly maxQuarantined: { readonly percent: number } | { readonly rows: number } | null;
  /** Milliseconds after which rows leave the quarantine; null: never. */
  readonly keepQuarantinedMs: number | null;
  /** true: reports show values of rows that break a rule. false: only their form. */
  readonly samples: 'mask' | 'show';
}

/** Rows told apart by rules: see `JudgedFrame`. */
export interface JudgedRows {
  readonly kept: Frame;
  readonly broken: Frame | null;
  readonly measures: Measures;
  readonly samples: Samples;
}

export type Judge = (frame: Frame, judging: Judging) => Promise<JudgedRows>;
