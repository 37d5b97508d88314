/** The interface of a store, in which data settles. It names no system. The engine owns the commit protocol (docs/building/protocol.md). */
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
 * What the rows of a part are. `data`: rows of the entity. `boundary`: rows of the entity that are in the open group at the watermark. `quarantine`:
 * rows that can't be read. `broken`: rows that break a rule. Rows of the last two roles settle separately, with columns of their own
 * (`schemaOfRole`), and are removed together with the rows that were read with them. `deleted`: rows that the source has deleted, if the config
 * applies deletes. Deleted rows never settle; `Writing.key` says which rows they remove. `partial`: changes of rows of which the source shows only
 * some columns (`shownColumn`, frames/values/partial-rows.ts). Partial rows exist only if `Store.mergesPartialRows` is true and rows are merged by a
 * key; `Writing.key` says which columns they set. `correction`: standing corrections, which settle separately with the columns of broken rows. They
 * stay when other rows are removed: only `Supersede` `quarantine` removes corrections, by name.
 */
export type PartRole = 'data' | 'boundary' | 'quarantine' | 'broken' | 'correction' | 'deleted' | 'partial';

/** Rows that an attempt staged. A part never changes, and its name is used only once. */
export interface Part {
  /**
   * The store's own reference, a small JSON value with everything that it needs to publish the part. `prepare` and `commit` get neither the
   * watermark's column nor the part's slice, so a store that needs the column or the slice keeps it here.
   */
  readonly ref: Json;
  readonly role: PartRole;
  /** Present if the rows settle separately, but would be in the open boundary group if they settled as data. */
  readonly ofGroup?: true;
  /** The number of rows, counted in what was written. If it differs from the number of rows that the engine read, the run ends. */
  readonly rows: number;
  /** About how many bytes the part has in the store. More than 0. */
  readonly bytes: number;
  /** The checksum of the content. Only the store compares it, so the store decides how it is written. */
  readonly checksum: string;
  /** The number of nulls in each column, counted in what was written. */
  readonly nulls: readonly number[];
  /** The smallest watermark of the rows, as canonical text. Absent: the entity has no watermark, or all values are null. */
  readonly min?: string;
  readonly max?: string;
  /** How many rows have a null watermark. Absent: the entity has no watermark. */
  readonly unmarked?: number;
  readonly source?: string;
  /** All source files of the part’s slice, if the slice reads several. */
  readonly sources?: readonly string[];
  /** The values of the partition’s columns, as text. Present if the store is partitioned. */
  readonly partition?: Readonly<Record<string, string | null>>;
}

/** Whether the part contains values for rows of the entity, either whole rows or some of their columns. */
export const bringsValues = (part: Pick<Part, 'role'>): boolean => isData(part) || part.role === 'partial';

/** Whether the rows of the part settle as rows of the entity. Deleted rows never settle, and rows of the other roles settle separately. */
export function isData({ role }: Pick<Part, 'role'>): boolean {
  return role === 'data' || role === 'boundary';
}

/** The number of rows in the parts for which `are` is true. */
export function rowsOf(parts: readonly Part[], are: (part: Part) => boolean): number {
  return parts.reduce((sum, part) => sum + (are(part) ? part.rows : 0), 0);
}

/**
 * What a destination holds now. `fence`: the head that a refused first load left, if nothing of this entity ever settled.
 *
 * A table without a head of the entity, or with a head that is `nothing`, is `foreign` if it has rows. If it has no rows or does not exist, it is
 * `empty`; if it exists, it has a `catalog`. A table with a head is `ours`, whatever it contains: `rows` counts the rows of the head that still
 * exist, and `foreign` counts the others. `missing` names the table if it is gone (`listedStillThere` is then 0, else 1), and `touched` and
 * `notLookedAt` are empty.
 */
