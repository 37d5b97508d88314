/** What an entity’s rows have to keep: rules of single rows, and checks of all rows of a run together. */
import type { Check } from '../../checks/check.ts';
import type { Judging } from '../../frames/rules/judge.ts';
import type { Measures } from '../../frames/rules/measures.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import type { Samples } from '../../frames/rules/sample.ts';
import type { Frame } from './frame.ts';

export { type Check, type CheckType, type ColumnFigure, columnFigures } from '../../checks/check.ts';

/** The validated `validation` of an entity. */
export interface ValidationSpec {
  /** The contract’s file, relative to the workspace, for messages. Null: the entity has no contract. */
  readonly contract: string | null;
  /** The contract’s columns that each file must have, by their settled names. */
  readonly needed: readonly string[];
  /** The contract’s other columns. A file may lack them, which is not reported. */
  readonly optional: readonly string[];
  /** What happens when a rule or check without a severity of its own is broken. */
  readonly mode: Severity;
  readonly rules: readonly Rule[];
  readonly checks: readonly Check[];
  /** How many rows may go to quarantine before the run ends. A percentage is one of the rows that were read. Null: any number may. */
  readonly maxQuarantined: { readonly percent: number } | { readonly rows: number } | null;
  /** Rows leave the quarantine after this time, in milliseconds. Null: rows stay there until a person acts. */
  readonly keepQuarantinedMs: number | null;
  /** Whether reports show the values of rows that break a rule. `show`: they do. `mask`: they show only what the values look like. */
  readonly samples: 'mask' | 'show';
}

/** Rows that rules have separated: see `JudgedFrame`. */
export interface JudgedRows {
  readonly kept: Frame;
  readonly broken: Frame | null;
  readonly measures: Measures;
  readonly samples: Samples;
}

export type Judge = (frame: Frame, judging: Judging) => Promise<JudgedRows>;
