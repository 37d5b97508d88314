import type { Failure, VitestRun } from './vitest-run.ts';

export interface Verdict {
  /** `unclear`: neither noticed nor missed, `reason` says why. */
  readonly outcome: 'noticed' | 'missed' | 'unclear';
  readonly by?: Failure;
  readonly reason?: string;
  /** Test files that ran to their end with the bug. */
  readonly files: readonly string[];
}

export interface Runs {
  /** Runs test files with the bug planted. */
  withBug(files: readonly string[], how: { readonly bail: boolean }): Promise<VitestRun>;
  /** The tests of a file that fail without the bug; '' for a hook, or for the file as a whole. */
  failingWithout(file: string): Promise<ReadonlySet<string>>;
  /** Whether a process loaded the planted source. */
  isLoaded(): boolean;
}

export interface SearchOptions {
  readonly source: string;
  /** Said where the time is over. */
  readonly minutes: number;
  /** Tests that were chosen, not named: the search may end before it has run all of them. */
  readonly isChosen: boolean;
}

/** Runs groups of test files until a test fails that passes without the bug. */
export async function search(groups: readonly (readonly string[])[], runs: Runs, options: SearchOptions): Promise<Verdict> {
  const { source, minutes, isChosen } = options;
  const files: string[] = [];
  const red: string[] = [];
  const unclear = (reason: string): Verdict => ({ outcome: 'unclear', reason, files });
  const noticed = (by: Failure): Verdict => {
    if (!runs.isLoaded()) return unclear(`${by.file} failed without loading ${source}`);
    return isBroken(by) ? unclear(`the planted code is broken: ${by.error}`) : { outcome: 'noticed', by, files };
  };
  let passed = 0;
  for (const group of groups) {
    let left = group;
    while (left.length > 0) {
      const run = await runs.withBug(left, { bail: true });
      const [by] = run.failed;
      if (by === undefined) {
        if (run.exitCode === null && isChosen && files.length > 0)
          return { outcome: 'missed', reason: `${minutes} minutes were over`, files };
        const reason = whyUnclear(run, minutes);
        if (reason !== undefined) return unclear(reason);
        passed += run.passed;
        files.push(...left);
        break;
      }
      const own = await runs.failingWithout(by.file);
      if (!own.has(by.test)) return noticed(by);
      const again = await runs.withBug([by.file], { bail: false });
      const other = again.failed.find(({ test }) => !own.has(test));
      if (other) return noticed(other);
      red.push(by.file);
      left = left.filter((file) => file !== by.file);
    }
  }
  const without = red.length === 0 ? undefined : `${red.join(', ')} ${red.length === 1 ? 'fails' : 'fail'} without the bug as well`;
  if (passed === 0) return unclear(without ?? 'no test ran: all were skipped');
  if (!runs.isLoaded()) return unclear(`none of the tests loaded ${source}`);
  return { outcome: 'missed', files, ...(without === undefined ? {} : { reason: without }) };
}

/** Code that names what does not exist is noticed by every compiler: such a bug proves nothing about tests. */
function isBroken({ error }: Failure): boolean {
  return /^(ReferenceError|SyntaxError)\b/.test(error);
}

export function whyUnclear(run: VitestRun, minutes: number): string | undefined {
  if (run.exitCode === null) return `the tests did not end within ${minutes} minutes; all their processes were killed`;
  const [file] = run.unloadable;
  if (file) return `${file.file} could not be loaded: ${file.error}`;
  return run.exitCode === 0 ? undefined : `vitest failed outside of tests\n${run.output.trim().split('\n').slice(-15).join('\n')}`;
}
