import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import type { Watermark } from '../../../src/frames/watermark.ts';
import { duck } from '../../support/duck.ts';
import { edgeColumns } from '../../support/edge-values.ts';
import { plain, readText } from './over-text.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hygge-json-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Written {
  readonly bytes: Buffer;
  readonly summary: { rows: number; nulls: readonly number[]; min?: string; max?: string };
}

interface WriteHow {
  readonly format?: 'json' | 'ndjson';
  readonly compression?: string;
  readonly watermark?: Pick<Watermark, 'column' | 'type'>;
  /** Rows of a frame. */
  readonly frameRows?: number;
}

const columnOf = (name: string, type: DataType): Schema => ({ columns: [{ name, type, nullable: true }] });

async function write(schema: Schema, rows: readonly (readonly Cell[])[], how: WriteHow = {}): Promise<Written> {
  await using scratch = realScratch();
  const format = jsonFormat(how.format ?? 'ndjson', { compression: how.compression ?? 'none' });
  const encoder = format.encoder({ schema, scratch, watermark: how.watermark ?? null });
  const out: Buffer[] = [];
  const size = how.frameRows ?? 1_000;
  for (let at = 0; at < rows.length; at += size) {
    const builder = await frameBuilder(schema);
    for (const row of rows.slice(at, at + size)) builder.append(row);
    for await (const bytes of encoder.add(await builder.take())) out.push(Buffer.from(bytes));
  }
  for await (const bytes of encoder.end()) out.push(Buffer.from(bytes));
  const bytes = Buffer.concat(out);
  expect(encoder.bytes).toBe(bytes.length);
  return { bytes, summary: encoder.summary() };
}

/** NaN and infinity are refused; everything else comes back. */
const finite = (value: Cell) => typeof value !== 'number' || Number.isFinite(value);
/** JSON has one word for a null of its own and for no value. */
const isTold = (type: DataType, value: Cell) => finite(value) && !(type.kind === 'json' && value === 'null');
const writableColumns = edgeColumns.map((column) => ({ ...column, values: column.values.filter(([value]) => isTold(column.type, value)) }));

describe('what is written is read back with equal values', () => {
  test.each(writableColumns.map((column) => [column.name, column] as const))('%s', async (_, { type, values }) => {
    const schema = columnOf('c', type);
    const { bytes, summary } = await write(
      schema,
      values.map(([value]) => [value]),
      { frameRows: 3 },
    );
    expect(summary.rows).toBe(values.length);
    expect(summary.nulls).toEqual([values.filter(([value]) => value === null).length]);
    const types = type.kind === 'null' ? {} : { c: describeType(type) };
    const read = await readText(bytes, { options: { types } });
    const builder = await frameBuilder(schema);
    for (const [value] of values) builder.append([value]);
    const { toArrow } = await import('../../../src/frames/values/from-polars.ts');
    const table = await toArrow(await (await builder.take()).collect());
    expect(read.rows.map(([value]) => value)).toEqual(values.map((_value, row) => plain(type, table.getChildAt(0)?.get(row))));
  });

  test('names of every kind', async () => {
    const names = ['a b', 'ü', '"', '\\', 'a.b', '$ref', '0', '\u0001', '{}'];
    const schema: Schema = { columns: names.map((name) => ({ name, type: { kind: 'int64' }, nullable: true })) };
    const { bytes } = await write(schema, [names.map((__, i) => BigInt(i))]);
    const read = await readText(bytes);
    expect(read.schema.columns.map(({ name }) => name)).toEqual(names);
    expect(read.rows).toEqual([names.map((__, i) => String(i))]);
  });
});

describe('another reader agrees', () => {
  const exact = ['bool', 'int64', 'uint64', 'float64', 'string', 'date', 'list<int64>'];
  test.each(writableColumns.filter(({ name }) => exact.includes(name)).map((column) => [column.name, column] as const))(
    'DuckDB about %s',
    async (_, { duckdb, shown, values }) => {
      for (const format of ['ndjson', 'json'] as const) {
        const type = edgeColumns.find(({ duckdb: same }) => same === duckdb)?.type;
        if (!type) throw new Error('no such type');
        const own = values.filter(([value]) => value !== null && !String(value).includes('\u0000'));
        const { bytes } = await write(
          columnOf('c', type),
          own.map(([value]) => [value]),
          { format, frameRows: 2 },
        );
        const path = join(folder, `duck.${format}`);
        await writeFile(path, bytes);
        const layout = format === 'ndjson' ? 'newline_delimited' : 'array';
        const rows = await duck(`select ${shown} as v from read_json('${path}', format = '${layout}', columns = {c: '${duckdb}'})`);
        expect(rows.map(({ v }) => v)).toEqual(own.map(([, text]) => text));
      }
    },
  );

  test('JSON.parse about a whole array', async () => {
    const schema = columnOf('n', { kind: 'int64' });
    const rows = Array.from({ length: 5_000 }, (_, i) => [BigInt(i)]);
    const { bytes, summary } = await write(schema, rows, { format: 'json', frameRows: 777 });
    expect(JSON.parse(bytes.toString())).toEqual(rows.map((__, i) => ({ n: i })));
    expect(summary.rows).toBe(5_000);
    expect(bytes.toString().split('\n')).toHaveLength(5_003);
  });

  test('an array of none is an array, lines of none are nothing', async () => {
    const schema = columnOf('n', { kind: 'int64' });
    expect((await write(schema, [], { format: 'json' })).bytes.toString()).toBe('[]\n');
    expect((await write(schema, [])).bytes.toString()).toBe('');
  });

  test('large rows pass through the buffer in parts', async () => {
    const schema = columnOf('t', { kind: 'string' });
    const rows = Array.from({ length: 12 }, (_, i) => ['x'.repeat(300_000 + i)]);
    const { bytes } = await write(schema, rows, { format: 'json', frameRows: 5 });
    expect((JSON.parse(bytes.toString()) as { t: string }[]).map(({ t }) => t.length)).toEqual(rows.map(([t]) => t?.length));
  });
});

