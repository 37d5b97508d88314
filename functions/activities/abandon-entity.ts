import { raiseStopFlag } from '../../src/assembly/stop-flags.ts';
import { endFailedEntityRun, type FailedRunEnd } from '../../src/engine/commit/abandon.ts';
import { eventBase } from '../../src/engine/contracts/ports.ts';
import { summaryWithoutRows } from '../../src/engine/drive/drive.ts';
import { failureTold, isCompaction, laneTold } from '../../src/engine/plan/lane.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { cut } from '../answer.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type ActivityContext, type Body, entityOf, idsOf, type StepInput } from './activity.ts';
import { laneNameOf } from './chunk.ts';
import { followUpOf } from './follow-up.ts';

export interface AbandonInput extends StepInput, EntityRunInput {
  readonly error: ErrorDetails;
  readonly attempts: number;
}

/** hygge-abandon-entity: releases the claim and staged work of a failed run, or reports that its commit was decided and must be finished. */
export const body: Body<AbandonInput> = async (input, room) => {
  const abandoned = await abandon(input, room);
  if (abandoned.outcome === 'settled') return { done: 'decided' };
  const { ports, pinned } = room;
  const { at } = input;
  const lane = followUpOf(input);
  const { error } = 'error' in abandoned ? abandoned : input;
  // When a compaction starts, all rows of the entity have already settled. So a failed compaction does not stop the other entities.
  if (!pinned.workspace.options.continueOnError && !isCompaction(lane)) await raiseStopFlag(pinned.state, input.of, 'failed');
  const ids = idsOf(input, room);
  const seconds = (Date.parse(ports.clock.now()) - Date.parse(at)) / 1000;
  ports.emit({ ...eventBase(ids, ports), event: 'error', ...error, ...failureTold(lane) });
  ports.emit({
    ...eventBase(ids, ports),
    event: 'entity_done',
    ...summaryWithoutRows(ids, { status: 'error', seconds, message: error.what, error, ...laneTold(lane) }),
  });
  return { done: { status: 'error', rows: 0, bytes: 0, error: { code: error.code, what: cut(error.what, 300) } } satisfies EntityOutcome };
};

async function abandon(input: AbandonInput, room: ActivityContext): Promise<FailedRunEnd> {
  const { of, at, error, attempts } = input;
  const request = {
    ...idsOf(input, room),
    workspace: room.pinned.workspace.name,
    startedAt: at,
    lane: await laneNameOf(input, room),
    runType: of.runType ?? entityOf(input, room).runType,
    error,
    attempts,
  };
  return endFailedEntityRun(request, room.ports);
}
