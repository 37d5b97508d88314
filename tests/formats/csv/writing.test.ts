import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import { csvKind } from '../../../src/formats/csv/kind.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { duck } from '../../support/duck.ts';
import { cases } from '../../support/samples.ts';
import { cellsOf, failureOf, readCsv } from './files.ts';

type Rows = readonly (readonly Cell[])[];

const schemaOf = (types: Readonly<Record<string, DataType>>): Schema => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true })),
});

interface Written {
  readonly bytes: Buffer;
  readonly summary: { readonly rows: number; readonly nulls: readonly number[]; readonly min?: string; readonly max?: string };
  /** As the frames held them. */
  readonly cells: readonly (readonly (string | null)[])[];
}

async function write(
  schema: Schema,
  frames: readonly Rows[],
  options: Readonly<Record<string, unknown>> = {},
  watermark?: string,
): Promise<Written> {
  await using scratch = realScratch();
  const column = schema.columns.find(({ name }) => name === watermark);
  const encoder = csvFormat(options).encoder({ schema, scratch, watermark: column ? { column: column.name, type: column.type } : null });
  const parts: Uint8Array[] = [];
  const cells: (readonly (string | null)[])[] = [];
  for (const rows of frames) {
    const builder = await frameBuilder(schema);
    for (const row of rows) builder.append(row);
    const frame = await builder.take();
    cells.push(...(await cellsOf(frame)));
    for await (const bytes of encoder.add(frame)) parts.push(Uint8Array.from(bytes));
  }
  for await (const bytes of encoder.end()) parts.push(Uint8Array.from(bytes));
  const bytes = Buffer.concat(parts);
  expect(encoder.bytes).toBe(bytes.length);
  return { bytes, summary: encoder.summary(), cells };
}

const typesOf = (schema: Schema) => Object.fromEntries(schema.columns.map(({ name, type }) => [name, describeType(type)]));

const big = 10n ** 37n + 1n;
const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const bytesOf = (...bytes: readonly number[]): Uint8Array => new Uint8Array(bytes);

/** A column of each type, with a value for each of six rows. */
const columns: readonly (readonly [name: string, type: DataType, values: readonly Cell[]])[] = [
  ['s', { kind: 'string' }, ['a', '', null, 'a,"b"\r\nc', ' \t\r', 'NULL']],
  ['i8', { kind: 'int8' }, [1, -128, null, 127, 0, 0]],
  ['i', { kind: 'int64' }, [9007199254740993n, -(2n ** 63n), null, 2n ** 63n - 1n, 0n, 0n]],
  ['u', { kind: 'uint64' }, [2n ** 64n - 1n, 0n, null, 1n, 1n, 1n]],
  ['f', { kind: 'float64' }, [0.1, Number.NaN, null, 1e21, 5e-324, -0.1]],
  ['f4', { kind: 'float32' }, [0.5, Number.POSITIVE_INFINITY, null, -1, 16_777_216, Math.fround(0.1)]],
  ['d', { kind: 'decimal', precision: 38, scale: 10 }, [big, -big, null, 0n, 1n, 1n]],
  ['b', { kind: 'bool' }, [true, false, null, true, true, true]],
  ['day', { kind: 'date' }, [19782, -719_162, null, 2_932_896, 0, 0]],
  ['t', { kind: 'time', unit: 'ns' }, [86_399_999_999_999n, 0n, null, 1_000n, 1n, 1n]],
  ['ms', { kind: 'timestamp', unit: 'ms' }, [1n, -1n, null, 253_402_300_799_999n, 0n, 0n]],
  ['us', { kind: 'timestamp', unit: 'us' }, [1_700_000_000_000_001n, -62_135_596_800_000_000n, null, 0n, 999_999n, 999_999n]],
  ['ns', { kind: 'timestamp', unit: 'ns' }, [1_700_000_000_000_000_001n, -(2n ** 63n) + 1n, null, 0n, 999_999_999n, 999_999_999n]],
  ['utc', { kind: 'timestamp', unit: 'us', zone: 'UTC' }, [1n, 253_402_300_799_999_999n, null, 0n, -1n, -1n]],
  ['cph', { kind: 'timestamp', unit: 'ns', zone: 'Europe/Copenhagen' }, [1_711_846_800_000_000_001n, -1n, null, 0n, 1n, 1n]],
  ['bin', { kind: 'binary' }, [bytesOf(0, 255), bytesOf(), null, bytesOf(10, 13, 34), bytesOf(1), bytesOf(1)]],
  ['dur', { kind: 'duration', unit: 'us' }, [5n, -5n, null, 0n, 1n, 1n]],
  ['uuid', { kind: 'uuid' }, [id, id, null, id, id, id]],
  ['json', { kind: 'json' }, ['{"a":1}', '[]', null, '"x, y"', 'null', '1']],
];
const all: Readonly<Record<string, DataType>> = Object.fromEntries(columns.map(([name, type]) => [name, type]));
const edges: Rows = [0, 1, 2, 3, 4, 5].map((row) => columns.map(([, , values]) => values[row] ?? null));

