/** Manifests: files that describe the API of a system, so that a home or a connection can name the system as its `type`. */
import { posix } from 'node:path';
import { FileNotFound } from '../../ports/filesystem.ts';
import { NotUtf8, type WorkspaceFiles } from '../../ports/workspace-files.ts';
import { signInKeys } from '../schema/manifest-schema.ts';
import { collectProblems, keptProblems, type Problems } from '../yaml/problems.ts';
import type { SourceText } from '../yaml/source.ts';
import { child, type Entry, entry, type MapNode, mapScalars, type Tree, textOf, withEntry } from '../yaml/tree.ts';
import { parseMapping } from '../yaml/yaml-tree.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { mergeMappings } from './merge.ts';

/** The manifests that come with hygge. */
export interface SystemTexts {
  /** Manifests by name, which is the value of a `type:`. */
  names(): readonly string[];
  text(name: string): Promise<string>;
}

/** The folder of a workspace for manifests of its own. */
export const manifestFolder = 'apis';

export interface WrittenManifest {
  readonly name: string;
  readonly source: SourceText;
  /** Whether the manifest comes from the workspace, so that its text is not trusted. */
  readonly isOwn: boolean;
  /** Undefined: the file can't be parsed. */
  readonly tree: MapNode | undefined;
  /** Reports why the file can't be parsed. */
  tell(problems: Problems): void;
}

export interface WrittenManifests {
  /** Names of all manifests, including manifests that were not read. */
  readonly names: readonly string[];
  /** Manifests that the workspace names as a type. A manifest of the workspace replaces a manifest of hygge with the same name. */
  readonly byName: ReadonlyMap<string, WrittenManifest>;
}

interface ManifestsRequest {
  readonly files: WorkspaceFiles;
  /** The absolute folder of hygge.yml. */
  readonly root: string;
  readonly problems: Problems;
  /** The manifests that come with hygge; absent: hygge comes without manifests. */
  readonly systems?: SystemTexts | undefined;
}

/** @param types all values of keys `type`. Only manifests with one of these names are read. */
export async function readManifests(request: ManifestsRequest, types: ReadonlySet<string> | 'all'): Promise<WrittenManifests> {
  const { files, root, problems, systems } = request;
  const own = new Map((await namesIn(files, posix.join(root, manifestFolder))).flatMap((file) => ownName(file) ?? []));
  const names = [...new Set([...(systems?.names() ?? []), ...own.keys()])];
  const byName = new Map<string, WrittenManifest>();
  for (const name of names.filter((one) => types === 'all' || types.has(one))) {
    const file = own.get(name);
    if (file !== undefined) {
      const manifest = await ownManifest(request, { name, path: `${manifestFolder}/${file}` });
      if (systems?.names().includes(name)) tellReplaced(manifest, problems);
      byName.set(name, manifest);
    } else byName.set(name, builtInManifest({ name, text: (await systems?.text(name)) ?? '' }, problems));
  }
  return { names, byName };
}

function tellReplaced({ name, source }: WrittenManifest, problems: Problems): void {
  const says = `replaces the \`${name}\` that comes with hygge, and can use its variables (${variablePrefix(name)}…)`;
  problems.warn(`manifest ${name}`, `${source.name} ${says}. Under another name, both can be used.`, { source, offset: 0 });
}

function ownName(file: string): readonly (readonly [string, string])[] | undefined {
  const [, name] = /^([a-z][a-z0-9_]*)\.ya?ml$/.exec(file) ?? [];
  return name === undefined ? undefined : [[name, file]];
}

export function builtInManifest({ name, text }: { readonly name: string; readonly text: string }, problems: Problems): WrittenManifest {
  return parsed({ name, isOwn: false, source: { name: `hygge's ${name}.yml`, text } }, problems);
}

async function namesIn(files: WorkspaceFiles, folder: string): Promise<readonly string[]> {
  try {
    return (await files.list(folder)).flatMap(({ name, directory }) => (directory ? [] : [name])).sort();
  } catch (error) {
    if (error instanceof FileNotFound) return [];
    throw error;
  }
}

