import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import type { Watermark } from '../../../src/frames/watermark.ts';
import { collect } from '../../support/collect.ts';
import { duck } from '../../support/duck.ts';
import { firstOf, frameOf, framesOf, sourceOf, testFolder, testScratch, wholeFile, writeParquet } from '../../support/parquet-files.ts';
import { patchParquet } from '../../support/patched-parquet.ts';
import { cases } from '../../support/samples.ts';

const parquet = parquetFormat({});

const int64 = { kind: 'int64' } as const;
const schema = { columns: [{ name: 'id', type: int64, nullable: true }] } as const;
const at = (text: string): Watermark => ({ column: 'id', type: int64, text });

async function groupsOf(groups: readonly (readonly (bigint | null)[])[]) {
  const folder = await testFolder();
  const scratch = testScratch(folder);
  const path = join(folder, 'groups.parquet');
  const frames = await Promise.all(
    groups.map((group) =>
      frameOf(
        schema,
        group.map((id) => [id]),
      ),
    ),
  );
  await writeParquet(path, frames, { schema, scratch });
  return { path, scratch, source: await sourceOf(path) };
}

test('whatever the groups and the window are, exactly the rows of the window are read', async () => {
  const value = fc.option(fc.bigInt(-6n, 6n), { freq: 4 });
  const edge = fc.option(fc.record({ text: fc.bigInt(-7n, 7n).map(String), inclusive: fc.boolean() }));
  const groups = fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(groups, edge, edge, fc.constantFrom('include' as const, 'exclude' as const), async (values, lower, upper, nulls) => {
      const { source, scratch } = await groupsOf(values);
      const window = { ...wholeFile, column: { column: 'id', type: int64 }, lower, upper, nulls };
      const inside = (id: bigint | null): boolean => {
        if (id === null) return nulls === 'include';
        const over = lower === null || id > BigInt(lower.text) || (lower.inclusive && id === BigInt(lower.text));
        return over && (upper === null || id < BigInt(upper.text) || (upper.inclusive && id === BigInt(upper.text)));
      };
      const frames = await collect(framesOf({ source, scratch, window }));
      const wanted = values.flat().filter(inside);
      expect(frames.reduce((sum, frame) => sum + frame.rows, 0)).toBe(wanted.length);
      const nullsRead = await Promise.all(frames.map((frame) => frame.nullCounts()));
      expect(nullsRead.reduce((sum, [count = 0]) => sum + count, 0)).toBe(wanted.filter((id) => id === null).length);
      const could = await parquet.within({ source, content: await parquet.inspect(source, null), window });
      for (const [index, group] of values.entries()) if (group.some(inside)) expect(could[index]).toBe(true);
    }),
    cases(40),
  );
});

describe('a frame that was not looked into', () => {
  test('is split by its statistics alone when the value is outside them', async () => {
    const { path, source, scratch } = await groupsOf([[1n, 2n, 3n]]);
    const frame = await firstOf(framesOf({ source, scratch }));
    await rename(path, `${path}.moved`);
    const split = await frame.split(at('9'), 'with rest');
    expect([split?.ties.rows, split?.rest]).toEqual([0, frame]);
  });

  test('is looked into when the value may be there', async () => {
    const { source, scratch } = await groupsOf([[1n, 3n, 3n]]);
    const frame = await firstOf(framesOf({ source, scratch }));
    const split = await frame.split(at('3'), 'with rest');
    expect([split?.ties.rows, split?.rest.rows]).toEqual([2, 1]);
  });

  test('is looked into for its nulls when these go with the ties', async () => {
    const { source, scratch } = await groupsOf([[1n, null]]);
    const frame = await firstOf(framesOf({ source, scratch }));
    const split = await frame.split(at('9'), 'with ties');
    expect([split?.ties.rows, split?.rest.rows]).toEqual([1, 1]);
  });

  test.each([
    ['another file', 'select 1::bigint id'],
    ['a file whose column has another type', "select 'x' id from range(3)"],
  ])('is refused when %s is there by then', async (_, other) => {
    const { path, source, scratch } = await groupsOf([[1n, 2n, 3n]]);
    const content = await parquet.inspect(source, null);
    await duck(`copy (${other}) to '${path}' (format parquet)`);
    const replaced = await sourceOf(path);
    await expect(firstOf(framesOf({ source: replaced, scratch, content })).then((frame) => frame.fingerprint())).rejects.toMatchObject({
      code: 'HYG-3105',
      tryThis: expect.arrayContaining([expect.stringContaining('run again')]),
    });
  });
});

test.each<[string, DataType['kind'], string]>([
  ['uinteger', 'uint32', '4294967295'],
  ['ubigint', 'uint64', '18446744073709551615'],
  ['decimal(38, 2)', 'decimal', '-0.01'],
  ['decimal(9, 2)', 'decimal', '9999999.99'],
  ['date', 'date', '0001-01-01'],
  ['timestamp_ns', 'timestamp', '2262-04-11T23:47:16.854775806'],
])('the statistics of a %s are exact', async (type, kind, text) => {
  const folder = await testFolder();
  const path = join(folder, 'one.parquet');
  await duck(`copy (select '${text}'::${type} c) to '${path}' (format parquet)`);
  const source = await sourceOf(path, 'remote');
  const content = await parquet.inspect(source, null);
  const { bytes } = source.reads;
  const found = await parquet.max({ source, content, column: 'c', cap: null, scratch: testScratch(folder) });
  expect([found?.max.type.kind, found?.max.text, found?.min, source.reads.bytes]).toEqual([kind, text, text, bytes]);
});

test('a bound of texts is none where its writer does not say whether it cut it short', async () => {
  const folder = await testFolder();
  const path = join(folder, 'one.parquet');
  await duck(`copy (select 'name ' || range as c from range(10)) to '${path}' (format parquet)`);
  await patchParquet(path, {
    statistics: (statistics) => {
      for (const said of [7, 8]) statistics.delete(said);
      const max = statistics.get(5);
      if (max) statistics.set(5, { ...max, value: Buffer.from('namf') });
    },
  });
  const source = await sourceOf(path);
  const request = { source, content: await parquet.inspect(source, null), column: 'c', scratch: testScratch(folder) };
  expect(await parquet.max({ ...request, cap: null })).toMatchObject({ max: { text: 'name 9' } });
});
