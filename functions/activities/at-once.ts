import type { PinnedFlow } from '../../src/assembly/app.ts';
import { lanesWithinLimits } from '../../src/engine/entity/connection-limits.ts';

/** Entities of the flow at once, and slices at once of each: together no more than its connections bear. `slicesPerLane` null: as many as a wave has. */
export function atOnceIn({ flow, workspace }: Pick<PinnedFlow, 'flow' | 'workspace'>): {
  readonly lanes: number;
  readonly slicesPerLane: number | null;
} {
  const { concurrency } = workspace.options;
  return lanesWithinLimits(flow.entities, Math.min(flow.concurrency ?? concurrency, concurrency));
}
