import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statsWithRoom } from '../../../src/delta/log/actions.ts';
import { snapshotOf } from '../../../src/delta/log/log.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { duck } from '../../support/duck.ts';
import { add, features, metaData, padded, protocol, vector, WrittenLog } from './written-log.ts';

const SEED = 63;
const name = `${padded(3)}.checkpoint.parquet`;

/** Files with all that a checkpoint may say of them. */
const many = Array.from({ length: 500 }, (_, i) =>
  add(`p=${i % 7}/é ${'x'.repeat(i % 40)}${i}.parquet`, {
    partitionValues: { p: i % 7 === 0 ? null : `ö${i % 7}`, q: '' },
    size: i % 3 === 0 ? 2 ** 40 + i : i,
    stats: i % 5 === 0 ? null : `{"numRecords":${i}}`,
    ...(i % 4 === 0 ? vector(`v${i}`, i + 1, i % 8 === 0 ? undefined : i) : {}),
  }),
);
const described = [
  features('deletionVectors', 'columnMapping'),
  metaData({ partitionColumns: ['p'], description: 'what', configuration: { 'delta.a': 'b', 'delta.c': 'd' } }),
];

describe('a checkpoint', () => {
  test.each([
    '',
    ', compression zstd',
    ', compression gzip, row_group_size 2048',
    ', compression uncompressed',
    ', compression lz4_raw',
    ', compression brotli',
    ', parquet_version v2',
    ', parquet_version v2, compression zstd, dictionary_size_limit 1',
  ])('says what the commits say, written with%s', async (options) => {
    const log = await WrittenLog.of([...described, ...many]);
    const { version: _, timestamp: _time, ...commits } = await snapshotOf(log.access, 'newest');
    await log.removeCommits(0, 0);
    await log.parquet(name, [...described, ...many], options);
    expect(await snapshotOf(log.access, 'newest')).toMatchObject({ ...commits, version: 3 });
  });

  test('with any byte of it changed is read or refused, and never ends the process', async () => {
    const log = await WrittenLog.of([]);
    await log.removeCommits(0, 0);
    await log.parquet(name, [...described, ...many.slice(0, 60)]);
    const whole = await readFile(join(log.folder, '_delta_log', name));
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), async (changes, isLate) => {
        const bytes = Buffer.from(whole);
        // Half of them are in the footer.
        for (const { at, byte } of changes) {
          const place = isLate ? whole.length - 1 - (at % Math.min(2_000, whole.length)) : at;
          bytes[place] = (bytes[place] ?? 0) ^ byte;
        }
        await log.write(name, bytes);
        const outcome = await snapshotOf(log.access, 'newest').catch((error: unknown) => error);
        expect(outcome instanceof HyggeError || (outcome as { readonly version?: number }).version === 3, String(outcome)).toBe(true);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('makes the text of statistics where it has them in columns alone', async () => {
    const log = await WrittenLog.of([protocol(), metaData()]);
    const bound = (
      of: string,
    ) => `{i: ${of === 'min' ? '-3' : '9007199254740993'}::bigint, t: 'a"b ${of}', d: DATE '2024-02-29', dec: ${of === 'min' ? '-0.05' : '123.45'}::decimal(9,2),
      big: ${of === 'min' ? '-12345678901234567890.5' : '0'}::decimal(38,1), ts: TIMESTAMPTZ '1969-12-31 23:59:59.999999Z', ntz: TIMESTAMP '2024-01-01 00:00:00',
      x: ${of === 'min' ? "'-0.0'" : "'NaN'"}::double, n: {deep: true, none: null::integer}}`;
    const stats = `{numRecords: 7::bigint, minValues: ${bound('min')}, maxValues: ${bound('max')}, nullCount: {i: 0::bigint, n: {deep: 2::bigint}}}`;
    const file = (path: string, parsed: string) =>
      `{path: '${path}', partitionValues: MAP {}::MAP(VARCHAR, VARCHAR), size: 1, modificationTime: 1, dataChange: false, stats: null::varchar, stats_parsed: ${parsed}}`;
    const schema = JSON.stringify({ type: 'struct', fields: [] });
    await duck(
      `set timezone = 'UTC'`,
      `copy (select ${file('a', stats)} as "add", null as protocol, null as "metaData"
         union all select {path: 'b', partitionValues: MAP {}::MAP(VARCHAR, VARCHAR), size: 1, modificationTime: 1, dataChange: false, stats: null, stats_parsed: null}, null, null
         union all select null, {minReaderVersion: 1, minWriterVersion: 2}, null
         union all select null, null, {id: 'x', schemaString: '${schema}'})
       to '${join(log.folder, '_delta_log', name)}' (format parquet)`,
    );
    const { files } = await snapshotOf(log.access, 'newest');
    expect(files.map(({ path }) => path).sort()).toEqual(['a', 'b']);
    expect(files.find(({ path }) => path === 'b')?.stats).toBeNull();
    const shared = '"d":"2024-02-29"';
    const times = '"ts":"1969-12-31T23:59:59.999999Z","ntz":"2024-01-01T00:00:00.000000"';
    expect(files.find(({ path }) => path === 'a')?.stats).toBe(
      `{"numRecords":7,"minValues":{"i":-3,"t":"a\\"b min",${shared},"dec":-0.05,"big":-12345678901234567890.5,${times},"x":-0.0,"n":{"deep":true}},` +
        `"maxValues":{"i":9007199254740993,"t":"a\\"b max",${shared},"dec":123.45,"big":0.0,${times},"x":"NaN","n":{"deep":true}},` +
        `"nullCount":{"i":0,"n":{"deep":2}}}`,
    );
  });
});

test('statistics are kept while there is room, and then the number of records alone', () => {
  const keep = statsWithRoom(60);
  const stats = '{"numRecords":5,"minValues":{"id":1}}';
  expect([
    keep(stats),
    keep(stats),
    keep('{"minValues":{"a":"longer than the room that is left"}}'),
    keep('no JSON that is longer than the room'),
  ]).toEqual([stats, '{"numRecords":5}', null, null]);
});
