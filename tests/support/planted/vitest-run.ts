import { spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tree } from './tree.ts';

/** What one run of vitest came to. */
export interface VitestRun {
  /** Test files that ran, to their end or to a failure. */
  readonly files: readonly string[];
  /** Tests that failed, and hooks of files whose tests were found. */
  readonly failed: readonly Failure[];
  /** Files that could not be loaded, with the error. */
  readonly unloadable: readonly Failure[];
  readonly passed: number;
  /** Null when the time was over and the run was killed. */
  readonly exitCode: number | null;
  /** The end of what it printed. */
  readonly output: string;
}

export interface Failure {
  /** From the root of the repository. */
  readonly file: string;
  /** The test's full name; empty for a hook or a whole file. */
  readonly test: string;
  /** The first line of the error, with its class. */
  readonly error: string;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** A run in another database of the same kind would cost the time once more, and notice little else. */
export const projects = ['pure', 'shared', 'alone', 'disk'];

export interface HowToRun {
  readonly limitMs: number;
  /** Stop after the first failed test. */
  readonly bail: boolean;
  readonly signal: AbortSignal;
}

/** Runs these test files in the copy, one after the other. After `limitMs` all its processes are killed. */
export async function runVitest(tree: Tree, tests: readonly string[], { limitMs, bail, signal }: HowToRun): Promise<VitestRun> {
  const report = join(tree.temporary, '..', 'report.json');
  const printed = join(tree.temporary, '..', 'printed.txt');
  rmSync(report, { force: true });
  const output = openSync(printed, 'w');
  const child = spawn(
    process.execPath,
    [
      join(tree.root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--maxWorkers=1',
      '--no-color',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(bail ? ['--bail=1'] : []),
      ...projects.map((name) => `--project=${name}`),
      ...tests,
    ],
    // A group of its own: what it started goes with it.
    {
      cwd: tree.root,
      env: environment(tree),
      stdio: ['ignore', output, output],
      detached: true,
    },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
  const endGroup = (by: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, by);
    } catch {
      // It has ended.
    }
  };
  const endNow = () => endGroup('SIGKILL');
  process.once('exit', endNow);
  const stopped = new AbortController();
  const late = wait(limitMs, 'late' as const, { signal: AbortSignal.any([stopped.signal, signal]) }).catch(() => 'late' as const);
  const exitCode = await Promise.race([ended, late]);
  if (exitCode === 'late') {
    endGroup('SIGTERM');
    await Promise.race([ended, wait(5_000)]);
  }
  endGroup('SIGKILL');
  await ended;
  process.off('exit', endNow);
  stopped.abort();
  return {
    ...outcome(report, tree.root),
    exitCode: exitCode === 'late' ? null : exitCode,
    output: readFileSync(printed, 'utf8').slice(-2_000),
  };
}

/** Nothing of a vitest that this one may have been started by. */
function environment(tree: Tree): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|VITE_|NODE_COMPILE_CACHE$|HYGGE_(?!TEST_(MSSQL|MYSQL|SUITES)))/.test(name),
  );
  return { ...Object.fromEntries(kept), HYGGE_BUNDLE: 'late', TMPDIR: tree.temporary };
}

function outcome(path: string, root: string): Pick<VitestRun, 'files' | 'failed' | 'unloadable' | 'passed'> {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return { files: [], failed: [], unloadable: [], passed: 0 }; // killed before it wrote one, or none of its files was found
  }
  const files = report.testResults.map((file) => ({ ...file, name: file.name.replace(`${root}/`, '') }));
  const failed = files.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults
      .filter((one) => one.status === 'failed')
      .map((one): Failure => ({ file: name, test: one.fullName.trim(), error: firstLine(one.failureMessages[0]) }));
    const isHook = status === 'failed' && tests.length === 0 && assertionResults.length > 0;
    return isHook ? [{ file: name, test: '', error: firstLine(message) }] : tests;
  });
  const unloadable = files
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name, message }): Failure => ({ file: name, test: '', error: firstLine(message) }));
  const passed = files.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'passed').length;
  return { files: files.map(({ name }) => name), failed, unloadable, passed };
}

const firstLine = (text = ''): string => text.split('\n')[0]?.slice(0, 200) ?? '';
