/** The interface of a home, from which rows are read. It names no system. */

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
  /** `sliced`: slices may be read at the same time and in any order. `in_order`: slices are read one after another, and only reading shows where the rows end. */
  readonly order: 'sliced' | 'in_order';
  /**
   * Where the upper bound of a watermark comes from. `source`: it is the newest value in the source. `clock`: it is the time of the source’s clock
   * minus the lag, whether a row has that value or not. This works only for times, and for integers that count time (`epochs`). `observed`: it is the
   * largest value that was read, so it is known only after reading. For an `observed` home the engine leaves out rows that are younger than the lag.
   * It refuses a watermark without a lag, and a store that does not merge by key (HYG-2081, HYG-2082). `appended`: as `observed`, but the source only
   * adds rows, each row has a larger watermark than all earlier rows, and rows are read in this order. Then the largest value that was read is the
   * bound, and neither a lag nor a key is needed. The engine stops a run whose rows are not in strictly ascending order (HYG-2104).
   */
  readonly upper: 'source' | 'clock' | 'observed' | 'appended';
  /**
   * Which bounds the home itself applies to the watermark column. It applies them exactly: to rows at a bound as `Edge.inclusive` says, and to rows
   * without a watermark as `Window.nulls` says. `range`: both bounds. `lower`: only the lower bound. `none`: no bound, so the home returns every row.
   */
  readonly filter: 'range' | 'lower' | 'none';
  /** The unit in which an integer watermark counts the time since 1970. Such a watermark is bounded by the clock of the source. `none`: integers count something else. */
  readonly epochs: 's' | 'ms' | 'none';
  /** Whether reading a slice twice returns the same rows, as long as the source does not change. */
  readonly repeatable: boolean;
  /** Whether the home reports the rows that the source has deleted, by the column `deletedColumn` of its frames. */
  readonly tellsDeletes: boolean;
  /** Which columns the home returns of a row that the source has deleted. `whole`: all columns. `key`: the key and the watermark, with null in the other columns. */
  readonly deletedRows: 'whole' | 'key';
  /**
   * Why a home may no longer return a row that existed. `deleted`: the source has deleted it. `maybe hidden`: the source may leave out rows that the
   * account must not see, and reports no error. `forgotten`: the source drops old rows by itself.
   */
  readonly absence: 'deleted' | 'maybe hidden' | 'forgotten';
  /** Whether the rows belong to parents, so that the rows of each parent are read from a position of their own (`Window.parents`, `SlicePlan.parents`, `MissedParents`). */
  readonly byParents: boolean;
  /** Whether `read` reuses what `describe` fetched. Then the home need not be opened again with `pinned` before `read`. */
  readonly readsAsPinned: boolean;
}

/** The usual reading, as of a table. The source answers the upper bound, slices are read at the same time, and the home applies their bounds. */
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

/** Notes that a look at the source adds to its answer. A note is a sentence, or an `OwnNote` with the connector’s own code for programs. */
export interface LookNotes {
  /** Notes that the plan shows. */
  readonly notes?: readonly (OwnNote | string)[];
  /** Warnings about probable mistakes. The run continues, but ends as `warn`. */
  readonly warnings?: readonly (OwnNote | string)[];
  /** Warnings whose cause stays until a person acts. So a run without new rows ends as `warn`, too. */
  readonly lastingWarnings?: readonly (OwnNote | string)[];
}

export interface SourceDescription extends LookNotes {
  /** The columns of the source. Undefined: the source shows its columns only while it is read. */
  readonly schema: Schema | undefined;
  /** The number of rows. The number is exact if counting costs nothing. If counting costs time, the number is an estimate. Undefined: the source does not know the number. */
  readonly rows: { readonly n: number; readonly exact: boolean } | undefined;
  readonly bytes: number | undefined;
  /** A summary of the source for people: `3 files in data/in`. */
  readonly summary: string;
  /** Notes on what the home can’t prove about the rows that the run reads. The plan shows them, and the journal of a run that settles keeps them. */
  readonly provisos?: readonly OwnNote[];
  /**
   * What the home decided by samples, such as a dialect or types. While it reads, the home must keep to these decisions. They settle with the
   * snapshot, and later steps and runs get them back in `Opening.pinned`.
   */
  readonly pinned?: Json;
  /** The columns that keep their type although the present config reads the same text as another value than before. Absent: no such column is known. */
  readonly otherwise?: ReadOtherwise;
  /**
   * A text that stays equal as long as the source, and how it is read, stay exactly the same. If it is the settled version, the run has nothing to
   * do. Absent: the source has no version that is cheap to know.
   */
  readonly version?: string;
  /** The account whose rows the sign-in can read, if many accounts share one address. Absent: the source does not report the account. */
  readonly account?: string;
  /** The source’s primary key. Absent: the source has none. */
  readonly keys?: readonly string[];
  /** The columns of `keys` in which the source treats some different texts as equal. */
  readonly keyEqualities?: KeyEqualities;
  /** How many of the source’s files were opened. Present if some files were not opened. Then rows and values are only estimates, in this answer and in all later ones. */
  readonly looked?: SampledFiles;
}

