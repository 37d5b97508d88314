import type { Fidelity } from '../frames/schema.ts';
import type { JournalRow, SkipReason, Verification } from './state.ts';
import type { Instant, Json } from './values.ts';

/** The events of a run. Text, JSON lines, the function app's logs and pages are made of the same events. */
export interface EventBase {
  readonly v: 1;
  readonly ts: Instant;
  readonly invocation_id: string;
  readonly run_id?: string;
  readonly flow?: string;
  readonly entity?: string;
}

export interface PlannedColumn {
  readonly name: string;
  /** The column’s name in the source, if it differs from `name`; null: polish or the store adds the column. */
  readonly source_name?: string | null;
  readonly source_type: string;
  readonly type: string;
  readonly store_type: string;
  /** `checked`: `schema_overrides` sets the type, and hygge checks each value. */
  readonly fidelity: Fidelity | 'checked';
  /** For a column that is not exact: the loss, in words. Absent: only the type differs. */
  readonly loss?: string;
}

/** A change that a commit makes to the destination’s own columns. */
export interface ChangeTold {
  readonly change: 'add column' | 'widen' | 'drop not null' | 'rename column';
  readonly column: string;
  /** The type of a new or wider column. */
  readonly type?: string;
  /** The new name of a renamed column. */
  readonly to?: string;
  /** `rewrites`: the destination writes every existing row again. */
  readonly how: 'in place' | 'rewrites';
}

/** A difference between the source’s columns and the settled columns, and hygge’s decision. */
export interface DriftTold {
  readonly kind: 'added' | 'removed' | 'returned' | 'type' | 'nullable' | 'reordered' | 'key';
  /** The column's name in the source; null: the difference is about all columns. */
  readonly column: string | null;
  /** `column email (string) is new`. */
  readonly change: string;
  /** The column before and now: its type, or `nullable` and `not null`. Absent: the column did not exist before, or does not exist now. */
  readonly before?: string;
  readonly now?: string;
  /** The direction of a type change. `widened`: the new type holds every value of the old type; `narrowed`: the reverse; `incompatible`: neither type holds every value of the other. */
  readonly direction?: 'widened' | 'narrowed' | 'incompatible';
  /** Up to three of the column's present values, or their lengths if they are masked. Absent: to look at rows would need a request. */
  readonly samples?: readonly Json[];
  /** The probable new name of a removed column, which is a guess. */
  readonly renamed_to?: string;
  /** The policy that decided, such as `add_columns: auto`; null: the difference has no policy. */
  readonly policy: string | null;
  readonly severity: 'fail' | 'warn' | 'note';
  readonly outcome: string;
  /** When the difference was first seen. */
  readonly since: Instant;
}

export interface ErrorDetails {
  readonly code: string;
  readonly what: string;
  readonly why: readonly string[];
  readonly tryThis: readonly string[];
  readonly where?:
    | { readonly file: string; readonly line: number; readonly column: number; readonly text?: string | undefined }
    | undefined;
  /** The statement that a database rejected, without values. */
  readonly statement?: string | undefined;
}

export interface EntitySummary
  extends Pick<JournalRow, 'flow' | 'entity' | 'status' | 'rows' | 'rows_read' | 'entity_run_id' | 'bytes' | 'seconds'> {
  /** For a run that put rows into quarantine: the numbers of quarantined and of settled rows. Absent: all read rows settled. */
  readonly rows_settled?: number;
  readonly quarantined?: number;
  readonly watermark: string | null;
  /** The destination, for people. */
  readonly to: string;
  readonly files: number;
  readonly message?: string;
  /** The codes of the message's notes; absent: the message is the text of an error. */
  readonly codes?: readonly string[];
  /** Why the entity is a `skip`; absent: nothing was new. */
  readonly reason?: SkipReason;
  /** The error of a failed entity, or the message of a `skip` that was held or interrupted. */
  readonly error?: ErrorDetails;
  /** The chunk of a backfill that this run read. `ranges`: the number of ranges between its ends, for a repair that read several ranges. */
  readonly chunk?: { readonly from: string; readonly to: string; readonly ranges?: number };
  /** Set if the run compared the keys of source and destination, and moved no rows. */
  readonly compares?: 'keys';
  /** Set if the run rewrote small settled files as larger files, and changed no row. */
  readonly compacts?: 'files';
  /** Set if the run took rows out of quarantine, either to settle rows that meet the rules or to drop rows. Such a run reads no source. */
  readonly quarantine?: 'replay' | 'drop';
}

/** A whole backfill. Its range includes `from` and excludes `to`. */
export interface BackfillTold {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly chunks: number;
  /** How many chunks this invocation and earlier ones have done. */
  readonly done: number;
}

/** The event of a finished comparison of source and destination. The event contains no values of rows. */
export interface VerifiedTold extends Verification {
  readonly flow: string;
  readonly entity: string;
  /** True only if both sides have the same rows. */
  readonly ok: boolean;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}

/** Why a rule or check was not evaluated. `no rows`: the run loaded no rows. `no values`: the compared values are all null. `not met`: no row meets the `when` of the rule. `no time`: the age is unknown because a time is missing. */
export type NotJudgedBecause = 'no rows' | 'no values' | 'not met' | 'too few runs' | 'no time' | 'not asked';

