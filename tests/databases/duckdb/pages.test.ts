import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DuckdbSession } from '../../../src/databases/duckdb/connect.ts';
import { pagesFor } from '../../../src/databases/duckdb/pages.ts';
import { writes } from '../../../src/databases/duckdb/write.ts';
import type { LoadByFrames } from '../../../src/databases/writes.ts';
import { StoredRows } from '../../../src/formats/parquet/stored-rows.ts';
import { duck } from '../../support/duck.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { inProcess } from '../../support/in-process.ts';
import { firstOf, framesOf, sourceOf, testFolder, testScratch } from '../../support/parquet-files.ts';
import { cases } from '../../support/samples.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** A type of DuckDB, and values of it at its edges, as SQL. */
const plain: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['true', 'false'],
  TINYINT: ['-128', '127', '0'],
  SMALLINT: ['-32768', '32767'],
  INTEGER: ['-2147483648', '2147483647', '0'],
  BIGINT: ['-9223372036854775808', '9223372036854775807', '9007199254740993'],
  UTINYINT: ['0', '255'],
  USMALLINT: ['65535', '1'],
  UINTEGER: ['4294967295', '0'],
  UBIGINT: ['18446744073709551615', '9223372036854775808', '0'],
  FLOAT: ["'-0'", "'1e-45'", "'3.4028235e38'", "'NaN'", "'-Infinity'"],
  DOUBLE: ["'-0'", "'5e-324'", "'1.7976931348623157e308'", "'NaN'", "'Infinity'", '0.1'],
  'DECIMAL(4,2)': ['99.99', '-99.99', '0'],
  'DECIMAL(9,0)': ['999999999', '-1'],
  'DECIMAL(18,4)': ['99999999999999.9999', '-0.0001'],
  'DECIMAL(38,10)': ['9999999999999999999999999999.9999999999', '-9999999999999999999999999999.9999999999', '0'],
  VARCHAR: ["''", `'say "hé"' || chr(9) || 'to Jörg' || chr(10)`, "repeat('😀', 300)", "'NULL'"],
  BLOB: ["''", "'\\x00\\xFF'", "repeat('ab', 900)"],
  UUID: ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-4fff-bfff-ffffffffffff'", "'80000000-0000-4000-8000-000000000001'"],
  DATE: ["'0001-01-01'", "'9999-12-31'", "'1969-12-31'", "'2000-02-29'"],
  TIMESTAMP: ["'0001-01-01'", "'9999-12-31 23:59:59.999999'", "'1969-12-31 23:59:59.999999'"],
  TIMESTAMPTZ: ["'0001-01-01 00:00:00+00'", "'9999-12-31 23:59:59.999999+00'"],
};
/** What is decoded, as something has to be done with each value. */
const others: Readonly<Record<string, readonly string[]>> = {
  TIME: ["'00:00:00'", "'23:59:59.999999'", "'24:00:00'"],
  TIMESTAMP_MS: ["'2024-01-01 00:00:00.123'"],
  TIMESTAMP_NS: ["'2024-01-01 00:00:00.123456789'"],
  JSON: [`'{"a": [1, 2.50]}'`],
  'INTEGER[]': ['[]', '[1, NULL, 3]'],
  'STRUCT(a INTEGER)': ['{a: 1}', '{a: NULL}'],
};
const all: typeof plain = { ...plain, ...others };

interface Table {
  readonly types: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** So many times all of them. */
  readonly times: number;
  readonly options: string;
}

const tableOf = (of: readonly string[]): fc.Arbitrary<Table> =>
  fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 6 }).chain((types) =>
    fc.record({
      types: fc.constant(types),
      rows: fc.array(fc.tuple(...types.map((type) => fc.option(fc.constantFrom(...(all[type] ?? [])), { nil: null, freq: 4 }))), {
        maxLength: 12,
      }),
      times: fc.constantFrom(1, 350),
      options: fc.constantFrom('', ', compression zstd', ', compression gzip', ', compression uncompressed', ', parquet_version v2'),
    }),
  );

/** Every value of each type, and a null. */
const edgesOf = (types: readonly string[], more: Partial<Table> = {}): Table => ({
  types,
  rows: Array.from({ length: 6 }, (_, row) => types.map((type) => all[type]?.[row] ?? null)),
  ...{ times: 350, options: '' },
  ...more,
});

async function written({ types, rows, times, options }: Table, path: string): Promise<void> {
  const cells = (row: readonly (string | null)[]) => row.map((cell, at) => `(${cell ?? 'NULL'})::${types[at]} AS c${at}`).join(', ');
  const none = `SELECT ${cells(types.map(() => null))} WHERE false`;
  const selects = [none, ...rows.map((row) => `SELECT ${cells(row)}`)].join(' UNION ALL ');
  await duck(`COPY (SELECT t.* FROM range(${times}), (${selects}) t) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048${options})`);
}

