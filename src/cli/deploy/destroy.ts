import { resolve } from 'node:path';
import type { RemovalPlan } from '../../../infra/azure/removal.ts';
import { type Command, shownCommand } from '../../../infra/commands.ts';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError, Interrupted } from '../../errors/hygge-error.ts';
import { brokenOffLines, type DestroyedTold, destroyedLines, unknownAppLines } from '../../narrate/commands/infra-lines.ts';
import { parsedJson } from '../../ports/values.ts';
import { ConfigErrors, nameByFolder } from '../../workspace/load/load.ts';
import { flowNameProblem } from '../../workspace/names.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { readWorkspace } from '../../workspace/read/read.ts';
import { readTarget } from '../../workspace/target/read.ts';
import { collectProblems } from '../../workspace/yaml/problems.ts';
import { textOf } from '../../workspace/yaml/tree.ts';
import { changedSinceRendered } from '../infra/folder.ts';
import { checkTargetName } from '../infra/init.ts';
import { deploymentIn, targetAndWorkspace } from '../infra/render.ts';
import { nameTyped } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { fail } from '../terminal/failure.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { Commands, namesIn } from './carry-out.ts';
import { progressPrinter, telling } from './deploy.ts';
import { answersGarbage, commandFailed, notConfirmed, ofTheWorld } from './errors.ts';
import { mustBeSignedIn, signInCommands } from './signed-in.ts';

export interface DestroyFlags extends CommonFlags {
  readonly target: string;
  /** The apps to destroy, which may belong to flows that no longer exist. Absent: all apps. */
  readonly app?: readonly string[] | undefined;
  readonly dryRun?: true | undefined;
  /** The name of the target, which the operator repeats as a confirmation. */
  readonly confirm?: string | undefined;
}

/** `hygge infra destroy`: removes apps, plans, identities with their rights, and alerts. Resources with data stay. A missing resource is not an error. */
export async function infraDestroy(flags: DestroyFlags, surroundings: Surroundings): Promise<number> {
  checkTargetName(flags.target);
  const { target, name, every, known } = await appsKnown(flags, surroundings);
  const apps = [...new Set(flags.app ?? every)].sort();
  for (const app of apps) mustBeName(app);
  const { removalOf } = await import('../../../infra/azure/removal.ts');
  const removal = removalOf(name, target, { apps, whole: every?.every((app) => apps.includes(app)) ?? false });
  const say = progressPrinter(flags, surroundings);
  const unknown = apps.filter((app) => !known.includes(app));
  if (unknown.length > 0 && known.length > 0) {
    const near = unknown.map((app) => didYouMean(app, known));
    say((palette) => unknownAppLines({ target: target.name, unknown, known, near }, palette), {
      event: 'unknown_apps',
      apps: unknown,
      known,
    });
  }
  if (flags.dryRun) {
    const commands = dryRun(removal, signInCommands(target, false));
    say(() => [...commands, '', ...staying(removal)], {
      event: 'dry_run',
      target: target.name,
      commands: commands.filter((line) => !line.startsWith('#')),
      stays: removal.stays,
    });
    return exit.ok;
  }
  await mustBeConfirmed(flags, surroundings, { target: target.name, apps });
  using commands = new Commands(surroundings, realClock(), telling(say));
  try {
    await mustBeSignedIn(commands, target, { directory: surroundings.directory, isDeployment: false });
    const { removed, others } = await remove(removal, commands, surroundings.directory);
    const told: DestroyedTold = { target: target.name, apps, removed, stays: removal.stays, others: flags.app === undefined ? others : [] };
    say((palette) => destroyedLines(told, palette), { event: 'destroyed', ...told });
    return exit.ok;
  } catch (error) {
    const left = ['their other resources'];
    say((palette) => brokenOffLines({ done: commands.done, left }, palette), { event: 'stopped', done: commands.done });
    if (error instanceof Interrupted && error.signal !== 'cancelled') return exit[error.signal];
    if (!(error instanceof ConfigError) || !ofTheWorld.has(error.code)) throw error;
    fail(error, surroundings, flags);
    return exit.failed;
  }
}

/**
 * The apps that may be removed. Apps that the command line names can be removed even if the workspace has errors, since only its name is
 * needed. `every`: the apps of the workspace. Undefined: the workspace does not load. `known`: the apps of the workspace and of the last
 * render.
 */
async function appsKnown(flags: DestroyFlags, surroundings: Surroundings) {
  const { inventory } = await changedSinceRendered(resolve(surroundings.directory, `out/${flags.target}`), new Map());
  const rendered = Object.keys(inventory?.apps ?? {});
  try {
    const { target, whole } = await targetAndWorkspace(flags, surroundings);
    const { apps } = await deploymentIn(whole, target);
    const every = apps.map(({ name }) => name);
    return { target, name: whole.workspace.name, every, known: [...new Set([...every, ...rendered])].sort() };
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    const found = await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
    const { root } = found;
    const target = await readTarget({ files: workspaceFiles, root, target: flags.target });
    const written = await readWorkspace(workspaceFiles, found, target.settings.variables ?? {}, collectProblems(), {
      looking: true,
      target: { ifAny: flags.target },
    });
    if (written.top === undefined) throw error;
    if (flags.app === undefined) throw naming(error, rendered, flags.target);
    const hasNoFlows = error.errors.every(({ code }) => code === 'HYG-1044');
    return { target, name: textOf(written.top, 'name') ?? nameByFolder(root), every: hasNoFlows ? [] : undefined, known: rendered };
  }
}

