import { expect, it } from 'vitest';
import { StoreLife } from '../../support/delta/store-life.ts';
import { SEED, whole } from '../../support/samples.ts';

/** Lives of tables that a store fills beside another program: each version has the rows that the model has, and nothing stops without a reason. */
const seeds = Array.from({ length: whole ? 1000 : 15 }, (_, i) => SEED + i);
const steps = whole ? 24 : 12;
const all = { committed: 0, stopped: 0 };

it.each(seeds)('each version has the rows of the model: seed %i', async (seed) => {
  await using life = new StoreLife(seed);
  for (let step = 0; step < steps; step++) await life.step();
  all.committed += life.ended.committed;
  all.stopped += life.ended.stopped;
});

it('most commits of these lives count', () => {
  expect(all.committed).toBeGreaterThan(seeds.length * 2);
  expect(all.stopped).toBeLessThan(all.committed / 4);
});
