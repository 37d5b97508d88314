/** The drift that a run stores and reports. It is combined with the drift of earlier runs. Pure. */
import { factsOf, keyDrift } from '../../checks/drift.ts';
import { type Decision, optionalPolicy } from '../../checks/evolve.ts';
import type { DriftFound } from '../../ports/notes.ts';
import type { Instant } from '../../ports/values.ts';
import type { Baseline, SchemaSnapshot } from '../contracts/records.ts';

/** The decisions about a changed key. Such a change stops no run, and is reported once. */
export function keyDecisions(snapshot: SchemaSnapshot | undefined, keys: readonly string[]): readonly Decision[] {
  const drift = keyDrift(snapshot?.source?.keys, keys);
  return drift ? [{ drift, policy: null, severity: 'warn', outcome: { code: 'key', columns: keys } }] : [];
}

/**
 * Columns that were missing when rows settled last, and that the source has again. The settled rows have null in these columns. An increment does not
 * read these rows again, but a full load does. The note is repeated until rows settle.
 * @param names the names that the source’s columns have now.
 */
export function returnedColumns(
  snapshot: SchemaSnapshot | undefined,
  { names, load }: { readonly names: readonly string[]; readonly load: Baseline['load'] },
): readonly Decision[] {
  if (load === 'full') return [];
  return (snapshot?.drift ?? []).flatMap(({ kind, column, policy, severity, since }): readonly Decision[] =>
    kind !== 'removed' || column === null || severity === 'fail' || !names.includes(column)
      ? []
      : [{ drift: { kind: 'returned', name: column, since }, policy, severity, outcome: { code: 'null_meanwhile', since } }],
  );
}

/** The drift with its dates: drift that an earlier run noticed keeps its date. */
export function withFirstNoticed(
  decisions: readonly Decision[],
  snapshot: SchemaSnapshot | undefined,
  now: Instant,
): readonly DriftFound[] {
  const reported = decisions.filter(({ policy }) => policy !== optionalPolicy);
  return reported.map(({ drift, policy, severity, outcome }) => {
    const found = { ...factsOf(drift), policy, severity, outcome };
    return { ...found, since: snapshot?.drift.find((one) => isSameDrift(one, found))?.since ?? now };
  });
}

/** Whether two decisions are about the same change: their kind and column are equal and, unless the column was removed, also their `before` and `now`. */
export function isSameDrift(one: NoticedDrift, other: NoticedDrift): boolean {
  if (one.kind !== other.kind || one.column !== other.column) return false;
  return one.kind === 'removed' || (one.before === other.before && one.now === other.now);
}

/** Whether each run reports the drift until it ends, even a run without work. Other drift is reported only by the run that settles it. */
export function isReportedEachRun({ kind, outcome }: Pick<DriftFound, 'kind' | 'outcome'>): boolean {
  return kind === 'removed' || kind === 'returned' || (typeof outcome === 'object' && outcome.code === 'left_out');
}

type NoticedDrift = Pick<DriftFound, 'kind' | 'column' | 'before' | 'now'>;

/**
 * Whether two drifts are the same for reports. If drift is reported once, it ends with the next run, so its absence there is not a change. A column
 * that is gone or left out is reported until it is back.
 */
export function hasNoDriftNews(before: Pick<SchemaSnapshot, 'drift' | 'expects'>, now: Pick<SchemaSnapshot, 'drift'>): boolean {
  const settled = new Set(before.expects.map(({ from }) => from));
  const lasts = ({ kind, column }: NoticedDrift) => kind === 'removed' || (kind === 'added' && !settled.has(column));
  const isNew = now.drift.some((one) => !before.drift.some((other) => isSameDrift(one, other)));
  const isOver = before.drift.some((one) => lasts(one) && !now.drift.some((other) => isSameDrift(one, other)));
  return !isNew && !isOver;
}
