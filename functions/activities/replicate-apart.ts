import { notStarted } from '../../src/assembly/errors.ts';
import { raisedStopFlags, raiseStopFlag } from '../../src/assembly/stop-flags.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import { awaitReplication, type Looks } from '../../src/engine/verify/replication.ts';
import { retry } from '../../src/ports/retry.ts';
import { type RunBoard, type RunRecord, replicationLane, waitId } from '../../src/ports/runs.ts';
import { defined, filled, type Instant, type Json } from '../../src/ports/values.ts';
import { cut } from '../answer.ts';
import { endLost } from '../lost-run.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { ReplicationInput } from '../replication-input.ts';
import { type EntityOutcome, orchestrators, type RunInput } from '../run-input.ts';
import { isStillRunning } from '../triggers/alive.ts';
import { waitIn } from '../wait-records.ts';
import { type ActivityContext, type Body, entityOf, type StepInput } from './activity.ts';
import { withAftermath } from './aftermath.ts';
import type { AwaitReplicationInput } from './await-replication.ts';

export interface ReplicateApartInput extends AwaitReplicationInput, Pick<ReplicationInput, 'verifies'> {}

/**
 * hygge-replicate-apart: one check whether another system has applied the settled rows. If the check does not end the wait, it starts a run that waits.
 * `verify` in the answer: no wait was started, and the rows are compared now.
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

// ---- begins waits for replication

type Begin = StepInput & EntityRunInput & Pick<ReplicationInput, 'verifies'>;

interface FirstLook {
  readonly after: EntityOutcome;
  /** Undefined: an earlier call of the activity has recorded the wait on the board. */
  readonly step: Extract<Step<unknown>, { readonly again: Json }> | undefined;
}

/**
 * Records the wait on the board, and starts its instance. Only one wait of an entity checks, and at most one more is queued after it. A newer wait
 * supersedes the queued one. False: the run has published nothing, and another wait is for the same commit. May be called repeatedly, also at the same
 * time.
 */
async function beginWait({ of, n, at, verifies }: Begin, room: ActivityContext, { after, step }: FirstLook): Promise<boolean> {
  const { board, state } = room.pinned;
  const id = waitId(of.run, n);
  const record = (await retry(() => board.get(of.flow, id))) ?? (await recorded({ of, n, at }, room, { after, step }));
  if (record === undefined) return false;
  if (record.ended_at !== null) return true;
  // A request may stop the run before or after the wait is recorded. In either order, the request finds the wait on the board, or this code finds the request.
  if ((await raisedStopFlags(state, of)).has('cancelled')) await raiseStopFlag(state, { flow: of.flow, run: id }, 'cancelled');
  const { run, behind, since } = waitIn(record) ?? { run: of.run, since: record.started_at };
  const own: ReplicationInput['of'] = { ...of, run: id, startedAt: record.started_at, replication: { run, n, ...defined({ behind }) } };
  const from: Pick<ReplicationInput, 'cursor' | 'notBefore' | 'waitsFor'> =
    step === undefined
      ? { cursor: { since, looks: 0 } }
      : { cursor: step.again, ...defined({ notBefore: step.notBefore, waitsFor: step.waitsFor && cut(step.waitsFor, 300) }) };
  const input: ReplicationInput = { of: own, n, at, ...from, ...defined({ verifies }) };
  await startOnce(room, own, input as unknown as Json);
  return true;
}

async function startOnce({ instances }: ActivityContext, { flow, run: id }: ReplicationInput['of'], input: Json): Promise<void> {
  if (instances === undefined) throw new Error('this activity starts no orchestrations');
  if ((await instances.find(id)) !== undefined) return;
  try {
    await instances.start(orchestrators.replication, id, input);
  } catch (error) {
    // Another delivery of the step was faster, or the start succeeded and only its answer was lost.
    if ((await instances.find(id)) === undefined) throw notStarted(flow, error);
  }
}

/** Writes the record of the wait. @returns the record on the board; undefined: a wait is not needed. */
async function recorded(
  { of, n, at }: { readonly of: RunInput; readonly n: number; readonly at: Instant },
  room: ActivityContext,
  { after, step }: FirstLook,
): Promise<RunRecord | undefined> {
  const { app, pinned, instances } = room;
  const { board } = pinned;
  const { entity } = entityOf({ of, n }, room);
  const lane = replicationLane(entity);
  const looks = step?.again as unknown as Looks | undefined;
  const begun = await retry(() => board.get(of.flow, of.run));
  for (;;) {
    const now = await retry(() => board.current(of.flow, lane));
    const before = now !== undefined && now.record.ended_at === null ? now.record : undefined;
    if (now?.record.run_id === waitId(of.run, n)) return now.record;
    if (before !== undefined && instances !== undefined && !(await isStillRunning(app, instances, pinned, before))) {
      await endLost(app, instances, pinned, before);
      continue;
    }
    const told = before && waitIn(before);
    if (after.status === 'skip' && told?.commit !== undefined && told.commit === looks?.commit?.id) return undefined;
    const first = told?.behind === undefined ? undefined : await retry(() => board.get(of.flow, told.behind ?? ''));
    const isInLine = first !== undefined && first.ended_at === null;
    const behind = isInLine ? first.run_id : before?.run_id;
    const record: RunRecord = {
      ...{ version: 1, run_id: waitId(of.run, n), flow: of.flow, lane, started_at: app.clock.now() },
      ...{ trigger: begun?.trigger ?? 'schedule', config: of.config, ...defined({ app: of.app }), entities: 1 },
      ...{ ended_at: null, status: null },
      summary: { replication: { entity, run: of.run, since: looks?.since ?? at, ...defined({ commit: looks?.commit?.id, behind }) } },
    };
    if ((await retry(() => board.start(record, now?.etag))) === 'moved') continue;
    if (isInLine && before !== undefined) await supersede(board, before, record);
    return record;
  }
}

/** The later commit includes all rows of the earlier commit, so the wait for the later commit reports both. */
async function supersede(board: RunBoard, earlier: RunRecord, { run_id: by, started_at }: RunRecord): Promise<void> {
  const replication = { ...waitIn(earlier), result: 'superseded', by } as unknown as Json;
  await retry(() => board.end({ ...earlier, ended_at: started_at, status: 'skip', summary: { replication } }));
}
