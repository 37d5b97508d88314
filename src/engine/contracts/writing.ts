/** How a commit writes rows into a destination (store.ts). `Supersede` says which rows it removes. */
import type { KeyEqualities } from '../../frames/row-sum/key-equality.ts';

/**
 * `append` inserts rows. `merge` updates the rows whose key exists and inserts the others. `swap` and `delete_insert` are full loads: `swap` replaces the old
 * content by the new one; `delete_insert` deletes the settled rows and inserts the new ones in one transaction, and so leaves other rows of the table
 * alone.
 */
export type WriteMode = 'append' | 'swap' | 'merge' | 'delete_insert';

/** Why a run writes in a mode. `narrate` makes the sentences. */
export type WriteReason =
  /** Nothing is there yet. */
  | 'creates'
  /** A full load replaces the existing rows. */
  | 'full_load'
  /** A full load deletes and inserts, because rows that hygge did not write have to stay in the table. */
  | 'beside_others'
  /** A full load deletes and inserts, because a view or trigger would stay with the old table after a swap. */
  | 'bound'
  /** `write_strategy: direct_insert`. */
  | 'direct_insert'
  /** `if_exists: append`: the existing rows stay. */
  | 'adds'
  /** An incremental run without a key appends new rows. */
  | 'new_rows'
  /** `watermark.key` shows which rows already exist. */
  | 'key'
  /** There is a key, but the store cannot merge. */
  | 'no_merge';

export interface Writing {
  readonly mode: WriteMode;
  /**
   * The settled names of the key's columns; empty: there is no key. No commit has a null in one of them, in any mode. Of several staged rows with the same
   * key a store that merges settles the row with the largest watermark; if that does not decide, `prepare` refuses.
   *
   * Parts of the role `deleted` take part in this, in any mode. If the newest row of a key is a deleted one, no row of the key settles. A `merge` then
   * removes the settled row of the key, unless its watermark is larger than that of the deleted row (null is smaller than any value); a store that can't
   * look at settled rows does not know this. If a column marks
   * hygge's rows, the merge removes only those. Removed rows count as deleted. If a deleted row has the same watermark as an existing row of its key, it is
   * refused as well, since it is unknown which is newer. Two deleted rows count as one.
   *
   * Parts of the role `partial` take part, too. In the order of their watermarks such rows set the columns that they show: in the newest whole row of their key
   * among the staged rows, or else in the settled row. After a deleted row, or without a row of their key, they settle with nulls in the other columns. Two rows
   * of a key with the same watermark, one of them partial, are refused.
   */
  readonly key: readonly string[];
  readonly why: WriteReason;
  /**
   * A `merge` of rows that were read before others settled, or of a range that may hold earlier rows of a key: a settled row with the same key stays if its watermark is larger (null is smaller than any value), and
   * the staged row does not settle. Absent: the staged row is always the newer one.
   */
  readonly keepsNewer?: true;
  /**
   * A `merge` by a key for which the source has one row for several texts: `ann@x.dk` and `ANN@X.DK`. If a settled row's key is another text of a staged row's key, and
   * is not staged itself, the row is removed and counts as deleted. A store that can't distinguish the entity's rows from others removes none. By the settled names of columns.
   */
  readonly keyEqualities?: KeyEqualities;
}

/** How many rows of a destination a commit inserted, updated and deleted. An updated row is counted once, and neither as inserted nor as deleted. */
export interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}
