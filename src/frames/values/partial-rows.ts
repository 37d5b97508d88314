/** Rows for which a source shows only some columns, in the form in which they are staged. */
import type { Schema } from '../schema.ts';

/**
 * The last column of frames of the role `partial`, which never settles. Its text has one character for each settled column before it. `1`:
 * the row shows the column. `0`: the value of the column is unknown. The columns of the key and of the watermark are always shown. One of
 * the letters `wholeRow` and `deletedRow` may follow.
 */
export const shownColumn = 'hygge_shown';

/** The letter of a row that shows all columns of its source. Such a row settles even if an earlier version of the row has not settled. */
export const wholeRow = 'w';
/** The letter of a row that the source has deleted. If the row never settled, the change can be left out. */
export const deletedRow = 'd';

/** The columns of frames of the role `partial`. */
export function partialSchema({ columns }: Schema): Schema {
  return { columns: [...columns, { name: shownColumn, type: { kind: 'string' }, nullable: false }] };
}
