import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Schema as ArrowSchema, type DataType, Dictionary, Field, Int32, Table, tableToIPC, Utf8 } from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import type { ThriftField } from '../../../src/formats/parquet/thrift.ts';
import type { DataType as OurType } from '../../../src/frames/schema.ts';
import { collect } from '../../support/collect.ts';
import { duck } from '../../support/duck.ts';
import { firstOf, framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';
import { patchParquet } from '../../support/patched-parquet.ts';

const parquet = parquetFormat({});

/** Files that other programs write, read by the format and written again; DuckDB compares the two. */

async function place() {
  const folder = await testFolder();
  return { path: join(folder, 'stranger.parquet'), scratch: testScratch(folder) };
}

async function copied(
  path: string,
  scratch: ReturnType<typeof testScratch>,
  kind: 'local' | 'remote' = 'local',
  keys: Readonly<Record<string, unknown>> = {},
) {
  const source = await sourceOf(path, kind);
  const content = await parquetFormat(keys).inspect(source, null);
  const out = `${path}.${kind}.out.parquet`;
  const summary = await writeParquet(out, framesOf({ source, scratch, content, keys }), { schema: content.schema, scratch });
  return { out, content, summary };
}

const time = { kind: 'time', unit: 'ns' } as const;
const duckTypes: readonly (readonly [string, OurType, string?])[] = [
  ['(i % 2 = 0)', { kind: 'bool' }],
  ['i::tinyint', { kind: 'int8' }],
  ['i::usmallint', { kind: 'uint16' }],
  ['(18446744073709551615 - i)::ubigint', { kind: 'uint64' }],
  ['(i / 3.0)::float', { kind: 'float32' }],
  [`'nan'::double`, { kind: 'float64' }],
  ['(i / 7)::decimal(4, 1)', { kind: 'decimal', precision: 4, scale: 1 }],
  ['(i / 7)::decimal(18, 6)', { kind: 'decimal', precision: 18, scale: 6 }],
  [`(repeat('9', 28) || '.' || i)::decimal(38, 10)`, { kind: 'decimal', precision: 38, scale: 10 }],
  [`date '0001-01-01' + i::int`, { kind: 'date' }],
  [`time '23:59:59.999999'`, time, 'time'],
  [`timestamp '9999-12-31 23:59:59.999999'`, { kind: 'timestamp', unit: 'us' }],
  [`timestamp_ms '0001-01-01 00:00:00.001'`, { kind: 'timestamp', unit: 'ms' }],
  [`timestamp_ns '2262-04-11 23:47:16.854775806'`, { kind: 'timestamp', unit: 'ns' }],
  [`timestamptz '2024-01-01 00:00:00+02'`, { kind: 'timestamp', unit: 'us', zone: 'UTC' }],
  [`uuid()`, { kind: 'uuid' }, 'varchar'],
  [`'b'::enum('a', 'b')`, { kind: 'string' }, 'varchar'],
  [`('{"a": ' || i || '}')::json`, { kind: 'json' }, 'varchar'],
  [`'\\x00\\xFF'::blob`, { kind: 'binary' }],
  ['[i, null]', { kind: 'list', item: { kind: 'int64' } }],
  [
    `{a: i, b: ['x']}`,
    {
      kind: 'struct',
      fields: [
        { name: 'a', type: { kind: 'int64' }, nullable: true },
        { name: 'b', type: { kind: 'list', item: { kind: 'string' } }, nullable: true },
      ],
    },
  ],
  [
    `map {'k' || i: i}`,
    {
      kind: 'list',
      item: {
        kind: 'struct',
        fields: [
          { name: 'key', type: { kind: 'string' }, nullable: false },
          { name: 'value', type: { kind: 'int64' }, nullable: true },
        ],
      },
    },
    'struct("key" varchar, "value" bigint)[]',
  ],
];

/** By turns from a local and a remote file. */
const cases = duckTypes.map(([sql, type, cast], at) => ({
  sql,
  type,
  cast,
  kind: at % 2 === 0 ? ('local' as const) : ('remote' as const),
}));

test.each(cases)('DuckDB’s $sql settles as it is ($kind)', async ({ sql, type, cast, kind }) => {
  const { path, scratch } = await place();
  await duck(
    `copy (select case when i % 5 = 0 then null else ${sql} end c, i from range(100) t(i)) to '${path}' (format parquet, row_group_size 2048)`,
  );
  const { out, content, summary } = await copied(path, scratch, kind);
  expect(content.schema.columns[0]?.type).toEqual(type);
  expect(summary).toMatchObject({ rows: 100, nulls: [20, 0] });
  const before = cast === undefined ? 'c' : sql.startsWith('map') ? 'map_entries(c)' : `c::${cast}`;
  const after = cast === undefined || sql.startsWith('map') ? 'c' : `c::${cast}`;
  const differences = `(select ${before} c, i from '${path}' except all select ${after} c, i from '${out}')`;
  expect(await duck(`select count(*)::int n from ${differences}`)).toEqual([{ n: 0 }]);
});

test.each(['local', 'remote'] as const)('uuids are their texts, whichever rows of which row groups are null (%s)', async (kind) => {
  const { path, scratch } = await place();
  const nulls = 'case when i < 2048 or (hash(i) % 3 = 0 and i < 6000) or i > 9000 then null else md5(i::varchar)::uuid end';
  const odd = `case i % 3 when 0 then '00000000-0000-0000-0000-000000000000'::uuid when 1 then 'FFFFFFFF-ffff-FFFF-ffff-ffffffffffff'::uuid else uuid() end`;
  const rows = `select i, ${nulls} few, ${odd} whole, null::uuid never from range(10000) t(i)`;
  await duck(`copy (${rows}) to '${path}' (format parquet, row_group_size 2048)`);
  const { out, content, summary } = await copied(path, scratch, kind);
  expect(content.schema.columns.slice(1).map(({ type }) => type.kind)).toEqual(['uuid', 'uuid', 'uuid']);
  expect(summary.nulls?.slice(2)).toEqual([0, 10_000]);
  const texts = 'i, few::varchar few, whole::varchar whole, never::varchar never';
  for (const [one, other] of [
    [path, out],
    [out, path],
  ])
    expect(await duck(`select count(*)::int n from (select ${texts} from '${one}' except all select ${texts} from '${other}')`)).toEqual([
      { n: 0 },
    ]);
});

describe('types that would lose data are refused, and the column is named', () => {
  test('an interval', async () => {
    const { path } = await place();
    await duck(`copy (select 1 id, interval '3 days' gap) to '${path}' (format parquet)`);
    await expect(parquet.inspect(await sourceOf(path), null)).rejects.toMatchObject({
      code: 'HYG-3106',
      what: expect.stringMatching(/gap .* INTERVAL/),
    });
  });

  test.each([
    ['a variant', 16, 'VARIANT'],
    ['a geometry, whose coordinate system only the type tells', 17, 'GEOMETRY'],
    ['a geography', 18, 'GEOGRAPHY'],
  ])('%s', async (_, id, name) => {
    const { path } = await place();
    await duck(`copy (select 1 id, '\\x01\\x01'::blob shape) to '${path}' (format parquet)`);
    const typed = new Map([[id, { type: 12, value: new Map() }]]);
    await patchParquet(path, { element: (element) => Number(element.get(1)?.value) === 6 && element.set(10, { type: 12, value: typed }) });
    await expect(parquet.inspect(await sourceOf(path), null)).rejects.toMatchObject({
      code: 'HYG-3106',
      what: expect.stringMatching(new RegExp(`^Column shape of .* is BYTE_ARRAY ${name}, which can't be carried over without loss`)),
    });
  });

  describe('a group without fields', () => {
    const group = (name: string, children: number): Map<number, ThriftField> =>
      new Map([
        [3, { type: 5, value: 1 }],
        [4, { type: 8, value: Buffer.from(name) }],
        [5, { type: 5, value: children }],
      ]);

    /** `e { none {}, b }` between two columns. */
    async function withEmptyGroup() {
      const here = await place();
      await duck(`copy (select i a, {b: i + 1} e, -i c from range(1000) t(i)) to '${here.path}' (format parquet)`);
      await patchParquet(here.path, {
        elements: (elements) => {
          elements[2]?.set(5, { type: 5, value: 2 });
          elements.splice(3, 0, group('none', 0));
        },
      });
      return here;
    }

    test('is refused by its name, which is not damaged footer', async () => {
      const { path } = await withEmptyGroup();
      await expect(parquet.inspect(await sourceOf(path), null)).rejects.toMatchObject({
        code: 'HYG-3106',
        what: expect.stringMatching(/^Column e\.none of .* is a GROUP without fields, which can't be carried over without loss/),
      });
    });

    test('is no hindrance in a column that is left out', async () => {
      const { path, scratch } = await withEmptyGroup();
      const keys = { leavesOut: (name: string) => name === 'e' };
      const source = await sourceOf(path);
      const [frame] = await collect(framesOf({ source, scratch, columns: ['a', 'c'], keys }));
      expect(frame?.schema.columns.map(({ name }) => name)).toEqual(['a', 'c']);
      const out = `${path}.out.parquet`;
      const schema = { columns: frame?.schema.columns ?? [] };
      await writeParquet(out, framesOf({ source, scratch, columns: ['a', 'c'], keys }), { schema, scratch });
      expect(await duck(`select sum(a)::int a, sum(c)::int c from '${out}'`)).toEqual([{ a: 499_500, c: -499_500 }]);
    });
  });

  test('half floats', async () => {
    const { path } = await place();
    await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'h', data: [1.5], type: 'FLOAT16' }] })));
    await expect(parquet.inspect(await sourceOf(path), null)).rejects.toMatchObject({ code: 'HYG-3106' });
  });

  test('decimals of more than 38 digits', async () => {
    const { path } = await place();
    await duck(`copy (select 1::decimal(38, 2) d) to '${path}' (format parquet)`);
    await patchParquet(path, { element: (element) => element.has(1) && element.set(8, { type: 5, value: 60 }) && element.delete(10) });
    await expect(parquet.inspect(await sourceOf(path), null)).rejects.toMatchObject({
      code: 'HYG-3106',
      what: expect.stringContaining('DECIMAL(60,2)'),
    });
  });

  test.each([
    ['the same name twice', 'a', 'HYG-3109'],
    ['a name that reads like a pattern', '^.*$', 'HYG-3109'],
    ['another pattern', '*', 'HYG-3109'],
  ])('%s', async (_, name, code) => {
    const { path } = await place();
    await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData: ['a', name].map((each) => ({ name: each, data: [1] })) })));
    await expect(parquet.inspect(await sourceOf(path), null)).rejects.toMatchObject({ code });
  });
});

