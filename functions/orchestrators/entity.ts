import { needsNewSurvey } from '../../src/engine/entity/retry.ts';
import { worstStatus } from '../../src/engine/entity/worst-status.ts';
import { interruptedCode } from '../../src/engine/errors/interruption.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined, filled } from '../../src/ports/values.ts';
import { cut } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput, type EntityOutcome, type SeriesTold, type StepWait } from '../run-input.ts';
import { type EntityRunInput, type FailedEntityRun, giveUp, mostToldFailureBytes, whichRun } from './give-up.ts';
import { runStep, runStepUntilWait } from './step.ts';
import { moveAll, type PlannedSlices } from './stretches.ts';

/** The answer of hygge-plan-entity. */
export type PlannedEntity =
  /** An earlier delivery of this run has ended, so the commit step returns the stored result. */
  | { readonly outcome: 'ended' }
  /** The entity is not started, or this chunk is already done. */
  | { readonly outcome: 'nothing'; readonly ended: EntityOutcome }
  | (PlannedSlices & {
      readonly outcome: 'planned';
      /** The chunks of a backfill; absent: another kind of run. */
      readonly series?: SeriesTold;
    });

/** plan → slices → commit; after an error the run is abandoned, or its decided commit is finished. */
export function* runEntity(durable: OrchestrationContext): Course<EntityOutcome> {
  const input = durable.input as EntityInput;
  const { wait } = input;
  const run = { ...input, at: wait?.at ?? durable.now() };
  const moved =
    wait === undefined || wait.step === 'plan'
      ? yield* moveEntity(durable, run)
      : wait.step === 'commit'
        ? yield* commit(durable, run, wait)
        : wait.after;
  if ('failed' in moved) {
    durable.status({ stage: 'giving up', code: moved.failed.code });
    return yield* giveUp(durable, run, moved);
  }
  if (moved.waits !== undefined) return moved;
  const { replicates = wait?.step === 'replication', ...settled } = moved;
  const live = replicates ? yield* replicate(durable, run, settled) : settled;
  if (live.waits !== undefined) return live;
  const wasBeside = wait?.step === 'commit' || wait?.step === 'replication';
  // The entity first waits for its turn in the lane. The lane has continued meanwhile, and each lane may read only one entity at a time.
  if (wasBeside && isFollowed(live)) return { ...notYet, waits: { step: 'turn', at: run.at, after: live } };
  return yield* withFollowUps(durable, run, live);
}

function isFollowed({ compareNext, compactNext, verify }: EntityOutcome): boolean {
  return compareNext === true || compactNext === true || verify === true;
}

/** The runs after a live run, and its comparison with the source. */
function* withFollowUps(
  durable: OrchestrationContext,
  run: EntityRunInput,
  { compareNext, compactNext, replicatesApart, ...live }: EntityOutcome,
): Course<EntityOutcome> {
  const compared = compareNext && live.status !== 'error' ? yield* follow(durable, run, { compares: true }) : null;
  const ended = compared === null ? live : together(live, compared);
  const { verify, ...outcome } = ended;
  // First, another system must have applied the rows. Then keys are compared, and rows last, because the comparison of keys removes rows that only the destination has.
  const verifies = verify === true && compared?.error === undefined;
  const verified = verifies && !replicatesApart ? yield* verifyRows(durable, run, outcome) : outcome;
  const isCompacted = compactNext && verified.status !== 'error';
  const followed = isCompacted ? withCompacted(verified, yield* follow(durable, run, { compacts: true })) : verified;
  return replicatesApart ? yield* replicateApart(durable, run, followed, verifies) : followed;
}

/** One check of the replication. If the check does not end the wait, the wait continues as a separate run, and this run ends. */
function* replicateApart(
  durable: OrchestrationContext,
  run: EntityRunInput,
  after: EntityOutcome,
  verifies: boolean,
): Course<EntityOutcome> {
  const { of, n, at } = run;
  durable.status({ stage: 'replicating', rows: after.rows });
  const input = { of, n, at, after, ...filled({ verifies }) };
  const looked = yield* runStep<EntityOutcome>(durable, activities.replicateApart, input);
  if ('failed' in looked) return withWarning(after, looked.failed);
  const { verify, ...outcome } = looked.done;
  return verify ? yield* verifyRows(durable, run, outcome) : outcome;
}

/** The pauses between two checks are timers, so a replication of days costs nothing. */
function* replicate(durable: OrchestrationContext, run: EntityRunInput, after: EntityOutcome): Course<EntityOutcome> {
  const { of, n, at, wait, leaves = false } = run;
  durable.status({ stage: 'replicating', rows: after.rows });
  const from = wait?.step === 'replication' ? wait : {};
  const step = { activity: activities.awaitReplication, input: { of, n, at, after } };
  const replicated = yield* runStepUntilWait<EntityOutcome>(durable, step, { ...from, leaves });
  if ('waits' in replicated) return { ...notYet, waits: { step: 'replication', at, after, ...replicated.waits } };
  return 'failed' in replicated ? withWarning(after, replicated.failed) : replicated.done;
}

