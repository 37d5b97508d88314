/** Where data is read: what a home implements. Nothing in here knows a system's name. */
import type { Rejected } from '../../frames/rejected.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Frame, Step } from './frame.ts';

export interface HomeCapabilities {
  /** `sliced`: slices may be read in any order, at once. `in_order`: one after another, the end unknown until reached. */
  readonly order: 'sliced' | 'in_order';
  /**
   * Where the upper bound of a watermark comes from. `source`: the newest value there is. `clock`: what the source's clock shows, less the lag,
   * whether a row has that value or not; for times only. `observed`: known only after reading, as the largest value seen. The engine then takes
   * no row younger than now less the lag, and refuses a watermark that has neither a lag nor a store that merges by key (HYG-2081, HYG-2082).
   */
  readonly upper: 'source' | 'clock' | 'observed';
  /**
   * What the home can filter by the watermark column itself, exactly: ties as `Edge.inclusive` says, and rows without a watermark as
   * `Window.nulls` says. `lower`: it leaves `Window.upper` alone. `none`: it gives every row.
   */
  readonly filter: 'range' | 'lower' | 'none';
  /** The same slice read twice gives the same rows (as long as the source did not change). */
  readonly repeatable: boolean;
  /** Can tell new files from those already taken. */
  readonly byFile: boolean;
  /** Tells which rows the source has deleted, in the column `deletedColumn` of its frames. */
  readonly deletes?: true;
  /** After `describe` it reads as one that is opened with what that has pinned: what was fetched for the look need not be fetched again. */
  readonly readsAsPinned?: true;
}

/** What a look found, beside its answer: a sentence each, with a code of the connector's own where programs should know it (`OwnNote`). */
export interface LookNotes {
  /** For the plan. */
  readonly notes?: readonly (OwnNote | string)[];
  /** What is most likely a mistake: the run goes on and ends as `warn`. */
  readonly warnings?: readonly (OwnNote | string)[];
  /** Warnings that are not over by themselves: a run that has nothing to do ends as `warn` as well. Of `bound` alone. */
  readonly lasting?: readonly (OwnNote | string)[];
}

export interface SourceDescription extends LookNotes {
  /** Undefined: revealed while reading. */
  readonly schema: Schema | undefined;
  /** Exact where free, else an estimate; undefined when the source can't say. */
  readonly rows: { readonly n: number; readonly exact: boolean } | undefined;
  readonly bytes: number | undefined;
  /** For people: `3 files in data/in`. */
  readonly summary: string;
  /**
   * What looking at samples decided (dialect, types) and reading has to keep to. It settles with the snapshot, and `Opening.pinned` brings it
   * back: to the steps of this run, and to the next runs.
   */
  readonly pinned?: Json;
  /**
   * Equal text: the source, and the way it is read, are exactly as they were. A run that finds the version it settled with has nothing to look for.
   * Absent where the source can't tell that cheaply.
   */
  readonly version?: string;
  /** Columns that tell rows apart, where the source knows: its primary key. */
  readonly keys?: readonly string[];
  /** Only so many of its files were opened: what this and all later answers say of rows and values are estimates. Absent: all that it takes. */
  readonly looked?: SampledFiles;
}

export interface SampledFiles {
  readonly files: number;
  readonly of: number;
}

/** `briefly`: a bounded part. `for a dry run`: the same, and a run's reason to stop that it can see is thrown. `for a run`: as much as it takes; where that was too little, reading says HYG-3210, and the `whole` is looked at. */
export type Look = 'briefly' | 'for a dry run' | 'for a run' | 'whole';

/** `a few`: of a source of many files far away it opens a few, if it likes, and says so (`Description.looked`). Nothing that settles comes of it. */
export type Breadth = 'all' | 'a few';

export interface Edge {
  readonly text: string;
  readonly inclusive: boolean;
}

/** What to read. No column: everything. */
export interface Window {
  /** The watermark column and its type; filters below refer to it. */
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly lower: Edge | null;
  readonly upper: Edge | null;
  /** Rows whose watermark is null. */
  readonly nulls: 'include' | 'exclude';
  /** Files already taken (incremental by file); null: take every file. */
  readonly seen: readonly SeenFile[] | null;
  /** Files taken before that are different now: `ignore` leaves them; anything else reads them again and names them in `changed`. */
  readonly changedFiles: 'fail' | 'replace' | 'append' | 'ignore';
  /** Later runs compare files with what they were when they were taken: `plan` notes their checksums, where the etag does not tell every change. */
  readonly noteChecksums?: true;
}

/** A file as it was when it was taken. */
export interface SeenFile {
  readonly path: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modifiedAt: string;
  /** `FileInfo.inode`. Absent: the system has none, or a version of hygge took it that did not note it. */
  readonly inode?: string;
  /** Of its content, as `StagedFile.checksum`. Absent: not known. */
  readonly checksum?: string;
}

/** A piece of the read that can be moved alone and repeated safely. `ref` is the home's own; it lies in the plan object, never in a step's input. */
export interface SliceRef {
  /** Of rework: the partition that its rows lie in. */
  readonly partition?: Readonly<Record<string, string | null>>;
  /** Of rework: its rows are the open boundary group. */
  readonly group?: true;
  /** Of rework: its rows settled apart, in this role. */
  readonly apart?: { readonly role: 'quarantine' | 'broken'; readonly ofGroup: boolean };
  readonly ref: Json;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** The one source file this slice reads, when it reads exactly one (changed files are replaced by it). */
  readonly source?: string;
  /** All source files that it reads, where they are more. */
  readonly sources?: readonly string[];
}

