/** The last changes to rows before they settle: columns get other names, and columns are added. The number of rows stays the same. */
import type { DataType } from '../schema.ts';

/** How columns are renamed. With a case, a name is split into words, and the words are joined again. Without a case, only the listed characters are removed. */
export interface NameRules {
  /** Removes all characters except `_`, spaces, and the letters, digits and marks of any script. Words in parentheses move to the end. */
  readonly removeSpecial: boolean;
  readonly removeSpaces: boolean;
  readonly case: 'pascal' | 'camel' | 'snake' | null;
}

/** An id that is made from the values of a row: SHA-256 of their canonical text (docs/polish.md). An id is never null. */
export interface HashId {
  readonly name: string;
  /** The names of the columns that the id is made from, as in the source. */
  readonly from: readonly string[];
  /** `hex`: 64 hex digits in lower case. `bytes`: 32 bytes. */
  readonly form: 'hex' | 'bytes';
}

/** A column that has one value for a whole run, or for a whole source file. */
export type AddedColumn = { readonly name: string } & (
  | { readonly what: 'constant'; readonly type: DataType; readonly text: string | null }
  /** The start of the run, in UTC. With a format (of strftime, as `load-time.ts` knows it), the start is a text. */
  | { readonly what: 'load time'; readonly format: string | null }
  | { readonly what: 'run id' | 'entity run id' | 'source file' }
);

export interface Polish {
  readonly names: NameRules | null;
  /** The columns that come before the source’s columns. */
  readonly hashIds: readonly HashId[];
  /** The columns that come after the source’s columns, in this order. */
  readonly added: readonly AddedColumn[];
}

/** The facts about a run that polish may add to the rows. */
export interface RunFacts {
  readonly runId: string;
  readonly entityRunId: string;
  /** The start of the run in ISO 8601, in UTC with milliseconds. */
  readonly startedAt: string;
}

/** For each column, the name in the source and the settled name. The pairs come from an earlier run of the entity or from this run’s plan. */
export type Names = readonly (readonly [source: string, settled: string])[];
