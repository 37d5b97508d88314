import { expandShorthands, mergeMappings } from '../read/merge.ts';
import type { PathPieces } from '../sides/paths.ts';
import { child, entry, type MapNode, mapping, type Scalar, without } from '../yaml/tree.ts';

/** What is said about one entity, weakest first: the workspace's `defaults`, the flow's, the flow itself, the entity, the command line. */
export interface Layers {
  readonly workspaceDefaults: MapNode | undefined;
  readonly flowDefaults: MapNode | undefined;
  readonly flow: MapNode;
  /** Undefined: the flow has no entities. */
  readonly entity: MapNode | undefined;
  readonly vars: MapNode | undefined;
}

export interface MergedLayers {
  readonly tree: MapNode;
  pieces(side: 'home' | 'store'): PathPieces;
}

export function mergeLayers(layers: Layers): MergedLayers {
  const defaults = [layers.workspaceDefaults, layers.flowDefaults].map((one) => one && expandShorthands(one, 'default'));
  const [flow, entity, vars] = [layers.flow, layers.entity, layers.vars].map((one) => one && expandShorthands(one, 'shorthand'));
  const upToFlow = together([...defaults, flow], layers.flow);
  return {
    tree: without(together([upToFlow, entity, vars], layers.flow), 'name', 'source'),
    pieces: (side) => ({
      flow: pathOf(upToFlow, side),
      own: pathOf(entity, side),
      override: pathOf(vars, side),
      plain: layers.entity === undefined,
    }),
  };
}

function together(layers: readonly (MapNode | undefined)[], at: MapNode): MapNode {
  return layers.filter((layer) => layer !== undefined).reduce((under, over) => mergeMappings(under, over), mapping(at.spot));
}

function pathOf(layer: MapNode | undefined, side: string): Scalar | undefined {
  const path = entry(child(layer, side), 'path')?.value;
  return path?.kind === 'scalar' && path.value !== null ? path : undefined;
}
