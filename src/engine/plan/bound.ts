/** The objects that depend on the destination’s table. After a swap they would stay with the old table. Because of them, the database may refuse a delete, or a delete may change other tables. */
import type { Note, Noted } from '../../ports/notes.ts';
import { filled } from '../../ports/values.ts';
import type { Dependent } from '../contracts/catalog.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { PlannedTable, Store, Supersede, Target } from '../contracts/store.ts';
import { deleteWouldChangeReferencingRows, rowsReferenced } from '../errors/writing.ts';
import { effectiveDeletes } from './deletes.ts';
import { keysAreNeeded, type WriteDecision } from './modes.ts';

/** The objects that would stay with the old table after a swap. */
export function dependentsOfOldTable({ catalog }: Pick<Target, 'catalog'>): readonly Dependent[] {
  return (catalog?.dependents ?? []).filter(({ staysWithOld }) => staysWithOld);
}

export function deletesInsteadNotes(target: Target): readonly Note[] {
  const bound = dependentsOfOldTable(target).filter(({ isAlways }) => !isAlways);
  // If the account lacks rights, that is reported first, before objects that a swap would leave behind.
  const refused = bound.filter(({ allows }) => allows !== undefined);
  const dependents = (refused.length > 0 ? refused : bound).map(nameOf);
  if (dependents.length === 0) return [];
  return [{ code: 'deletes_instead', dependents, ...filled({ refused: refused.length > 0 }) }];
}

/** Notes on deletes in a table to whose rows other tables refer. If the source reports a delete or a comparison finds one, the database deletes or changes those rows, too. That is on purpose. */
export function deletesPassedOnNotes(
  { spec, store }: { readonly spec: EntitySpec; readonly store: Store },
  target: Target,
): readonly Note[] {
  if (effectiveDeletes(spec, store) !== 'apply' && spec.compareDeletes?.action !== 'apply') return [];
  const dependents = target.catalog?.dependents.filter(({ passesOn }) => passesOn).map(nameOf) ?? [];
  return dependents.length === 0 ? [] : [{ code: 'deletes_pass_on', dependents }];
}

function nameOf({ kind, name }: Dependent): string {
  return `${kind} ${name}`;
}

/** A note that rows of other writers are replaced. The plan itself counts only settled rows as replaced. */
export function foreignRowsGoNotes(
  { where }: Pick<Store, 'where'>,
  { supersede }: Pick<WriteDecision, 'supersede'>,
  target: Target,
): readonly Note[] {
  if (supersede.what !== 'all' || supersede.foreign !== 'replace') return [];
  return target.content !== 'ours' || target.foreign === 0 ? [] : [{ code: 'others_go', where, rows: target.foreign }];
}

/** Throws if dependent objects forbid what the run does. Rows to which other rows refer can’t be deleted, and their table can’t be replaced. Rows that a delete would also remove or change must not be lost. */
export function dependentsMustAllow(
  { spec, store }: { readonly spec: EntitySpec; readonly store: Store },
  supersede: Supersede,
  target: Target,
): void {
  if (supersede.what === 'all') {
    const holding = dependentsOfOldTable(target).find(({ holdsRows }) => holdsRows);
    if (holding) throw rowsReferenced(spec, store.where, holding);
  }
  if (supersede.what === 'boundary' || supersede.what === 'range') {
    const passing = target.catalog?.dependents.find(({ passesOn }) => passesOn);
    if (passing) throw deleteWouldChangeReferencingRows(spec, store.where, { ...passing, replaces: supersede.what });
  }
}

interface OfTable extends Pick<PlannedTable, 'changes'> {
  /** The columns that settle. Null: the columns are not known yet. */
  readonly schema: PlannedTable['schema'] | null;
  readonly writing: Pick<PlannedTable, 'mode' | 'key'>;
  readonly supersede: Supersede;
  readonly target: Target;
  readonly notes: readonly Noted[];
  readonly warnings: readonly Noted[];
}

/** A plan with the store’s own notes and warnings about the table. */
export async function withStoreNotes<P extends OfTable>(
  sides: { readonly spec: EntitySpec; readonly store: Store },
  planned: P,
): Promise<P> {
  const { store } = sides;
  const { schema, changes, writing, supersede, target } = planned;
  const { mode, key } = writing;
  const [told, stopped] = await Promise.all([
    schema === null
      ? undefined
      : store.notesOnPlan({ schema, changes, mode, key, supersede, target, ...filled({ keepsKeys: keysAreNeeded(sides.spec) }) }),
    stoppedReplication(sides, target),
  ]);
  return {
    ...planned,
    notes: [...planned.notes, ...(told?.notes ?? [])],
    warnings: [...planned.warnings, ...(told?.warnings ?? []), ...stopped],
  };
}

/** Reports first that the replication is stopped, if a run would add rows to it. If the replication can’t be asked now, the run reports that at its end, when it waits for the replication. */
async function stoppedReplication(
  { spec, store }: { readonly spec: EntitySpec; readonly store: Store },
  target: Target,
): Promise<readonly Note[]> {
  if (target.content !== 'ours' || store.replica === undefined) return [];
  const found = await store.replica.of(target.head, null, spec.replication === undefined ? 'brief' : 'usual').catch(() => null);
  return found?.state === 'stopped' ? [{ code: 'replication_stopped', said: found.said }] : [];
}
