/** Groups the rows that a catalogue returns about one key or one dependent of a destination table. */
import type { Dependent, TargetKey } from '../../engine/contracts/catalog.ts';

type Row = Readonly<Record<string, string | null>>;

/** @param rows one for each column of a key, with its `name` and `column`, in the key's order. */
export function keysFrom(rows: readonly Row[], isPrimary: (row: Row) => boolean): readonly TargetKey[] {
  return [...Map.groupBy(rows, ({ name }) => name ?? '')].map(([name, all]) => ({
    kind: all.some(isPrimary) ? 'primary' : 'unique',
    name,
    columns: all.map(({ column }) => column ?? ''),
  }));
}

/**
 * @param rows one for each column of the table that a dependent uses, or one with the column null; each has `kind` and `name`.
 * @param more additional properties from a dependent's first row. Without it, the dependent stays with the old table when another takes its place.
 * @param settings the kinds that no statement drops: properties of the table itself, or of its columns.
 */
export function dependentsFrom(
  rows: readonly Row[],
  settings: readonly string[],
  more: (row: Row) => Partial<Dependent>,
): readonly Dependent[] {
  return [...Map.groupBy(rows, ({ kind, name }) => `${kind} ${name}`).values()].map((all) => {
    const [first = {}] = all;
    const columns = all.flatMap(({ column }) => column ?? []);
    const own = { kind: first.kind ?? '', name: first.name ?? '', columns: columns.length === 0 ? null : columns, staysWithOld: true };
    return { ...own, ...(settings.includes(own.kind) ? { goesWithTable: true } : {}), ...more(first) };
  });
}

/** A dependent for a right that the account lacks: without the right, no other table can replace this one. @param statement grants the right. */
export const missingRight = (kind: string, name: string, statement: string): Dependent => {
  return { kind, name, columns: null, staysWithOld: true, allows: `Have an administrator run: ${statement}` };
};
