import { mergeMappings, spreadShorthands } from '../read/merge.ts';
import type { PathPieces } from '../sides/paths.ts';
import { child, entry, type Mapping, mapping, type Scalar, without } from '../yaml/tree.ts';

/** What is said about one entity, weakest first: the workspace's `defaults`, the flow's, the flow itself, the entity, the command line. */
export interface Layers {
  readonly workspaceDefaults: Mapping | undefined;
  readonly flowDefaults: Mapping | undefined;
  readonly flow: Mapping;
  /** Undefined: the flow has no entities. */
  readonly entity: Mapping | undefined;
  readonly vars: Mapping | undefined;
}

export interface Merged {
  readonly tree: Mapping;
  pieces(side: 'home' | 'store'): PathPieces;
}

export function mergeLayers(layers: Layers): Merged {
  const defaults = [layers.workspaceDefaults, layers.flowDefaults].map((one) => one && spreadShorthands(one, 'default'));
  const [flow, entity, vars] = [layers.flow, layers.entity, layers.vars].map((one) => one && spreadShorthands(one, 'shorthand'));
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

function together(layers: readonly (Mapping | undefined)[], at: Mapping): Mapping {
  return layers.filter((layer) => layer !== undefined).reduce((under, over) => mergeMappings(under, over), mapping(at.spot));
}

function pathOf(layer: Mapping | undefined, side: string): Scalar | undefined {
  const path = entry(child(layer, side), 'path')?.value;
  return path?.kind === 'scalar' && path.value !== null ? path : undefined;
}
