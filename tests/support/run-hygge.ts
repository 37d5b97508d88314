import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { inject } from 'vitest';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { buildBundle, buildsLate } from './bundle.ts';
import { noteSaid } from './raised-codes.ts';

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout as events; empty unless the arguments ask for `--output json`. */
  readonly events: readonly HyggeEvent[];
}

export interface HowToRun {
  readonly cwd?: string;
  /** Beside the environment of the test; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends it with SIGKILL, and the promise with an error, after this long. Default 300 s. */
  readonly timeoutMs?: number;
  /** Another user to run as (only root may). */
  readonly uid?: number;
  readonly gid?: number;
}

/** A hygge that runs. Disposing of it ends it and waits until it is gone. */
export interface RunningHygge extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Never rejects but for a time-out. */
  readonly done: Promise<Run>;
  /** Resolves with all of stdout + stderr so far as soon as it matches; rejects when hygge ends before. */
  says(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

const root = join(import.meta.dirname, '..', '..');

/** The bundled command line, as `bin/hygge` starts it. */
export const hyggeCommand = join(root, 'bin', 'hygge.mjs');

/** The pinned Node. */
export const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The bundle is made once per vitest run, before any test; this only tells a test that it could not be. */
export function buildOnce(): void {
  if (buildsLate) lateProblem ??= buildBundle(root);
  const problem = lateProblem ?? inject('bundleProblem');
  if (problem !== '') throw new Error(problem);
  if (!existsSync(join(root, 'dist', 'hygge.js'))) throw new Error('dist/hygge.js is missing');
}

let lateProblem: string | undefined;

/** Runs hygge to its end. */
export async function runHygge(args: readonly string[], how: HowToRun = {}): Promise<Run> {
  await using running = startHygge(args, how);
  return await running.done;
}

/** Starts hygge, for tests that signal it, kill it or race it. */
export function startHygge(args: readonly string[], how: HowToRun = {}): RunningHygge {
  buildOnce();
  const identity = { ...(how.uid === undefined ? {} : { uid: how.uid }), ...(how.gid === undefined ? {} : { gid: how.gid }) };
  const from = how.uid === undefined ? root : inject('openRoot');
  const child = spawn(node.replace(root, from), [hyggeCommand.replace(root, from), ...args], {
    cwd: how.cwd ?? root,
    env: { ...process.env, ...how.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  const output = collect(child);
  const done = finish(child, output, args, how.timeoutMs ?? 300_000);
  done.catch(() => undefined); // whoever waits for it hears of it; nobody waiting is not a crash of the test run
  return {
    pid: child.pid ?? -1,
    child,
    done,
    says: (pattern) => untilSaid(child, output, pattern),
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await done.catch(() => undefined);
    },
  };
}

interface Output {
  stdout: string;
  stderr: string;
  /** All was said: the process ended. */
  isWhole: boolean;
}

function collect(child: ChildProcessByStdio<null, Readable, Readable>): Output {
  const output: Output = { stdout: '', stderr: '', isWhole: false };
  child.once('close', () => {
    output.isWhole = true;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return output;
}

function finish(
  child: ChildProcessByStdio<null, Readable, Readable>,
  output: Output,
  args: readonly string[],
  timeoutMs: number,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (late) reject(new Error(`hygge ${args.join(' ')} did not end within ${timeoutMs} ms\n${output.stdout}\n${output.stderr}`));
      else {
        if (args[0] !== 'explain') noteSaid(output);
        const { stdout, stderr } = output;
        resolve({ code, signal, stdout, stderr, events: eventsOf(args, stdout) });
      }
    });
  });
}

function untilSaid(child: ChildProcessByStdio<null, Readable, Readable>, output: Output, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const said = output.stdout + output.stderr;
      if (pattern.test(said)) resolve(said);
    };
    const end = () => reject(new Error(`hygge ended without saying ${pattern}:\n${output.stdout}\n${output.stderr}`));
    look();
    if (output.isWhole) return end();
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('close', end);
  });
}

/** The lines of stdout as events; none unless the arguments ask for JSON. */
export function eventsOf(args: readonly string[], stdout: string): readonly HyggeEvent[] {
  const isJson = args.includes('--output=json') || args[args.indexOf('--output') + 1] === 'json';
  return isJson ? parseEvents(stdout) : [];
}

/** Throws when a line is not JSON: in JSON mode nothing else belongs on stdout. */
export function parseEvents(stdout: string): readonly HyggeEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HyggeEvent);
}
