/** Objects that steps leave in the state backend for later steps. Each object is created once, under a unique name, and steps pass on its reference. */

import type { ExpectedColumn } from '../../checks/destination.ts';
import type { Names } from '../../frames/polish/polish.ts';
import type { Schema } from '../../frames/schema.ts';
import type { BoundaryGroup, Watermark } from '../../frames/watermark.ts';
import type { DriftFound, Noted } from '../../ports/notes.ts';
import type { Binding, ObjectRef, Settled } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { PlannedChange, Standing, WatermarkPrecision } from './catalog.ts';
import type { SeenFile, SlicePlan, SliceRef, Window } from './home.ts';
import type { PartLeft, RetypedColumn, ReworkPlan } from './replacing.ts';
import type { Supersede } from './store.ts';
import type { Writing } from './writing.ts';

/** The settled columns, and the earlier decisions about them, with which the plan of a run begins. */
export interface Baseline {
  /** The columns that settled last. Null: nothing has settled, or the settled columns no longer count. */
  readonly expected: readonly ExpectedColumn[] | null;
  /** The names of the source’s columns when they settled last, in their order. Absent: the names are not known. */
  readonly order?: readonly string[] | undefined;
  /** Whether a person accepted the source’s present columns: `hygge schema accept`. */
  readonly accepted: boolean;
  /** Present if the polish changed since the columns settled, so that names can’t be compared. */
  readonly repolished?: true;
  /** The columns whose types the config of the home decides, by their names after polish and migrations. Absent: no column. */
  readonly configured?: readonly string[];
  /** Which rows the run writes. `full`: all rows again. */
  readonly load: 'full' | 'incremental';
  /** Whether rows go into the existing table. Absent: yes, unless the run rewrites all rows. */
  readonly keeps?: boolean;
  /** The destination’s own columns. Absent: only the settled columns are compared. */
  readonly there?: Standing;
}

/** The settled facts of live runs. A backfill leaves them unchanged. */
export type Live = Pick<Settled, 'watermark' | 'boundary' | 'seen' | 'sourceVersion'>;

/** The ids of one entity run. Every step gets them. */
export interface RunIds {
  readonly invocationId: string;
  readonly runId: string;
  readonly entityRunId: string;
  readonly flow: string;
  readonly entity: string;
}

/** The work of a slice: what its step does. For each kind of work there is one function that does it (`move/move.ts`). */
export type SliceWork =
  /** Reads new rows of the source in a window. `window`: its index in `PlanFacts.windows`. If that list is empty, the plan’s own window is read. */
  | { readonly kind: 'read'; readonly window: number }
  /** Reads the rows of the open boundary group again. */
  | { readonly kind: 'group' }
  /** Writes a settled part again, either without the rows that are replaced, or with another type for a column without values. */
  | { readonly kind: 'rework' }
  /** Compares the keys of source and destination, and stages the settled rows that are gone from the source. */
  | { readonly kind: 'compare' }
  /** Writes a group of small settled parts as fewer, larger parts. */
  | { readonly kind: 'compact' }
  /** Takes the rows of one part out of the quarantine. The rows that keep the rules settle, or the mended rows that replace them. */
  | { readonly kind: 'replay'; readonly mended: MendedSlice | null }
  /** Removes the rows of a part of the quarantine without settling them. */
  | { readonly kind: 'drop' }
  /** Removes the standing correction with this id from a part of standing corrections. */
  | { readonly kind: 'uncorrect'; readonly id: string };

/** A slice of a plan. The state keeps it as `records/plans.ts` writes it. */
export interface PlannedSlice {
  readonly slice: SliceRef;
  readonly work: SliceWork;
}

/** Whether the slice reads rows of the source. */
export function readsSource(work: SliceWork): boolean {
  return work.kind === 'read' || work.kind === 'group';
}

/** The window of the source whose rows a slice reads. */
export function windowOfSlice(
  { window, windows, boundaryWindow }: Pick<PlanFacts, 'window' | 'windows' | 'boundaryWindow'>,
  work: SliceWork,
): Window {
  if (work.kind === 'group') return boundaryWindow ?? window;
  const edges = work.kind === 'read' ? windows[work.window] : undefined;
  return edges === undefined ? window : { ...window, ...edges };
}

/** Parts of the quarantine that are older than `validation.keep_quarantined`. */
export interface ExpiredQuarantine {
  readonly parts: readonly SliceRef[];
  readonly rows: number;
  /** When the first of the parts became too old. */
  readonly at: Instant;
}

