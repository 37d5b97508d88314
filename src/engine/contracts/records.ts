/** Objects that steps leave for later steps in the state backend. Each is created once, under a unique name, and steps pass on its reference. */

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

/** The settled columns and decisions that the plan of a run starts from. */
export interface Baseline {
  /** The columns that settled last; null: nothing settled, or the settled columns no longer count. */
  readonly expected: readonly ExpectedColumn[] | null;
  /** The source's column names at that time, in their order, if they are known. */
  readonly order?: readonly string[] | undefined;
  /** A person accepted the source's present columns: `hygge schema accept`. */
  readonly accepted: boolean;
  /** The polish changed since the columns settled, so names can't be compared. */
  readonly repolished?: true;
  /** Columns whose types are decided by the config of the home, as polish and migrations name them; absent: none. */
  readonly configured?: readonly string[];
  /** `full`: the run writes all rows again. */
  readonly load: 'full' | 'incremental';
  /** Whether rows go into the existing table; absent: yes, unless all rows are rewritten. */
  readonly keeps?: boolean;
  /** The destination's own columns; absent: only the settled columns are compared. */
  readonly there?: Standing;
}

/** The settled facts of live runs, which a backfill leaves unchanged. */
export type Live = Pick<Settled, 'watermark' | 'boundary' | 'seen' | 'sourceVersion'>;

/** The ids of one entity run, which every step carries. */
export interface RunIds {
  readonly invocationId: string;
  readonly runId: string;
  readonly entityRunId: string;
  readonly flow: string;
  readonly entity: string;
}

/** The work of a slice: what the step that moves it does. Each kind has one mover (`move/move.ts`). */
export type SliceWork =
  /** Reads new rows of the source, in one of `PlanFacts.windows` by its place, or in the plan's window if that list is empty. */
  | { readonly kind: 'read'; readonly window: number }
  /** Reads the rows of the open boundary group again. */
  | { readonly kind: 'group' }
  /** Writes a settled part again: without the rows that are replaced, or with another type of a column without values. */
  | { readonly kind: 'rework' }
  /** Compares the keys of source and destination, and stages the settled rows that the source no longer has. */
  | { readonly kind: 'compare' }
  /** Stages a group of small settled parts as larger ones. */
  | { readonly kind: 'compact' }
  /** Takes the rows of one part out of the quarantine and settles those that keep the rules: the rows themselves, or mended rows in their place. */
  | { readonly kind: 'replay'; readonly mended: MendedSlice | null }
  /** Removes the rows of a part of the quarantine. */
  | { readonly kind: 'drop' }
  /** Removes a standing correction from a part of standing corrections. */
  | { readonly kind: 'uncorrect'; readonly id: string };

/** A slice of a plan. The state has it in the form of `records/plans.ts`. */
export interface PlannedSlice {
  readonly slice: SliceRef;
  readonly work: SliceWork;
}

/** Whether the slice reads rows of the source. */
export function readsSource(work: SliceWork): boolean {
  return work.kind === 'read' || work.kind === 'group';
}

/** Which rows of the source a slice reads. */
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
  /** When the first of these parts became too old. */
  readonly at: Instant;
}

/** A row may be in quarantine several times, in one part or in several. Each mended row with its id replaces one of them. */
export interface MendedSlice {
  /** How many mended rows are handled with this part. */
  readonly rows: number;
  /** How many mended rows with an id are handled with the parts of earlier slices, by id. An id without an entry: none. */
  readonly before: Readonly<Record<string, number>>;
}

/** Rows in quarantine that a run which takes rows out of it leaves there. */
export interface LeftInQuarantine {
  /** The number of rows that can't be read, so that a replay has nothing to judge. */
  readonly unreadable: number;
  readonly ofOtherRuns: number;
}

/**
 * The facts that a run finds before it reads, and that its later steps use. A survey finds them, and a plan keeps them. They are JSON, since the plan is kept
 * in the state.
 */
