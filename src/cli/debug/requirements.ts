import type { Requirement } from '../../engine/contracts/connector.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { Needed } from '../../narrate/need-lines.ts';
import { shownEntity } from '../../narrate/visible.ts';
import { findConnector } from '../../registry.ts';

/** What the homes and stores of these entities need of the world around them, each once, with who needs it. */
export async function neededBy(entities: readonly EntitySpec[]): Promise<readonly Needed[]> {
  const needed = new Map<string, { readonly requirement: Requirement; readonly by: Set<string> }>();
  for (const spec of entities) {
    for (const which of ['home', 'store'] as const) {
      const side = (await findConnector(spec[which].type))?.[which];
      for (const requirement of side?.requirements(spec[which].config) ?? []) {
        const key = JSON.stringify(requirement);
        const known = needed.get(key) ?? { requirement, by: new Set() };
        known.by.add(shownEntity(spec.flow, spec.entity));
        needed.set(key, known);
      }
    }
  }
  return [...needed.values()].map(({ requirement, by }) => ({ ...asNeeded(requirement), by: [...by] }));
}

function asNeeded(requirement: Requirement): Omit<Needed, 'by'> {
  if (requirement.need === 'role') return { need: 'role', name: requirement.role, scope: requirement.scope };
  return { need: requirement.need, name: requirement.name };
}
