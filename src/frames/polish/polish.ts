/** The last changes to rows before they settle: names of columns, and added columns. No row is added or removed. */
import type { DataType } from '../schema.ts';

/** How columns are renamed. With a case, names are split into words and joined again; without one, only the listed characters are removed. */
export interface NameRules {
  /** Removes all characters but letters, digits and marks of any script, `_` and spaces. Words in parentheses move to the end. */
  readonly removeSpecial: boolean;
  readonly removeSpaces: boolean;
  readonly case: 'pascal' | 'camel' | 'snake' | null;
}

/** An id made from a row’s values: SHA-256 of their canonical text (docs/polish.md). Never null. */
export interface HashId {
  readonly name: string;
  /** The names in the source. */
  readonly from: readonly string[];
  /** 64 hex digits in lower case, or the 32 bytes. */
  readonly form: 'hex' | 'bytes';
}

/** A column with one value for a whole run, or for a whole source file. */
export type AddedColumn = { readonly name: string } & (
  | { readonly what: 'constant'; readonly type: DataType; readonly text: string | null }
  /** The start of the run, in UTC; with a format (strftime’s, as `load-time.ts` knows it) as text. */
  | { readonly what: 'load time'; readonly format: string | null }
  | { readonly what: 'run id' | 'entity run id' | 'source file' }
);

export interface Polish {
  readonly names: NameRules | null;
  /** Columns before the source’s columns. */
  readonly hashIds: readonly HashId[];
  /** Columns after them, in this order. */
  readonly added: readonly AddedColumn[];
}

/** The facts of a run that may be added to its rows. */
export interface RunFacts {
  readonly runId: string;
  readonly entityRunId: string;
  /** The start of the run in ISO 8601, in UTC with milliseconds. */
  readonly startedAt: string;
}

/** Source name and settled name, one pair per column, as an entity settled before or as this run’s plan says. */
export type Names = readonly (readonly [source: string, settled: string])[];
