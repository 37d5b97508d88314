/** The entities in the manifest of a system, in the form that `generate entities` writes. */

import { layerOf } from '../../workspace/manifests/layer.ts';
import type { Manifest } from '../../workspace/manifests/manifest.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import { nameKey } from '../../workspace/names.ts';
import { child, type MapNode, textOf } from '../../workspace/yaml/tree.ts';
import type { FlowAsWritten } from './flow-as-written.ts';
import { asComments } from './found-tables.ts';

interface Wanted {
  /** A pattern for names of entities with `*` and `?`. Undefined: all entities. */
  readonly like: string | undefined;
}

export interface ManifestEntities {
  readonly candidates: readonly { readonly name: string; readonly path: null; readonly about: string }[];
  /** Sentences about entities that are left out. */
  readonly leftOut: readonly string[];
}

/** The entities that the flow can use without changes. Parents of requested entities are included. An entity is left out if its path needs a name that the flow does not have. */
export function manifestEntities(
  manifest: Manifest,
  flow: Pick<FlowAsWritten, 'pathParams' | 'runType'>,
  { like }: Wanted,
): ManifestEntities {
  const fits = like === undefined ? undefined : namePattern(like, 'iu');
  const wanted = [...manifest.entities.keys()].filter((name) => fits?.test(name) ?? true);
  const lacking = new Map([...manifest.entities.keys()].map((name) => [name, missingNames(layerOf(manifest, name), flow)] as const));
  const taken = new Set<string>();
  for (const name of wanted) {
    const line = [name, ...parentsOf(manifest, name)];
    if (line.every((one) => lacking.get(one)?.length === 0)) for (const one of line) taken.add(nameKey(one));
  }
  return {
    candidates: [...manifest.entities.keys()]
      .filter((name) => taken.has(nameKey(name)))
      .map((name) => ({ name, path: null, about: aboutEntity(manifest, name, flow) })),
    leftOut: wanted.filter((name) => !taken.has(nameKey(name))).map((name) => whyLeftOut(name, manifest, lacking)),
  };
}

/** The names of an entity’s parent, and of the parents of that parent. */
function parentsOf(manifest: Manifest, name: string): readonly string[] {
  const found: string[] = [];
  for (
    let at = textOf(layerOf(manifest, name), 'from');
    at !== undefined && !found.includes(at);
    at = textOf(layerOf(manifest, at), 'from')
  )
    found.push(at);
  return found;
}

/** The names in braces for which neither a parent nor `path_params` has a value. */
function missingNames(layer: MapNode, { pathParams }: Pick<FlowAsWritten, 'pathParams'>): readonly string[] {
  if (textOf(layer, 'from') !== undefined) return [];
  const params = child(layer, 'path_params');
  const known = [...pathParams, ...(params?.kind === 'map' ? params.entries.keys() : [])];
  const names = [...(textOf(layer, 'endpoint') ?? '').matchAll(/\{([^{}]+)\}/g)].map(([, one = '']) => one);
  return names.filter((one) => one !== 'entity' && !known.includes(one));
}

function whyLeftOut(name: string, manifest: Manifest, lacking: ReadonlyMap<string, readonly string[]>): string {
  const [of = name] = [name, ...parentsOf(manifest, name)].filter((one) => lacking.get(one)?.length !== 0);
  const names = lacking.get(of) ?? [];
  if (names.length === 0) return `${name} is left out: its manifest has no entity ${of}`;
  const values = names.map((one) => `${one}: …`).join(', ');
  return `${name} is left out: its path needs \`path_params: { ${values} }\` in the flow's home`;
}

function aboutEntity(manifest: Manifest, name: string, { runType }: Pick<FlowAsWritten, 'runType'>): string {
  const layer = layerOf(manifest, name);
  const summary = manifest.entities.get(name)?.summary;
  const parent = textOf(layer, 'from');
  const notSeen = child(layer, 'not_seen');
  const items = notSeen?.kind === 'list' ? notSeen.items.flatMap((one) => (one.kind === 'scalar' ? [one.text] : [])) : [];
  return asComments([
    `# ${summary ?? `${name} of ${manifest.system}`}`,
    ...(parent === undefined ? [] : [`# one request at least for each record of ${parent}`]),
    ...(items.length === 0 ? [] : [`# not seen: ${items.join(', ')}`]),
    '',
    ...howRead(child(layer, 'watermark'), runType),
    '',
  ]);
}

function howRead(watermark: ReturnType<typeof child>, runType: string | null): readonly string[] {
  const [column, feed] = [textOf(watermark, 'column'), textOf(watermark, 'changes')];
  if (column === undefined && feed === undefined)
    return [
      '# hygge can’t distinguish new rows from old ones, so each run loads everything.',
      `${runType === 'incremental' ? '' : '# '}run_type: full_drop`,
    ];
  const by = feed === undefined ? `by ${column}` : `by its list of ${feed}`;
  return [`# Only new rows, ${by}: the manifest has the watermark.`, '# run_type: incremental'];
}
