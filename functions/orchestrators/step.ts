import { machineStopped } from '../../src/assembly/errors.ts';
import { attemptsPerStep } from '../../src/engine/entity/retry.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined, type Instant, type Json } from '../../src/ports/values.ts';
import { type Answer, cut } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import type { StepWait } from '../run-input.ts';

export type StepResult<T> = { readonly done: T } | { readonly failed: ErrorDetails; readonly attempts: number };

/** Where a step goes on, and whether it ends, instead of waiting for another system. */
export interface StepCourse extends Partial<StepWait> {
  readonly leaves: boolean;
}

/** What a crash of the machine under an activity costs before it is tried again. */
const afterCrashMs = 30_000;

/**
 * One step of the engine to its end: "again" becomes the next call, after a timer where it says when; what may go better later is tried again
 * after a timer.
 */
export function* runStep<T>(
  durable: OrchestrationContext,
  activity: string,
  input: { readonly [key: string]: unknown },
): Course<StepResult<T>> {
  const ended = yield* runStepUntilWait<T>(durable, { activity, input }, { leaves: false });
  if ('waits' in ended) throw new Error(`${activity} was not to leave`);
  return ended;
}

/** The same, of a step that may have waited before. The status of the orchestration says what another system has to do first. */
export function* runStepUntilWait<T>(
  durable: OrchestrationContext,
  { activity, input }: { readonly activity: string; readonly input: { readonly [key: string]: unknown } },
  { cursor: from, notBefore: begins, leaves }: StepCourse,
): Course<StepResult<T> | { readonly waits: StepWait }> {
  let cursor = from;
  yield* untilThen(durable, begins);
  for (let attempt = 1; ; ) {
    const given = { ...input, attempt, ...defined({ cursor }) } as unknown as Json;
    const answer = yield* answered<T>(durable, { activity, input: given }, attempt);
    if (!answer.ok) {
      if (!answer.transient) return { failed: answer.error, attempts: attempt };
      yield* durable.until(after(durable.now(), answer.waitMs));
      attempt++;
    } else {
      if ('done' in answer.step) return { done: answer.step.done };
      const { notBefore, waitsFor } = answer.step;
      cursor = answer.step.again;
      if (leaves && waitsFor !== undefined) return { waits: { cursor, notBefore } };
      if (waitsFor !== undefined) durable.status({ stage: 'waiting', for: waitsFor, until: notBefore ?? null });
      yield* untilThen(durable, notBefore);
      attempt = 1;
    }
  }
}

function* untilThen(durable: OrchestrationContext, notBefore: Instant | undefined): Course<void> {
  if (notBefore !== undefined && notBefore > durable.now()) yield* durable.until(notBefore);
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

/** An activity always answers; when it does not, the machine went away under it, or stopped it. */
export function crashAnswer(error: unknown, attempt: number): Extract<Answer, { ok: false }> {
  const said = cut(error instanceof Error ? error.message : String(error), 300);
  return { ok: false, transient: attempt < attemptsPerStep, waitMs: afterCrashMs, error: machineStopped(said).toDetails() };
}

export function after(now: Instant, ms: number): Instant {
  return new Date(Date.parse(now) + ms).toISOString();
}
