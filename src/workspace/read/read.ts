import { posix } from 'node:path';
import { FileNotFound } from '../../ports/filesystem.ts';
import { secretNameOf, vaultText } from '../../ports/secret.ts';
import type { SecretValues } from '../../ports/secrets/values.ts';
import { defined } from '../../ports/values.ts';
import { NotUtf8, type WorkspaceFiles } from '../../ports/workspace-files.ts';
import { collectProblems, keptProblems, type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, mapping, only, type Tree, textOf, withEntry, without } from '../yaml/tree.ts';
import { parseMapping } from '../yaml/yaml-tree.ts';
import { readEnvText } from './dot-env.ts';
import { duplicateFile, type FoundWorkspace } from './find.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { readManifests, type SystemTexts, typesIn, type WrittenManifests, withSignIns } from './manifests.ts';
import { askVault, type Opens, type VaultAnswers } from './secrets.ts';
import { applyTarget, chooseTarget, type Meant, type WorkspaceTarget } from './targets.ts';

/** A workspace before its check: every file is parsed, and variables are filled in. */
export interface WrittenWorkspace {
  /** hygge.yml for the target; undefined: hygge.yml can’t be parsed. */
  readonly top: MapNode | undefined;
  /** The tree of hygge.yml with unfilled variables. */
  readonly written: MapNode | undefined;
  /** The chosen target; null: the workspace has no targets. */
  readonly target: WorkspaceTarget | null;
  readonly flows: readonly WrittenFlow[];
  readonly manifests: WrittenManifests;
  /** A file of a flow or an entity, with the sign-in of the manifest that the file names. */
  signing(tree: MapNode): MapNode;
  /** Every file read, relative to the root, sorted. */
  readonly files: readonly string[];
  /** The unset variables of each connection, by its name. Only code that opens a connection needs its variables. */
  readonly unset: Unset;
  /** The origin of a variable’s value; undefined: the variable is not set. */
  originOf(variable: string): ValueOrigin | undefined;
}

export type Unset = ReadonlyMap<string, (whose: Problems) => void>;

export type ValueOrigin =
  | { readonly from: 'environment' }
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'target'; readonly target: string }
  | { readonly from: 'vault'; readonly vault: string; readonly secret: string; readonly version: string };

export interface WrittenFlow {
  readonly name: string;
  /** The place in the config to show in errors of the whole flow. */
  readonly spot: Spot;
  /** The body of the flow; undefined: the file can’t be parsed, which was reported. */
  readonly tree: MapNode | undefined;
  /** Entities from files, sorted by name. Inline entities are still in the tree. */
  readonly entities: readonly WrittenEntity[];
  /** Whether the folder entities/ exists, even if it is empty or has broken files. */
  readonly folder: Spot | undefined;
}

export interface WrittenEntity {
  readonly name: string;
  readonly spot: Spot;
  readonly tree: MapNode;
}

interface ReadContext {
  readonly files: WorkspaceFiles;
  readonly root: string;
  readonly env: Environment;
  readonly problems: Problems;
  readonly seen: string[];
  readonly wanted: (flow: string) => boolean;
  /** Whether no home or store is opened, so that a variable that only flows need may be unset. */
  readonly looking: boolean;
  readonly filling: Filling;
}

/** The values that fill in variables, in addition to the environment. */
interface Filling {
  readonly vault?: VaultAnswers | undefined;
  readonly shown?: ReadonlySet<string>;
  readonly values?: SecretValues;
}

interface ReadOptions {
  readonly wanted?: (flow: string) => boolean;
  readonly looking?: boolean;
  readonly target?: Meant;
  /** The entities whose secrets are looked up; absent: no secrets are looked up. */
  readonly opens?: Opens | undefined;
  readonly systems?: SystemTexts | undefined;
  /** Receives the secrets that are filled in. Absent: the read config never leaves the process. */
  readonly values?: SecretValues;
}