export interface SampledFiles {
  readonly files: number;
  readonly of: number;
}

/**
 * How much of the records `describe` reads. `briefly`: a bounded part. `for a dry run`: a bounded part, but it throws the errors that would stop a
 * run. `for a run`: as much as the home needs. If that was too little, reading throws HYG-3210, and the next look reads the `whole`.
 */
export type Look = 'briefly' | 'for a dry run' | 'for a run' | 'whole';

/** How many files a look opens. `a few`: a home of many remote files may open only a few of them, and then says so in `SourceDescription.looked`. No row settles after such a look. */
export type Breadth = 'all' | 'a few';

export interface Edge {
  readonly text: string;
  readonly inclusive: boolean;
  /** `Watermark.token` of a lower bound from which a run continues after the settled watermark. */
  readonly token?: string;
}

/** The part of the source that is read. Without a column it is the whole source. */
export interface Window {
  /** The column and the type of the watermark. The bounds below are values of this column. */
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly lower: Edge | null;
  readonly upper: Edge | null;
  /** Whether rows with a null watermark are read. */
  readonly nulls: 'include' | 'exclude';
  /** The files that were already taken (incremental by file), so that they are left out. Null: every file is read. */
  readonly seen: readonly SeenFile[] | null;
  /** What to do with files that changed since they were taken. `ignore` leaves them out. Any other value reads them again, and names them in `SlicePlan.changed`. */
  readonly changedFiles: 'fail' | 'replace' | 'append' | 'ignore';
  /**
   * The parents whose rows have settled, and where the rows of a new parent begin (null: at the beginning). Only for a home with parents. Absent: the
   * rows of each parent are read from the lower bound.
   */
  readonly parents?: { readonly settled: readonly SettledParent[]; readonly initial: Edge | null };
  /** The files that existed when the last commit was planned, for a run that continues from a watermark. With them `plan` finds new files that have no row to read. */
  readonly passedBefore?: FilesBefore;
  /** Present if `plan` notes the checksums of files whose etag does not show every change, so that later runs can compare these files. */
  readonly noteChecksums?: true;
  /** The names of the columns that are needed. A home may return further columns. Absent: all columns are read. */
  readonly columns?: readonly string[];
  /** `Store.frameRows`: how many rows a frame should have. A home may return larger frames. */
  readonly frameRows?: number;
}

/**
 * The part of the source that an increment or a backfill reads, as far as it is known before the look at the source. A look that reads records needs
 * only the records of this part.
 */
export type LookedPart = Pick<Window, 'column' | 'lower' | 'upper'>;

/** What is known about the files of a home that finds new rows only by a watermark column. */
export interface FilesBefore {
  /** The files that existed at the last commit. Null: they are not known, for example because an older hygge made the commit. */
  readonly files: readonly SeenFile[] | null;
  /** The lowest value that is read. Null: rows with any value are read. */
  readonly below: Edge | null;
  /** The value below which the config leaves rows out (`initial`). Null: no rows are left out. */
  readonly initial: Edge | null;
  /** `PassedFiles.mark` of the last run that named files. Null: since that commit, no run has named files. */
  readonly mark: string | null;
  /** The columns that identify a row. Empty: all columns together identify a row. */
  readonly key: readonly string[];
}

/** Files with rows that no run reads, because the values of these rows are below the watermark. */
export interface FilesBelow {
  /** The names of the files, for people. */
  readonly names: readonly string[];
  /** The smallest value of the rows that no run reads. */
  readonly from: Watermark;
  readonly to: Watermark;
}

