import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { Window } from '../../../src/engine/contracts/home.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { PolarsFrame } from '../../../src/frames/values/polars-frame.ts';
import { addFingerprints, emptyFingerprint } from '../../../src/frames/watermark.ts';
import { parseWatermark } from '../../../src/frames/watermark-text.ts';
import { collect } from '../../support/collect.ts';
import { duck } from '../../support/duck.ts';
import { framesOf, sourceOf, testFolder, testScratch, wholeFile, writeParquet } from '../../support/parquet-files.ts';
import { patchParquet } from '../../support/patched-parquet.ts';

const parquet = parquetFormat({});

/** 20,000 rows in 10 row groups; `ts` has ties and nulls, `note` is text in no order. */
const table = `select i::bigint id, case when i % 50 = 7 then null else timestamp '2024-01-01' + to_hours((i / 3)::int) end ts,
  'n' || hash(i) note, (i / 7)::decimal(18, 4) amount, case when i < 4096 then null else i end late, [i, null] items,
  ('00000000-0000-0000-0000-' || printf('%012d', i))::uuid code, date '2020-01-01' + (i % 900)::int "day"
  from range(20000) t(i)`;

/** Made once: each test has a copy. */
let made: Promise<string> | undefined;
const theTable = (): Promise<string> => {
  made ??= (async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'hygge-reading-')), 'table.parquet');
    await duck(`copy (${table}) to '${path}' (format parquet, row_group_size 2048)`);
    return path;
  })();
  return made;
};
afterAll(async () => made && rm(dirname(await made), { recursive: true }));

async function given(sql = table) {
  const folder = await testFolder();
  const path = join(folder, 'source.parquet');
  if (sql === table) await copyFile(await theTable(), path);
  else await duck(`copy (${sql}) to '${path}' (format parquet)`);
  const source = await sourceOf(path);
  return { folder, path, source, scratch: testScratch(folder), content: await parquet.inspect(source, null) };
}

async function windowOn(
  column: string,
  edges: { from?: string; to?: string; open?: boolean; nulls?: Window['nulls'] },
  source: Awaited<ReturnType<typeof sourceOf>>,
) {
  const { schema } = await parquet.inspect(source, null);
  const found = schema.columns.find(({ name }) => name === column);
  if (!found) throw new Error(`no ${column}`);
  const of = { column, type: found.type };
  const edge = (text: string | undefined) => (text === undefined ? null : { text: parseWatermark(text, of).text, inclusive: !edges.open });
  return { ...wholeFile, column: of, lower: edge(edges.from), upper: edge(edges.to), nulls: edges.nulls ?? 'exclude' } satisfies Window;
}

const total = (frames: readonly Frame[]): number => frames.reduce((sum, frame) => sum + frame.rows, 0);
async function print(frames: readonly Frame[]) {
  let sum = emptyFingerprint;
  for (const frame of frames) sum = addFingerprints(sum, await frame.fingerprint());
  return sum;
}

describe('inspecting', () => {
  test('reads the footer and nothing else', async () => {
    const { source } = await given();
    expect(source.reads.bytes).toBeLessThan(64 * 1024 + 8);
  });

  test('tells types, nullability, rows and row groups in the words of the file', async () => {
    const { content } = await given();
    expect(content.rows).toBe(20_000);
    expect(content.pieces.map(({ rows }) => rows)).toEqual([...Array.from({ length: 9 }, () => 2048), 1568]);
    expect(content.schema.columns.slice(0, 4)).toEqual([
      { name: 'id', type: { kind: 'int64' }, nullable: true, sourceType: 'INT64 INT_64' },
      { name: 'ts', type: { kind: 'timestamp', unit: 'us' }, nullable: true, sourceType: 'INT64 TIMESTAMP' },
      { name: 'note', type: { kind: 'string' }, nullable: true, sourceType: 'BYTE_ARRAY UTF8' },
      { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 4 }, nullable: true, sourceType: 'INT64 DECIMAL' },
    ]);
  });
});

