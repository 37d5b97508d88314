import type { Fingerprint, Watermark } from '../frames/watermark.ts';
import type { ErrorDetails } from './events.ts';
import type { LeaseHolder } from './host.ts';
import type { Noted } from './notes.ts';
import type { Secret } from './secret.ts';
import type { EntityKey, Instant, Json } from './values.ts';

export type Status = 'pass' | 'warn' | 'error' | 'skip';

/** `interrupted`: somebody stopped it; `held`: another run was at work; `not_started`: an earlier one failed, or it was stopped before. */
export type SkipReason = 'interrupted' | 'held' | 'not_started';

/** Entities by how they ended; those that were never started apart from those that had nothing to do, where there are any. */
export type Tally = Readonly<Record<Status, number>> & { readonly not_started?: number };

/** A stored object by name, within one entity: `plans/…`, `receipts/…`, `intents/…`, `schemas/…`, `seen/…`. */
export type ObjectRef = string;

export interface Lease {
  /** The entity run that holds it. */
  readonly run: string;
  readonly until: Instant;
  readonly holder: LeaseHolder;
}

/** The durable decision to commit, by reference to the intent object. */
export interface Pending {
  readonly id: string;
  readonly epoch: number;
  readonly ref: ObjectRef;
  /** The store refused it for good: whoever finishes it gives it up, unless it is visible. */
  readonly refused?: RefusalReason | undefined;
}

/** Why a store never takes a decided commit: its own code, and its words. */
export interface RefusalReason {
  readonly code: string;
  readonly reason: string;
}

/** What the last finished commit left behind. */
export interface Settled {
  /** The intent's id; equals the store's head. */
  readonly id: string;
  readonly epoch: number;
  /** Null: nothing is settled for incremental reading; the next run loads everything. */
  readonly watermark: Watermark | null;
  readonly boundary: Fingerprint | null;
  readonly snapshot: ObjectRef | null;
  /** The list of files already taken, for incremental-by-file. */
  readonly seen: ObjectRef | null;
  /** What the source said of its version when this was planned; null: it could not say, or what settled is not all of it. */
  readonly sourceVersion: string | null;
  /** Settled by this commit. */
  readonly rows: number;
  /** All rows that are settled; absent or null: it was not counted from the beginning. */
  readonly total?: number | null | undefined;
  readonly at: Instant;
  /** When the last full load that settled was planned; absent: an earlier version did not remember, or a person took the destination over. */
  readonly fullAt?: Instant | undefined;
  /** Nothing ever settled: the first load was refused. Only `id` says something then, which is the store's head. */
  readonly nothing?: true | undefined;
}

/**
 * What an entity is bound to: a change means that the settled state speaks of something else. Each part is text for people
 * (`local:/data/in/*.parquet`, `updated_at timestamp[us]`), compared as it is.
 */
export interface Binding {
  readonly source: string;
  readonly target: string;
  readonly watermark: string;
  /** Which of the workspace's targets (`prod`) it settles for; absent: the workspace had none. */
  readonly of?: string | undefined;
}

/** `Binding.watermark` where files tell what is new. Stored and compared: never put otherwise. */
export const newFiles = 'new files';

/** The state row of one destination: a few hundred bytes, moved only by compare-and-swap, never deleted. protocol.md 2.1. */
export interface StateRow {
  readonly lineage: string;
  readonly epoch: number;
  readonly owner: Lease | null;
  readonly pending: Pending | null;
  readonly settled: Settled | null;
  /** Second watermarks by lane (`backfill:<from>..<to>`). */
  readonly lanes: Readonly<Record<string, Watermark>>;
  readonly binding: Binding | null;
  /** Set by `reset`: the next run is a full load that replaces. */
  readonly fullNext: boolean;
  /** For people: how the last entity run ended. */
  readonly last: { readonly run: string; readonly at: Instant; readonly status: Status; readonly rows: number } | null;
  /** New at every write: tells, after a lost answer, whether the row is mine. */
  readonly writeId: string;
}

