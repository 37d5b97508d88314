/** What a repair of ranges would read, replace and remove. The plan takes no lease and writes nothing. */
import type { Comparison, DifferingRanges } from '../../ports/answers/comparison.ts';
import type { PlannedRepair, RepairEffect, RepairPlan } from '../../ports/answers/repair.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { mostGone } from '../keys/comparison.ts';
import { type BackfillLane, hullOfChunks } from '../plan/lane.ts';
import { surveyRequest } from '../plan/plan.ts';
import { type Survey, survey } from '../plan/survey.ts';
import { readRow } from '../protocol/row.ts';
import { type BackfillSeries, laneAt, laneOfRange } from './backfill.ts';
import type { RowsInRange } from './range-counts.ts';

/** The most settled rows that a repair removes unless a person gives the number. The reason: a source that lost rows looks like a source whose rows were deleted. */
export const removedUnasked = { mostPercent: 5, mostRows: 10 } as const;

export interface RepairToPlan {
  readonly found: Pick<Comparison, 'rows'>;
  readonly differing: DifferingRanges;
  /** The counts of rows, one for each range. */
  readonly rows: readonly RowsInRange[];
  readonly signal: AbortSignal;
}

/** The plan of a repair. It throws what the run would throw: HYG-2076 if no column tells settled rows from rows of other writers. */
export async function repairPlan(spec: EntitySpec, series: BackfillSeries, of: RepairToPlan, ports: EnginePorts): Promise<RepairPlan> {
  const { row } = await readRow(ports, spec);
  const store = await ports.store(spec);
  const ids = { invocationId: 'repair', runId: 'repair', entityRunId: 'repair', flow: spec.flow, entity: spec.entity };
  const ranges: PlannedRepair[] = [];
  const effects = effectsOf(spec, of);
  const look = async (lane: BackfillLane) => {
    const run = { ...ids, runType: null, startedAt: ports.clock.now(), lane };
    const asked = await surveyRequest(run, ports, { spec, store, row, anew: false });
    const { look: _look, ...request } = asked;
    const found = await untilDone(ports.clock, (cursor) => survey(ports, request, cursor), of.signal);
    const rewritten = found.slices.filter(({ work }) => work.kind === 'rework');
    return { found, rewritten, where: asked.home.place };
  };
  const whole = await look(laneAt(series, 0));
  for (const at of effects.keys()) {
    const lane = laneOfRange(series, at);
    const { found, rewritten } = await look(lane);
    const { from, to, to_included: isIncluded = false } = hullOfChunks(lane);
    const files = { replaced: found.rework?.whole ?? 0, rewritten: rewritten.length };
    const { effect, fewer } = effects[at] as RangeEffect;
    ranges.push({ from, to, to_included: isIncluded, rows: sumOf(found, 'rows'), bytes: sumOf(found, 'bytes'), ...files, effect, fewer });
  }
  const total = (of: 'rows' | 'bytes') => ranges.reduce<number | null>((sum, one) => (sum === null ? null : add(sum, one[of])), 0);
  const {
    destination = 0,
    earlier_versions: versions = 0,
    updated_since: updated = 0,
    deletes_due: due = 0,
    last_good: lastGood = 0,
  } = of.found.rows ?? {};
  const compared = destination + updated + due + lastGood - versions;
  return {
    ...{ where: whole.where, ranges, rows: total('rows'), bytes: total('bytes'), compared },
    settled_files: (whole.found.rework?.whole ?? 0) + whole.rewritten.length,
    settled_bytes: whole.rewritten.reduce((sum, { slice }) => sum + (slice.bytes ?? 0), 0),
    effect: ranges.reduce((sum, { effect }) => added(sum, effect), noEffect),
    // A source without rows is more often broken than empty, so nothing is removed unless a person gives the number. The same holds if the keys of
    // unreadable rows are unknown: settled rows that the source lacks may be earlier versions of the unreadable rows.
    removes_at_most: of.found.rows?.source === 0 || of.found.rows?.unknown_keys !== 0 ? 0 : mostGone(removedUnasked, compared),
  };
}

const noEffect: RepairEffect = { adds: 0, changes: 0, removes: 0, earlier_versions: 0, marked_deleted: 0 };

function added(one: RepairEffect, other: RepairEffect): RepairEffect {
  return {
    adds: one.adds + other.adds,
    changes: one.changes + other.changes,
    removes: one.removes + other.removes,
    earlier_versions: one.earlier_versions + other.earlier_versions,
    marked_deleted: one.marked_deleted + other.marked_deleted,
  };
}

interface RangeEffect {
  readonly effect: RepairEffect;
  readonly fewer: number;
}

/** The effect of a repair on each range. The differing rows are counted; how many other rows are removed follows from the number of all rows. */
function effectsOf(spec: EntitySpec, { found, differing, rows }: RepairToPlan): readonly RangeEffect[] {
  // A row whose key the source no longer has is not a difference if a comparison of keys handles it. But a replaced range loses such rows.
  let deletesDue = spec.compareDeletes === undefined ? 0 : (found.rows?.deletes_due ?? 0);
  return differing.ranges.map(({ rows: differ }, at) => {
    const { source, settled, markedDeleted } = rows[at] as RowsInRange;
    const beside = Math.max(0, settled - differ.destination - (source - differ.source));
    const deleted = Math.min(beside, deletesDue);
    deletesDue -= deleted;
    const { adds, changes } = differ;
    return {
      effect: { adds, changes, removes: differ.removes + deleted, earlier_versions: beside - deleted, marked_deleted: markedDeleted },
      fewer: settled + markedDeleted - source,
    };
  });
}

const add = (sum: number, more: number | null): number | null => (more === null ? null : sum + more);

/** The sum over the slices that read the source. */
function sumOf({ slices }: Survey, of: 'rows' | 'bytes'): number | null {
  const read = slices.filter(({ work }) => work.kind !== 'rework');
  return read.reduce<number | null>((sum, { slice }) => (sum === null ? null : add(sum, slice[of])), 0);
}
