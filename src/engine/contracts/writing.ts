/** How a commit writes rows into a destination (store.ts). Which rows the commit removes is in `Supersede`. */
import type { KeyEqualities } from '../../frames/row-sum/key-equality.ts';

/**
 * `append` inserts rows. `merge` updates the rows whose key exists and inserts the others. `swap` and `delete_insert` are full loads. `swap` replaces
 * the old content by the new content. `delete_insert` deletes the settled rows and inserts the new ones in one transaction, so other rows of the
 * table stay.
 */
export type WriteMode = 'append' | 'swap' | 'merge' | 'delete_insert';

/** Why a run writes in a certain mode. `narrate` makes sentences of the reasons. */
export type WriteReason =
  /** The destination is empty, so the run creates its content. */
  | 'creates'
  /** A full load replaces the existing rows. */
  | 'full_load'
  /** A full load deletes and inserts, because the rows of other writers have to stay in the table. */
  | 'beside_others'
  /** A full load deletes and inserts, because after a swap a view or trigger would belong to the old table. */
  | 'bound'
  /** The config says `write_strategy: direct_insert`. */
  | 'direct_insert'
  /** The config says `if_exists: append`, so the existing rows stay. */
  | 'adds'
  /** An incremental run without a key appends new rows. */
  | 'new_rows'
  /** By the key in `watermark.key`, the run finds the rows that already exist. */
  | 'key'
  /** The config has a key, but the store can’t merge. */
  | 'no_merge';

export interface Writing {
  readonly mode: WriteMode;
  /**
   * The settled names of the key’s columns. Empty: the entity has no key. In each committed row they all have a value, in any mode. Of several staged
   * rows with the same key a store that merges settles the row with the largest watermark; if that does not decide, `prepare` refuses.
   *
   * Parts of the role `deleted` take part in this, in any mode. If the newest row of a key is a deleted one, no row of the key settles. A `merge`
   * then removes the settled row of the key. The settled row stays if its watermark is larger than that of the deleted row (null is smaller than any
   * value). A store that can’t look at settled rows can’t compare these watermarks. If a column marks hygge's rows, the merge removes only those.
   * Removed rows count as deleted. If a deleted row has the same watermark as an existing row of its key, `prepare` refuses as well, since the newer
   * of the two is unknown. Two deleted rows of a key count as one.
   *
   * Parts of the role `partial` take part, too. In the order of their watermarks, partial rows set the columns that they show. They change the newest
   * whole row of their key among the staged rows, or else the settled row. After a deleted row, or without a row of their key, they settle with nulls
   * in the other columns. Two rows of a key with the same watermark, one of them partial, are refused.
   */
  readonly key: readonly string[];
  readonly why: WriteReason;
  /**
   * Present in a `merge` of rows that were read before other rows settled, or of a range that may have earlier rows of a key. If a settled row with
   * the same key has a larger watermark (null is smaller than any value), it stays, and the staged row does not settle. Absent: the staged row is
   * always newer than the settled row.
   */
  readonly keepsNewer?: true;
  /**
   * A `merge` by a key for which the source has one row for several texts: `ann@x.dk` and `ANN@X.DK`. If a settled row's key is another text of a
   * staged row's key, and is not staged itself, the row is removed and counts as deleted. A store that can’t tell the entity’s rows from other rows
   * removes none of them. The columns have their settled names.
   */
  readonly keyEqualities?: KeyEqualities;
}

/** How many rows of a destination a commit inserted, updated and deleted. An updated row counts only as updated. */
export interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}
