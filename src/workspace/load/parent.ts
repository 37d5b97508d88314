/** A home that reads rows below parent records (`from: repos` in its config) needs the home of the entity that reads the parents. */
import type { HomeSide } from '../../engine/contracts/connector.ts';
import { nameKey } from '../names.ts';
import type { SettledSide } from '../sides/side.ts';
import type { Connectors } from '../sides/side-type.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode } from '../yaml/tree.ts';

interface ParentRequest<E> {
  /** The settings of the entity, after all layers are merged. */
  readonly tree: MapNode;
  readonly entity: string;
  readonly entities: readonly (E & { readonly name: string })[];
  readonly connectors: Connectors;
  readonly problems: Problems;
  /** The home of another entity of the flow. Undefined: the problem was reported. */
  settle(entity: E): Promise<SettledSide | undefined>;
}

export interface WithParent {
  readonly home: SettledSide;
  readonly hasParent: boolean;
}

/** The home, with its parent if the home reads parents; undefined: the problem was reported. */
export async function withParent<E>(home: SettledSide, request: ParentRequest<E>): Promise<WithParent | undefined> {
  const parents = await parentsOf(home, request.connectors);
  const name = parents?.nameIn(home.spec.config);
  if (parents === undefined || name === undefined) return { home, hasParent: false };
  const found = request.entities.find((one) => nameKey(one.name) === nameKey(name) && nameKey(name) !== nameKey(request.entity));
  if (found === undefined) return refused(request, name, 'The flow has no other entity of that name.');
  const parent = await request.settle(found);
  if (parent === undefined) return undefined;
  if (parent.spec.type !== home.spec.type)
    return refused(request, name, `Its home is of type ${quoted(parent.spec.type)}, not ${quoted(home.spec.type)}.`);
  const unfit = parents.unfit(parent.spec.config);
  if (unfit !== undefined) return refused(request, name, unfit);
  return { home: { ...home, spec: { ...home.spec, config: parents.join(home.spec.config, parent.spec.config) } }, hasParent: true };
}

async function parentsOf({ spec }: SettledSide, connectors: Connectors): Promise<HomeSide<unknown>['parents']> {
  return ((await connectors.find(spec.type))?.home as HomeSide<unknown> | undefined)?.parents;
}

function refused<E>({ tree, entity, entities, problems }: ParentRequest<E>, name: string, why: string): undefined {
  const others = entities.filter((one) => one.name !== entity).map((one) => quoted(one.name));
  const held = entry(child(tree, 'home'), 'from');
  problems.add({
    code: 'HYG-1013',
    what: `${quoted(name)} can't be the parent of ${quoted(entity)}.`,
    why: [why],
    tryThis: [others.length === 0 ? 'Add the entity of the parents to the flow.' : `The other entities of the flow are ${listed(others)}.`],
    spot: (held ?? { spot: tree.spot }).spot,
  });
  return undefined;
}
