import type { Comparison, VerifyRequest } from '../../../ports/answers/comparison.ts';
import { defined } from '../../../ports/values.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { TimeLimit } from '../../contracts/steps.ts';
import { verifyEntity } from '../verify-entity.ts';
import { type Pausing, TimeOver } from './paused-comparison.ts';

export interface BoundedComparison {
  readonly spec: EntitySpec;
  readonly request: VerifyRequest;
  /** After this time, in milliseconds, the comparison is given up. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly pausing?: Pausing;
}

/**
 * A comparison with a time limit. After `budgetMs` it is given up, with `too long`, or with `differs` if the sums of both sides certainly differ. If
 * it may pause, it may throw ComparisonPaused before.
 */
export async function comparedWithin(
  { spec, request, budgetMs, signal, pausing }: BoundedComparison,
  ports: EnginePorts,
): Promise<Comparison> {
  using limit = new TimeLimit(ports.clock, budgetMs, () => new TimeOver());
  const within = AbortSignal.any([signal, limit.signal]);
  const found = await verifyEntity(spec, request, {
    ...{ ports, signal: within, planned: () => {}, tell: () => {}, atOnce: 1 },
    ...defined({ pausing }),
  });
  return found.because === 'stopped' && limit.signal.aborted && !signal.aborted ? { ...found, because: 'too long' } : found;
}
