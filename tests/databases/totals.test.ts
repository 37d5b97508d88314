import pl from 'nodejs-polars';
import { expect, test } from 'vitest';
import { Totals } from '../../src/databases/totals.ts';

const columns = [
  { name: 'n', type: { kind: 'int64' }, nullable: true },
  { name: 't', type: { kind: 'string' }, nullable: true },
] as const;

test('totals of staged rows are their sums, and the least and the greatest value of all frames', async () => {
  const totals = new Totals(columns);
  for (const [n, t] of [
    ['[3,1,null]', '["abc","é",null]'],
    ['[7,-2]', '["",null]'],
  ] as const) {
    const values = (text: string) => JSON.parse(text) as readonly (number | string | null)[];
    await totals.add(
      pl.DataFrame([pl.Series('n', [...values(n)] as number[], pl.Int64), pl.Series('t', [...values(t)] as string[], pl.Utf8)]),
    );
  }
  expect(totals.of()).toEqual([{ sum: '9', min: '-2', max: '7' }, { sum: '5' }]);
});

test('rows without a value have sums, and neither edge', async () => {
  const totals = new Totals(columns);
  await totals.add(pl.DataFrame([pl.Series('n', [null, null], pl.Int64), pl.Series('t', [null, null], pl.Utf8)]));
  expect(totals.of()).toEqual([{ sum: '0' }, { sum: '0' }]);
});

test('a NaN in any of the frames leaves no edge', async () => {
  for (const frames of [
    ['1.5', 'NaN'],
    ['NaN', '1.5'],
    ['NaN', 'null'],
  ]) {
    const totals = new Totals([{ name: 'f', type: { kind: 'float64' }, nullable: true }]);
    for (const one of frames) await totals.add(pl.DataFrame([pl.Series('f', [one === 'null' ? null : Number(one)], pl.Float64)]));
    expect(totals.of()).toEqual([{}]);
  }
});

test('a NaN in the totals of one frame leaves no edge, whatever other frames hold', () => {
  const column = { name: 'f', type: { kind: 'float64' }, nullable: true } as const;
  const counted = (max: number) => ({ sum: 0n, days: 0n, min: 1.5, max });
  for (const frames of [
    [2.5, Number.NaN],
    [Number.NaN, 2.5],
  ]) {
    const totals = new Totals([column]);
    for (const max of frames) totals.addTotals([counted(max)]);
    expect(totals.of()).toEqual([{}]);
  }
});
