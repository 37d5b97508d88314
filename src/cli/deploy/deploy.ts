import { join, relative } from 'node:path';
import { type Step, shownCommand, shownStep } from '../../../infra/commands.ts';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError, Interrupted } from '../../errors/hygge-error.ts';
import {
  brokenOffLines,
  byHandLines,
  changeLines,
  type DeployedTold,
  deployedLines,
  type OtherApp,
  otherAppLines,
  stepBegan,
  stepEnded,
  stoppingLine,
} from '../../narrate/commands/infra-lines.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import type { Clock } from '../../ports/clock.ts';
import { parsedJson } from '../../ports/values.ts';
import { encodeVersion } from '../../workspace/versions/content.ts';
import { gatherVersion } from '../../workspace/versions/gather.ts';
import { asOut, mustBeOutsideOfFlows, templatesFolder, writeFolder } from '../infra/folder.ts';
import { checkTargetName } from '../infra/init.ts';
import { plannedTold } from '../infra/plan.ts';
import { awsOf, azureOf, deploymentIn, targetAndWorkspace } from '../infra/render.ts';
import { select } from '../select/selection.ts';
import { askToConfirm } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { fail } from '../terminal/failure.ts';
import { narrationStream, paletteFor } from '../terminal/output.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { type AppChecked, askApp, debugAddress, keyCommand } from './ask-app.ts';
import { Commands, located, nameOf, type Places, type ProgressLines } from './carry-out.ts';
import { ofTheWorld } from './errors.ts';
import { mustBeSignedIn, signInCommands } from './signed-in.ts';

export interface DeployFlags extends CommonFlags {
  readonly target: string;
  readonly flow?: readonly string[] | undefined;
  /** The folder for the rendered templates. Absent: `out/<target>`. */
  readonly out?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly yes?: true | undefined;
}

/** `hygge deploy`: creates the resources that the target lacks, and lets each app check itself. Each step may be repeated, so after an interruption, the deployment is started again from the beginning. */
export async function deploy(flags: DeployFlags, surroundings: Surroundings, clock: Clock = realClock()): Promise<number> {
  const deployment = await deploymentFor(flags, surroundings);
  if (flags.dryRun) {
    dryRun(deployment, flags, surroundings);
    return exit.ok;
  }
  const { target, planned, sites } = deployment;
  const say = progressPrinter(flags, surroundings);
  say((palette) => changeLines(planned, palette), { event: 'plan', ...planned });
  const command = `hygge deploy --target ${target.name}`;
  const { resource_group: group, subscription } = target.settings;
  const question = `Deploy ${sites.map(({ app }) => app).join(', ')} to ${group} in ${subscription}? [y/N] `;
  if (!(await askToConfirm(flags, surroundings, { question, name: 'deploy', command }))) return exit.ok;
  using commands = new Commands(surroundings, clock, telling(say));
  try {
    await mustBeSignedIn(commands, target, { directory: surroundings.directory });
    await render(deployment, 'begun');
    const apps = await carriedOut(deployment, { commands, clock, surroundings, say });
    const told: DeployedTold = { target: target.name, apps };
    say((palette) => deployedLines(told, palette), { event: 'deployed', ...told });
    return exit.ok;
  } catch (error) {
    const left = [...deployment.steps.map(nameOf), ...sites.map(({ app }) => `check ${app}`)].filter(
      (name) => !commands.done.includes(name),
    );
    const broken = { done: commands.done, left };
    if (error instanceof Interrupted && error.signal !== 'cancelled') {
      say((palette) => ['Stopped.', ...brokenOffLines(broken, palette)], { event: 'stopped', ...broken });
      return exit[error.signal];
    }
    say((palette) => brokenOffLines(broken, palette), { event: 'stopped', ...broken });
    if (!(error instanceof ConfigError) || !ofTheWorld.has(error.code)) throw error;
    fail(error, surroundings, flags);
    return exit.failed;
  }
}

type DeploymentFacts = Awaited<ReturnType<typeof deploymentFor>>;