/** Reads hygge.yml, `.env`, the target's own files of both, and every flow in either layout. Problems are collected; only an unreadable hygge.yml leaves `top` undefined. Flows that are not `wanted` are not read, so their problems are not found. Throws `ConfigErrors` if the target is not clear. */
export async function readWorkspace(
  files: WorkspaceFiles,
  found: FoundWorkspace,
  environment: Environment,
  problems: Problems,
  { wanted = () => true, looking = false, target: meant, opens, systems, values }: ReadOptions = {},
): Promise<WrittenWorkspace & { readonly env: Environment }> {
  const seen: string[] = [];
  const plain: ReadContext = { files, root: found.root, env: {}, problems, seen, wanted, looking, filling: {} };
  const dotEnv = await readDotEnv(plain, '.env');
  const given: Environment = defined(environment);
  const parsed = await readMapping(plain, found.file);
  const chosen = parsed && chooseTarget(parsed, found.targets, { meant, env: { ...dotEnv, ...given }, problems });
  const ownEnv = chosen ? await readDotEnv(plain, `.env.${chosen.name}`) : {};
  const base = { ...dotEnv, ...ownEnv, ...given };
  const tree = chosen && (chosen.file === null ? chosen.tree : ((await readMapping(plain, chosen.file)) ?? null));
  const { top: whole, env, target } = applyTarget(parsed, chosen && tree && { ...chosen, tree }, { env: base, problems });
  const wantedTop = whole && withoutUnwanted(whole, wanted);
  const plainFlows = await flowsInFolders(plain, (wantedTop && flowsFolder(wantedTop, env)) ?? 'flows');
  const trees = [wantedTop, ...plainFlows.flatMap(({ tree, entities }) => [tree, ...entities.map((one) => one.tree)])];
  const manifests = await readManifests({ files, root: found.root, problems, systems }, new Set(trees.flatMap((one) => typesIn(one, env))));
  for (const { isOwn, source } of manifests.byName.values()) if (isOwn) seen.push(source.name);
  const signing = (one: MapNode) => withSignIns(one, manifests.byName, env);
  const raw = wantedTop && signing(wantedTop);
  const inFolders = plainFlows.map((flow) => ({
    ...flow,
    tree: flow.tree && signing(flow.tree),
    entities: flow.entities.map((one) => ({ ...one, tree: signing(one.tree) })),
  }));
  const shown = new Set(shownIn(raw));
  const vault = raw && (await askVault({ top: raw, flows: inFolders, env, shown }, opens));
  const reading: ReadContext = { ...plain, env, filling: { vault, shown, ...(values === undefined ? {} : { values }) } };
  const unset = new Map<string, (whose: Problems) => void>();
  const top = raw && filledTop(raw, reading, { unset, isOpened: opens !== undefined });
  const flows = [...inFolders.map((flow) => filledInFolder(flow, reading)), ...flowsInTop(top)];
  const dotEnvs = { ...(chosen && { [`.env.${chosen.name}`]: ownEnv }), '.env': dotEnv };
  return {
    ...{ top, written: whole && signing(whole), target, flows, manifests, signing, files: reading.seen.sort(), env, unset },
    originOf: (variable) => originOf(variable, { target, given, files: dotEnvs, vault }),
  };
}

/** The variables that `shown` lists. Errors of the key are reported by its check. */
export function shownIn(top: MapNode | undefined): readonly string[] {
  const held = child(top, 'shown');
  return held?.kind === 'list' ? held.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : [];
}

/** The secrets of a flow can be read only after the folder of the flows is known. */
function flowsFolder(top: MapNode, env: Environment): string | undefined {
  return textOf(
    interpolate(
      only(top, (key) => key === 'flows_dir'),
      env,
      collectProblems(),
    ),
    'flows_dir',
  );
}

interface Layers {
  readonly target: WorkspaceTarget | null;
  readonly given: Environment;
  /** The variables of each `.env` file, by the file’s name. The first file with a variable counts. */
  readonly files: Readonly<Record<string, Environment>>;
  readonly vault: VaultAnswers | undefined;
}