export interface PlanFacts {
  /** Present in a run that takes rows out of quarantine. */
  readonly leaves?: LeftInQuarantine;
  /** The store's head that the plan was made on. */
  readonly prev: string | null;
  readonly mode: 'full' | 'incremental';
  readonly byFile: boolean;
  /** The source has no file at all: neither files that were taken before nor new ones. */
  readonly emptied: boolean;
  /** The settled facts of live runs, which a backfill leaves unchanged; null: the run is live. */
  readonly live: Live | null;
  readonly window: Window;
  /** The parts of the window that a repair of several ranges reads, and replaces, one by one. Empty: the run reads all of the window. */
  readonly windows: readonly Pick<Window, 'lower' | 'upper'>[];
  /** The window in which the last settled boundary group is read again; null: there is none. */
  readonly boundaryWindow: Window | null;
  readonly lower: Watermark | null;
  /** The upper bound; null: there is no watermark, or the bound is known only after reading. */
  readonly upper: Watermark | null;
  /** The upper bound is the time of the source's clock, and no row need have it (`HomeCapabilities.upper: clock`). */
  readonly byClock: boolean;
  /**
   * Why a row without a watermark stops the run while it is read: `fail`: the config forbids such rows (`nulls: fail`); `not apart`: nothing shows which of
   * them have settled; `no`: such rows do not stop the run, or were counted when it was planned.
   */
  readonly stopsAtNull: 'fail' | 'not apart' | 'no';
  /**
   * When the run was planned, which decides what rows are old enough, for a source whose newest value is known only after reading. Null: the source
   * answers its newest value, or there is no watermark.
   */
  readonly observed: {
    readonly at: Instant;
    /** The rows have to come in strictly ascending order of the watermark (`HomeCapabilities.upper: appended`). */
    readonly ascending?: true;
  } | null;
  /** The watermark's column and type; null: the entity has no watermark. */
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly slices: readonly PlannedSlice[];
  /** The parts with the standing corrections of rows that are read. */
  readonly corrections: readonly SliceRef[];
  /** How the commit writes rows. If the source shows its columns only while it is read, the key is known only then. */
  readonly writing: Writing;
  readonly supersede: Supersede;
  /** The plan of settled parts that are rewritten, without its slices; null: no part is rewritten. */
  readonly rework: Omit<ReworkPlan, 'slices'> | null;
  /** Columns without a value so far, which get the type of their first values, in settled parts as well. */
  readonly retyped: readonly RetypedColumn[];
  /** The columns that will settle; null: the source shows its columns only while it is read. */
  readonly schema: Schema | null;
  /** The settled names of the source's columns; null: they keep their names. */
  readonly names: Names | null;
  /** The columns that every reading step compares with the source's columns. */
  readonly before: Baseline;
  /** The columns that the next run will expect; null: the source shows its columns only while it is read. */
  readonly expects: readonly ExpectedColumn[] | null;
  readonly drift: readonly DriftFound[];
  /** The traits that settle with the snapshot; null: the source shows its columns only while it is read. */
  readonly source: SourceTraits | null;
  /** The settled name of the watermark's column; null: there is no watermark. */
  readonly watermarkAs: string | null;
  /** The changes of the destination's columns. While `schema` is null they are not known. */
  readonly changes: readonly PlannedChange[];
  /** How finely the destination keeps the watermark; null: there is no watermark, or it is not known yet. */
  readonly precision: WatermarkPrecision | null;
  /** `SourceDescription.version`, which settles with the rows. Null: the source has no version, or some of its rows wait. */
  readonly sourceVersion: string | null;
  /** `SourceDescription.pinned`, for the steps that read. */
  readonly pinned: Json | null;
  /** The fingerprint of the settled boundary group, which shows whether the group changed; null: the group is not read again. */
  readonly boundary: BoundaryGroup | null;
  readonly seen: readonly SeenFile[] | null;
  /** `TakenFiles.movesOn`. */
  readonly movesOn: boolean;
  /** All files of a home whose new rows are found by a watermark; they settle in place of `seen`. Absent: the run is not live, or there are too many files. */
  readonly listed?: readonly SeenFile[];
  /** `PassedFiles.mark`, which the state remembers if the run ends without a commit. Absent: the run names no such file. */
  readonly passedMark?: string;
  /** `SlicePlan.parents`. Absent: the home has no parents. */
  readonly parents?: SlicePlan['parents'];
  /** The content that the run replaces as a whole; `rows` null: the rows were not counted. Null: it replaces no content that has rows. */
  readonly replaces: { readonly rows: number | null } | null;
  /** The destination was settled by hygge and holds no row, so that a load without rows would change nothing. */
  readonly emptyAlready: boolean;
  /** Null: the rows were taken over from another program, and no run has continued from them yet. */
  readonly binding: Binding | null;
  /** When a full load was planned, by the clock of `full_every`. Null: the run is not a full load. */
  readonly fullAt: Instant | null;
  /** Notes about rows that wait until their time comes, or that may be left out permanently. */
  readonly waiting: readonly Noted[];
  /** Rows in quarantine that are older than the config keeps them, and leave it with the commit. Absent: there are none. */
  readonly expired?: ExpiredQuarantine;
  /** `SourceDescription.provisos`. */
  readonly provisos: readonly Noted[];
  /** The warnings of the plan, with which the run ends as `warn`. */
  readonly warnings: readonly Noted[];
  /** What the source answered to the checks that ask it. */
  readonly asked: SourceAnswers;
}

