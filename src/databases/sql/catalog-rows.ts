/** Groups the catalogue’s rows by key, or by dependent, of a destination table. */
import type { Dependent, TargetKey } from '../../engine/contracts/catalog.ts';

type Row = Readonly<Record<string, string | null>>;

/** @param rows one row for each column of a key, with the key’s `name` and the `column`, in the key’s order. */
export function keysFrom(rows: readonly Row[], isPrimary: (row: Row) => boolean): readonly TargetKey[] {
  return [...Map.groupBy(rows, ({ name }) => name ?? '')].map(([name, all]) => ({
    kind: all.some(isPrimary) ? 'primary' : 'unique',
    name,
    columns: all.map(({ column }) => column ?? ''),
  }));
}

/**
 * @param rows one row for each column that a dependent uses, or one row with the column null. Each row has `kind` and `name`. @param more further properties
 * from a dependent’s first row. Absent: the dependent stays with the old table when another table takes its place. @param settings the kinds of dependents that
 * no statement drops, because they are properties of the table or its columns.
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

/** A dependent that stands for a right that the account lacks: without the right, no other table can replace this table. @param statement grants the right. */
export const missingRight = (kind: string, name: string, statement: string): Dependent => {
  return { kind, name, columns: null, staysWithOld: true, allows: `Have an administrator run: ${statement}` };
};