describe('frames', () => {
  test('hold every row once, whatever their size', async () => {
    const { source, scratch } = await given();
    const whole = await collect(framesOf({ source, scratch }));
    const small = await collect(framesOf({ source, scratch, frameRows: 300 }));
    const tight = await collect(framesOf({ source, scratch, frameBytes: 100_000 }));
    expect([total(whole), total(small), total(tight)]).toEqual([20_000, 20_000, 20_000]);
    expect([whole.length, small.length > 25, tight.length > 10]).toEqual([1, true, true]);
    expect(await print(small)).toEqual(await print(whole));
    expect(await print(tight)).toEqual(await print(whole));
  });

  test('are cut along row groups where these are small enough', async () => {
    const { source, scratch } = await given();
    const frames = await collect(framesOf({ source, scratch, frameRows: 5000 }));
    expect(frames.map(({ rows }) => rows)).toEqual([4096, 4096, 4096, 4096, 3616]);
  });

  test('of two runs of pieces are those of the whole file', async () => {
    const { source, scratch } = await given();
    const [first, second] = await Promise.all([
      collect(framesOf({ source, scratch, to: 4 })),
      collect(framesOf({ source, scratch, from: 4 })),
    ]);
    expect([total(first), total(second)]).toEqual([8192, 11_808]);
    expect(addFingerprints(await print(first), await print(second))).toEqual(await print(await collect(framesOf({ source, scratch }))));
  });

  test('are the same from a place that only gives ranges, which are fetched as they are needed', async () => {
    const { path, source, scratch } = await given();
    const remote = await sourceOf(path, 'remote');
    expect(await print(await collect(framesOf({ source: remote, scratch })))).toEqual(
      await print(await collect(framesOf({ source, scratch }))),
    );
    const one = await sourceOf(path, 'remote');
    await collect(framesOf({ source: one, scratch, from: 3, to: 4 }));
    expect(one.reads.bytes).toBeLessThan(one.bytes / 4);
  });

  test('of a few columns cost a remote place only their pages', async () => {
    const { path, source, scratch } = await given();
    const columns = ['code', 'id'];
    const remote = await sourceOf(path, 'remote');
    expect(await print(await collect(framesOf({ source: remote, scratch, columns })))).toEqual(
      await print(await collect(framesOf({ source, scratch, columns }))),
    );
    const all = await sourceOf(path, 'remote');
    await collect(framesOf({ source: all, scratch }));
    expect(remote.reads.bytes).toBeLessThan(all.reads.bytes);
  });

  test('hold the columns that were asked for, in that order', async () => {
    const { source, scratch } = await given();
    const [frame] = await collect(framesOf({ source, scratch, columns: ['code', 'id'] }));
    expect(frame?.schema.columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ['code', 'uuid'],
      ['id', 'int64'],
    ]);
  });

  test('that pass untouched stay a plan with the nulls that the footer knows', async () => {
    const { source, scratch } = await given();
    const columns = ['id', 'ts', 'late', 'note'];
    const [frame] = await collect(framesOf({ source, scratch, columns }));
    const known = await frame?.nullCounts();
    if (!(frame instanceof PolarsFrame)) throw new Error('not a Polars frame');
    const [counted] = await duck(`select ${columns.map((name) => `count(*) - count(${name}) as ${name}`).join(', ')} from (${table})`);
    expect(known).toEqual(columns.map((name) => Number(counted?.[name])));
  });

  test('stop coming when the signal says so', async () => {
    const { source, scratch } = await given();
    const stop = new AbortController();
    const reading = async () => {
      for await (const _ of framesOf({ source, scratch, frameRows: 2048, signal: stop.signal })) stop.abort(new Error('enough'));
    };
    await expect(reading()).rejects.toThrow('enough');
  });

  test('of a column that is not there name the columns that are', async () => {
    const { source, scratch } = await given();
    await expect(collect(framesOf({ source, scratch, columns: ['Id'] }))).rejects.toMatchObject({
      code: 'HYG-3107',
      why: [expect.stringContaining('id, ts, note')],
    });
  });
});

