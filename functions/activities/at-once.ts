import type { PinnedFlow } from '../../src/assembly/app.ts';
import { lanesWithinLimits } from '../../src/engine/entity/connection-limits.ts';

/** How many entities of the flow run at once, and how many slices of each: together at most as many as its connections allow. `slicesPerLane` null: as many as a wave has. */
export function atOnceIn({ flow, workspace }: Pick<PinnedFlow, 'flow' | 'workspace'>): {
  readonly lanes: number;
  readonly slicesPerLane: number | null;
} {
  const { concurrency } = workspace.options;
  return lanesWithinLimits(flow.entities, Math.min(flow.concurrency ?? concurrency, concurrency));
}
