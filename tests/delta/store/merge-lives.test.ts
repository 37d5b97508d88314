import { expect, it } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { TableAt } from '../../../src/files/delta-store/head.ts';
import { Merge, type MergeRequest } from '../../../src/files/delta-store/merge/merge.ts';
import type { MergeTools } from '../../../src/files/delta-store/merge/merge-tools.ts';
import type { FilesHead } from '../../../src/files/store/head/head-log.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';
import { MergeLife } from '../../support/delta/merge-life.ts';
import { SEED, whole } from '../../support/samples.ts';
import { encodedLines } from '../../support/sim/jsonl-format.ts';
import { simulatedMerging } from '../../support/sim/merging.ts';
import { baseSchema, type Row, row, withColumn } from '../../support/sim/rows.ts';

/** Lives of tables into which a store merges beside another program: each version has the rows of the model. */
const seeds = Array.from({ length: whole ? 1000 : 10 }, (_, i) => SEED + i);
const steps = whole ? 30 : 16;
const all = { committed: 0, raced: 0, fed: 0 };

it.each(seeds)('each version has the rows of the model: seed %i', async (seed) => {
  // Every third store writes files anew instead of marking their rows, and every second table has a change feed.
  await using life = new MergeLife(seed, seed % 3 === 0 ? 'copy_on_write' : 'deletion_vectors', seed % 2 === 0);
  for (let step = 0; step < steps; step++) await life.step();
  all.committed += life.ended.committed;
  all.raced += life.ended.raced;
  all.fed += life.ended.fed;
});

it('many commits of these lives are overtaken', () => {
  expect(all.committed).toBeGreaterThan(seeds.length * 4);
  expect(all.raced).toBeGreaterThan(seeds.length);
  expect(all.fed).toBeGreaterThan(seeds.length / 2);
});

const schema = withColumn(baseSchema, 'code');
const workOf = { mode: 'merge', watermark: 'mark', keepsNewer: false, carried: [], equalities: {}, isUnique: false } as const;
const partOf = (final: string, rows: number) =>
  ({ ref: { staged: `s/${final}`, final }, role: 'data', rows, bytes: 1, checksum: '', nulls: [] }) as const;

/** A merge that finds these files. */
function mergeOf(scratch: Scratch, bodies: Readonly<Record<string, readonly Row[]>>): Merge {
  const read = async (path: string) => Buffer.from(encodedLines(schema, bodies[path] ?? []));
  const tools = simulatedMerging.tools({ files: { read } as unknown as FileSystem, scratch, where: 'lake' });
  return new Merge({ tools, place: {} as FilePlace, scratch, where: 'lake' });
}

it('a try after one that was overtaken knows between which values the keys are, without reading rows again', async () => {
  await using scratch = realScratch();
  const merge = mergeOf(scratch, { p: [row(3, 1, { code: 'c' }), row(7, 2, { code: 'g' })] });
  const request: MergeRequest = {
    ...{ table: undefined, before: undefined, work: { ...workOf, key: ['id'] } },
    to: { id: 'c', lineage: 'l', epoch: 1, schema },
    files: { removes: [], parts: [partOf('p', 2)] },
  };
  const first = await merge.at(request);
  expect(first.bounds).toEqual({ p: { id: { min: '3', max: '7' } } });
  expect((await merge.at(request)).bounds).toEqual(first.bounds);
});

it.each([
  ['is removed from rows that a backfill carries along', {}, true],
  ['stays among rows that a backfill carries along from a file with rows of other programs', { inserted: 0 }, false],
] as const)('an earlier spelling of a key %s', async (_, of, goes) => {
  await using scratch = realScratch();
  const merge = mergeOf(scratch, { p: [row(1, 9, { code: 'ANN' })], kept: [row(1, 1, { code: 'ann' }), row(2, 1, { code: 'bo' })] });
  const old = { name: 'old', bytes: 1, rows: 3, role: 'data', ...of } as const;
  const { ofParts } = await merge.at({
    table: undefined,
    before: { files: [old] } as unknown as FilesHead,
    to: { id: 'c', lineage: 'l', epoch: 2, schema },
    files: { removes: ['old'], rewritten: { old: null }, parts: [partOf('p', 1), partOf('kept', 2)] },
    work: { ...workOf, key: ['code'], carried: ['kept'], equalities: { code: { letters: 'case', isPadded: false } } },
  });
  expect([...ofParts].map(([name, { deleted }]) => [name, deleted.count])).toEqual(goes ? [['kept', 1]] : []);
});

it('a file with 2^31 rows by its footer is refused by its name', async () => {
  await using scratch = realScratch();
  const tools = simulatedMerging.tools({
    files: { read: async () => Buffer.from(encodedLines(schema, [row(1, 1)])) } as unknown as FileSystem,
    ...{ scratch, where: 'lake' },
  });
  const open: MergeTools['open'] = async (of, columns) => ({
    ...(await tools.open(of, columns)),
    ...(of.name === 'huge' && { rows: 2 ** 31 }),
  });
  const merge = new Merge({ tools: { ...tools, open }, place: {} as FilePlace, scratch, where: 'lake' });
  const fields = [{ name: 'id', type: 'long', nullable: true, metadata: {} }];
  const metadata = { id: 't', schema: { type: 'struct', fields }, partitionColumns: [], configuration: {} };
  const file = { path: 'huge', partitionValues: {}, bytes: 1, modificationTime: 1, vector: null, stats: null };
  const request: MergeRequest = {
    table: { snapshot: { protocol: {}, metadata } as unknown as TableAt['snapshot'], active: new Map([['huge', file]]), etag: '' },
    ...{ before: undefined, work: { ...workOf, key: ['id'] } },
    to: { id: 'c', lineage: 'l', epoch: 1, schema },
    files: { removes: [], parts: [partOf('p', 1)] },
  };
  await expect(merge.at(request)).rejects.toMatchObject({
    code: 'HYG-3921',
    why: [expect.stringContaining('huge has 2,147,483,648 rows')],
  });
});