/** One finished entity run. The original's journal columns in our names, and more. Rows are never changed. */
export interface JournalRow {
  readonly entity_run_id: string;
  readonly run_id: string;
  readonly invocation_id: string;
  readonly workspace: string;
  /** Which of the workspace's targets; absent: it has none. */
  readonly target?: string | null | undefined;
  readonly flow: string;
  readonly entity: string;
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
  /** An error's words, or all of them: rows of earlier versions have sentences. */
  readonly message: string | null;
  readonly hygge_version: string;
  /** What there is to say of a run that did not fail; `messageOf` (narrate/notes.ts) has the words. */
  readonly notes?: readonly Noted[] | null | undefined;
  /** Why it is a `skip`, where that is not because nothing is new. */
  readonly reason?: SkipReason | null | undefined;
  /** What it failed with, whole. */
  readonly error?: ErrorDetails | null | undefined;
  /** Rows that settled, and those whose place they took: of a backfill each says more than their difference. */
  readonly rows_settled?: number | null | undefined;
  readonly rows_replaced?: number | null | undefined;
  /** Of both, rows that were updated by key; absent: none were. */
  readonly rows_updated?: number | null | undefined;
  /** The first rows that could not be read and were left out: where each stands and what is wrong with it, without its values. */
  readonly bad_rows?: readonly string[] | null | undefined;
}

export interface JournalFilter {
  readonly flow?: string;
  readonly entity?: string;
  readonly run?: string;
  /** Rows that finished before may be left out: a backend that can tell need not read them. */
  readonly since?: Instant;
  /** At most so many, newest first. */
  readonly limit?: number;
}

/**
 * Where state lives: files (laptop), Table Storage (function app), objects beside the data, a SQL database. One port, one
 * conformance suite. Methods may throw `OutcomeUnknown`; a torn, foreign or newer-version row is a StateError, never "no row".
 */
export interface StateStore {
  /** For people and for the store's head (`files .hygge/state`): tells another machine where this destination's state lives. */
  readonly location: string;
  /**
   * The time of whoever keeps the state, as far as its answers told; undefined: they have not yet. Leases go by it, so that the clocks of
   * those who share a state need not agree. A backend without a clock of its own leaves it out: then this machine's counts.
   */
  now?(): Instant | undefined;
  read(key: EntityKey): Promise<{ readonly row: StateRow; readonly etag: string } | undefined>;
  /**
   * The row as this process has read or written it last, without asking: good for a write that is conditional on its etag, and never for a verdict,
   * since others may have moved it. Undefined: it is not known. A backend that does not learn the etag of what it writes leaves it out.
   */
  known?(key: EntityKey): { readonly row: StateRow; readonly etag: string } | undefined;
  /** Compare-and-swap: `etag` undefined creates. `journal`, if given, is written with the row, in one atomic write where the backend has one. */
  write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'>;

  /** Before each survey of a run: it can be written to, from now on, while a home reads where it is kept. Absent: it can anyway. */
  makeReady?(): Promise<void>;

  /**
   * That `key` is going to be written from `etag` (undefined: created): what a write has to make sure of first may be done meanwhile, as far as
   * reading goes where the key is new. Never throws; a write that was not told ahead does the same.
   */
  prepare?(key: EntityKey, etag: string | undefined): void;

  /** Creates an object once; when the name exists already answers what is there instead. */
  putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json>;
  getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined>;
  /** Removes objects; absent ones are fine. */
  removeObjects(key: EntityKey, refs: readonly ObjectRef[]): Promise<void>;
  listObjects(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]>;

  /** Appends a journal row for a run that ended without a commit (skip, error). A second row with the same entity_run_id is ignored by readers. */
  appendJournal(row: JournalRow): Promise<void>;
  journal(filter: JournalFilter): Promise<readonly JournalRow[]>;
  /** Removes journal rows that finished before (whole files of them, where rows live in files). Answers how many files or rows went. */
  pruneJournal(before: Instant): Promise<number>;
  /** Every entity that has a row. */
  entities(): Promise<readonly EntityKey[]>;
  /** Writes something nobody reads under a name never used before, wherever state is written, and takes it back: throws where that may not be. */
  probe?(name: string): Promise<void>;
}

/** The way into a storage account: by a connection string (account key or SAS), or as whoever the process is to Entra ID. */
export type StorageAccess =
  | { readonly by: 'connection string'; readonly text: Secret }
  | {
      readonly by: 'identity';
      /** `https://<account>.table.core.windows.net`, without a slash at the end. */
      readonly tableUrl: string;
      /** `https://<account>.blob.core.windows.net`, without a slash at the end. */
      readonly blobUrl: string;
      /** Which of several user-assigned managed identities; null: the only one, or whoever is signed in. */
      readonly clientId: string | null;
    };
