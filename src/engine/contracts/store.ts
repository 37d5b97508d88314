/** Where data settles: what a store implements. The engine owns the commit protocol (protocol.ts, docs/protocol.md). Nothing in here knows a system's name. */
import type { Schema } from '../../frames/schema.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { RefusalReason } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { Boundary } from './boundary.ts';
import type { Catalog, Change, Evolution, Fit, PlannedChange, Refusal, Standing, WantedColumns } from './catalog.ts';
import type { Frame, Step } from './frame.ts';
import type { CommitOutcome, GiveUpOutcome, Intent } from './intent.ts';
import type { Range, Rework, ReworkResult } from './replacing.ts';
import type { WriteMode, Writing } from './writing.ts';

/**
 * `data`, and `boundary` for the open group at the watermark, are the entity's rows. `quarantine`: rows that can't be read. `broken`: rows that
 * break a rule. Both settle apart from them, each with columns of its own (`schemaOfRole`), and go when the rows they came with go.
 * `deleted`: rows that the source says are deleted, where that is applied. They never settle; what they remove is said with `Writing.key`.
 */
export type PartRole = 'data' | 'boundary' | 'quarantine' | 'broken' | 'deleted';

/** Something an attempt staged. Immutable; named once. */
export interface Part {
  /**
   * The store's own reference: what it needs to publish the part. Small JSON. `prepare` and `commit` are not told the watermark's column, or
   * of which slice a part is: what they need of that stands here.
   */
  readonly ref: Json;
  readonly role: PartRole;
  /** Of rows that settle apart: they would be in the open boundary group. */
  readonly ofGroup?: true;
  /** As counted in what was written: the engine compares it with what it read, and a difference ends the run. */
  readonly rows: number;
  /** About as large as it lies there; more than 0. */
  readonly bytes: number;
  /** Of the content, in a form of the store's own: nobody else compares it. */
  readonly checksum: string;
  /** Nulls per column as counted in what was written. */
  readonly nulls: readonly number[];
  /** Smallest and largest watermark in it, canonical text; absent without a watermark or when all are null. */
  readonly min?: string;
  readonly max?: string;
  /** Rows whose watermark is null; absent without a watermark. */
  readonly unmarked?: number;
  readonly source?: string;
  /** Of a slice that reads several source files: all of them. */
  readonly sources?: readonly string[];
  /** Where rows settle apart by the values of columns: theirs, as text. */
  readonly partition?: Readonly<Record<string, string | null>>;
}

/**
 * What a destination holds now. `fence`: its head, where nothing of this entity ever settled and a refused first load left one.
 *
 * Of a table: without a head of ours (or with one that is `nothing`) it is `foreign` when it has rows, and `empty` when it has none or is not there;
 * an empty table that is there has a `catalog`. With a head it is `ours`, whatever it holds: `rows` are those of the head that are still there,
 * `foreign` the others, `missing` the table itself where it is gone (`left` 0, else 1), and `touched` and `unknown` are empty.
 */
export type Target =
  | { readonly content: 'empty'; readonly fence?: Head; readonly catalog?: Catalog }
  /** Data without a head of this entity's. */
  | {
      readonly content: 'foreign';
      readonly summary: string;
      /** Its columns, as far as they are cheap to know. */
      readonly catalog?: Catalog;
      /** Whose commit published what is newest there, as its name tells; null: no name is of hygge's form. */
      readonly newest: { readonly epoch: number; readonly lineage: string } | null;
      /** Entities whose heads list what is there. */
      readonly others: readonly EntityKey[];
      readonly fence?: Head;
    }
  | {
      readonly content: 'ours';
      readonly head: Head;
      readonly catalog?: Catalog;
      readonly rows: number;
      /** Rows of others beside ours; null: nobody can tell how many, or whether there are any. */
      readonly foreign: number | null;
      readonly bytes: number;
      /** Not one row in it, for certain. */
      readonly empty: boolean;
      /** Names the head lists that are not there any more. */
      readonly missing: readonly string[];
      /** How many of the names it lists are there, or were moved within the place: what a fence would keep. */
      readonly left: number;
      /** Names of the size that settled which look otherwise than when they did: edited, or copied, or restored. */
      readonly touched: readonly string[];
      /** What nobody has looked at since it settled: how it looks now. */
      readonly unknown: readonly SettledLook[];
      /** What settled lies otherwise than what this store would add: readers could not have both. */
      readonly unlike?: Unlike;
      /** What lies among what settled and did not settle there: readers of the place take it for settled. Absent: the store can't hold such. */
      readonly strays?: readonly string[];
    };

