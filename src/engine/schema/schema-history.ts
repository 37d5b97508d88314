/** `hygge schema show --history`: what each snapshot has that the one before it had not. Pure. */
import { driftBetween } from '../../checks/drift.ts';
import { change, columnOf, sides } from '../../checks/drift-text.ts';
import type { DriftTold } from '../../ports/events.ts';
import type { Snapshot } from '../contracts/records.ts';
import { isSame } from './drift-report.ts';

/** `policy` and `outcome` are null where nothing was decided: the columns were made otherwise by config, by a reset, or were accepted. */
export type Changed = Pick<DriftTold, 'kind' | 'column' | 'change' | 'before' | 'now' | 'renamed_to' | 'direction'> & {
  readonly policy: string | null;
  readonly outcome: string | null;
};

export interface SchemaStep {
  readonly snapshot: Snapshot;
  /** Empty: the first one, or only how it is read or named has changed. */
  readonly changes: readonly Changed[];
}

/** `history`: the oldest first. */
export function schemaSteps(history: readonly Snapshot[]): readonly SchemaStep[] {
  return history.map((snapshot, at) => {
    const before = history[at - 1];
    return { snapshot, changes: before === undefined ? [] : changesBetween(before, snapshot) };
  });
}

function changesBetween(before: Snapshot, now: Snapshot): readonly Changed[] {
  const turned = JSON.stringify(before.source?.order) !== JSON.stringify(now.source?.order);
  const isKnown = (one: DriftTold) => before.drift.some((other) => isSame(one, other)) && !(one.kind === 'reordered' && turned);
  const decided = now.drift.filter((one) => !isKnown(one)).map(({ severity: _, since: __, ...one }): Changed => one);
  const speaksOf = new Set(decided.map(({ column }) => column));
  const settled = driftBetween(before.schema, now.schema)
    .filter((drift) => !speaksOf.has(columnOf(drift)))
    .map((drift): Changed => {
      return { kind: drift.kind, column: columnOf(drift), change: change(drift), ...sides(drift), policy: null, outcome: null };
    });
  return [...decided, ...settled];
}
