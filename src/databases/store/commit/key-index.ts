/** Makes the index of the key in a new table of a merge, by which later merges find rows. */
import type { Schema } from '../../../frames/schema.ts';
import { columnDeclaration } from '../../ddl.ts';
import type { KeyColumn } from '../../writes.ts';
import type { StoreContext } from '../context.ts';

/** The statements for the index of a table that a commit has just made. @param of.mode how the commit writes. */
export function keyIndexStatements(
  { dialect, place }: Pick<StoreContext, 'dialect' | 'place'>,
  { schema, key, mode }: { readonly schema: Schema; readonly key: readonly string[]; readonly mode: string },
): readonly string[] {
  const { indexes } = dialect.merge;
  if (indexes === undefined || mode !== 'merge' || key.length === 0 || place.storeKeyValues.index === false) return [];
  const columns = key.flatMap((name): readonly KeyColumn[] => {
    const column = schema.columns.find((one) => one.name === name);
    return column === undefined ? [] : [{ name, kind: column.type.kind, declared: columnDeclaration(dialect, column) }];
  });
  return columns.length < key.length ? [] : indexes.ofNewTable(place.table, columns);
}