/** The facts for a deployment that follow from the workspace. Sends no request and writes no file. */
async function deploymentFor(flags: DeployFlags, surroundings: Surroundings) {
  checkTargetName(flags.target);
  const { target, whole } = await targetAndWorkspace(flags, surroundings);
  const flows = new Set(select(whole.workspace.flows, { flow: flags.flow }).map(({ flow }) => flow));
  const deployment = await deploymentIn(whole, target);
  const azure = await azureOf(deployment);
  const aws = target.settings.aws === undefined ? undefined : await awsOf(deployment);
  const out = templatesFolder(flags.out ?? `out/${target.name}`, flags, surroundings);
  mustBeOutsideOfFlows(out, whole.workspace, target.name);
  const sites = azure.sites.filter((one) => one.flows.some((flow) => flows.has(flow)));
  const isWanted = ({ app }: Step): boolean => app === null || sites.some((one) => one.app === app);
  const [before, after] = [azure.steps.findIndex(({ kind }) => kind === 'config'), aws?.steps ?? []];
  const steps = [...azure.steps.slice(0, before), ...after, ...azure.steps.slice(before)].filter(isWanted);
  const { root } = whole.workspace;
  const isInside = !relative(root, out).startsWith('..');
  const places: Places = { azure: out, aws: `${out}-aws`, inWorkspace: isInside ? [] : ['-C', relative(out, root)] };
  const { told: planned, before: inventory } = await plannedTold({ target, rendered: azure, aws, out, flags, surroundings });
  const { removalOf } = await import('../../../infra/azure/removal.ts');
  const removal = removalOf(whole.workspace.name, target, { apps: deployment.apps.map(({ name }) => name), whole: true });
  const config = encodeVersion(await gatherVersion(whole.workspace, workspaceFiles), whole.workspace.target?.name ?? null).id;
  return {
    target,
    inventory,
    azure,
    aws,
    sites,
    steps,
    places,
    planned,
    removal,
    config,
    workspace: whole.workspace.name,
    asOut: (path: string) => asOut(path, flags, surroundings),
    shown: (path: string) => relative(surroundings.directory, path) || '.',
  };
}

/**
 * Throws HYG-1117 if a person edited a file, before a file is written. The record of the previous render stays until the new apps are deployed. So a
 * repeated deployment shows the same changes again.
 */
async function render(
  { workspace, target, azure, aws, places, shown, asOut, inventory }: DeploymentFacts,
  state: 'begun' | 'deployed',
): Promise<void> {
  const about = { workspace, target: target.name, force: false };
  const named = (path: string) => ({ shown: shown(path), asOut: asOut(path) });
  const remembered = state === 'begun' ? inventory : azure.inventory;
  await writeFolder(places.azure, azure.files, { ...about, cloud: 'azure', ...named(places.azure), inventory: remembered });
  if (aws !== undefined) await writeFolder(places.aws, aws.files, { ...about, cloud: 'aws', ...named(places.aws), inventory: undefined });
}

interface DeployContext {
  readonly commands: Commands;
  readonly clock: Clock;
  readonly surroundings: Surroundings;
  readonly say: Say;
}

async function carriedOut(deployment: DeploymentFacts, carrying: DeployContext): Promise<DeployedTold['apps']> {
  const { target, steps, sites, places, azure } = deployment;
  const { commands, say } = carrying;
  for (const step of steps) {
    await commands.carryOut(step, places);
    if (step.kind !== 'apps') continue;
    await render(deployment, 'deployed');
    const files = azure.byHand.map((file) => deployment.shown(join(places.azure, file)));
    if (files.length > 0) say((palette) => byHandLines(files, palette), { event: 'by_hand', files });
  }
  const apps: DeployedTold['apps'][number][] = [];
  for (const one of sites) {
    const checked = await check(one, deployment, carrying);
    apps.push({ app: one.app, site: one.site, ...checked });
    commands.done.push(`check ${one.app}`);
  }
  const gone = await leftOver(deployment, commands);
  if (gone.length > 0)
    say((palette) => otherAppLines(gone, target.name, palette), {
      event: 'gone',
      apps: gone.flatMap(({ app }) => app ?? []),
      sites: gone.map(({ site }) => site),
    });
  return apps;
}

/** The apps of deleted flows, which continue to run. If the rendered folder was committed, it no longer lists these apps. So the cloud is asked which apps exist. */
async function leftOver({ removal, places }: DeploymentFacts, commands: Commands): Promise<readonly OtherApp[]> {
  const { status, stdout } = await commands.run(removal.list, places.azure);
  const there = status === 0 ? parsedJson(stdout) : undefined;
  return Array.isArray(there) ? removal.others(there.map(String)) : [];
}

