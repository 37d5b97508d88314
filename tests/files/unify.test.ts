import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, type KnownColumns, unified } from '../../src/files/home/unify.ts';
import { sameType } from '../../src/frames/describe-type.ts';
import type { DataType } from '../../src/frames/schema.ts';
import type { Json } from '../../src/ports/values.ts';
import { SEED } from '../support/samples.ts';
import { done, HomeFiles, windowOn } from './home-files.ts';

const unify = { differingFiles: 'unify' } as const;

const anyType: fc.Arbitrary<DataType> = fc.oneof(
  fc.constantFrom('int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64').map((kind): DataType => ({ kind })),
  fc.constantFrom('float32', 'float64', 'string', 'date', 'bool', 'null', 'uuid').map((kind): DataType => ({ kind })),
  fc
    .record({ precision: fc.integer({ min: 1, max: 38 }), scale: fc.integer({ min: 0, max: 38 }) })
    .filter(({ precision, scale }) => scale <= precision)
    .map((of): DataType => ({ kind: 'decimal', ...of })),
);

describe('the type that holds two', () => {
  it('is the same whichever comes first', () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => void expect(joined(a, b)).toEqual(joined(b, a))),
      { seed: SEED },
    );
  });

  it('is the same in whatever order three come', () => {
    const join = (...types: DataType[]) => types.slice(1).reduce<DataType | undefined>((sum, type) => sum && joined(sum, type), types[0]);
    fc.assert(
      fc.property(anyType, anyType, anyType, (a, b, c) => {
        const [one, other] = [join(a, b, c), join(c, b, a)];
        if (one && other) expect(sameType(one, other)).toBe(true);
      }),
      { seed: SEED },
    );
  });

  it.each([
    ['int32', 'int64', 'int64'],
    ['uint8', 'uint32', 'uint32'],
    ['uint32', 'int8', 'int64'],
    ['uint64', 'int64', undefined],
    ['float32', 'float64', 'float64'],
    ['int32', 'float64', undefined],
    ['date', 'timestamp', undefined],
    ['string', 'int64', undefined],
    ['null', 'string', 'string'],
  ])('%s and %s: %s', (a, b, both) => {
    const type = (kind: string) => (kind === 'timestamp' ? { kind, unit: 'us' } : { kind }) as DataType;
    expect(joined(type(a), type(b))?.kind).toBe(both);
  });

  it('has as many digits before and behind the point as both need', () => {
    const decimal = (precision: number, scale: number): DataType => ({ kind: 'decimal', precision, scale });
    expect(joined(decimal(10, 2), decimal(10, 4))).toEqual(decimal(12, 4));
    expect(joined(decimal(38, 0), decimal(10, 4))).toBeUndefined();
  });
});

describe('the columns of all files', () => {
  const file = (name: string, ...columns: string[]): KnownColumns => ({
    name,
    columns: columns.map((column) => ({ name: column, type: { kind: 'int64' }, nullable: false })),
  });

  it('stand in the order in which they first appear, and are nullable where a file has none', () => {
    const columns = unified([file('a', 'x', 'y'), file('b', 'z', 'y')]);
    expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['x', true],
      ['y', false],
      ['z', true],
    ]);
  });

  it('have an error that names both files where types have nothing in common', () => {
    const other: KnownColumns = { name: 'in/b.parquet', columns: [{ name: 'x', type: { kind: 'string' }, nullable: true }] };
    expect(() => unified([file('in/a.parquet', 'x'), file('in/c.parquet', 'x'), other])).toThrow(
      expect.objectContaining({ code: 'HYG-3204', what: 'Column x is string in in/b.parquet and int64 in in/a.parquet.' }),
    );
  });
});

