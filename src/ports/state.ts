import type { BoundaryGroup, Watermark } from '../frames/watermark.ts';
import type { ErrorDetails } from './events.ts';
import type { LeaseHolder } from './host.ts';
import type { Noted } from './notes.ts';
import type { Secret } from './secret.ts';
import type { EntityKey, Instant, Json } from './values.ts';

export type Status = 'pass' | 'warn' | 'error' | 'skip';

/** `interrupted`: the run was stopped; `held`: another run has the entity; `not_started`: an earlier entity failed, or the run was stopped before. */
export type SkipReason = 'interrupted' | 'held' | 'not_started';

/** How many entities ended in each status. `not_started` counts the entities that were never started; absent: all were started. */
export type Tally = Readonly<Record<Status, number>> & { readonly not_started?: number };

/** The name of a stored object within one entity: `plans/…`, `receipts/…`, `intents/…`, `schemas/…`, `seen/…`. */
export type ObjectRef = string;

export interface Lease {
  /** The entity run that holds the lease. */
  readonly run: string;
  readonly until: Instant;
  readonly holder: LeaseHolder;
}

/** The durable decision to commit, by reference to the intent object. */
export interface Pending {
  readonly id: string;
  readonly epoch: number;
  readonly ref: ObjectRef;
  /** Why the store permanently rejected the commit. A finisher then abandons the commit, unless the commit is visible. */
  readonly refused?: CommitRefusalReason | undefined;
}

/** Why a store will never accept a decided commit: the error's code and words. */
export interface CommitRefusalReason {
  readonly code: string;
  readonly reason: string;
}

/** The facts about the last finished commit. */
export interface Settled {
  /** The intent’s id, which is also in the store’s head. */
  readonly id: string;
  readonly epoch: number;
  /** The watermark of the commit; null: an incremental run can’t continue from the commit, so the next run loads all rows. */
  readonly watermark: Watermark | null;
  readonly boundary: BoundaryGroup | null;
  readonly snapshot: ObjectRef | null;
  /** For incremental-by-file: the list of files that hygge has already read. */
  readonly seen: ObjectRef | null;
  /** The version of the source when the commit was planned; null: the source has no version, or some of its rows did not settle. */
  readonly sourceVersion: string | null;
  /** How many rows this commit settled. */
  readonly rows: number;
  /** The number of all settled rows; absent or null: the rows were not counted from the beginning. */
  readonly total?: number | null | undefined;
  readonly at: Instant;
  /** When the last full load that settled was planned; absent: an earlier version did not record it, or a person adopted the destination. */
  readonly fullAt?: Instant | undefined;
  /** Set if nothing ever settled, because the store rejected the first load. If set, only the member `id` has a meaning: the id of the store’s head. */
  readonly nothing?: true | undefined;
}

/**
 * The source, destination and watermark that an entity's state is about. When the source, the destination or the watermark changes, the state no longer
 * applies. Each part is a text for people (`local:/data/in/*.parquet`, `updated_at timestamp[us]`), and is compared as text.
 */
export interface Binding {
  readonly source: string;
  readonly target: string;
  readonly watermark: string;
  /** The workspace's target (`prod`); absent: the workspace has no targets. */
  readonly of?: string | undefined;
}

/** `Binding.watermark` of an entity by file. The text is stored and compared, so it must never change. */
export const newFiles = 'new files';

/** The state row of one destination (protocol.md 2.1). A row has a few hundred bytes, changes only by compare-and-swap, and is never deleted. */
export interface StateRow {
  readonly lineage: string;
  readonly epoch: number;
  readonly owner: Lease | null;
  readonly pending: Pending | null;
  readonly settled: Settled | null;
  /** Second watermarks by lane (`backfill:<from>..<to>`). */
  readonly lanes: Readonly<Record<string, Watermark>>;
  readonly binding: Binding | null;
  /** Whether the next run is a full load that replaces all rows, as after `reset`. */
  readonly fullNext: boolean;
  /** How the last entity run ended, for people. */
  readonly last: { readonly run: string; readonly at: Instant; readonly status: Status; readonly rows: number } | null;
  /** A new id at every write. After a lost answer, the id shows whether this process wrote the row. */
  readonly writeId: string;
}

