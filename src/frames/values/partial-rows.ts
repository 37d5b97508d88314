/** Rows of which a source shows only some columns, as they are staged. */
import type { Schema } from '../schema.ts';

/**
 * The last column of frames of the role `partial`, which never settles. It has a character for each settled column before it: `1` where the row shows the column, `0`
 * where nothing is known of its value. Columns of the key and of the watermark are always shown. A letter may follow: `wholeRow` or `deletedRow`.
 */
export const shownColumn = 'hygge_shown';

/** Of a row that shows all columns of its source: it settles though no earlier version of it has. */
export const wholeRow = 'w';
/** Of a row that the source says is deleted: if it never settled, nothing is missing without it. */
export const deletedRow = 'd';

/** The columns of frames of the role `partial`. */
export function partialSchema({ columns }: Schema): Schema {
  return { columns: [...columns, { name: shownColumn, type: { kind: 'string' }, nullable: false }] };
}