export function headIn(target: Target): Head | null {
  return target.content === 'ours' ? target.head : (target.fence ?? null);
}

/** How what settled lies, and how new rows would, by the key of the config that changed. */
export interface Unlike {
  readonly key: 'partition_by' | 'format';
  readonly settled: string;
  readonly now: string;
}

/** How something settled looks, in the store's own words. */
export interface SettledLook {
  readonly name: string;
  readonly looks: string;
}

/** Something settled, compared with its checksum. `unknown`: it settled without one. */
export interface ChecksumResult {
  readonly name: string;
  readonly bytes: number;
  readonly found: 'same' | 'changed' | 'missing' | 'unknown';
  /** As it looked before it was read. */
  readonly looks?: string;
  readonly checksum?: string;
}

/**
 * The store's own record of its last commit: its fence. It moves only prev → id, or prev → `fenceHeadId` the intent, once. One for each entity and
 * place. A commit fills it from its intent: `watermark` and `boundary` from `intent.settles`, `schema` and `state` as they are there.
 */
export interface Head {
  readonly id: string;
  readonly prev: string | null;
  readonly epoch: number;
  readonly lineage: string;
  /** Where the state of this destination lives (`StateStore.location`). */
  readonly state: string;
  /** As settled with it, so that a lost state can be taken up again from the destination. */
  readonly watermark: Watermark | null;
  readonly boundary: Fingerprint | null;
  readonly schema: Schema | null;
  /** Ours, all that are there after the commit; `intent.settles.rows` are the engine's reckoning of it. */
  readonly rows: number;
  /** Rows of others beside them, as far as that is known; null: it is not. Absent: what is listed tells. */
  readonly foreign?: number | null;
  /** It is the fence of an intent that was given up: why. All else but id, prev and epoch is its predecessor's. */
  readonly reason?: RefusalReason;
  /** Nothing ever settled here: it is such a fence, and had no predecessor that listed anything. */
  readonly nothing?: true;
}

/** Who is writing. */
export interface EntityRun {
  readonly flow: string;
  readonly entity: string;
  readonly entityRunId: string;
  readonly lineage: string;
  readonly epoch: number;
}

/**
 * What a commit does to the rows already there, before its own go in as `Writing.mode` says. `swap` and `delete_insert` come with `all`; `append` with any;
 * `merge` with `nothing`, or with `range` in a backfill. In a table that holds rows of others that the store can't tell apart, the
 * engine refuses `range` and `all` with `keep` at plan time (HYG-2076), as long as `Target.foreign` says that there are some.
 */
export type Supersede =
  | { readonly what: 'nothing' }
  /** A full load: everything the head lists, and foreign data if `foreign` is `replace`. */
  | { readonly what: 'all'; readonly foreign: 'keep' | 'replace' }
  /** The open boundary group: stores of parts know which they are, others delete by value, exactly so many rows or none. */
  | ({ readonly what: 'boundary' } & Boundary)
  /** Parts that came from these source files. */
  | { readonly what: 'sources'; readonly sources: readonly string[] }
  /** The rows of a range, and only those. */
  | ({ readonly what: 'range' } & Range);

