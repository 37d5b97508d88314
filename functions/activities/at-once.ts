import type { PinnedFlow } from '../../src/assembly/app.ts';
import { lanesWithinLimits } from '../../src/engine/entity/connection-limits.ts';

/** How many entities of the flow run at once, and how many slices of each entity. The product of the two numbers is at most the number of connections that the flow may open. `slicesPerLane` null: the size of a wave. */
export function atOnceIn({ flow, workspace }: Pick<PinnedFlow, 'flow' | 'workspace'>): {
  readonly lanes: number;
  readonly slicesPerLane: number | null;
} {
  const { concurrency } = workspace.options;
  return lanesWithinLimits(flow.entities, Math.min(flow.concurrency ?? concurrency, concurrency));
}
