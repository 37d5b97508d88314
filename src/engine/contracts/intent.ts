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

/** The durable decision to commit. It is self-contained: a process that finishes the commit needs no config except credentials. */
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
  /** How the commit writes rows. Absent: an older hygge decided the commit, which only adds or swaps rows. */
  readonly writing?: Writing;
  readonly lane: string;
  /** Up to which value the backfill is done after this commit. Null: the run is live. */
  readonly laneMark?: Watermark | null;
  /** The store's address, as `Store.place` gave it. */
  readonly place: Json;
  /** What the store fixed when it prepared the commit: exactly which rows the commit replaces, with their names and numbers. */
  readonly target: Json;
  readonly parts: readonly Part[];
  readonly schema: Schema;
  /** How the commit changes the destination’s columns before it publishes. Absent: it changes no column, since an older hygge decided it. */
  readonly changes?: readonly PlannedChange[];
  /** The settled facts that the state row gets after the commit. */
  readonly settles: Omit<Settled, 'id' | 'epoch' | 'at' | 'total'>;
  readonly binding: Binding | null;
  /** The location of the state. The head records it, too. */
  readonly state: string;
  readonly journal: JournalRow;
}

/** What a commit will do. Before the decision, the store fixes how the commit will do it. */
export interface PrepareRequest {
  readonly run: EntityRun;
  readonly prev: string | null;
  readonly writing: Writing;
  readonly supersede: Supersede;
  readonly parts: readonly Part[];
  /** The settled columns, and the changes of the table that the commit makes first. `prepare` checks whether the present table allows the changes. */
  readonly schema: Schema;
  readonly changes: readonly PlannedChange[];
  /** The results of all slices of rework. Their staged parts are among `parts`. */
  readonly reworked: readonly ReworkResult[];
  /** The parts among `parts` that have no new rows. Their rows had settled before and stay unchanged, and rework, a comparison or a compaction wrote them again. */
  readonly carried: readonly Part[];
  /** Whether the open boundary group stays open if its rows stay. It does in a run that is not live. */
  readonly keepsGroup: boolean;
  /** Source files that were read again because of rows that can’t be read, whether they left a part or not. Their old quarantine is removed. */
  readonly readAgain: readonly string[];
  /** Parts of the quarantine that the commit also removes because they are old. Empty if `quarantine` does not list parts. */
  readonly expired: readonly SliceRef[];
  /** The open boundary group of a merge, if its rows were read again and are among the parts. Its rows that settled separately are removed, as with `supersede: boundary`. */
  readonly groupAgain: Boundary | null;
  /**
   * Whether the store has to know the keys of this commit afterwards (`settled`, `Target.keysKnown`). It has to if the entity’s keys are sometimes
   * compared with the keys of its source, or if its full loads are merged.
   */
  readonly keepsKeys: boolean;
}

export interface LastGoodRows {
  readonly rows: number;
  /** Whether it is known which rows of the range belong to hygge. If not, a row stays unless a row of the commit replaces it. */
  readonly areKnown: boolean;
}

/** How many rows are affected by the commit, by what happens to them. */
export interface PreparedRows {
  /** The content of `Intent.target`, which the store fixed. */
  readonly target: Json;
  /** How many settled rows the commit removes. */
  readonly supersededRows: number;
  /** How many rows leave the quarantine though no row from the same file replaces them. */
  readonly leftQuarantine: number;
  /** How many staged rows do not settle because settled rows with the same key are newer (`Writing.keepsNewer`). */
  readonly older: number;
  /** How many staged rows with only some of their columns do not settle, because no row with their key has settled. */
  readonly notThere: number;
  /** How many rows of a range stay because their newer versions settle separately (`Range.lastGood`). Null: all rows of the range are removed. */
  readonly lastGood: LastGoodRows | null;
  /** How many rows in quarantine the commit removes because of `expired`. */
  readonly expiredRows: number;
}

export type CommitOutcome =
  /** The commit did all that `prepare` planned. */
  | 'committed'
  /** The head is already the one of this intent. */
  | 'already'
  /** `committed` or `already`, together with the counts of rows. */
  | CountedCommit
  /** The head is neither the one of this intent nor its predecessor, so the intent is no longer valid. The call changed nothing. */
  | 'fenced'
  /** A part is neither staged nor published, or differs from what the intent says. The call published nothing. */
  | 'parts lost'
  /** The head is this intent’s fence, because another finisher gave the intent up. The call changed nothing. */
  | 'given up'
  | CommitRefusal;

/**
 * The store refuses the commit permanently, because the error is on the store’s list of permanent errors. `refused`: readers can see nothing of the
 * intent. If the store is opened again and refuses again, the intent is given up. `stuck`: a part is visible, so the commit can only be finished, or
 * discarded by a person.
 */
export interface CommitRefusal {
  readonly outcome: 'refused' | 'stuck';
  readonly because: ErrorDetails;
}

/** Why only a full load restores the destination. `target gone`: the intent has removed what had settled before. `unclear`: readers may have seen some of the intent’s rows, which can’t be undone. */
export type FullNext = 'target gone' | 'unclear';

export type GiveUpOutcome =
  /**
   * The head is the intent’s fence, written by this call or another one, and all traces of the intent are removed. `removed`: parts of the intent
   * that had been published. `fullNext`: why only a full load restores the destination. Every finisher gets the same answer.
   */
  | { readonly removed: readonly string[]; readonly fullNext?: FullNext }
  /** The intent’s token is published, or the intent has no token. So the intent can’t be refused any more. */
  | 'visible'
  /** The head is the one of the intent, because another finisher committed it. */
  | 'committed'
  /** The head is neither the fence, nor the head of the intent, nor its predecessor. The call changed nothing. */
  | 'fenced';

/** The id of the head that replaces a refused intent. It is derived from the intent’s id, so that every finisher computes the same id. */
export const fenceHeadId = ({ id }: Pick<Intent, 'id'>): string => `refused-${id}`;

/** The outcome of a commit in a store that learns its counts only by committing. `already`: the first commit recorded the counts. */
export interface CountedCommit {
  readonly outcome: 'committed' | 'already';
  readonly counts: Counts;
  /** What the store could not do after the rows had settled. The run reports it, but still ends well. Absent: all went well. */
  readonly notes?: readonly OwnNote[];
}
