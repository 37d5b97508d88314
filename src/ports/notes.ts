/**
 * What a run has to say to people, as facts. Plans, intents and journal rows keep them so; `words` (narrate/notes.ts) makes the sentences, so
 * that another wording changes nothing that is stored.
 */
import type { ChangeTold, DriftTold } from './events.ts';
import type { Instant, Json } from './values.ts';

/** Where rows are read again that a run with a watermark left out: by a backfill of what it read; `from` null: that was everything. */
export interface ReadLater {
  readonly flow: string;
  readonly entity: string;
  readonly column: string;
  readonly from: string | null;
  readonly to: string;
}

/** Files that somebody put among what settled; told until they are gone. */
export type StraysNote = { readonly code: 'strays'; readonly where: string; readonly first: string; readonly files: number };

/** A fact by its code. */
export type Note =
  // Of a plan.
  /** A flow that finds its entities has settled others, and never this one. */
  | { readonly code: 'found_new'; readonly flow: string; readonly entity: string }
  /** Nobody could look what is new at the home of such a flow; `what`: an error's own words. */
  | { readonly code: 'found_unseen'; readonly flow: string; readonly what: string }
  | { readonly code: 'full_copy_each_run' }
  /** Somebody took rows out of a table, and the run adds to what is left. */
  | { readonly code: 'rows_gone'; readonly where: string; readonly settled: number; readonly left: number }
  /** A full load takes rows of others with those that settled. `rows` null: how many, if any, nobody knows. */
  | { readonly code: 'others_go'; readonly where: string; readonly rows: number | null }
  | StraysNote
  /** Another column has the name that the rules give it. */
  | { readonly code: 'name_taken'; readonly column: string; readonly as: string; readonly wanted: string }
  /** The store can't have its name. */
  | { readonly code: 'renamed'; readonly column: string; readonly as: string; readonly why: NameReason; readonly where: string }
  /** Rows are deleted instead of swapped with their table, which would leave these behind. */
  /** `refused`: the database would refuse the swap; nothing else is in its way. */
  | { readonly code: 'deletes_instead'; readonly dependents: readonly string[]; readonly refused?: true }
  /** Rows that point at a deleted one go with it or are changed by the database, which says of how many to no client. */
  | { readonly code: 'deletes_pass_on'; readonly dependents: readonly string[] }
  /** Columns of a table that somebody else made, and that no drift speaks of. */
  | { readonly code: 'alters'; readonly where: string; readonly changes: readonly ChangeTold[] }
  /** Columns without a value in what settled, and the parts that are looked at and written anew with their first type. */
  | { readonly code: 'retypes'; readonly columns: readonly string[]; readonly parts: number }
  /** New files that look like one that is gone; `more` beside the first. */
  | { readonly code: 'looks_renamed'; readonly from: string; readonly to: string; readonly more: number }
  /** Files that were taken and written or replaced since, of the same size and time; no checksum tells whether they changed. `more` beside the first. */
  | { readonly code: 'maybe_changed'; readonly file: string; readonly more: number }
  /** Rows whose time has not come; `rows` null: not counted. */
  | { readonly code: 'waits'; readonly column: string; readonly rows: number | null; readonly latest: string }
  | { readonly code: 'numbers_as_text'; readonly column: string; readonly text: string }
  /** The newest value of the source lies below what has settled. */
  | {
      readonly code: 'source_behind';
      readonly flow: string;
      readonly entity: string;
      readonly column: string;
      readonly newest: string;
      readonly settled: string;
    }
  /** `until`: when the next full load is due; absent: there is none. */
  | { readonly code: 'deletes_unseen'; readonly until?: Instant }
  /** A full load, where an increment would have been: `full_every` says so. `last`: when the last one was planned; null: nobody knows. */
  | { readonly code: 'full_due'; readonly last: Instant | null; readonly every: string }
  | { readonly code: 'grows_only'; readonly column: string }
  /** `since`: the day from which on it is so. */
  | { readonly code: 'drift'; readonly drift: DriftFound; readonly since?: string }
  // Of what a run came to.
  | { readonly code: 'vanished'; readonly rows: number }
  /** Rows that had no `column`, or the last one, are in the source neither there nor above any more. `rows`: at least so many. */
  | {
      readonly code: 'sunk';
      readonly flow: string;
      readonly entity: string;
      readonly rows: number;
      readonly column: string;
      readonly from: string;
    }
  | { readonly code: 'emptied'; readonly rows: number | null }
  | { readonly code: 'bad_rows'; readonly rows: number; readonly kept: boolean; readonly first: string | null; readonly later?: ReadLater }
  /**
   * Rows that lay in quarantine can be read now, or are gone; the run read `column` from `from` on, a backfill to before `to`. What lies outside
   * did not settle.
   */
  | {
      readonly code: 'left_quarantine';
      readonly flow: string;
      readonly entity: string;
      readonly rows: number;
      readonly column: string;
      readonly from: string;
      readonly to: string | null;
    }
  /** Values that no type of the column's holds, by column: `special_values: to_null` reads them as null. */
  | { readonly code: 'read_as_null'; readonly columns: Readonly<Record<string, number>> }
  | { readonly code: 'broken_rows'; readonly rows: number; readonly rules: Readonly<Record<string, number>> }
  // Why nothing was done.
  | { readonly code: 'nothing_new' | 'nothing_there' | 'nothing_to_load' | 'kept_though_empty' | 'above_watermark' }
  /** `below`: the watermark, where the backfill ends at it. */
  | { readonly code: 'nothing_in_range'; readonly below?: string }
  | { readonly code: 'not_started'; readonly why: 'stopped' | 'earlier_failed' | 'run_ended' | 'done_before' }
  // Of what is replaced.
  | { readonly code: 'replaces_rows'; readonly rows: number; readonly where: string }
  | { readonly code: 'replaces_all'; readonly where: string }
  | { readonly code: 'replaces_boundary' }
  | { readonly code: 'replaces_file'; readonly path: string }
  | { readonly code: 'replaces_range'; readonly column: string; readonly from: NotedEdge; readonly to: NotedEdge | null }
  // While it goes on; `what`: an error's own words.
  | { readonly code: 'commit_unfinished'; readonly intent: string }
  | {
      readonly code: 'records_left' | 'journal_unpublished' | 'page_unwritten' | 'page_partial' | 'claim_kept' | 'left_behind';
      readonly what: string;
    }
  | { readonly code: 'page_late'; readonly seconds: number }
  | OwnNote;

