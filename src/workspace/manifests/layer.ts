/** The settings of a manifest for an entity, as the layer below the workspace's settings. */
import { didYouMean } from '../../errors/did-you-mean.ts';
import { asDefaults, mergeMappings } from '../read/merge.ts';
import { shapeOf } from '../schema/manifest-schema.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, isNull, type MapNode, mapping, type Tree, textAt, textOf, withEntry, without } from '../yaml/tree.ts';
import { leftOfAnotherType, type Manifest } from './manifest.ts';

interface AboutEntity {
  /** The entity’s name at the source. */
  readonly source: string;
  readonly spot: Spot;
  readonly problems: Problems;
}

/** The tree of an entity merged over the manifest. Undefined: the problem with the manifest was reported. */
export function withManifest(tree: MapNode, manifest: Manifest, about: AboutEntity): MapNode | undefined {
  const known = layerOf(manifest, about.source);
  const home = asMap(child(tree, 'home'), tree.spot);
  const { watermark, isOther } = watermarkOf(child(tree, 'watermark'), child(known, 'watermark'));
  const under = without(known, 'watermark', ...(isOther ? ['window', 'append_only'] : []));
  const merged = named(withoutNulls(mergeMappings(under, home, leftOfAnotherType), under), manifest);
  if (!isKnown(merged, manifest, about)) return undefined;
  const whole = withEntry(tree, 'home', { ...(entry(tree, 'home') ?? { spot: tree.spot, weight: 'explicit' }), value: merged });
  const held = entry(tree, 'watermark') ?? entry(known, 'watermark');
  return watermark === undefined || held === undefined
    ? without(whole, 'watermark')
    : withEntry(whole, 'watermark', { ...held, value: watermark });
}

/** The keys of a home merged over the manifest's settings for every entity. The merged keys are used to list the entities of the system. */
export function homeOnManifest(home: MapNode, { defaults, ...manifest }: Manifest): MapNode {
  const under = without(asDefaults(defaults), 'watermark');
  return named(withoutNulls(mergeMappings(under, home, leftOfAnotherType), under), { ...manifest, defaults });
}

/** The manifest’s settings for an entity, which are all defaults: keys of the home, and `watermark`. @param source the entity’s name at the source. */
export function layerOf({ defaults, entities }: Manifest, source: string): MapNode {
  const own = entities.get(source)?.tree;
  return asDefaults(own === undefined ? defaults : withoutNulls(mergeMappings(defaults, own, leftOfAnotherType), defaults));
}

/** A key with the value null removes the key of the manifest. */
function withoutNulls(merged: MapNode, under: MapNode): MapNode {
  const entries = [...merged.entries].flatMap(([key, held]) => {
    const theirs = child(under, key);
    if (theirs !== undefined && isNull(held.value)) return [];
    const isMap = held.value.kind === 'map' && theirs?.kind === 'map';
    return [[key, isMap ? { ...held, value: withoutNulls(held.value as MapNode, theirs) } : held] as const];
  });
  return mapping(merged.spot, entries);
}

/** Replaces the system's type by the connector's; messages still show the system's type. */
function named(home: MapNode, { name, connector }: Manifest): MapNode {
  const held = entry(home, 'type');
  if (held === undefined) return home;
  return withEntry(home, 'type', { ...held, value: { ...textAt(held.value.spot, connector.id), shown: name } });
}

/** @returns isOther: the workspace has another watermark than the manifest, so the manifest's window does not use it. */
function watermarkOf(own: Tree | undefined, theirs: Tree | undefined): { readonly watermark: Tree | undefined; readonly isOther: boolean } {
  if (theirs?.kind !== 'map') return { watermark: own, isOther: false };
  if (own === undefined) return { watermark: namesNewRows(theirs) === undefined ? undefined : theirs, isOther: false };
  if (own.kind !== 'map') return { watermark: isNull(own) ? undefined : own, isOther: false };
  const named = namesNewRows(own);
  if (named === undefined || named === namesNewRows(theirs)) return { watermark: mergeMappings(theirs, own), isOther: false };
  const key = entry(theirs, 'key');
  return {
    watermark: key === undefined || own.entries.has('key') ? own : withEntry(own, 'key', key),
    isOther: theirs.entries.has('column'),
  };
}

/** The identity of a watermark: the name of a column, or of a feed of changes. */
function namesNewRows(watermark: MapNode): string | undefined {
  const column = textOf(watermark, 'column');
  const changes = textOf(watermark, 'changes');
  return column === undefined ? changes && `changes ${changes}` : column;
}

function isKnown(home: MapNode, { name, system, connector, entities }: Manifest, { source, spot, problems }: AboutEntity): boolean {
  // A service that can list its entities reports an unknown name itself.
  if (connector.database !== undefined) return true;
  if (entities.has(source) || home.entries.has('endpoint') || shapeOf(connector)?.endpoint === undefined) return true;
  const near = didYouMean(source, [...entities.keys()]);
  problems.add({
    code: 'HYG-1065',
    what: `The manifest of ${system} (type ${quoted(name)}) has no entity ${quoted(source)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [
      `Its entities are ${listed(entities.keys())}.`,
      'If the entity has another name, write its name at the source in `source`.',
      'To read a list that is not in the manifest, set `home.endpoint`.',
    ],
    spot,
  });
  return false;
}

function asMap(tree: Tree | undefined, spot: Spot): MapNode {
  return tree?.kind === 'map' ? tree : mapping(spot);
}
