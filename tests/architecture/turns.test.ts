import { afterAll, describe, expect, test } from 'vitest';
import { turnOfDay, whole } from '../support/day.ts';
import { takeTurns } from '../support/turns.ts';

const november = Array.from({ length: 30 }, (_, n) => 20_261_101 + n);

test.each([2, 3, 4])('of %i turns each comes soon, and on days of any other rhythm as well', (of) => {
  const turns = november.map((on) => turnOfDay(of, on));
  expect(turns.every((turn) => Number.isInteger(turn) && turn >= 0 && turn < of)).toBe(true);
  // 3 days for two turns: bugs are planted with the samples of as many.
  for (let first = 0; first + 2 * of <= turns.length; first++)
    expect(new Set(turns.slice(first, first + (of === 2 ? 3 : 2 * of))).size).toBe(of);
  for (const rhythm of [2, 3, 4, 5, 8]) {
    const days = Array.from({ length: 40 }, (_, n) => 20_261_101 + n * rhythm);
    expect(new Set(days.map((on) => turnOfDay(of, on))).size).toBe(of);
  }
});

describe('of five tests that take turns', () => {
  takeTurns(2, { daily: /^fifth$/ });
  const ran: string[] = [];
  test.each(['first', 'second', 'third', 'fourth', 'fifth'])('%s', (name) => {
    ran.push(name);
  });
  afterAll(() => {
    const asked = process.env.HYGGE_TURNS;
    if (whole || asked === undefined) expect(ran).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
    else if (asked !== 'today') expect(ran).toEqual([]);
    // Three stand above them in this file.
    else expect(ran).toEqual(turnOfDay(2) === 1 ? ['first', 'third', 'fifth'] : ['second', 'fourth', 'fifth']);
  });
});