/** What a source answered when a run was planned, for checks that are not about columns of its rows. */
export interface SourceAnswers {
  /** The number of each check of the type `sql`, by its name; null: NULL. */
  readonly numbers: Readonly<Record<string, string | null>>;
  /** The newest file, and the source's clock, for its age; null: the source has no file, or no check needs it. */
  readonly newestFile: { readonly ageMs: number; readonly clock: 'files' | 'own' } | null;
}

/** A number that is larger than any number of rows. */
export const anyRows = Number.MAX_SAFE_INTEGER;

export const noAnswers: SourceAnswers = { numbers: {}, newestFile: null };

/** A claim has one plan (H3), and a second plan after HYG-3210. A step that repeats the planning gets the same plan. A commit contains the slices of one plan only. */
export interface Plan extends PlanFacts {
  readonly version: 1;
  readonly run: string;
  readonly lineage: string;
  readonly epoch: number;
  /** `live`, or a backfill's name. */
  readonly lane: string;
  readonly startedAt: Instant;
  /** How many rows the destination may lose; `anyRows`: the run is not a repair. */
  readonly mostFewer: number;
  /** How many rows of the source may break rules or be unreadable; `anyRows`: the run is not a repair. */
  readonly mostLeftOut: number;
}

/** How many rows a comparison of keys read on each side, and how many settled rows the source no longer has. */
export interface ComparedKeys {
  readonly source: number;
  readonly settled: number;
  readonly gone: number;
  /** How many rows stay though the first look at the source missed their keys: the keys came back meanwhile, or the source has keys that a collation may take for the same. */
  readonly stay: number;
  /** How many rows stay though the source lacks them: they are older than all rows of the source, which may have forgotten them. */
  readonly older: number;
}

/** What became of rows in quarantine. The numbers add up over receipts. */
export interface ReleasedRows {
  /** The rows that keep the rules now, and settle. */
  readonly settled: number;
  /** The rows that still break a rule, and stay. If a mended row breaks a rule, the row that it was to replace stays. */
  readonly stay: number;
  readonly dropped: number;
  /** Standing corrections that were taken back. */
  readonly uncorrected: number;
  /** The rows come from a file that a person has mended. Absent: they are the rows in quarantine. */
  readonly mended?: true;
}

/** What became of the parts of a group. The rows of `files` parts were staged again, and `left` stay unchanged. */
export interface CompactedParts {
  readonly files: number;
  readonly bytes: number;
  readonly left: readonly PartLeft[];
}

/** A settled part that a comparison of keys or a compaction stages anew: how many of its rows stay unchanged, and how many go (`dropped`) or are marked as deleted (`marked`). */
export interface RewrittenPart {
  readonly slice: SliceRef;
  readonly kept: number;
  readonly dropped?: number;
  readonly marked?: number;
}

