import { compactionLane, type FollowUpLane, keyComparisonLane } from '../../src/engine/plan/lane.ts';
import type { EntityInput } from '../run-input.ts';

/** What a run is about that follows a live run; undefined: it follows none. */
export function followUpOf({ compares, compacts }: Pick<EntityInput, 'compares' | 'compacts'>): FollowUpLane | undefined {
  if (compares) return keyComparisonLane;
  return compacts ? compactionLane : undefined;
}
