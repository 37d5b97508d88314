import { commitEntity } from '../../src/engine/commit/commit.ts';
import type { EntityRunInput } from '../orchestrators/entity.ts';
import { type Body, idsOf, mustNotBeCancelled, type StepInput } from './activity.ts';
import { whenBorne } from './connection-turn.ts';
import { tellEntityEnded } from './ended.ts';

export interface CommitInput extends StepInput, EntityRunInput {
  /** '': what is decided is only finished. */
  readonly plan: string;
  readonly receipts: readonly string[];
}

/** hygge-commit-entity: decide, publish, settle. Once the commit is decided, a request to stop changes nothing. */
export const body: Body<CommitInput> = async (input, room) => {
  const { plan, receipts, cursor } = input;
  if (plan !== '') await mustNotBeCancelled(input.of, room);
  const request = { ...idsOf(input, room), workspace: room.pinned.workspace.name, plan, receipts };
  const work = () => commitEntity(request, room.ports, cursor);
  const step = await whenBorne(input, room, { does: { reads: false, writes: true }, from: cursor, work });
  return 'again' in step ? step : { done: await tellEntityEnded(input, room, step.done) };
};