/** The errors of a workspace. The first error has advice on how to remove an app nevertheless. */
function naming({ errors: [first, ...others] }: ConfigErrors, apps: readonly string[], target: string): ConfigErrors {
  if (first === undefined) return new ConfigErrors(others);
  const { code, what, why, tryThis, where } = first;
  const named = apps.length === 0 ? 'NAME' : apps.join(',');
  const advice = `To remove an app nevertheless, name it: hygge infra destroy --target ${target} --app ${named}`;
  return new ConfigErrors([new ConfigError({ code, what, why, tryThis: [...tryThis, advice], where }), ...others]);
}

/** Removes the resources of apps. Rights are removed before the identity, because without the identity the rights can not be found. Returns the ids of the removed resources, and other resources of the apps. */
async function remove(removal: RemovalPlan, commands: Commands, directory: string) {
  const there = await listed(commands, removal.list, directory, /ResourceGroupNotFound/);
  const removed: string[] = [];
  const steps = removal.steps(there);
  for (const { app, identity } of removal.apps) {
    if (!steps.some(({ name, ids }) => name === 'identities' && ids.some((id) => id.endsWith(`/${identity}`)))) continue;
    const rights = await rightsOf(removal, identity, commands, directory);
    await removeAll(
      `rights of ${app}`,
      { args: ['role', 'assignment', 'delete', '--ids', ...rights], ids: rights },
      { commands, directory, removed },
    );
  }
  for (const { name, ids } of steps)
    await removeAll(name, { args: ['resource', 'delete', '--ids', ...ids], ids }, { commands, directory, removed });
  return { removed, others: removal.others(there) };
}

async function rightsOf(removal: RemovalPlan, identity: string, commands: Commands, directory: string): Promise<readonly string[]> {
  const command = removal.principal(identity);
  const { status, stdout, stderr } = await commands.run(command, directory);
  if (status !== 0 && isGone(stderr)) return [];
  if (status !== 0) throw commandFailed(command, { status, stderr });
  const principal = parsedJson(stdout);
  if (typeof principal !== 'string') throw answersGarbage(command, 'an id');
  const found: string[] = [];
  for (const one of removal.rights(principal)) found.push(...(await listed(commands, one, directory)));
  return found.filter((right) => !removal.isLocked(right));
}

async function listed(commands: Commands, command: Command, directory: string, nothing?: RegExp): Promise<readonly string[]> {
  const { status, stdout, stderr } = await commands.run(command, directory);
  if (status === 0) return namesIn(command, stdout);
  commands.mayGoOn();
  if (nothing?.test(stderr)) return [];
  throw commandFailed(command, { status, stderr });
}

interface DestroyContext {
  readonly commands: Commands;
  readonly directory: string;
  readonly removed: string[];
}

async function removeAll(
  name: string,
  { args, ids }: { readonly args: readonly string[]; readonly ids: readonly string[] },
  { commands, directory, removed }: DestroyContext,
): Promise<void> {
  if (ids.length === 0) return;
  await commands.told(name, { program: 'az', args }, directory, isGone);
  commands.done.push(name);
  removed.push(...ids);
}

/** Whether a command failed since another process has already removed the resource. */
function isGone(said: string): boolean {
  return /\b(ResourceNotFound|NotFound|was not found|could not be found|does not exist)\b/i.test(said);
}

function mustBeName(app: string): void {
  if (flowNameProblem(app) !== undefined)
    throw unreadable(`--app ${JSON.stringify(app)} is not a name of an app.`, [
      'An app has the name of its flow, or a name in `apps` of the target.',
    ]);
}

async function mustBeConfirmed(
  { confirm }: DestroyFlags,
  surroundings: Surroundings,
  { target, apps }: { readonly target: string; readonly apps: readonly string[] },
): Promise<void> {
  const question = `Remove ${apps.join(', ')}? Their data stays. Type the name of the target, ${target}, to continue: `;
  const typed = await nameTyped(confirm, question, surroundings);
  if (typed !== target) throw notConfirmed(target, typed);
}

function staying({ stays }: RemovalPlan): readonly string[] {
  return ['# What stays:', ...stays.map((one) => `#   ${one}`)];
}

/** The commands that would run if all resources existed. */
function dryRun(removal: RemovalPlan, signIn: readonly Command[]): readonly string[] {
  const az = (...args: readonly string[]) => shownCommand({ program: 'az', args });
  return [
    ...signIn.map(shownCommand),
    shownCommand(removal.list),
    '# the existing ones of these, and alerts whose names begin with those of the apps:',
    ...removal.apps.flatMap(({ identity }, nth) => {
      const saved = `principal${nth + 1}`;
      const ask = removal.principal(identity);
      const rights = removal.rights('principal').map(({ args, ...command }) => ({
        ...command,
        args: args.map((word) => (word === 'principal' ? { before: '', saved } : word)),
      }));
      const asText = { ...ask, args: ask.args.map((word) => (word === 'json' ? 'tsv' : word)), saves: saved };
      return [asText, ...rights].map(shownCommand);
    }),
    '# az role assignment delete --ids … of each listed right, except rights on resources that stay',
    ...removal.all.map(({ ids }) => az('resource', 'delete', '--ids', ...ids)),
  ];
}
