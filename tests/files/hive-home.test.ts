import { describe, expect, it } from 'vitest';
import { words } from '../../src/narrate/text/notes.ts';
import type { Json } from '../../src/ports/values.ts';
import { done, HomeFiles, windowOn } from './home-files.ts';

const one = (id: number) => `select ${id}::bigint as id`;
const byYear = { 'year=2024/a.parquet': one(1), 'year=2025/a.parquet': one(2), 'year=2025/b.parquet': one(3) };

describe('folders named key=value', () => {
  it('are columns of themselves when every file lies in them: whole numbers and dates where every value is one', async () => {
    const files = await HomeFiles.of({
      'year=2024/month=01/day=2024-01-31/tag=x%2Fy/a.parquet': one(1),
      'year=2025/month=12/day=2025-12-01/tag=__HIVE_DEFAULT_PARTITION__/a.parquet': one(2),
    });
    expect(await files.columns()).toEqual(['id: int64', 'year: int64', 'month: string', 'day: date', 'tag: string']);
    expect(await files.read()).toEqual([
      `{"id":"1","year":"2024","month":"01","day":${Date.UTC(2024, 0, 31)},"tag":"x/y"}`,
      `{"id":"2","year":"2025","month":"12","day":${Date.UTC(2025, 11, 1)},"tag":null}`,
    ]);
    expect((await files.describe()).notes?.map(words)).toEqual([
      'year (int64) is read from the names of folders',
      'month (string) is read from the names of folders',
      'day (date) is read from the names of folders',
      'tag (string) is read from the names of folders',
    ]);
  });

  it.each([
    [true, 'year: string', '"2024"'],
    [{ year: { kind: 'int16' } }, 'year: int16', '2024'],
    [{ year: { kind: 'decimal', precision: 6, scale: 1 } }, 'year: decimal(6,1)', expect.anything()],
  ] as const)('with hive_partitions: %j are %s', async (hivePartitions, column, value) => {
    const files = await HomeFiles.of(byYear);
    expect(await files.columns({ hivePartitions })).toEqual(['id: int64', column]);
    const [first = ''] = await files.read({ hivePartitions });
    if (typeof value === 'string') expect(first).toBe(`{"id":"1","year":${value}}`);
    else expect(first).toContain('"id":"1"');
  });

  it('with hive_partitions: false are mere names', async () => {
    const files = await HomeFiles.of(byYear);
    expect(await files.columns({ hivePartitions: false })).toEqual(['id: int64']);
    expect(await files.read({ hivePartitions: false })).toEqual(['{"id":"1"}', '{"id":"2"}', '{"id":"3"}']);
  });

  it('that are declared are exactly those', async () => {
    const files = await HomeFiles.of({ 'year=2024/kind=a/x.parquet': one(1) });
    expect(await files.columns({ hivePartitions: { kind: { kind: 'string' } } })).toEqual(['id: int64', 'kind: string']);
    await expect(files.describe({ hivePartitions: { kidn: { kind: 'string' } } })).rejects.toMatchObject({
      code: 'HYG-3207',
      what: 'in/year=2024/kind=a/x.parquet is not in a folder kidn=….',
    });
  });

  it('of a version are no column: they say nothing of the rows', async () => {
    const files = await HomeFiles.of({ 'v=00000000000000000007/x.parquet': one(1) });
    expect(await files.columns()).toEqual(['id: int64']);
  });

  it('stop the run when a file lies elsewhere, instead of giving it nulls that were not asked for', async () => {
    const files = await HomeFiles.of({ ...byYear, 'extra.parquet': one(9) });
    await expect(files.describe()).rejects.toMatchObject({
      code: 'HYG-3207',
      what: 'in/extra.parquet is not in a folder year=…, but in/year=2024/a.parquet is.',
    });
    expect(await files.read({ differingFiles: 'unify' })).toEqual([
      '{"id":"1","year":"2024"}',
      '{"id":"2","year":"2025"}',
      '{"id":"3","year":"2025"}',
      '{"id":"9","year":null}',
    ]);
  });

  it('can be left out, or be the only thing that is wanted', async () => {
    const files = await HomeFiles.of({ 'year=2024/a.parquet': 'select range as id, range % 3 as r from range(4)' });
    expect(await files.read({ exclude: ['year', 'id'] })).toEqual(['{"r":"0"}', '{"r":"0"}', '{"r":"1"}', '{"r":"2"}']);
    expect(await files.read({ columns: ['year'] })).toEqual(Array.from({ length: 4 }, () => '{"year":"2024"}'));
  });
});

