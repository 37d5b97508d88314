import { describe, expect, test } from 'vitest';
import { dateText, dayNumber, epochDays, epochMs, firstDay, lastDay } from '../../src/frames/calendar.ts';

/** A day as JavaScript's own calendar has it, whose years do not begin with 1900 where they have two digits. */
function dateOf(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

describe('the calendar', () => {
  test('has the months that JavaScript has, from the year -500 to 10500, and no day before or behind one', () => {
    const wrong: string[] = [];
    for (let year = -500; year <= 10_500; year++)
      for (let month = 1; month <= 12; month++) {
        const [first, last] = [dateOf(year, month, 1), dateOf(year, month + 1, 0)];
        const [from, to] = [first.getTime() / 86_400_000, last.getTime() / 86_400_000];
        const length = last.getUTCDate();
        const isRight =
          dayNumber(year, month, 1) === from &&
          dayNumber(year, month, length) === to &&
          Number.isNaN(dayNumber(year, month, 0)) &&
          Number.isNaN(dayNumber(year, month, length + 1)) &&
          dateText(to) === last.toISOString().split('T')[0] &&
          epochDays(dateText(from)) === from;
        if (!isRight) wrong.push(`${year}-${month}`);
      }
    expect(wrong).toEqual([]);
  });

  test.each([
    [2026, 0, 1],
    [2026, 13, 1],
    [Number.NaN, 1, 1],
    [2026, Number.NaN, 1],
    [2026, 1, Number.NaN],
  ])('has no day %o-%o-%o', (year, month, day) => {
    expect(dayNumber(year, month, day)).toBeNaN();
  });

  test.each(['2026-02-29', '2026-2-01', '+002026-02-01', '-000000-01-01', '10000-01-01', '2026-02-01 '])('reads no day in %o', (text) => {
    expect(epochDays(text)).toBeUndefined();
  });

  test('has days that every system holds from the first of the year 1 to the last of 9999', () => {
    expect([dateText(firstDay), dateText(lastDay)]).toEqual(['0001-01-01', '9999-12-31']);
  });

  test.each([
    ['2026-11-26', '2026-11-26T00:00:00Z'],
    ['2026-11-26T23:35:14', '2026-11-26T23:35:14Z'],
    ['2026-11-26 23:35:14.1234567', '2026-11-26T23:35:14.123Z'],
    ['2026-11-26T23:35:14.999999999Z', '2026-11-26T23:35:14.999Z'],
    ['2026-11-26T23:35:14.5+02:00', '2026-11-26T21:35:14.500Z'],
    ['1969-12-31T23:59:59.9999', '1969-12-31T23:59:59.999Z'],
    ['-000044-03-15T12:00:00', '-000044-03-15T12:00:00Z'],
  ])('has an instant for %s', (text, instant) => {
    expect(epochMs(text)).toBe(Date.parse(instant));
  });

  test.each(['', '23:35', '2026-02-29', '2026-11-26T24:00:00', '1764200114', 'Infinity'])('has no instant for %o', (text) => {
    expect(epochMs(text)).toBeUndefined();
  });
});
