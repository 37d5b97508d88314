import { parseEnv } from 'node:util';
import { FileNotFound } from '../ports/outcome.ts';
import { NotUtf8, type WorkspaceFiles } from '../ports/workspace-files.ts';
import type { Found } from './find.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { type Problems, quoted } from './problems.ts';
import type { Spot } from './source.ts';
import { child, entry, type Mapping, only, type Tree, textOf, withEntry } from './tree.ts';
import { parseMapping } from './yaml-tree.ts';

/** A workspace as it is written: every file parsed, variables filled in, nothing checked yet. */
export interface Written {
  /** hygge.yml; undefined when it can't be parsed. */
  readonly top: Mapping | undefined;
  readonly flows: readonly WrittenFlow[];
  /** Every file read, relative to the root, sorted. */
  readonly files: readonly string[];
}

export interface WrittenFlow {
  readonly name: string;
  /** What to show when the flow as a whole is meant. */
  readonly spot: Spot;
  /** Undefined when it can't be parsed (that is a problem already). */
  readonly tree: Mapping | undefined;
  /** From files, sorted by name; inline ones are still in the tree. */
  readonly entities: readonly WrittenEntity[];
  /** There is an entities/ folder; its files may be broken or none. */
  readonly folder: Spot | undefined;
}

export interface WrittenEntity {
  readonly name: string;
  readonly spot: Spot;
  readonly tree: Mapping;
}

interface Reading {
  readonly files: WorkspaceFiles;
  readonly root: string;
  readonly env: Environment;
  readonly problems: Problems;
  readonly seen: string[];
  readonly wanted: (flow: string) => boolean;
}

/**
 * Reads hygge.yml, `.env`, and every flow in either layout. Problems are collected; only an unreadable hygge.yml leaves `top` undefined.
 * Of flows that are not `wanted` nothing is read, so nothing can be wrong with them.
 */
export async function readWorkspace(
  files: WorkspaceFiles,
  found: Found,
  environment: Environment,
  problems: Problems,
  wanted: (flow: string) => boolean = () => true,
): Promise<Written & { readonly env: Environment }> {
  const seen: string[] = [];
  const dotEnv = await readDotEnv({ files, root: found.root, env: {}, problems, seen, wanted });
  const env = { ...dotEnv, ...definedOnly(environment) };
  const reading: Reading = { files, root: found.root, env, problems, seen, wanted };
  const top = await readMapping(reading, found.file, (tree) => withoutUnwanted(tree, wanted));
  const flows = [...(await flowsInFolders(reading, textOf(top, 'flows_dir') ?? 'flows')), ...flowsInTop(top)];
  return { top, flows, files: reading.seen.sort(), env };
}

function definedOnly(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
}

async function readDotEnv(reading: Reading): Promise<Environment> {
  const text = await readText(reading, '.env', { optional: true });
  if (text === undefined) return {};
  reading.seen.push('.env');
  return parseEnv(text);
}

async function readMapping(
  reading: Reading,
  path: string,
  reduce: (tree: Mapping) => Mapping = (tree) => tree,
): Promise<Mapping | undefined> {
  reading.seen.push(path);
  const text = await readText(reading, path);
  if (text === undefined) return undefined;
  const tree = parseMapping({ name: path, text }, reading.problems);
  return tree === undefined ? undefined : asMapping(interpolate(reduce(tree), reading.env, reading.problems));
}

/** Before variables are filled in: one that only another flow needs may be unset. */
function withoutUnwanted(top: Mapping, wanted: (flow: string) => boolean): Mapping {
  const held = entry(top, 'flows');
  if (held?.value.kind !== 'map') return top;
  return withEntry(top, 'flows', { ...held, value: only(held.value, wanted) });
}

function asMapping(tree: Tree): Mapping | undefined {
  return tree.kind === 'map' ? tree : undefined;
}

