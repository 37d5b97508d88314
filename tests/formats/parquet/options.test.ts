import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localStore } from '../../../src/files/connectors/config.ts';
import { compressions } from '../../../src/formats/parquet/codecs.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { duck } from '../../support/duck.ts';
import { frameOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: true },
    { name: 'text', type: { kind: 'string' }, nullable: true },
  ],
};
const values = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => [BigInt(from + i), (from + i) % 3 === 0 ? null : `value ${from + i} of many`]);

/** As the store's config gives them to the format. */
function checked(keys: Readonly<Record<string, unknown>>) {
  return localStore.parse({ path: '/lake', base: '/lake', format: 'parquet', ...keys });
}

async function written(keys: Readonly<Record<string, unknown>>, cuts: readonly number[] = [0, 1_000]) {
  const folder = await testFolder();
  const path = join(folder, 'out.parquet');
  const frames = await Promise.all(cuts.slice(1).map((to, i) => frameOf(schema, values(cuts[i] ?? 0, to))));
  const { compression, ...rest } = checked(keys) as unknown as Readonly<Record<string, string>>;
  const watermark = { column: 'id', type: { kind: 'int64' } } as const;
  const summary = await writeParquet(path, frames, { schema, scratch: testScratch(folder), watermark, keys: { ...rest, compression } });
  const groups = await duck(
    `select row_group_num_rows::int n, lower(compression) c, stats_min_value mn, stats_max_value mx, stats_null_count nc
     from parquet_metadata('${path}') where path_in_schema = 'id' order by row_group_id`,
  );
  return { path, summary, groups };
}

describe('compression', () => {
  test.each(compressions)('%s can be asked for in the config, and is what a second reader finds', async (compression) => {
    const { path, groups } = await written({ compression });
    expect(groups.map(({ c }) => c)).toEqual([compression === 'lz4' ? 'lz4_raw' : compression]);
    expect(await duck(`select count(*)::int n, sum(id)::int s from '${path}'`)).toEqual([{ n: 1_000, s: 499_500 }]);
  });

  test.each([
    ['zstd', 1, 22],
    ['gzip', 0, 9],
    ['brotli', 0, 11],
  ] as const)('%s takes levels from %i to %i, and the highest is the smallest file', async (compression, lowest, highest) => {
    const [low, high] = [
      await written({ compression, compression_level: lowest }),
      await written({ compression, compression_level: highest }),
    ];
    expect(high.summary.bytes).toBeLessThanOrEqual(low.summary.bytes);
    for (const level of [lowest - 1, highest + 1])
      expect(() => checked({ compression, compression_level: level })).toThrow(`from ${lowest} to ${highest} with ${compression}`);
  });

  test.each(['snappy', 'lz4', 'uncompressed'])('%s has no levels', (compression) => {
    expect(() => checked({ compression, compression_level: 1 })).toThrow(`${compression} has no levels`);
  });
});

describe('row_group_size', () => {
  test('is the most rows of a group; groups of a frame are even', async () => {
    const { groups } = await written({ row_group_size: 300 }, [0, 1_000, 1_100]);
    expect(groups.map(({ n }) => n)).toEqual([250, 250, 250, 250, 100]);
  });

  test('has a limit, because statistics of larger groups would be wrong', () => {
    expect(() => checked({ row_group_size: 200_001 })).toThrow('200000');
  });
});

describe('statistics', () => {
  test('are written where nothing is said', async () => {
    const { groups } = await written({});
    expect(groups).toMatchObject([{ mn: '0', mx: '999', nc: '0' }]);
  });

  test('are left out when they are not wanted, and the summary is exact all the same', async () => {
    const { summary, groups } = await written({ statistics: false, row_group_size: 100 }, [0, 500, 1_000]);
    expect(groups).toHaveLength(10);
    for (const group of groups) expect(group).toMatchObject({ mn: null, mx: null, nc: null });
    expect(summary).toMatchObject({ rows: 1_000, nulls: [0, 334], min: '0', max: '999' });
  });
});
