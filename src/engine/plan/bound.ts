/** What depends on the table that rows settle in: a swap would leave it behind, a delete may be refused because of it, or reach further than the table. */
import type { Note, Noted } from '../../ports/notes.ts';
import { filled } from '../../ports/values.ts';
import type { Dependent } from '../contracts/catalog.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { PlannedTable, Store, Supersede, Target } from '../contracts/store.ts';
import { deleteWouldChangeReferencingRows, rowsReferenced } from '../errors/writing.ts';
import { effectiveDeletes } from './deletes.ts';
import { keysAreNeeded, type WriteDecision } from './modes.ts';

/** What would stay with the table that a swap takes away. */
export function dependentsOfOldTable({ catalog }: Pick<Target, 'catalog'>): readonly Dependent[] {
  return (catalog?.dependents ?? []).filter(({ staysWithOld }) => staysWithOld);
}

export function deletesInsteadNotes(target: Target): readonly Note[] {
  const bound = dependentsOfOldTable(target).filter(({ isAlways }) => !isAlways);
  // What the account may not do weighs more than what the table would leave behind.
  const refused = bound.filter(({ allows }) => allows !== undefined);
  const dependents = (refused.length > 0 ? refused : bound).map(nameOf);
  if (dependents.length === 0) return [];
  return [{ code: 'deletes_instead', dependents, ...filled({ refused: refused.length > 0 }) }];
}

/** Deletes that the source tells or a comparison finds, in a table whose rows others point at: the database takes those along, on purpose. */
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

/** What the plan counts as replaced is what settled. */
export function foreignRowsGoNotes(
  { where }: Pick<Store, 'where'>,
  { supersede }: Pick<WriteDecision, 'supersede'>,
  target: Target,
): readonly Note[] {
  if (supersede.what !== 'all' || supersede.foreign !== 'replace') return [];
  return target.content !== 'ours' || target.foreign === 0 ? [] : [{ code: 'others_go', where, rows: target.foreign }];
}

/** Rows that others point at can't be deleted, nor their table taken away; rows that a delete would remove or change as well must not be lost. */
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
  /** Null: not known yet. */
  readonly schema: PlannedTable['schema'] | null;
  readonly writing: Pick<PlannedTable, 'mode' | 'key'>;
  readonly supersede: Supersede;
  readonly target: Target;
  readonly notes: readonly Noted[];
  readonly warnings: readonly Noted[];
}

/** With what the store says of the table beside. */
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

/** A run that adds to a replication that has stopped says so first. That it can't be asked is said after the run, where the run waits for it. */
async function stoppedReplication(
  { spec, store }: { readonly spec: EntitySpec; readonly store: Store },
  target: Target,
): Promise<readonly Note[]> {
  if (target.content !== 'ours' || store.replica === undefined) return [];
  const found = await store.replica.of(target.head, null, spec.replication === undefined ? 'brief' : 'usual').catch(() => null);
  return found?.state === 'stopped' ? [{ code: 'replication_stopped', said: found.said }] : [];
}
