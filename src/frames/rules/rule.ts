/** Rules for single rows, which do not depend on other rows. Names of columns are the settled names. */

import type { ValueKind } from './value-kinds.ts';

/** What happens to a row that breaks a rule. `fail`: the row ends the run. `warn`: the row settles with a warning. `quarantine`: the row settles apart. */
export type Severity = 'fail' | 'warn' | 'quarantine';

/** The format that a text must have. */
export const textFormats = ['email', 'uuid', 'url', 'date', 'datetime'] as const;
export type TextFormat = (typeof textFormats)[number];

/**
 * A rule for each row of an entity. As in SQL’s CHECK, a null satisfies all rules except `not null`, and `none of` with `orNull`. Values
 * are texts as a person writes them, because a contract may be written before the type of the column is known.
 */
export type Rule = {
  /** The name of the rule. Each rule of an entity has another name. */
  readonly name: string;
  /** What happens to a row that breaks the rule. Absent: `quarantine`. */
  readonly severity?: Severity;
} & (
  | ({ readonly column: string } & ColumnRule)
  /**
   * A condition over one row in Polars’ SQL. A row breaks the rule if the condition is false; null satisfies the rule. `when`: the rule
   * applies only to rows for which this condition is true. Null: the rule applies to all rows. `column`: the column that messages name.
   * Null: the rule concerns the whole row.
   */
  | { readonly column: string | null; readonly what: 'holds'; readonly check: string; readonly when: string | null }
);

export type ColumnRule =
  | { readonly what: 'not null' }
  /** The column must exist, and its values must be of this kind. Null: of any kind. The rule is checked before rows are read, so no row breaks it. */
  | { readonly what: 'there'; readonly as: ValueKind | null }
  | { readonly what: 'one of'; readonly texts: readonly string[] }
  /** A value must be none of these texts. A text that is not a value of the column’s type is ignored. `orNull`: a null breaks the rule as well. */
  | { readonly what: 'none of'; readonly texts: readonly string[]; readonly orNull?: true }
  | BetweenRule
  /** The smallest and the largest number of characters of a text (Unicode scalar values). Both limits are included. Null: no limit. */
  | { readonly what: 'length'; readonly min: number | null; readonly max: number | null }
  /**
   * For texts only. The expression may match any part of a text, unless it says otherwise. The expression is in Rust’s syntax, which has no
   * backtracking. `written`: the expression as the contract has it, in another syntax. Absent: the contract has the same expression.
   */
  | { readonly what: 'matches'; readonly pattern: string; readonly written?: string }
  | { readonly what: 'format'; readonly format: TextFormat };

/** Limits for a value. Null: no limit. A limit is included unless it is marked as excluded. */
export interface BetweenRule {
  readonly what: 'between';
  readonly min: string | null;
  readonly max: string | null;
  readonly excludesMin?: true;
  readonly excludesMax?: true;
}

/** Whether rows that break the rule go to quarantine. */
export const settlesApart = ({ severity = 'quarantine' }: Pick<Rule, 'severity'>): boolean => severity === 'quarantine';
