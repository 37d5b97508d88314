import type { Spot } from './source.ts';

/** YAML with the place of every part. Trees never change; merging makes new ones that keep the places. */
export type Tree = Scalar | List | MapNode;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text of the value as it was written, without quotes: `007`, `1.50`, `2024-01-01`. */
  readonly text: string;
  /** The text for messages, with unfilled variables. */
  readonly shown: string;
  /** Whether the value contains a value from the environment. */
  readonly fromVariable: boolean;
  /** Whether its variables hold a secret; absent: the name of its key decides. */
  readonly isSecret?: boolean;
  /** Set if a variable in the value is not set, which is reported. The text is then the name of the variable, and is not checked as a value. */
  readonly isUnset?: true;
  readonly spot: Spot;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly spot: Spot;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly spot: Spot;
}

/**
 * `explicit`: the config sets this key for this side. `shorthand`: it was copied to home and store from one key. `default`: it comes from `defaults`,
 * and may be left out if the connector does not know it.
 */
export type Weight = 'explicit' | 'shorthand' | 'default';

export interface Entry {
  /** The place of the key. */
  readonly spot: Spot;
  readonly value: Tree;
  readonly weight: Weight;
}

export function entry(map: Tree | undefined, key: string): Entry | undefined {
  return map?.kind === 'map' ? map.entries.get(key) : undefined;
}

export function child(map: Tree | undefined, key: string): Tree | undefined {
  return entry(map, key)?.value;
}

/** The text of a scalar under `key`; undefined: the key is missing, or its value is null or not a scalar. */
export function textOf(map: Tree | undefined, key: string): string | undefined {
  const value = child(map, key);
  return value?.kind === 'scalar' && value.value !== null ? value.text : undefined;
}

export function isNull(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === null;
}

export function mapping(spot: Spot, entries: Iterable<readonly [string, Entry]> = []): MapNode {
  return { kind: 'map', spot, entries: new Map(entries) };
}

export function textAt(spot: Spot, text: string): Scalar {
  return { kind: 'scalar', value: text, text, shown: text, fromVariable: false, spot };
}

export function withEntry(map: MapNode, key: string, added: Entry): MapNode {
  return mapping(map.spot, [...map.entries, [key, added]]);
}

export function without(map: MapNode, ...keys: readonly string[]): MapNode {
  return mapping(
    map.spot,
    [...map.entries].filter(([key]) => !keys.includes(key)),
  );
}

export function only(map: MapNode, keep: (key: string) => boolean): MapNode {
  return mapping(
    map.spot,
    [...map.entries].filter(([key]) => keep(key)),
  );
}

/** The same tree with every scalar replaced by the result of `change`. `path` has the keys and positions from the top. */
export function mapScalars(tree: Tree, change: (scalar: Scalar, path: readonly string[]) => Tree, path: readonly string[] = []): Tree {
  switch (tree.kind) {
    case 'scalar':
      return change(tree, path);
    case 'list':
      return { ...tree, items: tree.items.map((item, index) => mapScalars(item, change, [...path, String(index)])) };
    case 'map':
      return mapping(
        tree.spot,
        [...tree.entries].map(([key, held]) => [key, { ...held, value: mapScalars(held.value, change, [...path, key]) }] as const),
      );
  }
}

/** The value at a path, with its entry if the last step is a key. */
export function lookUp(tree: Tree, path: readonly PropertyKey[]): { readonly tree: Tree; readonly entry?: Entry } | undefined {
  let here: { readonly tree: Tree; readonly entry?: Entry } = { tree };
  for (const step of path) {
    if (here.tree.kind === 'map') {
      const held: Entry | undefined = here.tree.entries.get(String(step));
      if (held === undefined) return undefined;
      here = { tree: held.value, entry: held };
    } else if (here.tree.kind === 'list') {
      const item: Tree | undefined = here.tree.items[Number(step)];
      if (item === undefined) return undefined;
      here = { tree: item };
    } else {
      return undefined;
    }
  }
  return here;
}

/** A copy of the tree with a new value at `path`; undefined removes the value. */
export function replaceAt(tree: Tree, path: readonly PropertyKey[], replacement: Tree | undefined): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return replacement ?? tree;
  if (tree.kind === 'list') {
    return { ...tree, items: tree.items.map((item, index) => (index === Number(step) ? replaceAt(item, rest, replacement) : item)) };
  }
  if (tree.kind === 'scalar') return tree;
  const held = tree.entries.get(String(step));
  if (held === undefined) return tree;
  if (rest.length === 0 && replacement === undefined) return without(tree, String(step));
  return withEntry(tree, String(step), { ...held, value: replaceAt(held.value, rest, replacement) });
}
