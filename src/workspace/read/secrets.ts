import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { isSecretPlace, type SecretLookup, secretNameOf, type Vault, type VaultSettings } from '../../ports/secret.ts';
import type { EntityKey } from '../../ports/values.ts';
import { check } from '../check/check.ts';
import { hyggeFile } from '../schema/schema.ts';
import { collectProblems } from '../yaml/problems.ts';
import { child, entry, type MapNode, only, type Tree, textOf, without } from '../yaml/tree.ts';
import { type Environment, interpolate } from './interpolate.ts';

/** The entities and the state that a command opens, so that it needs their secrets. */
export interface Opens {
  /** The entities whose secrets are looked up, in addition to the secrets of the state. Null: only secrets of the state are looked up. */
  readonly entities: ((flows: readonly NamedFlow[]) => readonly EntityKey[]) | null;
  /** More texts that may name a connection. */
  readonly mentions?: readonly string[];
  readonly vault: (settings: VaultSettings) => Vault;
}

export interface NamedFlow {
  readonly name: string;
  readonly entities: readonly EntityKey[];
}

/** A flow as it is written, before variables are filled in. */
export interface RawFlow {
  readonly name: string;
  readonly tree: MapNode | undefined;
  readonly entities: readonly { readonly name: string; readonly tree: MapNode }[];
}

/** The vault of a workspace, and its answers. */
export interface VaultAnswers {
  /** The vault. Null: `secrets` has an error. The error is reported, and missing names are not reported in addition. */
  readonly settings: VaultSettings | null;
  /** The vault’s answers by variable, only for variables that a command needs. */
  readonly looked: ReadonlyMap<string, SecretLookup>;
  /** Variables that share a secret with another variable. */
  readonly same: ReadonlyMap<string, string>;
  /** Variables in a value that is always shown, with the key of the value. */
  readonly shown: ReadonlyMap<string, string>;
}

export interface WrittenConfig {
  readonly top: MapNode;
  readonly flows: readonly RawFlow[];
  readonly env: Environment;
  /** The names of variables in `shown`. */
  readonly shown: ReadonlySet<string>;
}

/** Reads the secrets from the vault; undefined: hygge.yml names no vault. @param opens absent: the command needs no secret. Throws the errors of the vault. */
export async function askVault(written: WrittenConfig, opens: Opens | undefined): Promise<VaultAnswers | undefined> {
  const held = entry(written.top, 'secrets');
  if (held === undefined || (held.value.kind === 'scalar' && held.value.value === null)) return undefined;
  const settings = settingsIn(written);
  const all = namesIn(written);
  const shown = new Map(
    all.flatMap(({ name, path }) => (isSecretPlace(path, name, written.shown) ? [] : [[name, path.at(-1) ?? ''] as const])),
  );
  const nothing = { settings, looked: new Map<string, SecretLookup>(), same: new Map<string, string>(), shown };
  if (settings === null || opens === undefined) return nothing;
  const wanted = needed(written, opens).filter(({ name }) => !shown.has(name));
  const byName = new Map<string, string[]>();
  for (const name of new Set(wanted.map((one) => one.name))) {
    const there = secretNameOf(name, settings);
    // Key Vault ignores the case of names.
    const key = settings.key_vault === undefined ? there : there.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), name]);
  }
  const same = new Map(
    [...byName.values()].flatMap((names) => names.map((name) => [name, names.find((other) => other !== name)] as const)),
  );
  const alone = [...byName.values()].flatMap((names) => (names.length === 1 ? names : []));
  if (alone.length === 0) return { ...nothing, same: definedOnly(same) };
  const vault = opens.vault(settings);
  // The first request is sent alone and tests the sign-in. So if the vault rejects the sign-in, it gets only one request.
  const [first = '', ...rest] = alone;
  const look = async (name: string) => [name, await vault.lookUp(secretNameOf(name, settings))] as const;
  const looked = [await look(first), ...(await mapConcurrent(rest, look))];
  return { ...nothing, looked: new Map(looked), same: definedOnly(same) };
}

