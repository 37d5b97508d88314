import { attemptsPerStep, needsNewSurvey } from '../../src/engine/entity/retry.ts';
import { worstStatus } from '../../src/engine/entity/worst-status.ts';
import { interruptedCode, maybeDecided } from '../../src/engine/errors/interruption.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import type { Instant } from '../../src/ports/values.ts';
import { bytesOf, cut, cutToFit, mostBytes } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput, type EntityOutcome, oneRun, type SeriesTold, type StepWait } from '../run-input.ts';
import { runStep, runStepUntilWait } from './step.ts';
import { moveAll, type PlannedSlices } from './stretches.ts';

/** What hygge-plan-entity answers. */
export type PlannedEntity =
  /** This very run has ended before: the commit finds how. */
  | { readonly outcome: 'ended' }
  /** Not started, or nothing of this chunk is left to do. */
  | { readonly outcome: 'nothing'; readonly ended: EntityOutcome }
  | (PlannedSlices & {
      readonly outcome: 'planned';
      /** Of a backfill. */
      readonly series?: SeriesTold;
    });

interface FailedEntityRun {
  readonly failed: ErrorDetails;
  readonly attempts: number;
  /** Of a backfill, when it came as far as a plan. */
  readonly series?: SeriesTold;
}

/** The most bytes of a failure's text in an outcome. */
export const mostToldFailureBytes = 300;

/** plan → slices → commit; given up, or finished, when something goes wrong. */
export function* runEntity(durable: OrchestrationContext): Course<EntityOutcome> {
  const input = durable.input as EntityInput;
  const { wait } = input;
  const run = { ...input, at: wait?.at ?? durable.now() };
  const moved =
    wait === undefined ? yield* moveEntity(durable, run) : wait.step === 'commit' ? yield* commit(durable, run, wait) : wait.after;
  if ('failed' in moved) {
    durable.status({ stage: 'giving up', code: moved.failed.code });
    return yield* giveUp(durable, run, moved);
  }
  if (moved.waits !== undefined) return moved;
  const { replicates = wait?.step === 'replication', ...settled } = moved;
  const live = replicates ? yield* replicate(durable, run, settled) : settled;
  if (live.waits !== undefined) return live;
  const wasBeside = wait !== undefined && wait.step !== 'turn';
  // Its lane has gone on meanwhile, and no more entities read at once than there are lanes.
  if (wasBeside && isFollowed(live)) return { ...notYet, waits: { step: 'turn', at: run.at, after: live } };
  return yield* withFollowUps(durable, run, live);
}

function isFollowed({ compareNext, compactNext, verify }: EntityOutcome): boolean {
  return compareNext === true || compactNext === true || verify === true;
}

/** The runs that follow a live run, and its comparison with the source. */
function* withFollowUps(
  durable: OrchestrationContext,
  run: EntityRunInput,
  { compareNext, compactNext, ...live }: EntityOutcome,
): Course<EntityOutcome> {
  const compared = compareNext && live.status !== 'error' ? yield* follow(durable, run, { compares: true }) : null;
  const ended = compared === null ? live : together(live, compared);
  const { verify, ...outcome } = ended;
  // Rows are compared once keys are: those that only the destination has are gone by then.
  const verified = verify && compared?.error === undefined ? yield* verifyRows(durable, run, outcome) : outcome;
  if (!compactNext || verified.status === 'error') return verified;
  return withCompacted(verified, yield* follow(durable, run, { compacts: true }));
}

/** The pauses between two looks are timers, so that a replication of days costs nothing. */
function* replicate(durable: OrchestrationContext, run: EntityRunInput, after: EntityOutcome): Course<EntityOutcome> {
  const { of, n, at, wait, leaves = false } = run;
  durable.status({ stage: 'replicating', rows: after.rows });
  const from = wait?.step === 'replication' ? wait : {};
  const step = { activity: activities.awaitReplication, input: { of, n, at, after } };
  const replicated = yield* runStepUntilWait<EntityOutcome>(durable, step, { ...from, leaves });
  if ('waits' in replicated) return { ...notYet, waits: { step: 'replication', at, after, ...replicated.waits } };
  return 'failed' in replicated ? { ...after, status: worstStatus([after.status, 'warn']) } : replicated.done;
}

function* verifyRows(durable: OrchestrationContext, { of, n, at }: EntityRunInput, after: EntityOutcome): Course<EntityOutcome> {
  durable.status({ stage: 'comparing', rows: after.rows });
  const compared = yield* runStep<EntityOutcome>(durable, activities.verifyEntity, { of, n, at, after });
  // The run has settled, so a comparison that could not be made is a warning.
  return 'failed' in compared ? { ...after, status: worstStatus([after.status, 'warn']) } : compared.done;
}

