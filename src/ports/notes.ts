/**
 * Notes: the facts that a run reports to people. Plans, intents and journal rows store facts; `words` (narrate/text/notes.ts) makes the sentences, so a
 * change of wording changes no stored data.
 */

import type { ChangeTold, DriftTold } from './events.ts';
import type { Verification } from './state.ts';
import type { Instant, Json } from './values.ts';

/**
 * The range of a backfill that reads the rows that a run with a watermark left out: the range of that run. `from` null: that run read all rows; or it left
 * out a row whose watermark is unknown, and no range is sure to contain this row.
 */
export interface RangeToReadLater {
  readonly flow: string;
  readonly entity: string;
  readonly column: string;
  readonly from: string | null;
  readonly to: string;
}

/**
 * Reported once for each file. `from` null: the store replaces no range, so only a full load can load the rows. `left`: how many files with settled rows
 * no longer exist, whose rows a read of the range also replaces; absent: none.
 */
export type FilesPassedNote = RangeToReadLater & {
  readonly code: 'files_passed';
  readonly files: readonly string[];
  readonly more: number;
  readonly left?: number;
};

/** Reported once for each file. `rows`: the file’s rows below the watermark that are in no earlier file. `repeats`: the number of its other rows, which a read of the range settles again. */
export type FilesPartlyPassedNote = Omit<FilesPassedNote, 'code'> & {
  readonly code: 'files_partly_passed';
  readonly rows: number;
  readonly repeats?: true;
};

