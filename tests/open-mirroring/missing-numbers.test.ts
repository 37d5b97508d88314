import { expect, test } from 'vitest';
import { type LandedNumbers, missingBeforeWaiting } from '../../src/files/landing-zone/numbers.ts';

const landed = (numbers: readonly number[], taken: readonly number[] = []): LandedNumbers => ({
  ...{ numbers, taken: new Set(taken), twice: [], others: [], hasMetadata: true },
});
const [published, now] = ['2026-11-20T08:00:00.000Z', '2026-11-21T08:00:00.000Z'];

test.each<readonly [string, LandedNumbers, number | undefined]>([
  ['the first file of the last commit is gone', landed([6, 7]), 5],
  ['a later file of it is gone', landed([5, 7], [5]), 6],
  ['an earlier commit’s file is gone, which Fabric may have removed', landed([5, 6]), undefined],
  ['Fabric has the file before the one that waits', landed([5, 6], [5]), undefined],
  ['no file waits', landed([5, 6], [5, 6]), undefined],
])('where %s', (_, found, missing) => {
  expect(missingBeforeWaiting(found, { first: 5, publishedAt: published }, now)).toBe(missing);
  expect(missingBeforeWaiting(found, undefined, now)).toBeUndefined();
  expect(missingBeforeWaiting(found, { first: 5, publishedAt: published }, '2026-12-20T08:00:00.000Z')).toBeUndefined();
});
