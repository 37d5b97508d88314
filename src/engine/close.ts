/** closeFlow: after a flow's entities. Bounds what hygge keeps for people: journal and commit records older than `keep` go. */
import { insist } from '../ports/outcome.ts';
import { later } from './claim.ts';
import type { EnginePorts } from './ports.ts';
import type { RunIds } from './records.ts';

export interface CloseRequest extends Omit<RunIds, 'entity' | 'entityRunId'> {
  /** Entities of the flow that settled something in this run. */
  readonly entities: readonly string[];
}

export async function closeFlow(request: CloseRequest, ports: EnginePorts): Promise<{ readonly pruned: number }> {
  const specs = request.entities.map((entity) => ports.entity(request.flow, entity));
  const [first] = specs;
  if (!first) return { pruned: 0 };
  const before = later(ports, -first.keepMs);
  let pruned = await insist(() => ports.state.pruneJournal(before));
  for (const spec of specs) {
    const store = await ports.store(spec);
    pruned += await insist(() => store.prune(later(ports, -spec.keepMs)));
  }
  return { pruned };
}
