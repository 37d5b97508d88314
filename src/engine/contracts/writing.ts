/** How rows go into a destination: part of what stores implement (store.ts). Which rows go out is said by `Supersede`. */

/**
 * `append` inserts. `merge` updates the rows whose key is there and inserts the others. `swap` and `delete_insert` are full loads: `swap` puts new
 * content in the place of the old, `delete_insert` deletes the rows that settled and inserts the new ones, in one transaction, and so leaves
 * other rows of the table alone.
 */
export type WriteMode = 'append' | 'swap' | 'merge' | 'delete_insert';

/** Why a run writes in this mode. `narrate` makes the sentences. */
export type WriteReason =
  /** Nothing is there yet. */
  | 'creates'
  /** A full load takes the place of what is there. */
  | 'full_load'
  /** The same, and rows of others stay in the table. */
  | 'beside_others'
  /** The same, and something (a view, a trigger) would stay with the table that a swap takes away. */
  | 'bound'
  /** `write_strategy: direct_insert`. */
  | 'direct_insert'
  /** `if_exists: append`: what is there stays. */
  | 'adds'
  /** An incremental run without a key. */
  | 'new_rows'
  /** `watermark.key` tells which rows are there already. */
  | 'key'
  /** There is a key, and the store cannot merge. */
  | 'no_merge';

export interface Writing {
  readonly mode: WriteMode;
  /**
   * The columns that tell rows apart, as they settle; empty: none. No row with a null in one of them is ever committed, whatever the mode. Of staged
   * rows that have a key in common, a store that merges settles the one with the largest watermark; where that does not tell, `prepare` refuses.
   *
   * Parts of the role `deleted` take part in that, whatever the mode: where the newest row of a key is a deleted one, none of that key settles. A
   * `merge` then removes what settled with the key, unless its watermark is larger than that of the deleted row (null is smaller than any), and
   * where a column tells our rows from those of others, only ours; what it removed counts as deleted. A deleted row with the watermark of another
   * one of its key is refused as well: whether it went or came back is not told. Two deleted ones are as good as one.
   */
  readonly key: readonly string[];
  readonly why: WriteReason;
}

/** What a commit did to the rows of a destination. An updated row is counted once, and neither as inserted nor as deleted. */
export interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}
