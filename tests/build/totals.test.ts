import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sumOfTotals, totals } from '../../scripts/totals.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hygge-totals-'));
afterAll(() => rmSync(folder, { recursive: true }));

let reports = 0;
function report(tests: { passed: number; failed: number; pending: number }, files: readonly object[] = []): string {
  const path = join(folder, `${++reports}.json`);
  const counts = { numPassedTests: tests.passed, numFailedTests: tests.failed, numPendingTests: tests.pending, numTodoTests: 0 };
  writeFileSync(path, JSON.stringify({ ...counts, testResults: files }));
  return path;
}

interface Outcome {
  readonly reports: readonly string[];
  readonly failedChecks?: readonly string[];
  readonly endedWell?: boolean;
}

const some = (passed: number, failed = 0, pending = 0, files: readonly object[] = []) => report({ passed, failed, pending }, files);

test.each<[string, Outcome, string]>([
  ['the tests of two jobs are counted together', { reports: [some(12, 1, 3), some(5, 0, 1)] }, '17 passed, 1 failed, 4 skipped'],
  ['skipped tests are mentioned where there are some', { reports: [some(12)], endedWell: true }, '12 passed, 0 failed'],
  ['a check that failed is a failure', { reports: [some(1)], failedChecks: ['types'], endedWell: true }, '1 passed, 1 failed'],
  [
    'a file that did not load is a failure',
    { reports: [some(1, 0, 0, [{ status: 'failed', assertionResults: [] }])] },
    '1 passed, 1 failed',
  ],
  ['a run that ended badly has a failure', { reports: [some(5)] }, '5 passed, 1 failed'],
  ['a run without a report has a failure', { reports: [join(tmpdir(), 'no-such-report.json')] }, '0 passed, 1 failed'],
])('%s', (_, { reports, failedChecks = [], endedWell = false }, line) => {
  expect(totals({ reports, failedChecks, endedWell })).toBe(line);
});

test.each([
  ['10 passed, 0 failed, 2 skipped', '3 passed, 0 failed', '10 passed, 0 failed, 2 skipped'],
  ['10 passed, 1 failed', '3 passed, 2 failed, 4 skipped', '10 passed, 3 failed'],
])('%s, and a second run with %s: %s', (line, other, sum) => {
  expect(sumOfTotals(line, other)).toBe(sum);
});