function originOf(name: string, { target, given, files, vault }: Layers): ValueOrigin | undefined {
  if (target?.variables.has(name)) return { from: 'target', target: target.name };
  if (Object.hasOwn(given, name)) return { from: 'environment' };
  const file = Object.keys(files).find((one) => Object.hasOwn(files[one] ?? {}, name));
  if (file !== undefined) return { from: 'file', file };
  const answer = vault?.looked.get(name);
  if (!vault?.settings || answer === undefined || !('secret' in answer)) return undefined;
  return { from: 'vault', vault: vaultText(vault.settings), secret: secretNameOf(name, vault.settings), version: answer.version };
}

/** The targets of a workspace, by name; their errors are ignored. */
export async function targetNames(files: WorkspaceFiles, found: FoundWorkspace): Promise<readonly string[]> {
  const reading = {
    files,
    root: found.root,
    env: {},
    problems: collectProblems(),
    seen: [],
    wanted: () => false,
    looking: true,
    filling: {},
  };
  const held = child(await readMapping(reading, found.file), 'targets');
  return [...new Set([...(held?.kind === 'map' ? held.entries.keys() : []), ...found.targets.keys()])].sort();
}

async function readDotEnv(reading: ReadContext, name: string): Promise<Environment> {
  const text = await readText(reading, name, { optional: true });
  if (text === undefined) return {};
  reading.seen.push(name);
  return readEnvText(name, text, reading.problems);
}

/** The tree as written, with unfilled variables. */
async function readMapping(reading: ReadContext, path: string): Promise<MapNode | undefined> {
  reading.seen.push(path);
  const text = await readText(reading, path);
  return text === undefined ? undefined : parseMapping({ name: path, text }, reading.problems);
}

function filled(tree: MapNode, { env, problems, filling }: Pick<ReadContext, 'env' | 'problems' | 'filling'>): MapNode | undefined {
  return asMapping(interpolate(tree, env, problems, filling));
}

/** The keys of hygge.yml that only flows and their runs use. */
const ofFlows = ['defaults', 'notify', 'journal', 'report'];

interface VaultConnection {
  readonly unset: Map<string, (whose: Problems) => void>;
  /** Whether the state will be opened. */
  readonly isOpened: boolean;
}

/** Unset variables of a flow stop only that flow, and unset variables of a connection stop only its users. Other unset variables stop all flows. */
function filledTop(top: MapNode, reading: ReadContext, { unset, isOpened }: VaultConnection): MapNode | undefined {
  const { env, problems, looking, filling } = reading;
  const flows = entry(top, 'flows');
  const notOpened = looking ? ofFlows : [];
  // Some commands open no home, store or state.
  const noState = looking && !isOpened ? entry(top, 'state') : undefined;
  const loose = (key: string): boolean => ['flows', 'connections', ...notOpened, ...(noState ? ['state'] : [])].includes(key);
  let rest = filled(
    only(top, (key) => !loose(key)),
    reading,
  );
  for (const key of notOpened) {
    const held = entry(top, key);
    const value = held && interpolate(held.value, env, keptProblems(problems), { isTold: false, ...filling });
    if (rest !== undefined && held !== undefined && value !== undefined) rest = withEntry(rest, key, { ...held, value });
  }
  if (rest !== undefined && noState !== undefined)
    rest = withEntry(rest, 'state', { ...noState, value: interpolate(noState.value, env, keptProblems(problems), filling) });
  const connections = entry(top, 'connections');
  if (rest !== undefined && connections !== undefined)
    rest = withEntry(rest, 'connections', { ...connections, value: filledConnections(connections.value, reading, unset) });
  if (rest === undefined || flows === undefined) return rest;
  if (flows.value.kind !== 'map') return withEntry(rest, 'flows', flows);
  const entries = [...flows.value.entries].map(
    ([name, held]) => [name, { ...held, value: filledFlow(held.value, name, reading) }] as const,
  );
  return withEntry(rest, 'flows', { ...flows, value: mapping(flows.value.spot, entries) });
}

