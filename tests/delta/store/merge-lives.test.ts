import { expect, it } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { Merge, type MergeRequest } from '../../../src/files/delta-store/merge.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { MergeLife } from '../../support/delta/merge-life.ts';
import { SEED, whole } from '../../support/samples.ts';
import { encodedLines } from '../../support/sim/jsonl-format.ts';
import { simulatedMerging } from '../../support/sim/merging.ts';
import { baseSchema, row } from '../../support/sim/rows.ts';

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

it('a try after one that was overtaken knows between which values the keys are, without reading rows again', async () => {
  await using scratch = realScratch();
  const [where, body] = ['lake', Buffer.from(encodedLines(baseSchema, [row(3, 1), row(7, 2)]))];
  const files = { read: async () => body } as unknown as FileSystem;
  const merge = new Merge({ tools: simulatedMerging.tools({ files, scratch, where }), place: {} as FilePlace, scratch, where });
  const ref = { staged: 's', final: 'p.jsonl' };
  const part = { ref, role: 'data', rows: 2, bytes: body.length, checksum: '', nulls: [] } as const;
  const work = { mode: 'merge', key: ['id'], watermark: 'mark', keepsNewer: false, carried: [], equalities: {}, isUnique: false } as const;
  const request: MergeRequest = {
    ...{ table: undefined, before: undefined, work },
    to: { id: 'c', lineage: 'l', epoch: 1, schema: baseSchema },
    files: { removes: [], parts: [part] },
  };
  const first = await merge.at(request);
  expect(first.bounds).toEqual({ 'p.jsonl': { id: { min: '3', max: '7' } } });
  expect((await merge.at(request)).bounds).toEqual(first.bounds);
});
