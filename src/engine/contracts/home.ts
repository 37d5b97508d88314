/** The interface of a home, where data is read. It names no system. */

import type { KeyEqualities } from '../../frames/row-sum/key-equality.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { OwnNote, ReadOtherwise } from '../../ports/notes.ts';
import { defined, filled, type Instant, type Json } from '../../ports/values.ts';
import type { Frame, Step } from './frame.ts';
import type { ComparesInside, PartOfWindow, ProvesRows, SummedColumn } from './row-sums.ts';

/** How the rows of a home can be read. */
export interface Reading {
  /** `sliced`: slices may be read at once, in any order. `in_order`: slices are read one after another, and the end is unknown until it is reached. */
  readonly order: 'sliced' | 'in_order';
  /**
   * Where the upper bound of a watermark comes from. `source`: it is the newest value in the source. `clock`: it is the time of the source's clock minus the
   * lag, whether a row has that value or not; for times only, and for integers that count time (`epochs`). `observed`: it is known only after reading, as the largest value. For an `observed` home the
   * engine takes no row younger than now minus the lag, and refuses a watermark without both a lag and a store that merges by key (HYG-2081, HYG-2082).
   * `appended`: as `observed`, of a source that only adds rows, each with a larger watermark than all before it, and that is read in this order. Then the
   * largest value read is the bound, without a lag and without a key. The engine stops a run whose rows are not in strictly ascending order (HYG-2104).
   */
  readonly upper: 'source' | 'clock' | 'observed' | 'appended';
  /**
   * Which bounds the home applies to the watermark column itself, exactly: ties as `Edge.inclusive` says, and rows without a watermark as `Window.nulls`
   * says. `range`: both bounds. `lower`: the lower one. `none`: the home returns every row.
   */
  readonly filter: 'range' | 'lower' | 'none';
  /** The unit in which an integer watermark counts the time since 1970, so that the clock of the source bounds it. `none`: integers count something else. */
  readonly epochs: 's' | 'ms' | 'none';
  /** Reading a slice twice returns the same rows, as long as the source did not change. */
  readonly repeatable: boolean;
  /** The home reports the rows that the source has deleted, by the column `deletedColumn` of its frames. */
  readonly tellsDeletes: boolean;
  /** What the home returns of a row that the source has deleted. `whole`: all of its columns. `key`: its key and its watermark, and null in the other columns. */
  readonly deletedRows: 'whole' | 'key';
  /**
   * Why a home no longer gives a row that existed. `deleted`: the source has deleted it. `maybe hidden`: the source may leave out rows that the account must not
   * see, without an error. `forgotten`: the source drops old rows by itself.
   */
  readonly absence: 'deleted' | 'maybe hidden' | 'forgotten';
  /** The rows belong to parents, and each parent is read from its own place (`Window.parents`, `SlicePlan.parents`, `MissedParents`). */
  readonly byParents: boolean;
  /** The home reuses what `describe` fetched. It need not be opened again with `pinned` before `read`. */
  readonly readsAsPinned: boolean;
}

/** A table that is read in slices; the source answers and applies their bounds. */
export const usualReading: Reading = {
  order: 'sliced',
  upper: 'source',
  filter: 'range',
  epochs: 'none',
  repeatable: true,
  tellsDeletes: false,
  deletedRows: 'whole',
  absence: 'deleted',
  byParents: false,
  readsAsPinned: false,
};

/** Notes in addition to the answer of a look at the source. Each is a sentence, or an `OwnNote` with the connector's own code for programs. */
export interface LookNotes {
  /** Notes for the plan. */
  readonly notes?: readonly (OwnNote | string)[];
  /** Probable mistakes. The run continues, and ends as `warn`. */
  readonly warnings?: readonly (OwnNote | string)[];
  /** Warnings that stay until a person acts: a run without new rows ends as `warn`, too. */
  readonly lastingWarnings?: readonly (OwnNote | string)[];
}

