import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processorLine, sumOfTotals, times, totals } from '../../scripts/totals.mjs';

function report(tests: { passed: number; failed: number; pending: number }, files: readonly object[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-totals-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'vitest.json');
  const counts = { numPassedTests: tests.passed, numFailedTests: tests.failed, numPendingTests: tests.pending, numTodoTests: 0 };
  writeFileSync(path, JSON.stringify({ ...counts, testResults: files }));
  return path;
}

test('the tests of two jobs are counted together', () => {
  const reports = [report({ passed: 12, failed: 1, pending: 3 }), report({ passed: 5, failed: 0, pending: 1 })];
  expect(totals({ reports, failedChecks: [], endedWell: false })).toBe('17 passed, 1 failed, 4 skipped');
});

test('passed, failed and skipped tests are counted', () => {
  expect(totals({ reports: [report({ passed: 12, failed: 1, pending: 3 })], failedChecks: [], endedWell: false })).toBe(
    '12 passed, 1 failed, 3 skipped',
  );
});

test('skipped tests are mentioned only when there are some', () => {
  expect(totals({ reports: [report({ passed: 12, failed: 0, pending: 0 })], failedChecks: [], endedWell: true })).toBe(
    '12 passed, 0 failed',
  );
});

test('a check that failed counts as a failure', () => {
  expect(totals({ reports: [report({ passed: 1, failed: 0, pending: 0 })], failedChecks: ['types'], endedWell: true })).toBe(
    '1 passed, 1 failed',
  );
});

test('a file that could not be loaded counts as a failure', () => {
  const files = [{ status: 'failed', assertionResults: [] }];
  expect(totals({ reports: [report({ passed: 1, failed: 0, pending: 0 }, files)], failedChecks: [], endedWell: false })).toBe(
    '1 passed, 1 failed',
  );
});

test('a run that ended badly never counts no failure', () => {
  expect(totals({ reports: [report({ passed: 5, failed: 0, pending: 0 })], failedChecks: [], endedWell: false })).toBe(
    '5 passed, 1 failed',
  );
  expect(totals({ reports: [join(tmpdir(), 'no-such-report.json')], failedChecks: [], endedWell: false })).toBe('0 passed, 1 failed');
});

test('folders are told with how long they took, the longest first', () => {
  const file = (name: string, seconds: number) => ({
    name: `/repo/tests/${name}.test.ts`,
    startTime: 1_000,
    endTime: 1_000 + seconds * 1_000,
  });
  const files = [file('csv/a', 2), file('simulator/a', 40), file('simulator/b', 20)];
  expect(times({ reports: [report({ passed: 3, failed: 0, pending: 0 }, files)], root: '/repo' })).toEqual([
    '   60 s  tests/simulator (2 files)',
    '    2 s  tests/csv (1 file)',
  ]);
});

test.each([
  ['10 passed, 0 failed, 2 skipped', '3 passed, 0 failed', '10 passed, 0 failed, 2 skipped'],
  ['10 passed, 1 failed', '3 passed, 2 failed, 4 skipped', '10 passed, 3 failed'],
])('%s, and a second run with %s: %s', (line, other, sum) => {
  expect(sumOfTotals(line, other)).toBe(sum);
});

test.each([
  ['7 (node (x) y) S 1 7 7 0 -1 4194304 9 9 0 0 150 50 1000 300 20 0', '62 s, 15 s of processor time'],
  ['', '62 s'],
])('the processor time of a run counts its children: %j', (stat, line) => {
  expect(processorLine(61_900, stat)).toBe(line);
});