describe('a column that is in the files and in the folders', () => {
  const both = { 'year=2024/a.parquet': 'select 1 as id, 1999::int as year', 'year=2025/a.parquet': 'select 2 as id, 1998::int as year' };

  const said = 'year is read from the files, which have this column. The values in the names of folders year=… are ignored';

  it('is read from the files, with a warning until it has settled', async () => {
    const files = await HomeFiles.of(both);
    expect(await files.read()).toEqual(['{"id":1,"year":1999}', '{"id":2,"year":1998}']);
    const first = await files.describe();
    expect([first.warnings?.map(words), first.notes?.map(words)]).toEqual([[said], []]);
    const later = await files.describe({ pinned: first.pinned as Json });
    expect([later.warnings, later.notes?.map(words)]).toEqual([undefined, [said]]);
    expect(await files.read({ pinned: first.pinned as Json })).toEqual(['{"id":1,"year":1999}', '{"id":2,"year":1998}']);
  });

  it('is an error where folders were meant', async () => {
    const files = await HomeFiles.of(both);
    await expect(files.describe({ hivePartitions: { year: { kind: 'int64' } } })).rejects.toMatchObject({ code: 'HYG-3208' });
  });

  it('is an error when it came later', async () => {
    const files = await HomeFiles.of(byYear);
    const { pinned } = await files.describe();
    await files.write({ 'year=2024/a.parquet': 'select 1::bigint as id, 7 as year' });
    await expect(files.describe({ pinned: pinned as Json })).rejects.toMatchObject({ code: 'HYG-3208' });
    await files.write({ 'year=2024/a.parquet': one(1), 'year=2025/z.parquet': 'select 1::bigint as id, 7 as year' });
    await expect(files.read({ pinned: pinned as Json })).rejects.toMatchObject({ code: 'HYG-3208' });
  });
});

describe('what was decided about folders', () => {
  it('stays: a later folder of another kind is an error that says what to do', async () => {
    const files = await HomeFiles.of(byYear);
    const { pinned } = await files.describe();
    expect(pinned).toEqual({ format: null, partitions: [{ name: 'year', type: { kind: 'int64' } }] });
    await files.write({ 'year=none/a.parquet': one(4) });
    await expect(files.describe({ pinned: pinned as Json })).rejects.toMatchObject({
      code: 'HYG-3209',
      what: 'The folder year=… of in/year=none/a.parquet is not a value of int64.',
      tryThis: [
        'Read it as text: hive_partitions: {year: string}',
        'Or let hygge choose a new type: hygge reset FLOW.ENTITY, then hygge go',
      ],
    });
    expect(await files.columns()).toEqual(['id: int64', 'year: string']);
    expect(await files.columns({ pinned: pinned as Json, hivePartitions: { year: { kind: 'string' } } })).toEqual([
      'id: int64',
      'year: string',
    ]);
  });

  it('stays even where the values would allow a narrower type', async () => {
    const files = await HomeFiles.of({ 'day=x/a.parquet': one(1) });
    const { pinned } = await files.describe();
    await files.write({ 'day=x/a.parquet': one(1), 'day=2/a.parquet': one(2) });
    expect(await files.columns({ pinned: pinned as Json })).toEqual(['id: int64', 'day: string']);
  });
});

describe('a watermark that is the name of a folder', () => {
  const day = { kind: 'date' } as const;
  const days = {
    'day=2026-01-01/a.parquet': one(1),
    'day=2026-01-02/a.parquet': one(2),
    'day=2026-01-03/a.parquet': one(3),
    'day=2026-01-09/empty.parquet': 'select 1::bigint as id where false',
    'day=__HIVE_DEFAULT_PARTITION__/a.parquet': 'select range as id from range(50, 52)',
  };

  it('is bounded by the newest folder that has rows', async () => {
    const files = await HomeFiles.of(days);
    const home = files.home();
    await home.describe();
    expect(done(await home.bound({ column: 'day', lagMs: 0, future: 'wait' }))).toEqual({ column: 'day', type: day, text: '2026-01-03' });
    expect(await home.nulls('day')).toEqual({ done: 2 });
  });

  it.each([
    [{ lower: { text: '2026-01-02', inclusive: true } }, ['2', '3']],
    [{ lower: { text: '2026-01-02', inclusive: false } }, ['3']],
    [{ upper: { text: '2026-01-02', inclusive: true } }, ['1', '2']],
    [{ lower: { text: '2026-01-02', inclusive: true }, upper: { text: '2026-01-02', inclusive: true } }, ['2']],
    [{ upper: { text: '2026-01-01', inclusive: true }, nulls: 'include' }, ['1', '50', '51']],
  ] as const)('takes the folders of %j and no others', async (edges, ids) => {
    const files = await HomeFiles.of(days);
    const rows = await files.read({}, windowOn('day', day, edges));
    expect(rows.map((row) => (JSON.parse(row) as { id: string }).id)).toEqual(ids);
  });
});
