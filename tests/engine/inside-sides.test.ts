import { expect, test } from 'vitest';
import type { Home } from '../../src/engine/contracts/home.ts';
import { type InsideRequest, insideSides, proofOf } from '../../src/engine/verify/inside.ts';

const never = new AbortController().signal;

/** Homes that no question may reach. */
const untouched = new Proxy({} as Home, {
  get: () => {
    throw new Error('asked');
  },
});
const request = (byRow: InsideRequest['byRow'], home = untouched): InsideRequest =>
  ({ source: { home, window: {} }, destination: { home, window: {} }, columns: [], key: [], byRow }) as unknown as InsideRequest;
const of = (sides: InsideRequest) => ({ sides, where: { source: 'a', destination: 'b' }, spec: {}, ports: {} }) as never;

test('rows that have to be looked at one by one are read, and no system is asked for sums of them', async () => {
  expect(await insideSides(request('rules'), never)).toEqual({ side: null, what: 'rules' });
});

test.each(['rules', 'deletes'] as const)('there is no statement that proves rows which are judged one by one (%s)', async (byRow) => {
  expect(await proofOf(of(request(byRow)), never)).toBeNull();
});

test('of systems that sum nothing, the source is reported first, and there is no statement', async () => {
  const without = request(null, {} as Home);
  expect(await insideSides(without, never)).toEqual({ side: 'source', what: 'system' });
  expect(await proofOf(of(without), never)).toBeNull();
});