/**
 * Why a comparison has no verdict.
 * `nothing settled`: the entity has no settled rows.
 * `reset`: the next run loads all rows.
 * `unfinished`: a decided commit is not finished yet.
 * `unsettled watermark`: no watermark has settled, although the config names a watermark.
 * `files gone`: settled files have left the source.
 * `changed since`: rows are not yet due, and without a key in the config, rows that replace settled rows can’t be recognized.
 * `no way back`: the store can’t read settled rows.
 * `not replicated`: another system has not applied all settled rows, or nothing shows that it has.
 * `not visible yet`: the source shows an outdated copy (`SourceDescription.isBehind`).
 * `no column`: no column is left to compare.
 * `no row`: the range or the sample has no row.
 * `many versions`: too many keys have earlier versions to check all of them.
 * `many deletes`: the source lacks more settled rows than a comparison of keys may remove.
 * `unknown keys`: as many rows are only in the destination as the source has rows with an unreadable key.
 * `changed meanwhile`: a run settled during each of three comparisons, or too many rows differed at first to check all again, and the checked rows are
 * now equal.
 * `no key`: rows that only the destination has may be earlier versions of rows of a change feed, but no key shows of which rows.
 * `ignored deletes`: rows that only the destination has may be rows that `deletes: ignore` keeps, but nothing shows it.
 * `changed files`: changed files of the source, or changed versions of its table, had settled rows. `changed_files` keeps the settled rows, or the next
 * run reads the files.
 * `too long`: the time limit of a comparison after a commit is over.
 * `stopped`: the comparison was stopped.
 */
export type NotToldBecause =
  | 'nothing settled'
  | 'reset'
  | 'unfinished'
  | 'unsettled watermark'
  | 'files gone'
  | 'changed since'
  | 'no way back'
  | 'not replicated'
  | 'not visible yet'
  | 'no column'
  | 'no row'
  | 'many versions'
  | 'no key'
  | 'ignored deletes'
  | 'changed files'
  | 'many deletes'
  | 'unknown keys'
  | 'changed meanwhile'
  | 'too long'
  | 'stopped';

/**
 * Why source and destination count as the same, although some rows are only on one side. `so far`: rows that a later run loads, changes or removes.
 * `as designed`: rows that stay different, such as earlier versions, rows in quarantine and marked rows.
 */
export type SameBecause = 'so far' | 'as designed';

/** The stored result of a comparison, without values: in the journal row, and as the last verdict about the entity. */
export interface Verification {
  readonly verdict: 'same' | 'differs' | 'not told';
  /** The basis of the verdict. `counts`: both sides have the same number of rows, and values were not compared. */
  readonly by: 'counts' | 'checksums';
  /** The reason for the verdict. For `not told`: null if the row has an error. For `same`: null if every row is on both sides. */
  readonly because: NotToldBecause | SameBecause | null;
  readonly rows: { readonly source: number; readonly destination: number } | null;
  readonly differences: { readonly only_in_source: number; readonly only_in_destination: number; readonly changed: number } | null;
  /** The compared range of the watermark; null: all rows that were due. */
  readonly range: { readonly from: string | null; readonly to: string | null } | null;
  /** The share of the keys that were compared. */
  readonly sample: number;
  /** The compared columns; null: all columns that can be compared. */
  readonly columns: readonly string[] | null;
}

/** The newest verdict about an entity. */
export interface LastVerification extends Verification {
  /** The id of the comparison’s row in the journal. */
  readonly id: string;
  readonly at: Instant;
  /** `pass`: both sides are the same; `error` or `warn`: they differ, or the comparison failed; `skip`: no verdict was possible. */
  readonly status: Status;
  readonly error_code: string | null;
}

/** The replication of an entity, as of the last query to the other system. */
export interface LastReplication {
  readonly asked_at: Instant;
  /** `probably`: the system’s figures match, but prove nothing. `waiting`: the replication continued by itself. `stopped`: an earlier error or a person stopped the replication. */
  readonly state: 'replicated' | 'probably' | 'waiting' | 'stopped';
  /** The words of the other system, as the end of a sentence without a full stop; null: the system gave no message. */
  readonly said: string | null;
  /** The most settled files that were not applied; null: not measured. */
  readonly files_behind: number | null;
  /** The most settled rows that were not applied; null: not measured. */
  readonly rows_behind: number | null;
  /** The newest commit that was seen replicated, with all earlier commits. Null: no commit was seen replicated, or the table was recreated since then. */
  readonly until: ReplicatedUntil | null;
}

export interface ReplicatedUntil {
  readonly settled_at: Instant;
  /** The table version of the commit; null: the commit has none. */
  readonly watermark: string | null;
  /** When the commit was first seen replicated. The replication took at most the time from `settled_at` to this time. */
  readonly seen_at: Instant;
}

