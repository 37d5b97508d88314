import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import { edgeColumns, edgeTexts } from '../support/edge-values.ts';

async function through(type: DataType, cells: readonly Cell[]): Promise<readonly Cell[]> {
  const builder = await frameBuilder({ columns: [{ name: 'c', type, nullable: true }] });
  for (const cell of cells) builder.append([cell]);
  const rows = await overRows(await builder.take(), (given) => Array.from(given));
  expect(rows.every((row) => row.length === 1)).toBe(true);
  return rows.map(([cell]) => cell ?? null);
}

describe('rows that leave a frame are the rows that went in', () => {
  test.each(edgeColumns)('$name', async ({ type, values }) => {
    const cells = values.map(([cell]) => cell);
    expect(await through(type, cells)).toEqual(cells);
  });

  test('with nulls among more values than any buffer holds at first', async () => {
    const texts = fc.array(fc.option(fc.constantFrom(...edgeTexts), { nil: null }), { minLength: 20_000, maxLength: 30_000 });
    const longs = fc.array(fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { nil: null }), { minLength: 20_000, maxLength: 30_000 });
    const lists = fc.array(fc.option(fc.array(fc.boolean()), { nil: null }), { minLength: 5000, maxLength: 10_000 });
    for (const [type, cells] of [
      [{ kind: 'string' }, texts],
      [{ kind: 'int64' }, longs],
      [{ kind: 'list', item: { kind: 'bool' } }, lists],
    ] as const) {
      const [some] = fc.sample<readonly Cell[]>(cells, 1);
      expect(await through(type, some ?? [])).toEqual(some);
    }
  });

  test('of a frame that is still a plan over several', async () => {
    const builder = await frameBuilder({ columns: [{ name: 'c', type: { kind: 'int32' }, nullable: true }] });
    for (let n = 0; n < 10; n++) builder.append([n % 3 === 0 ? null : n]);
    const { ties, rest } = await (await builder.take()).split({ column: 'c', type: { kind: 'int32' }, text: '4' }, 'with rest');
    expect(await overRows(ties, (rows) => [...rows])).toEqual([[4]]);
    expect(await overRows(rest, (rows) => [...rows].flat())).toEqual([null, 1, 2, null, 5, null, 7, 8, null]);
  });

  test('takes no memory along: bytes stay what they are after the look', async () => {
    const type = { kind: 'binary' } as const;
    const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at % 256);
    const [cell] = await through(type, [bytes]);
    expect(cell).toEqual(bytes);
  });
});
