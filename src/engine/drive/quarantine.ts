/** Takes rows of one entity out of quarantine, in process: either in an entity run of its own, or only as a plan. */
import type { EnginePorts } from '../contracts/ports.ts';
import { messageAndCodes } from '../contracts/words.ts';
import type { QuarantineLane } from '../plan/lane.ts';
import { settledRowsEvent } from '../plan/plan-event.ts';
import { surveyQuarantine } from '../plan/settled-plan.ts';
import type { InvocationSummaryEvent } from './drive.ts';
import { type OneEntityRequest, planOneEntity, runOneEntity } from './one-entity.ts';

export interface ReleaseRequest extends OneEntityRequest {
  readonly lane: QuarantineLane;
}

export function releaseQuarantine({ lane, ...request }: ReleaseRequest, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  return runOneEntity(request, ports, lane);
}

/** Plans which rows would be read. It reads only metadata. */
export function planRelease(request: Omit<ReleaseRequest, 'wait' | 'takeOver'>, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  const { lane } = request;
  return planOneEntity(request, ports, lane, async (ids, open, sides) => {
    const { store } = sides;
    const found = await surveyQuarantine(open, sides, lane);
    const { facts } = found;
    open.emit(settledRowsEvent(ids, open, { ...found, store, notes: [] }));
    if (facts.slices.length > 0) return { status: 'pass', to: store.where };
    return {
      status: 'skip',
      to: store.where,
      ...messageAndCodes(open.words, { notes: [{ code: 'nothing_in_quarantine', ...facts.leaves }] }),
    };
  });
}
