import { expandShorthands, mergeMappings } from '../read/merge.ts';
import type { PathPieces } from '../sides/paths.ts';
import { child, entry, type MapNode, mapping, type Scalar, withEntry, without } from '../yaml/tree.ts';

/** The settings of one entity in layers, the weakest first: `defaults` of the workspace, `defaults` of the flow, the flow itself, the entity, the command line. */
export interface Layers {
  readonly workspaceDefaults: MapNode | undefined;
  readonly flowDefaults: MapNode | undefined;
  readonly flow: MapNode;
  /** The layer of the entity; undefined: the flow has no entities. */
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

/** Merges one layer over a weaker one. A home reads either a table or a query. So a query of the stronger layer replaces a table of the weaker layer, and a table replaces a query. */
export function mergeLayer(under: MapNode, over: MapNode): MapNode {
  const [below, own] = [entry(under, 'home'), child(over, 'home')];
  if (below?.value.kind !== 'map' || own?.kind !== 'map') return mergeMappings(under, over);
  const written = ['table', 'query'].filter((key) => own.entries.has(key));
  const replaced = written.length === 1 ? (written[0] === 'table' ? 'query' : 'table') : null;
  if (replaced === null || !below.value.entries.has(replaced)) return mergeMappings(under, over);
  return mergeMappings(withEntry(under, 'home', { ...below, value: without(below.value, replaced) }), over);
}

function together(layers: readonly (MapNode | undefined)[], at: MapNode): MapNode {
  return layers.filter((layer) => layer !== undefined).reduce(mergeLayer, mapping(at.spot));
}

function pathOf(layer: MapNode | undefined, side: string): Scalar | undefined {
  const path = entry(child(layer, side), 'path')?.value;
  return path?.kind === 'scalar' && path.value !== null ? path : undefined;
}
