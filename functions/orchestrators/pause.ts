import type { Instant, Json } from '../../src/ports/values.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput } from '../run-input.ts';

/** The longest time until a pause notices a stop request. */
const looksAfterMs = 15 * 60_000;

/** Sleeps until a time. @param run a request may stop this run and end the pause: the next step finds the request. Absent: the step must be done in any case. */
export function* pauseUntil(durable: OrchestrationContext, until: Instant, run?: EntityInput): Course<void> {
  for (let now = durable.now(); now < until; now = durable.now()) {
    const next = after(now, looksAfterMs);
    if (run?.of.looks === undefined || next >= until) return yield* durable.until(until);
    yield* durable.until(next);
    if (durable.now() < until && (yield* isStopped(durable, run))) return;
  }
}

/** A missing answer is ignored, because the next check asks again. */
function* isStopped(durable: OrchestrationContext, run: EntityInput): Course<boolean> {
  try {
    const answer = yield* durable.call({ activity: activities.look, input: run as unknown as Json });
    return JSON.stringify(answer) === stoppedAnswer;
  } catch {
    return false;
  }
}

const stoppedAnswer = JSON.stringify({ ok: true, step: { done: 'stopped' } });

export function after(now: Instant, ms: number): Instant {
  return new Date(Date.parse(now) + ms).toISOString();
}
