import type { PinnedFlow } from '../../src/assembly/app.ts';
import { lanesWithinLimits } from '../../src/engine/entity/connection-limits.ts';

/** How many entities of the flow run at once, and how many slices of each entity. Their product is at most what the flow’s connections allow. `slicesPerLane` null: the size of a wave. */
export function atOnceIn({ flow, workspace }: Pick<PinnedFlow, 'flow' | 'workspace'>): {
  readonly lanes: number;
  readonly slicesPerLane: number | null;
} {
  const { concurrency } = workspace.options;
  return lanesWithinLimits(flow.entities, Math.min(flow.concurrency ?? concurrency, concurrency));
}