export interface SourceDescription extends LookNotes {
  /** The columns; undefined: the source shows them only while it is read. */
  readonly schema: Schema | undefined;
  /** The number of rows: exact if that costs nothing, else an estimate; undefined: the source does not know. */
  readonly rows: { readonly n: number; readonly exact: boolean } | undefined;
  readonly bytes: number | undefined;
  /** A summary for people: `3 files in data/in`. */
  readonly summary: string;
  /** What the home can't prove about the rows that the run reads: notes for the plan, and for the journal of a run that settles. */
  readonly provisos?: readonly OwnNote[];
  /**
   * What the home decided by samples, such as a dialect or types, and must keep to while it reads. It settles with the snapshot, and `Opening.pinned`
   * gives it back to later steps and runs.
   */
  readonly pinned?: Json;
  /** Columns that keep their type, though the config now reads the same text as another value than before. Absent: none is known. */
  readonly otherwise?: ReadOtherwise;
  /**
   * A text that is equal if the source, and the way it is read, are exactly as before. A run that finds the settled version has nothing to do. Absent: the
   * source has no cheap version.
   */
  readonly version?: string;
  /** The account whose rows the sign-in gives access to, at an address that many accounts share. Absent: the source does not report it. */
  readonly account?: string;
  /** The source's primary key, if it has one. */
  readonly keys?: readonly string[];
  /** Columns of `keys` in which the source treats some different texts as equal. */
  readonly keyEqualities?: KeyEqualities;
  /** How many of the source's files were opened, if not all. Then this answer and all later answers have estimates of rows and values. */
  readonly looked?: SampledFiles;
}

export interface SampledFiles {
  readonly files: number;
  readonly of: number;
}

/**
 * How much of the records `describe` reads. `briefly`: a bounded part. `for a dry run`: a bounded part, and it throws what would stop a run. `for a run`: as
 * much as it needs; if that was too little, reading throws HYG-3210, and the next look reads the `whole`.
 */
export type Look = 'briefly' | 'for a dry run' | 'for a run' | 'whole';

/** `a few`: a home of many remote files may open only a few of them, and says so (`SourceDescription.looked`). No row settles after such a look. */
export type Breadth = 'all' | 'a few';

export interface Edge {
  readonly text: string;
  readonly inclusive: boolean;
  /** `Watermark.token`, of the lower bound of a run that continues from the settled watermark. */
  readonly token?: string;
}

/** The part of the source to read. Without a column it is the whole source. */
export interface Window {
  /** The watermark's column and type, which the bounds below are about. */
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly lower: Edge | null;
  readonly upper: Edge | null;
  /** Whether rows with a null watermark are read. */
  readonly nulls: 'include' | 'exclude';
  /** The files that were already taken (incremental by file); null: every file is read. */
  readonly seen: readonly SeenFile[] | null;
  /** What to do with files that changed since they were taken: `ignore` leaves them; any other value reads them again and names them in `changed`. */
  readonly changedFiles: 'fail' | 'replace' | 'append' | 'ignore';
  /**
   * The parents whose rows have settled, and where the rows of a new parent begin (null: at the beginning), for a home with parents. Absent: each parent is read from
   * the lower bound.
   */
  readonly parents?: { readonly settled: readonly SettledParent[]; readonly initial: Edge | null };
  /** The files that existed when the last commit was planned, for a run that continues from a watermark. `plan` looks for new files without a row to read. */
  readonly passedBefore?: FilesBefore;
  /** `plan` notes the checksums of files whose etag does not show every change, so that later runs can compare the files. */
  readonly noteChecksums?: true;
  /** The names of the only columns that are needed. A home may return more. Absent: all columns are read. */
  readonly columns?: readonly string[];
  /** `Store.frameRows`. A home may return more rows at once. */
  readonly frameRows?: number;
}

/**
 * The part of the source that an increment or a backfill reads, as far as it is known before the look at the source. A look at records needs only these records.
 */
export type LookedPart = Pick<Window, 'column' | 'lower' | 'upper'>;

/** What is known about the files of a home whose new rows are found only by a watermark column. */
export interface FilesBefore {
  /** Null: nothing is known, for example after a commit of an earlier version. */
  readonly files: readonly SeenFile[] | null;
  /** The lowest value that is read; null: any value. */
  readonly below: Edge | null;
  /** The value below which rows are left out on purpose (`initial`); null: none are left out. */
  readonly initial: Edge | null;
  /** `PassedFiles.mark` of the last run that named files; null: no run has named files since that commit. */
  readonly mark: string | null;
  /** The columns that identify a row; none: all columns together. */
  readonly key: readonly string[];
}

/** Files with rows that no run reads, because their values are below the watermark. */
export interface FilesBelow {
  /** The names of the files, for people. */
  readonly names: readonly string[];
  /** The smallest and the largest value of the rows that no run reads. */
  readonly from: Watermark;
  readonly to: Watermark;
}

