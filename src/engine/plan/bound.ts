/** What depends on the table that a full load writes to: a swap would leave it behind, a delete may be refused because of it. */
import type { Dependent } from '../contracts/catalog.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store, Supersede, Target } from '../contracts/store.ts';
import { rowsHeld } from '../errors/writing.ts';

/** What would stay with the table that a swap takes away. */
export function boundTo({ catalog }: Pick<Target, 'catalog'>): readonly Dependent[] {
  return (catalog?.dependents ?? []).filter(({ staysWithOld }) => staysWithOld);
}

export function boundNote(target: Target): string {
  const all = boundTo(target).map(({ kind, name }) => `${kind} ${name}`);
  const named = all.slice(0, 3).join(', ');
  return `what is there is deleted, and not swapped for another table, which would leave behind: ${named}${all.length > 3 ? ', …' : ''}`;
}

/** Rows that others point at can't be deleted, nor their table taken away. */
export function mustBeFree(
  { spec, store }: { readonly spec: EntitySpec; readonly store: Store },
  supersede: Supersede,
  target: Target,
): void {
  const holding = supersede.what === 'all' ? boundTo(target).find(({ holdsRows }) => holdsRows) : undefined;
  if (holding) throw rowsHeld(spec, store.where, holding);
}
