/** After an entity's live run: a run of its own that compares keys, where it is due. */
import type { EntitySummary } from '../../ports/events.ts';
import { retry } from '../../ports/retry.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { type EntityRunRequest, runEntity } from '../entity/entity-run.ts';
import { worstStatus } from '../entity/worst-status.ts';
import { comparisonDue, comparisonName } from '../keys/comparison.ts';
import { keyComparisonLane } from '../plan/lane.ts';
import { sharedNow } from '../protocol/claim.ts';
import { readRow } from '../protocol/row.ts';

/** `due`: keys are compared if the last comparison is old enough. `now`: they are compared in any case. */
export type CompareWhen = 'due' | 'now';

/** The ids of the comparison that follows a live run. */
export function idsOfComparison(ids: RunIds): RunIds {
  return { ...ids, entityRunId: `${ids.entityRunId}-${comparisonName}` };
}

/** Whether a comparison follows a live run that ended well. */
export async function comparisonFollows(spec: EntitySpec, ports: EnginePorts, when: CompareWhen): Promise<boolean> {
  if (spec.compareDeletes === undefined) return false;
  if (when === 'now') return true;
  const { row } = await retry(() => readRow(ports, spec));
  return comparisonDue(spec, row, sharedNow(ports));
}

/** The line of an entity whose live run has ended: with that of the comparison, if one followed. */
export async function withComparison(
  request: EntityRunRequest,
  ports: EnginePorts,
  { summary, follows }: { readonly summary: EntitySummary; readonly follows: () => Promise<boolean> },
): Promise<EntitySummary> {
  const { ids, signal } = request;
  const isWell = summary.error === undefined && summary.reason === undefined && !signal.aborted;
  if (!isWell || !(await follows())) return summary;
  const { keysFollow: _asked, ...run } = request;
  const compared = await runEntity(
    { ...run, ids: idsOfComparison(ids), runType: null, lane: keyComparisonLane, after: summary.status },
    ports,
  );
  return together(summary, compared);
}

function together(live: EntitySummary, compared: EntitySummary): EntitySummary {
  const status = worstStatus([live.status, compared.status]);
  const { message, codes, error, reason } = status === live.status ? live : compared;
  const { message: _message, codes: _codes, error: _error, reason: _reason, ...moved } = live;
  return {
    ...moved,
    status,
    rows: live.rows + compared.rows,
    rows_read: live.rows_read + compared.rows_read,
    bytes: live.bytes + compared.bytes,
    seconds: Math.round((live.seconds + compared.seconds) * 1000) / 1000,
    ...(message === undefined ? {} : { message }),
    ...(codes === undefined ? {} : { codes }),
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { reason }),
  };
}
