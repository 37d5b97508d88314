/** Finds entities that are not listed in a file: entities that exist at the homes of their flows now, or that the state knows. */
import { findKnown, findNow } from '../../assembly/found/find.ts';
import { openState, openStateAlone } from '../../assembly/open-state.ts';
import type { FoundEntities } from '../../workspace/load/finds.ts';
import { allEntityNames, type FindingFlow, type Workspace } from '../../workspace/load/load.ts';
import type { Opens } from '../../workspace/read/secrets.ts';
import type { Surroundings } from './surroundings.ts';
import { withOpening } from './with-opening.ts';

interface FindContext {
  readonly finding: readonly FindingFlow[];
  /** The flows whose entities are found. `state`: no source is opened, since the entities that the state records are enough. */
  readonly opens: NonNullable<Opens['entities']> | 'state';
}

export async function findEntities(
  workspace: Workspace,
  { finding, opens }: FindContext,
  surroundings: Surroundings,
): Promise<ReadonlyMap<string, FoundEntities>> {
  if (opens === 'state') return await knownFor(workspace, finding, surroundings);
  return await foundFor(workspace, wantedOf(workspace, finding, opens), surroundings);
}

/** The flows whose entities are needed. If an entity with a given name is not known yet, it may belong to any of these flows. */
function wantedOf(workspace: Workspace, finding: readonly FindingFlow[], opens: NonNullable<Opens['entities']>): readonly FindingFlow[] {
  const standIns = allEntityNames(workspace).map((flow) =>
    finding.some(({ name }) => name === flow.name) ? { name: flow.name, entities: [{ flow: flow.name, entity: '*' }] } : flow,
  );
  try {
    const chosen = opens(standIns);
    // The named entity is not among the known entities, so it is searched for in all flows.
    if (chosen.length === 0) return finding;
    return finding.filter(({ name }) => chosen.some(({ flow }) => flow === name));
  } catch {
    return finding;
  }
}

async function knownFor(
  workspace: Workspace,
  finding: readonly FindingFlow[],
  { network }: Surroundings,
): Promise<ReadonlyMap<string, FoundEntities>> {
  await using place = await openStateAlone(workspace, { network });
  const known = await Promise.all(finding.map(async (flow) => [flow.name, await findKnown(flow, place.state)] as const));
  // Before the first run, the state knows no entity, which is not an error.
  return new Map(known.filter(([, found]) => found.length > 0));
}

async function foundFor(
  workspace: Workspace,
  finding: readonly FindingFlow[],
  surroundings: Surroundings,
): Promise<ReadonlyMap<string, FoundEntities>> {
  return await withOpening(workspace, surroundings, async (opening) => {
    const state = await openState(workspace, { network: opening.network, pools: opening.pools });
    return new Map(await Promise.all(finding.map(async (flow) => [flow.name, await findNow(flow, { opening, state })] as const)));
  });
}
