/** Rules for single rows, independent of other rows. Names are those of the settled columns. */

import type { ValueKind } from './value-kinds.ts';

/** What happens to a row that breaks a rule: it ends the run, settles with a warning, or settles apart. */
export type Severity = 'fail' | 'warn' | 'quarantine';

/** The format that a text must have. */
export const textFormats = ['email', 'uuid', 'url', 'date', 'datetime'] as const;
export type TextFormat = (typeof textFormats)[number];

/**
 * A rule for each row of an entity. A null satisfies every rule, as in SQL’s CHECK, except `not null` and a `none of` with `orNull`. Values
 * are texts as a person writes them, since a contract may be written before the type of the column is known.
 */
export type Rule = {
  /** Unique among the rules of an entity. */
  readonly name: string;
  /** Absent: `quarantine`. */
  readonly severity?: Severity;
} & (
  | ({ readonly column: string } & ColumnRule)
  /**
   * A condition over one row in Polars’ SQL. A row breaks it if the condition is false; null satisfies it. `when`: the rule applies only to
   * rows for which this is true; null: to all. `column`: the column that messages name; null: the rule concerns the row.
   */
  | { readonly column: string | null; readonly what: 'holds'; readonly check: string; readonly when: string | null }
);

export type ColumnRule =
  | { readonly what: 'not null' }
  /** The column exists, and its values are of the kind; null: any kind. Checked before rows are read: no row breaks it. */
  | { readonly what: 'there'; readonly as: ValueKind | null }
  | { readonly what: 'one of'; readonly texts: readonly string[] }
  /** Texts that are not values of the column’s type are ignored. `orNull`: a null breaks the rule as well. */
  | { readonly what: 'none of'; readonly texts: readonly string[]; readonly orNull?: true }
  | BetweenRule
  /** The number of characters of a text (Unicode scalar values), both limits included; null: no limit. */
  | { readonly what: 'length'; readonly min: number | null; readonly max: number | null }
  /**
   * For texts only; the expression may match anywhere in them, unless it says otherwise. Rust’s syntax, which has no backtracking.
   * `written`: the expression as in the contract, in another syntax; absent: the same.
   */
  | { readonly what: 'matches'; readonly pattern: string; readonly written?: string }
  | { readonly what: 'format'; readonly format: TextFormat };

/** Null: no limit. A limit is included, unless it is excluded. */
export interface BetweenRule {
  readonly what: 'between';
  readonly min: string | null;
  readonly max: string | null;
  readonly excludesMin?: true;
  readonly excludesMax?: true;
}

/** Rows that break such a rule go to quarantine. */
export const settlesApart = ({ severity = 'quarantine' }: Pick<Rule, 'severity'>): boolean => severity === 'quarantine';
