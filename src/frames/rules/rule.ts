/** Rules of one row, which it keeps or breaks whatever the other rows are. Names are those of the columns as they settle. */

import type { ValueKind } from './value-kinds.ts';

/** What becomes of a row that breaks a rule: it ends the run, settles with a warning, or settles apart. */
export type Severity = 'fail' | 'warn' | 'quarantine';

/** What a text has to look like. */
export const textFormats = ['email', 'uuid', 'url', 'date', 'datetime'] as const;
export type TextFormat = (typeof textFormats)[number];

/**
 * A rule that each row of an entity has to keep. A null keeps every rule, as in SQL's CHECK; only `not null`, and a `none of` that says so, refuse it. Values are texts as a person
 * writes them, since a contract may be written before the type of the column is known.
 */
export type Rule = {
  /** Unique among the rules of an entity. */
  readonly name: string;
  /** Absent: `quarantine`. */
  readonly severity?: Severity;
} & (
  | ({ readonly column: string } & ColumnRule)
  /**
   * A condition over one row in Polars' SQL. A row breaks it where it is false; null keeps it. `when`: of the other rows nothing is asked; null: of all.
   * `column`: the column that messages name; null: it is about the row.
   */
  | { readonly column: string | null; readonly what: 'holds'; readonly check: string; readonly when: string | null }
);

export type ColumnRule =
  | { readonly what: 'not null' }
  /** The column is there, and its values are of the kind; null: of any. It shows before a row is read: no row breaks it. */
  | { readonly what: 'there'; readonly as: ValueKind | null }
  | { readonly what: 'one of'; readonly texts: readonly string[] }
  /** Texts that are not values of the column's type are passed over. `orNull`: a null breaks it as well. */
  | { readonly what: 'none of'; readonly texts: readonly string[]; readonly orNull?: true }
  | BetweenRule
  /** Characters of a text (Unicode scalar values); both ends belong to it; null: no end. */
  | { readonly what: 'length'; readonly min: number | null; readonly max: number | null }
  /**
   * Texts only; anywhere in them, unless the expression says otherwise. Rust's syntax, which has no backtracking. `written`: as the contract has it, in
   * another syntax; absent: the same.
   */
  | { readonly what: 'matches'; readonly pattern: string; readonly written?: string }
  | { readonly what: 'format'; readonly format: TextFormat };

/** Null: no end. An end belongs to it, unless it is excluded. */
export interface BetweenRule {
  readonly what: 'between';
  readonly min: string | null;
  readonly max: string | null;
  readonly excludesMin?: true;
  readonly excludesMax?: true;
}

/** Rows that break such a rule lie in quarantine. */
export const settlesApart = ({ severity = 'quarantine' }: Pick<Rule, 'severity'>): boolean => severity === 'quarantine';