/** New files with rows below the watermark that no run has named yet. */
export interface PassedFiles {
  /** The new files whose rows are all below the watermark. */
  readonly whole: FilesBelow | null;
  /** The new files with some rows below the watermark. `rows`: how many of these rows are in no earlier file. `repeats`: some of these rows are in earlier files. */
  readonly partly: (FilesBelow & { readonly rows: number; readonly repeats: boolean }) | null;
  /** How many files with settled rows no longer exist. A run that reads a range again replaces the rows of these files, too. */
  readonly left: number;
  /** A text that identifies the new files together with the files that were named before. */
  readonly mark: string;
}

/** A window with all rows of the source. */
export const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'ignore' };

/** A parent whose rows have settled up to a position. */
export interface SettledParent {
  readonly id: string;
  /** The position from which the parent’s next rows are read. Absent: the entity’s watermark. */
  readonly from?: Edge;
}

/**
 * Parents whose rows could not be read, for example because the account must not see them. These rows do not settle with this slice, so a later run
 * reads them from the position `from` on. Null: from the beginning.
 */
export interface MissedParents {
  readonly missed: readonly {
    readonly id: string;
    readonly from: Edge | null;
    /** Why the parent’s rows could not be read, in words for people. */
    readonly why: string;
    /** Present if the source says that the parent does not exist. Absent: the source does not show the parent. Then, if `warns` is true, a full load does not replace the parent’s settled rows. */
    readonly isGone?: true;
  }[];
  /** Whether the run ends as `warn`. */
  readonly warns: boolean;
}

/** A source file as it was when its rows were read (“taken”). */
export interface SeenFile extends Pick<FileInfo, 'path' | 'bytes' | 'etag' | 'modifiedAt'> {
  /** The file’s `FileInfo.inode`. Absent: the system has no inodes, or the version of hygge that took the file did not note the inode. */
  readonly inode?: string;
  /** The checksum of the content, written as in `StagedFile.checksum`. Absent: the checksum is not known. */
  readonly checksum?: string;
  /**
   * What the config said when the file had changed after it was first taken. `append`: the rows of its earlier contents settled beside the rows of
   * the present content. `ignore`: the present content did not settle. Absent: the file has not changed, or its rows were replaced.
   */
  readonly change?: 'append' | 'ignore';
}

/** A part of the source that can be moved separately and repeated safely. `ref` is the home’s own reference, which is in the plan but never in a step’s input. */
export interface SliceRef {
  /** The partition of the rows. Only a slice of rework has it. */
  readonly partition?: Readonly<Record<string, string | null>>;
  /** Present if the rows are the open boundary group, in a slice of rework. */
  readonly group?: true;
  /** The role in which the rows settled separately. Only a slice of rework has it. */
  readonly apart?: {
    readonly role: 'quarantine' | 'broken' | 'correction';
    readonly ofGroup: boolean;
    /** The entity run that set the rows apart. Absent: the entity run is not known, or several set rows apart. */
    readonly run?: string;
  };
  readonly ref: Json;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** The name of the source file, if the slice reads exactly one. If the file changes, its settled rows are found and replaced by this name. */
  readonly source?: string;
  /** The names of the source files, if the slice reads several. */
  readonly sources?: readonly string[];
}

/** The source files that a slice reads. Empty: the rows of the slice come from no file. */
export function sourcesOf({ source, sources = [] }: Pick<SliceRef, 'source' | 'sources'>): readonly string[] {
  return source === undefined ? sources : [source];
}

/** A source file that was renamed, with its names for people. */
export interface RenamedFile {
  readonly from: string;
  readonly to: string;
}

/** About how many bytes a slice has, unless a caller asks for slices of another size. */
export const usualSliceBytes = 128 * 1024 * 1024;

/** The source files whose rows have settled, or settle with this run. */
export interface TakenFiles {
  readonly files: readonly SeenFile[];
  /** Whether the list settles even if no slice has a row. It has to if the source keeps its earlier versions for a limited time. */
  readonly movesOn: boolean;
}

export interface SlicePlan {
  readonly slices: readonly SliceRef[];
  /** The complete list of taken files after these slices have settled (incremental by file). */
  readonly seen?: TakenFiles;
  /** All files that exist, in answer to `Window.passedBefore`. */
  readonly listed?: readonly SeenFile[];
  readonly passed?: PassedFiles;
  /** The parents whose rows will have settled after these slices, and how many of these parents the slices read. Only for homes with parents. */
  readonly parents?: { readonly settled: readonly SettledParent[]; readonly read: number };
  /** The source files that are read again because they changed since they were taken. */
  readonly changed?: readonly string[];
  /** The new source files that look like a taken file that is gone. */
  readonly renamed?: readonly RenamedFile[];
  /** The source files that may have changed, by their names for people. They were written or replaced since, with the same size and time, and they have no noted checksum. */
  readonly unsure?: readonly string[];
}

