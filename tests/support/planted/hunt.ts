import { join } from 'node:path';
import { nearTests, testsNamed } from '../reaching-tests.ts';
import { type NearBug, sourceWith } from './near-bug.ts';
import { type Runs, search, type Verdict } from './search.ts';
import { Tree } from './tree.ts';
import { runVitest, type VitestRun } from './vitest-run.ts';

export interface Finding extends Verdict {
  readonly bug: NearBug;
  readonly seconds: number;
}

export interface HuntOptions {
  readonly root: string;
  /** Bugs at once, each in a copy of its own. */
  readonly jobs: number;
  /** For each bug. */
  readonly minutes: number;
  /** Runs a file that noticed something once without the bug as well: a test that fails there too has noticed nothing. */
  readonly control: boolean;
  readonly signal?: AbortSignal;
  /** After each bug, with all findings so far. */
  readonly found?: (finding: Finding, all: readonly Finding[]) => void;
}

/** The tests that fail without a bug, by file: looked up once for all bugs. */
export type Controls = Map<string, Promise<ReadonlySet<string>>>;

/** Plants one bug after the other in a throwaway copy of the repository, and runs its tests there. */
export async function huntNear(bugs: readonly NearBug[], options: HuntOptions): Promise<readonly Finding[]> {
  const waiting = [...bugs];
  const found = new Map<NearBug, Finding>();
  const controls: Controls = new Map();
  const hunter = async (): Promise<void> => {
    using tree = new Tree(options.root);
    for (let bug = waiting.shift(); bug !== undefined && !options.signal?.aborted; bug = waiting.shift()) {
      const began = performance.now();
      const verdict = await huntOne(tree, bug, options, controls);
      const finding = { bug, ...verdict, seconds: Math.round((performance.now() - began) / 100) / 10 };
      found.set(bug, finding);
      options.found?.(
        finding,
        bugs.flatMap((one) => found.get(one) ?? []),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, bugs.length) }, hunter));
  return bugs.flatMap((bug) => found.get(bug) ?? []);
}

async function huntOne(tree: Tree, bug: NearBug, options: HuntOptions, controls: Controls): Promise<Verdict> {
  const unclear = (reason: string): Verdict => ({ outcome: 'unclear', reason, files: [] });
  const isChosen = bug.tests.length === 0;
  const named = testsNamed(bug.tests);
  const unknown = named.unknown.length === 0 ? undefined : `there is no test file ${named.unknown.join(', ')}`;
  const groups = isChosen ? nearTests(bug.file) : named.tests.length === 0 ? [] : [named.tests];
  if (groups.length === 0) return unclear(unknown ?? `no test imports ${bug.file}; name its tests`);
  const { minutes } = options;
  const verdict = await withPlanted(tree, bug, { ...options, controls }, (runs) =>
    search(groups, runs, { source: bug.file, minutes, isChosen }),
  );
  if (typeof verdict === 'string') return unclear(verdict);
  return verdict.outcome === 'missed' && verdict.reason === undefined && unknown !== undefined ? { ...verdict, reason: unknown } : verdict;
}

export interface PlantedOptions extends Pick<HuntOptions, 'minutes' | 'control' | 'signal'> {
  readonly controls: Controls;
}

/** What `look` makes of runs of tests in a copy that has the bug; or why there is nothing to say. */
export async function withPlanted<T extends object>(
  tree: Tree,
  bug: NearBug,
  { minutes, control, signal = new AbortController().signal, controls }: PlantedOptions,
  look: (runs: Runs) => Promise<T>,
): Promise<T | string> {
  const giveUpAt = performance.now() + minutes * 60_000;
  const run = (files: readonly string[], bail: boolean, until = giveUpAt): Promise<VitestRun> =>
    runVitest(tree, files, { limitMs: Math.max(1, until - performance.now()), bail, signal });
  const planted = plantable(tree, bug);
  if ('problem' in planted) return `not planted: ${planted.problem}`;
  const { source, text } = planted;
  let isLoaded = false;
  const runs: Runs = {
    isLoaded: () => isLoaded,
    withBug: async (files, { bail }) => {
      tree.change(bug.file, text);
      const done = await run(files, bail);
      isLoaded ||= tree.isLoaded(bug.file);
      return done;
    },
    failingWithout: async (file) => {
      if (!control) return new Set();
      const known = controls.get(file);
      if (known) return await known;
      tree.change(bug.file, source);
      const without = run([file], false, performance.now() + minutes * 60_000).then(failing);
      controls.set(file, without);
      return await without;
    },
  };
  try {
    const found = await look(runs);
    return signal.aborted ? 'interrupted' : found;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    tree.restore();
  }
}

function plantable(tree: Tree, bug: NearBug): { readonly source: string; readonly text: string } | { readonly problem: string } {
  try {
    const source = tree.read(bug.file);
    return { source, text: sourceWith(bug, source) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws for a run that did not end: it says nothing of its tests. */
function failing({ failed, unloadable, exitCode }: VitestRun): ReadonlySet<string> {
  if (exitCode === null) throw new Error('The tests did not end without the bug either.');
  return new Set([...failed, ...unloadable].map(({ test }) => test));
}

/** Where the results of the last hunt are kept. */
export const resultsPath = (root: string): string => join(root, '.cache', 'planted.json');
