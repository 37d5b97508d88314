import { expect, test } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { columnsNamedIn } from '../../../src/frames/rules/condition.ts';
import { ruleProblem, saidWithoutValues } from '../../../src/frames/rules/fit.ts';
import { apartOnly, judged } from '../../../src/frames/rules/judge.ts';
import { addMeasures, noMeasures, ownOf } from '../../../src/frames/rules/measures.ts';
import type { Rule } from '../../../src/frames/rules/rule.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { duck } from '../../support/duck.ts';
import { frameOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';

const column = (name: string, type: Schema['columns'][number]['type']) => ({ name, type, nullable: true });
const schema: Schema = {
  columns: [
    column('row', { kind: 'int32' }),
    column('small', { kind: 'int32' }),
    column('count', { kind: 'uint32' }),
    column('Whole', { kind: 'int64' }),
    column('id', { kind: 'uint64' }),
    column('price', { kind: 'decimal', precision: 38, scale: 10 }),
    column('is_active', { kind: 'bool' }),
    column('seen_at', { kind: 'timestamp', unit: 'us' }),
    column('sent', { kind: 'timestamp', unit: 'ns' }),
    column('word', { kind: 'string' }),
  ],
};
const year2026 = 1_767_225_600_000_000n;
const rows: readonly (readonly Cell[])[] = [
  [0, 60_000, 5, 7n, 5n, 10_000_000_000n, true, year2026, year2026 * 1000n + 1n, 'a'],
  [
    1,
    -2_147_483_648,
    0,
    -5n,
    9_007_199_254_740_993n,
    12_345_678_901_234_567_890_123_456_781_234_567_891n,
    false,
    year2026,
    year2026 * 1000n,
    'is true',
  ],
  [
    2,
    2_147_483_647,
    4_294_967_295,
    9_223_372_036_854_775_807n,
    18_446_744_073_709_551_615n,
    null,
    null,
    year2026 + 1n,
    year2026 * 1000n,
    '1.12345678901234567',
  ],
  [3, null, null, null, null, -1n, null, null, null, null],
  [4, 1, 1, -9_223_372_036_854_775_807n, 0n, 5_000_000_000n, true, year2026 - 1n, year2026 * 1000n - 1n, ''],
];

/** Ours, and DuckDB's where it needs other words. */
const conditions: readonly (string | readonly [ours: string, duckdb: string])[] = [
  ['small * small <= 4000000000', 'small::hugeint * small <= 4000000000'],
  ['small * 70000 <= 1000000', 'small::hugeint * 70000 <= 1000000'],
  ['count - 10 >= 0', 'count::hugeint - 10 >= 0'],
  ['-small < 0', '-small::hugeint < 0'],
  ['abs(small) > 0', 'abs(small::hugeint) > 0'],
  ['Whole + 1 > Whole', 'Whole::hugeint + 1 > Whole'],
  ['Whole * Whole >= 0', 'Whole::hugeint * Whole >= 0'],
  ['id - 6 >= 0', 'id::hugeint - 6 >= 0'],
  ['id <= Whole', 'id::hugeint <= Whole::hugeint'],
  'id > 9007199254740992',
  'Whole BETWEEN -5 AND 7',
  'price <> 1234567890123456789012345678.1234567891',
  'price <= 1.0',
  "word <> '1.12345678901234567'",
  'is_active IS TRUE',
  'is_active IS FALSE',
  'is_active IS NOT TRUE',
  'NOT (is_active is not  false)',
  "word = 'is true' OR is_active",
  '(small > 0) IS TRUE -- price IS FALSE',
  'seen_at <= sent',
  'sent <= seen_at',
  'sent = seen_at',
  "seen_at >= TIMESTAMP '2026-01-01 00:00:00'",
];

test.each(conditions.map((one) => (typeof one === 'string' ? ([one, one] as const) : one)))(
  '%s is false for the same rows as in DuckDB',
  async (check, sql) => {
    const folder = await testFolder();
    const file = `${folder}/rows.parquet`;
    const frame = await frameOf(schema, rows);
    await writeParquet(file, [frame], { schema, scratch: testScratch(folder) });
    const rule: Rule = { name: 'r', column: null, what: 'holds', check, when: null, severity: 'quarantine' };
    expect(await ruleProblem(rule, schema)).toBeNull();
    const { kept, measures } = await judged(frame, { ...apartOnly, rules: [rule], run: 'run-1' });
    const passed = (await kept.collect()).getColumn('row').toArray();
    const [expected] = await duck(`SELECT list("row" ORDER BY "row") AS rows FROM '${file}' WHERE (${sql}\n) IS NOT FALSE`);
    expect(passed).toEqual((expected?.rows as { items?: number[] })?.items ?? expected?.rows);
    expect(measures.broken).toEqual({ r: rows.length - passed.length });
    expect(kept.schema).toEqual(schema);
  },
);

test('a time that nanoseconds have no room for is reported, and is not null', async () => {
  const far = [[0, 1, 1, 1n, 1n, 1n, true, 253_402_300_799_000_000n, 1n, 'a']] as const;
  const rule: Rule = { name: 'r', column: null, what: 'holds', check: 'seen_at <= sent', when: null };
  await expect(judged(await frameOf(schema, far), { ...apartOnly, rules: [rule] })).rejects.toThrow(
    /seen_at is compared with a time in nanoseconds/,
  );
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a rule and a column may be called %s', async (name) => {
  const odd: Schema = { columns: [column(name, { kind: 'float64' })] };
  const rule: Rule = { name, column: name, what: 'between', min: '0', max: null, severity: 'warn' };
  const judging = { ...apartOnly, rules: [rule], measured: [{ column: name, of: ['extremes', 'distinct'] as const }] };
  const first = await judged(await frameOf(odd, [[-1], [1]]), judging);
  const second = await judged(await frameOf(odd, [[-3], [null], [Number.NaN]]), judging);
  const sum = [first, second].reduce((all, { measures }) => addMeasures(all, JSON.parse(JSON.stringify(measures))), noMeasures);
  expect(ownOf(sum.broken, name)).toBe(3);
  expect(ownOf(sum.columns, name)).toMatchObject({ nulls: 1, nans: 1, min: '-3', max: '1' });
  expect(Object.keys(second.samples)).toEqual([name]);
  expect(ownOf(noMeasures.broken, name)).toBeUndefined();
});

test('a cast that fails is told without the values', async () => {
  const words: Schema = { columns: [column('ssn', { kind: 'string' })] };
  const rule: Rule = { name: 'r', column: null, what: 'holds', check: 'CAST(ssn AS INTEGER) > 0', when: null };
  const failed = await judged(await frameOf(words, [['secret-4711'], ['1']]), { ...apartOnly, rules: [rule] }).catch(
    (error: unknown) => error,
  );
  expect(saidWithoutValues(failed)).toMatch(/^conversion from `str` to `i\d+` failed in column 'ssn' for 1 out of 2 values$/);
  expect(saidWithoutValues(new Error('cannot parse "secret"'))).toBe('Polars can not compute it for some of them');
});

test('whole numbers of columns whose names are not English do not wrap either', async () => {
  const own: Schema = { columns: [column('größe', { kind: 'uint32' }), column('夜間', { kind: 'uint32' })] };
  const rule: Rule = { name: 'r', column: null, what: 'holds', check: 'größe - 夜間 >= 0', when: null, severity: 'warn' };
  const { measures } = await judged(
    await frameOf(own, [
      [5, 10],
      [10, 5],
    ]),
    { ...apartOnly, rules: [rule] },
  );
  expect(measures.broken).toEqual({ r: 1 });
});

test('a condition names columns in any case, in quotes and without', () => {
  expect(columnsNamedIn(`"b""c" > 1 AND upper(D) = 'a' -- e`, ['a', 'b"c', 'd', 'e'])).toEqual(['b"c', 'd']);
  expect(columnsNamedIn("`my col` > 1 AND a = '`e`' AND `d``x` IS TRUE", ['a', 'my col', 'd`x', 'd', 'e'])).toEqual(['a', 'my col', 'd`x']);
});