/** How many mended rows belong to a slice. A row may be in quarantine several times, in one part or in several. Each mended row with the row’s id replaces one of the copies. */
export interface MendedSlice {
  /** How many mended rows are handled with the part of this slice. */
  readonly rows: number;
  /** How many mended rows with an id are handled with the parts of earlier slices, by id. An id without an entry has 0 such rows. */
  readonly before: Readonly<Record<string, number>>;
}

/** How many rows stay in quarantine in a run that takes rows out of it. */
export interface LeftInQuarantine {
  /** The number of rows that can’t be read, so that a replay can’t judge them. */
  readonly unreadable: number;
  readonly ofOtherRuns: number;
}

/**
 * The facts that a run finds before it reads, and that its later steps use. A survey finds the facts, and the plan keeps them as JSON in the state.
 */
export interface PlanFacts {
  /** The rows that stay in quarantine. Present in a run that takes rows out of quarantine. */
  readonly leaves?: LeftInQuarantine;
  /** The id of the store’s head on which the plan was made. */
  readonly prev: string | null;
  readonly mode: 'full' | 'incremental';
  readonly byFile: boolean;
  /** Whether the source has lost all its files, so that it has neither files that were taken before nor new files. */
  readonly emptied: boolean;
  /** The settled facts of live runs, which a backfill leaves unchanged. Null: the run itself is live. */
  readonly live: Live | null;
  readonly window: Window;
  /** The parts of the window that a repair of several ranges reads and replaces, one by one. Empty: the run reads the whole window. */
  readonly windows: readonly Pick<Window, 'lower' | 'upper'>[];
  /** The window in which the last settled boundary group is read again. Null: the group is not read again. */
  readonly boundaryWindow: Window | null;
  readonly lower: Watermark | null;
  /** The upper bound of the watermark. Null: the entity has no watermark, or the bound is known only after reading. */
  readonly upper: Watermark | null;
  /** Whether the upper bound is the time of the source’s clock, even if no row has this value (`HomeCapabilities.upper: clock`). */
  readonly byClock: boolean;
  /**
   * Why a row without a watermark stops the run while it is read. `fail`: the config forbids such rows (`nulls: fail`). `not apart`: it can’t be
   * known which of these rows have settled. `no`: such rows do not stop the run, or they were counted when it was planned.
   */
  readonly stopsAtNull: 'fail' | 'not apart' | 'no';
  /**
   * When the run was planned, for a source whose newest value is known only after reading. The time decides which rows are old enough. Null: the
   * source answers its newest value, or the entity has no watermark.
   */
  readonly observed: {
    readonly at: Instant;
    /** Present if the rows must be in strictly ascending order of the watermark (`HomeCapabilities.upper: appended`). */
    readonly ascending?: true;
  } | null;
  /** The column and the type of the watermark. Null: the entity has no watermark. */
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly slices: readonly PlannedSlice[];
  /** The parts with the standing corrections of the rows that are read. */
  readonly corrections: readonly SliceRef[];
  /** How the commit writes rows. If the source shows its columns only while it is read, the key becomes known only then. */
  readonly writing: Writing;
  readonly supersede: Supersede;
  /** The plan of the settled parts that are rewritten. It is without slices, which are among the plan’s slices. Null: no part is rewritten. */
  readonly rework: Omit<ReworkPlan, 'slices'> | null;
  /** The columns without a value so far. They get the type of their first values, in settled parts as well. */
  readonly retyped: readonly RetypedColumn[];
  /** The columns that will settle. Null: the source shows its columns only while it is read. */
  readonly schema: Schema | null;
  /** The names under which the source’s columns settle. Null: the columns keep their names. */
  readonly names: Names | null;
  /** The columns with which every reading step compares the source’s columns. */
  readonly before: Baseline;
  /** The columns that the next run will expect. Null: the source shows its columns only while it is read. */
  readonly expects: readonly ExpectedColumn[] | null;
  readonly drift: readonly DriftFound[];
  /** What settles with the snapshot about the source besides its columns. Null: the source shows its columns only while it is read. */
  readonly source: SourceTraits | null;
  /** The settled name of the watermark’s column. Null: the entity has no watermark. */
  readonly watermarkAs: string | null;
  /** The changes of the destination’s columns. While `schema` is null, the changes are not known. */
  readonly changes: readonly PlannedChange[];
  /** How finely the destination keeps the watermark. Null: the entity has no watermark, or the precision is not known yet. */
  readonly precision: WatermarkPrecision | null;
  /** `SourceDescription.version`, which settles with the rows. Null: the source has no version, or some of its rows wait for a later run. */
  readonly sourceVersion: string | null;
  /** `SourceDescription.pinned`, which the steps that read need. */
  readonly pinned: Json | null;
  /** The fingerprint of the settled boundary group, which shows whether the group has changed. Null: the group is not read again. */
  readonly boundary: BoundaryGroup | null;
  readonly seen: readonly SeenFile[] | null;
  /** `TakenFiles.movesOn`: whether the list of files settles even without a row. */
  readonly movesOn: boolean;
  /** All files of a home whose new rows are found by a watermark. They settle in place of `seen`. Absent: the run is not live, or the home has too many files. */
  readonly listed?: readonly SeenFile[];
  /** `PassedFiles.mark`, which the state remembers if the run ends without a commit. Absent: the run names no files below the watermark. */
  readonly passedMark?: string;
  /** `SlicePlan.parents`: the parents whose rows will have settled. Absent: the home has no parents. */
  readonly parents?: SlicePlan['parents'];
  /** The content that the run replaces completely. If `rows` is null, its rows were not counted. Null: the run replaces no content. */
  readonly replaces: { readonly rows: number | null } | null;
  /** Whether hygge settled the destination and the destination has no row, so that a load without rows would change nothing. */
  readonly emptyAlready: boolean;
  /** The source and the destination to which the state is bound. Null: another program’s rows were taken over, and no run has continued from them yet. */
  readonly binding: Binding | null;
  /** When a full load was planned, by the clock of `full_every`. Null: the run is not a full load. */
  readonly fullAt: Instant | null;
  /** Notes about rows that wait until their time comes, or that no run may ever read. */
  readonly waiting: readonly Noted[];
  /** The rows in quarantine that the commit removes because they are older than the config allows. Absent: no such rows. */
  readonly expired?: ExpiredQuarantine;
  /** `SourceDescription.provisos`: what the home can’t prove about the rows. */
  readonly provisos: readonly Noted[];
  /** The warnings of the plan. With a warning, the run ends as `warn`. */
  readonly warnings: readonly Noted[];
  /** What the source answered to the checks that query it. */
  readonly asked: SourceAnswers;
}

