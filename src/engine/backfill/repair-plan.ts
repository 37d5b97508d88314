/** What a repair of ranges would read and replace. Metadata only: takes no lease, writes nothing. */
import type { PlannedRepair, RepairPlan } from '../../ports/answers/repair.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { surveyRequest } from '../plan/plan.ts';
import { type Survey, survey } from '../plan/survey.ts';
import { readRow } from '../protocol/row.ts';
import { type BackfillSeries, laneAt } from './backfill.ts';

/** Throws what a run of the first range would throw: HYG-2076 where rows of others can't be told from those that settled. */
export async function repairPlan(spec: EntitySpec, series: BackfillSeries, ports: EnginePorts): Promise<RepairPlan> {
  const { row } = await readRow(ports, spec);
  const store = await ports.store(spec);
  const ids = { invocationId: 'repair', runId: 'repair', entityRunId: 'repair', flow: spec.flow, entity: spec.entity };
  const ranges: PlannedRepair[] = [];
  let [where, settledBytes] = ['', 0];
  for (let at = 0; at < series.chunks; at++) {
    const lane = laneAt(series, at);
    const run = { ...ids, runType: null, startedAt: ports.clock.now(), lane };
    const asked = await surveyRequest(run, ports, { spec, store, row, anew: false });
    const { look: _look, ...request } = asked;
    const found = await untilDone(ports.clock, (cursor) => survey(ports, request, cursor));
    const rewritten = found.slices.filter(({ rework }) => rework);
    where = asked.home.place;
    settledBytes += rewritten.reduce((sum, { slice }) => sum + (slice.bytes ?? 0), 0);
    const { from, to, to_included: isIncluded = false } = lane.chunk;
    const files = { replaced: found.rework?.whole ?? 0, rewritten: rewritten.length };
    ranges.push({ from, to, to_included: isIncluded, rows: sumOf(found, 'rows'), bytes: sumOf(found, 'bytes'), ...files });
  }
  const total = (of: 'rows' | 'bytes') => ranges.reduce<number | null>((sum, one) => (sum === null ? null : add(sum, one[of])), 0);
  return { where, ranges, rows: total('rows'), bytes: total('bytes'), settled_bytes: settledBytes };
}

const add = (sum: number, more: number | null): number | null => (more === null ? null : sum + more);

/** Of the slices that read the source. */
function sumOf({ slices }: Survey, of: 'rows' | 'bytes'): number | null {
  const read = slices.filter(({ rework }) => !rework);
  return read.reduce<number | null>((sum, { slice }) => (sum === null ? null : add(sum, slice[of])), 0);
}