/** Lets each app check itself under its own identity. */
async function check(
  { app, site, flows }: DeploymentFacts['sites'][number],
  { target, config, places }: DeploymentFacts,
  { commands, clock, surroundings, say }: DeployContext,
): Promise<AppChecked> {
  const { subscription, resource_group: group } = target.settings;
  const name = `check ${app}`;
  const startedMs = clock.monotonicMs();
  const shown = `POST ${debugAddress(site)}`;
  say((palette) => stepBegan(name, shown, palette), { event: 'step', step: name, state: 'began', command: shown });
  let known: string | undefined;
  const key = async () => {
    if (known !== undefined) return known;
    const { status, stdout } = await commands.run(keyCommand({ subscription, group, site }), places.azure);
    const answered = status === 0 ? parsedJson(stdout) : undefined;
    if (typeof answered === 'string' && answered !== '') known = answered;
    return known;
  };
  const waiting = (why: string) =>
    say((palette) => [palette.quiet(`  it ${why}: retried for up to 5 minutes`)], { event: 'waiting', step: name, why });
  try {
    const checked = await askApp({ app, site, flows, config }, { clock, network: surroundings.network, stop: commands.stop, key, waiting });
    const seconds = (clock.monotonicMs() - startedMs) / 1000;
    say((palette) => stepEnded(seconds, palette), { event: 'step', step: name, state: 'ended', command: shown, seconds });
    return checked;
  } catch (error) {
    commands.mayGoOn();
    throw error;
  }
}

/** The commands in the form for a shell: rendering first, and then each step in its folder. */
function dryRun(deployment: DeploymentFacts, flags: DeployFlags, surroundings: Surroundings): void {
  const { target, aws, steps, sites, places, planned, asOut, removal } = deployment;
  const { subscription, resource_group: group } = target.settings;
  const render = (cloud: string, out: string) => {
    const directory = flags.directory === undefined ? '' : ` -C ${shellWord(flags.directory)}`;
    return `hygge infra render ${cloud} --target ${target.name} --out ${shellWord(out)}${directory}`;
  };
  let here = surroundings.directory;
  const into = (folder: string): readonly string[] => {
    if (folder === here) return [];
    const from = here;
    here = folder;
    return [`cd ${shellWord(relative(from, folder))}`];
  };
  const lines = [
    render('azure', asOut(places.azure)),
    ...(aws === undefined ? [] : [render('aws', asOut(places.aws))]),
    ...signInCommands(target).map(shownCommand),
    ...steps.flatMap((step) => [...into(places[step.folder]), ...shownStep({ ...step, command: located(step.command, places) })]),
    ...sites.flatMap(({ site }) => [
      shownCommand(keyCommand({ subscription, group, site })),
      `# with that key in the header x-functions-key: POST ${debugAddress(site)}`,
    ]),
    '# hygge names the listed apps that have no flow',
    shownCommand(removal.list),
  ];
  if (flags.output === 'json') {
    const told = { event: 'dry_run', v: 1, target: target.name, planned, commands: lines.filter((line) => !line.startsWith('#')) };
    surroundings.out.write(`${JSON.stringify(told)}\n`);
    return;
  }
  const palette = paletteFor(surroundings.out, surroundings, flags);
  surroundings.out.write(`${[...changeLines(planned, palette), '', ...lines].join('\n')}\n`);
}

type Say = (lines: (palette: Palette) => readonly string[], event: { readonly event: string } & Readonly<Record<string, unknown>>) => void;

/** Prints lines for people, or one JSON object per event for machines. People copy the lines, so they are never wrapped or changed. */
export function progressPrinter(flags: CommonFlags, surroundings: Surroundings): Say {
  const stream = narrationStream(surroundings, flags);
  const palette = paletteFor(stream, surroundings, flags);
  return (lines, { event, ...rest }) => {
    if (flags.output === 'json') surroundings.out.write(`${JSON.stringify({ event, v: 1, ...rest })}\n`);
    const all = lines(palette);
    if (all.length > 0) stream.write(`${all.join('\n')}\n`);
  };
}

export function telling(say: Say): ProgressLines {
  return {
    began: (name, command) => say((palette) => stepBegan(name, command, palette), { event: 'step', step: name, state: 'began', command }),
    ended: (name, command, seconds) =>
      say((palette) => stepEnded(seconds, palette), { event: 'step', step: name, state: 'ended', command, seconds }),
    stopping: () => say(() => [stoppingLine], { event: 'stopping' }),
  };
}