function definedOnly(map: ReadonlyMap<string, string | undefined>): ReadonlyMap<string, string> {
  return new Map([...map].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

/** The settings of the vault; null: `secrets` has errors, which the check of hygge.yml reports. */
function settingsIn({ top, env }: WrittenConfig): VaultSettings | null {
  const problems = collectProblems();
  const tree = interpolate(
    only(top, (key) => key === 'secrets'),
    env,
    problems,
  );
  const checked = check(hyggeFile, tree, { name: 'hygge.yml', spot: top.spot, prefix: [] }, problems)?.value;
  return problems.count > 0 ? null : (checked?.secrets ?? null);
}

/** A use of a variable, `${NAME}`, that has no default and is not set on this machine. */
interface MissingVariable {
  readonly name: string;
  /** The keys to this value, from the top of its file or of its connection. Items of a list count as values of the list’s key. */
  readonly path: readonly string[];
}

function namesIn({ top, flows, env }: WrittenConfig): readonly MissingVariable[] {
  const trees = [without(top, 'secrets'), ...flows.flatMap(treesOf)];
  return trees.flatMap((tree) => missingIn(tree, env));
}

function treesOf({ tree, entities }: RawFlow): readonly MapNode[] {
  return [...(tree === undefined ? [] : [tree]), ...entities.map((one) => one.tree)];
}

/** The wanted flows, the parts of hygge.yml that every run uses, and all connections that they name. */
function needed({ top, flows, env }: WrittenConfig, { entities, mentions = [] }: Opens): readonly MissingVariable[] {
  const chosen = chosenOf(entities, flowsNamed(top, flows), [...flows, ...flowsOfTop(top)].some(isFinding));
  const isChosen = (flow: RawFlow, entity: string) =>
    chosen.some((one) => one.flow === flow.name && (one.entity === entity || isFinding(flow)));
  const own = [...flows, ...flowsOfTop(top)]
    .filter(({ name }) => chosen.some((one) => one.flow === name))
    .flatMap((flow) => [
      ...(flow.tree === undefined ? [] : [without(flow.tree, 'entities')]),
      ...inline(flow).flatMap(({ name, tree }) => (isChosen(flow, name) && tree !== undefined ? [tree] : [])),
      ...flow.entities.flatMap(({ name, tree }) => (isChosen(flow, name) ? [tree] : [])),
    ]);
  const around = ['state', 'options', ...(entities === null ? [] : ['defaults', 'notify', 'journal', 'report'])];
  const trees = [...own, only(top, (key) => around.includes(key))];
  const named = new Set(trees.flatMap((tree) => connectionsIn(tree, env)));
  const connections = child(top, 'connections');
  const used = [...(connections?.kind === 'map' ? connections.entries : [])].flatMap(([name, { value }]) =>
    named.has(name) || mentions.some((one) => one.includes(name)) ? [value] : [],
  );
  return [...trees, ...used].flatMap((tree) => missingIn(tree, env));
}

/** Entities that hygge will find have no names yet. So a request by name gets the secrets of all entities. */
function chosenOf(entities: Opens['entities'], named: readonly NamedFlow[], areFound: boolean): readonly EntityKey[] {
  const all = () => named.flatMap((flow) => flow.entities);
  try {
    const chosen = entities?.(named) ?? [];
    return entities !== null && areFound && chosen.length === 0 ? all() : chosen;
  } catch (error) {
    if (areFound) return all();
    throw error;
  }
}

/** Whether the flow finds its entities at its home. */
function isFinding({ tree }: RawFlow): boolean {
  const written = child(tree, 'entities');
  return written !== undefined && written.kind !== 'list';
}

function flowsNamed(top: MapNode, flows: readonly RawFlow[]): readonly NamedFlow[] {
  return [...flows, ...flowsOfTop(top)].map((flow) => {
    const names = [...inline(flow), ...flow.entities].map(({ name }) => name);
    return { name: flow.name, entities: (names.length === 0 ? [flow.name] : names).map((entity) => ({ flow: flow.name, entity })) };
  });
}

function flowsOfTop(top: MapNode): readonly RawFlow[] {
  const held = child(top, 'flows');
  if (held?.kind !== 'map') return [];
  return [...held.entries].map(([name, { value }]) => ({ name, tree: value.kind === 'map' ? value : undefined, entities: [] }));
}

/** Entities that are written in their flow. */
function inline({ tree }: RawFlow): readonly { readonly name: string; readonly tree: Tree | undefined }[] {
  const list = child(tree, 'entities');
  return (list?.kind === 'list' ? list.items : []).flatMap((item) => {
    const name = item.kind === 'scalar' ? item.text : textOf(item, 'name');
    return name === undefined ? [] : [{ name, tree: item.kind === 'map' ? item : undefined }];
  });
}

function connectionsIn(tree: Tree, env: Environment): readonly string[] {
  const filled = interpolate(tree, env, collectProblems());
  return scalarsIn(filled).flatMap(({ path, text }) => (path.at(-1) === 'connection' ? [text] : []));
}

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\}/g;

function missingIn(tree: Tree, env: Environment): readonly MissingVariable[] {
  return scalarsIn(tree).flatMap(({ path, text }) =>
    [...text.matchAll(reference)].flatMap(([, name, fallback]) =>
      name === undefined || fallback !== undefined || (Object.hasOwn(env, name) && env[name] !== undefined) ? [] : [{ name, path }],
    ),
  );
}

function scalarsIn(tree: Tree, path: readonly string[] = []): readonly { readonly path: readonly string[]; readonly text: string }[] {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' ? [{ path, text: tree.value }] : [];
    case 'list':
      return tree.items.flatMap((item) => scalarsIn(item, path));
    case 'map':
      return [...tree.entries].flatMap(([name, { value }]) => scalarsIn(value, [...path, name]));
  }
}
