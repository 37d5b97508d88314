import { describe, expect, it } from 'vitest';
import { nextTime } from '../../src/report/schedule.ts';

describe('the next scheduled time is when the platform fires', () => {
  it.each([
    // Day of the month *and* day of the week: the first of a month that is a Monday.
    ['0 0 2 1 * 1', '2026-11-20T08:00:00.000Z', '2027-02-01T02:00:00.000Z'],
    ['0 0 2 13 * FRI', '2026-11-20T08:00:00.000Z', '2027-08-13T02:00:00.000Z'],
    ['0 0 2 29 2 0', '2026-11-20T08:00:00.000Z', '2032-02-29T02:00:00.000Z'],
    ['0 0 2 29 2 1', '2026-11-20T08:00:00.000Z', '2044-02-29T02:00:00.000Z'],
    ['0 5/20 * * * *', '2026-11-20T08:46:00.000Z', '2026-11-20T09:05:00.000Z'],
    ['30 0 8-18/5 * JAN Monday-fri', '2026-11-20T08:00:00.000Z', '2027-01-01T08:00:30.000Z'],
    ['0 0 2 * * 0-6', '2026-11-20T02:00:00.000Z', '2026-11-21T02:00:00.000Z'],
  ])('%s after %s is %s', async (schedule, now, expected) => {
    expect(await nextTime(schedule, now)).toBe(expected);
  });
});
