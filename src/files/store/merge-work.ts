/** A merge by key, as the intent of a commit keeps the merge. */
import type { WriteMode } from '../../engine/contracts/writing.ts';
import type { KeyEqualities } from '../../frames/row-sum/key-equality.ts';

/** The smallest and the largest value of columns, as canonical texts. */
export type KeyBounds = Readonly<Record<string, { readonly min: string; readonly max: string }>>;

/** Bounds by the final names of parts and the settled names of columns. A missing column was not read, or its values have no order. */
export type BoundsOfParts = Readonly<Record<string, KeyBounds>>;

/** The facts about a merge that do not follow from the parts of the intent and the version of the table. */
export interface MergeWork {
  readonly mode: WriteMode;
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  readonly watermark: string | null;
  /** See `Writing.keepsNewer`. */
  readonly keepsNewer: boolean;
  /** The final names of parts whose rows had settled before (`PrepareRequest.carried`). */
  readonly carried: readonly string[];
  /** See `Writing.keyEqualities`. */
  readonly equalities: KeyEqualities;
  /** Whether each key has only one row among the parts. */
  readonly isUnique: boolean;
}
