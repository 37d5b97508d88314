import { expect, test } from 'vitest';
import { withoutDateLiterals } from '../../src/frames/sql.ts';

test.each([
  ["day > DATE '2020-01-01'", "day > date('2020-01-01')"],
  ["day BETWEEN date  '2020-01-01' AND DATE '2020-02-01'", "day BETWEEN date('2020-01-01') AND date('2020-02-01')"],
  ["note = 'of date ''2020-01-01'' or so'", "note = 'of date ''2020-01-01'' or so'"],
  [`"a date '1'" = 1 and update 'x'`, `"a date '1'" = 1 and update 'x'`],
  ["date(day) = '2020-01-01'", "date(day) = '2020-01-01'"],
])('a literal of a date is the function, and texts and names stay: %s', (written, asked) => {
  expect(withoutDateLiterals(written)).toBe(asked);
});
