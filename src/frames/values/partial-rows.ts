/** Rows for which a source shows only some columns, as they are staged. */
import type { Schema } from '../schema.ts';

/**
 * The last column of frames of the role `partial`, which never settles. It has a character for each settled column before it: `1` if the
 * row shows the column, `0` if its value is unknown. Columns of the key and of the watermark are always shown. A letter may follow:
 * `wholeRow` or `deletedRow`.
 */
export const shownColumn = 'hygge_shown';

/** The row shows all columns of its source, so it settles even if no earlier version has settled. */
export const wholeRow = 'w';
/** The source has deleted the row. If the row never settled, nothing is missing without the change. */
export const deletedRow = 'd';

/** The columns of frames of the role `partial`. */
export function partialSchema({ columns }: Schema): Schema {
  return { columns: [...columns, { name: shownColumn, type: { kind: 'string' }, nullable: false }] };
}