async function ownManifest(
  { files, root, problems }: ManifestsRequest,
  { name, path }: { readonly name: string; readonly path: string },
): Promise<WrittenManifest> {
  try {
    return parsed({ name, isOwn: true, source: { name: path, text: await files.read(posix.join(root, path)) } }, problems);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return parsed({ name, isOwn: true, source: { name: path, text: '\0' } }, problems);
  }
}

function parsed(manifest: Pick<WrittenManifest, 'name' | 'source' | 'isOwn'>, around: Problems): WrittenManifest {
  const problems = keptProblems(around);
  return { ...manifest, tree: parseMapping(manifest.source, problems), tell: problems.tell };
}

/** The prefix of variables in a manifest of the workspace. */
export function variablePrefix(name: string): string {
  return `${name.toUpperCase()}_`;
}

/** A variable that the sign-in of the manifest must not use, because the variable belongs to another system; undefined: all variables are allowed. */
export function foreignVariable({ name, isOwn }: Pick<WrittenManifest, 'name' | 'isOwn'>, written: unknown): string | undefined {
  if (!isOwn || typeof written !== 'string') return undefined;
  return variablesIn(written).find((one) => !one.startsWith(variablePrefix(name)));
}

export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<!\$)\$\{([^}:]*)/g)].map(([, name = '']) => name);
}

/** Adds base URL and sign-in of the manifest to each connection or home that has the manifest as its type. So variables of the manifest are filled in and looked up in a vault like other variables. Written keys win. */
export function withSignIns(tree: MapNode, manifests: WrittenManifests['byName'], env: Environment): MapNode {
  const inside = (held: Tree, above: string, key: string): Tree => {
    if (held.kind === 'list') return { ...held, items: held.items.map((item) => inside(item, key, '')) };
    if (held.kind !== 'map') return held;
    const entries = [...held.entries].map(([name, one]) => [name, { ...one, value: inside(one.value, key, name) }] as const);
    const filled = { ...held, entries: new Map(entries) };
    return key === 'home' || above === 'connections' ? withSignIn(filled, manifests, env) : filled;
  };
  return manifests.size === 0 ? tree : (inside(tree, '', '') as MapNode);
}

function withSignIn(map: MapNode, manifests: WrittenManifests['byName'], env: Environment): MapNode {
  const type = child(map, 'type');
  if (type === undefined || entry(map, 'connection') !== undefined) return map;
  const filled = interpolate(type, env, collectProblems());
  const manifest = filled.kind === 'scalar' ? manifests.get(filled.text) : undefined;
  if (manifest === undefined) return map;
  return signInKeys.reduce((whole, key) => {
    const theirs = entry(manifest.tree, key);
    return theirs === undefined || hasForeignVariable(manifest, theirs.value)
      ? whole
      : withEntry(whole, key, beneath(theirs, entry(whole, key)));
  }, map);
}

function hasForeignVariable(manifest: WrittenManifest, tree: Tree): boolean {
  let isForeign = false;
  mapScalars(tree, (scalar) => {
    isForeign ||= foreignVariable(manifest, scalar.value) !== undefined;
    return scalar;
  });
  return isForeign;
}

/** @param own the written sign-in, if any. If `own` is another kind of sign-in, the manifest’s keys are not used. */
function beneath(theirs: Entry, own: Entry | undefined): Entry {
  if (own === undefined) return { ...theirs, weight: 'default' };
  if (theirs.value.kind !== 'map' || own.value.kind !== 'map') return own;
  const type = textOf(own.value, 'type');
  return type !== undefined && type !== textOf(theirs.value, 'type') ? own : { ...own, value: mergeMappings(theirs.value, own.value) };
}

/** The values of all keys `type`, with variables filled in. */
export function typesIn(tree: Tree | undefined, env: Environment): readonly string[] {
  if (tree?.kind === 'list') return tree.items.flatMap((item) => typesIn(item, env));
  if (tree?.kind !== 'map') return [];
  return [...tree.entries].flatMap(([key, { value }]) => {
    const filled = key === 'type' ? interpolate(value, env, collectProblems()) : value;
    return filled.kind === 'scalar' ? (key === 'type' ? [filled.text] : []) : typesIn(value, env);
  });
}