describe('compression', () => {
  test.each([
    ['gzip', (bytes: Buffer) => gunzipSync(bytes), '.ndjson.gz'],
    ['zstd', (bytes: Buffer) => zstdDecompressSync(bytes), '.ndjson.zst'],
  ] as const)('%s', async (compression, open, extension) => {
    const schema = columnOf('n', { kind: 'int64' });
    const rows = Array.from({ length: 10_000 }, (_, i) => [BigInt(i)]);
    const { bytes } = await write(schema, rows, { compression });
    expect(open(bytes).toString().trimEnd().split('\n')).toHaveLength(10_000);
    expect(jsonFormat('ndjson', { compression }).extension).toBe(extension);
    expect((await readText(bytes)).rows).toHaveLength(10_000);
  });
});

describe('the summary', () => {
  test('has the smallest and the largest watermark, to the last digit', async () => {
    const schema: Schema = {
      columns: [
        { name: 'id', type: { kind: 'int64' }, nullable: true },
        { name: 'at', type: { kind: 'timestamp', unit: 'ns' }, nullable: true },
      ],
    };
    const rows = [
      [1n, 1_704_067_200_123_456_789n],
      [2n, null],
      [3n, 1_704_067_200_123_456_788n],
    ];
    const { summary } = await write(schema, rows, { watermark: { column: 'at', type: { kind: 'timestamp', unit: 'ns' } }, frameRows: 1 });
    expect(summary).toEqual({ rows: 3, nulls: [0, 1], min: '2024-01-01T00:00:00.123456788', max: '2024-01-01T00:00:00.123456789' });
  });
});

const nested = (type: DataType): DataType => ({ kind: 'list', item: { kind: 'struct', fields: [{ name: 'v', type, nullable: true }] } });

describe('json', () => {
  const json: DataType = { kind: 'json' };
  const texts = ['{"a": [1, {}], "b": null}', '[]', '"a text"', '1e400', '12345678901234567890.10', 'true', '{"a":1,"a":2}'];

  test('is in the file as it is, and reads back as the same json', async () => {
    const { bytes, summary } = await write(columnOf('c', json), [...texts.map((text) => [text]), [null]], { frameRows: 3 });
    expect(bytes.toString()).toBe([...texts, 'null'].map((text) => `{"c":${text}}\n`).join(''));
    expect(summary).toEqual({ rows: 8, nulls: [1] });
    const read = await readText(bytes, { options: { types: { c: 'json' } } });
    expect(read.rows).toEqual([...texts.map((text) => [text]), [null]]);
  });

  test('stands as it is inside lists and structs, and next to other columns', async () => {
    const schema: Schema = { columns: [...columnOf('c', nested(json)).columns, ...columnOf('id', { kind: 'int64' }).columns] };
    const { bytes } = await write(
      schema,
      [
        [texts.map((text) => [text]), 1n],
        [[[null], null], 2n],
        [null, 3n],
      ],
      { frameRows: 2, format: 'json' },
    );
    const items = texts.map((text) => `{"v":${text}}`).join(',');
    expect(bytes.toString()).toBe(`[\n{"id":1,"c":[${items}]},\n{"id":2,"c":[{"v":null},null]},\n{"id":3,"c":null}\n]\n`);
  });

  test('of several lines is in one', async () => {
    const { bytes } = await write(columnOf('c', json), [['{\n  "a": 1,\r\n  "b": "x\\ny"\n}']]);
    expect(bytes.toString()).toBe('{"c":{   "a": 1,   "b": "x\\ny" }}\n');
  });

  test.each(['{id: 7}', '', '1 2', '{"a":1', 'NaN', '"tab\t"', '{"c":1}}\n{"c":2'])('that is %s is refused', async (text) => {
    for (const [type, value] of [
      [json, text],
      [nested(json), [[text]]],
    ] as const)
      await expect(write(columnOf('c', type), [[value]])).rejects.toMatchObject({
        code: 'HYG-4304',
        what: expect.stringContaining('Column c'),
      });
  });
});

