import type { Schema } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Binding, JournalRow, Settled } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Boundary } from './boundary.ts';
import type { PlannedChange } from './catalog.ts';
import type { SliceRef } from './home.ts';
import type { ReworkResult } from './replacing.ts';
import type { EntityRun, Part, Supersede } from './store.ts';
import type { Counts, Writing } from './writing.ts';

/** The durable decision to commit. It is self-contained: a finisher needs no config but credentials. */
export interface Intent {
  readonly version: 2;
  readonly id: string;
  readonly prev: string | null;
  readonly lineage: string;
  readonly epoch: number;
  readonly flow: string;
  readonly entity: string;
  readonly entityRunId: string;
  readonly mode: 'full' | 'incremental';
  /** How the commit writes rows. Absent: an earlier version decided it, which only added and swapped. */
  readonly writing?: Writing;
  readonly lane: string;
  /** How far the backfill is done after this commit; null: the run is live. */
  readonly laneMark?: Watermark | null;
  /** The store's address, as `Store.place` gave it. */
  readonly place: Json;
  /** What the store fixed when it prepared the commit: exactly which rows it replaces, with names and numbers. */
  readonly target: Json;
  readonly parts: readonly Part[];
  readonly schema: Schema;
  /** What the commit does to the destination's columns before it publishes. Absent: nothing, since an earlier version decided it. */
  readonly changes?: readonly PlannedChange[];
  /** What the state row says once the commit has settled. */
  readonly settles: Omit<Settled, 'id' | 'epoch' | 'at' | 'total'>;
  readonly binding: Binding | null;
  /** The location of the state, which the head records. */
  readonly state: string;
  readonly journal: JournalRow;
}

/** What a commit is about to do. The store fixes before the decision how it does it. */
export interface PrepareRequest {
  readonly run: EntityRun;
  readonly prev: string | null;
  readonly writing: Writing;
  readonly supersede: Supersede;
  readonly parts: readonly Part[];
  /** The settled columns, and the changes of the table that the commit makes first. `prepare` checks them against the present table. */
  readonly schema: Schema;
  readonly changes: readonly PlannedChange[];
  /** Every slice of rework. Their staged parts are among `parts`. */
  readonly reworked: readonly ReworkResult[];
  /** The parts among `parts` whose rows had settled before and stay unchanged: rework, a comparison or a compaction wrote them again. They contain no new rows of this run. */
  readonly carried: readonly Part[];
  /** The run is not a live run: if the open boundary group stays, it stays open. */
  readonly keepsGroup: boolean;
  /** Source files that were read again for rows that can't be read, with or without a part. Their old quarantine is removed. */
  readonly readAgain: readonly string[];
  /** Further parts of the quarantine that the commit removes because they are old. None if `quarantine` does not list parts. */
  readonly expired: readonly SliceRef[];
  /** The open boundary group of a merge, whose rows were read again and are among the parts. Its rows that settled apart are removed, as with `supersede: boundary`. */
  readonly groupAgain: Boundary | null;
  /**
   * The store has to know the keys of this commit afterwards (`settled`, `Target.keysKnown`), because the entity's keys are sometimes compared with those of its
   * source, or its full loads are merged.
   */
  readonly keepsKeys: boolean;
}

export interface LastGoodRows {
  readonly rows: number;
  /** False: nothing shows which rows of the range belong to hygge, so every row stays that no row of the commit replaces. */
  readonly areKnown: boolean;
}

/** Numbers of rows, by what happens to them. */
export interface PreparedRows {
  /** What the store fixed, for the intent. */
  readonly target: Json;
  /** How many settled rows are removed. */
  readonly supersededRows: number;
  /** How many rows leave the quarantine without another row from the same file. */
  readonly leftQuarantine: number;
  /** How many staged rows do not settle, because rows with their key that have settled are newer (`Writing.keepsNewer`). */
  readonly older: number;
  /** How many staged rows that show only a part of themselves do not settle, because no row with their key has settled. */
  readonly notThere: number;
  /** The number of rows of a range that stay because newer versions of them settle apart (`Range.lastGood`). Null: none. */
  readonly lastGood: LastGoodRows | null;
  /** How many rows are removed because of `expired`. */
  readonly expiredRows: number;
}

export type CommitOutcome =
  /** The commit did what `prepare` planned. */
  | 'committed'
  /** The head is already this intent. */
  | 'already'
  /** `committed` or `already`, with counts. */
  | CountedCommit
  /** The head is neither this intent nor its predecessor, so the intent is no longer valid. Nothing was changed. */
  | 'fenced'
  /** A part is neither staged nor published, or differs from what the intent says. Nothing was published. */
  | 'parts lost'
  /** The head is this intent's fence: another finisher gave the intent up. Nothing was changed. */
  | 'given up'
  | CommitRefusal;

/**
 * The store refuses the commit permanently: the error is on the store's list of permanent ones. `refused`: nothing of the intent is visible to any reader; if
 * a store that is opened again refuses it as well, the intent is given up. `stuck`: a part is visible, so the commit can only be finished, or discarded by
 * a person.
 */
export interface CommitRefusal {
  readonly outcome: 'refused' | 'stuck';
  readonly because: ErrorDetails;
}

/** `target gone`: the intent has removed what had settled before. `unclear`: readers may have seen some of its rows, which nothing can undo. */
export type FullNext = 'target gone' | 'unclear';

export type GiveUpOutcome =
  /**
   * The head is the intent's fence, by this call or by another one, and nothing of the intent is left. `removed`: its parts that had been published. `fullNext`: why only
   * a full load brings the destination back. The answer is the same for every finisher.
   */
  | { readonly removed: readonly string[]; readonly fullNext?: FullNext }
  /** The intent's token is published, or it has no token, so it can't be refused any more. */
  | 'visible'
  /** The head is the intent: another finisher committed it. */
  | 'committed'
  /** The head is neither the fence, nor the intent, nor its predecessor. Nothing was changed. */
  | 'fenced';

/** The id of the head that takes the place of a refused intent. It is derived from the intent, so that every finisher computes the same id. */
export const fenceHeadId = ({ id }: Pick<Intent, 'id'>): string => `refused-${id}`;

/** The outcome in a store that learns its counts only by committing. `already`: the counts are those that the first commit recorded. */
export interface CountedCommit {
  readonly outcome: 'committed' | 'already';
  readonly counts: Counts;
  /** What the store could not do after the rows had settled. The run reports it, and still ends well. Absent: nothing failed. */
  readonly notes?: readonly OwnNote[];
}
