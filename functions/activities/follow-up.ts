import { compactionLane, type FollowUpLane, keyComparisonLane } from '../../src/engine/plan/lane.ts';
import type { EntityInput } from '../run-input.ts';

/** The kind of work of a run that follows a live run; undefined: the run follows no live run. */
export function followUpOf({ compares, compacts }: Pick<EntityInput, 'compares' | 'compacts'>): FollowUpLane | undefined {
  if (compares) return keyComparisonLane;
  return compacts ? compactionLane : undefined;
}