const load = writes.staging.load as Required<LoadByFrames<DuckdbSession>>;
const { untouched } = load;

afterEach(() => void vi.restoreAllMocks());

/** For each frame: whether its pages went on as they were. */
function spied(): readonly boolean[] {
  const seen: boolean[] = [];
  vi.spyOn(load, 'untouched').mockImplementation(async (session, frame, declared) => {
    const rows = await untouched(session, frame, declared);
    seen.push(rows !== undefined);
    return rows;
  });
  return seen;
}

/** What a run makes of the file: the rows of its table and what it says of them, or its error. */
const eachRow = 'select t::varchar as row, count(*)::int as n from t group by all order by 1';

async function settled(path: string, more = '', asked = eachRow) {
  using file = new DuckdbTestFile();
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { path: ${path} }\nstore: { type: duckdb, path: ${file.path}, table: t, threads: 2 }\n${more}`,
  });
  const { code, stderr, stdout } = await inProcess(['go', '--output', 'json'], workspace.root, {});
  const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const error = events.find(({ event }) => event === 'error')?.error ?? events.find(({ event }) => event === 'error');
  if (code !== 0)
    return {
      code,
      error: { code: error?.code, what: error?.what, why: error?.why?.map((line: string) => line.replace(/Id\(\d+\)/, 'Id')) },
      stderr: stderr === '',
    };
  const rows = await file.sql(asked);
  const types = await file.sql('describe t');
  const { entities } = events.findLast(({ event }) => event === 'summary');
  return { code, rows, types, entities: entities.map(({ rows, rows_read }: Record<string, unknown>) => ({ rows, rows_read })) };
}

async function onBothRoads(path: string, more = '', asked = eachRow) {
  const asTheyCame = await settled(path, more, asked);
  const spy = vi.spyOn(load, 'untouched').mockResolvedValue(undefined);
  const decoded = await settled(path, more, asked);
  spy.mockRestore();
  return { asTheyCame, decoded };
}

describe('pages of parquet on their way into DuckDB', () => {
  test('settle alike whether they are decoded or not: rows, counts and errors, of every type', async () => {
    const path = join(await testFolder(), 'rows.parquet');
    await fc.assert(
      fc.asyncProperty(fc.oneof(tableOf(Object.keys(plain)), tableOf(Object.keys(all))), async (table) => {
        await written(table, path);
        const { asTheyCame, decoded } = await onBothRoads(path);
        expect(asTheyCame).toEqual(decoded);
      }),
      cases(10),
    );
  });

  test('continue as they are with every plain type, over several row groups', async () => {
    const path = join(await testFolder(), 'rows.parquet');
    await written(edgesOf(Object.keys(plain)), path);
    const seen = spied();
    const asTheyCame = await settled(path);
    expect(asTheyCame).toMatchObject({ code: 0, entities: [{ rows: 2100 }] });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([true]));
    vi.spyOn(load, 'untouched').mockResolvedValue(undefined);
    expect(await settled(path)).toEqual(asTheyCame);
  });

  test.each(['TIME', 'TIMESTAMP_NS', 'STRUCT(a INTEGER)'])('are decoded where a column is %s', async (type) => {
    const path = join(await testFolder(), 'rows.parquet');
    await written(edgesOf(['INTEGER', type], { rows: [['1', all[type]?.[0] ?? null]] }), path);
    const seen = spied();
    expect(await settled(path)).toMatchObject({ code: 0 });
    expect(new Set(seen)).toEqual(new Set([false]));
  });

  test.each([
    ['a form that not every reader has', '', { options: ', parquet_version v2, dictionary_size_limit 1' }],
    ['a mask', 'polish: { mask: { columns: { c0: null } } }\n', {}],
    ['an added column', 'polish: { constants: [{ name: c9, value: 1 }] }\n', {}],
    ['another type in the config', 'schema_overrides: { c0: BIGINT }\n', {}],
  ])('are decoded with %s', async (_, more, of) => {
    const path = join(await testFolder(), 'rows.parquet');
    await written(edgesOf(['INTEGER'], { times: 350, ...of }), path);
    const seen = spied();
    expect(await settled(path, more)).toMatchObject({ code: 0 });
    expect(seen).not.toContain(true);
  });

  test('are decoded where DuckDB finds another type than the column is to be, other nulls or other edges than the writer noted, and leave nothing in scratch', async () => {
    const folder = await testFolder();
    const path = join(folder, 'rows.parquet');
    await written(edgesOf(['INTEGER'], { rows: [['1']] }), path);
    const scratch = testScratch(folder);
    const frame = await firstOf(framesOf({ source: await sourceOf(path), scratch }));
    const session = (type: string, of: Readonly<Record<string, string>> = {}) =>
      ({
        scratch,
        beside: async () => [{ column_type: type }],
        betweenInserts: async () => [{ n: '350', c0: '350', sum0: '350', min0: '1', max0: '1', ...of }],
      }) as unknown as DuckdbSession;
    const files = () => readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.parquet'));
    expect(files()).toEqual(['rows.parquet']);
    expect(await pagesFor(session('BIGINT'), frame, ['INTEGER'])).toBeUndefined();
    for (const of of [{ n: '349' }, { c0: '349' }, { min0: '0' }, { max0: '2' }, { max0: 'NaN' }])
      expect(await pagesFor(session('INTEGER', of), frame, ['INTEGER'])).toBeUndefined();
    expect(files()).toEqual(['rows.parquet']);
    expect(await pagesFor(session('INTEGER'), frame, ['INTEGER'])).toMatchObject({ totals: [{ sum: 350n, min: 1n, max: 1n }] });
  });

  test('are decoded where their writer noted decimals with more digits than the column has', async () => {
    const folder = await testFolder();
    const path = join(folder, 'rows.parquet');
    await written(edgesOf(['DECIMAL(4,2)'], { rows: [['1']], times: 1 }), path);
    const frame = await firstOf(framesOf({ source: await sourceOf(path), scratch: testScratch(folder) }));
    const found = async (min: bigint, max: bigint) => {
      vi.spyOn(StoredRows.prototype, 'edges', 'get').mockReturnValue([{ min, max }]);
      const answers = { n: '1', c0: '1', sum0: '1.00', min0: (Number(min) / 100).toFixed(2), max0: (Number(max) / 100).toFixed(2) };
      const beside = async () => [{ column_type: 'DECIMAL(4,2)' }];
      const betweenInserts = async () => [answers];
      const pages = await pagesFor({ scratch: testScratch(folder), beside, betweenInserts } as unknown as DuckdbSession, frame, [
        'DECIMAL(4,2)',
      ]);
      return pages !== undefined;
    };
    expect([await found(-9999n, 9999n), await found(-10_000n, 1n), await found(1n, 10_000n)]).toEqual([true, false, false]);
  });

  test('are decoded where their writer noted no smallest and largest value of a column of whole numbers', async () => {
    const path = join(await testFolder(), 'rows.parquet');
    await written(edgesOf(['INTEGER', 'VARCHAR']), path);
    const seen = spied();
    for (const edges of [[null, null], undefined]) {
      const spy = vi.spyOn(StoredRows.prototype, 'edges', 'get');
      if (edges) spy.mockReturnValue(edges);
      else spy.mockRestore();
      expect(await settled(path)).toMatchObject({ code: 0, entities: [{ rows: 2100 }] });
    }
    expect([seen.slice(0, seen.length / 2), seen.slice(seen.length / 2)].map((half) => new Set(half))).toEqual([
      new Set([false]),
      new Set([true]),
    ]);
  });

  test('continue as they are in a run with a watermark, but for those with its newest value', async () => {
    const folder = await testFolder();
    for (const [from, below] of [
      [0, 2_500],
      [2_500, 5_000],
    ]) {
      const rows = `SELECT i AS c0, md5(i::VARCHAR)::UUID AS c1, 'row ' || i AS c2 FROM range(${from}, ${below}) t(i)`;
      await duck(`COPY (${rows}) TO '${join(folder, `${from}.parquet`)}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    }
    const seen = spied();
    const summed = 'select count(*)::int n, sum(hash(t))::varchar s from t';
    const { asTheyCame, decoded } = await onBothRoads(
      join(folder, '*.parquet'),
      'run_type: incremental\nwatermark: { column: c0 }\n',
      summed,
    );
    expect(asTheyCame).toMatchObject({ code: 0, entities: [{ rows: 5_000 }] });
    expect(asTheyCame).toEqual(decoded);
    expect(new Set(seen)).toEqual(new Set([true, false]));
  });

  test('that are damaged are refused with the same words', async () => {
    const path = join(await testFolder(), 'rows.parquet');
    await written(edgesOf(['BIGINT', 'UUID', 'VARCHAR', 'BLOB', 'DECIMAL(38,10)', 'BOOLEAN'], { options: ', compression zstd' }), path);
    const whole = await readFile(path);
    const end = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: end - 1 }), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] as number) ^ by;
        await writeFile(path, damaged);
        const { asTheyCame, decoded } = await onBothRoads(path);
        expect(asTheyCame).toEqual(decoded);
      }),
      // The first one: a decimal with more digits than its column has.
      { ...cases(10), examples: [[322, 64]] },
    );
  });
});
