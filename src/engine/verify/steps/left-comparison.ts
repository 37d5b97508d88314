/** What a step of a comparison leaves for the next step. The state keeps it under the id of the comparison. */
import { retry } from '../../../ports/retry.ts';
import type { ObjectRef } from '../../../ports/state.ts';
import type { Json } from '../../../ports/values.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { ComparisonPaused, type LeftComparison, type Pausing } from './paused-comparison.ts';

const leftFolder = 'verifying/';

/** The cursor with which a comparison continues. */
export interface StepCursor {
  /** How many steps have paused. The state has what the last one left. */
  readonly paused: number;
}

export interface ComparisonStep {
  readonly spec: EntitySpec;
  /** The comparison's own id: `<run_id>.<n>.verify`. */
  readonly id: string;
  /** The cursor of the step. Undefined: it is the first step. */
  readonly cursor: StepCursor | undefined;
  /** After this time, in milliseconds, the step pauses at the end of a slice. */
  readonly budgetMs: number;
}

/**
 * Makes one step of a comparison. It continues from what an earlier step left. If the state has lost that, the comparison begins again. The step may
 * be repeated with the same cursor. @param compare throws ComparisonPaused if the step's time is over. @returns the cursor of the next step, or what
 * `compare` found.
 */
export async function comparisonStep<T>(
  { spec, id, cursor, budgetMs }: ComparisonStep,
  ports: Pick<EnginePorts, 'state' | 'clock'>,
  compare: (pausing: Pausing) => Promise<T>,
): Promise<{ readonly again: StepCursor } | { readonly done: T }> {
  const { state, clock } = ports;
  const own = `${leftFolder}${id}.`;
  const refOf = (paused: number): ObjectRef => `${own}${paused}`;
  const paused = cursor?.paused ?? 0;
  const left = paused === 0 ? undefined : await retry(() => state.getObject(spec, refOf(paused)));
  const until = clock.monotonicMs() + budgetMs;
  const pausing = { left: left === undefined ? null : (left as unknown as LeftComparison), isOver: () => clock.monotonicMs() >= until };
  try {
    const done = await compare(pausing);
    if (paused > 0) await removeLeft(spec, ports, (ref) => ref.startsWith(own));
    return { done };
  } catch (error) {
    if (!(error instanceof ComparisonPaused)) throw error;
    await retry(() => state.putObject(spec, refOf(paused + 1), error.left as unknown as Json));
    // The step that wrote this object may be repeated, so the object with which that step began stays. If an older comparison was given up, its objects have smaller ids.
    const stay = [refOf(paused), refOf(paused + 1)];
    await removeLeft(spec, ports, (ref) => !stay.includes(ref) && (ref.startsWith(own) || ref < own));
    return { again: { paused: paused + 1 } };
  }
}

async function removeLeft(spec: EntitySpec, { state }: Pick<EnginePorts, 'state'>, isOver: (ref: ObjectRef) => boolean): Promise<void> {
  const over = (await retry(() => state.listObjects(spec, leftFolder))).filter(isOver);
  if (over.length > 0) await retry(() => state.removeObjects(spec, over));
}
