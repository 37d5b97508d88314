import { machineStopped } from '../../src/assembly/errors.ts';
import { attemptsPerStep } from '../../src/engine/entity/retry.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined, type Instant, type Json } from '../../src/ports/values.ts';
import { type Answer, cut } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput, type StepWait } from '../run-input.ts';
import { after, pauseUntil } from './pause.ts';

export type StepResult<T> = { readonly done: T } | { readonly failed: ErrorDetails; readonly attempts: number };

/** The position where a step continues, and whether the step ends instead of waiting for another system. */
export interface StepCourse extends Partial<StepWait> {
  readonly leaves: boolean;
}

/** The most characters in a status, which must be short. */
export function reasonOf({ code, what }: ErrorDetails): string {
  return cut(`${code} ${what}`, 300);
}

export const asksForPause = 'the source or the store asks for a pause';

/** The delay of a retry after the machine of an activity crashed. */
const afterCrashMs = 30_000;

/** Runs one step of the engine to its end. After the answer "again", calls the step again, at the time in the answer. After a temporary error, calls the step again after a timer. */
export function* runStep<T>(
  durable: OrchestrationContext,
  activity: string,
  input: { readonly [key: string]: unknown },
): Course<StepResult<T>> {
  const ended = yield* runStepUntilWait<T>(durable, { activity, input }, { leaves: false });
  if ('waits' in ended) throw new Error(`${activity} was not to leave`);
  return ended;
}

/** Like `step`, for a step that may have waited before. The status of the orchestration shows what another system must do first. */
export function* runStepUntilWait<T>(
  durable: OrchestrationContext,
  { activity, input }: { readonly activity: string; readonly input: { readonly [key: string]: unknown } },
  { cursor: from, notBefore: begins, leaves }: StepCourse,
): Course<StepResult<T> | { readonly waits: StepWait }> {
  let cursor = from;
  const run = runThatStops(activity, input);
  yield* goesOnAt(durable, begins, run);
  for (let attempt = 1; ; ) {
    const given = { ...input, attempt, ...defined({ cursor }) } as unknown as Json;
    const answer = yield* answered<T>(durable, { activity, input: given }, attempt);
    if (!answer.ok) {
      if (!answer.transient) return { failed: answer.error, attempts: attempt };
      const until = after(durable.now(), answer.waitMs);
      if (run !== undefined) durable.status({ stage: 'waiting', for: reasonOf(answer.error), until });
      yield* goesOnAt(durable, until, run);
      attempt++;
    } else {
      if ('done' in answer.step) return { done: answer.step.done };
      const { notBefore, waitsFor } = answer.step;
      cursor = answer.step.again;
      if (leaves && waitsFor !== undefined) return { waits: { cursor, notBefore } };
      if (waitsFor !== undefined || (run !== undefined && notBefore !== undefined))
        durable.status({ stage: 'waiting', for: waitsFor ?? asksForPause, until: notBefore ?? null });
      yield* goesOnAt(durable, notBefore, run);
      attempt = 1;
    }
  }
}

/** The run whose stop request ends the step; undefined: the step must be done even if the run is stopped. */
function runThatStops(activity: string, { of, n, chunk, plan }: Readonly<Record<string, unknown>>): EntityInput | undefined {
  const isLast = activity === activities.abandonEntity || plan === '';
  return n === undefined || isLast ? undefined : ({ of, n, ...defined({ chunk }) } as EntityInput);
}

function* goesOnAt(durable: OrchestrationContext, until: Instant | undefined, run: EntityInput | undefined): Course<void> {
  if (until !== undefined) yield* pauseUntil(durable, until, run);
}

function* answered<T>(
  durable: OrchestrationContext,
  call: { readonly activity: string; readonly input: Json },
  attempt: number,
): Course<Answer<T>> {
  try {
    return (yield* durable.call(call)) as Answer<T>;
  } catch (error) {
    return crashAnswer(error, attempt);
  }
}

/** An activity throws only if its machine failed or was stopped. */
export function crashAnswer(error: unknown, attempt: number): Extract<Answer, { ok: false }> {
  const said = cut(error instanceof Error ? error.message : String(error), 300);
  return { ok: false, transient: attempt < attemptsPerStep, waitMs: afterCrashMs, error: machineStopped(said).toDetails() };
}
