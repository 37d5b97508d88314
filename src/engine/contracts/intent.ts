import type { Schema } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { Binding, JournalRow, Settled } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { PlannedChange } from './catalog.ts';
import type { Part } from './store.ts';
import type { Counts, Writing } from './writing.ts';

/** The durable decision to commit. Self-contained: finishing it needs no config but credentials. */
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
  /** How its rows go in. Absent: an earlier version decided it, which only added and swapped. */
  readonly writing?: Writing;
  readonly lane: string;
  /** How far a backfill is done with this; null: a live run. */
  readonly laneMark?: Watermark | null;
  /** The store's address, as `Store.place` gave it. */
  readonly place: Json;
  /** Exactly what is superseded and anything else the store fixed when it prepared (names, numbers). */
  readonly target: Json;
  readonly parts: readonly Part[];
  readonly schema: Schema;
  /** What the commit does to the destination's columns before it publishes. Absent: decided by an earlier version, nothing. */
  readonly changes?: readonly PlannedChange[];
  /** What the state row says once it has settled. */
  readonly settles: Omit<Settled, 'id' | 'epoch' | 'at' | 'total'>;
  readonly binding: Binding;
  /** Where the state lives, for the head. */
  readonly state: string;
  readonly journal: JournalRow;
}

export type CommitOutcome =
  /** It did what `prepare` foretold. */
  | 'committed'
  /** The head is this intent already. */
  | 'already'
  /** Either, with counts. */
  | CountedCommit
  /** The head is neither this intent nor its predecessor: this intent is void. Nothing was touched. */
  | 'fenced'
  /** A part is neither staged nor published, or is not what the intent says. Nothing was published. */
  | 'parts lost'
  /** The head is this intent's fence: somebody has given it up. Nothing was touched. */
  | 'given up'
  | CommitRefusal;

/**
 * The store refuses for good: its error is on its own list of permanent ones. `refused`: nothing of the intent is visible, to whatever reader;
 * asked once more of a store opened anew, it is given up. `stuck`: part of it is, so it can only be finished, or discarded by a person.
 */
export interface CommitRefusal {
  readonly outcome: 'refused' | 'stuck';
  readonly because: ErrorDetails;
}

export type GiveUpOutcome =
  /** The head is the intent's fence, by this call or by another, and nothing of the intent is left. `removed`: what of it had been published. */
  | { readonly removed: readonly string[] }
  /** Its token is published, or it has none: it can't be refused any more. */
  | 'visible'
  /** The head is the intent: somebody has committed it. */
  | 'committed'
  /** The head is neither of both, nor the intent's predecessor. Nothing was touched. */
  | 'fenced';

/** The id of the head that takes the place of a refused intent. It follows from the intent, so that every finisher knows it. */
export const fenceHeadId = ({ id }: Pick<Intent, 'id'>): string => `refused-${id}`;

/** The same, of a store that learns only by committing what becomes of how many rows. `already`: the counts are those that it recorded then. */
export interface CountedCommit {
  readonly outcome: 'committed' | 'already';
  readonly counts: Counts;
}