describe('files that differ', () => {
  it('are read as one where nothing is said', async () => {
    const files = await HomeFiles.of({ 'a.parquet': 'select 1 as id', 'b.parquet': 'select 2 as id, 3 as more' });
    expect(await files.read()).toEqual(['{"id":1,"more":null}', '{"id":2,"more":3}']);
  });

  it('are refused where they are to be alike', async () => {
    const files = await HomeFiles.of({ 'a.parquet': 'select 1 as id', 'b.parquet': 'select 2 as id, 3 as more' });
    await expect(files.read({ differingFiles: 'fail' })).rejects.toMatchObject({
      code: 'HYG-3204',
      what: 'in/b.parquet has another schema than in/a.parquet.',
      tryThis: expect.arrayContaining([expect.stringContaining('differing_files: unify')]),
    });
  });

  it('are read as one, by name: nulls where a file has none, numbers widened exactly', async () => {
    const files = await HomeFiles.of({
      'a.parquet': "select 1::int as id, 'x' as name, 1.5::float as f, 1.25::decimal(5,2) as d",
      'b.parquet': 'select 0.5::double as f, 9007199254740993::bigint as id, 7.12345::decimal(20,5) as d',
      'c.parquet': "select 3::utinyint as id, {'k': 1, 'l': [true]} as s, '\\x01'::blob as bin, timestamptz '2026-01-01 00:00:00+00' as at",
    });
    expect(await files.columns(unify)).toEqual([
      'id: int64',
      'name: string',
      'f: float64',
      'd: decimal(20,5)',
      's: struct<k: int32, l: list<bool>>',
      'bin: binary',
      'at: timestamp[us, UTC]',
    ]);
    const rows = (await files.read({ ...unify, exclude: ['d', 'bin'] })).map((row) => JSON.parse(row) as unknown);
    expect(rows).toEqual([
      { id: '1', name: 'x', f: 1.5, s: null, at: null },
      { id: '3', name: null, f: null, s: { k: 1, l: [true] }, at: Date.UTC(2026, 0, 1) },
      { id: '9007199254740993', name: null, f: 0.5, s: null, at: null },
    ]);
    expect(await files.read({ ...unify, columns: ['bin'] })).toHaveLength(3);
  });

  it('count exactly, however many', async () => {
    const files = await HomeFiles.of({
      'a.parquet': 'select range as id from range(5)',
      'b.parquet': 'select range::int as other from range(7)',
    });
    expect((await files.describe(unify)).rows).toEqual({ n: 12, exact: true });
    expect(await files.read(unify)).toHaveLength(12);
  });

  it('that can not be read as one name both, and a way out', async () => {
    const files = await HomeFiles.of({ 'a.parquet': 'select 1 as id', 'b.parquet': "select 'x' as id", 'c.parquet': 'select 1.5 as id' });
    await expect(files.describe(unify)).rejects.toMatchObject({
      code: 'HYG-3204',
      what: 'Column id is string in in/b.parquet and int32 in in/a.parquet.',
      tryThis: [expect.stringContaining('exclude: [id]'), expect.anything()],
    });
  });

  it('go on with a column that no file has any more, and with its type', async () => {
    const files = await HomeFiles.of({ 'a.parquet': "select 1::bigint as id, 'x' as gone" });
    const { pinned } = await files.describe(unify);
    await files.write({ 'a.parquet': 'select 2::int as id' });
    expect(await files.columns({ ...unify, pinned: pinned as Json })).toEqual(['id: int64', 'gone: string']);
    expect(await files.read({ ...unify, pinned: pinned as Json })).toEqual(['{"id":"2","gone":null}']);
  });

  it('are read alike whatever the frames', async () => {
    const files = await HomeFiles.of({
      'a.parquet': 'select range::int as id, range % 7 as r from range(50)',
      'b.parquet': 'select (range + 50)::bigint as id, range::varchar as t from range(70)',
      'year=1/c.parquet': 'select (range + 2000)::smallint as id from range(10)',
    });
    const whole = await files.read(unify);
    expect(whole).toHaveLength(130);
    for (const frameRows of [1, 13, 122]) expect(await files.read({ ...unify, frameRows })).toEqual(whole);
  });
});

describe('a watermark over files that differ', () => {
  const int64 = { kind: 'int64' } as const;
  const three = {
    'a.parquet': 'select range::smallint as mark from range(10)',
    'b.parquet': 'select (range + 3000000000)::bigint as mark from range(3)',
    'c.parquet': 'select 1 as other from range(4)',
  };

  it('is the newest of all, in the common type', async () => {
    const files = await HomeFiles.of(three);
    const home = files.home(unify);
    await home.describe();
    expect(done(await home.bound({ column: 'mark', lagMs: 0, future: 'wait' }))).toEqual({
      column: 'mark',
      type: int64,
      text: '3000000002',
    });
    expect(await home.nulls('mark')).toEqual({ done: 4 });
  });

  it.each([
    [{ lower: { text: '7', inclusive: false } }, [8, 9, 3e9, 3e9 + 1, 3e9 + 2]],
    [{ lower: { text: '3000000000', inclusive: false } }, [3e9 + 1, 3e9 + 2]],
    [{ lower: { text: '4', inclusive: true }, upper: { text: '4', inclusive: true } }, [4]],
    [{ upper: { text: '1', inclusive: true }, nulls: 'include' }, [0, 1, null, null, null, null]],
    [{ upper: { text: '1', inclusive: true }, nulls: 'exclude' }, [0, 1]],
    [{ lower: { text: '9', inclusive: true }, upper: { text: '3000000000', inclusive: true }, nulls: 'exclude' }, [9, 3e9]],
    [{ nulls: 'exclude' }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3e9, 3e9 + 1, 3e9 + 2]],
  ] as const)('filters every file by %j', async (edges, marks) => {
    const files = await HomeFiles.of(three);
    const rows = await files.read(unify, windowOn('mark', int64, edges));
    const found = rows.map((row) => (JSON.parse(row) as { mark: string | null }).mark);
    expect(found.map((mark) => (mark === null ? null : Number(mark))).sort((a, b) => (a ?? 1e12) - (b ?? 1e12))).toEqual(marks);
  });

  it('of decimals keeps its digits', async () => {
    const files = await HomeFiles.of({ 'a.parquet': 'select 7.5::decimal(5,1) as mark', 'b.parquet': 'select 1.25::decimal(5,2) as mark' });
    const home = files.home(unify);
    await home.describe();
    expect(done(await home.bound({ column: 'mark', lagMs: 0, future: 'wait' }))).toMatchObject({
      text: '7.50',
      type: { precision: 6, scale: 2 },
    });
    const window = windowOn('mark', { kind: 'decimal', precision: 6, scale: 2 }, { lower: { text: '7.49', inclusive: false } });
    expect(await files.read(unify, window)).toHaveLength(1);
  });
});
