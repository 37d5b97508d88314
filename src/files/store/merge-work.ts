/** A merge by key, as the intent of a commit keeps it. */
import type { WriteMode } from '../../engine/contracts/writing.ts';
import type { KeyEqualities } from '../../frames/row-sum/key-equality.ts';

/** The smallest and the largest value of columns, as canonical texts. */
export type KeyBounds = Readonly<Record<string, { readonly min: string; readonly max: string }>>;

/** By the final names of parts and the settled names of columns. A missing column was not read, or has no order. */
export type BoundsOfParts = Readonly<Record<string, KeyBounds>>;

/** Everything else follows from the parts of the intent and from the version of the table. */
export interface MergeWork {
  readonly mode: WriteMode;
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  readonly watermark: string | null;
  /** `Writing.keepsNewer`. */
  readonly keepsNewer: boolean;
  /** The final names of parts whose rows had settled before (`PrepareRequest.carried`). */
  readonly carried: readonly string[];
  /** `Writing.keyEqualities`. */
  readonly equalities: KeyEqualities;
  /** Each key has one row among the parts. */
  readonly isUnique: boolean;
}
