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
  /** The column's name in the source, if it differs; null: polish or the store adds the column. */
  readonly source_name?: string | null;
  readonly source_type: string;
  readonly type: string;
  readonly store_type: string;
  /** `checked`: `schema_overrides` sets the type, and hygge checks each value. */
  readonly fidelity: Fidelity | 'checked';
  /** For a column that is not exact: what is lost, for people. Absent: only the type differs. */
  readonly loss?: string;
}

/** What a commit does to the destination's own columns. */
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

/** A difference between the source's columns and the settled ones, and what hygge decided about it. */
export interface DriftTold {
  readonly kind: 'added' | 'removed' | 'returned' | 'type' | 'nullable' | 'reordered' | 'key';
  /** The column's name in the source; null: the difference is about all columns. */
  readonly column: string | null;
  /** `column email (string) is new`. */
  readonly change: string;
  /** What the column was and is now: its type, or `nullable` and `not null`; absent: no such column existed or exists. */
  readonly before?: string;
  readonly now?: string;
  /** The direction of a type change. `widened`: the new type holds every value of the old one; `narrowed`: the reverse; `incompatible`: neither. */
  readonly direction?: 'widened' | 'narrowed' | 'incompatible';
  /** Up to three of the column's present values, or their lengths if they are masked. Absent where looking at rows would cost a request. */
  readonly samples?: readonly Json[];
  /** A guess: the new column that a removed column may have been renamed to. */
  readonly renamed_to?: string;
  /** The policy that decided, such as `add_columns: auto`; null: there is none for this difference. */
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
  /** The statement that a database refused, without values. */
  readonly statement?: string | undefined;
}