test('every type inside a struct that also holds json is written as in one that does not, and reads back', async () => {
  for (const { name, type, values } of writableColumns) {
    if (type.kind === 'binary' || ('zone' in type && type.zone !== 'UTC')) continue;
    const plainStruct: DataType = { kind: 'struct', fields: [{ name: 'v', type, nullable: true }] };
    const withJson: DataType = { kind: 'struct', fields: [...plainStruct.fields, { name: 'j', type: { kind: 'json' }, nullable: true }] };
    const one = await write(
      columnOf('c', plainStruct),
      values.map(([value]) => [[value]]),
    );
    const other = await write(
      columnOf('c', withJson),
      values.map(([value]) => [[value, '{}']]),
    );
    const valuesOf = async ({ bytes }: Written) => {
      const lines = bytes.toString().replaceAll(',"j":{}}', '}').split('\n').slice(0, -1);
      const cells = lines.map((line) => line.slice('{"c":{"v":'.length, -2));
      const types = type.kind === 'null' || type.kind === 'json' ? {} : { v: describeType(type) };
      return (await readText(cells.map((cell) => `{"v":${cell}}\n`).join(''), { options: { types } })).rows;
    };
    expect(await valuesOf(other), name).toEqual(await valuesOf(one));
  }
});

test('whole numbers beyond int64 are numbers, to the last digit, and fractions of a decimal a text', async () => {
  const whole: DataType = { kind: 'decimal', precision: 38, scale: 0 };
  const { bytes } = await write(columnOf('n', whole), [[99999999999999999999999999999999999999n], [-7n], [null]]);
  expect(bytes.toString()).toBe('{"n":99999999999999999999999999999999999999}\n{"n":-7}\n{"n":null}\n');
  const money: DataType = { kind: 'decimal', precision: 18, scale: 2 };
  expect((await write(columnOf('n', money), [[-1250n]])).bytes.toString()).toBe('{"n":"-12.50"}\n');
});

describe('days outside of the years 1 to 9999 are refused before Polars sees them', () => {
  const us = 86_400_000_000n;
  test.each([
    ['a date', { kind: 'date' } as DataType, 2_932_897, 2_932_896],
    ['a date of parquet that is infinite', { kind: 'date' } as DataType, 2_147_483_647, -719_162],
    ['an instant', { kind: 'timestamp', unit: 'us' } as DataType, 2_932_897n * us, 2_932_897n * us - 1n],
    ['an instant before', { kind: 'timestamp', unit: 'us', zone: 'Europe/Berlin' } as DataType, -719_162n * us - 1n, -719_162n * us],
    ['an infinite instant', { kind: 'timestamp', unit: 'ms' } as DataType, 9_223_372_036_854_775_807n, 0n],
  ])('%s', async (_, type, outside, inside) => {
    const refusal = { code: 'HYG-4303', what: 'Column x holds a day outside of the years 1 to 9999.' };
    await expect(write(columnOf('x', type), [[inside], [outside]])).rejects.toMatchObject(refusal);
    expect((await write(columnOf('x', type), [[inside], [null]])).summary.rows).toBe(2);
    if ('zone' in type) return;
    await expect(write(columnOf('x', nested(type)), [[[[inside], [outside]]]])).rejects.toMatchObject(refusal);
    expect((await write(columnOf('x', nested(type)), [[[[inside], null]], [null]])).summary.rows).toBe(2);
  });
});

describe('what JSON can’t hold is refused, not turned into null', () => {
  const floats: DataType = { kind: 'list', item: { kind: 'struct', fields: [{ name: 'x', type: { kind: 'float64' }, nullable: true }] } };
  test.each([
    ['NaN', { kind: 'float64' } as DataType, Number.NaN],
    ['infinity', { kind: 'float32' } as DataType, Number.NEGATIVE_INFINITY],
    ['NaN inside a list of structs', floats, [[1], [Number.NaN]]],
  ])('%s', async (_, type, value) => {
    await expect(write(columnOf('x', type), [[value]])).rejects.toMatchObject({
      code: 'HYG-4303',
      what: expect.stringContaining('Column x'),
    });
  });

  test.each([
    ['binary inside a list', { kind: 'list', item: { kind: 'binary' } } as DataType],
    [
      'an instant of another zone inside a struct',
      { kind: 'struct', fields: [{ name: 't', type: { kind: 'timestamp', unit: 'us', zone: 'Asia/Tokyo' }, nullable: true }] } as DataType,
    ],
  ])('%s', async (_, type) => {
    await expect(write(columnOf('x', type), [])).rejects.toMatchObject({ code: 'HYG-4303' });
  });

  test('a float that is null is no NaN', async () => {
    const { bytes } = await write(columnOf('x', floats), [[[[null], null]], [null], [[]]]);
    expect(bytes.toString()).toBe('{"x":[{"x":null},null]}\n{"x":null}\n{"x":[]}\n');
  });
});
