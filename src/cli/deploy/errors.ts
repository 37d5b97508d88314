import { type Command, shownCommand } from '../../../infra/commands.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { withoutSecrets } from '../../workspace/yaml/source.ts';

/** Codes of errors whose cause is outside of the workspace during a deployment. Exit 1. */
export const ofTheWorld: ReadonlySet<string> = new Set(['HYG-1126', 'HYG-1127', 'HYG-1128', 'HYG-1129', 'HYG-1130']);

const install: Readonly<Record<string, string>> = {
  az: 'Install it: https://learn.microsoft.com/cli/azure/install-azure-cli',
  aws: 'Install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
};

export function programAbsent(program: string, platform: NodeJS.Platform = process.platform): ConfigError {
  const onWindows = platform === 'win32';
  return new ConfigError({
    code: 'HYG-1123',
    what: `The program ${program} cannot be started.`,
    why: [
      onWindows
        ? `No folder of the PATH has a program of that name, nor a script of the shell with its own Python next to it.`
        : `No folder of the PATH has a program of that name.`,
    ],
    tryThis: [
      install[program] ?? `Install ${program}, or add its folder to the PATH.`,
      ...(onWindows ? ['Or deploy from Linux, or from WSL.'] : []),
      'Or print the commands with --dry-run, and run them by hand.',
    ],
  });
}

export function notSignedIn(program: 'az' | 'aws', said: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1124',
    what: `No one is signed in with ${program}.`,
    why: lastLines(said),
    tryThis:
      program === 'az'
        ? ['On your machine: az login', 'In a pipeline: sign in by federation first, as docs/pipelines.md shows.']
        : ['On your machine: aws sso login', 'In a pipeline: sign in by federation first, as docs/pipelines.md shows.'],
  });
}

export function signedInElsewhere(
  program: 'az' | 'aws',
  { found, wanted, file }: { readonly found: string; readonly wanted: string; readonly file: string },
): ConfigError {
  const what = program === 'az' ? 'subscription' : 'account';
  return new ConfigError({
    code: 'HYG-1125',
    what: `${program} is signed in to the ${what} ${found}, but ${file} names ${wanted}.`,
    why: ['The names of the apps depend on the subscription, so a deployment there would create other apps.'],
    tryThis: [
      program === 'az'
        ? `Choose the subscription: az account set --subscription ${shellWord(wanted)}`
        : 'Choose the account’s profile: AWS_PROFILE',
      `Or correct ${file}.`,
    ],
  });
}

export function commandFailed(command: Command, ended: { readonly status: number | null; readonly stderr: string }): ConfigError {
  const busy = /DeploymentActive|another deployment/i.test(ended.stderr);
  return new ConfigError({
    code: 'HYG-1126',
    what: `${shownCommand({ ...command, variables: {} })
      .split(' ')
      .slice(0, 4)
      .join(' ')} … ended with ${ended.status ?? 'a signal'}.`,
    why: lastLines(ended.stderr),
    tryThis: [
      ...untilGone(command, ended.stderr),
      busy
        ? 'Another deployment of this target is in progress. Wait until it has ended.'
        : `See all its messages: ${shownCommand(command)}`,
      'Then run the same command again: completed steps take little time.',
    ],
  });
}

/** Advice for a stack whose first creation was rolled back. The stack exists, is empty and accepts no update: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
function untilGone({ program, args }: Command, said: string): readonly string[] {
  const of = (option: string) => args.slice(args.indexOf(option), args.indexOf(option) + 2);
  if (program !== 'aws' || args[1] !== 'deploy' || !/\bROLLBACK_(COMPLETE|FAILED)\b/.test(said)) return [];
  const remove: Command = { program, args: ['cloudformation', 'delete-stack', ...of('--region'), ...of('--stack-name')] };
  return [`Remove the empty stack of a first creation that was rolled back: ${shownCommand(remove)}`];
}

export function answersGarbage(command: Command, expected: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1127',
    what: `${command.program} returned something else than ${expected}.`,
    why: [`The command was: ${shownCommand(command)}`],
    tryThis: [`Check its version: ${command.program} --version`, 'See what the command prints when you run it.'],
  });
}

export function secretsMissing(missing: ReadonlyMap<string, Command>, of: number): ConfigError {
  const names = [...missing.keys()];
  return new ConfigError({
    code: 'HYG-1128',
    what: `The vault lacks ${names.length} of ${of} secrets: ${names.join(', ')}.`,
    why: ['Each app gets a right on each of its secrets, so the secrets must exist before the apps.'],
    tryThis: [...[...missing.values()].map(shownCommand), 'Then run the same command again: completed steps take little time.'],
  });
}

export function appSilent(
  app: string,
  { site, said, seconds }: { readonly site: string; readonly said: string; readonly seconds: number },
): ConfigError {
  return new ConfigError({
    code: 'HYG-1129',
    what: `The app ${app} did not check itself within ${seconds} seconds.`,
    why: [`https://${site}.azurewebsites.net ${said}.`],
    tryThis: [
      'See why in its log: Log stream in the portal, or Application Insights.',
      'Then run the same command again: completed steps take little time.',
    ],
  });
}

export interface Amiss {
  readonly app: string;
  readonly of: number;
  readonly findings: readonly { readonly about: string; readonly what: string; readonly tryThis: readonly string[] }[];
  readonly missing: readonly string[];
}

export function appAmiss({ app, of, findings, missing }: Amiss): ConfigError {
  const unseen = missing.length === 0 ? [] : [`Not checked in time: ${missing.join(', ')}`];
  return new ConfigError({
    code: 'HYG-1130',
    what: `The app ${app} is deployed, but ${findings.length} of ${of} checks that it made of itself ${findings.length === 1 ? 'needs' : 'need'} attention.`,
    why: [...findings.map(({ about, what }) => `${about}: ${what}`), ...unseen],
    tryThis: [
      ...new Set(findings.flatMap(({ tryThis }) => tryThis)),
      'New rights take effect only after some minutes: run the same command again.',
    ],
  });
}

export function notConfirmed(target: string, typed: string | null): ConfigError {
  return new ConfigError({
    code: 'HYG-1131',
    what:
      typed === null
        ? 'destroy asks for the name of the target, and this is not an interactive terminal.'
        : `${JSON.stringify(typed)} is not ${target}: nothing was removed.`,
    tryThis: [
      `Confirm it in the command: hygge infra destroy --target ${target} --confirm ${target}`,
      `See what would be removed: hygge infra destroy --target ${target} --dry-run`,
    ],
  });
}

const mostLines = 6;
const mostCharacters = 400;

/** The last lines of a program’s output, which contain the reason of a failure. Keys and passwords in the lines are hidden. */
function lastLines(said: string): readonly string[] {
  const lines = said.split('\n').map((line) => withoutSecrets(line.trim()));
  return lines
    .filter((line) => line !== '')
    .slice(-mostLines)
    .map((line) => line.slice(0, mostCharacters));
}
