import { join } from 'node:path';
import { type NearBug, sourceWith } from './near-bug.ts';
import { nearTests, testsNamed } from './near-tests.ts';
import { Tree } from './tree.ts';
import { type Failure, runVitest, type VitestRun } from './vitest-run.ts';

export interface Finding {
  readonly bug: NearBug;
  /** `unclear`: neither noticed nor missed, `reason` says why. */
  readonly outcome: 'noticed' | 'missed' | 'unclear';
  readonly by?: Failure;
  readonly reason?: string;
  /** Test files that ran to their end. */
  readonly files: readonly string[];
  readonly seconds: number;
}

export interface HuntOptions {
  readonly root: string;
  /** Bugs at once, each in a copy of its own. */
  readonly jobs: number;
  /** For each bug. */
  readonly minutes: number;
  /** Runs the tests that noticed once more without the bugs at the end: what fails there as well noticed nothing. */
  readonly control: boolean;
  readonly signal?: AbortSignal;
  /** The day by which tests take their samples. Default: that of this process. */
  readonly day?: number;
  readonly found?: (finding: Finding) => void;
}

/** Plants one bug after the other in a throwaway copy of the repository, and runs its tests there. */
export async function huntNear(bugs: readonly NearBug[], options: HuntOptions): Promise<readonly Finding[]> {
  const signal = options.signal ?? new AbortController().signal;
  const waiting = [...bugs];
  const found = new Map<NearBug, Finding>();
  const hunter = async (): Promise<void> => {
    using tree = new Tree(options.root);
    for (let bug = waiting.shift(); bug !== undefined && !signal.aborted; bug = waiting.shift()) {
      const finding = await huntOne(tree, bug, { ...options, signal });
      found.set(bug, finding);
      options.found?.(finding);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, bugs.length) }, hunter));
  const findings = bugs.flatMap((bug) => found.get(bug) ?? []);
  return options.control && !signal.aborted ? await controlled(findings, { ...options, signal }) : findings;
}

type One = HuntOptions & { readonly signal: AbortSignal };

async function huntOne(tree: Tree, bug: NearBug, { minutes, signal, day }: One): Promise<Finding> {
  const how = { bail: true, signal, ...(day === undefined ? {} : { day }) };
  const began = performance.now();
  const giveUpAt = began + minutes * 60_000;
  const files: string[] = [];
  const finding = (outcome: Finding['outcome'], more: Pick<Finding, 'by' | 'reason'> = {}): Finding => ({
    bug,
    outcome,
    ...more,
    files,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  });
  try {
    const named = testsNamed(bug.tests);
    const unknown = named.unknown.length === 0 ? undefined : `there is no test file ${named.unknown.join(', ')}`;
    const groups = bug.tests.length === 0 ? nearTests(bug.file) : named.tests.length === 0 ? [] : [named.tests];
    if (groups.length === 0) return finding('unclear', { reason: unknown ?? `no test imports ${bug.file}; name its tests` });
    tree.change(bug.file, sourceWith(bug, tree.read(bug.file)));
    let isLoaded = false;
    for (const group of groups) {
      const limitMs = giveUpAt - performance.now();
      if (limitMs <= 0) return finding('missed', { reason: `${minutes} minutes were over` });
      const run = await runVitest(tree, group, { limitMs, ...how });
      isLoaded ||= tree.isLoaded(bug.file);
      if (signal.aborted) return finding('unclear', { reason: 'interrupted' });
      const [by] = run.failed;
      if (by && isLoaded)
        return isBroken(by) ? finding('unclear', { reason: `the planted code is broken: ${by.error}` }) : finding('noticed', { by });
      if (by) return finding('unclear', { reason: `${by.file} failed without loading ${bug.file}` });
      const reason = whyUnclear(run, minutes);
      // Of tests that were chosen, one that takes too long is only the end of the search.
      if (run.exitCode === null && bug.tests.length === 0 && files.length > 0)
        return finding('missed', { reason: `${minutes} minutes were over` });
      if (reason !== undefined) return finding('unclear', { reason });
      files.push(...group);
    }
    if (!isLoaded) return finding('unclear', { reason: `none of the tests loaded ${bug.file}` });
    return finding('missed', unknown === undefined ? {} : { reason: unknown });
  } catch (error) {
    return finding('unclear', { reason: `not planted: ${error instanceof Error ? error.message : String(error)}` });
  } finally {
    tree.restore();
  }
}

/** Code that names what does not exist is noticed by every compiler: such a bug proves nothing about tests. */
function isBroken({ error }: Failure): boolean {
  return /^(ReferenceError|SyntaxError)\b/.test(error);
}

function whyUnclear(run: VitestRun, minutes: number): string | undefined {
  if (run.exitCode === null) return `the tests did not end within ${minutes} minutes; all their processes were killed`;
  const [file] = run.unloadable;
  if (file) return `${file.file} could not be loaded: ${file.error}`;
  if (run.passed === 0) return `no test ran: all were skipped, or vitest failed${tail(run.output)}`;
  return run.exitCode === 0 ? undefined : `vitest failed outside of tests${tail(run.output)}`;
}

const tail = (output: string): string => `\n${output.trim().split('\n').slice(-15).join('\n')}`;

/** The files that noticed something, with their sources changed by nothing but the note that they were loaded. */
async function controlled(findings: readonly Finding[], { root, minutes, signal, day }: One): Promise<readonly Finding[]> {
  const noticed = findings.filter(({ outcome }) => outcome === 'noticed');
  if (noticed.length === 0) return findings;
  using tree = new Tree(root);
  for (const file of new Set(noticed.map(({ bug }) => bug.file))) tree.change(file, tree.read(file));
  const tests = [...new Set(noticed.flatMap(({ by }) => by?.file ?? []))];
  const run = await runVitest(tree, tests, {
    limitMs: Math.max(10, 2 * minutes) * 60_000,
    bail: false,
    signal,
    ...(day === undefined ? {} : { day }),
  });
  return confirmed(findings, run);
}

/** What `run`, without the bugs, leaves of the findings: what fails there as well noticed nothing. */
export function confirmed(findings: readonly Finding[], run: Pick<VitestRun, 'failed' | 'unloadable' | 'exitCode'>): readonly Finding[] {
  const problem = run.exitCode === null ? 'the tests did not end without the bug either' : undefined;
  return findings.map((finding) => {
    const { by } = finding;
    if (by === undefined) return finding;
    const isRed = [...run.failed, ...run.unloadable].some(({ file, test }) => file === by.file && (test === by.test || test === ''));
    const reason = isRed ? `${by.file} fails without the bug as well: ${by.test}` : problem;
    return reason === undefined ? finding : { ...finding, outcome: 'unclear', reason };
  });
}

/** Where the results of the last hunt are kept. */
export const resultsPath = (root: string): string => join(root, '.cache', 'planted.json');
