import { expect, test } from 'vitest';
import { intervalMs, retentionMs } from '../../../src/delta/log/intervals.ts';

const day = 86_400_000;

test.each([
  ['interval 1 week', 7 * day],
  ['INTERVAL 30 DAYS', 30 * day],
  ['2 hours', day / 12],
  ['interval 4 weeks 2 days', 30 * day],
  ['interval 0 hours', 0],
  ['interval 1500 milliseconds', 1500],
  ['', undefined],
  ['interval', undefined],
  ['-1 days', undefined],
  ['interval 1 month', undefined],
  ['soon', undefined],
])('%j is %s milliseconds', (written, ms) => {
  expect(intervalMs(written)).toBe(ms);
});

test('deleted files are kept for a week, as long as the table says, or for a year if its text has another form', () => {
  const of = (written: string) => retentionMs({ 'delta.deletedFileRetentionDuration': written });
  expect([retentionMs({}), of('interval 1 week 2 days'), of('interval 1 month')]).toEqual([7 * day, 9 * day, 365 * day]);
});