/** What a full load would move with its commit, by what is known before anything is read. */
export interface CommitSize {
  readonly mode: WriteMode;
  /** There is no table yet. */
  readonly creates: boolean;
  /** Of the source. */
  readonly bytes: number;
  /** Of what is there, as far as it goes or is written anew. */
  readonly there: number;
}

/** What a run makes of the table that rows settle in. */
export interface PlannedTable {
  readonly schema: Schema;
  readonly mode: WriteMode;
  /** What rows are told apart by, as it settles; none: nothing tells. */
  readonly key: readonly string[];
  readonly changes: readonly Change[];
}

/** A table, what lies there, and the rows of it that go. */
export interface PlannedFilling extends PlannedTable {
  readonly supersede: Supersede;
  /** As `inspect` answered. */
  readonly target: Target;
}

export interface StoreCapabilities {
  readonly append: boolean;
  readonly replace: boolean;
  readonly merge: boolean;
  /** Where it merges: removes rows by their key (parts of the role `deleted`). */
  readonly deletes: boolean;
  /** A full load may delete what is ours and leave the rest of the table alone. */
  readonly deleteInsert: boolean;
  /** Tells its own rows from those that others put into the same place: they lie in parts, or a column marks them. */
  readonly tellsOwnRows: boolean;
  readonly replaceBoundary: boolean;
  readonly replaceSources: boolean;
  readonly replaceRange: boolean;
  /** Takes the slices of a run one after the other: more of them at once would need memory, and no less time. Absent: any number at once. */
  readonly oneByOne?: true;
  /** All rows of a run come to it in one slice: it holds them in one part. Absent: in any number of them. */
  readonly onePart?: true;
  /** What readers may see during a commit: a sentence that goes on after a comma, without its full stop. */
  readonly guarantee: string;
}

/**
 * Opened once in each entity run and process, used by many slices at once, and disposed of with the run; a second disposal does nothing.
 *
 * A run calls `head` and `sweep` when it claims the entity, `inspect` and `fit` when it plans, `stage` for each slice, then `prepare` and `commit`.
 * Any call may come twice, at the same time from two processes, and from one that should be dead: what settles is decided by the head alone, so
 * nothing that a handle has seen of it may be remembered. Calls that change something throw `OutcomeUnknown` when nobody knows whether they did; the
 * engine then sends the same call again. A `StoreError` with `transient: true` has the whole step tried again later; any other ends the run.
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
 *     const deleted = remove(intent.target.supersede);    // 2. what goes, exactly as many rows as `prepare` counted
 *     const counts = insert(intent.parts, intent.writing); // 3. what comes, appended or merged
 *     setHead(intent, counts);                            // 4. with the rows, or not at all
 *     return { done: { outcome: 'committed', counts } };
 *   });
 * }
 */
