/** Objects that steps leave for each other in the state backend. Created once under names used once; carried by reference. */

import type { ExpectedColumn } from '../../checks/destination.ts';
import type { Measures } from '../../frames/judge.ts';
import type { Names } from '../../frames/polish/polish.ts';
import type { AsNull } from '../../frames/rejected.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { DriftFound, Noted } from '../../ports/notes.ts';
import type { Binding, ObjectRef, Settled } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { PlannedChange, Standing, WatermarkPrecision } from './catalog.ts';
import type { SeenFile, SliceRef, Window } from './home.ts';
import type { RetypedColumn, ReworkPlan } from './replacing.ts';
import type { Part, Supersede } from './store.ts';
import type { Writing } from './writing.ts';

/** What a run is planned against. */
export interface Baseline {
  /** The destination's columns as they settled last; null: nothing did, or nothing of it counts any more. */
  readonly expected: readonly ExpectedColumn[] | null;
  /** Names of the source's columns as they came then, where that is known. */
  readonly order?: readonly string[] | undefined;
  /** Somebody has taken the source as it is now: `hygge schema accept`. */
  readonly accepted: boolean;
  /** Polish is not what it was when they settled: names can't be compared. */
  readonly repolished?: true;
  /** Whether what is there is written anew. */
  readonly load: 'full' | 'incremental';
  /** Rows go into the table that is there; absent: where not all of it is written anew. */
  readonly keeps?: boolean;
  /** The destination's own columns; absent: only what settled is looked at. */
  readonly there?: Standing;
}

/** What a backfill leaves as it is. */
export type Live = Pick<Settled, 'watermark' | 'boundary' | 'seen' | 'sourceVersion'>;

/** One entity run of one invocation, as every step carries it. */
export interface RunIds {
  readonly invocationId: string;
  readonly runId: string;
  readonly entityRunId: string;
  readonly flow: string;
  readonly entity: string;
}

export interface PlannedSlice {
  readonly slice: SliceRef;
  /** Reads the open boundary group again instead of new rows. */
  readonly boundary: boolean;
  /** Writes a settled part anew: without the rows that are replaced, or with another type of a column without values. */
  readonly rework?: true;
}

/**
 * What a run finds out before it reads, and all its later steps go by: a survey finds it, a plan keeps it. A new fact is added here.
 * JSON: it lies in the state as part of the plan.
 */
export interface PlanFacts {
  /** The store's head that the plan was made on. */
  readonly prev: string | null;
  readonly mode: 'full' | 'incremental';
  readonly byFile: boolean;
  /** Of the files that were taken, and of new ones, not one is there. */
  readonly emptied?: true;
  /** Of a backfill: what is settled for live runs, and stays so. */
  readonly live: Live | null;
  readonly window: Window;
  /** Where the last settled boundary group is read again; null: there is none. */
  readonly boundaryWindow: Window | null;
  readonly lower: Watermark | null;
  /** Null: no watermark, or known only after reading. */
  readonly upper: Watermark | null;
  /** The source tells its newest value only by being read: when the run was planned, which says what is old enough. Null: it tells it, or there is no watermark. */
  readonly observed: { readonly at: Instant } | null;
  /** The column and type, when the entity has a watermark. */
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly slices: readonly PlannedSlice[];
  /** How rows go in. Its key is known only while reading where the source shows its columns only then. */
  readonly writing: Writing;
  readonly supersede: Supersede;
  /** What writing settled parts anew takes beside slices; null: nothing. */
  readonly rework: Omit<ReworkPlan, 'slices'> | null;
  /** Columns without a value so far that get the type of their first ones, in the parts that settled as well. Absent: there are none. */
  readonly retyped?: readonly RetypedColumn[];
  /** As it will settle; null: the source shows its columns only while it is read. */
  readonly schema: Schema | null;
  /** What the source's columns are called where they settle; null: as in the source. */
  readonly names: Names | null;
  /** What the columns are compared with, by every step that reads. */
  readonly before: Baseline;
  /** What the next run is to expect; null: shown only while reading. */
  readonly expects: readonly ExpectedColumn[] | null;
  readonly drift: readonly DriftFound[];
  /** To be remembered with the snapshot; null: the source shows its columns only while it is read. */
  readonly source: SourceTraits | null;
  /** The watermark's column, as it settles. */
  readonly watermarkAs: string | null;
  /** What has to be done to the destination's columns; `schema` null: not known yet. */
  readonly changes: readonly PlannedChange[];
  /** How finely the destination keeps the watermark; null: there is none, or not known yet. */
  readonly precision: WatermarkPrecision | null;
  /** `Description.version`; settles with what was read. Null: it could not say, or some of its rows wait. */
  readonly sourceVersion: string | null;
  /** `Description.pinned`, for the steps that read. */
  readonly pinned: Json | null;
  /** The settled boundary group's fingerprint, to tell whether it changed; null: the group is not read again. */
  readonly boundary: Fingerprint | null;
  readonly seen: readonly SeenFile[] | null;
  /** What the run replaces as a whole, where it is not empty; `rows` null: nobody counted them. Null: nothing that is filled. */
  readonly replaces: { readonly rows: number | null } | null;
  /** The destination is ours and holds no row: a load of nothing would change nothing. */
  readonly emptyAlready: boolean;
  readonly binding: Binding;
  /** Of a full load: when it was planned, by the clock that `full_every` goes by. Null: of another. A plan of an earlier version has none. */
  readonly fullAt?: Instant | null;
  /** Rows that wait until their time has come, or may be left out for good. A plan of an earlier version has a sentence, or null. */
  readonly waiting: readonly Noted[] | string | null;
  /** What a person should think about: the run ends `warn`. */
  readonly warnings: readonly Noted[];
}