function filledConnections(tree: Tree, { env, problems, filling }: ReadContext, unset: VaultConnection['unset']): Tree {
  if (tree.kind !== 'map') return interpolate(tree, env, problems, filling);
  const entries = [...tree.entries].map(([name, held]) => {
    const kept = keptProblems(problems);
    const value = interpolate(held.value, env, kept, filling);
    unset.set(name, kept.tell);
    return [name, { ...held, value }] as const;
  });
  return mapping(tree.spot, entries);
}

/** The body of a flow. An unset variable in an inline entity stops only that entity. */
function filledFlow(body: Tree, flow: string, { env, problems, filling }: ReadContext): Tree {
  const own = problems.of({ flow });
  const entities = entry(body, 'entities');
  if (body.kind !== 'map' || entities?.value.kind !== 'list') return interpolate(body, env, own, filling);
  const items = entities.value.items.map((item) => {
    const entity = item.kind === 'scalar' ? item.text : textOf(item, 'name');
    return interpolate(item, env, entity === undefined ? own : problems.of({ flow, entity }), filling);
  });
  const rest = interpolate(without(body, 'entities'), env, own, filling);
  return rest.kind === 'map' ? withEntry(rest, 'entities', { ...entities, value: { ...entities.value, items } }) : rest;
}

/** The flow is chosen before variables are filled in, because a variable that only another flow needs may be unset. */
function withoutUnwanted(top: MapNode, wanted: (flow: string) => boolean): MapNode {
  const held = entry(top, 'flows');
  if (held?.value.kind !== 'map') return top;
  return withEntry(top, 'flows', { ...held, value: only(held.value, wanted) });
}

function asMapping(tree: Tree): MapNode | undefined {
  return tree.kind === 'map' ? tree : undefined;
}