/** `JournalRow.lane` of a row about a comparison instead of a run. The value is stored, so it must never change. */
export const verifyLane = 'verify';

/** `JournalRow.lane` of compactions, which settle already settled rows again. */
export const compactionName = 'compact';

/** The lanes of runs that change no row. If such a run fails, that is only a warning. */
export const unchangingLanes: ReadonlySet<string> = new Set([compactionName]);

/** `JournalRow.lane` of runs that settle or drop rows in quarantine. */
export const quarantineName = 'quarantine';

/** The lanes of runs that work on settled rows, and do not read the source. */
export const settledRowsLanes: ReadonlySet<string> = new Set([compactionName, quarantineName]);

/** The journal's row of one finished entity run, or of one comparison of an entity with its source. Rows are never changed. */
export interface JournalRow extends EntityKey {
  readonly entity_run_id: string;
  readonly run_id: string;
  readonly invocation_id: string;
  readonly workspace: string;
  /** The workspace's target; absent: the workspace has no targets. */
  readonly target?: string | null | undefined;
  readonly lane: string;
  readonly epoch: number;
  readonly started_at: Instant;
  readonly finished_at: Instant;
  readonly seconds: number;
  readonly status: Status;
  readonly run_type: 'full_drop' | 'incremental';
  /** Rows settled minus rows superseded. */
  readonly rows: number;
  readonly rows_read: number;
  readonly bytes: number;
  readonly parts: number;
  readonly attempts: number;
  readonly watermark_column: string | null;
  readonly watermark_type: string | null;
  readonly watermark_from: string | null;
  readonly watermark_to: string | null;
  readonly error_code: string | null;
  /** The text of an error. In rows of earlier versions: also the message of a successful run. */
  readonly message: string | null;
  readonly hygge_version: string;
  /** The notes of a successful run; `messageOf` (narrate/text/notes.ts) puts the notes into words. */
  readonly notes?: readonly Noted[] | null | undefined;
  /** Why the run is a `skip`; absent: nothing was new. */
  readonly reason?: SkipReason | null | undefined;
  /** The whole error of a run that failed. */
  readonly error?: ErrorDetails | null | undefined;
  /** How many rows settled, and how many they replaced. For a backfill, these two numbers say more than their difference, which is `rows`. */
  readonly rows_settled?: number | null | undefined;
  readonly rows_replaced?: number | null | undefined;
  /** How many rows were updated by key. Both numbers above include these rows. Absent: none. */
  readonly rows_updated?: number | null | undefined;
  /** The result of a comparison, whose lane is `verify`, and whose figures of a run are 0 and null. Absent: the row is about a run. */
  readonly verified?: Verification | null | undefined;
  /** The first rows that could not be read and were left out: the position and the problem of each row, without its values. */
  readonly bad_rows?: readonly string[] | null | undefined;
  /** How many rows went into quarantine, including unreadable rows; absent: none, or an earlier version wrote the row. */
  readonly quarantined?: number | null | undefined;
  /** How many rules and checks ended the run, and how many checks only warned; absent: none. */
  readonly checks_failed?: number | null | undefined;
  readonly checks_warned?: number | null | undefined;
}

export interface JournalFilter {
  readonly flow?: string;
  readonly entity?: string;
  readonly run?: string;
  /** Whether rows of comparisons are returned too. Absent: only rows of runs. */
  readonly withVerifications?: true;
  /** Rows of runs that finished before this time may be left out, so that a backend need not read them. */
  readonly since?: Instant;
  /** Only rows of runs that finished before this time. Absent: rows up to the newest. */
  readonly before?: Instant;
  /** The newest `limit` rows are returned. */
  readonly limit?: number;
}

/**
 * A state store keeps state rows, their objects and the journal: in files (laptop), Table Storage (function app), objects beside the data, or a SQL
 * database. All state stores pass one conformance suite. Methods may throw `OutcomeUnknown`; a torn, foreign or newer-version row is a StateError, never
 * "no row".
 */
