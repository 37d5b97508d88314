import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A program to be run to its end. Words go as they are: there is no shell in between. */
export interface ProgramRequest {
  /** By its name on the PATH, or its file. */
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** When it aborts, the program is asked to end (SIGTERM). */
  readonly signal?: AbortSignal;
  /** Of this machine. */
  readonly platform?: NodeJS.Platform;
}

export interface ProgramResult {
  /** Null: a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Characters of each stream that are kept: the last of them. */
const mostKept = 4 * 1024 * 1024;

/** The program is not there, or this machine does not let it be started. */
export class NoSuchProgram extends Error {
  override readonly name = 'NoSuchProgram';
}

/** Throws `NoSuchProgram`. The program does not get the terminal's Ctrl-C: its caller decides. Nothing can be typed into it. */
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
    // Windows has no groups.
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
  /** Words before its own. */
  readonly before: readonly string[];
}

/**
 * On Windows `az` is a script of the shell, in which words with brackets or per cent signs come to something else, and which Node does not start without
 * one: so what that script starts is started, the Python that lies with it. Its installer puts that a folder above, pip beside it:
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

/** Starts a program that continues by itself, and answers when it has begun. Throws `NoSuchProgram`. */
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

/** With whatever it started itself. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
