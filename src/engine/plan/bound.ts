/** What depends on the table that a full load writes to: a swap would leave it behind, a delete may be refused because of it. */
import type { Note } from '../../ports/notes.ts';
import type { Dependent } from '../contracts/catalog.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store, Supersede, Target } from '../contracts/store.ts';
import { rowsHeld } from '../errors/writing.ts';

/** What would stay with the table that a swap takes away. */
export function boundTo({ catalog }: Pick<Target, 'catalog'>): readonly Dependent[] {
  return (catalog?.dependents ?? []).filter(({ staysWithOld }) => staysWithOld);
}

export function boundNote(target: Target): Note {
  return { code: 'deletes_instead', dependents: boundTo(target).map(({ kind, name }) => `${kind} ${name}`) };
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