/** Made once per claim (H3), or once more after HYG-3210: whoever repeats the planning gets this one. A commit takes the slices of one plan. */
export interface Plan extends PlanFacts {
  readonly version: 1;
  readonly run: string;
  readonly lineage: string;
  readonly epoch: number;
  /** `live`, or a backfill's name. */
  readonly lane: string;
  readonly startedAt: Instant;
}

/** The record of one attempt at a slice. What the driver did not record is debris. */
export interface Receipt {
  readonly version: 1;
  readonly kind: 'receipt';
  readonly slice: number;
  /** Of rework: rows of the part that were written anew, those that are in the range, and `Reworked.anew` (both told once, at the beginning). */
  readonly reworked?: { readonly kept: number; readonly dropped: number; readonly anew?: true };
  readonly parts: readonly Part[];
  readonly rowsRead: number;
  /** What was counted of the rows as they settle or are kept apart; adds up over receipts. Absent: there is no rule. */
  readonly measures?: Measures;
  /** Rows that wait until their time has come, and the latest of them; absent: none do, or the source was asked before it was read. */
  readonly ahead?: { readonly rows: number; readonly latest: string };
  /** Rows left out because they can't be read, and of those how many settle as quarantine. */
  readonly rejected: number;
  readonly quarantined: number;
  /** Where the first of them stand, and what is wrong with them. */
  readonly firstRejected?: readonly string[];
  /** Values that were read as null and are none in the source; absent: there are none, or an earlier version read it. */
  readonly asNull?: AsNull;
  /** Rows of the boundary group as read (boundary slices only). */
  readonly group: Fingerprint;
  /** Rows that settle as the new open boundary group. */
  readonly boundary: Fingerprint;
  readonly schema: Schema | null;
  /** The watermark's column and type as read: where the source reveals them only then, the plan has no type. */
  readonly column: Plan['column'];
  /** `Writing.key`, as read. */
  readonly key: readonly string[];
  /** As `Plan.expects`, where that could not say. */
  readonly expects: readonly ExpectedColumn[] | null;
  /** Likewise of `Plan.changes`. Absent: an earlier version read it. */
  readonly changes?: readonly PlannedChange[] | null;
  /** Go on from here; null: the slice is complete. */
  readonly cursor: Json;
  /** The source wants to be left alone until then; absent: it goes on at once. */
  readonly notBefore?: Instant;
  readonly attempt: number;
}

/** What a source has beside columns and their types. */
export interface SourceTraits {
  /** Names of its columns as they come, after polish and migrations. */
  readonly order: readonly string[];
  /** Columns that tell its rows apart, by their names at the source: as it says itself, else `watermark.key`. */
  readonly keys: readonly string[];
}

/** What an entity's rows are like, as settled: what later runs are compared with, and how they read. They stay: together they are the history. */
export interface SchemaSnapshot {
  readonly version: 1;
  readonly schema: Schema;
  /** The same columns with their sources. */
  readonly expects: readonly ExpectedColumn[];
  readonly drift: readonly DriftFound[];
  /** Of the polish that it settled with, to tell a change of polish from one of the source; null: none. */
  readonly polish: string | null;
  /** The entity run that settled it first. */
  readonly run: string;
  readonly at: Instant;
  readonly pinned: Json | null;
  /** What the source's columns settled as, when polish names them: names that were given once stay. */
  readonly names?: Names;
  /** Absent: not known then; snapshots of earlier versions have none. */
  readonly source?: SourceTraits;
  /** The snapshot that was in force before; null: none was. Absent: made by an earlier version. */
  readonly prev?: ObjectRef | null;
}

/** Many receipts under one name, so that no step's input outgrows 4 kB. */
export interface ReceiptList {
  readonly version: 1;
  readonly kind: 'receipts';
  readonly refs: readonly ObjectRef[];
}

/** Whose objects they are: epochs alone may come again when a state was lost. */
export interface Claim {
  readonly epoch: number;
  readonly lineage: string;
}

const prefix = ({ epoch, lineage }: Claim) => `${String(epoch).padStart(20, '0')}-${lineage}`;

/** Under which a plan is kept for the steps of one process. */
export const planKey = ({ flow, entity }: EntityKey, ref: ObjectRef): string => JSON.stringify([flow, entity, ref]);
/** @param again how many plans of the claim were made before it. */
export const planRef = (run: string, claim: Claim, again = 0): ObjectRef =>
  `plans/${prefix(claim)}-${run}${again > 0 ? '-again' : ''}${again > 1 ? again : ''}`;
export const receiptRef = (claim: Claim, slice: number, nonce: string): ObjectRef => `receipts/${prefix(claim)}-${slice}-${nonce}`;
export const receiptListRef = (claim: Claim, nonce: string): ObjectRef => `receipts/${prefix(claim)}-list-${nonce}`;
export const intentRef = (claim: Claim, id: string): ObjectRef => `intents/${prefix(claim)}-${id}`;
export const seenRef = (claim: Claim, id: string): ObjectRef => `seen/${prefix(claim)}-${id}`;
export const schemaRef = (claim: Claim, id: string): ObjectRef => `schemas/${prefix(claim)}-${id}`;

/** Whose claim a ref's name tells; objects are swept by it. */
export function claimOfRef(ref: ObjectRef): Claim | undefined {
  const [, epoch, lineage] = /\/(\d{20})-([^-]+)-/.exec(ref) ?? [];
  return epoch === undefined || lineage === undefined ? undefined : { epoch: Number(epoch), lineage };
}