describe('what is written is read back as it was', () => {
  test.each([
    ['as it comes', {}, {}],
    ['with texts in quotes and other line ends', { quote_style: 'non_numeric', line_ending: 'crlf' }, {}],
    ['between tabs', { delimiter: 'tab' }, { delimiter: 'tab' }],
    ['compressed otherwise', { compression: 'zstd' }, {}],
    ['without a header', { header: false }, { header: Object.keys(all) }],
  ])('%s', async (_, store, home) => {
    const schema = schemaOf(all);
    const { bytes, cells, summary } = await write(schema, [edges.slice(0, 2), [], edges.slice(2)], store);
    const read = await readCsv(bytes, { header: true, types: typesOf(schema), ...home });
    expect(read.rows).toEqual(cells);
    expect(summary.rows).toBe(6);
    expect(summary.nulls).toEqual(Object.keys(all).map(() => 1));
  });

  test('any texts, next to nulls', async () => {
    const text = fc.oneof(
      fc.constantFrom('', '"', ',', '\n', '\r', '""', ' ', '\\', '#', 'NULL'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    const schema = schemaOf({ a: { kind: 'string' }, b: { kind: 'string' } });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.option(text), fc.option(text)), { minLength: 1, maxLength: 10 }), async (rows) => {
        const { bytes } = await write(schema, [rows]);
        expect((await readCsv(bytes, { header: true, delimiter: ',', types: typesOf(schema) })).rows).toEqual(rows);
      }),
      cases(150),
    );
  });

  test('a single column with nulls in it', async () => {
    const schema = schemaOf({ a: { kind: 'int64' } });
    const { bytes } = await write(schema, [[[1n], [null], [2n]]]);
    expect((await readCsv(bytes, { header: true })).rows).toEqual([['1'], [null], ['2']]);
  });
});

test.each([csvFormat({}), jsonFormat('ndjson', {})])('columns that are turned into text may have any name (%#)', async (format) => {
  const bytes = new Uint8Array([1]);
  const schema = schemaOf({ 2: { kind: 'binary' }, 1: { kind: 'date' }, odd: { kind: 'binary' }, length: { kind: 'date' } });
  const columns = schema.columns.map((column) => (column.name === 'odd' ? { ...column, name: '__proto__' } : column));
  await using scratch = realScratch();
  const encoder = format.encoder({ schema: { columns }, scratch, watermark: null });
  const builder = await frameBuilder({ columns });
  const row = columns.map(({ type }) => (type.kind === 'date' ? 0 : bytes));
  for (const cells of [row, row.map(() => null)]) builder.append(cells);
  const frame = await builder.take();
  let text = '';
  // The same frame twice: it is there after it was written.
  for (const _ of [1, 2]) for await (const piece of encoder.add(frame)) text += Buffer.from(piece).toString();
  const values = columns.map(({ type }) => (type.kind === 'date' ? '1970-01-01' : 'AQ=='));
  for (const value of values) expect(text.split(value)).toHaveLength(5);
  expect(text).toContain('__proto__');
});

