import { expect, test } from 'vitest';
import { rowSums } from '../../../src/databases/duckdb/row-sums.ts';
import { insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { SummedColumn, SumsRequest } from '../../../src/engine/contracts/row-sums.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { everything, framesOf, homesBy } from '../../support/postgres-home.ts';
import { summedTexts, textRows } from '../../support/summed.ts';

const { signal } = new AbortController();
const ends = (bits: number, isUnsigned: boolean): string[] =>
  (isUnsigned ? [0n, 2n ** BigInt(bits) - 1n] : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]).map(String);

/** Columns, and values that careless SQL gets wrong. */
const values: Readonly<Record<string, readonly (string | null)[]>> = {
  BOOLEAN: ['true', 'false', null],
  TINYINT: ends(8, false),
  USMALLINT: ends(16, true),
  BIGINT: ends(64, false),
  UBIGINT: ends(64, true),
  HUGEINT: ['9'.repeat(38), `-${'9'.repeat(38)}`, '0', '100'],
  'DECIMAL(12,2)': ['0', '-0.01', '1.10', '100', null],
  'DECIMAL(38,0)': ['9'.repeat(38), '-100'],
  'DECIMAL(20,20)': ['0.1', '-0.00000000000000000001', '0'],
  'DECIMAL(3,3)': ['0.100', '-0.5'],
  FLOAT: ['0.1', '-0.0', 'NaN', 'Infinity', '1e-45', null],
  DOUBLE: ['0.1', '-0.0', '0', 'NaN', '-Infinity', '5e-324', '1.7976931348623157e308'],
  VARCHAR: ['', ' ', 'a ', 'A', 'é', 'é', '𝔘𝔫𝔦 🏡', `it's "`, 'line\r\n\t', null],
  BLOB: ['', '\\x00\\xFF', 'ab'],
  UUID: ['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-AAAA-ffff-ffff-ffffffffffff'],
  "ENUM ('sad', 'very happy')": ['sad', 'very happy', null],
  DATE: ['0001-01-01', '9999-12-31', '1582-10-10', '2024-02-29', null],
  TIME: ['00:00:00', '23:59:59.999999', '10:20:00.1'],
  TIMESTAMP: ['0001-01-01 00:00:00', '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999', '2020-01-01 10:00:00.120000', null],
  TIMESTAMP_S: ['2020-01-01 10:00:00', '1969-12-31 23:59:50'],
  TIMESTAMP_MS: ['2020-01-01 10:00:00.120', '1969-12-31 23:59:59.999'],
  TIMESTAMP_NS: ['2020-01-01 10:00:00.120000001', '1969-12-31 23:59:59.999999999', '2020-01-01 10:00:00'],
  TIMESTAMPTZ: ['0001-01-01 00:00:00+00', '2020-03-29 01:30:00+00', '1880-01-01 00:00:00+00', '2020-10-25 00:30:00.5+00', null],
  BIT: ['101', '0'],
};

test('the sums of rows in DuckDB are those of the rows that the home reads, and a stranger’s', async () => {
  using file = new DuckdbTestFile();
  const declarations = Object.keys(values);
  const rows = Array.from({ length: 30 }, (_, id) => {
    const row = Object.values(values).map((given) => {
      const value = given[id % given.length];
      return value == null ? 'null' : `'${value.replaceAll("'", "''")}'`;
    });
    return `(${id}, ${row.join(', ')})`;
  });
  await file.sql(
    `create table t (id int primary key, ${declarations.map((type, n) => `c${n} ${type}`).join(', ')})`,
    `insert into t values ${rows.join(', ')}`,
  );
  const statements: { readonly sql: string; readonly expected: readonly unknown[] }[] = [];
  {
    await using homes = homesBy('duckdb', { path: file.path }, file.root);
    const home = await homes.home({ table: 't' });
    const step = await home.describe();
    const all = ('done' in step ? (step.done.schema?.columns ?? []) : []).map(({ name, type }): SummedColumn => ({ name, type }));
    const texts = await textRows(framesOf(home), all);
    const named = (name: string) => all.find((one) => one.name === name) as SummedColumn;
    const at = named(`c${declarations.indexOf('TIMESTAMPTZ')}`);
    const key = [named('id'), named(`c${declarations.indexOf('VARCHAR')}`)];
    const scope = { window: everything, part: null };
    const requests: readonly SumsRequest[] = [
      { scope, division: { by: 'nothing' }, columns: all, of: 'columns' },
      { scope, division: { by: 'hash', key, bits: 3 }, columns: all, of: 'rows' },
      { scope: { ...scope, part: { by: 'hash', key, bits: 1, prefix: 1 } }, division: { by: 'nothing' }, columns: all, of: 'rows' },
      {
        scope: { ...scope, part: { by: 'value', column: named('id'), from: '3', below: '25' } },
        division: { by: 'value', column: at, bounds: ['1970-01-01T00:00:00.000000Z', '2020-03-29T01:30:00.000000Z'] },
        ...{ columns: all, of: 'columns' },
      },
    ];
    for (const request of requests) {
      expect(insideSumsOf(home)?.inside.supports(request.columns, request.division).unable).toEqual([]);
      const expected = summedTexts(texts, request);
      expect(await insideSumsOf(home)?.inside.sums(request, signal)).toEqual(expected);
      if (request.scope.part !== null) {
        const inPart = insideSumsOf(home)?.readPart(request.scope, signal);
        expect(inPart && summedTexts(await textRows(inPart, all), { ...request, scope })).toEqual(expected);
      }
      const { sql = '' } = (await insideSumsOf(home)?.inside.statement(request)) ?? {};
      statements.push({ sql, expected });
    }
  }
  for (const { sql, expected } of statements) {
    const found = await file.sql(`set timezone = 'Asia/Kathmandu'`, `set default_collation = 'nocase'`, sql);
    const sums = found.map((row) => ({ bucket: Number(row.bucket), rows: Number(row.rows), sum: row.sum }));
    const wanted = (expected as readonly { bucket: number; rows: number; sum: string }[]).map(({ bucket, rows, sum }) => ({
      bucket,
      rows,
      sum,
    }));
    expect(sums.toSorted((a, b) => a.bucket - b.bucket)).toEqual(wanted);
  }
});

test('an interval of DuckDB has no text', () => {
  const column = {
    name: 'i',
    type: { kind: 'duration', unit: 'us' },
    nullable: true,
    selectExpression: '"i"',
    wire: '',
    shownAsText: false,
  } as const;
  expect(rowSums.text({ column, specialValues: 'fail' })).toEqual({ unable: 'an interval is compared while it is read' });
});