/** Columns whose values the config now reads differently, so that the same text means another value than in settled rows. `keys`: the changed keys of the home. */
export interface ReadOtherwise {
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

/** Reported by a run that adds to settled rows, which keep their values. */
export type ReadOtherwiseNote = ReadOtherwise & { readonly code: 'read_otherwise'; readonly flow: string; readonly entity: string };

/** Files of other writers among the settled files. Every run reports these files until they are removed. */
export type StraysNote = { readonly code: 'strays'; readonly where: string; readonly first: string; readonly files: number };

/** Files that commits removed from a table. They stay for readers of earlier versions until a compaction deletes them. */
export interface OldFilesNote {
  readonly code: 'old_files';
  readonly flow: string;
  readonly entity: string;
  readonly where: string;
  readonly files: number;
  readonly bytes: number;
}

/** Rows in quarantine that are due for removal from `at` on, and that no run has removed yet. Every run reports such rows. */
export type QuarantineExpiresNote = {
  readonly code: 'quarantine_expires';
  readonly flow: string;
  readonly entity: string;
  readonly rows: number;
  readonly at: Instant;
};

/** A fact by its code. */
export type Note =
  | QuarantineExpiresNote
  /** The run removes rows in quarantine that are older than the limit of the config. `after`: the limit, in words. */
  | { readonly code: 'quarantine_expired'; readonly rows: number; readonly after: string }
  // The notes of a run that takes rows out of quarantine.
  /**
   * How many rows settled because they now meet the rules, stay because they still break a rule, or were dropped. `older`: rows that meet the rules but did
   * not settle, because newer rows with their key have settled; absent: none.
   */
  | { readonly code: 'released'; readonly settled: number; readonly stay: number; readonly dropped: number; readonly older?: number }
  /** A run removed corrections. */
  | { readonly code: 'uncorrected'; readonly corrections: number }
  /** The rows that exist in spite of this; absent: an earlier version wrote the note. */
  | { readonly code: 'nothing_in_quarantine'; readonly unreadable?: number; readonly ofOtherRuns?: number }
  /** Corrected rows that still break a rule, so the rows to replace stay. `rules` has the number of rows of each rule. */
  | { readonly code: 'mended_rows_stay'; readonly rows: number; readonly rules: Readonly<Record<string, number>> }
  /** Rows of a range that did not settle, because newer rows with their key have settled. */
  | { readonly code: 'kept_newer'; readonly rows: number }
  /** Rows of a range that stay, because their newer versions are in quarantine. `unknown`: these rows can’t be identified, so all rows that the source lacks stay. */
  | { readonly code: 'kept_last_good'; readonly rows: number; readonly unknown?: true }
  // The notes of a plan.
  /** A flow that finds its entities has settled other entities, but never this entity. */
  | { readonly code: 'found_new'; readonly flow: string; readonly entity: string }
  /** The home of a flow that finds its entities could not be searched for new ones; `what`: the error's words. */
  | { readonly code: 'found_unseen'; readonly flow: string; readonly what: string }
  | { readonly code: 'full_copy_each_run' }
  /** Settled rows are missing from a table, and the run adds to the remaining ones. */
  | { readonly code: 'rows_gone'; readonly where: string; readonly settled: number; readonly left: number }
  /** A full load replaces the settled rows, and also rows of other writers. `rows` null: the number of rows of other writers is unknown. */
  | { readonly code: 'others_go'; readonly where: string; readonly rows: number | null }
  | StraysNote
  /** Another column has the name that the rules give this column. */
  | { readonly code: 'name_taken'; readonly column: string; readonly as: string; readonly wanted: string }
  /** The store does not accept the column's name. */
  | { readonly code: 'renamed'; readonly column: string; readonly as: string; readonly why: NameReason; readonly where: string }
  /**
   * The run deletes rows instead of swapping the table, because these dependents would stay with the old table. `refused`: the database would reject the
   * swap, and no other reason prevents it.
   */
  | { readonly code: 'deletes_instead'; readonly dependents: readonly string[]; readonly refused?: true }
  /** When rows are deleted, the database also deletes or changes rows that refer to them. The database does not report the number of those rows. */
  | { readonly code: 'deletes_pass_on'; readonly dependents: readonly string[] }
  /** The run changes columns of a table that hygge did not make, without a drift note. */
  | { readonly code: 'alters'; readonly where: string; readonly changes: readonly ChangeTold[] }
  /** Settled columns without a value get the type of their first values. `parts`: how many settled parts are rewritten for the new type. */
  | { readonly code: 'retypes'; readonly columns: readonly string[]; readonly parts: number }
  /** New files that look like files that no longer exist. The first file is named; `more`: the number of other such files. */
  | { readonly code: 'looks_renamed'; readonly from: string; readonly to: string; readonly more: number }
  /**
   * Files that changed their time or were replaced after hygge read them, with the same size. Without a checksum, hygge can’t know whether the content
   * changed. The first file is named; `more`: the number of other such files.
   */
  | { readonly code: 'maybe_changed'; readonly file: string; readonly more: number }
  /** New files whose rows are all below the watermark, so that no run reads them. `files` are the first such files; `more`: the number of other such files. */
  | FilesPassedNote
  | ReadOtherwiseNote
  | FilesPartlyPassedNote
  /** Rows whose watermark is in the future wait; `rows` null: the rows were not counted. */
  | { readonly code: 'waits'; readonly column: string; readonly rows: number | null; readonly latest: string }
  | { readonly code: 'numbers_as_text'; readonly column: string; readonly text: string }
  /** The newest value of the source is below the settled watermark. */
  | {
      readonly code: 'source_behind';
      readonly flow: string;
      readonly entity: string;
      readonly column: string;
      readonly newest: string;
      readonly settled: string;
    }
  /** Deleted rows are not noticed. `until`: when the next full load is due; absent: no full load is due. */
  | { readonly code: 'deletes_unseen'; readonly until?: Instant }
  /** `full_every` makes this run a full load. `last`: when the last full load was planned; null: unknown. */
  | { readonly code: 'full_due'; readonly last: Instant | null; readonly every: string }
  | { readonly code: 'grows_only'; readonly column: string }
  /** `why`: a mask hides the texts, only the source knows the equal texts, or the destination keeps each text. */
  | {
      readonly code: 'spellings_stay';
      readonly columns: readonly string[];
      readonly where: string;
      readonly why: 'masked' | 'unknown' | 'kept';
    }
  /** The config asks for a comparison after the commit; `every` null: after each commit. */
  | { readonly code: 'verifies'; readonly by: 'counts' | 'checksums'; readonly every: string | null; readonly fails: boolean }
  /** The names of the rules for each row, and of the checks of all rows; `contract`: the file with the rules and checks, or a file without any. */
  | { readonly code: 'judges'; readonly contract: string | null; readonly rules: readonly string[]; readonly checks: readonly string[] }
  /** Checks that query the source itself once in a run, before rows are read. */
  | { readonly code: 'checks_ask'; readonly checks: readonly string[] }
  /** The columns are known only during the read, so rules may turn out not to fit them. */
  | { readonly code: 'judges_unseen' }
  /** The values of `column` settle in the column `as` from now on, so these rules see only nulls. */
  | { readonly code: 'rules_without_values'; readonly column: string; readonly as: string; readonly rules: readonly string[] }
  /** Checks that should put rows into quarantine, but fail the run, because no single row is at fault. */
  | { readonly code: 'checks_fail'; readonly checks: readonly string[] }
  /** `since`: the day on which the difference was first seen. */
  | { readonly code: 'drift'; readonly drift: DriftFound; readonly since?: string }
  // Notes of a result.
  | { readonly code: 'vanished'; readonly rows: number }
  /** Rows of a range were removed while rows are in quarantine (`apart`): up to `apart` of the removed rows may be last good versions of quarantined rows. */
  | { readonly code: 'last_good_may_be_gone'; readonly rows: number; readonly apart: number }
  /** Changes were left out, because they show only some columns of rows that never settled. */
  | { readonly code: 'parts_of_unknown_rows'; readonly flow: string; readonly entity: string; readonly rows: number }
  /** At least `rows` rows at the watermark, or without a watermark, have left the source, and did not reappear above the watermark. */
  | {
      readonly code: 'sunk';
      readonly flow: string;
      readonly entity: string;
      readonly rows: number;
      readonly column: string;
      readonly from: string;
    }
  /** `nulls: include`: the source no longer has a row at the watermark `at`, so settled rows at that watermark were removed. */
  | { readonly code: 'mark_is_bare'; readonly column: string; readonly at: string }
  /** `unsettled`: how many rows the source has, although none can settle; absent: the source has no row. */
  | { readonly code: 'emptied'; readonly rows: number | null; readonly unsettled?: number }
  /** A full load replaced `before` rows with `rows` rows. */
  | { readonly code: 'shrunk'; readonly rows: number; readonly before: number }
  /** The run loaded no rows, although similar runs did (checks/silence.ts). */
  | SilentNote
  | {
      readonly code: 'bad_rows';
      readonly rows: number;
      readonly kept: boolean;
      readonly first: string | null;
      readonly later?: RangeToReadLater;
    }
  /** Rows of the quarantine can now be read, or have left the source. The run read `column` from `from` on, a backfill up to `to` (exclusive). Rows outside that range did not settle. */
  | {
      readonly code: 'left_quarantine';
      readonly flow: string;
      readonly entity: string;
      readonly rows: number;
      readonly column: string;
      readonly from: string;
      readonly to: string | null;
    }
  /** How many values of each column were read as null, because its type can't hold them (`special_values: to_null`). */
  /** Rows of the source for which a correction existed. */
  | { readonly code: 'corrected'; readonly rows: number }
  | { readonly code: 'read_as_null'; readonly columns: Readonly<Record<string, number>> }
  /** How many parents have rows that could not be read; the name of the first such parent, and the reason: `404`. */
  | { readonly code: 'parents_missed'; readonly parents: number; readonly first: string; readonly why: string }
  /** Rows that break a rule are in quarantine. `rules` has the number of rows of each rule. `of`: how many rows were checked, and `told`: the rules. Absent: an earlier version wrote the note. `kept: false`: the rows are not stored, because the run had no commit. */
  | {
      readonly code: 'broken_rows';
      readonly rows: number;
      readonly kept?: false;
      readonly rules: Readonly<Record<string, number>>;
      readonly of?: number;
      readonly told?: readonly BrokenRule[];
    }
  /** The first file in which these columns of the contract are missing or empty, so that rules about the columns checked no row of the file. */
  | { readonly code: 'file_lacks'; readonly file: string; readonly columns: readonly string[]; readonly rules?: readonly string[] }
  /** Rules that could check no row of the run, because their columns are null in all rows, or their conditions apply to no row. */
  | { readonly code: 'rules_idle'; readonly rules: readonly string[]; readonly rows: number; readonly file?: string }
  /** No new row settled, because all rows above the watermark break rules or can’t be read. `at`: the unchanged watermark; null: no watermark has settled yet. */
  | { readonly code: 'none_settled'; readonly flow: string; readonly entity: string; readonly rows: number; readonly at: string | null }
  /** Rows that break a rule settled, because the rule only warns. */
  | { readonly code: 'rules_warn'; readonly of: number; readonly told: readonly BrokenRule[] }
  /** Checks that pass for the settled rows, but would fail for all read rows. */
  | { readonly code: 'checks_of_settled'; readonly checks: readonly string[] }
  /** A check whose failure is only a warning has failed. `clock`: the clock for the age of a value. `isAhead`: the newest value is in the future. */
  | {
      readonly code: 'check_warns';
      readonly check: string;
      readonly found: string;
      readonly expected: string;
      readonly clock?: 'source' | 'files' | 'own';
      readonly isAhead?: true;
    }
  /**
   * How many keys a comparison read on each side, and how many settled rows the source no longer has. If the run settled, these rows were removed. `stay`:
   * rows that stay, because their keys came back, or may equal keys of the source under a collation.
   */
  | { readonly code: 'keys_compared'; readonly source: number; readonly settled: number; readonly gone: number; readonly stay: number }
  /** How many settled rows are missing in the source and older than all its rows. These rows stay until the config says that the source archives no rows. */
  | { readonly code: 'keys_older'; readonly rows: number }
  /** The cost of reading a source that limits its requests; `quota`: the source’s own count of all requests of the account. `ended`: how the source’s lists ended. */
  | {
      readonly code: 'asked';
      readonly requests: number;
      readonly quota?: { readonly used: number; readonly of: number };
      readonly ended?: Readonly<Record<string, number>>;
    }
  /** Keys are compared after the live run, if a comparison is due. `complete`: the config says that the source archives no rows. `marks`: rows are marked instead of removed. */
  | {
      readonly code: 'keys_compared_next';
      readonly flow: string;
      readonly entity: string;
      readonly due: boolean;
      readonly complete?: true;
      readonly marks?: true;
    }
  /** Small files are compacted after a live run, when the last compaction is `every` old. `at`: the time of the next compaction. */
  | { readonly code: 'compacts_next'; readonly every: string; readonly after: 'this run' | 'a full load' }
  | { readonly code: 'compacts_next'; readonly every: string; readonly at: Instant }
  /** The compaction after the live run failed. Settled rows stay unchanged. */
  | { readonly code: 'compaction_failed'; readonly error: string; readonly what: string }
  /** The findings of a dry run from one look at each side. `rewrites`: the files that would be rewritten. */
  | {
      readonly code: 'keys_would_go';
      readonly source: number;
      readonly settled: number;
      readonly gone: number;
      readonly rewrites?: { readonly files: number; readonly bytes: number };
    }
  /** A compaction combined `files` settled files into fewer files with the same rows. */
  | {
      readonly code: 'compacted';
      readonly files: number;
      readonly bytes: number;
      readonly into: { readonly files: number; readonly bytes: number };
    }
  /** No file was combined, because every partition had fewer than two small files. */
  | { readonly code: 'nothing_to_compact' }
  | OldFilesNote
  /** Small files that stay unchanged, because one of their columns would be lost. The first file is named; `more`: the number of other such files. */
  | {
      readonly code: 'not_compacted';
      readonly name: string;
      readonly column: string;
      readonly why: 'not settled' | 'other type';
      readonly more: number;
    }
  /** The result of a dry run of a compaction: `files` small files would become about `into` files. `target`: the bytes of a full file. */
  | { readonly code: 'would_compact'; readonly files: number; readonly bytes: number; readonly into: number; readonly target: number }
  /** The comparison after the commit found a difference, which is only a warning. */
  | { readonly code: 'differs'; readonly what: string }
  /** The comparison after the commit failed; the note has the error’s words, or the reason. */
  | { readonly code: 'not_verified'; readonly what: string }
  | { readonly code: 'not_verified'; readonly because: NonNullable<Verification['because']> }
  | { readonly code: 'verdict_unwritten'; readonly what: string }
  /** The other system had not applied the settled rows when the wait ended, such as after `30m`. `said`: the system’s own words. */
  | { readonly code: 'not_replicated'; readonly said: string | null; readonly waited: string }
  /** The figures of the other system match, but do not prove the replication. */
  | { readonly code: 'probably_replicated'; readonly said: string | null }
  | { readonly code: 'replication_stopped'; readonly said: string | null }
  /** A later full load recreated the table before the other system had applied the settled rows. */
  | { readonly code: 'replication_superseded' }
  /** The other system could not be queried; `what`: the error’s words. */
  | { readonly code: 'replication_unknown'; readonly what: string }
  // Reasons why a run did nothing.
  | { readonly code: 'nothing_new' | 'nothing_there' | 'nothing_to_load' | 'above_watermark' }
  /** `unsettled`: as in `emptied`. */
  | { readonly code: 'kept_though_empty'; readonly unsettled?: number }
  /** `below`: the watermark, if the backfill ends at it. */
  | { readonly code: 'nothing_in_range'; readonly below?: string }
  | { readonly code: 'not_started'; readonly why: 'stopped' | 'earlier_failed' | 'run_ended' | 'done_before' | 'held' }
  /** The run did nothing, because the source or the store asked for a pause. */
  | { readonly code: 'waits_until'; readonly until: Instant }
  // The notes about the rows that a run replaces.
  | { readonly code: 'replaces_rows'; readonly rows: number; readonly where: string }
  | { readonly code: 'replaces_all'; readonly where: string }
  | { readonly code: 'replaces_boundary' }
  | { readonly code: 'replaces_file'; readonly path: string }
  | { readonly code: 'replaces_range'; readonly column: string; readonly from: NotedEdge; readonly to: NotedEdge | null }
  // The notes during a run; `what`: the error’s words.
  | { readonly code: 'commit_unfinished'; readonly intent: string }
  | {
      readonly code:
        | 'records_left'
        | 'heartbeat_unsent'
        | 'journal_unpublished'
        | 'page_unwritten'
        | 'page_partial'
        | 'claim_kept'
        | 'left_behind';
      readonly what: string;
    }
  /** A file of another program in the folder where hygge stages files. */
  | { readonly code: 'staged_by_others'; readonly path: string }
  | { readonly code: 'page_late'; readonly seconds: number }
  /** How long the run had no rows and no answers. `step`: the current step; `home` and `store`: the systems, as the config names them. */
  | {
      readonly code: 'stands_still';
      readonly seconds: number;
      readonly step: 'plan' | 'slice' | 'commit' | 'other';
      readonly home: string;
      readonly store: string;
    }
  | OwnNote;

/** `by: weeks`: `compared` runs at the same hour of the same weekday loaded rows; `runs`: all runs loaded rows. `time` and `weekday` (0 is Sunday) are in the time zone `zone`. */
export interface SilentNote {
  readonly code: 'silent';
  readonly by: 'weeks' | 'runs';
  readonly compared: number;
  /** The fewest and the most rows of the compared runs. */
  readonly least: number;
  readonly most: number;
  readonly weekday: number;
  /** Hours and minutes of the start: `02:00`. */
  readonly time: string;
  readonly zone: string;
  readonly source: SilentSource;
}

/** The facts about the source after a run without rows. */
export type SilentSource =
  /** `newest`: the newest value of the watermark in the source; null: no value. `age`: the age of `newest` in seconds; null: `newest` is not a time. `above`: the number of rows above `settled`; null: not counted. */
  | {
      readonly kind: 'watermark';
      readonly column: string;
      readonly newest: string | null;
      readonly age: number | null;
      readonly settled: string;
      readonly isNewer: boolean;
      readonly above: number | null;
    }
  /** Matching files. `fresh`: files that hygge has not read; `newest`: when the newest file was written; null: unknown. */
  | { readonly kind: 'files'; readonly files: number; readonly fresh: number; readonly newest: Instant | null }
  /** The rows of the source, null: not counted. */
  | { readonly kind: 'rows'; readonly rows: number | null }
  /** The source could not be queried: the code of the error; null: the source offers no such data. */
  | { readonly kind: 'unknown'; readonly error: string | null };

/**
 * A note in the words of a connector. Its `code` has a dot (`erp.partial_month`), which codes of hygge don't have; `params` are the facts of the sentence,
 * for programs. Code outside the connector ignores the code, except an ending `.as_text`: columns settle as text although they contain numbers or days. The
 * plan then does not call their types exact.
 */
export interface OwnNote {
  readonly code: `${string}.${string}`;
  readonly text: string;
  readonly params?: Readonly<Record<string, Json>>;
}

/** A rule that rows of a run break. */
export interface BrokenRule {
  readonly rule: string;
  /** The column; null: the rule concerns the whole row. */
  readonly column: string | null;
  readonly rows: number;
  /** Up to three samples: the form of values that break the rule, or the values if `samples` is `show`. */
  readonly samples?: readonly string[];
  /** The day of the first run in the journal that reported the rule; absent: the current run is the first. */
  readonly since?: string;
}

export type NameReason = 'too long' | 'reserved' | 'not allowed' | 'taken' | 'case';

export interface NotedEdge {
  readonly text: string;
  readonly inclusive: boolean;
}

/** A note, or a sentence that an earlier version or a home without codes wrote. */
export type Noted = Note | string;

export function isOwn(note: Note): note is OwnNote {
  return 'text' in note && note.code.includes('.');
}

export function isStrays(note: Noted): note is StraysNote {
  return typeof note === 'object' && note.code === 'strays';
}

export function isOldFiles(note: Noted): note is OldFilesNote {
  return typeof note === 'object' && note.code === 'old_files';
}

/** Whether a warning of a plan stays relevant, so that a run reports it at its end, even if nothing was new. */
export function isLasting(note: Noted): note is StraysNote | QuarantineExpiresNote | FilesPassedNote | FilesPartlyPassedNote {
  return isStrays(note) || (typeof note === 'object' && ['quarantine_expires', 'files_passed', 'files_partly_passed'].includes(note.code));
}

/**
 * Whether a note is only in the journal, and not in the message of a run. Such notes are about the end of API lists (unless the end is doubtful), about
 * idle rules, which have their own lines, and about waiting files, which `status` shows.
 */
export function isForJournal(note: Noted): boolean {
  if (typeof note !== 'object') return false;
  return note.code === 'rules_idle' || note.code === 'old_files' || (note.code === 'asked' && 'ended' in note && !('quota' in note));
}

export function codeOf(note: Noted): string {
  return typeof note === 'string' ? 'text' : note.code;
}

/** A stored difference between the source's columns and the settled ones. `driftTold` (checks/drift-text.ts) puts it into words. */
export interface DriftFound extends Omit<DriftTold, 'change' | 'outcome' | 'samples'> {
  /** A sentence, if an earlier version wrote the difference. */
  readonly outcome: DriftOutcome | string;
}

/** hygge’s reaction to a difference. Types are in words (`decimal(18,2)`). */
export type DriftOutcome =
  | {
      readonly code:
        | 'stops'
        | 'settles'
        | 'settles_in_all'
        | 'left_out'
        | 'dropped'
        | 'stays_null'
        | 'may_be_null'
        | 'stays_nullable'
        | 'by_name';
    }
  /** `since`: when the column was first missing. */
  | { readonly code: 'null_meanwhile'; readonly since: Instant }
  | { readonly code: 'first_value' | 'same_again' | 'converted' | 'fits'; readonly type: string }
  /** `before`: the type that settled rows keep; null: all rows are rewritten. */
  | { readonly code: 'widened'; readonly type: string; readonly before: string | null }
  | { readonly code: 'no_common_type' | 'no_conversion'; readonly settled: string; readonly now: string }
  | { readonly code: 'new_column'; readonly column: string; readonly as: string }
  /** All rows are rewritten. */
  | { readonly code: 'anew'; readonly gone: boolean }
  | { readonly code: 'key'; readonly columns: readonly string[] };
