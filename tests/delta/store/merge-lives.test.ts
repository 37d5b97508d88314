import { expect, it } from 'vitest';
import { MergeLife } from '../../support/delta/merge-life.ts';
import { SEED, whole } from '../../support/samples.ts';

/** Lives of tables into which a store merges beside another program: each version has the rows of the model. */
const seeds = Array.from({ length: whole ? 1000 : 50 }, (_, i) => SEED + i);
const steps = whole ? 30 : 16;
const all = { committed: 0, raced: 0 };

it.each(seeds)('each version has the rows of the model: seed %i', async (seed) => {
  // Every third store writes files anew instead of marking their rows.
  await using life = new MergeLife(seed, seed % 3 === 0 ? 'copy_on_write' : 'deletion_vectors');
  for (let step = 0; step < steps; step++) await life.step();
  all.committed += life.ended.committed;
  all.raced += life.ended.raced;
});

it('many commits of these lives are overtaken', () => {
  expect(all.committed).toBeGreaterThan(seeds.length * 4);
  expect(all.raced).toBeGreaterThan(seeds.length);
});
