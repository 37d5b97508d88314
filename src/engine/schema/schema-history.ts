/** `hygge schema show --history`: what each snapshot has that the one before it had not. Pure. */
import { type DriftFacts, driftBetween, factsOf } from '../../checks/drift.ts';
import type { DriftFound } from '../../ports/notes.ts';
import type { SchemaSnapshot } from '../contracts/records.ts';
import { isSameDrift } from './drift-report.ts';

/** `policy` and `outcome` are null if nothing was decided: the columns were changed by config or a reset, or were accepted. */
export type HistoryChange = DriftFacts & {
  readonly policy: string | null;
  readonly outcome: DriftFound['outcome'] | null;
};

export interface SchemaStep {
  readonly snapshot: SchemaSnapshot;
  /** Empty: the snapshot is the first one, or only the way of reading or naming has changed. */
  readonly changes: readonly HistoryChange[];
}

/** `history`: the snapshots, the oldest first. */
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