export interface BoundRequest {
  readonly column: string;
  /** The lag, in milliseconds. The upper bound of a time is at most the source’s clock minus this lag. */
  readonly lagMs: number;
  /** `WatermarkSpec.noLag`: the config says that there is no lag. */
  readonly noLag?: true;
  /** Present if no run reads the rows at the watermark again. So if the bound is the time of a clock, no row with that time may arrive later. */
  readonly isOpen?: true;
  /** `wait`: the upper bound of a time is at most the source’s clock minus the lag, even if the lag is 0. `take`: the upper bound is limited only if there is a lag. */
  readonly future: 'wait' | 'take';
}

export interface FutureRows {
  readonly rows: number;
  /** The latest value of the rows in the future, as canonical text. Null: no row is in the future. */
  readonly latest: string | null;
  /** The latest value that is not in the future by the source’s clock. Null: the column is not a time. */
  readonly until: string | null;
}

/**
 * The column in which a home with deletes marks each row that the source has deleted. It is a `bool`, never null, in every frame and in the answer of
 * `describe`. A deleted row has only the values that the source shows, often its key and the time.
 */
export const deletedColumn = '_deleted';

/** The column with the time at which a comparison of keys first missed a deleted row, in UTC. It is null in rows that are not deleted. */
export const deletedAtColumn = '_deleted_at';

/** What is known about the requests to a source that limits requests. */
export interface AskedOfSource {
  readonly requests: number;
  /** The source’s own count of requests after the last one, for the account with all its users. Absent: the source does not report its count. */
  readonly quota?: { readonly used: number; readonly of: number };
  /** How the source’s lists ended, in the home’s words, and how many lists ended in each way. Absent: the home does not report it. */
  readonly ended?: Readonly<Record<string, number>>;
}

/** Two reports added together. A count that the source itself keeps only rises, so the larger number is taken. */
export function askedTogether(before: AskedOfSource | null, now: AskedOfSource): AskedOfSource {
  const quotas = [before?.quota, now.quota].flatMap((quota) => quota ?? []).sort((a, b) => b.used - a.used);
  const ended = new Map(Object.entries(before?.ended ?? {}));
  for (const [reason, lists] of Object.entries(now.ended ?? {})) ended.set(reason, (ended.get(reason) ?? 0) + lists);
  return {
    requests: (before?.requests ?? 0) + now.requests,
    ...filled({ quota: quotas[0], ended: Object.fromEntries(ended) }),
  };
}

/** A position between frames from which reading can continue. A checkpoint may precede the first frame, and there may be any number of checkpoints. */
export interface Checkpoint {
  /** The position, which a later `read` gets as `from`. At most 2 kB of JSON. */
  readonly checkpoint: NonNullable<Json>;
  /**
   * The time until which the source asks for a pause (`429` with `Retry-After`, a quota, a report that is being made). Before that time the engine
   * requests nothing more of this slice. If the pause takes only seconds, the engine waits within the step, and then requests the next item of the
   * same `read`. If it takes longer, the engine ends the step, and later calls `read` again with this checkpoint as `from`. So the generator
   * continues after the checkpoint with the request that was refused. Absent: reading continues at once.
   */
  readonly notBefore?: Instant;
  /** The parents that were missed since the previous checkpoint, or since the beginning. The home has returned no row of such a parent. A checkpoint may also follow the last rows of a slice. */
  readonly missed?: MissedParents;
  /** The requests to the source since the previous checkpoint with a count. Absent: the home does not count its requests. */
  readonly asked?: AskedOfSource;
  /** The source’s own position after this slice: the `Watermark.token` that settles. Only the last checkpoint of a slice has it, and no frame follows. */
  readonly token?: string;
}

/** Whether an item of `read` is a frame. */
export function isFrame(item: Frame | Checkpoint | Rejected): item is Frame {
  return 'fingerprint' in item;
}