/** New files that no run has named yet. */
export interface PassedFiles {
  /** New files all of whose rows are below the watermark. */
  readonly whole: FilesBelow | null;
  /** New files with some rows below the watermark. `rows`: how many of these rows are in no earlier file. `repeats`: some are in earlier files. */
  readonly partly: (FilesBelow & { readonly rows: number; readonly repeats: boolean }) | null;
  /** How many files with settled rows no longer exist. A run that reads a range again replaces their rows, too. */
  readonly left: number;
  /** A text that identifies these files together with the files named before. */
  readonly mark: string;
}

/** All rows of the source. */
export const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'ignore' };

/** A parent whose rows have settled up to a place. */
export interface SettledParent {
  readonly id: string;
  /** Where the reading of its rows continues. Absent: at the entity's watermark. */
  readonly from?: Edge;
}

/**
 * Parents whose rows could not be read, such as those that the account must not see. Their rows do not settle with this slice, and are read later from `from` on; null:
 * from the beginning.
 */
export interface MissedParents {
  readonly missed: readonly {
    readonly id: string;
    readonly from: Edge | null;
    /** For people: `404`. */
    readonly why: string;
    /** The source says that they do not exist. Absent: it does not give them, so a full load does not replace settled rows of theirs, if `warns`. */
    readonly isGone?: true;
  }[];
  /** The run ends as `warn`. */
  readonly warns: boolean;
}

/** A source file as it was when its rows were read (“taken”). */
export interface SeenFile extends Pick<FileInfo, 'path' | 'bytes' | 'etag' | 'modifiedAt'> {
  /** `FileInfo.inode`. Absent: the system has none, or the version of hygge that took the file did not note it. */
  readonly inode?: string;
  /** The checksum of the content, in the form of `StagedFile.checksum`. Absent: it is not known. */
  readonly checksum?: string;
  /**
   * What became of the file's last change after it was first taken: with `append` the rows of its earlier contents settled beside those of the present one, with `ignore` the
   * present content did not settle. Absent: it has not changed, or its rows were replaced.
   */
  readonly change?: 'append' | 'ignore';
}

/** A part of the source that can be moved separately and repeated safely. `ref` is the home's own reference. It is in the plan, never in a step's input. */
export interface SliceRef {
  /** The partition of the rows, in a slice of rework. */
  readonly partition?: Readonly<Record<string, string | null>>;
  /** The rows are the open boundary group, in a slice of rework. */
  readonly group?: true;
  /** The role in which the rows settled separately, in a slice of rework. */
  readonly apart?: {
    readonly role: 'quarantine' | 'broken' | 'correction';
    readonly ofGroup: boolean;
    /** The entity run that set the rows apart. Absent: it is not known, or there are several. */
    readonly run?: string;
  };
  readonly ref: Json;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** The source file of a slice that reads exactly one file. The rows of a changed file are replaced by this name. */
  readonly source?: string;
  /** The source files of a slice that reads several. */
  readonly sources?: readonly string[];
}

/** The source files that a slice reads; none: its rows come from no file. */
export function sourcesOf({ source, sources = [] }: Pick<SliceRef, 'source' | 'sources'>): readonly string[] {
  return source === undefined ? sources : [source];
}

/** A renamed source file, by names for people. */
export interface RenamedFile {
  readonly from: string;
  readonly to: string;
}

/** The size of a slice in bytes, roughly, unless a caller asks for slices of another size. */
export const usualSliceBytes = 128 * 1024 * 1024;

/** Files whose rows have settled, or settle now. */
export interface TakenFiles {
  readonly files: readonly SeenFile[];
  /** The list settles even if no slice has a row: the source keeps its earlier versions for a limited time. */
  readonly movesOn: boolean;
}

export interface SlicePlan {
  readonly slices: readonly SliceRef[];
  /** The complete list of taken files once these slices have settled (incremental by file). */
  readonly seen?: TakenFiles;
  /** All files that are there, in answer to `Window.passedBefore`. */
  readonly listed?: readonly SeenFile[];
  readonly passed?: PassedFiles;
  /** The parents whose rows will have settled after these slices, and how many of these parents the slices read (homes with parents). */
  readonly parents?: { readonly settled: readonly SettledParent[]; readonly read: number };
  /** The source files that are read again because they changed since they were taken. */
  readonly changed?: readonly string[];
  /** New source files that look like a taken file that is gone. */
  readonly renamed?: readonly RenamedFile[];
  /** Source files, by names for people, that were since written or replaced with the same size and time, and whose checksum was not noted. */
  readonly unsure?: readonly string[];
}

