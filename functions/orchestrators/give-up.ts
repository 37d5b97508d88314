import { attemptsPerStep } from '../../src/engine/entity/retry.ts';
import { maybeDecided } from '../../src/engine/errors/interruption.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import type { Instant } from '../../src/ports/values.ts';
import { bytesOf, cut, cutToFit, mostBytes } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput, type EntityOutcome, oneRun, type SeriesTold } from '../run-input.ts';
import { runStep } from './step.ts';

/** The entity run, with the time when it began. */
export interface EntityRunInput extends EntityInput {
  readonly at: Instant;
}

export interface FailedEntityRun {
  readonly failed: ErrorDetails;
  readonly attempts: number;
  /** The chunks of a planned backfill. */
  readonly series?: SeriesTold;
}

/** The most bytes of a failure's text in an outcome. */
export const mostToldFailureBytes = 300;

/** Releases the claim of an entity. A commit that is already decided is finished first. */
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

/** The error, shortened to fit into a step’s input next to the run. */
function told(run: EntityRunInput, error: ErrorDetails, attempts: number): ErrorDetails {
  const beside = bytesOf({ ...whichRun(run), error: null, attempts, attempt: attemptsPerStep });
  return cutToFit(error, mostBytes - beside);
}

/** The common input of every step of an entity run. */
export function whichRun(run: EntityRunInput): EntityRunInput {
  return { ...oneRun(run), at: run.at };
}