/**
 * In the words of a home or store. `code` has a dot (`erp.partial_month`), so that it is none of ours; `params`: what the sentence speaks of, for
 * programs. Nothing outside the connector has to know it, but for one thing: a code that ends in `.as_text` is of columns that settle as text although
 * they hold numbers or days, and the plan does not call their types exact.
 */
export interface OwnNote {
  readonly code: `${string}.${string}`;
  readonly text: string;
  readonly params?: Readonly<Record<string, Json>>;
}

export type NameReason = 'too long' | 'reserved' | 'not allowed' | 'taken' | 'case';

export interface NotedEdge {
  readonly text: string;
  readonly inclusive: boolean;
}

/** A note, or a sentence: of an earlier version, or of a home that has no codes. */
export type Noted = Note | string;

export function isOwn(note: Note): note is OwnNote {
  return 'text' in note && note.code.includes('.');
}

export function isStrays(note: Noted): note is StraysNote {
  return typeof note === 'object' && note.code === 'strays';
}

export function codeOf(note: Noted): string {
  return typeof note === 'string' ? 'text' : note.code;
}

/** A difference between the source's columns and those that settled, as it is stored; `driftTold` (checks/drift-text.ts) has the words. */
export interface DriftFound extends Omit<DriftTold, 'change' | 'outcome' | 'samples'> {
  /** A sentence: an earlier version decided it. */
  readonly outcome: DriftOutcome | string;
}

/** What becomes of it. Types are in words (`decimal(18,2)`). */
export type DriftOutcome =
  | { readonly code: 'stops' | 'settles' | 'left_out' | 'dropped' | 'stays_null' | 'may_be_null' | 'stays_nullable' | 'by_name' }
  | { readonly code: 'first_value' | 'same_again' | 'converted' | 'fits'; readonly type: string }
  /** `before`: rows that settled stay of this type; null: all of it is written anew. */
  | { readonly code: 'widened'; readonly type: string; readonly before: string | null }
  | { readonly code: 'no_common_type' | 'no_conversion'; readonly settled: string; readonly now: string }
  | { readonly code: 'new_column'; readonly column: string; readonly as: string }
  /** All of it is written anew. */
  | { readonly code: 'anew'; readonly gone: boolean }
  | { readonly code: 'key'; readonly columns: readonly string[] };
