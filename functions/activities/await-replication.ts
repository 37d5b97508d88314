import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import { awaitReplication, type Looks } from '../../src/engine/verify/replication.ts';
import { retry } from '../../src/ports/retry.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type ActivityContext, type Body, entityOf, type StepInput } from './activity.ts';
import { withAftermath } from './aftermath.ts';

export interface AwaitReplicationInput extends StepInput, EntityRunInput {
  /** The result of the run. */
  readonly after: EntityOutcome;
}

/** hygge-await-replication: one check whether another system has applied the settled rows. The check takes no lease and reads no rows. A stop request ends only the wait. */
export const body: Body<AwaitReplicationInput> = async ({ after, ...input }, room) => {
  const { replication } = input.of;
  const isCancelled = (await raisedStopFlags(room.pinned.state, input.of)).has('cancelled');
  // An earlier version waited inside the run.
  if (replication === undefined) {
    if (isCancelled) return { done: after };
    const step = await awaitReplication(entityOf(input, room), room.ports, input.cursor);
    return 'again' in step ? step : { done: await withAftermath({ after, ...input }, room, step.done) };
  }
  const record = await retry(() => room.pinned.board.get(input.of.flow, input.of.run));
  if (record !== undefined && record.ended_at !== null) return { done: { ...after, status: 'skip', replication: 'over' } };
  if (isCancelled) return { done: { ...after, status: 'skip', replication: 'cancelled' } };
  const queued = await inLine(input, replication.behind, room);
  if (queued !== undefined) return queued;
  const step = await awaitReplication(entityOf(input, room), room.ports, input.cursor);
  if ('again' in step) return step;
  const ended = await withAftermath({ after, ...input }, room, step.done);
  const { result } = step.done;
  return { done: { ...ended, status: result === 'superseded' ? 'skip' : ended.status, replication: result } };
};

const inLineMs = 60_000;

/** The earlier wait that has priority, because only one wait per table checks Fabric. The priority ends when the time of the later wait is over. Undefined: the earlier wait has ended. */
async function inLine(
  input: StepInput & EntityRunInput,
  behind: string | undefined,
  room: ActivityContext,
): Promise<Step<EntityOutcome> | undefined> {
  const { of, cursor } = input;
  if (behind === undefined || cursor === undefined) return undefined;
  const first = await retry(() => room.pinned.board.get(of.flow, behind));
  if (first === undefined || first.ended_at !== null) return undefined;
  const now = Date.parse(room.ports.clock.now());
  const { withinMs = 0 } = entityOf(input, room).replication ?? {};
  const endsMs = Date.parse((cursor as unknown as Looks).since) + withinMs;
  if (now >= endsMs) return undefined;
  const notBefore = new Date(Math.min(endsMs, now + inLineMs)).toISOString();
  return { again: cursor, notBefore, waitsFor: `the wait ${behind} for an earlier commit must end first` };
}
