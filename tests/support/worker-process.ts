import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { collect } from './collect.ts';

export interface Worker {
  readonly process: ChildProcess;
  /** What it said, line by line, as it comes. */
  readonly said: AsyncIterable<unknown>;
  /** Settles when it ended: what it wrote to stderr, and how it ended. */
  readonly ended: Promise<{ readonly stderr: string; readonly code: number | null; readonly signal: string | null }>;
}

/** Starts `tests/support/<script>` in a process of its own; `unprivileged`: as nobody, if we are root. */
export function startWorker(script: string, args: readonly string[], unprivileged = false): Worker {
  const asNobody = unprivileged && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  // As nobody it needs a way to the program that nobody may walk.
  const root = 'uid' in asNobody ? inject('openRoot') : join(import.meta.dirname, '..', '..');
  const path = join(root, 'tests', 'support', script);
  const node = process.execPath.replace(join(import.meta.dirname, '..', '..'), root);
  const child = spawn(node, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...asNobody });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    stderr,
    code: code as number | null,
    signal: signal as string | null,
  }));
  return { process: child, said: linesOf(child), ended };
}

async function* linesOf(child: ChildProcess): AsyncGenerator<unknown> {
  if (!child.stdout) return;
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as unknown;
}

/** Runs a worker to its end; a bad end is an error with what it wrote to stderr. */
export async function finishWorker(worker: Worker): Promise<unknown[]> {
  const said = await collect(worker.said);
  const { code, signal, stderr } = await worker.ended;
  if (code !== 0 || stderr !== '') throw new Error(`a worker ended with ${code ?? signal}: ${stderr}`);
  return said;
}