/**
 * A source of rows. A home is opened once for each entity run and process, used by many slices at once, and disposed of with the run. A second
 * disposal does nothing.
 *
 * A run calls `describe` first. For an entity with a watermark it then calls `bound`, `future` and `nulls`. Then it calls `plan` for its window, and
 * again for the open boundary group, and at last `read` for each slice. If the plan is made again, all these methods are called again. The methods
 * throw a `HomeError`. If its `transient` is true, the engine tries the whole step again later. Any other error ends the run.
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
  /** The address of the data, for people and for the state’s binding. It never contains a secret. */
  readonly place: string;
  /** The condition by which the home leaves rows out, for the state’s binding. A home with another condition counts as another source. Empty: all rows are read. */
  readonly rowCondition: string;
  /** What the home knows about its files. Absent: the source has no files. */
  readonly files?: SourceFiles;
  /** What the system itself answers about its rows. Absent: hygge reads and counts the rows. */
  readonly system?: HomeSystem;
  /** The earlier versions of the source. Absent: the source shows only its present rows. */
  readonly past?: SourcePast;
  /** The copies that the home reads. Absent: the rows are the source’s own. */
  readonly copied?: CopiedSource;
  /**
   * Describes the source by its metadata. If only the records show the columns, it reads as many records as `look` says (absent: `briefly`).
   * `breadth` also applies to the calls that follow (absent: `all`). `part`: the only records that the run reads (absent: it reads all records).
   * Every plan and dry run calls it first; `debug` and `schema diff` call it, too.
   */
  describe(cursor?: Json, look?: Look, breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>>;
  /**
   * The upper bound of the watermark. A `source` home answers the largest existing value of `column` that is at most the cap, or undefined if no
   * value is. A `clock` home answers the cap itself. An `observed` or `appended` home always answers `observed`. Called once in a plan of an entity
   * with a watermark. If open transactions of the source may still add rows below the newest value, the home has three choices. It answers `again`
   * until no transaction can add such rows, it answers a smaller value, or it warns about rows that may be missed.
   */
  bound(request: BoundRequest, cursor?: Json): Promise<Step<Watermark | 'observed' | undefined> & LookNotes>;
  /**
   * The rows that a bound with `future: wait` leaves out because their time is in the future, without regard to the lag. Called with `bound` for
   * columns that are times, unless `watermark.future` is `take`. A home that can’t know these rows answers 0 rows and a null `until`. Then the engine
   * finds the rows while it reads.
   */
  future(column: string, cursor?: Json): Promise<Step<FutureRows>>;
  /**
   * How many rows of the whole source have a null in the column. Called, also for `observed` homes, with `nulls: fail`, and with `nulls: include` if
   * no boundary group has settled. A home that could count the nulls only by reading everything answers `while reading`. Then the engine reads the
   * window with its nulls, and a row without a watermark stops the run before it commits. The answer 0 promises that no row has a null.
   */
  nulls(column: string, cursor?: Json): Promise<Step<number | 'while reading'>>;
  /**
   * Divides the window into slices, without reading rows. The engine moves the slices one by one or at the same time (`order`). Without a slice,
   * nothing is read. `sliceBytes`: about how many bytes a slice may have. A home that can’t divide the window returns one slice.
   */
  plan(window: Window, budget: { readonly sliceBytes: number }, cursor?: Json): Promise<Step<SlicePlan>>;
  /**
   * Reads a slice in frames of at most about 32 MB, each valid until the next one is requested. With `bad_rows` it also returns the rows that can't
   * be read. Called for many slices at the same time, and again for a slice whose attempt failed. The slice and the window come from `plan`, maybe
   * from that of another process. `from`: a checkpoint of an earlier `read` of the slice, after which this one continues (undefined: it reads from
   * the beginning). After the signal aborts, it soon returns or throws the signal’s reason.
   */
  read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint | Rejected>;
  /**
   * The files with the rows of a window, for SQL that a person runs. Called after `describe`. Absent: the home’s rows are not in files that stay
   * unchanged. Undefined: some of the files are written in another way than others.
   */
  filesOf?(window: Window): FilesOfRows | undefined;
  /**
   * Runs a person’s query that returns one number. If the slices have a snapshot, the query sees the same snapshot. The query changes nothing, as far
   * as the system can prevent changes. Called by a plan, after `plan`, for each check of the type `sql`. Absent: the source has no SQL
   * (`HomeSide.queryProblem`).
   */
  oneNumber?(query: string, signal: AbortSignal): Promise<OneNumber>;
}

