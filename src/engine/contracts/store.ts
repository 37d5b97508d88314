/** The interface of a store, where data settles. It names no system. The engine owns the commit protocol (docs/building/protocol.md). */
import type { BrokenFor } from '../../frames/rules/judge.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { Patience, Replication } from '../../ports/answers/replication.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import { defined, type EntityKey, type Instant, type Json } from '../../ports/values.ts';
import type { Boundary } from './boundary.ts';
import type { Catalog, Change, ColumnsToSettle, Fit, HowChanged, Refusal, SharedParts, Standing, WatermarkPrecision } from './catalog.ts';
import type { Frame, Step } from './frame.ts';
import type { Home, SliceRef } from './home.ts';
import type { CommitOutcome, GiveUpOutcome, Intent, PreparedRows, PrepareRequest } from './intent.ts';
import type { Compaction, Quarantine, Ranges, Rework } from './replacing.ts';
import type { WriteMode, Writing } from './writing.ts';

/**
 * What the rows of a part are. `data`: rows of the entity. `boundary`: its rows in the open group at the watermark. `quarantine`: rows that can't be read.
 * `broken`: rows that break a rule. Rows of the last two roles settle separately, with columns of their own (`schemaOfRole`), and are removed together with the
 * rows they came with. `deleted`: rows that the source has deleted, if the config applies deletes. They never settle; `Writing.key` says what they remove.
 * `partial`: changes of rows of which the source shows only some columns (`shownColumn`, frames/values/partial-rows.ts). They exist only if `Store.mergesPartialRows` says so and rows are
 * merged by a key; `Writing.key` says what they set. `correction`: standing corrections, which settle separately with the columns of broken rows. They are not removed together with
 * other rows: only `Supersede` `quarantine` removes them by name.
 */
export type PartRole = 'data' | 'boundary' | 'quarantine' | 'broken' | 'correction' | 'deleted' | 'partial';

/** Rows that an attempt staged. A part is immutable, and its name is used once. */
export interface Part {
  /**
   * The store's own reference, a small JSON value with everything that it needs to publish the part. `prepare` and `commit` get neither the watermark's column
   * nor the part's slice, so a store that needs them keeps them here.
   */
  readonly ref: Json;
  readonly role: PartRole;
  /** The rows settle separately, and would be in the open boundary group otherwise. */
  readonly ofGroup?: true;
  /** The number of rows, counted in what was written. The engine compares it with what it read, and a difference ends the run. */
  readonly rows: number;
  /** About the number of bytes of the part in the store, more than 0. */
  readonly bytes: number;
  /** The checksum of the content, in the store's own form. Only the store compares it. */
  readonly checksum: string;
  /** The nulls of each column, counted in what was written. */
  readonly nulls: readonly number[];
  /** The smallest and the largest watermark, as canonical text; absent: there is no watermark, or all values are null. */
  readonly min?: string;
  readonly max?: string;
  /** How many rows have a null watermark; absent: there is no watermark. */
  readonly unmarked?: number;
  readonly source?: string;
  /** All source files of a slice that reads several. */
  readonly sources?: readonly string[];
  /** The values of the partition's columns, as text, in a partitioned store. */
  readonly partition?: Readonly<Record<string, string | null>>;
}

/** Whether the part contains values of rows of the entity, of whole rows or only of some columns. */
export const bringsValues = (part: Pick<Part, 'role'>): boolean => isData(part) || part.role === 'partial';

/** Whether the rows of the part are rows of the entity. Deleted rows are not, and rows of the other roles settle separately. */
export function isData({ role }: Pick<Part, 'role'>): boolean {
  return role === 'data' || role === 'boundary';
}

/** The number of rows in some of the parts. */
export function rowsOf(parts: readonly Part[], are: (part: Part) => boolean): number {
  return parts.reduce((sum, part) => sum + (are(part) ? part.rows : 0), 0);
}

/**
 * What a destination holds now. `fence`: the head that a refused first load left, if nothing of this entity ever settled.
 *
 * A table without a head of the entity, or with one that is `nothing`, is `foreign` if it has rows, and `empty` if it has none or does not exist; an empty
 * table that exists has a `catalog`. A table with a head is `ours`, whatever it holds: `rows` are the rows of the head that still exist, `foreign` the
 * others. `missing` names the table if it is gone (`listedStillThere` is then 0, else 1), and `touched` and `notLookedAt` are empty.
 */