export type Target =
  | { readonly content: 'empty'; readonly fence?: Head; readonly catalog?: Catalog }
  /** The destination has data, but no head of this entity. */
  | {
      readonly content: 'foreign';
      readonly summary: string;
      /** The columns of the data, if they are cheap to know. */
      readonly catalog?: Catalog;
      /** The commit that published the newest file, as the file’s name shows it. Null: no file has a name that hygge gives. */
      readonly newest: { readonly epoch: number; readonly lineage: string } | null;
      /** The entities whose heads list the data as theirs. */
      readonly others: readonly EntityKey[];
      /** Whether another entity may use the data of `others`. `additions`: it may add rows, but must not replace the data. */
      readonly sharing: 'none' | 'additions';
      readonly fence?: Head;
    }
  | {
      readonly content: 'ours';
      readonly head: Head;
      readonly catalog?: Catalog;
      readonly rows: number;
      /** How many rows of other writers exist beside the entity’s own. Null: the number is unknown, and may be 0. */
      readonly foreign: number | null;
      readonly bytes: number;
      /** Whether the destination certainly has no row. */
      readonly empty: boolean;
      /** The names that the head lists, but that no longer exist. */
      readonly missing: readonly string[];
      /** How many of the listed names exist, or were moved within the destination. A fence would keep these names. */
      readonly listedStillThere: number;
      /** The names of files that have the settled size, but another look, because they were edited, copied or restored. */
      readonly touched: readonly string[];
      /** The present looks of files that no run has looked at since the files settled. */
      readonly notLookedAt: readonly SettledLook[];
      /** Present if the settled files have another layout than this store would write. Readers could not read both layouts. */
      readonly changedLayout?: ChangedFileLayout;
      /** Present if the store knows the keys of all rows, so that a full load can be merged into the rows. Absent: a full load replaces the rows. */
      readonly keysKnown?: true;
      /** Files that lie among the settled files, but have not settled. Readers take these files for settled ones. Absent: the store can’t contain such files. */
      readonly strays?: readonly string[];
      /** What other programs did to the entity’s parts. Absent: no other program changes the entity’s parts. */
      readonly shared?: SharedParts;
    };

/** How the settled rows are counted. */
export type RowsOfTarget = 'exactly' | 'about';

export function headIn(target: Target): Head | null {
  return target.content === 'ours' ? target.head : (target.fence ?? null);
}

/** What the steps that read have to know about a destination. */
export function standingIn({ content, catalog }: Target): Standing {
  return { content, ...defined({ catalog: catalog ?? undefined }) };
}

/** The layouts of the settled files and of new files, by the config key whose change made them different. */
export interface ChangedFileLayout {
  readonly configKey: 'partition_by' | 'format';
  readonly settled: string;
  readonly now: string;
}

/** What a settled file looks like from outside: its etag, size or times. Only the store reads these texts. */
export interface SettledLook {
  readonly name: string;
  readonly looks: string;
}

/** The result of comparing a settled file with its checksum. `unknown`: the file settled without a checksum. */
export interface ChecksumResult {
  readonly name: string;
  readonly bytes: number;
  readonly found: 'same' | 'changed' | 'missing' | 'unknown';
  /** The look of the file before the file was read. */
  readonly looks?: string;
  readonly checksum?: string;
}

/**
 * The store's own record of its last commit, which fences off older runs. Each entity has one head in each destination. An intent changes the head
 * only from its `prev` to its `id` or to its `fenceHeadId`, and only once. A commit takes `watermark` and `boundary` from `intent.settles`, and
 * `schema` and `state` from the intent.
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
  /** The number of all rows of the entity after the commit. In `intent.settles.rows` is the engine’s own count. */
  readonly rows: number;
  /** How many rows of other writers exist beside the entity’s rows. Null: the number is unknown. Absent: the head’s list of files shows it. */
  readonly foreign?: number | null;
  /** Why an intent was given up. Only the intent’s fence has it. All other fields of a fence equal those of its predecessor, except id, prev and epoch. */
  readonly reason?: CommitRefusalReason;
  /** Present if no data ever settled here: the head is the fence of an intent, and earlier heads listed no data. */
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
 * Which existing rows a commit removes before it writes its own rows as `Writing.mode` says. `swap` and `delete_insert` are combined only with `all`.
 * `append` is combined with any value. `merge` is combined with `nothing` or `unmatched`, and in a backfill with `range`. If `Target.foreign` says
 * that a table has rows of other writers, and the store can’t tell them apart, a plan refuses `range`. It also refuses `all` with `foreign: 'keep'`
 * (HYG-2076).
 */
