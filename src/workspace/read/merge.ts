import type { Spot } from '../yaml/source.ts';
import { child, type Entry, entry, type MapNode, mapping, type Tree, type Weight, withEntry, without } from '../yaml/tree.ts';

/** `over` on top of `under`: maps are merged key by key, and other values are replaced. */
export function mergeTrees(under: Tree | undefined, over: Tree | undefined): Tree | undefined {
  if (under === undefined || over === undefined) return over ?? under;
  return under.kind === 'map' && over.kind === 'map' ? mergeMappings(under, over) : over;
}

/** @param replaces the part of the lower map that remains if both maps have the key; undefined: both maps are merged. */
export function mergeMappings(under: MapNode, over: MapNode, replaces: Replaces = () => undefined): MapNode {
  const entries = new Map(under.entries);
  for (const [key, held] of over.entries) {
    const before = under.entries.get(key);
    entries.set(key, before === undefined ? held : mergeEntries(before, held, replaces));
  }
  return mapping(written(over) || !written(under) ? over.spot : under.spot, entries);
}

type Replaces = (under: MapNode, over: MapNode) => MapNode | undefined;

function mergeEntries(under: Entry, over: Entry, replaces: Replaces): Entry {
  if (under.value.kind !== 'map' || over.value.kind !== 'map') return over;
  const left = replaces(under.value, over.value);
  if (left !== undefined) return { ...over, value: mergeMappings(left, over.value) };
  const front = written(over.value) || !written(under.value) ? over : under;
  return { ...front, value: mergeMappings(under.value, over.value, replaces) };
}

/** Whether the map is written in the config, instead of only made from shorthands and defaults. Messages point to a written map. */
function written(map: MapNode): boolean {
  return [...map.entries.values()].some(({ weight }) => weight === 'explicit');
}

/** The sides to which a shorthand applies. */
const spread: Readonly<Record<string, readonly ('home' | 'store')[]>> = {
  batch_size: ['home', 'store'],
  compression: ['store'],
  file_pattern: ['store'],
  parallel_workers: ['store'],
};

export function isShorthand(key: string): boolean {
  return key in spread;
}

/** One layer with its shorthands copied to `home` and `store`, where an explicit key wins. */
export function expandShorthands(layer: MapNode, weight: Extract<Weight, 'shorthand' | 'default'>): MapNode {
  let result = without(layer, ...Object.keys(spread));
  for (const [key, sides] of Object.entries(spread)) {
    const held = entry(layer, key);
    if (held === undefined) continue;
    for (const side of sides) result = putInside(result, side, key, { ...held, weight });
  }
  return weight === 'default' ? asDefaults(result) : result;
}

function putInside(layer: MapNode, side: string, key: string, held: Entry): MapNode {
  const before = child(layer, side);
  if (before !== undefined && before.kind !== 'map') return layer;
  if (before?.entries.has(key)) return layer;
  const grown = withEntry(before ?? mapping(held.spot), key, held);
  return withEntry(layer, side, { spot: entry(layer, side)?.spot ?? held.spot, value: grown, weight: before ? 'explicit' : held.weight });
}

/** Marks all keys as defaults, so that keys that are unknown to the connector are left out. */
export function asDefaults(map: MapNode): MapNode {
  return mapping(
    map.spot,
    [...map.entries].map(([key, held]) => {
      const value = held.value.kind === 'map' ? asDefaults(held.value) : held.value;
      return [key, { ...held, value, weight: 'default' }] as const;
    }),
  );
}

/** Nested maps along `path` with `value` at the end; every key has the same place in the file. */
export function nested(path: readonly string[], value: Tree, spot: Spot): MapNode {
  const inner = path.reduceRight<Tree>((held, key) => mapping(spot, [[key, { spot, value: held, weight: 'explicit' }]]), value);
  return inner.kind === 'map' ? inner : mapping(spot);
}