/** What a home knows about the files that hold its rows. It can tell new files from files that were taken before. */
export interface SourceFiles {
  /** Whether the home is a single file. False: the home is a folder in which files appear and disappear. */
  readonly isOne: boolean;
  /** The file that was written last. Undefined: the home has no file. A plan calls this after `plan`. */
  newest(): Promise<NewestFile | undefined>;
  /** The planned files that show their own columns without their records being read. A dry run calls this after `plan`. */
  planned(): Promise<readonly PlannedFile[]>;
}

/** A source that may show copies of rows which another system keeps. */
export interface CopiedSource {
  /** Brings the copies up to date as far as possible. Null: the rows that the home reads are not copies. */
  refresh(cursor?: Json): Promise<Step<Freshness | null>>;
}

export interface Freshness {
  /** Whether rows of the other system may be missing, because something went wrong. */
  readonly isBehind: boolean;
  /** A note with the time up to which the copies equal their origin, or with the reason why that time is unknown. */
  readonly note: OwnNote;
}

/** A source that keeps its earlier versions. */
export interface SourcePast {
  /** From now on the version of `Opening.pinned` is described and read, instead of the newest version. Without a pinned version, the call has no effect. */
  goBack(): void;
}

export interface PlannedFile {
  /** The name of the file, as in `SliceRef.source` and `SliceRef.sources`. */
  readonly path: string;
  /** The name of the file, as in `Frame.origin`. */
  readonly origin: string;
  readonly columns: readonly string[];
}

/** What a system itself answers about its rows. These methods are called after `describe`. */
export interface HomeSystem {
  /** Counts the rows of a window, including bad rows. */
  count(window: Window, signal: AbortSignal): Promise<number>;
  /**
   * Whether the source has a row with one of these keys. It decides by its own equality, which may overlook case, accents or blanks. A comparison of
   * keys calls this with at most 500 keys.
   */
  hasAnyOf(keys: KeyTexts, signal: AbortSignal): Promise<boolean>;
  readonly sums: SumsInSystem;
}

/**
 * How the sums of rows for `verify` are made. `inside`: the system sums the rows. It can also read the rows in a part of the window, with all
 * columns, by an index if it has one. `texts`: the system can’t hash, so for a proof a statement returns texts, and a program sums them. `none`:
 * hygge reads the rows and sums them.
 */
export type SumsInSystem =
  | { readonly by: 'inside'; readonly inside: ComparesInside; readPart(scope: PartOfWindow, signal: AbortSignal): AsyncIterable<Frame> }
  | { readonly by: 'texts'; readonly texts: ProvesRows }
  | { readonly by: 'none' };

/** The sums of a home whose system computes them. Undefined: the home’s system does not compute sums. */
export function insideSumsOf({ system }: Pick<Home, 'system'>): Extract<SumsInSystem, { readonly by: 'inside' }> | undefined {
  return system?.sums.by === 'inside' ? system.sums : undefined;
}

/** The number as a decimal text, or null for NULL. If the answer is not one row of one number: the reason, as a sentence. */
export type OneNumber = { readonly number: string | null } | { readonly problem: string };

export interface NewestFile {
  /** When the file was written, by the clock of the system that keeps the file. */
  readonly writtenAt: Instant;
  /** The present time of that system’s clock. Null: the system does not report its clock. */
  readonly now: Instant | null;
}

/** The members that a home takes over from another home, if it returns the rows of that home in another way. What the system itself answers is left out. */
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

/** Files with rows that are complete: their writers are done. The files may also contain rows outside of the window. */
export interface FilesOfRows {
  /** The id of the format. */
  readonly format: string;
  /** How the files are written, if the files do not show it themselves: `Format.style`. Null: the files show it. */
  readonly style: Json | null;
  /** The address to which the names of the files are relative, for people. */
  readonly address: string;
  /** The absolute folder to which the names of the files are relative. Null: the files are not on a disk of this machine. */
  readonly folder: string | null;
  /** `partition`: the values of the columns that are not in the file, as the names of the file’s folders have them. */
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly partition: Readonly<Record<string, string | null>>;
  }[];
  /** The settled types of the values. A file may lack some columns, or have columns of narrower types. */
  readonly schema: Schema;
}

/** Keys of rows, as texts. */
export interface KeyTexts {
  /** The columns of the key, by their names in the source. Each type is one that a watermark may have (`canBeWatermark`). */
  readonly columns: readonly SummedColumn[];
  /** The values of each key, in the order of the columns, as watermark texts (frames/watermark-text.ts). Null: the row has no value in the column. */
  readonly rows: readonly (readonly (string | null)[])[];
}