/** What a source answered when a run was planned. Checks that are not about columns of its rows need the answers. */
export interface SourceAnswers {
  /** The number that each check of the type `sql` got, by the check’s name. Null: the number is NULL. */
  readonly numbers: Readonly<Record<string, string | null>>;
  /** The age of the newest file, and whose clock measured it. Null: the source has no file, or no check needs the age. */
  readonly newestFile: { readonly ageMs: number; readonly clock: 'files' | 'own' } | null;
}

/** A number that is larger than any number of rows. */
export const anyRows = Number.MAX_SAFE_INTEGER;

export const noAnswers: SourceAnswers = { numbers: {}, newestFile: null };

/** The plan of a run. A claim has one plan (H3), or a second one after HYG-3210. If the step that plans is repeated, it gets the same plan. A commit contains the slices of one plan only. */
export interface Plan extends PlanFacts {
  readonly version: 1;
  readonly run: string;
  readonly lineage: string;
  readonly epoch: number;
  /** `live`, or the name of a backfill. */
  readonly lane: string;
  readonly startedAt: Instant;
  /** How many rows the destination may lose. `anyRows`: the number is not limited, since the run is not a repair. */
  readonly mostFewer: number;
  /** How many rows of the source may break rules or be unreadable. `anyRows`: the number is not limited, since the run is not a repair. */
  readonly mostLeftOut: number;
}

/** How many rows a comparison of keys read on each side, and how many settled rows are gone from the source. */
export interface ComparedKeys {
  readonly source: number;
  readonly settled: number;
  readonly gone: number;
  /** How many settled rows stay though the first look at the source missed their keys. Either the keys came back meanwhile, or the source has keys that a collation may treat as equal. */
  readonly stay: number;
  /** How many settled rows stay though the source lacks them, because they are older than all rows of the source. The source may have forgotten these rows. */
  readonly older: number;
}

/** What happened to rows in quarantine. The numbers of several receipts add up. */
export interface ReleasedRows {
  /** How many rows keep the rules now, so that they settle. */
  readonly settled: number;
  /** How many rows still break a rule, so that they stay. If a mended row breaks a rule, the row that it should replace stays. */
  readonly stay: number;
  readonly dropped: number;
  /** How many standing corrections were removed. */
  readonly uncorrected: number;
  /** Present if the rows come from a file that a person has mended. Absent: the rows are the ones in quarantine. */
  readonly mended?: true;
}

/** What happened to the parts of a group. The rows of `files` parts were staged again, and the parts in `left` stay unchanged. */
export interface CompactedParts {
  readonly files: number;
  readonly bytes: number;
  readonly left: readonly PartLeft[];
}

