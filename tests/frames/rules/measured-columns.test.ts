import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { apartOnly, judged } from '../../../src/frames/rules/judge.ts';
import { addMeasures, distinctValues, type Measures, noMeasures } from '../../../src/frames/rules/measures.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { frameOf } from '../../support/parquet-files.ts';
import { SEED } from '../../support/samples.ts';

const types: Readonly<Record<string, DataType>> = {
  small: { kind: 'int8' },
  whole: { kind: 'int64' },
  large: { kind: 'uint64' },
  amount: { kind: 'decimal', precision: 18, scale: 4 },
  long: { kind: 'decimal', precision: 38, scale: 2 },
  share: { kind: 'float64' },
  word: { kind: 'string' },
};
const names = Object.keys(types);
const schema: Schema = { columns: names.map((name) => ({ name, type: types[name] as DataType, nullable: true })) };
const cells: Readonly<Record<string, fc.Arbitrary<Cell>>> = {
  small: fc.integer({ min: -128, max: 127 }),
  whole: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  large: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  amount: fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }),
  long: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
  share: fc.integer({ min: -4000, max: 4000 }).map((n) => n / 4),
  word: fc.constantFrom('a', 'b', 'æ', '', '😀'),
};
const rowOf = fc.tuple(...names.map((name) => fc.option(cells[name] as fc.Arbitrary<Cell>, { freq: 5 })));
const measured = names.map((column) => ({ column, of: ['extremes', 'sum', 'distinct'] as const }));
const measures = async (rows: readonly (readonly Cell[])[]): Promise<Measures> =>
  rows.length === 0 ? noMeasures : (await judged(await frameOf(schema, rows), { ...apartOnly, rules: [], measured })).measures;

describe('figures of columns', () => {
  test('are exact, and add up over frames in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 40 }), fc.nat(), async (rows, seed) => {
        const all = await measures(rows);
        for (const [i, name] of names.entries()) {
          const values = rows.map((row) => row[i] ?? null).filter((value) => value !== null);
          const column = all.columns[name];
          expect([name, column?.nulls]).toEqual([name, rows.length - values.length]);
          expect([name, distinctValues(column?.smallest ?? [])]).toEqual([name, { n: new Set(values).size, exact: true }]);
          if (name === 'word') expect(column?.sum).toBe(undefined);
          else if (name === 'share') expect(Number(column?.sum)).toBe(values.reduce<number>((sum, value) => sum + Number(value), 0));
          else
            expect([name, column?.sum]).toEqual([name, String(values.reduce<bigint>((sum, value) => sum + BigInt(value as number), 0n))]);
        }
        const [one, two] = [seed % rows.length, (seed * 7) % rows.length].sort((a, b) => a - b) as [number, number];
        const [a, b, c] = (await Promise.all([rows.slice(0, one), rows.slice(one, two), rows.slice(two)].map(measures))) as [
          Measures,
          Measures,
          Measures,
        ];
        expect(addMeasures(addMeasures(a, b), c)).toEqual(all);
        expect(addMeasures(c, addMeasures(b, a))).toEqual(all);
      }),
      { seed: SEED, numRuns: 5 },
    );
  });

  test('of distinct values are within a tenth where there are many', async () => {
    const narrow: Schema = { columns: [{ name: 'n', type: { kind: 'int64' }, nullable: false }] };
    const parts = await Promise.all(
      [0, 1, 2].map(async (part) => {
        const rows = Array.from({ length: 20_000 }, (_, i) => [BigInt(i + part * 10_000)]);
        return (await judged(await frameOf(narrow, rows), { ...apartOnly, rules: [], measured: [{ column: 'n', of: ['distinct'] }] }))
          .measures;
      }),
    );
    const { columns } = parts.reduce(addMeasures);
    const { n, exact } = distinctValues(columns.n?.smallest ?? []);
    expect(exact).toBe(false);
    expect(Math.abs(n - 40_000)).toBeLessThan(4000);
  });
});
