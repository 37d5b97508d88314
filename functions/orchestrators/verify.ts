import { cut } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput, type EntityOutcome } from '../run-input.ts';
import { mostToldFailureBytes } from './give-up.ts';
import { runStep } from './step.ts';

/** Compares one entity with its source. A failed comparison needs no cleanup, because a comparison has no claim. */
export function* runVerify(durable: OrchestrationContext): Course<EntityOutcome> {
  const { of, n } = durable.input as EntityInput;
  durable.status({ stage: 'comparing' });
  const ended = yield* runStep<EntityOutcome>(durable, activities.verifyEntity, { of, n, at: durable.now() });
  if (!('failed' in ended)) return ended.done;
  const { code, what } = ended.failed;
  return { status: 'error', rows: 0, bytes: 0, error: { code, what: cut(what, mostToldFailureBytes) } };
}