/** The finding of a rule or a check in a run. If a broken rule ended the run, the rule is in the error instead. */
export interface CheckTold {
  readonly kind: 'rule' | 'check';
  readonly name: string;
  /** The column; null: the rule concerns the whole row, or the check concerns all rows. */
  readonly column: string | null;
  /** `not_judged`: the run had nothing to check. */
  readonly outcome: 'quarantined' | 'warned' | 'failed' | 'not_judged';
  /** For a rule: how many of the checked rows break the rule. */
  readonly rows?: number;
  readonly of?: number;
  /** For a rule that checked no row of a file: this file. Absent: the rows come from several files, or not from files. */
  readonly file?: string;
  /** For a check: the found and the expected value, in words. */
  readonly found?: string;
  readonly expected?: string;
  /** Why a rule or a check was not judged. */
  readonly because?: NotJudgedBecause;
  /** Up to three samples: the form of values that break the rule, or the values themselves if `samples` is `show`. */
  readonly samples?: readonly string[];
  /** The day of the first run in the journal that reported the rule. */
  readonly since?: string;
}

export type EventBody =
  | {
      readonly event: 'run_start';
      readonly workspace: string;
      /** The workspace's target; absent: the workspace has no targets. */
      readonly target?: string;
      readonly flows: number;
      readonly entities: number;
      readonly concurrency: number;
      readonly backfill?: BackfillTold;
    }
  | {
      readonly event: 'plan';
      readonly from: string;
      readonly to: string;
      /** `full` | `incremental` | `files` | `backfill` | `deletes` | `compact`. */
      readonly mode: string;
      readonly window: {
        readonly column: string | null;
        readonly lower: string | null;
        readonly upper: string | null;
        /** Whether the window excludes its upper bound, as for a backfill. */
        readonly upper_excluded?: true;
      };
      readonly rows: { readonly n: number | null; readonly exact: boolean };
      /** How many of the source’s files were opened. If some files were not opened, then rows, slices and the window’s upper bound are estimates. Absent: all files were opened. */
      readonly looked_at?: { readonly files: number; readonly of: number };
      readonly bytes: number | null;
      readonly slices: number;
      readonly schema: readonly PlannedColumn[];
      readonly creates: readonly string[];
      readonly replaces: readonly string[];
      /** Absent: the destination's columns stay unchanged. */
      readonly changes?: readonly ChangeTold[];
      /** The statements that would make or alter tables, including hygge’s own tables. Absent: the store has no tables, or its columns are unknown. */
      readonly ddl?: readonly string[];
      /** How the rows are written (`append`, `swap`, `merge` or `delete_insert`), the settled names of the key's columns, and the reason. */
      readonly write?: {
        readonly mode: string;
        readonly key: readonly string[];
        readonly why: string;
        /** The dependents of the table, such as views and triggers, because of which the rows are written this way. */
        readonly because?: readonly string[];
      };
      readonly guarantee: string;
      readonly warnings: readonly string[];
      /** How many of `warnings` are only notes, which are at the end. Absent: all are warnings. */
      readonly notes?: number;
      /** The codes of `warnings`, in the same order, for programs. `text`: the warning has no code. */
      readonly codes?: readonly string[];
      /** Keys of the home that the source suggests, with their values. */
      readonly proposes?: Readonly<Record<string, string>>;
      readonly drift?: readonly DriftTold[];
    }
  | {
      readonly event: 'progress';
      /** The current stage, as a code, which the narrator turns into words. */
      readonly stage: 'claimed' | 'rolled_forward' | 'reading' | 'paused' | 'slice_done' | 'committing' | 'settled' | 'replicating';
      readonly rows: number;
      readonly rows_total: number | null;
      readonly slices_done: number;
      readonly slices: number;
      /** The time when a `paused` run continues, if the source or the store asked for the pause. */
      readonly not_before?: Instant;
      /** The event in another system for which a `paused` run waits, as a sentence without a full stop. Absent: the source or the store asked for the pause. */
      readonly waits_for?: string;
      readonly detail?: string;
    }
  | {
      /** The differences between the plans of two targets, of a dry run with `--against`. */
      readonly event: 'differences';
      readonly workspace: string;
      readonly target?: string;
      readonly against: string;
      /** The entities whose plans differ. */
      readonly entities: readonly {
        readonly flow: string;
        readonly entity: string;
        readonly parts: readonly { readonly part: string; readonly here: string; readonly there: string }[];
      }[];
    }
  | {
      readonly event: 'retry';
      readonly step: string;
      readonly attempt: number;
      readonly wait_ms: number;
      readonly error: ErrorDetails;
      /** The outage of a system, for all entities that use it. The first event of an outage has `retry_for_ms`, and the last has `over_after_ms`. */
      readonly outage?: { readonly system: string; readonly retry_for_ms?: number; readonly over_after_ms?: number };
    }
  | { readonly event: 'warning'; readonly message: string; readonly code?: string }
  | ({ readonly event: 'entity_done' } & EntitySummary)
  | ({ readonly event: 'verified' } & VerifiedTold)
  | ({ readonly event: 'check' } & CheckTold)
  /** `compacts`: for a compaction, which may follow a run that passed. */
  | ({ readonly event: 'error'; readonly compacts?: 'files' } & ErrorDetails)
  | { readonly event: 'interrupted'; readonly signal: string; readonly message: string }
  | {
      readonly event: 'summary';
      readonly pass: number;
      readonly warn: number;
      readonly error: number;
      readonly skip: number;
      /** How many entities were never started; absent: all entities were started. */
      readonly not_started?: number;
      readonly total: number;
      readonly rows: number;
      readonly seconds: number;
      readonly entities: readonly EntitySummary[];
      /** Flows with errors in the workspace's files. A flow with errors does not begin, and counts as one `error`. */
      readonly broken_flows?: readonly { readonly flow: string; readonly errors: readonly ErrorDetails[] }[];
      readonly backfill?: BackfillTold;
    };

export type HyggeEvent = EventBase & EventBody;

export type PlanEvent = EventBase & Extract<EventBody, { readonly event: 'plan' }>;

/** Receives events. A receiver must not throw, and the caller does not wait. */
export type Emit = (event: HyggeEvent) => void;
