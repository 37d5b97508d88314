import { spawn } from 'node:child_process';

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
}

export interface ProgramEnded {
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

/** Throws `NoSuchProgram`. It does not hear the terminal's Ctrl-C: whoever started it decides. Nothing can be typed into it. */
export function runProgram({ program, args, directory, environment, signal }: ProgramRequest): Promise<ProgramEnded> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: directory, env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const kept = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        kept[stream] = (kept[stream] + text).slice(-mostKept);
      });
    const end = (): void => endGroup(child.pid);
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

/** With whatever it started itself. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