export type Target =
  | { readonly content: 'empty'; readonly fence?: Head; readonly catalog?: Catalog }
  /** There is data, and no head of this entity. */
  | {
      readonly content: 'foreign';
      readonly summary: string;
      /** The columns, if they are cheap to know. */
      readonly catalog?: Catalog;
      /** The commit that published the newest file, from the file's name; null: no name has hygge's form. */
      readonly newest: { readonly epoch: number; readonly lineage: string } | null;
      /** The entities whose heads list the data. */
      readonly others: readonly EntityKey[];
      /** `additions`: an entity may add rows to the data of `others`, and must not replace it. */
      readonly sharing: 'none' | 'additions';
      readonly fence?: Head;
    }
  | {
      readonly content: 'ours';
      readonly head: Head;
      readonly catalog?: Catalog;
      readonly rows: number;
      /** How many rows of other writers exist next to the entity's own; null: it is unknown how many, or whether there are any. */
      readonly foreign: number | null;
      readonly bytes: number;
      /** The destination certainly has no row. */
      readonly empty: boolean;
      /** Names that the head lists and that no longer exist. */
      readonly missing: readonly string[];
      /** How many of the listed names exist, or were moved within the place. A fence would keep these. */
      readonly listedStillThere: number;
      /** Names of files with the settled size and another look, because they were edited, copied or restored. */
      readonly touched: readonly string[];
      /** The present looks of files that no run has looked at since they settled. */
      readonly notLookedAt: readonly SettledLook[];
      /** The settled files have another layout than this store would write, so that readers could not read both. */
      readonly changedLayout?: ChangedFileLayout;
      /** The store knows the keys of all rows, so a full load can be merged into them. Absent: it does not, and a full load replaces the rows. */
      readonly keysKnown?: true;
      /** Files that lie among the settled ones without having settled, so that readers take them for settled. Absent: the store can't hold such files. */
      readonly strays?: readonly string[];
      /** Absent: no other program changes the entity's parts. */
      readonly shared?: SharedParts;
    };

/** How settled rows are counted. */
export type RowsOfTarget = 'exactly' | 'about';

export function headIn(target: Target): Head | null {
  return target.content === 'ours' ? target.head : (target.fence ?? null);
}

/** The part of a destination that reading steps have to know. */
export function standingIn({ content, catalog }: Target): Standing {
  return { content, ...defined({ catalog: catalog ?? undefined }) };
}

/** The layouts of the settled files and of new files, by the config key that changed. */
export interface ChangedFileLayout {
  readonly configKey: 'partition_by' | 'format';
  readonly settled: string;
  readonly now: string;
}

/** The look of a settled file (etag, size or times) in the store's own form. */
export interface SettledLook {
  readonly name: string;
  readonly looks: string;
}

/** The result of comparing a settled file with its checksum. `unknown`: it settled without a checksum. */
export interface ChecksumResult {
  readonly name: string;
  readonly bytes: number;
  readonly found: 'same' | 'changed' | 'missing' | 'unknown';
  /** The look of the file before it was read. */
  readonly looks?: string;
  readonly checksum?: string;
}

/**
 * The store's own record of its last commit, which fences off older runs. There is one head for each entity and place. It changes only from an intent's `prev`
 * to its `id` or to its `fenceHeadId`, and only once. A commit takes `watermark` and `boundary` from `intent.settles`, and `schema` and `state` from the intent.
 */
export interface Head {
  readonly id: string;
  readonly prev: string | null;
  readonly epoch: number;
  readonly lineage: string;
  /** The location of this destination's state (`StateStore.location`). */
  readonly state: string;
  /** The settled watermark, from which a lost state can be restored. */
  readonly watermark: Watermark | null;
  readonly boundary: Fingerprint | null;
  readonly schema: Schema | null;
  /** All rows of the entity after the commit; `intent.settles.rows` is the engine's own count. */
  readonly rows: number;
  /** How many rows of other writers exist next to them; null: unknown. Absent: the head's list of files shows it. */
  readonly foreign?: number | null;
  /** Why an intent was given up, in its fence. A fence has all fields of its predecessor, except id, prev and epoch. */
  readonly reason?: CommitRefusalReason;
  /** Nothing ever settled here: the head is the fence of an intent, and no earlier head listed anything. */
  readonly nothing?: true;
}

