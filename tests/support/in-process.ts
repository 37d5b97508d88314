import { realpathSync } from 'node:fs';
import { run } from '../../src/cli/program/run.ts';
import type { Surroundings } from '../../src/cli/terminal/surroundings.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';

/** What libraries read from the process itself, whatever a command line is given as its environment. */
const onlyOfAProcess =
  /^(AWS_|AZURE_|IDENTITY_|MSI_|GOOGLE_|GCLOUD_|GCE_|NODE_|SSL_CERT_|HOME$|PATH$|TZ$|TMPDIR$|HYGGE_SCRATCH$|FORCE_COLOR$|.*_PROXY$)/i;

/** Whether a command line with these variables can run in the process of the test: of what libraries read from the process, that has the same values. */
export function runsInProcess(environment: Readonly<Record<string, string | undefined>> = {}): boolean {
  return Object.entries(environment).every(([name, value]) => !onlyOfAProcess.test(name) || process.env[name] === value);
}

/** Workspaces with a command line at work: state tells processes apart, and two in one process would be one to it. */
const atWork = new Set<string>();

/** One command line in this very process, its output in pipes unless there is a terminal: some forty times as quick as a process of its own. */
export async function inProcess(
  args: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Partial<Pick<Surroundings, 'out' | 'err' | 'ask'>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  if (!runsInProcess(environment)) throw new Error(`${Object.keys(environment)}: only a process of its own has all of these`);
  const workspace = realpathSync(directory);
  if (atWork.has(workspace)) throw new Error(`hygge ${args.join(' ')}: two at once in ${workspace} need a process each`);
  atWork.add(workspace);
  const before = stateOfTheProcess();
  const surroundings = fakeSurroundings(directory, { ...terminal, environment: Object.freeze({ ...environment }) });
  const code = await run(args, surroundings).finally(() => atWork.delete(workspace));
  const changed = Object.entries(stateOfTheProcess()).filter(([name, value]) => before[name] !== value);
  // What the next test would inherit is a failure of this one.
  if (changed.length > 0) throw new Error(`hygge ${args.join(' ')} left the process another one: ${changed.map(([name]) => name)}`);
  return { code: surroundings.left() ?? code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

/** All of a process that a run could change for the next one in it. */
function stateOfTheProcess(): Readonly<Record<string, unknown>> {
  const environment = Object.entries(process.env).map(([name, value]) => [`environment ${name}`, value]);
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE', 'uncaughtException', 'unhandledRejection'] as const).map((name) => [
    `listeners of ${name}`,
    process.listenerCount(name),
  ]);
  return {
    ...Object.fromEntries(environment),
    ...Object.fromEntries(listeners),
    folder: process.cwd(),
    'exit code': process.exitCode,
    'mask of new files': process.umask(),
    'way to warn': process.emitWarning,
    'way to stdout': process.stdout.write,
    'way to stderr': process.stderr.write,
  };
}