export interface BoundRequest {
  readonly column: string;
  /** Milliseconds. The cap of a time is the source's clock minus this lag. */
  readonly lagMs: number;
  /** `WatermarkSpec.noLag`. */
  readonly noLag?: true;
  /** No run reads the rows at the watermark again, so a bound that is a clock must be a time at which no more rows arrive. */
  readonly isOpen?: true;
  /** `wait`: times are capped at the source's clock minus the lag, even without a lag. `take`: times are capped only if there is a lag. */
  readonly future: 'wait' | 'take';
}

export interface FutureRows {
  readonly rows: number;
  /** The latest value of these rows, as canonical text; null: there are none. */
  readonly latest: string | null;
  /** The latest value that is not in the future by the source's clock; null: the column is not a time. */
  readonly until: string | null;
}

/**
 * The column in which a home with deletes marks each row that the source has deleted. It is a `bool`, never null, in every frame and in the answer of
 * `describe`. A deleted row has the values that the source gives, often only its key and the time.
 */
export const deletedColumn = '_deleted';

/** The column in which comparisons of keys note when they first missed a deleted row. A UTC time; null in rows that are not deleted. */
export const deletedAtColumn = '_deleted_at';

/** The requests to a source that limits them. */
export interface AskedOfSource {
  readonly requests: number;
  /** What the source itself counts for the account, with all its users, after the last request. Absent: the source does not report it. */
  readonly quota?: { readonly used: number; readonly of: number };
  /** How the source's lists ended, as the home calls it, and how many lists. Absent: the home does not report it. */
  readonly ended?: Readonly<Record<string, number>>;
}

/** The sum; of numbers that a source counts itself, the larger number is the later one. */
export function askedTogether(before: AskedOfSource | null, now: AskedOfSource): AskedOfSource {
  const quotas = [before?.quota, now.quota].flatMap((quota) => quota ?? []).sort((a, b) => b.used - a.used);
  const ended = new Map(Object.entries(before?.ended ?? {}));
  for (const [reason, lists] of Object.entries(now.ended ?? {})) ended.set(reason, (ended.get(reason) ?? 0) + lists);
  return {
    requests: (before?.requests ?? 0) + now.requests,
    ...filled({ quota: quotas[0], ended: Object.fromEntries(ended) }),
  };
}

/** A place between frames from which reading can continue. A checkpoint may precede the first frame, and there may be any number of checkpoints. */
export interface Checkpoint {
  /** The value of `from` in a later `read`, at most 2 kB. */
  readonly checkpoint: NonNullable<Json>;
  /**
   * The time until which the source asks for a pause (`429` with `Retry-After`, a quota, a report that is being made). Before that time the engine requests
   * nothing more of this slice. A pause of some seconds it waits within the step, and then requests the next item of the same `read`. For a longer pause it ends
   * the step, and later calls `read` again with this checkpoint as `from`. So the generator continues after the checkpoint with the request that was refused. Absent: reading
   * continues at once.
   */
  readonly notBefore?: Instant;
  /** The parents missed since the previous checkpoint, or the beginning. No row of such a parent was given. A checkpoint may also follow the last rows of a slice. */
  readonly missed?: MissedParents;
  /** The requests to the source since the previous checkpoint that had this member. Absent: the home does not count them. */
  readonly asked?: AskedOfSource;
  /** Where the source itself continues after this slice: the `Watermark.token` that settles. Only the last checkpoint of a slice has it, and nothing follows. */
  readonly token?: string;
}

/** Whether an item of `read` is a frame. */
export function isFrame(item: Frame | Checkpoint | Rejected): item is Frame {
  return 'fingerprint' in item;
}

/**
 * A source of rows. A home is opened once for each entity run and process, used by many slices at once, and disposed of with the run. A second disposal
 * does nothing.
 *
 * A run calls `describe`; then, for an entity with a watermark, `bound`, `future` and `nulls`; then `plan` for its window, and again for the open boundary
 * group; then `read` for each slice. A plan that is made again calls all of them again. The methods throw a `HomeError`: with `transient: true` the engine
 * tries the whole step again later, any other error ends the run.
 *
 * @example
 * // An API of pages: one slice, read in order, the upper bound known only after reading.
 * bound: async () => ({ done: 'observed' }),
 * plan: async () => ({ done: { slices: [{ ref: {}, rows: null, bytes: null }] } }),
 * async *read(_slice, { lower }, from, signal) {
 *   for (let page = from?.page ?? 1; ; ) {
 *     const { items, isLast, retryAt } = await get({ since: lower?.text, page, signal });
 *     if (retryAt) {
 *       yield { checkpoint: { page }, notBefore: retryAt };
 *       continue;
 *     }
 *     yield await frameOf(items);
 *     if (isLast) return;
 *     page++;
 *     yield { checkpoint: { page } };
 *   }
 * }
 */
