/** Rows of which a source shows only some columns, as they are staged. */
import type { Schema } from '../schema.ts';

/**
 * The last column of frames of the role `partial`, which never settles. It has a character for each settled column before it: `1` where the row shows the column, `0`
 * where nothing is known of its value. Columns of the key and of the watermark are always shown.
 */
export const shownColumn = 'hygge_shown';

/** The columns of frames of the role `partial`. */
export function partialSchema({ columns }: Schema): Schema {
  return { columns: [...columns, { name: shownColumn, type: { kind: 'string' }, nullable: false }] };
}
