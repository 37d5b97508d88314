import type { Column, DataType, Schema } from '../schema.ts';
import type { AddedColumn, HashId, Names, Polish } from './polish.ts';
import { folded } from './settled-names.ts';

/** A settled column, and the column of the source that it is made of. Null: polish adds the column. */
export interface SettledColumn {
  readonly column: Column;
  readonly from: string | null;
}

/** The columns in the order in which they settle: hash ids, the source’s columns, added columns. */
export function settledColumns(polish: Polish, source: Schema, names: Names): readonly SettledColumn[] {
  const settled = new Map(names);
  return [
    ...polish.hashIds.map((id) => ({ column: hashColumn(id), from: null })),
    ...source.columns.map((column) => ({ column: { ...column, name: settled.get(column.name) ?? column.name }, from: column.name })),
    ...polish.added.map((added) => ({ column: addedColumn(added), from: null })),
  ];
}

function hashColumn({ name, from, form }: HashId): Column {
  // The words are a part of the snapshot, because an id that is made from other columns is another id with the same name and type.
  const sourceType = `sha256 of ${from.map((column) => JSON.stringify(column)).join(', ')}`;
  return { name, type: { kind: form === 'hex' ? 'string' : 'binary' }, nullable: false, sourceType };
}

export const loadTimeType: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };

function addedColumn(added: AddedColumn): Column {
  const { name } = added;
  switch (added.what) {
    case 'constant':
      return { name, type: added.type, nullable: added.text === null, sourceType: 'constant' };
    case 'load time':
      return { name, type: added.format === null ? loadTimeType : { kind: 'string' }, nullable: false, sourceType: 'start of the run' };
    default:
      return { name, type: { kind: 'string' }, nullable: added.what === 'source file', sourceType: added.what };
  }
}

/** Two columns that would settle under the same name, if case is ignored. Undefined: all names differ. */
export function clash(columns: readonly SettledColumn[]): readonly [SettledColumn, SettledColumn] | undefined {
  const seen = new Map<string, SettledColumn>();
  for (const one of columns) {
    const before = seen.get(folded(one.column.name));
    // The source itself may have equal names, unless its names are polished.
    if (before !== undefined && (before.from === null || one.from === null)) return [before, one];
    seen.set(folded(one.column.name), one);
  }
  return undefined;
}

/** A column that a hash id needs and the source lacks. Undefined: the source has all of them. */
export function missingColumn(polish: Polish, source: Schema): { readonly id: HashId; readonly column: string } | undefined {
  const there = new Set(source.columns.map(({ name }) => name));
  for (const id of polish.hashIds) for (const column of id.from) if (!there.has(column)) return { id, column };
  return undefined;
}

/** One sentence for each hash id that is now made from other columns than before. The name and the type of the id do not show this change. */
export function hashChanges(before: Schema, now: Schema): readonly string[] {
  const earlier = new Map(before.columns.map((column) => [column.name, column.sourceType]));
  return now.columns
    .filter(({ name, sourceType }) => isHash(sourceType) && isHash(earlier.get(name)) && earlier.get(name) !== sourceType)
    .map(({ name, sourceType }) => `column ${name} was the ${earlier.get(name)} and is the ${sourceType} now`);
}

function isHash(sourceType: string | undefined): boolean {
  return sourceType?.startsWith('sha256 of ') ?? false;
}