/** A settled part that a comparison of keys or a compaction stages again. `kept`, `dropped` and `marked` say how many of its rows stay unchanged, are removed, and are marked as deleted. */
export interface RewrittenPart {
  readonly slice: SliceRef;
  readonly kept: number;
  readonly dropped?: number;
  readonly marked?: number;
}

/** A run of hashes that a slice left aside, made of the keys of the slice’s rows. */
export interface KeyRun {
  readonly ref: Json;
  readonly columns: readonly string[];
  readonly keys: number;
  readonly bits: number;
  /** How many further rows have a key that another row of the run has, too: `EncodedRun.surplus`. */
  readonly surplus: number;
  /** `WideHashing.looks` of the process that made the hashes. It says how the hashes are made. */
  readonly looks: string;
}

/** What hygge remembers about a source besides its columns and their types. */
export interface SourceTraits {
  /** The source's column names in their order, after polish and migrations. */
  readonly order: readonly string[];
  /** The key’s columns, by their names in the source: the source’s own key, or else `watermark.key`. */
  readonly keys: readonly string[];
}

/** The settled columns of an entity, and how its source is read. Later runs compare their columns with these. Old snapshots are kept as the history. */
export interface SchemaSnapshot {
  readonly version: 1;
  readonly schema: Schema;
  /** The columns of `schema` with their sources. */
  readonly expects: readonly ExpectedColumn[];
  readonly drift: readonly DriftFound[];
  /** The fingerprint of the polish. It shows whether the polish or the source has changed. Null: the entity had no polish. */
  readonly polish: string | null;
  /** The entity run that first settled these columns. */
  readonly run: string;
  readonly at: Instant;
  readonly pinned: Json | null;
  /** The names under which the source’s columns settle, if polish names them. Once a column has a name, the name stays. */
  readonly names?: Names;
  /** The traits of the source. Absent: the traits were not known, or an older hygge made the snapshot. */
  readonly source?: SourceTraits;
  /** The snapshot that was in force before. Null: it is the first snapshot. Absent: an older hygge made the snapshot. */
  readonly prev?: ObjectRef | null;
}

/** A list of receipts under one name. With such lists no step’s input exceeds 4 kB. */
export interface ReceiptList {
  readonly version: 1;
  readonly kind: 'receipts';
  readonly refs: readonly ObjectRef[];
}

/** The claim that owns objects. An epoch alone does not identify a claim, because epochs may repeat after a state was lost. */
export interface Claim {
  readonly epoch: number;
  readonly lineage: string;
}

const prefix = ({ epoch, lineage }: Claim) => `${String(epoch).padStart(20, '0')}-${lineage}`;

/** The key of a plan in the cache of a process. */
export const planCacheKey = ({ flow, entity }: EntityKey, ref: ObjectRef): string => JSON.stringify([flow, entity, ref]);
/** The reference of a plan. @param again how many plans of the claim were made before it. */
export const planRef = (run: string, claim: Claim, again = 0): ObjectRef =>
  `plans/${prefix(claim)}-${run}${again > 0 ? '-again' : ''}${again > 1 ? again : ''}`;
export const receiptRef = (claim: Claim, slice: number, nonce: string): ObjectRef => `receipts/${prefix(claim)}-${slice}-${nonce}`;
export const receiptListRef = (claim: Claim, nonce: string): ObjectRef => `receipts/${prefix(claim)}-list-${nonce}`;
export const intentRef = (claim: Claim, id: string): ObjectRef => `intents/${prefix(claim)}-${id}`;
export const seenRef = (claim: Claim, id: string): ObjectRef => `seen/${prefix(claim)}-${id}`;
export const schemaRef = (claim: Claim, id: string): ObjectRef => `schemas/${prefix(claim)}-${id}`;

/** The claim that owns an object, read from the object’s reference. A sweep removes the objects of a claim. */
export function claimOfRef(ref: ObjectRef): Claim | undefined {
  const [, epoch, lineage] = /\/(\d{20})-([^-]+)-/.exec(ref) ?? [];
  return epoch === undefined || lineage === undefined ? undefined : { epoch: Number(epoch), lineage };
}

/** The name under which a column of the source settles. @param source the column’s name in the source. Undefined: the column has not settled under a name. */
export function settledNameIn(
  { names, expects }: { readonly names?: Names | null | undefined; readonly expects?: readonly ExpectedColumn[] | null | undefined },
  source: string,
): string | undefined {
  return names?.find(([from]) => from === source)?.[1] ?? expects?.find(({ from }) => from === source)?.name;
}
