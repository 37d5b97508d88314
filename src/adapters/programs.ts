import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A program that runs to its end. Arguments are passed unchanged, without a shell. */
export interface ProgramRequest {
  /** The program’s name on the PATH, or the path of its file. */
  readonly program: string;
  readonly args: readonly string[];
  /** The absolute path of the folder in which the program runs. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A signal that asks the program to end (SIGTERM) when it aborts. */
  readonly signal?: AbortSignal;
  /** The platform of this machine. */
  readonly platform?: NodeJS.Platform;
}

export interface ProgramResult {
  /** The exit code; null: a signal ended the program. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How many of the last characters of each stream are kept. */
const mostKept = 4 * 1024 * 1024;

/** The program does not exist, or may not be started on this machine. */
export class NoSuchProgram extends Error {
  override readonly name = 'NoSuchProgram';
}

/** Throws `NoSuchProgram`. Runs a program to its end, without input. The program does not receive the terminal’s Ctrl-C, because its caller decides. */
export function runProgram({
  program,
  args,
  directory,
  environment,
  signal,
  platform = process.platform,
}: ProgramRequest): Promise<ProgramResult> {
  const { file, before } = platform === 'win32' ? startOnWindows(program, environment) : { file: program, before: [] };
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...before, ...args], {
      cwd: directory,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      windowsHide: true,
    });
    const kept = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        kept[stream] = (kept[stream] + text).slice(-mostKept);
      });
    // Windows has no process groups.
    const end = (): void => (platform === 'win32' ? void child.kill() : endGroup(child.pid));
    signal?.addEventListener('abort', end, { once: true });
    child.once('error', (error) => {
      signal?.removeEventListener('abort', end);
      reject(new NoSuchProgram(error.message));
    });
    child.once('close', (status) => {
      signal?.removeEventListener('abort', end);
      resolve({ status, ...kept });
    });
  });
}

interface Start {
  readonly file: string;
  /** Arguments before the program’s own arguments. */
  readonly before: readonly string[];
}

/**
 * On Windows `az` is a shell script. The shell would change arguments with brackets or per cent signs, and Node starts no script without a shell. So hygge
 * starts the program of the script: the Python installed with it. The installer puts Python in the folder above, with pip next to it:
 * https://github.com/Azure/azure-cli/blob/dev/build_scripts/windows/scripts/az_msi.cmd
 */
function startOnWindows(program: string, environment: ProgramRequest['environment']): Start {
  const own: Start = { file: program, before: [] };
  if (program !== 'az') return own;
  const path = Object.entries(environment).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  for (const folder of path.split(';').filter((one) => one !== '')) {
    const has = (...parts: readonly string[]) => existsSync(join(folder, ...parts));
    if (has('az.exe')) return own;
    if (has('az.cmd') && has('..', 'python.exe')) return { file: join(folder, '..', 'python.exe'), before: ['-IBm', 'azure.cli'] };
    if (has('az.bat') && has('python.exe')) return { file: join(folder, 'python.exe'), before: ['-m', 'azure.cli'] };
  }
  return own;
}

/** Starts a program that continues by itself, and resolves when it has started. Throws `NoSuchProgram`. */
export function startDetached({ program, args, directory, environment }: Omit<ProgramRequest, 'signal' | 'platform'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: directory, env: { ...environment }, stdio: 'ignore', detached: true });
    child.once('error', (error) => reject(new NoSuchProgram(error.message)));
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

/** Ends a program, including its child processes. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // The program has already ended.
  }
}
