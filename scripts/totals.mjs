/** Totals of a test run, from vitest's JSON reports and the names of failed checks. */
import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** `12 passed, 0 failed, 1 skipped`. A run that did not end well never counts 0 failed. */
export function totals({ reports, failedChecks, endedWell }) {
  const counts = reports.map(countTests);
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((one) => counts.reduce((sum, count) => sum + count[one], 0));
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
export function times({ reports, root }) {
  const folders = new Map();
  const results = reports.flatMap((report) => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : []));
  for (const { name, startTime, endTime } of results) {
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
