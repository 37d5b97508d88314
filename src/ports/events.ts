import type { Fidelity } from '../frames/schema.ts';
import type { SkipReason, Status } from './state.ts';
import type { Instant, Json } from './values.ts';

/** What a run tells the world while it happens. The same events feed text, JSON lines, the function app's logs and any page. */
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
  /** Its name in the source where that is another; null: polish or the store adds it. */
  readonly source_name?: string | null;
  readonly source_type: string;
  readonly type: string;
  readonly store_type: string;
  /** `checked`: `schema_overrides` says the type, and each value is looked at. */
  readonly fidelity: Fidelity | 'checked';
}

/** What a commit does to the destination's own columns. */
export interface ChangeTold {
  readonly change: 'add column' | 'widen' | 'drop not null' | 'rename column';
  readonly column: string;
  /** Of a new or wider one. */
  readonly type?: string;
  /** Of one that is renamed. */
  readonly to?: string;
  /** `rewrites`: every row that is there is written anew. */
  readonly how: 'in place' | 'rewrites';
}

/** A difference between the source's columns and those that settled, and what was decided about it. */
export interface DriftTold {
  readonly kind: 'added' | 'removed' | 'type' | 'nullable' | 'reordered' | 'key';
  /** As the source calls it; null: it is about all of them. */
  readonly column: string | null;
  /** `column email (string) is new`. */
  readonly change: string;
  /** What the column was and is: its type, or `nullable` and `not null`; absent: there was or is none. */
  readonly before?: string;
  readonly now?: string;
  /** Of another type: whether it holds every value of the one before, or the other way round, or neither. */
  readonly direction?: 'widened' | 'narrowed' | 'incompatible';
  /** Up to three values of the column as the source has it now; where they are masked, how long each is. Only where looking at rows costs nothing. */
  readonly samples?: readonly Json[];
  /** Of a column that is gone: the new one that it may be called now, a guess. */
  readonly renamed_to?: string;
  /** `add_columns: auto`; null where no policy speaks of it. */
  readonly policy: string | null;
  readonly severity: 'fail' | 'warn' | 'note';
  readonly outcome: string;
  /** When it was noticed first. */
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
  /** The statement that a database refused, without its values. */
  readonly statement?: string | undefined;
}

export interface EntitySummary {
  readonly flow: string;
  readonly entity: string;
  readonly status: Status;
  readonly rows: number;
  readonly rows_read: number;
  readonly entity_run_id: string;
  readonly watermark: string | null;
  /** Where it settled, for people. */
  readonly to: string;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly message?: string;
  /** What the message speaks of; absent: an error's words. */
  readonly codes?: readonly string[];
  /** Of a `skip`: why, where that is not because nothing is new. */
  readonly reason?: SkipReason;
  /** What it failed with; of a `skip` that was held or interrupted, what is said of that. */
  readonly error?: ErrorDetails;
  /** Of a backfill: the part of it that this run was about. */
  readonly chunk?: { readonly from: string; readonly to: string };
}

/** A backfill as a whole. `from` is in it, `to` is not. */
export interface BackfillTold {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly chunks: number;
  /** Chunks that are done, by this invocation and earlier ones. */
  readonly done: number;
}

export type EventBody =
  | {
      readonly event: 'run_start';
      readonly workspace: string;
      /** Which of the workspace's targets; absent: it has none. */
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
      /** `full` | `incremental` | `files` | `backfill`. */
      readonly mode: string;
      readonly window: {
        readonly column: string | null;
        readonly lower: string | null;
        readonly upper: string | null;
        /** Of a backfill: the upper bound is not in it. */
        readonly upper_excluded?: true;
      };
      readonly rows: { readonly n: number | null; readonly exact: boolean };
      /** Only so many of the source's files were opened: rows, slices and the window's upper bound are estimates. Absent: all that it takes. */
      readonly looked_at?: { readonly files: number; readonly of: number };
      readonly bytes: number | null;
      readonly slices: number;
      readonly schema: readonly PlannedColumn[];
      readonly creates: readonly string[];
      readonly replaces: readonly string[];
      /** Absent: the destination's columns stay as they are. */
      readonly changes?: readonly ChangeTold[];
      /** Statements that make or alter tables, as they would be run, those of hygge's own included. Of a dry run. Absent: the store has no tables, or its columns are not known. */
      readonly ddl?: readonly string[];
      /** How rows go in, and why so: `append`, `swap`, `merge`, `delete_insert`, and the key's columns as they settle. */
      readonly write?: {
        readonly mode: string;
        readonly key: readonly string[];
        readonly why: string;
        /** What decided it: views, triggers and the like, that stay with the table. */
        readonly because?: readonly string[];
      };
      readonly guarantee: string;
      readonly warnings: readonly string[];
      /** How many of `warnings`, the last ones, are notes: nothing is wrong. Absent: none of them. */
      readonly notes?: number;
      /** What each of the warnings is, in their order: what a program goes by. `text`: it has no code. */
      readonly codes?: readonly string[];
      readonly drift?: readonly DriftTold[];
    }
  | {
      readonly event: 'progress';
      /** What is going on now; the narrator turns it into words. */
      readonly stage: 'claimed' | 'rolled_forward' | 'reading' | 'paused' | 'slice_done' | 'committing' | 'settled';
      readonly rows: number;
      readonly rows_total: number | null;
      readonly slices_done: number;
      readonly slices: number;
      /** Of `paused`: the source, or the store, wants to be left alone until then. */
      readonly not_before?: Instant;
      readonly detail?: string;
    }
  | {
      /** Of a dry run with `--against`: where the plans of two targets differ. */
      readonly event: 'differences';
      readonly workspace: string;
      readonly target?: string;
      readonly against: string;
      /** Those that differ. */
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
      /** Of all entities that use the system. It begins with `retry_for_ms`, and is over with `over_after_ms`. */
      readonly outage?: { readonly system: string; readonly retry_for_ms?: number; readonly over_after_ms?: number };
    }
  | { readonly event: 'warning'; readonly message: string; readonly code?: string }
  | ({ readonly event: 'entity_done' } & EntitySummary)
  | ({ readonly event: 'error' } & ErrorDetails)
  | { readonly event: 'interrupted'; readonly signal: string; readonly message: string }
  | {
      readonly event: 'summary';
      readonly pass: number;
      readonly warn: number;
      readonly error: number;
      readonly skip: number;
      /** Entities that were never started; absent: there are none. */
      readonly not_started?: number;
      readonly total: number;
      readonly rows: number;
      readonly seconds: number;
      readonly entities: readonly EntitySummary[];
      /** Flows that something is wrong with in the workspace's files, so that nothing of them began: each counts as one `error`. */
      readonly broken_flows?: readonly { readonly flow: string; readonly errors: readonly ErrorDetails[] }[];
      readonly backfill?: BackfillTold;
    };

export type HyggeEvent = EventBase & EventBody;

export type PlanEvent = EventBase & Extract<EventBody, { readonly event: 'plan' }>;

/** Takes events; must not throw and must not be waited for. */
export type Emit = (event: HyggeEvent) => void;
