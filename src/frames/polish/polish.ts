/** What is done to rows on their last mile: names of columns, and columns that are added. Row for row: none is added, none goes. */
import type { DataType } from '../schema.ts';

/** How columns are renamed. With a case, words are found first and joined again; without one, only what is named is taken away. */
export interface NameRules {
  /** All but letters, digits and marks of any script, `_` and spaces. Words in parentheses go to the end. */
  readonly removeSpecial: boolean;
  readonly removeSpaces: boolean;
  readonly case: 'pascal' | 'camel' | 'snake' | null;
}

/** An id made of a row's values: SHA-256 of their canonical text (docs/polish.md). Never null. */
export interface HashId {
  readonly name: string;
  /** The source's names. */
  readonly from: readonly string[];
  /** 64 hex digits in lower case, or the 32 bytes. */
  readonly form: 'hex' | 'bytes';
}

/** A column that has one value for a whole run, or for a whole source file. */
export type AddedColumn = { readonly name: string } & (
  | { readonly what: 'constant'; readonly type: DataType; readonly text: string | null }
  /** When the run began, in UTC; with a format (strftime's, as `load-time.ts` knows it) as text. */
  | { readonly what: 'load time'; readonly format: string | null }
  | { readonly what: 'run id' | 'entity run id' | 'source file' }
);

export interface Polish {
  readonly names: NameRules | null;
  /** Before the source's columns. */
  readonly hashIds: readonly HashId[];
  /** Behind them, in this order. */
  readonly added: readonly AddedColumn[];
}

/** The facts of a run that its rows may be stamped with. */
export interface RunFacts {
  readonly runId: string;
  readonly entityRunId: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly startedAt: string;
}

/** Source name and settled name, a pair a column, as an entity settled before or as this run's plan says. */
export type Names = readonly (readonly [source: string, settled: string])[];