/** A run of its own, which begins when the live run has ended. */
function* follow(
  durable: OrchestrationContext,
  { of, n }: EntityRunInput,
  what: Pick<EntityInput, 'compares' | 'compacts'>,
): Course<EntityOutcome> {
  const run: EntityRunInput = { of, n, ...what, at: durable.now() };
  const ended = yield* moveEntity(durable, run);
  return 'failed' in ended ? yield* giveUp(durable, run, ended) : ended;
}

/** An entity that is compared counts as one. */
function together(live: EntityOutcome, compared: EntityOutcome): EntityOutcome {
  return {
    status: worstStatus([live.status, compared.status]),
    rows: live.rows + compared.rows,
    rowsRead: (live.rowsRead ?? 0) + (compared.rowsRead ?? 0),
    bytes: live.bytes + compared.bytes,
    ...(compared.error === undefined ? {} : { error: compared.error }),
    ...(live.verify || compared.verify ? { verify: true } : {}),
  };
}

/** No row is another one for it: that a compaction failed is a warning, and that it did not come to that is none. */
function withCompacted(live: EntityOutcome, { error }: EntityOutcome): EntityOutcome {
  const isFailure = error !== undefined && error.code !== 'HYG-2001' && error.code !== interruptedCode;
  return isFailure ? { ...live, status: worstStatus([live.status, 'warn']) } : live;
}

/** With when it began. */
export interface EntityRunInput extends EntityInput {
  readonly at: Instant;
}

function* moveEntity(durable: OrchestrationContext, run: EntityRunInput): Course<EntityOutcome | FailedEntityRun> {
  const moved = yield* planAndMove(durable, run, 'first');
  if (!('failed' in moved && needsNewSurvey(moved.failed))) return moved;
  durable.status({ stage: 'planning again', code: moved.failed.code });
  return yield* planAndMove(durable, run, 'again');
}

/** `again`: the first plan's slices met what it knew nothing of. */
function* planAndMove(
  durable: OrchestrationContext,
  run: EntityRunInput,
  turn: 'first' | 'again',
): Course<EntityOutcome | FailedEntityRun> {
  durable.status({ stage: 'planning' });
  const again = turn === 'again' ? { again: true } : {};
  const { at, ...which } = whichRun(run);
  const planned = yield* runStep<PlannedEntity>(durable, activities.planEntity, { ...which, at, ...again });
  if ('failed' in planned) return planned;
  const plan = planned.done;
  if (plan.outcome === 'nothing') return plan.ended;
  const series = plan.outcome === 'planned' && plan.series !== undefined ? { series: plan.series } : {};
  const moved = plan.outcome === 'planned' ? yield* moveAll(durable, which, plan, turn) : { receipts: [], rows: 0 };
  if ('failed' in moved) return { ...moved, ...series };
  durable.status({ stage: 'committing', rows: moved.rows });
  const ended = yield* commit(durable, run, { plan: plan.outcome === 'planned' ? plan.plan : '', receipts: moved.receipts });
  return { ...ended, ...series };
}

/** What is told of an entity run that has not ended. */
const notYet: EntityOutcome = { status: 'skip', rows: 0, bytes: 0 };

/** @param what the commit, and where it goes on after it has waited. */
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

/** Nothing decided: the claim is given back. Decided: it is finished all the same. */
export function* giveUp(
  durable: OrchestrationContext,
  run: EntityRunInput,
  { failed, attempts, series }: FailedEntityRun,
): Course<EntityOutcome> {
  const which = whichRun(run);
  const error = told(run, failed, attempts);
  const given = yield* runStep<EntityOutcome | 'decided'>(durable, activities.abandonEntity, { ...which, error, attempts });
  if ('failed' in given) return lost(failed);
  if (given.done !== 'decided') return given.done;
  const ended = yield* runStep<EntityOutcome>(durable, activities.commitEntity, { ...which, plan: '', receipts: [] });
  if ('failed' in ended) return lost(failed);
  return series === undefined ? ended.done : { ...ended.done, series };
}

function lost(failed: ErrorDetails): EntityOutcome {
  const { code, what } = maybeDecided(failed);
  return { status: 'error', rows: 0, bytes: 0, error: { code, what: cut(what, mostToldFailureBytes) } };
}

/** As much of the error as a step's input has room for beside the run. */
function told(run: EntityRunInput, error: ErrorDetails, attempts: number): ErrorDetails {
  const beside = bytesOf({ ...whichRun(run), error: null, attempts, attempt: attemptsPerStep });
  return cutToFit(error, mostBytes - beside);
}

/** What every step of an entity run is given. */
function whichRun(run: EntityRunInput): EntityRunInput {
  return { ...oneRun(run), at: run.at };
}