export interface Home extends AsyncDisposable {
  readonly reading: Reading;
  /** The place of the data, for people and for the state's binding. It never holds a secret. */
  readonly place: string;
  /** The condition by which the home leaves rows out, for the state's binding: with another condition it counts as another source. Empty: all rows are read. */
  readonly rowCondition: string;
  /** Absent: the source has no files. */
  readonly files?: SourceFiles;
  /** Absent: hygge reads and counts the rows. */
  readonly system?: HomeSystem;
  /** Absent: the source shows only its present rows. */
  readonly past?: SourcePast;
  /** Absent: the rows are the source's own. */
  readonly copied?: CopiedSource;
  /**
   * Describes the source by its metadata. If only the records show the columns, it reads as many records as `look` says; absent: `briefly`. `breadth` also
   * applies to the following calls; absent: `all`. `part`: the run reads no other records; absent: it reads all of them. Called first by every plan and dry
   * run, and by `debug` and `schema diff`.
   */
  describe(cursor?: Json, look?: Look, breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>>;
  /**
   * The upper bound of the watermark. `source`: the largest existing value of `column` that is at most the cap; undefined: there is none. `clock`: the cap
   * itself. An `observed` or `appended` home always answers `observed`. Called once in a plan of an entity with a watermark. If open transactions of the source may still
   * add rows below the newest value, the home answers `again` until none can, or a smaller value, or warns about rows that may be missed.
   */
  bound(request: BoundRequest, cursor?: Json): Promise<Step<Watermark | 'observed' | undefined> & LookNotes>;
  /**
   * The rows that a bound with `future: wait` leaves out, as if there were no lag. Called with `bound` for columns that are times, unless `watermark.future`
   * is `take`. A home that does not know answers 0 rows and `until` null; the engine then finds such rows while it reads.
   */
  future(column: string, cursor?: Json): Promise<Step<FutureRows>>;
  /**
   * How many rows of the whole source have a null in the column. Called, also for `observed` homes, with `nulls: fail`, and with `nulls: include` if no
   * boundary group has settled. A home that could count them only by reading everything answers `while reading`: then the engine reads the window with its
   * nulls, and a row without a watermark stops the run before it commits. 0 promises that there are none.
   */
  nulls(column: string, cursor?: Json): Promise<Step<number | 'while reading'>>;
  /**
   * Divides the window into slices, without reading rows. The engine moves them one by one or at once (`order`). No slice means that there is nothing to read.
   * `sliceBytes`: about how many bytes a slice may hold; a home that can't divide the window returns one slice.
   */
  plan(window: Window, budget: { readonly sliceBytes: number }, cursor?: Json): Promise<Step<SlicePlan>>;
  /**
   * Reads a slice in frames of at most about 32 MB, each valid until the next one is requested. With `bad_rows` it also returns the rows that can't be read.
   * Called for many slices at once, and again for a slice whose attempt failed. The slice and the window come from `plan`, maybe of another process. `from`: a
   * checkpoint of an earlier `read` of the slice, after which it continues; undefined: it reads from the beginning. An aborted signal ends it soon, by
   * returning or with the signal's reason.
   */
  read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint | Rejected>;
  /**
   * The files with the rows of a window, for SQL that a person runs. Called after `describe`. Absent: the rows are not in files that stay unchanged.
   * Undefined: the files are not all written in the same way.
   */
  filesOf?(window: Window): FilesOfRows | undefined;
  /**
   * Runs a person's query that returns one number, under the snapshot of the slices if there is one. It changes nothing, as far as the system can ensure
   * that. Called by a plan, after `plan`, for each check of the type `sql`. Absent: the source has no SQL (`HomeSide.queryProblem`).
   */
  oneNumber?(query: string, signal: AbortSignal): Promise<OneNumber>;
}

/** What a home knows about the files that hold its rows. It distinguishes new files from files that were taken before. */
export interface SourceFiles {
  /** The home is a single file, and not a folder in which files appear and disappear. */
  readonly isOne: boolean;
  /** The file that was written last; undefined: there is no file. Called by a plan, after `plan`. */
  newest(): Promise<NewestFile | undefined>;
  /** The planned files that show their own columns without their records. Called by a dry run, after `plan`. */
  planned(): Promise<readonly PlannedFile[]>;
}

/** A source that may show copies of rows which another system keeps. */
export interface CopiedSource {
  /** Brings the copies up to date as far as that is possible. Null: the rows that the home reads are not copies. */
  refresh(cursor?: Json): Promise<Step<Freshness | null>>;
}

export interface Freshness {
  /** Rows of the other system may be missing, because something went wrong. */
  readonly isBehind: boolean;
  /** The time up to which the copies equal their origin, or why it is unknown. */
  readonly note: OwnNote;
}

/** A source that keeps its earlier versions. */
export interface SourcePast {
  /** The version of `Opening.pinned` is described and read from now on, and not the newest one. Without a pinned version it changes nothing. */
  goBack(): void;
}

export interface PlannedFile {
  /** As in `SliceRef.source` and `SliceRef.sources`. */
  readonly path: string;
  /** As in `Frame.origin`. */
  readonly origin: string;
  readonly columns: readonly string[];
}

/** What a system itself answers about its rows, after `describe`. */
export interface HomeSystem {
  /** Counts the rows of a window, including bad rows. */
  count(window: Window, signal: AbortSignal): Promise<number>;
  /**
   * Whether the source has a row with one of these keys by its own equality, which may overlook case, accents or blanks. Called by a comparison of keys, with at
   * most 500 keys.
   */
  hasAnyOf(keys: KeyTexts, signal: AbortSignal): Promise<boolean>;
  readonly sums: SumsInSystem;
}

/**
 * Sums of rows, for `verify`. `inside`: the system sums, and reads the rows of a part of the window, all columns, by an index where there is one. `texts`: it can't hash,
 * and a statement gives texts for a proof, of which a program makes the sums. `none`: hygge reads the rows and sums them.
 */
export type SumsInSystem =
  | { readonly by: 'inside'; readonly inside: ComparesInside; readPart(scope: PartOfWindow, signal: AbortSignal): AsyncIterable<Frame> }
  | { readonly by: 'texts'; readonly texts: ProvesRows }
  | { readonly by: 'none' };

/** The sums of a home whose system computes them; undefined: it does not. */
export function insideSumsOf({ system }: Pick<Home, 'system'>): Extract<SumsInSystem, { readonly by: 'inside' }> | undefined {
  return system?.sums.by === 'inside' ? system.sums : undefined;
}

/** The number as a decimal text, null if it is NULL; or why the answer is not one row of one number, as a sentence. */
export type OneNumber = { readonly number: string | null } | { readonly problem: string };

export interface NewestFile {
  /** The time by the clock of the system that keeps the file. */
  readonly writtenAt: Instant;
  /** What that clock shows now; null: the system does not report it. */
  readonly now: Instant | null;
}

/** The members that a home takes from another home when it gives that home's rows in another form. Answers of the system itself are not among them. */
export function aroundHome(home: Home): Home {
  const { oneNumber } = home;
  return {
    reading: home.reading,
    place: home.place,
    rowCondition: home.rowCondition,
    ...defined({ files: home.files, past: home.past, copied: home.copied }),
    describe: (...of) => home.describe(...of),
    bound: (...of) => home.bound(...of),
    future: (...of) => home.future(...of),
    nulls: (...of) => home.nulls(...of),
    plan: (...of) => home.plan(...of),
    read: (...of) => home.read(...of),
    ...(oneNumber === undefined ? {} : { oneNumber: (...of) => oneNumber.apply(home, of) }),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** Files with rows that no one writes to again. They may also contain rows outside of the window. */
export interface FilesOfRows {
  /** The id of the format. */
  readonly format: string;
  /** How files of the format are written, if the files don't show it themselves: `Format.style`. Null: they show it. */
  readonly style: Json | null;
  /** The address, for people, from which the names start. */
  readonly address: string;
  /** The absolute folder that the names are relative to; null: the files are not on a disk of this machine. */
  readonly folder: string | null;
  /** `partition`: values of columns that are not in the file, as the names of its folders have them. */
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly partition: Readonly<Record<string, string | null>>;
  }[];
  /** The settled types of the values. A file may lack columns, or have narrower ones. */
  readonly schema: Schema;
}

/** The keys of some rows. */
export interface KeyTexts {
  /** The key's columns, by the source's names. A type can be a watermark (`canBeWatermark`). */
  readonly columns: readonly SummedColumn[];
  /** The values of each row, in the order of the columns, as watermark texts (frames/watermark-text.ts); null: the row has no value. */
  readonly rows: readonly (readonly (string | null)[])[];
}