export type Supersede =
  | { readonly what: 'nothing' }
  /** A full load removes all rows that the head lists. With `foreign: 'replace'` it removes the rows of other writers, too. */
  | { readonly what: 'all'; readonly foreign: 'keep' | 'replace' }
  /** For a full load that is merged by key: removes the entity’s rows whose key is in no row of the load. Only if `Target.keysKnown` is true. */
  | { readonly what: 'unmatched' }
  /** Removes the open boundary group. A store of parts knows the parts of the group. A table deletes by value: exactly the expected number of rows, or none. */
  | ({ readonly what: 'boundary' } & Boundary)
  /** Removes the parts that came from these source files. */
  | { readonly what: 'sources'; readonly sources: readonly string[] }
  /** Removes only these parts of the quarantine. */
  | { readonly what: 'quarantine'; readonly parts: readonly SliceRef[] }
  /** Removes only the rows of these ranges. */
  | ({ readonly what: 'range' } & Ranges);

/** The size of a full load's commit, as far as it is known before rows are read. */
export interface CommitSize {
  readonly mode: WriteMode;
  /** Whether the commit creates the table. */
  readonly createsTable: boolean;
  /** The size of the source, in bytes. */
  readonly bytes: number;
  /** The size of the existing data that the commit removes or writes again, in bytes. */
  readonly replacedBytes: number;
}

/** The table as it will be after the run. */
export interface PlannedTable {
  readonly schema: Schema;
  readonly mode: WriteMode;
  /** The settled names of the key’s columns. Empty: the entity has no key. */
  readonly key: readonly string[];
  readonly changes: readonly Change[];
}

/** A planned table, with the present content of the destination and the rows that the run removes. */
export interface PlannedFilling extends PlannedTable {
  readonly supersede: Supersede;
  /** The result of `inspect`. */
  readonly target: Target;
  /** As in the request for `prepare`. */
  readonly keepsKeys?: true;
}

/**
 * Which rows a commit of the store can remove before it writes its own rows. Each store can remove all rows, or none. `unmatched`: a full load is
 * merged, and rows whose key it does not have are removed. `range by key`: a merge updates the rows of a range and inserts the missing rows. Rows
 * that are gone from the source stay, and `notesOnPlan` reports that. `keys`: a merge removes rows by their key (parts of the role `deleted`).
 */
export type Removal = 'boundary' | 'sources' | 'range' | 'range by key' | 'unmatched' | 'keys';

/** A request for `Store.stage`: one attempt at one slice. */
export interface StageRequest {
  readonly run: EntityRun;
  readonly writing: Writing;
  readonly slice: number;
  readonly schema: Schema;
  readonly source?: string;
  readonly sources?: readonly string[];
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
  /** How finely the destination keeps the watermark, needed for rows that settle separately. Absent: exactly, or the precision is not known. */
  readonly precision?: WatermarkPrecision;
  readonly emptyPart: boolean;
  /** The entity run that set the rows of the roles `broken` and `quarantine` apart, if it was an earlier one. Absent: the entity run that stages them. */
  readonly setApartBy?: string;
  /** The single partition in which all rows are. The rows do not contain the partition’s columns. */
  readonly partition?: Readonly<Record<string, string | null>>;
}

export interface FrameToStage {
  readonly frame: Frame;
  readonly role: PartRole;
  readonly ofGroup?: true;
  /** Present if the rows of the role `broken` were already in quarantine, and stay unchanged with their ids. Absent: the rows were judged just now. */
  readonly stays?: true;
  /** The source file of rows of the role `quarantine`. It becomes the `source` of their part, even if the slice reads several files. */
  readonly source?: string;
}

/**
 * The files beside the destination in which slices leave data for the step that commits. The files have names, lineage and epoch like staged parts,
 * so `sweep`, `commit`, `giveUp` and `fence` remove both together. Unlike a staged part, these files can be read before the commit.
 */