async function readText(reading: ReadContext, path: string, { optional = false } = {}): Promise<string | undefined> {
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
        tryThis: ['Check that the path is a file and that you may read it.'],
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
  reading: ReadContext,
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

async function flowsInFolders(reading: ReadContext, folder: string): Promise<readonly FlowInFolder[]> {
  const held = ((await listFolder(reading, folder)) ?? []).filter(({ name }) => !/^[._]/.test(name));
  for (const { name } of held.filter(({ directory }) => !directory)) {
    const flow = name.replace(/\.ya?ml$/i, '');
    if (flow !== name && reading.wanted(flow))
      await misplacedFlow(reading, `${folder}/${name}`, { flow, belongs: `${folder}/${flow}/flow.yml` });
  }
  const folders = held.filter(({ name, directory }) => directory && reading.wanted(name));
  const flows = await Promise.all(folders.map(({ name }) => flowInFolder(reading, `${folder}/${name}`, name)));
  return flows.filter((flow) => flow !== undefined);
}

/** Reports a flow in a file that hygge does not read, because the flow would silently never run. False: the file contains no flow. */
async function misplacedFlow(
  reading: ReadContext,
  path: string,
  { flow, belongs }: { readonly flow: string; readonly belongs: string },
): Promise<boolean> {
  const problems = reading.problems.of({ flow });
  const text = await readText({ ...reading, problems }, path, { optional: true });
  const key = /^(home|store)[^\S\n]*:/m.exec(text ?? '');
  if (text === undefined || key === null) return false;
  problems.add({
    code: 'HYG-1083',
    what: `${quoted(path)} contains a flow, but hygge does not read it. A flow is a folder with a flow.yml.`,
    tryThis: [`Move it: mkdir -p ${posix.dirname(belongs)} && mv ${path} ${belongs}`],
    spot: { source: { name: path, text }, offset: key.index },
  });
  return true;
}

/** At this point, no variable is filled in. */
interface FlowInFolder extends Omit<WrittenFlow, 'entities'> {
  readonly entities: readonly (WrittenEntity & { readonly problems: ReturnType<typeof keptProblems> })[];
}

function filledInFolder({ tree, entities, ...flow }: FlowInFolder, reading: ReadContext): WrittenFlow {
  return {
    ...flow,
    tree: tree && asMapping(filledFlow(tree, flow.name, reading)),
    entities: entities.flatMap((one) => {
      const tree = filled(one.tree, { ...reading, problems: one.problems });
      const entity = textOf(tree, 'name') ?? one.name;
      one.problems.tell(reading.problems.of({ flow: flow.name, entity }));
      return tree === undefined ? [] : [{ name: entity, spot: entry(tree, 'name')?.value.spot ?? tree.spot, tree }];
    }),
  };
}

async function flowInFolder(reading: ReadContext, folder: string, name: string): Promise<FlowInFolder | undefined> {
  const inside = (await listFolder({ ...reading, problems: reading.problems.of({ flow: name }) }, folder)) ?? [];
  const [file, another] = ['flow.yml', 'flow.yaml'].filter((one) => inside.some((held) => held.name === one && !held.directory));
  if (another !== undefined) {
    const spot = { source: { name: `${folder}/${another}`, text: '' }, offset: 0 };
    reading.problems.of({ flow: name }).add({ code: 'HYG-1008', ...duplicateFile(folder, 'flow'), spot });
  }
  if (file === undefined) {
    const others = inside.filter((one) => !one.directory && /^[^._].*\.ya?ml$/i.test(one.name));
    const meant = { flow: name, belongs: `${folder}/flow.yml` };
    for (const one of others) if (await misplacedFlow(reading, `${folder}/${one.name}`, meant)) return undefined;
    const spot = { source: { name: folder, text: '' }, offset: 0 };
    reading.problems.warn(folder, `${quoted(folder)} contains no flow.yml, so it is not a flow.`, spot);
    return undefined;
  }
  const path = `${folder}/${file}`;
  const tree = await readMapping({ ...reading, problems: reading.problems.of({ flow: name }) }, path);
  const spot = tree?.spot ?? { source: { name: path, text: '' }, offset: 0 };
  const hasFolder = inside.some((held) => held.name === 'entities' && held.directory);
  const entities = hasFolder ? await entitiesInFolder(reading, `${folder}/entities`, name) : [];
  return { name, spot, tree, entities, folder: hasFolder ? { source: { name: `${folder}/entities`, text: '' }, offset: 0 } : undefined };
}

async function entitiesInFolder(reading: ReadContext, folder: string, flow: string): Promise<FlowInFolder['entities']> {
  const listed = await listFolder({ ...reading, problems: reading.problems.of({ flow }) }, folder);
  const files = (listed ?? []).filter(({ name, directory }) => !directory && /^[^.].*\.ya?ml$/i.test(name));
  const entities = await Promise.all(
    files.map(async ({ name: file }) => {
      const problems = keptProblems(reading.problems);
      const tree = await readMapping({ ...reading, problems }, `${folder}/${file}`);
      const name = textOf(tree, 'name') ?? file.replace(/\.ya?ml$/i, '');
      if (tree === undefined) problems.tell(reading.problems.of({ flow, entity: name }));
      return tree && { name, spot: tree.spot, tree, problems };
    }),
  );
  return entities.filter((one) => one !== undefined);
}

/** `flows:` in hygge.yml: the same flow bodies, by name. */
function flowsInTop(top: MapNode | undefined): readonly WrittenFlow[] {
  const flows = child(top, 'flows');
  if (flows?.kind !== 'map') return [];
  return [...flows.entries].flatMap(([name, { value, spot }]) =>
    value.kind === 'map' ? [{ name, spot, tree: value, entities: [], folder: undefined }] : [],
  );
}

function join(root: string, path: string): string {
  return root === '/' ? `/${path}` : `${root}/${path}`;
}