export interface StateStore {
  /** The place of the state for people (`files .hygge/state`). The store’s head records the place, so that another machine can find this destination’s state. */
  readonly location: string;
  /**
   * The backend's time, from its answers; undefined: it has not answered yet. Leases are measured by this time, so that machines with a shared state may
   * have different clocks. Absent: the backend has no clock of its own, and this machine's clock counts.
   */
  now?(): Instant | undefined;
  read(key: EntityKey): Promise<{ readonly row: StateRow; readonly etag: string } | undefined>;
  /**
   * Returns the row that this process read or wrote last, without a request; undefined: this process has neither read nor written the row. The row may be
   * used for a write that is conditional on its etag, but never for a verdict, because other processes may have changed the row. Absent: the backend does
   * not learn the etag of what it writes.
   */
  known?(key: EntityKey): { readonly row: StateRow; readonly etag: string } | undefined;
  /** Writes the row by compare-and-swap; `etag` undefined creates it. A `journal` row is written together with the state row, if possible in one atomic write. */
  write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'>;

  /** Ensures that the state can be written while a home reads the same database. Called before each survey of a run. Absent: the state can always be written. */
  makeReady?(): Promise<void>;

  /**
   * Announces a write of `key` from `etag` (undefined: the row will be created). The backend may do the checks of that write in advance, by reading
   * only if the key is new. The announcement never throws. A write without an announcement does the same checks.
   */
  prepare?(key: EntityKey, etag: string | undefined): void;

  /** Creates an object. If the name exists already, returns the existing object unchanged. */
  putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json>;
  getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined>;
  /** Removes objects. A missing object counts as removed. */
  removeObjects(key: EntityKey, refs: readonly ObjectRef[]): Promise<void>;
  listObjects(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]>;

  /** Appends a journal row for a run that ended without a commit (skip, error). Readers ignore a second row with the same entity_run_id. */
  appendJournal(row: JournalRow): Promise<void>;
  journal(filter: JournalFilter): Promise<readonly JournalRow[]>;
  /** Removes the journal rows of runs that finished before `before`, or whole files of such rows. Returns the number of removed files or rows. */
  pruneJournal(before: Instant): Promise<number>;
  /** Lists every entity that has a state row. */
  entities(): Promise<readonly EntityKey[]>;
  /** Writes an unused object under a new name in every place where state is written, and removes it again. Throws if a write or removal is not allowed. */
  probe?(name: string): Promise<void>;
}

/** The result of `decide`. `to` is the new document, at most 4 kB; absent: the document stays unchanged. `answer` belongs to the new document. */
export interface Changed<T> {
  readonly to?: Json;
  readonly answer: T;
}

/** A small JSON document that all processes with the same state change one after another, such as the used share of a request limit. */
export interface Ledger {
  /** The place of the document; '': only in this process. */
  readonly place: string;
  /** The id of this process among the processes that change the document. */
  readonly by: string;
  /** How much the clocks of two such processes may differ, in milliseconds. */
  readonly skewMs: number;
  /** The time by the common clock of these processes, if they have one. */
  now(): Instant;
  /**
   * Changes the document. `decide` gets the current document (null at first) and the time, and is called again if another process was faster. Returns the
   * `answer` of the call whose document was written. After a lost answer, checks whether the change was made. A permission in the answer is valid for at
   * most `permitMs` after the time that `decide` got; later the state may have forgotten the change.
   */
  change<T>(decide: (document: Json | null, at: Instant) => Changed<T>): Promise<T>;
}

/** How long a permission from `Ledger.change` is valid, in milliseconds. */
export const permitMs = 5 * 60_000;

/** How to sign in to a storage account: by a connection string (account key or SAS), or by the identity of the process in Entra ID. */
export type StorageAccess =
  | { readonly by: 'connection string'; readonly text: Secret }
  | {
      readonly by: 'identity';
      /** `https://<account>.table.core.windows.net`, without a slash at the end. */
      readonly tableUrl: string;
      /** `https://<account>.blob.core.windows.net`, without a slash at the end. */
      readonly blobUrl: string;
      /** The user-assigned managed identity to use; null: the only managed identity, or the account that is signed in. */
      readonly clientId: string | null;
    };

/** How many rows are read first. The row is usually among them, so other rows are read only if necessary. */
const rowsAtFirst = 10;

/** The newest journal row of an entity that passes the test. @param most how many of the entity’s last rows are checked; undefined: all rows. */
export async function newestRow(
  state: Pick<StateStore, 'journal'>,
  { flow, entity }: EntityKey,
  test: (row: JournalRow) => boolean,
  most?: number,
): Promise<JournalRow | undefined> {
  const latest = await state.journal({ flow, entity, limit: rowsAtFirst });
  const found = latest.find(test);
  if (found !== undefined || latest.length < rowsAtFirst) return found;
  return (await state.journal({ flow, entity, ...(most === undefined ? {} : { limit: most }) })).find(test);
}