/** Hashes of the keys of its rows, which a slice left aside. */
export interface KeyRun {
  readonly ref: Json;
  readonly columns: readonly string[];
  readonly keys: number;
  readonly bits: number;
  /** How many further rows have one of these keys: `EncodedRun.surplus`. */
  readonly surplus: number;
  /** `WideHashing.looks` of the process that made the hashes. */
  readonly looks: string;
}

/** What hygge remembers about a source besides its columns and their types. */
export interface SourceTraits {
  /** The source's column names in their order, after polish and migrations. */
  readonly order: readonly string[];
  /** The key's columns, by their names at the source: the source's own key, else `watermark.key`. */
  readonly keys: readonly string[];
}

/** The settled columns of an entity, with which later runs compare theirs, and how the source is read. Snapshots are kept, and form the history. */
export interface SchemaSnapshot {
  readonly version: 1;
  readonly schema: Schema;
  /** The columns of `schema` with their sources. */
  readonly expects: readonly ExpectedColumn[];
  readonly drift: readonly DriftFound[];
  /** The fingerprint of the polish, which shows whether the polish or the source changed; null: there was no polish. */
  readonly polish: string | null;
  /** The entity run that first settled these columns. */
  readonly run: string;
  readonly at: Instant;
  readonly pinned: Json | null;
  /** The settled names of the source's columns, if polish names them. A name that was given once stays. */
  readonly names?: Names;
  /** The traits of the source; absent: they were not known, or an earlier version made the snapshot. */
  readonly source?: SourceTraits;
  /** The snapshot that was in force before; null: there was none. Absent: an earlier version made this snapshot. */
  readonly prev?: ObjectRef | null;
}

/** A list of receipts under one name, so that no step's input exceeds 4 kB. */
export interface ReceiptList {
  readonly version: 1;
  readonly kind: 'receipts';
  readonly refs: readonly ObjectRef[];
}

/** The claim that owns objects. Its epoch alone is not enough, because epochs may repeat after a state was lost. */
export interface Claim {
  readonly epoch: number;
  readonly lineage: string;
}

const prefix = ({ epoch, lineage }: Claim) => `${String(epoch).padStart(20, '0')}-${lineage}`;

/** The cache key of a plan in one process. */
export const planCacheKey = ({ flow, entity }: EntityKey, ref: ObjectRef): string => JSON.stringify([flow, entity, ref]);
/** The reference of a plan. @param again how many plans of the claim were made before it. */
export const planRef = (run: string, claim: Claim, again = 0): ObjectRef =>
  `plans/${prefix(claim)}-${run}${again > 0 ? '-again' : ''}${again > 1 ? again : ''}`;
export const receiptRef = (claim: Claim, slice: number, nonce: string): ObjectRef => `receipts/${prefix(claim)}-${slice}-${nonce}`;
export const receiptListRef = (claim: Claim, nonce: string): ObjectRef => `receipts/${prefix(claim)}-list-${nonce}`;
export const intentRef = (claim: Claim, id: string): ObjectRef => `intents/${prefix(claim)}-${id}`;
export const seenRef = (claim: Claim, id: string): ObjectRef => `seen/${prefix(claim)}-${id}`;
export const schemaRef = (claim: Claim, id: string): ObjectRef => `schemas/${prefix(claim)}-${id}`;

/** The claim that owns an object, from its reference. Sweeping removes objects by their claim. */
export function claimOfRef(ref: ObjectRef): Claim | undefined {
  const [, epoch, lineage] = /\/(\d{20})-([^-]+)-/.exec(ref) ?? [];
  return epoch === undefined || lineage === undefined ? undefined : { epoch: Number(epoch), lineage };
}

/** The name under which a column of the source settles. @param source as the source has it. Undefined: the column has not settled under a name. */
export function settledNameIn(
  { names, expects }: { readonly names?: Names | null | undefined; readonly expects?: readonly ExpectedColumn[] | null | undefined },
  source: string,
): string | undefined {
  return names?.find(([from]) => from === source)?.[1] ?? expects?.find(({ from }) => from === source)?.name;
}
