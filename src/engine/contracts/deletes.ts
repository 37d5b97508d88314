/** Deletes that a source tells: part of what homes implement (contracts.ts). */

/**
 * The column in which a home that tells deletes says of each row whether the source has deleted it: `bool`, never null, in every frame and in
 * what `describe` answers. The row itself is as the source gives it, often nothing but its key and the time.
 */
export const deletedColumn = '_deleted';