/** Source files, as people know them. */
export interface RenamedFile {
  readonly from: string;
  readonly to: string;
}

export interface SlicePlan {
  readonly slices: readonly SliceRef[];
  /** Incremental by file: the whole new list of files taken once these slices settled. */
  readonly seen?: readonly SeenFile[];
  /** Source files taken before that are read again because they changed. */
  readonly changed?: readonly string[];
  /** New source files that look like one that was taken and is gone. */
  readonly renamed?: readonly RenamedFile[];
  /** Source files, as people know them, that were written or replaced since, of the same size and time, and whose checksum was not noted. */
  readonly unsure?: readonly string[];
}

export interface BoundRequest {
  readonly column: string;
  /** The cap of a time is the source's clock less this. */
  readonly lagMs: number;
  /** `wait`: the cap of a time is the source's clock (`latestAt`), be there a lag or not. `take`: only a lag caps. */
  readonly future: 'wait' | 'take';
}

export interface FutureRows {
  readonly rows: number;
  /** The latest of them, canonical text; null: there are none. */
  readonly latest: string | null;
  /** The latest value that is not in the future by the source's clock; null: the column is no time. */
  readonly until: string | null;
}

/**
 * The column in which a home that tells deletes says of each row whether the source has deleted it: `bool`, never null, in every frame and in
 * what `describe` answers. The row itself is as the source gives it, often nothing but its key and the time.
 */
export const deletedColumn = '_deleted';

/** All frames before it are complete: reading can go on from here. May come before the first frame, and as often as the home likes. */
export interface Checkpoint {
  /** Given to `read` as `from`. At most 2 kB. */
  readonly checkpoint: NonNullable<Json>;
  /**
   * The source wants to be left alone until then (`429` with `Retry-After`, a quota, a report that is being made). The engine asks the home for
   * nothing more of this slice before. It waits some seconds in place and then takes the next item of the same `read`; for longer it ends the
   * step, and later calls `read` again with this checkpoint as `from`. So after it the generator goes on with the request that was refused.
   * Absent: go on at once.
   */
  readonly notBefore?: Instant;
}

/** Of what `read` gives. */
export function isFrame(item: Frame | Checkpoint | Rejected): item is Frame {
  return 'fingerprint' in item;
}

/**
 * Opened once in each entity run and process, used by many slices at once, and disposed of with the run; a second disposal does nothing.
 *
 * A run calls `describe`, then, where the entity has a watermark, `bound`, `future` and `nulls`, then `plan` for its window (and once more for the
 * open boundary group), then `read` for each slice. A plan that is made again calls all of them again. They throw a `HomeError`; with
 * `transient: true` the whole step is tried again later, anything else ends the run.
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
  readonly capabilities: HomeCapabilities;
  /** Where data is read, for people and for the state's binding. Never holds a secret. */
  readonly place: string;
  /** By what rows are left out there, as the state's binding tells it: with another condition it is another source. Absent: all are read. */
  readonly only?: string;
  /** One file, not a place where files come and go. */
  readonly oneFile?: boolean;
  /**
   * Metadata only; reads no rows. Where nothing but the records themselves tells the columns, as many are gone through as `look` says; absent:
   * `briefly`. `breadth` holds for the calls that follow; absent: `all`. Called first by every plan and dry run, and by `debug` and `schema diff`.
   */
  describe(cursor?: Json, look?: Look, breadth?: Breadth): Promise<Step<SourceDescription>>;
  /**
   * `source`: the largest existing non-null value of `column` that is ≤ the cap; undefined: there is none. `clock`: the cap itself. An `observed` home
   * always answers `observed`. Called once in a plan of an entity with a watermark. Of a source where rows may still come below its newest value
   * (transactions that are open), it answers `again` until none can, or a smaller value, or says in `warnings` what may be missed.
   */
  bound(request: BoundRequest, cursor?: Json): Promise<Step<Watermark | 'observed' | undefined> & LookNotes>;
  /**
   * How many rows a bound that waits for the future leaves out, as if there were no lag. Asked beside `bound`, of columns that are times, unless
   * `watermark.future` is `take`. A home that can't tell says 0 rows, and `until` null: rows ahead are then found while reading.
   */
  future(column: string, cursor?: Json): Promise<Step<FutureRows>>;
  /**
   * How many rows of the whole source have a null there. Asked, of `observed` homes too, for `nulls: fail`, and for `nulls: include` where no boundary
   * group settled. A home that can't count them throws a HomeError that says so; 0 would promise that there are none.
   */
  nulls(column: string, cursor?: Json): Promise<Step<number>>;
  /**
   * Cuts the window into slices, which are then moved one by one or at once (`order`). No slice: nothing is there to be read. Reads no rows.
   * `sliceBytes`: about how much one slice may hold; a home that can't cut gives one slice.
   */
  plan(window: Window, budget: { readonly sliceBytes: number }, cursor?: Json): Promise<Step<SlicePlan>>;
  /**
   * Frames of at most about 32 MB, each good until the next is asked for; beside them rows that can't be read, as `bad_rows` allows. Called by many
   * slices at once, and again for a slice whose attempt failed. The slice and the window are those of `plan`, maybe in another process.
   * `from`: a checkpoint of an earlier `read` of the slice, to go on after it; undefined: from its beginning. An aborted signal ends it soon,
   * by returning or with the signal's reason.
   */
  read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint | Rejected>;
}
