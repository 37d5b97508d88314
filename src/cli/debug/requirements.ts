import type { Requirement } from '../../engine/contracts/connector.ts';
import type { EntitySpec, SideSpec } from '../../engine/contracts/spec.ts';
import type { Where } from '../../errors/hygge-error.ts';
import { type Needed, resourceText } from '../../narrate/need-lines.ts';
import { shownEntity } from '../../narrate/visible.ts';
import { findConnector } from '../../registry.ts';

interface Gathered {
  readonly needed: Omit<Needed, 'by' | 'where'>;
  readonly by: Set<string>;
  readonly where: Map<string, Where>;
}

/** What the homes and stores of these entities need of the world around them, each once, with who needs it and where that is written. */
export async function neededBy(entities: readonly EntitySpec[]): Promise<readonly Needed[]> {
  const all = new Map<string, Gathered>();
  for (const spec of entities) {
    for (const which of ['home', 'store'] as const) {
      const side = (await findConnector(spec[which].type))?.[which];
      for (const requirement of side?.requirements(spec[which].config) ?? []) {
        const { needed, where } = asNeeded(requirement, spec[which]);
        const key = JSON.stringify(needed);
        const known = all.get(key) ?? { needed, by: new Set(), where: new Map() };
        known.by.add(shownEntity(spec.flow, spec.entity));
        if (where !== undefined) known.where.set(`${where.file}:${where.line}`, where);
        all.set(key, known);
      }
    }
  }
  return [...all.values()].map(({ needed, by, where }) => ({ ...needed, by: [...by], where: [...where.values()] }));
}

function asNeeded(
  requirement: Requirement,
  { where, secrets = [] }: SideSpec,
): Pick<Gathered, 'needed'> & { readonly where: Where | undefined } {
  switch (requirement.need) {
    case 'role': {
      const { system, doing, resource, role } = requirement;
      return { needed: { need: 'role', name: role, scope: resourceText(resource), system, doing, resource }, where };
    }
    case 'secret': {
      const asked = secrets.find(({ key }) => key === requirement.name);
      const variable = asked?.variable ?? null;
      return { needed: { need: 'secret', name: requirement.name, variable }, where: asked?.where ?? where };
    }
    default:
      return { needed: { need: requirement.need, name: requirement.name }, where };
  }
}
