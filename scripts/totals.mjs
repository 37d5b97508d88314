/** Totals of a test run, from vitest's JSON report and the names of failed checks. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** `12 passed, 0 failed, 1 skipped`. A run that did not end well never counts 0 failed. */
export function totals({ report, failedChecks, endedWell }) {
  const { passed, failed, skipped } = countTests(report);
  const counted = failed + failedChecks.length;
  const honest = counted === 0 && !endedWell ? 1 : counted;
  return `${passed} passed, ${honest} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The line of a run, with the failures of another one. */
export function sumOfTotals(line, other) {
  const failed = (text) => Number(/(\d+) failed/.exec(text)?.[1] ?? 1);
  return line.replace(/\d+ failed/, `${failed(line) + failed(other)} failed`);
}

function countTests(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that could not even be loaded has no failed test of its own.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + brokenFiles.length, skipped: numPendingTests + numTodoTests };
}

/** How long the files of each folder of `tests/` took, the longest first: `  812 s  tests/functions-host (14 files)`. */
export function times({ report, root }) {
  if (!existsSync(report)) return [];
  const folders = new Map();
  for (const { name, startTime, endTime } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const folder = relative(root, name).split(sep).slice(0, 2).join('/');
    const { seconds, files } = folders.get(folder) ?? { seconds: 0, files: 0 };
    folders.set(folder, { seconds: seconds + Math.max(0, endTime - startTime) / 1000, files: files + 1 });
  }
  return [...folders]
    .sort(([, a], [, b]) => b.seconds - a.seconds)
    .map(([folder, { seconds, files }]) => `${seconds.toFixed(0).padStart(5)} s  ${folder} (${files} ${files === 1 ? 'file' : 'files'})`);
}

/** Elapsed seconds and, on Linux, those of processors that this process and the children it waited for have used: fields 14 to 17 of its stat. */
export function processorLine(elapsedMs, stat = statOfProcess()) {
  const ticks = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  const seconds = ticks.reduce((sum, one) => sum + one, 0) / 100;
  const used = ticks.length === 4 ? `, ${seconds.toFixed(0)} s of processor time` : '';
  return `${(elapsedMs / 1000).toFixed(0)} s${used}`;
}

function statOfProcess() {
  try {
    return readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return '';
  }
}

/** Whether the text of a file of tests says that they take turns (tests/support/turns.ts). */
export const takesTurns = (text) => /^ *takeTurns\(/m.test(text);

/** Of the files whose tests take turns: how many they are, and of their tests those that did not run. */
export function turns({ report, root }) {
  if (!existsSync(report)) return { files: 0, all: 0, waited: 0 };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const taking = testResults.filter(({ name }) => takesTurns(readFileSync(join(root, relative(root, name)), 'utf8')));
  const tests = taking.flatMap(({ assertionResults }) => assertionResults);
  return {
    files: new Set(taking.map(({ name }) => name)).size,
    all: tests.length,
    waited: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length,
  };
}
