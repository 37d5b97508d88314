import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import { awaitReplication } from '../../src/engine/verify/replication.ts';
import { retry } from '../../src/ports/retry.ts';
import { waitId } from '../../src/ports/runs.ts';
import { filled } from '../../src/ports/values.ts';
import { beginWait } from '../begin-wait.ts';
import type { ReplicationInput } from '../replication-input.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type Body, entityOf } from './activity.ts';
import { withAftermath } from './aftermath.ts';
import type { AwaitReplicationInput } from './await-replication.ts';

export interface ReplicateApartInput extends AwaitReplicationInput, Pick<ReplicationInput, 'verifies'> {}

/**
 * hygge-replicate-apart: one look whether another system has taken over what settled. If the look does not end the wait, it starts a run that waits. `verify`
 * in the answer: no wait was started, and the rows are compared now.
 */
export const body: Body<ReplicateApartInput> = async ({ after, verifies, ...input }, room) => {
  const { of, n } = input;
  const { board, state } = room.pinned;
  if ((await raisedStopFlags(state, of)).has('cancelled')) return { done: after };
  const begun = (await retry(() => board.get(of.flow, waitId(of.run, n)))) !== undefined;
  const step = begun ? undefined : await awaitReplication(entityOf(input, room), room.ports);
  if (step !== undefined && 'done' in step) {
    const ended = await withAftermath({ after, ...input }, room, step.done);
    return { done: verifies && step.done.error === null ? { ...ended, verify: true } : ended };
  }
  const hasBegun = await beginWait({ ...input, ...filled({ verifies }) }, room, { after, step });
  return { done: hasBegun ? ({ ...after, waitsApart: true } satisfies EntityOutcome) : after };
};
