/**
 * Notes are the facts that a run reports to people. Plans, intents and journal rows store facts; `words` (narrate/text/notes.ts) makes the sentences, so
 * a change of wording changes no stored data.
 */

import type { ChangeTold, DriftTold } from './events.ts';
import type { Verification } from './state.ts';
import type { Instant, Json } from './values.ts';

/**
 * The range of a backfill that reads the rows which a run with a watermark left out. It is the range of that run; `from` null: that run read everything,
 * or a row with an unknown watermark is among them, which may be in no range.
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

/** Reported once for each file. `rows`: its rows below the watermark that are in no earlier file. `repeats`: other rows are in earlier files, and a read of the range settles these again. */
export type FilesPartlyPassedNote = Omit<FilesPassedNote, 'code'> & {
  readonly code: 'files_partly_passed';
  readonly rows: number;
  readonly repeats?: true;
};

/** Columns whose values the config now reads in another way than when they settled: the same text means another value. `keys`: the changed keys of the home. */
export interface ReadOtherwise {
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

/** A run that adds to settled rows reports it: the settled rows keep their values. */
export type ReadOtherwiseNote = ReadOtherwise & { readonly code: 'read_otherwise'; readonly flow: string; readonly entity: string };

/** Files among the settled ones that hygge did not write. Every run reports them until they are gone. */
export type StraysNote = { readonly code: 'strays'; readonly where: string; readonly first: string; readonly files: number };

/** Files that commits removed from a table, and that stay for readers of earlier versions until a compaction deletes them. */
export interface OldFilesNote {
  readonly code: 'old_files';
  readonly flow: string;
  readonly entity: string;
  readonly where: string;
  readonly files: number;
  readonly bytes: number;
}

/** Rows in quarantine that are due for removal from `at` on, and that no run has removed yet. Every run reports them. */
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
  /** Rows in quarantine are older than the config keeps them, and this run removes them. `after`: the limit, in words. */
  | { readonly code: 'quarantine_expired'; readonly rows: number; readonly after: string }
  // Notes of a run that takes rows out of quarantine.
  /**
   * How many rows meet the rules now and settled, still break one and stay, or were dropped. `older`: rows that meet the rules but did not settle, because
   * newer rows with their key have settled; absent: none.
   */
  | { readonly code: 'released'; readonly settled: number; readonly stay: number; readonly dropped: number; readonly older?: number }
  /** A run removed corrections. */
  | { readonly code: 'uncorrected'; readonly corrections: number }
  /** Which rows exist all the same; absent: an earlier version wrote the note. */
  | { readonly code: 'nothing_in_quarantine'; readonly unreadable?: number; readonly ofOtherRuns?: number }
  /** Corrected rows that still break a rule: the rows that they should replace stay. `rules` has the number of rows of each. */
  | { readonly code: 'mended_rows_stay'; readonly rows: number; readonly rules: Readonly<Record<string, number>> }
  /** Rows of a range that did not settle, because newer rows with their key have settled. */
  | { readonly code: 'kept_newer'; readonly rows: number }
  /** Rows of a range that stay, because newer versions of them are in quarantine. `unknown`: it is unknown which rows these are, so all rows that the source lacks stay. */
  | { readonly code: 'kept_last_good'; readonly rows: number; readonly unknown?: true }
  // Notes of a plan.
  /** A flow that finds its entities has settled other entities, and never this one. */
  | { readonly code: 'found_new'; readonly flow: string; readonly entity: string }
  /** The home of a flow that finds its entities could not be searched for new ones; `what`: the error's words. */
  | { readonly code: 'found_unseen'; readonly flow: string; readonly what: string }
  | { readonly code: 'full_copy_each_run' }
  /** Settled rows are missing from a table, and the run adds to the remaining ones. */
  | { readonly code: 'rows_gone'; readonly where: string; readonly settled: number; readonly left: number }
  /** A full load replaces rows that hygge did not write together with the settled ones. `rows` null: it is unknown how many, if any. */
  | { readonly code: 'others_go'; readonly where: string; readonly rows: number | null }
  | StraysNote
  /** Another column has the name that the rules give this column. */
  | { readonly code: 'name_taken'; readonly column: string; readonly as: string; readonly wanted: string }
  /** The store does not accept the column's name. */
  | { readonly code: 'renamed'; readonly column: string; readonly as: string; readonly why: NameReason; readonly where: string }
  /**
   * The run deletes rows instead of swapping the table, because these dependents would stay with the old table. `refused`: the database would refuse
   * the swap, and nothing else prevents it.
   */
  | { readonly code: 'deletes_instead'; readonly dependents: readonly string[]; readonly refused?: true }
  /** Deleting rows also deletes or changes the rows that refer to them, and the database reports to no client how many. */
  | { readonly code: 'deletes_pass_on'; readonly dependents: readonly string[] }
  /** The run changes columns of a table that hygge did not make, and no drift note reports them. */
  | { readonly code: 'alters'; readonly where: string; readonly changes: readonly ChangeTold[] }
  /** Settled columns without a value get the type of their first values; `parts`: how many settled parts are read and rewritten for that. */
  | { readonly code: 'retypes'; readonly columns: readonly string[]; readonly parts: number }
  /** New files that look like files that no longer exist. The first is named; `more`: how many others there are. */
  | { readonly code: 'looks_renamed'; readonly from: string; readonly to: string; readonly more: number }
  /**
   * Files that changed their time or were replaced after hygge read them, with the same size. Without a checksum hygge can't know whether the content
   * changed. The first is named; `more`: how many others there are.
   */
  | { readonly code: 'maybe_changed'; readonly file: string; readonly more: number }
  /** New files whose rows are all below the watermark, so that no run reads them. `files` are the first of them; `more`: how many others there are. */
  | FilesPassedNote
  | ReadOtherwiseNote
  | FilesPartlyPassedNote
  /** Rows whose watermark is in the future wait; `rows` null: they were not counted. */
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
  /** Deleted rows are not noticed. `until`: when the next full load is due; absent: none is. */
  | { readonly code: 'deletes_unseen'; readonly until?: Instant }
  /** `full_every` makes this run a full load. `last`: when the last full load was planned; null: it is not known. */
  | { readonly code: 'full_due'; readonly last: Instant | null; readonly every: string }
  | { readonly code: 'grows_only'; readonly column: string }
  /** `why`: a mask hides the texts, only the source knows which are equal, or the destination keeps each. */
  | {
      readonly code: 'spellings_stay';
      readonly columns: readonly string[];
      readonly where: string;
      readonly why: 'masked' | 'unknown' | 'kept';
    }
  /** The config asks for a comparison after the commit; `every` null: after each one. */
  | { readonly code: 'verifies'; readonly by: 'counts' | 'checksums'; readonly every: string | null; readonly fails: boolean }
  /** The names of the rules for each row, and of the checks of all rows; `contract`: the file that has them, or that has neither. */
  | { readonly code: 'judges'; readonly contract: string | null; readonly rules: readonly string[]; readonly checks: readonly string[] }
  /** Checks that query the source itself, once in a run and before its rows are read. */
  | { readonly code: 'checks_ask'; readonly checks: readonly string[] }
  /** Columns are known only while they are read, and so is whether rules fit them. */
  | { readonly code: 'judges_unseen' }
  /** The values of `column` settle in the column `as` from now on, so these rules see only nulls. */
  | { readonly code: 'rules_without_values'; readonly column: string; readonly as: string; readonly rules: readonly string[] }
  /** These checks should put rows into quarantine, but no single row is at fault: they fail the run. */
  | { readonly code: 'checks_fail'; readonly checks: readonly string[] }
  /** `since`: the day on which the difference was first seen. */
  | { readonly code: 'drift'; readonly drift: DriftFound; readonly since?: string }
  // Notes of a result.
  | { readonly code: 'vanished'; readonly rows: number }
  /** Rows of a range were removed while rows are in quarantine (`apart`): up to that many of them may be last good versions of those. */
  | { readonly code: 'last_good_may_be_gone'; readonly rows: number; readonly apart: number }
  /** Changes were left out, since they show only some columns of rows that never settled. */
  | { readonly code: 'parts_of_unknown_rows'; readonly flow: string; readonly entity: string; readonly rows: number }
  /** At least `rows` rows at the watermark, or without one, are gone from the source, and did not reappear above it. */
  | {
      readonly code: 'sunk';
      readonly flow: string;
      readonly entity: string;
      readonly rows: number;
      readonly column: string;
      readonly from: string;
    }
  /** `nulls: include`: the source has no row at the watermark `at` any more, and rows that settled there were removed. */
  | { readonly code: 'mark_is_bare'; readonly column: string; readonly at: string }
  /** `unsettled`: how many rows the source has, none of which can settle; absent: it has none. */
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
  /** Rows of the quarantine can be read now, or are gone. The run read `column` from `from` on, and a backfill up to `to`, exclusive; rows outside of that range did not settle. */
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
  /** Rows of the source for which there was a correction. */
  | { readonly code: 'corrected'; readonly rows: number }
  | { readonly code: 'read_as_null'; readonly columns: Readonly<Record<string, number>> }
  /** How many parents' rows could not be read; the name of the first, and why: `404`. */
  | { readonly code: 'parents_missed'; readonly parents: number; readonly first: string; readonly why: string }
  /** Rows that break a rule are in quarantine. `rules` has the number of rows of each; `of`: how many rows were checked, and `told`: the rules. Absent: an earlier version wrote the note. `kept: false`: they are not stored, because the run committed nothing. */
  | {
      readonly code: 'broken_rows';
      readonly rows: number;
      readonly kept?: false;
      readonly rules: Readonly<Record<string, number>>;
      readonly of?: number;
      readonly told?: readonly BrokenRule[];
    }
  /** The first file without these columns of the contract, or without a value in them: no rule about them checked its rows. */
  | { readonly code: 'file_lacks'; readonly file: string; readonly columns: readonly string[]; readonly rules?: readonly string[] }
  /** Rules that could check none of the run's rows: their columns are null in all rows, or their conditions apply to none. */
  | { readonly code: 'rules_idle'; readonly rules: readonly string[]; readonly rows: number; readonly file?: string }
  /** None of the new rows settled: they break rules or can't be read, and are above the watermark. `at`: where it stays; null: there is none yet. */
  | { readonly code: 'none_settled'; readonly flow: string; readonly entity: string; readonly rows: number; readonly at: string | null }
  /** Rows that break a rule settled, because the rule only warns. */
  | { readonly code: 'rules_warn'; readonly of: number; readonly told: readonly BrokenRule[] }
  /** Checks that pass for the settled rows, but would fail for all rows that were read. */
  | { readonly code: 'checks_of_settled'; readonly checks: readonly string[] }
  /** A check that only warns failed. `clock`: the clock used for the age of a value. `isAhead`: the newest value is in the future. */
  | {
      readonly code: 'check_warns';
      readonly check: string;
      readonly found: string;
      readonly expected: string;
      readonly clock?: 'source' | 'files' | 'own';
      readonly isAhead?: true;
    }
  /**
   * How many keys a comparison read on each side, and how many settled rows the source no longer has. They were removed, if the run settled. `stay`: rows
   * that stay, because their keys came back meanwhile or a collation may treat keys of the source as equal to theirs.
   */
  | { readonly code: 'keys_compared'; readonly source: number; readonly settled: number; readonly gone: number; readonly stay: number }
  /** How many settled rows are older than all rows of the source, which lacks them. They stay until the config says that the source archives no rows. */
  | { readonly code: 'keys_older'; readonly rows: number }
  /** The cost of reading a source that limits its requests; `quota`: its own count of all requests of the account. `ended`: how its lists ended. */
  | {
      readonly code: 'asked';
      readonly requests: number;
      readonly quota?: { readonly used: number; readonly of: number };
      readonly ended?: Readonly<Record<string, number>>;
    }
  /** Keys are compared after the live run, if that is due. `complete`: the config says that the source archives no rows. `marks`: rows are marked instead of removed. */
  | {
      readonly code: 'keys_compared_next';
      readonly flow: string;
      readonly entity: string;
      readonly due: boolean;
      readonly complete?: true;
      readonly marks?: true;
    }
  /** Small files are compacted after a live run, when the last compaction is `every` old. `at`: when that is. */
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
  /** A compaction combined `files` settled files into fewer ones with the same rows. */
  | {
      readonly code: 'compacted';
      readonly files: number;
      readonly bytes: number;
      readonly into: { readonly files: number; readonly bytes: number };
    }
  /** No two small files of a partition could be combined. */
  | { readonly code: 'nothing_to_compact' }
  | OldFilesNote
  /** Small files that stay unchanged, because one of their columns would be lost. The first is named; `more`: how many others there are. */
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
  /** The comparison after the commit failed: the error's words, or the reason. */
  | { readonly code: 'not_verified'; readonly what: string }
  | { readonly code: 'not_verified'; readonly because: NonNullable<Verification['because']> }
  | { readonly code: 'verdict_unwritten'; readonly what: string }
  /** The other system had not applied the settled rows when the wait ended, such as after `30m`. `said`: its own words. */
  | { readonly code: 'not_replicated'; readonly said: string | null; readonly waited: string }
  /** The figures of the other system match, but prove nothing. */
  | { readonly code: 'probably_replicated'; readonly said: string | null }
  | { readonly code: 'replication_stopped'; readonly said: string | null }
  /** A later full load recreated the table before the other system had applied the settled rows. */
  | { readonly code: 'replication_superseded' }
  /** The other system could not be queried: the error's words. */
  | { readonly code: 'replication_unknown'; readonly what: string }
  // Reasons why a run did nothing.
  | { readonly code: 'nothing_new' | 'nothing_there' | 'nothing_to_load' | 'above_watermark' }
  /** `unsettled`: as in `emptied`. */
  | { readonly code: 'kept_though_empty'; readonly unsettled?: number }
  /** `below`: the watermark, if the backfill ends at it. */
  | { readonly code: 'nothing_in_range'; readonly below?: string }
  | { readonly code: 'not_started'; readonly why: 'stopped' | 'earlier_failed' | 'run_ended' | 'done_before' | 'held' }
  /** The source or the store asked for a pause. */
  | { readonly code: 'waits_until'; readonly until: Instant }
  // Notes of what a run replaces.
  | { readonly code: 'replaces_rows'; readonly rows: number; readonly where: string }
  | { readonly code: 'replaces_all'; readonly where: string }
  | { readonly code: 'replaces_boundary' }
  | { readonly code: 'replaces_file'; readonly path: string }
  | { readonly code: 'replaces_range'; readonly column: string; readonly from: NotedEdge; readonly to: NotedEdge | null }
  // Notes during a run; `what`: the error's words.
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
  /** How long there were no rows and no answers. `step`: the current step; `home` and `store`: the systems, as the config names them. */
  | {
      readonly code: 'stands_still';
      readonly seconds: number;
      readonly step: 'plan' | 'slice' | 'commit' | 'other';
      readonly home: string;
      readonly store: string;
    }
  | OwnNote;

/** `by: weeks`: `compared` runs at that hour of that weekday loaded rows; `runs`: all runs did. `time` and `weekday` (0 is Sunday) are in the time zone `zone`. */
export interface SilentNote {
  readonly code: 'silent';
  readonly by: 'weeks' | 'runs';
  readonly compared: number;
  /** The fewest and the most rows of these runs. */
  readonly least: number;
  readonly most: number;
  readonly weekday: number;
  /** Hours and minutes of the start: `02:00`. */
  readonly time: string;
  readonly zone: string;
  readonly source: SilentSource;
}

/** The result of a look at the source after a run without rows. */
export type SilentSource =
  /** `newest`: the newest value of the watermark there; null: there is none. `age`: its age in seconds; null: it is not a time. `above`: rows above `settled`; null: not counted. */
  | {
      readonly kind: 'watermark';
      readonly column: string;
      readonly newest: string | null;
      readonly age: number | null;
      readonly settled: string;
      readonly isNewer: boolean;
      readonly above: number | null;
    }
  /** Matching files. `fresh`: files that hygge has not read; `newest`: when the newest one was written; null: unknown. */
  | { readonly kind: 'files'; readonly files: number; readonly fresh: number; readonly newest: Instant | null }
  /** The rows of the source, null: not counted. */
  | { readonly kind: 'rows'; readonly rows: number | null }
  /** The source could not be queried: the code of the error; null: it offers no such data. */
  | { readonly kind: 'unknown'; readonly error: string | null };

/**
 * A note in the words of a connector. Its `code` has a dot (`erp.partial_month`), which codes of hygge don't have; `params` are the facts of the
 * sentence, for programs. Nothing outside of the connector has to know the code, with one exception: a code that ends in `.as_text` is about columns
 * that settle as text although they hold numbers or days, and the plan does not call their types exact.
 */
export interface OwnNote {
  readonly code: `${string}.${string}`;
  readonly text: string;
  readonly params?: Readonly<Record<string, Json>>;
}

/** A rule that rows of a run break. */
export interface BrokenRule {
  readonly rule: string;
  /** Null: it concerns the row. */
  readonly column: string | null;
  readonly rows: number;
  /** Up to three: the form of values that break it, or the values if `samples` is `show`. */
  readonly samples?: readonly string[];
  /** The day of the first run in the journal that reported the rule; absent: this one. */
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
 * Whether a note is only in the journal, and not in the message of a run. The end of API lists matters only if one is doubted, each idle rule has its
 * own line, and status shows which files wait.
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
  /** A sentence, if an earlier version wrote it. */
  readonly outcome: DriftOutcome | string;
}

/** What hygge does about a difference. Types are in words (`decimal(18,2)`). */
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