describe('older and stranger writers', () => {
  test('types written in the old words only mean the same', async () => {
    const { path, scratch } = await place();
    await duck(
      `copy (select timestamp '2024-01-01 00:00:00.000001' us, timestamp_ms '2024-01-01' ms, 5::utinyint u, '1.5'::decimal(9, 2) d, date '2024-01-01' "day", 'x' s) to '${path}' (format parquet)`,
    );
    await patchParquet(path, { element: (element) => element.delete(10) });
    const { out, content } = await copied(path, scratch);
    expect(content.schema.columns.map(({ type }) => type.kind)).toEqual(['timestamp', 'timestamp', 'uint8', 'decimal', 'date', 'string']);
    expect(await duck(`select * from '${out}'`)).toEqual([
      { us: '2024-01-01 00:00:00.000001', ms: '2024-01-01 00:00:00', u: 5, d: '1.50', day: '2024-01-01', s: 'x' },
    ]);
  });

  const int96 = (julianDay: number, nanos: bigint): Uint8Array => {
    const bytes = Buffer.alloc(12);
    bytes.writeBigUInt64LE(nanos);
    bytes.writeUInt32LE(julianDay, 8);
    return bytes;
  };
  const epoch = 2_440_588;

  async function int96File(path: string, values: readonly Uint8Array[]) {
    const schema = [
      { name: 'root', num_children: 1 },
      { name: 't', type: 'FIXED_LEN_BYTE_ARRAY' as const, type_length: 12, repetition_type: 'REQUIRED' as const },
    ];
    await writeFile(
      path,
      Buffer.from(parquetWriteBuffer({ codec: 'UNCOMPRESSED', statistics: false, columnData: [{ name: 't', data: [...values] }], schema })),
    );
    await patchParquet(path, {
      element: (element) => element.has(2) && element.set(1, { type: 5, value: 3 }) && element.delete(2),
      metadata: (metadata) => metadata.set(1, { type: 5, value: 3 }),
    });
  }

  test('INT96 instants are nanoseconds', async () => {
    const { path, scratch } = await place();
    await int96File(path, [int96(epoch, 1n), int96(epoch - 1, 86_399_999_999_999n)]);
    const { out } = await copied(path, scratch);
    expect(await duck(`select epoch_ns(t)::varchar n from '${out}' order by t`)).toEqual([{ n: '-1' }, { n: '1' }]);
  });

  test.each([
    ['9999', 5_373_484],
    ['1600', 2_305_448],
  ])('INT96 instants of the year %s are refused instead of clipped, and can be read as microseconds', async (year, day) => {
    const { path, scratch } = await place();
    await int96File(path, [int96(epoch, 0n), int96(day, 1000n)]);
    const refused = await copied(path, scratch).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'HYG-3211', tryThis: [expect.stringContaining('int96: microseconds'), expect.anything()] });
    const { out, content } = await copied(path, scratch, 'local', { int96: 'microseconds' });
    expect(content.schema.columns[0]?.type).toEqual({ kind: 'timestamp', unit: 'us' });
    expect(await duck(`select t::varchar t from '${out}' order by t = '1970-01-01'`)).toEqual([
      { t: expect.stringMatching(`^${year}-.*\\.000001$`) },
      { t: '1970-01-01 00:00:00' },
    ]);
  });

  test('INT96 instants finer than microseconds are refused as microseconds', async () => {
    const { path, scratch } = await place();
    await int96File(path, [int96(epoch, 1n)]);
    await expect(copied(path, scratch, 'local', { int96: 'microseconds' })).rejects.toMatchObject({ code: 'HYG-3212' });
  });

  test('categories of an Arrow writer settle as text', async () => {
    const { path, scratch } = await place();
    const fields = new ArrowSchema([new Field('c', new Dictionary(new Utf8(), new Int32()), true)]);
    const arrowSchema = Buffer.from(tableToIPC(new Table(fields), 'stream'))
      .subarray(0, -8)
      .toString('base64');
    await writeFile(
      path,
      Buffer.from(
        parquetWriteBuffer({
          columnData: [{ name: 'c', data: ['a', 'b', null, 'a'], type: 'STRING' }],
          kvMetadata: [{ key: 'ARROW:schema', value: arrowSchema }],
        }),
      ),
    );
    const { out } = await copied(path, scratch);
    expect(await duck(`select c from '${out}'`)).toEqual([{ c: 'a' }, { c: 'b' }, { c: null }, { c: 'a' }]);
    const frame = await firstOf(framesOf({ source: await sourceOf(path), scratch }));
    const found = await frame.split({ column: 'c', type: { kind: 'string' }, text: 'a' }, 'with rest');
    expect([found?.ties.rows, found?.rest.rows]).toEqual([2, 2]);
  });

  test('an Arrow schema that contradicts the footer does not count', async () => {
    const { path, scratch } = await place();
    const fields = new ArrowSchema([new Field('renamed', new Int32() as DataType, true)]);
    const arrowSchema = Buffer.from(tableToIPC(new Table(fields), 'stream'))
      .subarray(0, -8)
      .toString('base64');
    await writeFile(
      path,
      Buffer.from(
        parquetWriteBuffer({
          columnData: [{ name: 'c', data: [1], type: 'INT32' }],
          kvMetadata: [{ key: 'ARROW:schema', value: arrowSchema }],
        }),
      ),
    );
    const { out } = await copied(path, scratch);
    expect(await duck(`from '${out}'`)).toEqual([{ c: 1 }]);
  });

  test('no wildcard in a path means anything', async () => {
    const folder = await testFolder();
    const scratch = testScratch(folder);
    const path = join(folder, 'a[1]*?=b.parquet');
    await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'year', data: [7], type: 'INT32' }] })));
    const frames = await collect(framesOf({ source: await sourceOf(path), scratch }));
    expect(frames.map(({ rows, schema }) => [rows, schema.columns.length])).toEqual([[1, 1]]);
  });

  test('names differing only in case, empty names and names with quotes stay apart', async () => {
    const { path, scratch } = await place();
    const names = ['a', 'A', '', 'it’s "x"', 'ключ'];
    await writeFile(
      path,
      Buffer.from(parquetWriteBuffer({ columnData: names.map((name, index) => ({ name, data: [index], type: 'INT32' as const })) })),
    );
    const { out } = await copied(path, scratch);
    expect((await parquet.inspect(await sourceOf(out), null)).schema.columns.map(({ name }) => name)).toEqual(names);
  });
});
