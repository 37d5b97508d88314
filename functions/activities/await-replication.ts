import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import { awaitReplication } from '../../src/engine/verify/replication.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type Body, entityOf, type StepInput } from './activity.ts';
import { withAftermath } from './aftermath.ts';

export interface AwaitReplicationInput extends StepInput, EntityRunInput {
  /** How the run ended. */
  readonly after: EntityOutcome;
}

/** hygge-await-replication: one look whether another system has taken over what settled. Takes no lease, and reads no rows. A request to stop ends the waiting alone. */
export const body: Body<AwaitReplicationInput> = async ({ after, ...input }, room) => {
  if ((await raisedStopFlags(room.pinned.state, input.of)).has('cancelled')) return { done: after };
  const step = await awaitReplication(entityOf(input, room), room.ports, input.cursor);
  return 'again' in step ? step : { done: await withAftermath({ after, ...input }, room, step.done) };
};
