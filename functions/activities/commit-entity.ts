import { commitEntity, type EntityRunEnd } from '../../src/engine/commit/commit.ts';
import { isCompaction } from '../../src/engine/plan/lane.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import { type ActivityContext, type Body, entityOf, idsOf, mustNotBeCancelled, type StepInput } from './activity.ts';
import { whenBorne } from './connection-turn.ts';
import { tellEntityEnded } from './ended.ts';
import { followUpOf } from './follow-up.ts';

export interface CommitInput extends StepInput, EntityRunInput {
  /** '': only a decided commit is finished. */
  readonly plan: string;
  readonly receipts: readonly string[];
}

/** hygge-commit-entity: decide, publish, settle. After the decision, a stop request has no effect. */
export const body: Body<CommitInput> = async (input, room) => {
  const { plan, receipts, cursor } = input;
  if (plan !== '') await mustNotBeCancelled(input.of, room);
  const request = { ...idsOf(input, room), workspace: room.pinned.workspace.name, plan, receipts };
  const work = () => commitEntity(request, room.ports, cursor);
  const step = await whenBorne(input, room, { does: { reads: false, writes: true }, from: cursor, work });
  if ('again' in step) return step;
  const outcome = await tellEntityEnded(input, room, step.done);
  return { done: (await isToBeCompared(input, room, step.done)) ? { ...outcome, verify: true } : outcome };
};

/** No comparison follows a chunk of a backfill or a compaction. */
async function isToBeCompared(input: CommitInput, room: ActivityContext, ended: EntityRunEnd): Promise<boolean> {
  const spec = entityOf(input, room);
  if (spec.verify === undefined || input.chunk !== undefined || isCompaction(followUpOf(input))) return false;
  const { isDue } = await import('../../src/engine/verify/after-commit.ts');
  return await isDue(spec, ended, room.ports);
}