/** The entity run that writes. */
export interface EntityRun {
  readonly flow: string;
  readonly entity: string;
  readonly entityRunId: string;
  readonly lineage: string;
  readonly epoch: number;
}

/**
 * Which existing rows a commit removes before it writes its own as `Writing.mode` says. `swap` and `delete_insert` are combined with `all`, `append` with any value,
 * and `merge` with `nothing` or `unmatched`, or with `range` in a backfill. If a table holds rows of other writers that the store can't distinguish, the engine refuses `range`
 * and `all` with `keep` at plan time (HYG-2076), as long as `Target.foreign` says that there are some.
 */
export type Supersede =
  | { readonly what: 'nothing' }
  /** A full load removes everything that the head lists, and with `foreign: 'replace'` foreign data, too. */
  | { readonly what: 'all'; readonly foreign: 'keep' | 'replace' }
  /** For a full load that is merged by key: the entity's rows whose key no row of the load has. Only if `Target.keysKnown` says so. */
  | { readonly what: 'unmatched' }
  /** The open boundary group. A store of parts knows its parts; a table deletes by value, exactly the expected number of rows or none. */
  | ({ readonly what: 'boundary' } & Boundary)
  /** The parts that came from these source files. */
  | { readonly what: 'sources'; readonly sources: readonly string[] }
  /** Parts of the quarantine, and nothing else. */
  | { readonly what: 'quarantine'; readonly parts: readonly SliceRef[] }
  /** The rows of ranges, and only those. */
  | ({ readonly what: 'range' } & Ranges);

/** The size of a full load's commit, as far as it is known before rows are read. */
export interface CommitSize {
  readonly mode: WriteMode;
  /** The commit creates the table. */
  readonly createsTable: boolean;
  /** The bytes of the source. */
  readonly bytes: number;
  /** The bytes of existing data that the commit removes or writes again. */
  readonly replacedBytes: number;
}

/** The table as a run will leave it. */
export interface PlannedTable {
  readonly schema: Schema;
  readonly mode: WriteMode;
  /** The settled names of the key's columns; empty: there is no key. */
  readonly key: readonly string[];
  readonly changes: readonly Change[];
}

/** A planned table with its present content, and the rows that the run removes. */
export interface PlannedFilling extends PlannedTable {
  readonly supersede: Supersede;
  /** The answer of `inspect`. */
  readonly target: Target;
  /** As for `prepare`. */
  readonly keepsKeys?: true;
}

/**
 * Rows that a commit of the store can remove before it writes its own. Each store can remove all rows, or none. `unmatched`: a full load is merged, and rows whose key it
 * does not have are removed. `range by key`: a merge updates the rows of a range and inserts the missing ones. Rows that the source no longer has are not removed, and `notesOnPlan` reports that.
 * `keys`: a merge removes rows by their key (parts of the role `deleted`).
 */
export type Removal = 'boundary' | 'sources' | 'range' | 'range by key' | 'unmatched' | 'keys';

/** The request for `Store.stage`: one attempt at one slice. */
export interface StageRequest {
  readonly run: EntityRun;
  readonly writing: Writing;
  readonly slice: number;
  readonly schema: Schema;
  readonly source?: string;
  readonly sources?: readonly string[];
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
  /** How finely the destination keeps the watermark of its rows, for rows that settle separately. Absent: exactly, or it is not known. */
  readonly precision?: WatermarkPrecision;
  readonly emptyPart: boolean;
  /** The entity run that set the rows of the roles `broken` and `quarantine` apart, if an earlier run did so. Absent: the entity run that stages them. */
  readonly setApartBy?: string;
  /** The single partition of all rows, which do not contain its columns. */
  readonly partition?: Readonly<Record<string, string | null>>;
}

export interface FrameToStage {
  readonly frame: Frame;
  readonly role: PartRole;
  readonly ofGroup?: true;
  /** The rows of the role `broken` were already in quarantine and stay unchanged, with their ids. Absent: they were judged just now. */
  readonly stays?: true;
  /** The source file of rows of the role `quarantine`, also in a slice of several files. It is the `source` of their part. */
  readonly source?: string;
}

