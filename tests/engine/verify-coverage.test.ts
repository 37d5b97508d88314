import { describe, expect, test } from 'vitest';
import { covers, takesPlaceOf } from '../../src/engine/verify/coverage.ts';
import type { Verification } from '../../src/ports/state.ts';

const whole: Verification = {
  verdict: 'same',
  by: 'checksums',
  because: null,
  rows: null,
  differences: null,
  range: null,
  sample: 1,
  columns: null,
};
const range = { from: '2024-01-01', to: '2024-02-01' };
const parts: readonly (readonly [string, Partial<Verification>])[] = [
  ['a range', { range }],
  ['a sample', { sample: 0.1 }],
  ['some columns', { columns: ['a', 'b'] }],
  ['the counts', { by: 'counts' }],
];

describe('a comparison', () => {
  test.each(parts)('of the whole looks at all that one of %s does, and not the other way round', (_, part) => {
    expect(covers(whole, { ...whole, ...part })).toBe(true);
    expect(covers({ ...whole, ...part }, whole)).toBe(false);
    expect(covers({ ...whole, ...part }, { ...whole, ...part })).toBe(true);
  });

  test('of a larger sample and of more columns looks at more, and one of another range at something else', () => {
    expect(covers({ ...whole, sample: 0.2 }, { ...whole, sample: 0.1 })).toBe(true);
    expect(covers({ ...whole, sample: 0.1 }, { ...whole, sample: 0.2 })).toBe(false);
    expect(covers({ ...whole, columns: ['a', 'b', 'c'] }, { ...whole, columns: ['b'] })).toBe(true);
    expect(covers({ ...whole, columns: ['a'] }, { ...whole, columns: ['a', 'b'] })).toBe(false);
    expect(covers({ ...whole, range }, { ...whole, range: { ...range, to: '2024-03-01' } })).toBe(false);
  });
});

describe('a verdict', () => {
  const differs: Verification = { ...whole, verdict: 'differs' };
  const unknown: Verification = { ...whole, verdict: 'not told' };

  test.each(parts)('of the whole stands, whatever one of %s says, but for a difference', (_, part) => {
    expect(takesPlaceOf({ ...whole, ...part }, whole)).toBe(false);
    expect(takesPlaceOf({ ...whole, ...part }, differs)).toBe(false);
    expect(takesPlaceOf({ ...differs, ...part }, differs)).toBe(false);
    expect(takesPlaceOf({ ...differs, ...part }, whole)).toBe(true);
    expect(takesPlaceOf(whole, { ...differs, ...part })).toBe(true);
    expect(takesPlaceOf({ ...whole, ...part }, { ...differs, ...part })).toBe(true);
    expect(takesPlaceOf({ ...unknown, ...part }, whole)).toBe(false);
  });

  test('that could not be told takes the place of no difference, and any other one takes its place', () => {
    expect(takesPlaceOf(unknown, differs)).toBe(false);
    expect(takesPlaceOf(unknown, whole)).toBe(true);
    expect(takesPlaceOf({ ...whole, range }, unknown)).toBe(true);
  });
});