export interface Aside {
  /** Writes a few megabytes durably, under a new name. Called for many slices at the same time. A call that fails leaves only debris. */
  leave(of: { readonly run: EntityRun; readonly slice: number }, bytes: Uint8Array): Promise<Json>;
  /** Reads the bytes from `start` up to, but not including, `end`. Undefined: the data is gone, for example because a later run has claimed the entity. */
  read(ref: Json, range: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined>;
}

/** The repeated keys among some rows. As in SQL’s UNIQUE, a key with a null is not a key. */
export interface RepeatedKeys {
  /** How many different keys occur more than once. */
  readonly keys: number;
  /** How many rows are surplus. For each repeated key, all rows except one are surplus. */
  readonly rows: number;
  /** Some of the keys, as canonical texts of their columns. */
  readonly examples: readonly (readonly string[])[];
}

/** The result of a sweep. `leaves`: the first files of other programs in the folder where parts are staged. The sweep leaves them there. */
export type Swept = 'swept' | { readonly leaves: string };

/** The rows whose keys are compared. The values of `columns` together are a key. */
export interface KeysToCompare {
  readonly columns: readonly string[];
  readonly schema: Schema;
  readonly parts: readonly Part[];
  /**
   * The key by which rows are merged. If `columns` do not contain the whole merge key, versions of one row do not count as repeated. Only the newest
   * version of each row is then compared, and rows that the source has deleted are left out. Empty: rows are not merged, so each row settles.
   */
  readonly mergeKey: readonly string[];
}

/** A request to set rows apart: for each key of `columns`, all rows except the newest. */
export interface RepeatsToSetApart extends KeysToCompare, Pick<StageRequest, 'run' | 'writing' | 'slice' | 'watermark' | 'precision'> {
  /** The check because of which the rows are set apart. */
  readonly apartFor: BrokenFor;
  readonly signal: AbortSignal;
}

export interface RepeatsApart {
  /** The parts that settle instead. Parts without such rows are unchanged, and new parts replace the others. */
  readonly parts: readonly Part[];
  /** How many rows were set apart that would otherwise settle. */
  readonly rows: number;
}

/**
 * Opens the rows that settled under the head as a home. If the store keeps a list of its parts, the home reads only the listed parts. `rows`: the
 * entity's own rows, under their settled names and types. `keys`: the keys and the watermarks of the entity’s rows, one row a key, in one slice. It
 * throws a StoreError if the keys of some rows are not known.
 */
export interface Settled {
  readonly gives: 'rows' | 'keys';
  open(head: Head): Promise<Home>;
}

/** How repeated keys in a run are found. `hashes`: slices leave hashes of the keys aside. `store`: the store compares the keys of staged rows. */
export type Repeats = { readonly by: 'hashes'; readonly aside: Aside } | RepeatsInStore;

export interface RepeatsInStore {
  readonly by: 'store';
  /** Finds the repeated keys among the staged rows, except the keys of deleted rows. Values are compared as they settle; texts and bytes must be exactly equal. Read-only; called before `prepare`. */
  staged(keys: KeysToCompare): Promise<RepeatedKeys>;
  /** Finds the repeated keys among all rows that settled with this head. */
  settled(head: Head, keys: Pick<KeysToCompare, 'columns'>): Promise<RepeatedKeys>;
  /**
   * Stages rows again, so that one row of each key settles and the others settle separately, as rows of the role `broken`. The row with the largest
   * watermark settles. If several have it, the first one in the order of its columns’ values settles, so slices and their order do not matter. Rows
   * with a null in `columns` settle. If `columns` do not contain all of the `mergeKey`, all staged rows with the merge key of a row that is set apart
   * are set apart too. Called after `staged` and before `prepare`, which gets the new parts. The old parts stay unchanged until the commit or a sweep
   * removes them. If the call is repeated, it stages the rows again under other names. `parts lost`: some of the staged rows are gone, for example
   * because another call of the step has settled them meanwhile.
   */
  setApart(request: RepeatsToSetApart): Promise<RepeatsApart | 'parts lost'>;
}

/** What a store knows about the files in which its readers find rows. */
export interface SettledFiles {
  /** Reads all settled files, or only the named ones, and compares them with their checksums. */
  compareChecksums(names: ReadonlySet<string> | 'all'): AsyncIterable<ChecksumResult>;
  /** Records the present looks of files that settled with this head. The record only saves work: a run that does not find the record compares the files again. */
  rememberLooks(head: string, looks: readonly SettledLook[]): Promise<void>;
  /** The source files whose rows are settled, and when the last of these files settled. Undefined: the store does not remember all of them. */
  takenSources(): Promise<{ readonly sources: readonly string[]; readonly at: Instant } | undefined>;
}

/** What a store does for the table that it makes itself. */
export interface StoreTable {
  /** Prepares the database, so that the table can be written while it is read. Called before each survey of a run, maybe several times at once, but never by a dry run. Readers see no change. */
  makeReady(): Promise<void>;
  /** Why a commit of this size would take too long. Null: it would be fast enough. Pure, and called by every plan. */
  tooLarge(commit: CommitSize): Refusal | null;
  /**
   * The literal statements by which a commit would make or alter tables, including hygge's own tables. For a table that replaces another one, the
   * statement has the final name. Dry runs call this method. It reads only metadata.
   */
  ddl(planned: PlannedTable): Promise<readonly string[]>;
}

/** A copy of the settled rows as a table of another system, which readers use. */
export interface Replica {
  /**
   * Waits until the commit may be decided: the other system may first have to finish what earlier commits began. Called before `prepare`, again with
   * its own cursor until it is done. It is read-only, so a run that is stopped meanwhile has decided nothing.
   */
  awaitTurn(supersede: Supersede, cursor?: Json): Promise<Step<'ready'>>;
  /**
   * Whether the other system has taken over the rows that settled with this head. Read-only, and called again until the answer is yes. Throws an
   * error of that system.
   * @param baseline the `baseline` of the last answer; null: this is the first call.
   * @param patience `brief`: no run depends on the answer, and a system that does not answer within ten seconds is not asked again.
   * @param earlier the `figures` of an earlier head; undefined: the answer is only about the head.
   */
  of(head: Head, baseline: Json, patience: Patience, earlier?: Json): Promise<Replication>;
  /** A few figures of a head, in less than 500 bytes. With them, `of` can still answer about the head after another commit. Pure. */
  figures(head: Head): Json;
  /** The table that readers of the other system find now. A comparison with the source calls this, maybe several times. Null: the other system has no such table. */
  rows(head: Head): Promise<ReplicatedRows | null>;
}

/** The rows of a replica at one version. */
export interface ReplicatedRows {
  readonly version: number;
  /** The rows of this version, with their settled names and types. The caller disposes of the home. */
  readonly home: Home;
  /**
   * Whether this version has all rows that settled with the head. If it has, a row that differs is a real difference and not a lag. Called after the
   * rows were read.
   * @param baseline as in `Replica.of`.
   */
  standing(baseline: Json): Promise<ReplicaStanding>;
}

/**
 * `replicated`: the version has all settled rows. `behind`: the version may lack settled rows. `moved`: a newer version exists now, so the rows have
 * to be read again. `unfinished`: a later commit is publishing its rows.
 */
export interface ReplicaStanding {
  readonly standing: 'replicated' | 'behind' | 'moved' | 'unfinished';
  /** What is missing if the version is `behind`, as a sentence without a full stop. Null: it is not known. */
  readonly said: string | null;
}

/**
 * A destination of rows. A store is opened once for each entity run and process, used by many slices at once, and disposed of with the run. A second
 * disposal does nothing.
 *
 * A run calls `head` and `sweep` when it claims the entity, `inspect` and `fit` when it plans, and `stage` for each slice. At the end it calls
 * `prepare` and `commit`. Any call may come twice, from two processes at the same time, or from a process that should be dead. The head alone decides
 * what settles, so a handle must not remember it. A call that changes data throws `OutcomeUnknown` if its outcome is unknown, and the engine then
 * sends the same call again. After a `StoreError` with `transient: true` the engine tries the whole step again later; any other error ends the run.
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
 *     alter(intent.changes);                              // 1. Change the columns.
 *     const deleted = remove(intent.target.supersede);    // 2. Remove rows: exactly as many as `prepare` counted.
 *     const counts = insert(intent.parts, intent.writing); // 3. Append or merge the new rows.
 *     setHead(intent, counts);                            // 4. Write the head in the same transaction as the rows.
 *     return { done: { outcome: 'committed', counts } };
 *   });
 * }
 */
export interface Store extends AsyncDisposable {
  /** The address as JSON. With it alone, the store can be opened again for an intent. It never contains a secret. */
  readonly place: Json;
  /** The address for people, and for the state’s binding. */
  readonly where: string;
  /** What readers may see during a commit. It is the second half of a sentence, without a full stop. */
  readonly guarantee: string;
  /** The modes in which commits can write. */
  readonly writes: ReadonlySet<WriteMode>;
  readonly removes: ReadonlySet<Removal>;
  /** `files`: readers find each part as files. `table`: the rows go into a table, and parts are not reported. */
  readonly holds: 'files' | 'table';
  /** Whether the store can tell its own rows from the rows of other writers, by its parts or by a column that marks its rows. */
  readonly distinguishesOwnRows: boolean;
  /** How slices can be staged. `in turn`: one after another, because several slices at once would need more memory and save no time. `one`: all rows of a run are in one slice, because one part has to contain them. */
  readonly slices: 'at once' | 'in turn' | 'one';
  /** How many rows a frame should have. More rows at once would only cost memory. Infinity: the larger a frame is, the better. */
  readonly frameRows: number;
  /** How a JSON document that is `null` settles. `missing`: as a missing value. */
  readonly nullDocuments: 'kept' | 'missing';
  /** Whether a merge can set only the columns that a row shows (parts of the role `partial`). If not, the store gets only whole rows. */
  readonly mergesPartialRows: boolean;
  /** Reads the settled rows back. Absent: settled rows can’t be read back. */
  readonly settled?: Settled;
  /** Finds repeated keys. Absent: the store does not compare keys. */
  readonly repeats?: Repeats;
  /** How settled parts are rewritten. Absent: the store replaces ranges without rework or not at all, and changes the type of a column in place. */
  readonly rework?: Rework;
  /** How small settled parts become larger parts. Absent: the store’s parts do not grow in number, or it can’t read them back. */
  readonly compaction?: Compaction;
  /** Reads the rows that settled separately. Absent: such rows can’t be read back. */
  readonly quarantine?: Quarantine;
  /** What the store knows about its files. Absent: readers find no rows in files, or another system removes the files. */
  readonly files?: SettledFiles;
  /** The table that the store makes itself. Absent: the store has no table of its own. */
  readonly table?: StoreTable;
  /** The copy of the settled rows in another system. Absent: readers see settled rows at once, so `verify.replicated` is refused. */
  readonly replica?: Replica;
  /** Reads the present head. Null: hygge never committed here. Every claim and every finisher calls it, so a run calls it many times. */
  head(): Promise<Head | null>;
  /**
   * Reports from metadata what the destination holds now: rows, columns and their owner. Called once by every plan and dry run, at the same time as
   * the home's `describe`, and by `debug`, `verify` and `reset`. If it is called again with its own cursor, it answers at once.
   *
   * `about`: an increment continues, so the exact number does not matter. Then a store that would have to count a large table answers with the
   * numbers of the head, unless many of its rows seem to be gone. Other stores still count.
   */
  inspect(cursor?: Json, rows?: RowsOfTarget): Promise<Step<Target>>;
  /**
   * Fits the wanted columns into the destination: settled names and types, changes of the table, reasons to stop. Pure, and called by every reading
   * step, for every schema that it meets. If its result is fitted again, the result stays the same. `fitColumns` (fit.ts) does it for a table.
   */
  fit(wanted: ColumnsToSettle, standing: Standing): Fit;
  /** How the store makes a change that `fit` asked for. */
  howChanged(change: Change): HowChanged;
  /**
   * Notes and warnings on how the table is made and filled. It reads metadata, and also looks for values that the commit would remove. Every plan
   * that knows its columns calls this. Throws an error if the commit would certainly end with it.
   */
  notesOnPlan(planned: PlannedFilling): Promise<{ readonly notes: readonly OwnNote[]; readonly warnings: readonly OwnNote[] }>;
  /**
   * Writes frames into new immutable parts and returns them: one or more for each role and each `ofGroup`. Without a frame it returns no part, or,
   * with `emptyPart`, one `data` part without rows. Called for many slices at once, and again for a slice whose attempt failed. An attempt never
   * changes the work of another attempt; a failed attempt leaves only debris, which `sweep` removes. No reader sees a part before its commit.
   *
   * Frames have the settled columns: those of `schema` for `data` and `boundary`, and those of `schemaOfRole(role, schema)`
   * (frames/values/rejected-rows.ts) for the other roles. Frames of all roles are mixed. `watermark.column` is a settled name, too.
   */
  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]>;
  /**
   * Fixes exactly what the commit will do, such as the names it removes and the numbers it uses, before the commit is decided. It is read-only. A
   * step that commits calls it once, and again if the step is repeated. Its `target` comes back as `intent.target`. Throws if the commit would
   * refuse. The reasons are rows that other writers added or removed (`destinationBoundaryChanged`, `othersWrote`), a duplicate key (`keyTwice`,
   * errors.ts), and `changes` that are no longer possible. The head may have changed; the commit finds that out.
   */
  prepare(request: PrepareRequest): Promise<PreparedRows>;
  /**
   * Publishes a decided commit, and moves the head from `intent.prev` to the intent. Any number of finishers call it at the same time, and again
   * until one call is answered. If the head and the rows are not written in one transaction, one part is the token. The token is published first, and
   * other parts only after the token was seen published. Throws transient errors. A permanent refusal is an outcome instead.
   *
   * The order is: make `intent.changes`, remove what `prepare` fixed, insert the parts. `swap` makes the table again with `intent.schema`, and so
   * does every mode that finds no table. Parts of the roles `quarantine` and `broken` settle elsewhere, and are not counted in `rows`.
   */
  commit(intent: Intent, cursor?: Json): Promise<Step<CommitOutcome>>;
  /**
   * Gives a decided commit up. First it removes the token, so that no part of the commit can become visible. Then it moves the head from
   * `intent.prev` to `fenceHeadId(intent)` with the `reason`. At last it removes the staged parts, and then the published ones. `unseen`: only if the
   * token is not published yet. `by force`: in any case, for `reset --discard`. Like `commit` it is called by several finishers at once, and again.
   * Without a predecessor the fence has no rows, no schema and no watermark, and is `nothing`.
   */
  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome>;
  /**
   * Removes all staged parts of this entity that have this `lineage` and an epoch below `before`. Every claim calls it before the run stages a row.
   * It may be repeated. If it fails, the claim fails.
   */
  sweep(request: { readonly lineage: string; readonly before: number }, cursor?: Json): Promise<Step<Swept>>;
  /**
   * Fences older runs off, for `reset`. If the head is `prev`, it replaces that head by the head `id`. The new head lists the data that really
   * exists, and if there was no head, also the data of other writers. The new epoch is larger than `above`, and larger than the epoch in every file
   * name of hygge that exists. Then it removes the staged parts of all lineages. Returns the new head, also when called again with the same `id`, or
   * `moved` if another head is there now.
   */
  fence(request: {
    readonly prev: string | null;
    readonly id: string;
    readonly lineage: string;
    readonly above: number;
    readonly state: string;
    /** The entity’s own lineage so far. If there is no head, files whose names have this lineage belong to the entity. */
    readonly own?: string;
    /** Whether the data stays settled. Throws a StoreError if all data that the head lists is gone. */
    readonly keep: boolean;
    /** The new head’s watermark, and whether the new head keeps the boundary. Absent: both are as in the old head, as far as they are still valid. */
    readonly goesOn?: { readonly watermark: Watermark | null; readonly withBoundary: boolean };
  }): Promise<Head | 'moved'>;
  /**
   * Takes the head over from the entity’s earlier name, for `state mv`. The data is not moved. `other place`: the data is not where this store would
   * look for it. Repeating the call is harmless; `dropHead` of the old name is called last.
   */
  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'>;
  dropHead(from: EntityKey): Promise<void>;
  /**
   * Removes the records of commits older than `before`, except records that the head or a pending intent needs. Returns how many it removed. A store
   * without such records returns 0. Called when a flow is closed.
   */
  prune(before: Instant): Promise<number>;
}

/** Whether a comparison of keys rewrites the parts that contain gone rows. False: parts of the role `deleted`, and rows that are marked, are merged by their key. */
export function comparesByRewriting({ writes, rework }: Pick<Store, 'writes' | 'rework'>): boolean {
  return rework !== undefined && !writes.has('merge');
}