export function* verifyRows(durable: OrchestrationContext, { of, n, at }: EntityRunInput, after: EntityOutcome): Course<EntityOutcome> {
  durable.status({ stage: 'comparing', rows: after.rows });
  const compared = yield* runStep<EntityOutcome>(durable, activities.verifyEntity, { of, n, at, after });
  return 'failed' in compared ? withWarning(after, compared.failed) : compared.done;
}

/** The run has settled, so a later failure is a warning with its error. */
export function withWarning(after: EntityOutcome, { code, what }: ErrorDetails): EntityOutcome {
  const error = after.error ?? { code, what: cut(what, mostToldFailureBytes) };
  return { ...after, status: worstStatus([after.status, 'warn']), error };
}

/** A separate run, which begins when the live run has ended. */
function* follow(
  durable: OrchestrationContext,
  { of, n }: EntityRunInput,
  what: Pick<EntityInput, 'compares' | 'compacts'>,
): Course<EntityOutcome> {
  const run: EntityRunInput = { of, n, ...what, at: durable.now() };
  const ended = yield* moveEntity(durable, run);
  return 'failed' in ended ? yield* giveUp(durable, run, ended) : ended;
}

/** A compared entity counts as one. */
function together(live: EntityOutcome, compared: EntityOutcome): EntityOutcome {
  return {
    status: worstStatus([live.status, compared.status]),
    rows: live.rows + compared.rows,
    rowsRead: (live.rowsRead ?? 0) + (compared.rowsRead ?? 0),
    bytes: live.bytes + compared.bytes,
    ...defined({ error: compared.error }),
    ...filled({ verify: live.verify || compared.verify }),
  };
}

/** A failed compaction is only a warning, because a compaction changes no row. A compaction that was not started is no warning. */
function withCompacted(live: EntityOutcome, { error }: EntityOutcome): EntityOutcome {
  const isFailure = error !== undefined && error.code !== 'HYG-2001' && error.code !== interruptedCode;
  return isFailure ? { ...live, status: worstStatus([live.status, 'warn']) } : live;
}

function* moveEntity(durable: OrchestrationContext, run: EntityRunInput): Course<EntityOutcome | FailedEntityRun> {
  const moved = yield* planAndMove(durable, run, 'first');
  if (!('failed' in moved && needsNewSurvey(moved.failed))) return moved;
  durable.status({ stage: 'planning again', code: moved.failed.code });
  return yield* planAndMove(durable, run, 'again');
}

/** `again`: the slices of the first plan found something that the plan did not expect. */
function* planAndMove(
  durable: OrchestrationContext,
  run: EntityRunInput,
  turn: 'first' | 'again',
): Course<EntityOutcome | FailedEntityRun> {
  durable.status({ stage: 'planning' });
  const again = turn === 'again' ? { again: true } : {};
  const { at, ...which } = whichRun(run);
  const from = turn === 'first' && run.wait?.step === 'plan' ? run.wait : {};
  const step = { activity: activities.planEntity, input: { ...which, at, ...again } };
  const planned = yield* runStepUntilWait<PlannedEntity>(durable, step, { ...from, leaves: turn === 'first' && (run.leaves ?? false) });
  if ('failed' in planned) return planned;
  if ('waits' in planned) return { ...notYet, waits: { step: 'plan', at, ...planned.waits } };
  const plan = planned.done;
  if (plan.outcome === 'nothing') return plan.ended;
  const series = plan.outcome === 'planned' && plan.series !== undefined ? { series: plan.series } : {};
  const moved = plan.outcome === 'planned' ? yield* moveAll(durable, which, plan, turn) : { receipts: [], rows: 0 };
  if ('failed' in moved) return { ...moved, ...series };
  durable.status({ stage: 'committing', rows: moved.rows });
  const ended = yield* commit(durable, run, { plan: plan.outcome === 'planned' ? plan.plan : '', receipts: moved.receipts });
  return { ...ended, ...series };
}

/** The report about an entity run that has not ended. */
const notYet: EntityOutcome = { status: 'skip', rows: 0, bytes: 0 };

/** @param what the commit, and the position where the commit continues after a wait. */
function* commit(
  durable: OrchestrationContext,
  run: EntityRunInput,
  { plan, receipts, ...from }: { readonly plan: string; readonly receipts: readonly string[] } & Partial<StepWait>,
): Course<EntityOutcome | FailedEntityRun> {
  const step = { activity: activities.commitEntity, input: { ...whichRun(run), plan, receipts } };
  const ended = yield* runStepUntilWait<EntityOutcome>(durable, step, { ...from, leaves: run.leaves ?? false });
  if ('failed' in ended) return ended;
  return 'done' in ended ? ended.done : { ...notYet, waits: { step: 'commit', at: run.at, plan, receipts, ...ended.waits } };
}
