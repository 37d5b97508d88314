/** Takes rows of one entity out of quarantine, in process: an entity run of its own, or its plan alone. */
import type { EntitySummary } from '../../ports/events.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import { messageAndCodes } from '../contracts/words.ts';
import { OpenSides } from '../entity/open-sides.ts';
import { detailsOf } from '../errors/details.ts';
import { retryWhenOvertaken } from '../plan/agreement.ts';
import { laneTold, type QuarantineLane } from '../plan/lane.ts';
import { eventBase, quarantineEvent } from '../plan/plan-event.ts';
import { surveyQuarantine } from '../plan/settled-plan.ts';
import { readRow } from '../protocol/row.ts';
import { type InvocationSummaryEvent, summaryWithoutRows } from './drive.ts';
import { type OneEntityRequest, runOneEntity, summed } from './one-entity.ts';

export interface ReleaseRequest extends OneEntityRequest {
  readonly lane: QuarantineLane;
}

export function releaseQuarantine({ lane, ...request }: ReleaseRequest, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  return runOneEntity(request, ports, lane);
}

/** Which rows would be read. Reads metadata, and writes nothing. */
export async function planRelease(request: Omit<ReleaseRequest, 'wait' | 'takeOver'>, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  const { spec, invocationId } = request;
  const started = ports.clock.monotonicMs();
  const ids: RunIds = { invocationId, runId: 'dry-run', entityRunId: 'dry-run.1', flow: spec.flow, entity: spec.entity };
  return summed([await planned(ids, request, ports)], { started, invocationId }, ports);
}

async function planned(
  ids: RunIds,
  { spec, lane, signal }: Omit<ReleaseRequest, 'wait' | 'takeOver'>,
  ports: EnginePorts,
): Promise<EntitySummary> {
  try {
    return await retryWhenOvertaken(async () => {
      await using sides = new OpenSides();
      const open = sides.over(ports, signal);
      const { row } = await readRow(open, spec);
      const store = await open.store(spec);
      const { parts } = await surveyQuarantine(open, { spec, store, row }, lane);
      ports.emit(quarantineEvent(ids, ports, { store, parts, what: lane.quarantine }));
      const nothing = parts.length === 0;
      const told = nothing ? messageAndCodes(ports.words, { notes: [{ code: 'nothing_in_quarantine' }] }) : {};
      return summaryWithoutRows(ids, { status: nothing ? 'skip' : 'pass', to: store.where, ...told, ...laneTold(lane) });
    });
  } catch (error) {
    const details = detailsOf(error, spec);
    ports.emit({ ...eventBase(ids, ports), event: 'error', ...details });
    return summaryWithoutRows(ids, { status: 'error', message: details.what, error: details, ...laneTold(lane) });
  }
}