export interface Store extends AsyncDisposable {
  readonly capabilities: StoreCapabilities;
  /** Address, complete enough to open it again for an intent; JSON; never holds a secret. */
  readonly place: Json;
  /** The same for people and for the state's binding. */
  readonly where: string;
  /** Its parts are what readers find there, one by one: files. Absent: their rows go into a table, and nobody is told of them. */
  readonly keepsParts?: true;
  /** Absent: a range is replaced without it, or not at all; and the type of a column changes where the column is. */
  readonly rework?: Rework;
  /** The head alone, as it is now; null: hygge never committed here. Called by every claim and by every finisher, many times a run. */
  head(): Promise<Head | null>;
  /**
   * Makes the place one that can be written to while it is read: called before each survey of a run, never by a dry run, and several times at once.
   * Nothing of it is seen by readers. Absent: it is so from the start.
   */
  makeReady?(): Promise<void>;
  /**
   * What is there now: rows, columns and whose they are. Metadata only; called once by every plan and dry run, beside the home's `describe`,
   * and by `debug`, `verify` and `reset`. Asked again with its own cursor it answers at once.
   */
  inspect(cursor?: Json): Promise<Step<Target>>;
  /** Reads what is settled, or of that only what is named, and compares it with its checksums. Absent: the store keeps what it holds itself. */
  compare?(names: ReadonlySet<string> | 'all'): AsyncIterable<ChecksumResult>;
  /** What is settled with this head looks like this from now on. Advice: a run that misses it compares once more. */
  remember?(head: string, looks: readonly SettledLook[]): Promise<void>;
  /**
   * The source files whose rows are settled, and when the last of them were; undefined: it does not remember all of them. Absent: it
   * remembers none.
   */
  taken?(): Promise<{ readonly sources: readonly string[]; readonly at: Instant } | undefined>;
  /**
   * What becomes of the wanted columns there: names and types as they settle, changes of the table, reasons to stop. Pure, and called by every
   * step that reads, for every schema that it meets; done again with its own answer it answers the same. `fitted` (fit.ts) does it for a table.
   */
  fit(wanted: WantedColumns, standing: Standing): Fit;
  /** Why a commit of so much could not be done in the time that it has; null: it can. Pure, and asked by every plan. Absent: it always can. */
  tooLarge?(commit: CommitSize): Refusal | null;
  /** How the store makes a change that its `fit` asked for. Absent: it has no columns of its own, and asks for none. */
  evolution?(change: Change): Evolution;
  /**
   * The statements that a commit would make or alter tables with, literally, and those that make what hygge keeps of its own. A table that takes another's
   * place is declared by the same statement, whatever its name is until then. Metadata only; called by dry runs. Absent: it has no tables.
   */
  ddl?(planned: PlannedTable): Promise<readonly string[]>;
  /**
   * What a person should know of how the table is made and filled, and why so. Reads metadata, and looks for values that go; called by every plan that
   * knows its columns. Throws what would end the commit for certain. Absent: it has nothing to say.
   */
  tells?(planned: PlannedFilling): Promise<{ readonly notes: readonly OwnNote[]; readonly warnings: readonly OwnNote[] }>;
  /**
   * Writes frames into new immutable parts and returns them: one or more for each role (and each `ofGroup`) that came. Zero frames give zero parts,
   * unless `emptyPart`: then one `data` part without rows. Called for many slices at once, and again for a slice whose attempt failed. An attempt
   * never touches another's work; a failed one leaves only debris that `sweep` removes. No reader sees a part before its commit.
   *
   * Frames are in the columns that settle, by their settled names: those of `schema` for `data` and `boundary`, of `schemaOfRole(role, schema)`
   * (frames/rejected.ts) for the others. Roles come mixed. `watermark.column` is a settled name too.
   */
  stage(
    request: {
      readonly run: EntityRun;
      readonly writing: Writing;
      readonly slice: number;
      readonly schema: Schema;
      readonly source?: string;
      readonly sources?: readonly string[];
      readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
      readonly emptyPart: boolean;
      /** The rows are of this one partition already, and do not hold its columns. */
      readonly partition?: Readonly<Record<string, string | null>>;
    },
    frames: AsyncIterable<{
      readonly frame: Frame;
      readonly role: PartRole;
      readonly ofGroup?: true;
      /** Of `quarantine`: the one source file that these rows are in, in a slice of several too. Their part has it as its `source`. */
      readonly source?: string;
    }>,
    signal: AbortSignal,
  ): Promise<readonly Part[]>;
  /**
   * Fixes, before the decision, exactly what the commit will do: names it removes, numbers it takes. Writes nothing. Called once by a step that
   * commits, and anew when the step is repeated; its `target` comes back as `intent.target`. `supersededRows`: how many settled rows go.
   * Throws what would be refused later: rows that others added or took (`boundaryChanged`, `othersWrote`), a key that comes twice (`keyTwice`,
   * errors.ts), a `changes` that can't be done any more. The head may have moved on: the commit finds that out.
   */
  prepare(request: {
    readonly run: EntityRun;
    readonly prev: string | null;
    readonly writing: Writing;
    readonly supersede: Supersede;
    readonly parts: readonly Part[];
    /** As it settles, and what has to be done to the table first, with the commit. Checked here against what is there now. */
    readonly schema: Schema;
    readonly changes: readonly PlannedChange[];
    /** Every slice of rework. What was staged for them is among `parts`. */
    readonly reworked?: readonly ReworkResult[];
    /** Source files that were read for what can't be read in them, with or without a part: what lay in quarantine of them goes. */
    readonly readAgain?: readonly string[];
    /** Of a merge: the open group whose rows were read again and are among the parts. What lies apart of it goes, as with `supersede: boundary`. */
    readonly groupAgain?: Boundary;
  }): Promise<{
    readonly target: Json;
    readonly supersededRows: number;
    /** Rows that go from the quarantine, and that the same file has no other for now. */
    readonly leftQuarantine?: number;
  }>;
  /**
   * Publishes what is decided and moves the head from `intent.prev` to the intent. Called by any number of finishers at once, and again until one
   * is answered. Where head and rows are not one transaction, one part is published alone and first, and no other before it was seen published:
   * the token. Throws what may pass; what is refused for good is an outcome.
   *
   * In this order: `intent.changes`, then what `prepare` fixed goes, then parts go in. `swap` makes the table anew with `intent.schema`, and so does
   * whatever mode finds none. Parts of the roles `quarantine` and `broken` settle elsewhere and count in no `rows`.
   */
  commit(intent: Intent, cursor?: Json): Promise<Step<CommitOutcome>>;
  /**
   * Gives a decided commit up: takes its token, so that nothing of it can become visible, moves the head from `intent.prev` to `fenceHeadId(intent)`
   * with the `reason`, and removes what was staged for it, then what was published. `unseen`: not once its token is published. `by force`: even
   * then, for `reset --discard`. Like `commit` it is called by several at once, and again. Without a predecessor the fence has no rows, no schema,
   * no watermark, and is `nothing`.
   */
  giveUp(intent: Intent, reason: RefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome>;
  /**
   * Removes staged parts of this entity, of `lineage` and with an epoch below `before`, whoever staged them. Called by every claim, before anything of
   * the run is staged. May be repeated; a failure fails the claim.
   */
  sweep(request: { readonly lineage: string; readonly before: number }, cursor?: Json): Promise<Step<'swept'>>;
  /**
   * `reset`: moves the head to a new id that lists what is really there (foreign data too, where there was no head), so that no older run can
   * commit; conditional on the head being `prev`; its epoch is above `above` and above every name of hygge's form that it sees. Then removes
   * what was staged before, of all lineages. Answers the new head, also when it is called again with the same `id`, or `moved` when the head is
   * another now.
   */
  fence(request: {
    readonly prev: string | null;
    readonly id: string;
    readonly lineage: string;
    readonly above: number;
    readonly state: string;
    /** The entity's own lineage so far: without a head, its name tells what is the entity's wherever it lies. */
    readonly own?: string;
    /** The data stays settled: when nothing of what the head lists is there any more, a StoreError says so instead. */
    readonly keep: boolean;
    /** What the head says from now on; absent: as it said before, as far as that still holds. */
    readonly goesOn?: { readonly watermark: Watermark | null; readonly withBoundary: boolean };
  }): Promise<Head | 'moved'>;
  /**
   * `state mv`: takes the head over from the entity's earlier name; the data stays where it is. `other place`: the data does not lie where this
   * store would look for it. Repeating it is harmless; `dropHead` of the old name comes last.
   */
  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'>;
  dropHead(from: EntityKey): Promise<void>;
  /**
   * Removes records of commits older than `before`, never what the head or a pending intent needs. Answers how many went; 0 where the store keeps none.
   * Called when a flow is closed.
   */
  prune(before: Instant): Promise<number>;
}