export interface EntitySummary
  extends Pick<JournalRow, 'flow' | 'entity' | 'status' | 'rows' | 'rows_read' | 'entity_run_id' | 'bytes' | 'seconds'> {
  /** For a run that put rows into quarantine: how many, and how many rows settled. Absent: none, and all read rows settled. */
  readonly rows_settled?: number;
  readonly quarantined?: number;
  readonly watermark: string | null;
  /** The destination, for people. */
  readonly to: string;
  readonly files: number;
  readonly message?: string;
  /** The codes of the message's notes; absent: the message has an error's words. */
  readonly codes?: readonly string[];
  /** Why the entity is a `skip`; absent: nothing was new. */
  readonly reason?: SkipReason;
  /** The error of a failed entity, or the message of a `skip` that was held or interrupted. */
  readonly error?: ErrorDetails;
  /** The chunk of a backfill that this run read. `ranges`: how many ranges between its ends a repair read, if they are several. */
  readonly chunk?: { readonly from: string; readonly to: string; readonly ranges?: number };
  /** The run compared the keys of source and destination, and moved nothing. */
  readonly compares?: 'keys';
  /** The run wrote small settled files again as larger ones, and changed no row. */
  readonly compacts?: 'files';
  /** The run took rows out of quarantine: to settle those that meet the rules, or to drop them. It read nothing from the source. */
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

/** The event of a finished comparison of source and destination. It contains no values of rows. */
export interface VerifiedTold extends Verification {
  readonly flow: string;
  readonly entity: string;
  /** True only if both sides are the same. */
  readonly ok: boolean;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}

/** `no rows`: the run loaded none. `no values`: the column, or what a rule compares, has only nulls. `not met`: no row meets the `when` of the rule. `no time`: there is no time from which an age follows. */
export type NotJudgedBecause = 'no rows' | 'no values' | 'not met' | 'too few runs' | 'no time' | 'not asked';

/** The finding of a rule or a check in a run, if there is one. A rule whose broken row ended the run is in the error instead. */
export interface CheckTold {
  readonly kind: 'rule' | 'check';
  readonly name: string;
  /** Null: it concerns the row, or all rows. */
  readonly column: string | null;
  /** `not_judged`: there was nothing to check. */
  readonly outcome: 'quarantined' | 'warned' | 'failed' | 'not_judged';
  /** For a rule: how many of the checked rows break it. */
  readonly rows?: number;
  readonly of?: number;
  /** For a rule that checked no row: the file of the rows. Absent: the rows are of several files, or of none. */
  readonly file?: string;
  /** For a check: the found and the expected value, in words. */
  readonly found?: string;
  readonly expected?: string;
  /** Why a rule or a check was not judged. */
  readonly because?: NotJudgedBecause;
  /** Up to three: the form of values that break the rule, or the values themselves if `samples` is `show`. */
  readonly samples?: readonly string[];
  /** The day of the first run in the journal that reported the rule. */
  readonly since?: string;
}

export type EventBody =
  | {
      readonly event: 'run_start';
      readonly workspace: string;
      /** The workspace's target; absent: it has none. */
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
        /** Whether the window excludes its upper bound, like that of a backfill. */
        readonly upper_excluded?: true;
      };
      readonly rows: { readonly n: number | null; readonly exact: boolean };
      /** How many of the source's files were opened, if not all: then rows, slices and the window's upper bound are estimates. */
      readonly looked_at?: { readonly files: number; readonly of: number };
      readonly bytes: number | null;
      readonly slices: number;
      readonly schema: readonly PlannedColumn[];
      readonly creates: readonly string[];
      readonly replaces: readonly string[];
      /** Absent: the destination's columns stay unchanged. */
      readonly changes?: readonly ChangeTold[];
      /** The statements by which a dry run would make or alter tables, hygge's own included. Absent: the store has no tables, or its columns are not known. */
      readonly ddl?: readonly string[];
      /** How the rows are written (`append`, `swap`, `merge` or `delete_insert`), the settled names of the key's columns, and the reason. */
      readonly write?: {
        readonly mode: string;
        readonly key: readonly string[];
        readonly why: string;
        /** The views, triggers and the like that caused this way, since they depend on the table. */
        readonly because?: readonly string[];
      };
      readonly guarantee: string;
      readonly warnings: readonly string[];
      /** How many of `warnings`, the last ones, are only notes. Absent: none is. */
      readonly notes?: number;
      /** The code of each warning, in their order, for programs. `text`: the warning has no code. */
      readonly codes?: readonly string[];
      /** Keys of the home that the source suggests, with their values. */
      readonly proposes?: Readonly<Record<string, string>>;
      readonly drift?: readonly DriftTold[];
    }
  | {
      readonly event: 'progress';
      /** The present stage, as a code; the narrator has the words. */
      readonly stage: 'claimed' | 'rolled_forward' | 'reading' | 'paused' | 'slice_done' | 'committing' | 'settled' | 'replicating';
      readonly rows: number;
      readonly rows_total: number | null;
      readonly slices_done: number;
      readonly slices: number;
      /** When a `paused` run continues: the source or the store asked for the pause. */
      readonly not_before?: Instant;
      /** What a `paused` run waits for in another system, as a sentence without a full stop. Absent: the source or the store asked for the pause. */
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
      /** The outage of a system, for all entities that use it. It begins with `retry_for_ms`, and ends with `over_after_ms`. */
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
      /** How many entities were never started; absent: none. */
      readonly not_started?: number;
      readonly total: number;
      readonly rows: number;
      readonly seconds: number;
      readonly entities: readonly EntitySummary[];
      /** Flows with errors in the workspace's files. Such a flow does not begin, and counts as one `error`. */
      readonly broken_flows?: readonly { readonly flow: string; readonly errors: readonly ErrorDetails[] }[];
      readonly backfill?: BackfillTold;
    };

export type HyggeEvent = EventBase & EventBody;

export type PlanEvent = EventBase & Extract<EventBody, { readonly event: 'plan' }>;

/** Receives events; must not throw and must not be waited for. */
export type Emit = (event: HyggeEvent) => void;