async function readText(reading: Reading, path: string, { optional = false } = {}): Promise<string | undefined> {
  try {
    return await reading.files.read(join(reading.root, path));
  } catch (error) {
    if (optional && error instanceof FileNotFound) return undefined;
    const spot = { source: { name: path, text: '' }, offset: 0 };
    if (error instanceof NotUtf8) {
      reading.problems.add({ code: 'HYG-1003', what: `${path} is not UTF-8 text.`, tryThis: ['Save the file as UTF-8.'], spot });
    } else {
      reading.problems.add({
        code: 'HYG-1002',
        what: `${path} cannot be read.`,
        why: [reason(error)],
        tryThis: ['Check that it is a file and that you may read it.'],
        spot,
        cause: error,
      });
    }
    return undefined;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function listFolder(
  reading: Reading,
  path: string,
): Promise<readonly { readonly name: string; readonly directory: boolean }[] | undefined> {
  try {
    const entries = await reading.files.list(join(reading.root, path));
    return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof FileNotFound) return undefined;
    reading.problems.add({
      code: 'HYG-1002',
      what: `The folder ${path} cannot be read.`,
      why: [reason(error)],
      tryThis: ['Check that you may read it.'],
      spot: { source: { name: path, text: '' }, offset: 0 },
      cause: error,
    });
    return undefined;
  }
}

async function flowsInFolders(reading: Reading, folder: string): Promise<readonly WrittenFlow[]> {
  const folders = ((await listFolder(reading, folder)) ?? []).filter(
    ({ name, directory }) => directory && !/^[._]/.test(name) && reading.wanted(name),
  );
  const flows = await Promise.all(folders.map(({ name }) => flowInFolder(reading, `${folder}/${name}`, name)));
  return flows.filter((flow) => flow !== undefined);
}

async function flowInFolder(reading: Reading, folder: string, name: string): Promise<WrittenFlow | undefined> {
  const inside = (await listFolder(reading, folder)) ?? [];
  const file = ['flow.yml', 'flow.yaml'].find((one) => inside.some((held) => held.name === one && !held.directory));
  if (file === undefined) {
    const spot = { source: { name: folder, text: '' }, offset: 0 };
    reading.problems.warn(folder, `${quoted(folder)} holds no flow.yml, so it is no flow.`, spot);
    return undefined;
  }
  const path = `${folder}/${file}`;
  const tree = await readMapping(reading, path);
  const spot = tree?.spot ?? { source: { name: path, text: '' }, offset: 0 };
  const hasFolder = inside.some((held) => held.name === 'entities' && held.directory);
  const entities = hasFolder ? await entitiesInFolder(reading, `${folder}/entities`) : [];
  return { name, spot, tree, entities, folder: hasFolder ? { source: { name: `${folder}/entities`, text: '' }, offset: 0 } : undefined };
}

async function entitiesInFolder(reading: Reading, folder: string): Promise<readonly WrittenEntity[]> {
  const files = ((await listFolder(reading, folder)) ?? []).filter(({ name, directory }) => !directory && /^[^.].*\.ya?ml$/i.test(name));
  const entities = await Promise.all(
    files.map(async ({ name }) => {
      const tree = await readMapping(reading, `${folder}/${name}`);
      if (tree === undefined) return undefined;
      const held = entry(tree, 'name');
      return { name: textOf(tree, 'name') ?? name.replace(/\.ya?ml$/i, ''), spot: held?.value.spot ?? tree.spot, tree };
    }),
  );
  return entities.filter((one) => one !== undefined);
}

/** `flows:` in hygge.yml: the same bodies, by name. */
function flowsInTop(top: Mapping | undefined): readonly WrittenFlow[] {
  const flows = child(top, 'flows');
  if (flows?.kind !== 'map') return [];
  return [...flows.entries].flatMap(([name, { value, spot }]) =>
    value.kind === 'map' ? [{ name, spot, tree: value, entities: [], folder: undefined }] : [],
  );
}

function join(root: string, path: string): string {
  return root === '/' ? `/${path}` : `${root}/${path}`;
}