test('a second reader finds the same values', async () => {
  const schema = schemaOf(all);
  const { bytes } = await write(schema, [edges]);
  const folder = await mkdtemp(join(tmpdir(), 'hygge-csv-'));
  try {
    await writeFile(join(folder, 'x.csv'), bytes);
    const rows = await duck(
      "set timezone = 'UTC'",
      `select s, i::varchar i, u::hugeint::varchar u, f::double f, d::decimal(38,10)::varchar d, b::boolean b, day::date::varchar as day, t::time::varchar t,
         us::timestamp::varchar us, epoch_us(utc::timestamptz)::varchar utc, try_cast(ns as timestamp_ns)::varchar ns, hex(from_base64(bin)) bin, dur::bigint::varchar dur
       from read_csv('${join(folder, 'x.csv')}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n')`,
    );
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({
      i: '9007199254740993',
      u: '18446744073709551615',
      f: 0.1,
      d: '1000000000000000000000000000.0000000001',
      b: true,
      day: '2024-02-29',
      us: '2023-11-14 22:13:20.000001',
      utc: '1',
      ns: '2023-11-14 22:13:20.000000001',
      bin: '00FF',
      dur: '5',
    });
    expect(rows[2]).toEqual(Object.fromEntries(Object.keys(rows[2] ?? {}).map((name) => [name, null])));
    expect(rows[3]).toMatchObject({ s: 'a,"b"\r\nc', day: '9999-12-31' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe('a file', () => {
  const schema = schemaOf({ 'a,b': { kind: 'string' }, n: { kind: 'int64' } });

  test('without rows has its header', async () => {
    expect((await write(schema, [])).bytes.toString()).toBe('"a,b",n\n');
  });

  test('is RFC 4180, nulls nothing and empty texts in quotes', async () => {
    const { bytes } = await write(schema, [
      [
        ['', 1n],
        [null, null],
        ['x\ny', 2n],
      ],
    ]);
    expect(bytes.toString()).toBe('"a,b",n\n"",1\n,\n"x\ny",2\n');
  });

  describe('has more in quotes where that is asked for, never nulls', () => {
    const mixed = schemaOf({
      'a"b': { kind: 'string' },
      n: { kind: 'int64' },
      d: { kind: 'decimal', precision: 4, scale: 2 },
      on: { kind: 'bool' },
      at: { kind: 'timestamp', unit: 'us', zone: 'UTC' },
    });
    const rows: Rows = [
      ['x', 1n, 150n, true, 0n],
      ['a,"b"\r\nc', -2n, null, null, 1_000_000n],
      ['', null, 0n, false, null],
      [null, null, null, null, null],
    ];

    test.each([
      [
        'always',
        'lf',
        [
          '"a""b","n","d","on","at"',
          '"x","1","1.50","true","1970-01-01T00:00:00.000000Z"',
          '"a,""b""\r\nc","-2",,,"1970-01-01T00:00:01.000000Z"',
          '"",,"0.00","false",',
          ',,,,',
        ],
      ],
      [
        'non_numeric',
        'crlf',
        [
          '"a""b","n","d","on","at"',
          '"x",1,1.50,"true","1970-01-01T00:00:00.000000Z"',
          '"a,""b""\r\nc",-2,,,"1970-01-01T00:00:01.000000Z"',
          '"",,0.00,"false",',
          ',,,,',
        ],
      ],
    ])('%s, %s', async (quote_style, line_ending, lines) => {
      const { bytes } = await write(mixed, [rows], { quote_style, line_ending });
      const end = line_ending === 'crlf' ? '\r\n' : '\n';
      expect(bytes.toString()).toBe(lines.map((line) => line + end).join(''));
    });

    test('and nulls as null_value says', async () => {
      const { bytes } = await write(
        schema,
        [
          [
            ['x', null],
            [null, 1n],
            ['', 2n],
          ],
        ],
        { quote_style: 'always', null_value: 'NULL' },
      );
      expect(bytes.toString()).toBe('"a,b","n"\n"x",NULL\nNULL,"1"\n"","2"\n');
    });

    test('where null_value can be told from two fields', () => {
      const refused = { key: 'null_value', needs: 'characters other than delimiter' };
      expect(csvKind.clash?.({ null_value: 'n,a' })).toEqual(refused);
      expect(csvKind.clash?.({ null_value: '\t', delimiter: 'tab' })).toEqual(refused);
      expect(csvKind.clash?.({ null_value: 'n,a', delimiter: ';' })).toBeUndefined();
    });
  });

  test('is compressed as it says, and named so', async () => {
    const rows: Rows = [['x', 1n]];
    expect(gunzipSync((await write(schema, [rows], { compression: 'gzip' })).bytes).toString()).toBe('"a,b",n\nx,1\n');
    expect(zstdDecompressSync((await write(schema, [rows], { compression: 'zstd' })).bytes).toString()).toBe('"a,b",n\nx,1\n');
    expect(csvFormat({ compression: 'zstd' }).extension).toBe('.csv.zst');
  });

  test('tells the smallest and largest watermark in it', async () => {
    const { summary } = await write(
      schema,
      [
        [
          ['x', 5n],
          ['y', null],
        ],
        [['z', -9007199254740993n]],
      ],
      {},
      'n',
    );
    expect(summary).toEqual({ rows: 3, nulls: [0, 1], min: '-9007199254740993', max: '5' });
  });
});

describe('refused, instead of written as something else, is', () => {
  test('a list', async () => {
    const { code, what } = await failureOf(write(schemaOf({ tags: { kind: 'list', item: { kind: 'string' } } }), []));
    expect([code, what]).toEqual(['HYG-4301', "Column tags is list<string>, which a field of a CSV file can't hold."]);
  });

  test.each([
    ['a date after the year 9999', { kind: 'date' }, 2_932_897],
    ['a date before the year 1', { kind: 'date' }, -719_163],
    ['a timestamp after the year 9999', { kind: 'timestamp', unit: 'us' }, 253_402_300_800_000_000n],
    ['an instant before the year 1', { kind: 'timestamp', unit: 'ms', zone: 'UTC' }, -62_135_596_800_001n],
  ] as const)('%s', async (_, type, value) => {
    expect((await failureOf(write(schemaOf({ at: type }), [[[value]]]))).code).toBe('HYG-4302');
  });

  test('a text that null_value says for nulls', async () => {
    const schema = schemaOf({ s: { kind: 'string' } });
    expect((await failureOf(write(schema, [[['NULL']]], { null_value: 'NULL' }))).why).toEqual([
      'A value is written as NULL, the text that null_value sets for nulls.',
    ]);
    expect((await write(schema, [[['x'], [null]]], { null_value: 'NULL' })).bytes.toString()).toBe('s\nx\nNULL\n');
  });

  test.each([
    [{ kind: 'int64' }, -1n, '-1'],
    [{ kind: 'float64' }, Number.NaN, 'NaN'],
    [{ kind: 'bool' }, false, 'false'],
    [{ kind: 'decimal', precision: 4, scale: 2 }, 0n, '0.00'],
    [{ kind: 'date' }, 0, '1970-01-01'],
    [{ kind: 'binary' }, new Uint8Array([1]), 'AQ=='],
  ] as const)('any other value that null_value says for nulls: %o', async (type, value, null_value) => {
    const schema = schemaOf({ x: type, y: { kind: 'bool' } });
    const rows: Rows = [
      [value, true],
      [null, null],
    ];
    expect((await write(schema, [rows])).bytes.toString()).toBe(`x,y\n${null_value},true\n,\n`);
    const { code, what } = await failureOf(write(schema, [rows], { null_value }));
    expect(code).toBe('HYG-4302');
    expect(what).toContain('Column x ');
  });
});
