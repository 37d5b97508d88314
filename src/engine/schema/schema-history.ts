/** `hygge schema show --history`: the changes from each snapshot to the next. Pure. */
import { type DriftFacts, driftBetween, factsOf } from '../../checks/drift.ts';
import type { DriftFound } from '../../ports/notes.ts';
import type { SchemaSnapshot } from '../contracts/records.ts';
import { isSameDrift } from './drift-report.ts';

/** A change of a column. `policy` and `outcome` are null if no policy decided: a person changed the config, reset the entity, or accepted the columns. */
export type HistoryChange = DriftFacts & {
  readonly policy: string | null;
  readonly outcome: DriftFound['outcome'] | null;
};

export interface SchemaStep {
  readonly snapshot: SchemaSnapshot;
  /** The changes since the previous snapshot. Empty: the snapshot is the first one, or only how columns are read or named has changed. */
  readonly changes: readonly HistoryChange[];
}

/** The changes at each snapshot. `history`: the snapshots, with the oldest first. */
export function schemaSteps(history: readonly SchemaSnapshot[]): readonly SchemaStep[] {
  return history.map((snapshot, at) => {
    const before = history[at - 1];
    return { snapshot, changes: before === undefined ? [] : changesBetween(before, snapshot) };
  });
}

function changesBetween(before: SchemaSnapshot, now: SchemaSnapshot): readonly HistoryChange[] {
  const turned = JSON.stringify(before.source?.order) !== JSON.stringify(now.source?.order);
  const isKnown = (one: DriftFound) => before.drift.some((other) => isSameDrift(one, other)) && !(one.kind === 'reordered' && turned);
  const decided = now.drift.filter((one) => !isKnown(one)).map(({ severity: _, since: __, ...one }): HistoryChange => one);
  const speaksOf = new Set(decided.map(({ column }) => column));
  const settled = driftBetween(before.schema, now.schema)
    .map(factsOf)
    .filter(({ column }) => !speaksOf.has(column))
    .map((facts): HistoryChange => ({ ...facts, policy: null, outcome: null }));
  return [...decided, ...settled];
}
