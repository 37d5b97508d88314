import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionsIn, rangesOf, shortenedRanges } from '../../src/engine/plan/entity-positions.ts';
import { divideIntoLanes } from '../../src/engine/plan/plan-flow.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { SEED } from '../support/samples.ts';
import { simulated } from '../support/sim/at-once.ts';

const names = Array.from({ length: 12 }, (_, i) => `e${i}`);

/** Lanes for entities whose last runs moved so many bytes. */
async function lanes(bytes: readonly number[], count: number, entities = rangesOf(bytes.map((_, i) => i))) {
  const { ports } = simulated({});
  const rows = bytes.map((size, i) => ({ entity: names[i] ?? '', bytes: size })) as unknown as JournalRow[];
  const state = { ...ports.state, journal: async () => rows };
  return (await divideIntoLanes({ flow: 'shop', entities, lanes: count }, { state }, names)).lanes;
}

describe('lanes', () => {
  test('are one for each entity when there are enough', async () => {
    expect(await lanes([1, 1, 1], 4)).toEqual(['0', '1', '2']);
  });

  test('weigh about the same', async () => {
    const large = 1_000_000_000;
    expect(await lanes([large, 1, 1, 1, 1, large], 3)).toEqual(['0', '1-4', '5']);
    expect(await lanes([1, 1, 1, 1, 1, 1], 3)).toEqual(['0-1', '2-3', '4-5']);
  });

  test('hold only entities that were asked for, in the order of the flow', async () => {
    expect(await lanes([1, 1, 1, 1, 1, 1], 2, '0,2-3,5')).toEqual(['0,2', '3,5']);
  });

  test('take an entity of which nothing is known for one of the usual size', async () => {
    const large = 1_000_000_000;
    expect(await lanes([large, 0, large, 0], 2)).toEqual(['0-1', '2-3']);
  });

  test.each([
    ['one for each of 700 entities', Array.from({ length: 700 }, (_, i) => i), 700],
    ['stretches of 3,000 entities', Array.from({ length: 3_000 }, (_, i) => i), 1_000],
    ['every other one of 600 entities', Array.from({ length: 300 }, (_, i) => 2 * i), 2_000],
  ])('are fewer when so many would be too much to say: %s', async (_, positions, count) => {
    const entities = rangesOf(positions);
    const found = await lanes(
      positions.map(() => 1),
      count,
      entities,
    );
    expect(JSON.stringify({ done: { lanes: found } }).length).toBeLessThan(4_000);
    expect(found.length).toBeGreaterThan(200);
    expect(found.flatMap(positionsIn)).toEqual(positions);
  });

  test('hold every entity once, and are as light as they can be', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 6 }), async (bytes, count) => {
        const found = await lanes(bytes, count);
        expect(found.length).toBeLessThanOrEqual(Math.max(count, 1));
        expect(found.flatMap(positionsIn)).toEqual(bytes.map((_, i) => i));
        const weight = (lane: readonly number[]) => lane.reduce((sum, i) => sum + (bytes[i] ?? 0) + 4 * 1024 * 1024, 0);
        const heaviest = Math.max(...found.map(positionsIn).map(weight));
        const all = weight(bytes.map((_, i) => i));
        const single = Math.max(...bytes) + 4 * 1024 * 1024;
        expect(heaviest).toBeLessThanOrEqual(all / count + single + 1);
      }),
      { seed: SEED },
    );
  });
});

describe('positions as text', () => {
  const positions = fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { maxLength: 400 });

  test('come back as they were', () => {
    fc.assert(
      fc.property(positions, (given) => {
        expect(positionsIn(rangesOf(given))).toEqual([...given].sort((a, b) => a - b));
      }),
      { seed: SEED },
    );
    expect([rangesOf([]), rangesOf([4, 0, 1, 2, 9]), positionsIn('')]).toEqual(['', '0-2,4,9', []]);
  });

  test('get coarser where they have to be short, and lose none', () => {
    fc.assert(
      fc.property(positions, fc.integer({ min: 9, max: 200 }), (given, most) => {
        const text = shortenedRanges(given, most);
        expect(text.length).toBeLessThanOrEqual(most);
        const kept = new Set(positionsIn(text));
        expect(given.every((position) => kept.has(position))).toBe(true);
        if (rangesOf(given).length <= most) expect(text).toBe(rangesOf(given));
      }),
      { seed: SEED },
    );
  });
});
