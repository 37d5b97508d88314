import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import { namesSecret } from '../../ports/secret.ts';
import { check } from '../check/check.ts';
import { targetNameProblem } from '../names.ts';
import { target as targetSchema } from '../schema/schema.ts';
import { ConfigErrors, listed, type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { child, entry, type MapNode, mapping, only, type Tree, textOf, withEntry, without } from '../yaml/tree.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { mergeMappings } from './merge.ts';

/** The chosen target of a workspace (`dev`, `prod`). A workspace without `targets` has no target. */
export interface WorkspaceTarget {
  readonly name: string;
  /** Whether people must type the target’s name before they move data to the target. */
  readonly isProtected: boolean;
  /** Whether the target sets its own state. Otherwise its state is derived from the state in hygge.yml. */
  readonly hasState: boolean;
  /** Whether the target sets its own page of `report`. */
  readonly hasReport: boolean;
  /** Names of variables that the target sets itself. */
  readonly variables: ReadonlySet<string>;
}

/** The chosen target: written below `targets`, or in a separate file. */
export type ChosenTarget = { readonly name: string } & (
  | { readonly file: null; readonly spot: Spot; readonly tree: MapNode }
  /** The path of the target’s file, relative to the root. The file is not read yet. */
  | { readonly file: string }
);

/** The name of a target. `ifAny`: the name is used only if the workspace has targets. Undefined: HYGGE_TARGET or hygge.yml names the target. */
export type Meant = string | { readonly ifAny: string } | undefined;

const chooser = 'HYGGE_TARGET';

/** The chosen target; null: the workspace has no targets. Throws `ConfigErrors` if the target is unclear, because no other key can then be checked. @param files targets with their own files, by name */
export function chooseTarget(
  top: MapNode,
  files: ReadonlyMap<string, readonly string[]>,
  { meant: asked, env, problems }: { readonly meant: Meant; readonly env: Environment; readonly problems: Problems },
): ChosenTarget | null {
  const written = writtenIn(top, problems);
  const names = [...new Set([...written.keys(), ...files.keys()])].sort();
  const standard = entry(top, 'default_target');
  if (typeof asked === 'object' && names.length === 0) return null;
  const meant = typeof asked === 'object' ? asked.ifAny : asked;
  const chosen = meant === undefined ? settingIn(env, chooser) : undefined;
  const name = meant ?? (chosen || textOf(top, 'default_target'));
  if (name === undefined) {
    if (names.length === 0) return null;
    throw whichTarget(names);
  }
  mustDiffer(names);
  const [file, another] = files.get(name) ?? [];
  const here = written.get(name);
  if (file !== undefined && another !== undefined) throw writtenTwice(name, [file, another]);
  if (file !== undefined && here !== undefined) throw writtenTwice(name, [file, 'below `targets`'], here.spot);
  if (file !== undefined) return { name, file };
  if (here !== undefined) return { name, file: null, ...here };
  if (meant !== undefined) throw noTarget(name, names, { said: [] });
  if (chosen) throw noTarget(name, names, { said: [`${chooser} of the environment is set to ${quoted(name)}.`] });
  throw noTarget(name, names, { said: [], spot: standard?.value.spot });
}

function writtenIn(top: MapNode, problems: Problems): ReadonlyMap<string, { readonly spot: Spot; readonly tree: MapNode }> {
  const written = new Map<string, { readonly spot: Spot; readonly tree: MapNode }>();
  const held = child(top, 'targets');
  for (const [name, { value, spot }] of held?.kind === 'map' ? held.entries : []) {
    checkName(name, spot, problems);
    const tree = value.kind === 'map' ? value : mapping(spot);
    if (value.kind === 'map' || (value.kind === 'scalar' && value.value === null)) written.set(name, { spot, tree });
    else throw noMap(name, value.spot);
    checkKeys(name, { spot, tree }, problems);
  }
  return written;
}

function checkName(name: string, spot: Spot, problems: Problems): void {
  const wrong = targetNameProblem(name);
  if (wrong === undefined) return;
  problems.add({
    code: 'HYG-1087',
    what: `A target can't be named ${quoted(name)}: ${wrong}.`,
    tryThis: ['Choose another name, such as `prod`.'],
    spot,
  });
}

function noMap(name: string, spot: Spot): ConfigErrors {
  return refused({
    code: 'HYG-1011',
    what: `The target ${quoted(name)} needs a map of the settings that differ.`,
    tryThis: [`Write it below \`${name}:\`, indented: \`variables\`, \`connections\`, \`state\` and so on.`],
    where: whereIs(spot),
  });
}

/** A target's known keys are checked when it is chosen; unknown keys are reported earlier. */
function checkKeys(name: string, { spot, tree }: { readonly spot: Spot; readonly tree: MapNode }, problems: Problems): void {
  const unknown = only(tree, (key) => !Object.hasOwn(targetSchema.shape, key));
  if (unknown.entries.size > 0) check(targetSchema, unknown, { ...subjectOf(name, spot), elsewhere: ofFlows }, problems);
}

const subjectOf = (name: string, spot: Spot) => ({ name: `the target ${quoted(name)}`, spot, prefix: [] });

function ofFlows(key: string): string | undefined {
  return ['home', 'store', 'flows', 'entities', 'schedule'].includes(key)
    ? `Flows are the same for every target, and override the target. Put the differences in the \`variables\` of the target (used as \`\${NAME}\` in the flow) or in its \`defaults\`.`
    : undefined;
}

/** hygge.yml for the target, and the environment with the target's own variables. The target’s variables override variables that are set on this machine, because the target’s variables select the systems to use. */
export function applyTarget(
  top: MapNode | undefined,
  chosen: (ChosenTarget & { readonly tree: MapNode }) | null | undefined,
  { env, problems }: { readonly env: Environment; readonly problems: Problems },
): { readonly top: MapNode | undefined; readonly env: Environment; readonly target: WorkspaceTarget | null } {
  const plain = top && without(top, 'targets', 'default_target');
  if (plain === undefined || !chosen) return { top: plain, env, target: null };
  const { name, tree } = chosen;
  const spot = chosen.file === null ? chosen.spot : tree.spot;
  if (chosen.file !== null) {
    checkName(name, spot, problems);
    checkKeys(name, { spot, tree }, problems);
  }
  const over = only(tree, (key) => replaceable.includes(key));
  const own = interpolate(
    only(tree, (key) => key === 'protected' || key === 'variables'),
    { ...env, [chooser]: name },
    problems,
  );
  const checked = check(targetSchema, own, subjectOf(name, spot), problems)?.value;
  const variables = checked?.variables ?? {};
  warnOfSecrets(child(tree, 'variables'), problems);
  // The upper vault replaces the lower vault, because another kind of vault has other keys.
  const under = entry(over, 'secrets') === undefined ? plain : without(plain, 'secrets');
  return {
    top: { ...mergeMappings(pageAsMap(under), pageAsMap(over), nothingOfAnotherType), spot: plain.spot },
    // In a path, HYGGE_TARGET stands for the chosen target, even if the variable is set to another target.
    env: { ...env, ...variables, [chooser]: name },
    target: {
      name,
      variables: new Set([...Object.keys(variables), chooser]),
      isProtected: checked?.protected === true,
      hasState: entry(tree, 'state') !== undefined,
      hasReport: entry(tree, 'report') !== undefined,
    },
  };
}

/** The keys that a target may set instead of hygge.yml. Flows override all of these keys. */
const replaceable = ['options', 'secrets', 'connections', 'state', 'notify', 'journal', 'report', 'defaults'];

/** A path alone counts as a map with that path, and both maps are merged by their keys. */
function pageAsMap(tree: MapNode): MapNode {
  const held = entry(tree, 'report');
  if (held?.value.kind !== 'scalar' || typeof held.value.value !== 'string') return tree;
  return withEntry(tree, 'report', { ...held, value: mapping(held.spot, [['path', held]]) });
}

/** If the two maps of a connection or state have different types, the keys of the lower map are dropped, because they have no meaning for the other type. */
function nothingOfAnotherType(under: MapNode, over: MapNode): MapNode | undefined {
  const type = textOf(over, 'type');
  return type !== undefined && type !== textOf(under, 'type') ? mapping(under.spot) : undefined;
}

function warnOfSecrets(variables: Tree | undefined, problems: Problems): void {
  for (const [name, { value, spot }] of variables?.kind === 'map' ? variables.entries : []) {
    if (!namesSecret(name) || value.kind !== 'scalar' || value.text.includes('${')) continue;
    problems.warn(
      `secret ${name}`,
      `${quoted(name)} is written out in the file. In the environment or in an .env of the target, it stays out of version control.`,
      spot,
    );
  }
}

function whichTarget(names: readonly string[]): ConfigErrors {
  return refused({
    code: 'HYG-1086',
    what: `No target is chosen. There ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`,
    why: ['The command has no `--target`, HYGGE_TARGET is not set, and hygge.yml has no `default_target`.'],
    tryThis: [`Say it: --target ${names[0]}`, `Or permanently: \`default_target: ${names[0]}\` in hygge.yml.`],
  });
}

function noTarget(
  name: string,
  names: readonly string[],
  { said, spot }: { readonly said: readonly string[]; readonly spot?: Spot | undefined },
): ConfigErrors {
  const near = didYouMean(name, names);
  const made = targetNameProblem(name) === undefined ? name : 'prod';
  return refused({
    code: 'HYG-1085',
    what:
      names.length === 0
        ? `This workspace has no targets, so there is no ${quoted(name)}.`
        : `There is no target ${quoted(name)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    why: [...said, ...(names.length === 0 ? [] : [`There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.`])],
    tryThis: [
      ...(names.length === 0 ? [] : [`Use one of them: --target ${near ?? names[0]}`]),
      `Or write hygge.${made}.yml next to hygge.yml, with the settings that differ.`,
    ],
    ...(spot === undefined ? {} : { where: whereIs(spot) }),
  });
}

/** Table names cannot contain `-`. */
function mustDiffer(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const plain = name.replaceAll('-', '');
    const other = seen.get(plain);
    if (other !== undefined)
      throw refused({
        code: 'HYG-1087',
        what: `The targets ${quoted(other)} and ${quoted(name)} differ only by \`-\`.`,
        why: ['Both targets would keep their state in tables of the same name.'],
        tryThis: ['Give one of the two targets another name.'],
      });
    seen.set(plain, name);
  }
}

function writtenTwice(name: string, [file, other]: readonly [string, string], spot?: Spot): ConfigErrors {
  return refused({
    code: 'HYG-1087',
    what: `The target ${quoted(name)} is written twice: in ${file}, and ${spot ? other : `in ${other}`}.`,
    why: ['hygge could use only one of them, and no one would see which.'],
    tryThis: [`Keep one of the two: ${file}, or ${spot ? `\`${name}\` ${other}` : other}.`],
    ...(spot === undefined ? {} : { where: whereIs(spot) }),
  });
}

function refused(...details: ConstructorParameters<typeof ConfigError>): ConfigErrors {
  return new ConfigErrors([new ConfigError(...details)]);
}