/**
 * A place next to the destination for data that slices leave for the step that commits. Its files have names, lineage and epoch like staged parts, and are
 * removed with them: by `sweep`, `commit`, `giveUp` and `fence`. Unlike a staged part they can be read before the commit.
 */
export interface Aside {
  /** Writes a few megabytes durably, under a new name. Called for many slices at once. A failed call leaves only debris. */
  leave(of: { readonly run: EntityRun; readonly slice: number }, bytes: Uint8Array): Promise<Json>;
  /** Reads a range of bytes, whose end is exclusive. Undefined: the data is gone, for example because a later run has claimed the entity. */
  read(ref: Json, range: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined>;
}

/** Repeated keys. A key with a null in it is not a key, as in SQL's UNIQUE. */
export interface RepeatedKeys {
  /** How many different keys occur more than once. */
  readonly keys: number;
  /** How many rows are surplus: all rows of these keys except one each. */
  readonly rows: number;
  /** A few of the keys, as canonical texts of their columns. */
  readonly examples: readonly (readonly string[])[];
}

/** `leaves`: the first files of other programs in the place where parts are staged; they stay. */
export type Swept = 'swept' | { readonly leaves: string };

/** The columns whose values together are the keys to compare. */
export interface KeysToCompare {
  readonly columns: readonly string[];
  readonly schema: Schema;
  readonly parts: readonly Part[];
  /**
   * The key by which rows are merged. If `columns` do not contain all of it, versions of one row do not count as repeated: only the newest versions are compared,
   * without rows that the source has deleted. Empty: each row settles.
   */
  readonly mergeKey: readonly string[];
}

/** Rows to set apart: all rows of each key of `columns` except the newest. */
export interface RepeatsToSetApart extends KeysToCompare, Pick<StageRequest, 'run' | 'writing' | 'slice' | 'watermark' | 'precision'> {
  /** The check that sets them apart. */
  readonly apartFor: BrokenFor;
  readonly signal: AbortSignal;
}

export interface RepeatsApart {
  /** All parts that settle instead: unchanged parts without such rows, and new parts in place of the others. */
  readonly parts: readonly Part[];
  /** The number of rows that were set apart, and would settle otherwise. */
  readonly rows: number;
}

/**
 * Opens what settled under the head as a home. If the store keeps a list of its parts, it reads only these. `rows`: the entity's own rows, under their
 * settled names and types. `keys`: the keys and the watermarks of the entity's rows, one row a key, in one slice; throws a StoreError if the keys of some rows are
 * not known.
 */
export interface Settled {
  readonly gives: 'rows' | 'keys';
  open(head: Head): Promise<Home>;
}

/** How repeated keys in a run are found. `hashes`: slices leave hashes of the keys aside. `store`: the store compares the keys of staged rows. */
export type Repeats = { readonly by: 'hashes'; readonly aside: Aside } | RepeatsInStore;

export interface RepeatsInStore {
  readonly by: 'store';
  /** Finds repeated keys among the staged rows, except keys of deleted rows. Values are compared as they settle, texts and bytes exactly. Reads only, before `prepare`. */
  staged(keys: KeysToCompare): Promise<RepeatedKeys>;
  /** The same for all rows that settled with this head. */
  settled(head: Head, keys: Pick<KeysToCompare, 'columns'>): Promise<RepeatedKeys>;
  /**
   * Stages rows again, so that one row of each key settles and the others settle separately, as rows of the role `broken`. The row with the largest watermark settles, and of
   * several the first by the values of its columns: slices and their order do not matter. Rows with a null in `columns` settle. If `columns` do not contain all of
   * the `mergeKey`, all staged rows with the merge key of a row that is set apart are set apart too. Called after `staged` and before `prepare`, which gets
   * the new parts. The old ones stay unchanged until the commit, or a sweep, removes them. If repeated, it stages again under other names. `parts lost`: some of the
   * staged rows are gone, for example because another call of the step has settled them meanwhile.
   */
  setApart(request: RepeatsToSetApart): Promise<RepeatsApart | 'parts lost'>;
}

/** What a store knows about the files in which its readers find the rows. */
export interface SettledFiles {
  /** Reads all settled files, or only the named ones, and compares them with their checksums. */
  compareChecksums(names: ReadonlySet<string> | 'all'): AsyncIterable<ChecksumResult>;
  /** Records the present looks of files that are settled with this head. The record only saves work: a run that does not find it compares again. */
  rememberLooks(head: string, looks: readonly SettledLook[]): Promise<void>;
  /** The source files whose rows are settled, and when the last of them settled; undefined: the store does not remember all of them. */
  takenSources(): Promise<{ readonly sources: readonly string[]; readonly at: Instant } | undefined>;
}

/** A table of the store's own making. */
export interface StoreTable {
  /** Prepares the place for being written while it is read. Called before each survey of a run, several times at once, and never by a dry run. Readers don't see it. */
  makeReady(): Promise<void>;
  /** Why a commit of this size would take too long; null: it would not. Pure, and called by every plan. */
  tooLarge(commit: CommitSize): Refusal | null;
  /**
   * The literal statements by which a commit would make or alter tables, including hygge's own tables. A table that replaces another one has the same statement,
   * under the final name. It reads only metadata, and is called by dry runs.
   */
  ddl(planned: PlannedTable): Promise<readonly string[]>;
}

/** Another system's table of the settled rows, which readers use. */
export interface Replica {
  /**
   * Whether the commit may be decided now, or the other system first has to finish what earlier commits began. Called before `prepare`, with its own cursor until
   * it is done. It changes nothing, and a run that is stopped meanwhile has decided nothing.
   */
  awaitTurn(supersede: Supersede, cursor?: Json): Promise<Step<'ready'>>;
  /**
   * Whether the other system has taken over what settled with this head. Read-only, and called again until the answer is yes. Throws the error of that system.
   * @param baseline of the last answer; null: there was none.
   * @param patience `brief`: no run depends on the answer, and a system that does not answer within ten seconds is not asked again.
   * @param earlier the `figures` of an earlier head; undefined: the answer is only about the head.
   */
  of(head: Head, baseline: Json, patience: Patience, earlier?: Json): Promise<Replication>;
  /** A few figures of a head, under 500 bytes, with which `of` can answer about the head after another commit. Pure. */
  figures(head: Head): Json;
  /** The table that readers of the other system find now. Called by a comparison with the source, which may call it again. Null: there is no such table. */
  rows(head: Head): Promise<ReplicatedRows | null>;
}

/** The rows of another system at one version. */
export interface ReplicatedRows {
  readonly version: number;
  /** The rows of this version under their settled names and types. The caller disposes of it. */
  readonly home: Home;
  /**
   * Whether this version has all that settled with the head, so that differing rows are a real difference and no lag. Called after the rows were read.
   * @param baseline as in `Replica.of`.
   */
  standing(baseline: Json): Promise<ReplicaStanding>;
}

/**
 * `replicated`: the version has all that settled. `behind`: nothing shows that it has. `moved`: there is a newer version now, and the rows have to be read again. `unfinished`:
 * a later commit is publishing its rows.
 */
export interface ReplicaStanding {
  readonly standing: 'replicated' | 'behind' | 'moved' | 'unfinished';
  /** `behind`: what is missing, as a sentence without a full stop; null: it is not known. */
  readonly said: string | null;
}

/**
 * A destination of rows. A store is opened once for each entity run and process, used by many slices at once, and disposed of with the run. A second
 * disposal does nothing.
 *
 * A run calls `head` and `sweep` when it claims the entity, `inspect` and `fit` when it plans, `stage` for each slice, then `prepare` and `commit`. Any call may
 * come twice, at the same time from two processes, and from a process that should be dead. The head alone decides what settles, so a handle must not remember
 * it. Calls that change something throw `OutcomeUnknown` when their outcome is unknown; the engine then sends the same call again. After a `StoreError` with
 * `transient: true` the engine tries the whole step again later; any other error ends the run.
 *
 * @example
 * // A table with real transactions. Staged parts are tables of their own.
 * async commit(intent) {
 *   return transaction(() => {
 *     const head = headOf(entity);
 *     if (head?.id === intent.id) return { done: { outcome: 'already', counts: countsOf(entity) } };
 *     if (head?.id === fenceHeadId(intent)) return { done: 'given up' };
 *     if ((head?.id ?? null) !== intent.prev) return { done: 'fenced' };
 *     if (!intent.parts.every(isStaged)) return { done: 'parts lost' };
 *     alter(intent.changes);                              // 1. the columns
 *     const deleted = remove(intent.target.supersede);    // 2. the removed rows, exactly as many as `prepare` counted
 *     const counts = insert(intent.parts, intent.writing); // 3. the new rows, appended or merged
 *     setHead(intent, counts);                            // 4. with the rows, or not at all
 *     return { done: { outcome: 'committed', counts } };
 *   });
 * }
 */
export interface Store extends AsyncDisposable {
  /** The address as JSON, complete enough to open the store again for an intent. It never holds a secret. */
  readonly place: Json;
  /** The address for people and for the state's binding. */
  readonly where: string;
  /** What readers may see during a commit, as the second half of a sentence, without a full stop. */
  readonly guarantee: string;
  /** How commits can write. */
  readonly writes: ReadonlySet<WriteMode>;
  readonly removes: ReadonlySet<Removal>;
  /** `files`: readers find each part there. `table`: the rows go into a table, and parts are not reported. */
  readonly holds: 'files' | 'table';
  /** The store distinguishes its own rows from those of other writers, by its parts or by a column that marks them. */
  readonly distinguishesOwnRows: boolean;
  /** `in turn`: several slices at once would need more memory and save no time. `one`: all rows of a run are in one slice, because one part holds them. */
  readonly slices: 'at once' | 'in turn' | 'one';
  /** The number of rows in a frame that is enough: more rows at once only cost memory. Infinity: the larger a frame, the better. */
  readonly frameRows: number;
  /** `missing`: a JSON document that is `null` settles as a missing value. */
  readonly nullDocuments: 'kept' | 'missing';
  /** A merge sets only the columns that a row shows (parts of the role `partial`). False: it needs whole rows, and gets no such parts. */
  readonly mergesPartialRows: boolean;
  /** Absent: what settled can't be read back. */
  readonly settled?: Settled;
  /** Absent: the store does not compare keys. */
  readonly repeats?: Repeats;
  /** How settled parts are rewritten. Absent: the store replaces a range without rework or not at all, and changes the type of a column in place. */
  readonly rework?: Rework;
  /** How small settled parts become larger ones. Absent: the store has no parts that grow in number, or can't read them back. */
  readonly compaction?: Compaction;
  /** Absent: rows that settled separately can't be read back. */
  readonly quarantine?: Quarantine;
  /** Absent: readers find no rows in files, or another system removes the files. */
  readonly files?: SettledFiles;
  /** Absent: the store has no table of its own. */
  readonly table?: StoreTable;
  /** Absent: readers see what settles at once, and `verify.replicated` is refused. */
  readonly replica?: Replica;
  /** Reads the present head; null: hygge never committed here. Called by every claim and by every finisher, many times in a run. */
  head(): Promise<Head | null>;
  /**
   * Reports from metadata what the destination holds now: rows, columns and their owner. Called once by every plan and dry run, at the same time as the home's `describe`,
   * and by `debug`, `verify` and `reset`. Called again with its own cursor it answers at once.
   *
   * `about`: an increment continues, so nothing depends on the exact number. Then a store that would have to count a large table answers with the numbers of the
   * head, unless there is reason to believe that many of its rows are gone. Other stores still count.
   */
  inspect(cursor?: Json, rows?: RowsOfTarget): Promise<Step<Target>>;
  /**
   * Fits the wanted columns into the destination: settled names and types, changes of the table, reasons to stop. Pure, and called by every reading step, for every
   * schema that it meets. Applied to its own answer it answers the same. `fitColumns` (fit.ts) does it for a table.
   */
  fit(wanted: ColumnsToSettle, standing: Standing): Fit;
  /** How the store makes a change that `fit` requested. */
  howChanged(change: Change): HowChanged;
  /**
   * Notes and warnings on how the table is made and filled. It reads metadata, and looks for values that the commit would remove. Called by every plan that knows
   * its columns. Throws errors that would certainly end the commit.
   */
  notesOnPlan(planned: PlannedFilling): Promise<{ readonly notes: readonly OwnNote[]; readonly warnings: readonly OwnNote[] }>;
  /**
   * Writes frames into new immutable parts and returns them: one or more for each role and each `ofGroup`. Zero frames give zero parts, or with `emptyPart` one
   * `data` part without rows. Called for many slices at once, and again for a slice whose attempt failed. An attempt never changes the work of another attempt;
   * a failed attempt leaves only debris, which `sweep` removes. No reader sees a part before its commit.
   *
   * Frames have the settled columns: those of `schema` for `data` and `boundary`, and those of `schemaOfRole(role, schema)` (frames/values/rejected-rows.ts) for the
   * other roles. Frames of all roles are mixed. `watermark.column` is a settled name, too.
   */
  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]>;
  /**
   * Fixes exactly what the commit will do, such as the names it removes and the numbers it uses, before the commit is decided. It writes nothing. Called once by a
   * step that commits, and again when the step is repeated; its `target` comes back as `intent.target`.
   * Throws if the commit would refuse: rows that other writers added or removed (`destinationBoundaryChanged`, `othersWrote`), a duplicate key (`keyTwice`, errors.ts), or
   * `changes` that are no longer possible. The head may have changed; the commit finds that out.
   */
  prepare(request: PrepareRequest): Promise<PreparedRows>;
  /**
   * Publishes a decided commit, and moves the head from `intent.prev` to the intent. Called by any number of finishers at once, and again until one call is
   * answered. If head and rows are not written in one transaction, one part, the token, is published first, and no other part before the token was seen
   * published. Throws transient errors; a permanent refusal is an outcome.
   *
   * The order is: make `intent.changes`, remove what `prepare` fixed, insert the parts. `swap` makes the table again with `intent.schema`, and so does every
   * mode that finds no table. Parts of the roles `quarantine` and `broken` settle elsewhere, and are not counted in `rows`.
   */
  commit(intent: Intent, cursor?: Json): Promise<Step<CommitOutcome>>;
  /**
   * Gives a decided commit up. It removes the token, so that nothing of the commit can become visible, moves the head from `intent.prev` to `fenceHeadId(intent)`
   * with the `reason`, and removes the staged parts, then the published ones. `unseen`: only if the token is not published. `by force`: in any case,
   * for `reset --discard`. Like `commit` it is called by several finishers at once, and again. Without a predecessor the fence has no rows, no schema and no
   * watermark, and is `nothing`.
   */
  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome>;
  /**
   * Removes all staged parts of this entity that have this `lineage` and an epoch below `before`. Called by every claim, before the run stages anything. It may be
   * repeated, and its failure fails the claim.
   */
  sweep(request: { readonly lineage: string; readonly before: number }, cursor?: Json): Promise<Step<Swept>>;
  /**
   * Fences older runs off, for `reset`: if the head is `prev`, replaces it by the head `id`, which lists the data that really exists, including foreign data if
   * there was no head. The new epoch is above `above` and above every name of hygge's form that it sees. Then it removes the staged parts of all lineages. Returns
   * the new head, also when called again with the same `id`, or `moved` if there is another head now.
   */
  fence(request: {
    readonly prev: string | null;
    readonly id: string;
    readonly lineage: string;
    readonly above: number;
    readonly state: string;
    /** The entity's own lineage so far. Without a head, file names with this lineage are the entity's. */
    readonly own?: string;
    /** The data stays settled. Throws a StoreError if nothing that the head lists exists any more. */
    readonly keep: boolean;
    /** The new head's watermark, and whether it keeps the boundary; absent: as in the old head, as far as it is still valid. */
    readonly goesOn?: { readonly watermark: Watermark | null; readonly withBoundary: boolean };
  }): Promise<Head | 'moved'>;
  /**
   * Takes the head over from the entity's earlier name, for `state mv`; the data stays in its place. `other place`: the data is not where this store would look
   * for it. Repeating the call is harmless; `dropHead` of the old name is called last.
   */
  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'>;
  dropHead(from: EntityKey): Promise<void>;
  /**
   * Removes the records of commits older than `before`, but never what the head or a pending intent needs. Answers how many it removed; 0 if the store keeps
   * none. Called when a flow is closed.
   */
  prune(before: Instant): Promise<number>;
}

/** Whether a comparison of keys rewrites the parts that contain gone rows. If not, parts of the role `deleted`, and marked rows, are merged by their key. */
export function comparesByRewriting({ writes, rework }: Pick<Store, 'writes' | 'rework'>): boolean {
  return rework !== undefined && !writes.has('merge');
}
