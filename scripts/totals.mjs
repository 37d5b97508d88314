/** Totals of a test run, from vitest's JSON report and the names of failed checks. */
import { existsSync, readFileSync } from 'node:fs';

/** `12 passed, 0 failed, 1 skipped`. A run that did not end well never counts 0 failed. */
export function totals({ report, failedChecks, endedWell }) {
  const { passed, failed, skipped } = countTests(report);
  const counted = failed + failedChecks.length;
  const honest = counted === 0 && !endedWell ? 1 : counted;
  return `${passed} passed, ${honest} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
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