describe('a window', () => {
  test.each<[string, string, Parameters<typeof windowOn>[1], string]>([
    ['open', 'ts', { from: '2024-02-01', to: '2024-03-01', open: true }, `ts > '2024-02-01' and ts < '2024-03-01'`],
    ['with nulls', 'ts', { from: '2024-02-01', nulls: 'include' }, `ts >= '2024-02-01' or ts is null`],
    ['of nulls left out only', 'ts', {}, 'ts is not null'],
    ['on a column whose first groups are all null', 'late', { to: '5000' }, 'late <= 5000'],
    ['the same, nulls included', 'late', { to: '5000', nulls: 'include' }, 'late <= 5000 or late is null'],
    ['on text', 'note', { from: 'n5', to: 'n7' }, `note between 'n5' and 'n7'`],
    [
      'on uuids',
      'code',
      { from: '00000000-0000-0000-0000-000000000100', to: '00000000-0000-0000-0000-000000003000' },
      `code between '00000000-0000-0000-0000-000000000100' and '00000000-0000-0000-0000-000000003000'`,
    ],
  ])('%s takes exactly the rows that SQL takes', async (_, column, edges, where) => {
    const { path, source, scratch } = await given();
    const window = await windowOn(column, edges, source);
    const [expected] = await duck(
      `select count(*) n, count(*) filter (where id is not null) m, sum(id)::varchar s from '${path}' where ${where}`,
    );
    const taken = `${path}.taken.parquet`;
    const frames = await collect(framesOf({ source, scratch, window, columns: ['id', 'note'], frameRows: 3000 }));
    const schema = { columns: (await parquet.inspect(source, null)).schema.columns.filter(({ name }) => name === 'id' || name === 'note') };
    await writeParquet(taken, frames, { schema, scratch });
    const [found] = await duck(`select count(*) n, count(*) filter (where id is not null) m, sum(id)::varchar s from '${taken}'`);
    expect(found).toEqual(expected);
    const remote = await sourceOf(path, 'remote');
    expect(total(await collect(framesOf({ source: remote, scratch, window })))).toBe(Number(expected?.n));
  });

  test('does not read row groups whose statistics rule them out', async () => {
    const { path, source, scratch } = await given();
    const window = await windowOn('id', { from: '9000', to: '9100' }, source);
    const remote = await sourceOf(path, 'remote');
    expect(total(await collect(framesOf({ source: remote, scratch, window })))).toBe(101);
    expect(remote.reads.bytes).toBeLessThan(remote.bytes / 4);
    expect(await parquet.within({ source, content: await parquet.inspect(source, null), window })).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('is as exact when the file has no statistics', async () => {
    const { path, scratch } = await given();
    await patchParquet(path, { metadata: (metadata) => metadata.delete(12) });
    const source = await sourceOf(path);
    const window = await windowOn('ts', { from: '2024-02-01', to: '2024-02-02', nulls: 'include' }, source);
    const [expected] = await duck(`select count(*) n from (${table}) where ts between '2024-02-01' and '2024-02-02' or ts is null`);
    expect(total(await collect(framesOf({ source, scratch, window })))).toBe(Number(expected?.n));
  });

  test('of another type than the column is refused', async () => {
    const { source, scratch } = await given();
    const window = { ...(await windowOn('id', { from: '1' }, source)), column: { column: 'id', type: { kind: 'int32' } as const } };
    await expect(collect(framesOf({ source, scratch, window }))).rejects.toMatchObject({ code: 'HYG-3112' });
  });
});

describe('the largest value', () => {
  const ask = async (file: Awaited<ReturnType<typeof given>>, column: string, cap: string | null = null, source = file.source) =>
    (await parquet.max({ source, content: file.content, column, cap, scratch: file.scratch }))?.max.text;

  test.each<[string, string | null, string | undefined]>([
    ['id', null, '19999'],
    // The first value of a group.
    ...[4_096].map((first): [string, string, string] => ['id', `${first}`, `${first}`]),
    ['id', '-1', undefined],
    ['late', '4000', undefined],
    ['ts', '2024-01-05T03:30:00.000000', '2024-01-05T03:00:00.000000'],
    ['code', '00000000-0000-0000-0000-000000000500', '00000000-0000-0000-0000-000000000500'],
  ])('of %s up to %s is %s', async (column, cap, text) => {
    const file = await given();
    expect(await ask(file, column, cap)).toBe(text);
    expect(await ask(file, column, cap, await sourceOf(file.path, 'remote'))).toBe(text);
  });

  test('comes from the footer alone where its statistics are exact', async () => {
    const file = await given();
    const remote = await sourceOf(file.path, 'remote');
    await ask(file, 'ts', null, remote);
    expect(remote.reads.bytes).toBe(0);
  });

  test('is looked up in the data when statistics are only bounds', async () => {
    const file = await given(`select 'x' || repeat('y', 300) || i as name from range(10) t(i)`);
    await patchParquet(file.path, { statistics: (statistics) => statistics.set(7, { type: 2, value: false }) });
    const source = await sourceOf(file.path);
    expect(await ask({ ...file, content: await parquet.inspect(source, null) }, 'name', null, source)).toBe(`x${'y'.repeat(300)}9`);
  });

  test('is undefined when there are only nulls, or no rows', async () => {
    expect(await ask(await given('select null::bigint id from range(5)'), 'id')).toBeUndefined();
    expect(await ask(await given('select 1::bigint id where false'), 'id')).toBeUndefined();
  });

  test('of a float is refused', async () => {
    await expect(ask(await given('select 1.5::double price'), 'price')).rejects.toMatchObject({ code: 'HYG-3110' });
  });
});

describe('nulls', () => {
  test.each([
    ['ts', 400],
    ['late', 4096],
    ['items', 0],
  ])('in %s are %s, from the footer or from the data', async (column, nulls) => {
    const file = await given();
    const count = async (source = file.source, content = file.content) => parquet.nulls({ source, content, column, scratch: file.scratch });
    expect(await count()).toBe(nulls);
    await patchParquet(file.path, { statistics: (statistics) => statistics.delete(3) });
    const bare = await sourceOf(file.path);
    expect(await count(bare, await parquet.inspect(bare, null))).toBe(nulls);
  });
});
