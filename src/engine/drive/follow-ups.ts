/** The runs that follow an entity’s live run: one compares keys, and one puts small files together. Each follows only if it is due. */
import type { EntitySummary } from '../../ports/events.ts';
import { codeOf, type Note } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import { defined } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { type EntityRunRequest, runEntity } from '../entity/entity-run.ts';
import { worstStatus } from '../entity/worst-status.ts';
import { compactionLane, type FollowUpLane, keyComparisonLane, laneName, periodOf } from '../plan/lane.ts';
import { sharedNow } from '../protocol/claim.ts';
import { isDue } from '../protocol/periodic.ts';
import { readRow } from '../protocol/row.ts';

/** When keys are compared. `due`: if the last comparison is old enough. `now`: in any case. */
export type CompareWhen = 'due' | 'now';

/** The ids of the run that follows a live run. */
export function idsOfFollowUp(ids: RunIds, lane: FollowUpLane): RunIds {
  return { ...ids, entityRunId: `${ids.entityRunId}-${laneName(lane)}` };
}

/** Whether a run of this lane follows a live run that ended well. */
export async function follows(lane: FollowUpLane, spec: EntitySpec, ports: EnginePorts): Promise<boolean> {
  const period = periodOf(lane, spec);
  if (period === undefined) return false;
  const { row } = await retry(() => readRow(ports, spec));
  return isDue(period, row, sharedNow(ports));
}

/** Whether a comparison of keys follows a live run that ended well. */
export async function comparisonFollows(spec: EntitySpec, ports: EnginePorts, when: CompareWhen): Promise<boolean> {
  return when === 'now' ? spec.compareDeletes !== undefined : follows(keyComparisonLane, spec, ports);
}

/** The line of an entity, merged from its live run and from the runs that followed, one after another. If a run ended badly, no run follows. */
export async function withFollowUps(request: EntityRunRequest, ports: EnginePorts, live: EntitySummary): Promise<EntitySummary> {
  const { keysFollow, ...run } = request;
  const { ids, spec, signal } = run;
  const isWell = ({ error, reason }: EntitySummary) => error === undefined && reason === undefined && !signal.aborted;
  const following = (lane: FollowUpLane) => ({ ...run, ids: idsOfFollowUp(ids, lane), runType: null, lane });
  let told = live;
  if (isWell(told) && (await keysFollow?.()))
    told = withCompared(live, await runEntity({ ...following(keyComparisonLane), after: live.status }, ports));
  // If the state can’t be read, the compaction counts as not due, and the next run checks again.
  if (isWell(told) && (await follows(compactionLane, spec, ports).catch(() => false)))
    told = withCompacted(told, await runEntity({ ...following(compactionLane), wait: false, takeOver: false }, ports), ports);
  return told;
}

function withCompared(live: EntitySummary, compared: EntitySummary): EntitySummary {
  const status = worstStatus([live.status, compared.status]);
  const { message, codes, error, reason } = status === live.status ? live : compared;
  const { message: _message, codes: _codes, error: _error, reason: _reason, ...moved } = live;
  return {
    ...moved,
    status,
    rows: live.rows + compared.rows,
    rows_read: live.rows_read + compared.rows_read,
    bytes: live.bytes + compared.bytes,
    seconds: sumOfSeconds(live, compared),
    ...defined({ message, codes, error, reason }),
  };
}

/** A compaction changes no row. So a failed compaction is only a warning, and a compaction that was not started is not reported. */
function withCompacted(live: EntitySummary, compacted: EntitySummary, ports: EnginePorts): EntitySummary {
  const seconds = sumOfSeconds(live, compacted);
  const { error, reason } = compacted;
  if (error === undefined || reason !== undefined) return { ...live, seconds };
  const note: Note = { code: 'compaction_failed', error: error.code, what: error.what };
  const message = [...(live.message === undefined ? [] : [live.message]), ports.words.note(note)].join('; ');
  return { ...live, seconds, status: worstStatus([live.status, 'warn']), message, codes: [...(live.codes ?? []), codeOf(note)] };
}

function sumOfSeconds(...runs: readonly EntitySummary[]): number {
  return Math.round(runs.reduce((sum, { seconds }) => sum + seconds, 0) * 1000) / 1000;
}
